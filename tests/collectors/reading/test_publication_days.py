"""Days of publication on pages that no profile prepares, beside what htmldate alone says of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import htmldate
import pytest

from collectors.platforms.generic import PLATFORM
from collectors.platforms.interface import PageContext
from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import NewsItem
from minhchung.sites import SiteProfile
from minhchung.sources import CrawlTerms
from tests.collectors.reading.days_of_pages import PAGES, TITLE, Laid

TERMS = CrawlTerms(
    news=("=tin tức",), legal_document=("=văn bản",), directive=(), question=(), schedule_entry=()
)
AGENCY = Agency(code=AgencyCode("a"), name="Sở Thử Nghiệm", bloc="b", portal="https://muong-thu.example/")
SEEN = datetime(2021, 11, 12, 3, 20, tzinfo=UTC)


def read(page: Laid) -> date | None:
    """The day that the generic reader finds."""
    record = EvidenceRecord(
        id=RecordId("urn:uuid:1"), agency=AGENCY.code, source=PORTAL, run=RunId("r"), url=page.url,
        captured_at=SEEN, kind="response",
    )  # fmt: skip
    context = PageContext(
        agency=AGENCY, profile=SiteProfile(key="thu", dates=(page.order,)), terms=TERMS, role="item",
        kind="news", list_key="https://muong-thu.example/tin-tuc", text=TITLE,
    )  # fmt: skip
    seen = PLATFORM.read(record, page.html.encode(), context)
    return next(each.published for each in seen if isinstance(each, NewsItem))


def guess(page: Laid) -> date | None:
    """The day that htmldate finds, asked for the original day and told when the page was captured."""
    found = htmldate.find_date(
        page.html, url=page.url, original_date=True, max_date=SEEN.date().isoformat(), extensive_search=True
    )
    return date.fromisoformat(found) if found else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_day_of_publication_is_read_or_said_to_be_absent(page: Laid) -> None:
    """Never the page's clock, never a day of the story, of related items, of the licence in the footer."""
    assert read(page) == page.day


def test_no_page_is_read_worse_than_by_htmldate_and_many_are_read_better() -> None:
    """The corpus has at least 40 layouts; where htmldate is right, so are we."""
    ours = {page.name for page in PAGES if read(page) == page.day}
    theirs = {page.name for page in PAGES if guess(page) == page.day}
    assert len(PAGES) >= 40
    assert theirs <= ours
    assert len(ours) > len(theirs)
