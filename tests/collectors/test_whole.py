"""Keeping a portal whole: every page that links lead to, sealed, glanced at, and nothing judged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from collectors.reading.glance import glance
from minhchung.evidence import WHOLE, Failure
from minhchung.holdings import VisitReport
from minhchung.observations import PageGlance, SitePage
from tests.collectors.memory import Memory
from tests.collectors.tiny import Tiny, conditional, visit
from tests.collectors.worlds import Reply, World, redirect

FIRST = "20211104T020000Z-1"
SECOND = "20211104T080000Z-1"


def page(title: str, *hrefs: str, head: str = "") -> str:
    """Return a page with these links."""
    links = "".join(f'<a href="{href}">{href}</a>' for href in hrefs)
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{links}</body></html>"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal five links deep, with a file, a feed, an image and a way out."""
    deep = {f"/sau/{n}": Reply(page(f"Sâu {n}", f"/sau/{n + 1}")) for n in range(1, 5)}
    async with World() as served:
        served.pages |= deep | {
            "/": Reply(page("Trang chủ", "/tin", "bai/1#cuoi", "/tep.pdf", "/rss.xml", "/anh.jpg")),
            "/tin": Reply(page("Tin", "/bai/1", "/sau/1", "mailto:a@b.vn", "https://noi-khac.example/")),
            "/bai/1": Reply(page("Bài 1", "2", head='<meta charset="utf-8">')),
            "/bai/2": Reply(page("Bài 2", "/", "/cu")),
            "/sau/5": Reply(page("Sâu 5")),
            "/cu": redirect("/moi"),
            "/moi": Reply(page("Mới")),
            "/tep.pdf": Reply(b"%PDF-1.4 x", type="application/pdf"),
            "/rss.xml": Reply("<?xml version='1.0'?><rss/>", type="application/xml"),
        }
        yield served


async def keep(world: World, memory: Memory, *, run: str = FIRST, most: int = 3000) -> VisitReport:
    """Keep the portal whole."""
    return await visit(world, memory, Tiny(max_pages=most), scope="whole", run=run)


async def test_every_page_that_links_lead_to_is_kept_once(world: World) -> None:
    """A walk of the method ends at depth 3; a portal that is about to go is kept to its last page."""
    memory = Memory()

    report = await keep(world, memory)

    wanted = {"/", "/tin", "/bai/1", "/bai/2", "/cu", "/moi", "/tep.pdf", "/rss.xml", "/robots.txt"}
    wanted |= {f"/sau/{n}" for n in range(1, 6)}
    assert sorted(request.target for request in world.requests) == sorted(wanted)
    assert (report.state, report.scope, report.source, report.cut) == ("ok", "whole", WHOLE, False)
    assert report.attempts == report.fetched == len(wanted)


async def test_of_a_page_only_a_glance_is_kept(world: World) -> None:
    """What it says is read when somebody needs it: the bytes are sealed."""
    memory = Memory()
    day = '<meta property="article:published_time" content="2021-03-04T20:00:00Z">'
    world.pages["/tin"] = Reply(page(" Tin  tức ", "/bai/1", "/bai/1", head=day))

    await keep(world, memory)

    assert memory.of(SitePage) == []
    seen = {each.url.removeprefix(world.url("")): each for each in memory.of(PageGlance)}
    assert set(seen) >= {"/", "/tin", "/bai/1", "/moi"}
    assert "/tep.pdf" not in seen
    assert (seen["/tin"].title, seen["/tin"].published, seen["/tin"].links) == (
        "Tin tức",
        date(2021, 3, 5),  # the evening in London is the next day in Ha Noi
        2,
    )


async def test_a_second_visit_asks_for_everything_and_reads_nothing_that_has_not_changed(
    world: World,
) -> None:
    """RFC 9110: a 304 says that the page is the one we hold; its links were followed then."""
    memory = Memory()
    world.pages["/"] = conditional(page("Trang chủ", "/tin"), '"1"')
    world.pages["/tin"] = conditional(page("Tin", "/bai/1"), 'W/"2"')
    world.pages["/bai/1"] = Reply(page("Bài 1"))
    await keep(world, memory)
    world.requests.clear()
    read = len(memory.of(PageGlance))
    world.pages["/bai/1"] = Reply(page("Bài 1 sửa", "/bai/9"))
    world.pages["/bai/9"] = Reply(page("Bài 9"))

    report = await keep(world, memory, run=SECOND)

    assert [len(world.asked(path)) for path in ("/", "/tin", "/bai/1", "/bai/9")] == [1, 1, 1, 1]
    assert (report.not_modified, report.failed) == (2, 0)
    assert [each.title for each in memory.of(PageGlance)[read:]] == ["Bài 1 sửa", "Bài 9"]


async def test_a_visit_that_was_cut_is_taken_up_behind_unchanged_pages(world: World) -> None:
    """Budgets end a visit in the middle of the portal; the next one must not think that it saw all."""
    memory = Memory()
    for path, html in (("/", page("Trang chủ", "/tin", "/bai/1")), ("/tin", page("Tin", "/sau/1"))):
        world.pages[path] = conditional(html, f'"{path}"')
    first = await keep(world, memory, most=4)  # robots.txt, home, /tin, /bai/1
    world.requests.clear()

    second = await keep(world, memory, run=SECOND)

    assert first.cut
    assert "còn" in first.detail
    assert world.asked("/sau/5")
    assert second.not_modified == 2
    assert not second.cut


async def test_a_calendar_is_left_when_its_pages_say_nothing_new() -> None:
    """Calendars lead on for ever; articles of one address pattern bear titles of their own."""
    memory = Memory()
    async with World() as world:
        days = {f"/lich/{n}": Reply(page("Lịch", f"/lich/{n + 1}")) for n in range(200)}
        news = {f"/bai/{n}": Reply(page(f"Bài {n}", f"/bai/{n + 1}")) for n in range(99)}
        world.pages |= days | news | {"/": Reply(page("Trang chủ", "/lich/0", "/bai/0"))}

        report = await keep(world, memory)

        assert len(world.asked("/bai/98")) == 1
        assert sum(request.path.startswith("/lich/") for request in world.requests) == 61
        assert "bỏ qua 1 địa chỉ cùng một mẫu" in report.detail


async def test_what_robots_forbids_is_refused_and_sealed_here_too(world: World) -> None:
    """RFC 9309 makes no difference between reading and keeping."""
    memory = Memory()
    world.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /bai/", type="text/plain")

    report = await keep(world, memory)

    assert not world.asked("/bai/1")
    assert report.failures == ((world.url("/bai/1"), Failure.ROBOTS),)


async def test_a_portal_that_does_not_answer_is_told_apart(world: World) -> None:
    """The account of the visit says why there is nothing."""
    memory = Memory()
    world.pages["/"] = Reply("lỗi", 500)

    report = await keep(world, memory)

    assert (report.state, report.failed) == ("unreachable", 2)
    assert len(world.requests) == 3  # robots.txt, and the home page twice


def test_what_is_no_markup_has_no_glance() -> None:
    """A text file is kept and leads nowhere."""
    assert glance(b"plain", "text/plain", "http://a.vn/") is None
