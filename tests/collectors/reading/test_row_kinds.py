"""Lists that hold everything: a document among news is a document, news about a document is news."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collectors.platforms.generic import PLATFORM
from collectors.platforms.interface import Link, PageContext
from collectors.reading.row_kinds import is_document
from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import LegalDocument, NewsItem
from minhchung.sites import ListProfile, SiteProfile
from minhchung.sources import CrawlTerms

HOME = "https://muong-thu.example/"
AGENCY = Agency(code=AgencyCode("a"), name="Sở Thử Nghiệm", bloc="b", portal=HOME)
TERMS = CrawlTerms(
    news=("=tin tức",), legal_document=("=văn bản",), directive=(), question=(), schedule_entry=()
)


@pytest.mark.parametrize(
    ("title", "number", "is_one"),
    [
        ("Quyết định số 12/QĐ-UBND về việc phê duyệt đề án", "", True),
        ("Công văn 123/SXD-VP v/v mời họp", "", True),
        ("Số: 45/TB-SXD Thông báo nghỉ lễ", "", True),
        ("Nghị quyết số 04-NQ/TU của Tỉnh ủy", "", True),
        ("Về việc mời họp giao ban", "123/SXD-VP", True),
        ("Kế hoạch tập huấn chữ ký số", "", False),
        ("Triển khai Quyết định số 12/QĐ-UBND tại huyện", "", False),
        ("Quyết định số 12/QĐ-UBND được triển khai tại huyện", "", False),
        ("Hội nghị quán triệt Nghị quyết 04-NQ/TU", "", False),
        ("Thời tiết ngày 12/10", "", False),
    ],
)
def test_a_title_tells_a_document_by_its_number_at_the_beginning(
    title: str, number: str, is_one: bool
) -> None:
    """Decree 30/2020/NĐ-CP, annex I: type, number and symbol are what a document is called by."""
    assert is_document(title, number) is is_one


def read(profile: SiteProfile) -> list[object]:
    """Return what is read of a list of two stories and one document."""
    titles = ("Ra quân làm thủy lợi", "Quyết định số 12/QĐ-SX về việc khen thưởng", "Kỷ niệm ngày thành lập")
    rows = "".join(
        f"<li><a href='/bai/{n}.html'>{title}</a> <span>{n:02}/10/2021</span></li>"
        for n, title in enumerate(titles, start=1)
    )
    record = EvidenceRecord(
        id=RecordId("urn:uuid:1"), agency=AGENCY.code, source=PORTAL, run=RunId("r"), url=f"{HOME}tin-tuc",
        captured_at=datetime(2021, 11, 12, 3, tzinfo=UTC), kind="response", content_type="text/html",
    )  # fmt: skip
    context = PageContext(agency=AGENCY, profile=profile, terms=TERMS, role="list", text="Tin tức")
    html = f"<html><title>Tin tức</title><body><h1>Tin tức</h1><ul>{rows}</ul></body></html>"
    return list(PLATFORM.read(record, html.encode(), context))


def test_a_document_among_news_is_a_document() -> None:
    """Portals of small offices post everything in one list; its item's page is read as a document's."""
    found = read(SiteProfile(key="thu"))

    (document,) = [each for each in found if isinstance(each, LegalDocument)]
    assert (document.number, document.list_heading) == ("12/QĐ-SX", "Tin tức")
    assert [each.title for each in found if isinstance(each, NewsItem)] == [
        "Ra quân làm thủy lợi",
        "Kỷ niệm ngày thành lập",
    ]
    kinds = {each.identity: each.kind for each in found if isinstance(each, Link) and each.role == "item"}
    assert kinds[document.identity] == "legal_document"


def test_a_kind_that_a_profile_declares_stands() -> None:
    """Who wrote the profile has seen the list."""
    found = read(SiteProfile(key="thu", list=(ListProfile(key="tin", url="/tin-tuc", kind="news"),)))

    assert len([each for each in found if isinstance(each, NewsItem)]) == 3
