"""Monitors: a visit that saw half a portal is put before a person, and says why; a quiet portal is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from collectors.monitors import baseline, judged, told
from minhchung.evidence import PORTAL, AgencyCode, Locator, RecordId, RunId
from minhchung.holdings import VisitReport
from minhchung.measurements import Reason
from minhchung.observations import LegalDocument, ListCapture, NewsItem
from minhchung.sources import Monitors, Settled
from tests.collectors.memory import Memory
from tests.collectors.tiny import TERMS, Tiny, listing, paged, row, visit
from tests.collectors.worlds import Reply, World

AGENCY, RUN, RECORD = AgencyCode("so-mo-phong"), RunId("r"), RecordId("urn:uuid:1")
BEGAN = datetime(2021, 11, 4, 2, tzinfo=UTC)
TIGHT = Monitors(min_items=10, min_attempts=10)


def account(**said: Any) -> VisitReport:
    """Return the account of a visit that went well."""
    sound = VisitReport(
        agency=AGENCY,
        run=RUN,
        source=PORTAL,
        scope="lists",
        began_at=BEGAN,
        ended_at=BEGAN,
        attempts=100,
        fetched=100,
        not_modified=0,
        refused=0,
        failed=0,
        items=50,
        dated=50,
        newest=date(2021, 11, 1),
        fields=(("title", 50, 50), ("number", 18, 20), ("issuer", 15, 20)),
    )
    return replace(sound, **said)


def capture(shown: int) -> ListCapture:
    """Return a list that showed so many items."""
    return ListCapture(
        agency=AGENCY,
        run=RUN,
        seen=Locator(record=RECORD),
        list_url="http://a.vn/tin",
        heading="Tin",
        item_kind="news",
        captured_at=BEGAN,
        pages=(RECORD,),
        identities=tuple(str(n) for n in range(shown)),
        ended="known-run",
    )


@pytest.mark.parametrize(
    ("now", "shown", "why"),
    [
        ({"failed": 50, "fetched": 50, "gone": 5}, 40, "45 trong 100 yêu cầu không thành"),
        ({}, 5, "các danh sách hiện 5 dòng đầu, lần trước 20"),
        ({"dated": 20, "undated": 30}, 40, "40 % số mục có ngày, lần trước 100 %"),
        ({"fields": (("title", 10, 50),)}, 40, "20 % số mục có tên, lần trước 100 %"),
        ({"fields": (("number", 5, 20),)}, 40, "25 % số mục có số, ký hiệu, lần trước 90 %"),
        ({"fields": (("issuer", 0, 20),)}, 40, "0 % số mục có cơ quan ban hành, lần trước 75 %"),
        ({"newest": date(2021, 8, 1)}, 40, "ngày mới nhất hiện ra là 2021-08-01, lần trước 2021-11-01"),
        ({"newest": None}, 40, "ngày mới nhất hiện ra là không ngày nào"),
    ],
)
def test_each_monitor_says_what_it_saw(now: dict[str, Any], shown: int, why: str) -> None:
    """Rows, fields, failures and the newest day are what a changed portal loses first."""
    report = judged(account(**now), account(), [capture(shown)], [capture(200)], TIGHT)

    assert report.state == "needs-person"
    assert why in report.detail
    assert report.reason is Reason.NEEDS_PERSON


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ({}, 20),  # a later visit reads a list only until it meets what is known
        ({"failed": 60, "fetched": 40, "gone": 55}, 40),  # dead links are the portal's own
        ({"newest": date(2021, 10, 20)}, 40),  # the newest item was withdrawn
        ({"dated": 40, "undated": 10}, 40),
        ({"attempts": 4, "failed": 4, "fetched": 0}, 40),
        ({"fields": (("title", 50, 50), ("number", 11, 20), ("issuer", 8, 20))}, 40),
        ({"fields": (("number", 0, 9),)}, 40),  # too few to tell by
    ],
)
def test_what_an_honest_portal_does_is_no_breach(now: dict[str, Any], shown: int) -> None:
    """Each of these is an ordinary day of a portal that is seen whole."""
    assert judged(account(**now), account(), [capture(shown)], [capture(200)], TIGHT).state == "ok"


def test_a_first_visit_has_nothing_to_be_held_against() -> None:
    """Only failures tell by themselves."""
    assert judged(account(items=3, dated=0, newest=None), None, [], [], TIGHT).state == "ok"


def test_the_measure_is_the_last_visit_that_was_seen_whole() -> None:
    """Half a portal twice is not a whole one: the baseline does not sink with what is doubted."""
    whole, half = account(run=RunId("1")), account(run=RunId("2"), state="needs-person")
    sick, cut = account(run=RunId("3"), canaries=False), account(run=RunId("4"), cut=True)
    other = account(run=RunId("5"), scope="host")

    assert baseline(account(), [whole, half, sick, cut, other], TIGHT) == whole


def test_a_person_settles_what_the_portal_shows_now() -> None:
    """Whoever has looked writes it into crawl.toml; that file is sealed with every run."""
    whole = account()
    settled = replace(TIGHT, settled=(Settled(agency=AGENCY, day=date(2021, 11, 4)),))

    assert baseline(account(), [whole], settled) is None
    later = account(began_at=BEGAN + timedelta(days=1))
    assert baseline(account(), [whole, later], settled) == later


def test_the_day_of_a_document_without_a_printed_day_is_its_day_of_issue() -> None:
    """Lists of documents print the day of issue alone."""
    paper = LegalDocument(
        agency=AGENCY, run=RUN, seen=Locator(record=RECORD), identity="1", part="row", url="", title="a"
    )
    days = [date(2031, 3, 1), date(2021, 12, 31), date(2021, 3, 2), date(2021, 3, 1)]
    report = told(account(), [paper, *(replace(paper, issued=day) for day in days)])

    assert (report.dated, report.undated) == (4, 1)
    assert report.newest == date(2021, 3, 2)  # two may be slips


def test_fields_are_counted_of_the_items_that_could_bear_them() -> None:
    """News have no number; a list that lost its number column is told by its documents alone."""
    paper = LegalDocument(
        agency=AGENCY, run=RUN, seen=Locator(record=RECORD), identity="1", part="row", url="", title="a"
    )
    story = NewsItem(
        agency=AGENCY, run=RUN, seen=Locator(record=RECORD), identity="2", part="row", url="", title=""
    )

    report = told(account(), [paper, replace(paper, number="1/QĐ-A"), story])

    assert report.fields == (("title", 2, 3), ("number", 1, 2), ("issuer", 0, 2))


async def test_a_list_that_lost_its_rows_is_sealed_as_doubtful_until_they_are_back() -> None:
    """The whole way: crawl, account, next crawl; the day a theme changed, half the rows were not read."""
    memory = Memory()
    terms = replace(TERMS, monitors=TIGHT)
    whole = [[row(f"{n}") for n in range(30)]]
    home = Reply(listing([], ("list", "/tin", "Tin tức"), title="Trang chủ"))
    async with World(pages={"/": home, **paged("/tin", whole)}) as world:
        platform = Tiny()
        first = await visit(world, memory, platform, terms=terms)
        world.pages |= paged("/tin", [[row(f"{n}") for n in range(6)]])
        second = await visit(world, memory, platform, terms=terms, run="20211105T020000Z-1")
        third = await visit(world, memory, platform, terms=terms, run="20211106T020000Z-1")
        world.pages |= paged("/tin", whole)
        fourth = await visit(world, memory, platform, terms=terms, run="20211107T020000Z-1")

    assert [each.state for each in (first, second, third, fourth)] == [
        "ok",
        "needs-person",
        "needs-person",
        "ok",
    ]
    assert "lần trước 20" in second.detail
    assert [each.state for each in memory.reports] == ["ok", "needs-person", "needs-person", "ok"]
