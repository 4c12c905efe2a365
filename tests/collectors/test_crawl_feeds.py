"""Feeds of a home page: items that no list shows, and nothing where a list shows news."""

from __future__ import annotations

from collectors.platforms.generic import PLATFORM as GENERIC
from minhchung.evidence import Failure
from minhchung.observations import FeedRead, NewsItem
from tests.collectors.memory import Memory
from tests.collectors.portals import SECOND
from tests.collectors.tiny import listing, page, row, visit
from tests.collectors.worlds import Reply, World

NAMED = '<title>Sở Mô phỏng</title><link rel="alternate" type="application/rss+xml" href="/feed/">'
ELSEWHERE = "http://khac.example/bai/9"


def feed(*urls: str) -> Reply:
    """Return an RSS feed."""
    items = "".join(f"<item><title>Bài</title><link>{url}</link></item>" for url in urls)
    return Reply(f'<rss version="2.0"><channel><title>Tin</title>{items}</channel></rss>', type="text/xml")


def portal(*links: tuple[str, str, str]) -> World:
    """Return a portal whose home page names a feed."""
    home = page("Sở Mô phỏng", ("feed", "/feed/", "RSS"), *links)
    return World({"/": Reply(home), "/bai/1": Reply(page("Bài 1")), "/bai/2": Reply(page("Bài 2"))})


async def test_the_items_of_a_home_pages_feed_are_read_where_no_list_shows_news() -> None:
    """A blog without a menu tells its posts by its feed alone; what lies elsewhere is not its own."""
    memory = Memory()
    async with portal() as world:
        world.pages["/"] = Reply(f"<html><head>{NAMED}</head><body><h1>Sở Mô phỏng</h1></body></html>")
        world.pages["/feed/"] = feed(world.url("/bai/1"), world.url("/bai/2"), ELSEWHERE)
        report = await visit(world, memory, GENERIC)
        again = await visit(world, memory, GENERIC, run=SECOND)

    assert [(item.part, item.url) for item in memory.of(NewsItem)] == [
        ("page", world.url("/bai/1")),
        ("page", world.url("/bai/2")),
    ]
    assert len(memory.of(FeedRead)) == 2
    assert (report.state, report.items, again.items) == ("ok", 2, 0)


async def test_a_feed_beside_a_list_of_news_is_a_hint_alone() -> None:
    """Lists say what was published; their feed repeats the newest of it."""
    memory = Memory()
    async with portal(("list", "/tin", "Tin tức")) as world:
        world.pages |= {"/tin": Reply(listing([row("1")])), "/feed/": feed(world.url("/bai/2"))}
        report = await visit(world, memory, scope="lists")
        asked = [request.path for request in world.requests]

    assert report.items == 1
    assert not {"/feed/", "/bai/2"} & set(asked)


async def test_the_technical_part_of_a_failure_stands_apart() -> None:
    """A report is in one language; what the network said stands in parentheses."""
    memory = Memory()
    async with World() as world:
        world.pages["/"] = Reply("lỗi", 500)
        report = await visit(world, memory)

    assert report.state == "unreachable"
    assert report.detail.startswith(f"không đọc được trang chủ ({Failure.HTTP_5XX}")
