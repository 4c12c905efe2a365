"""Feeds of a home page: items that no list shows, and nothing where a list shows news."""

from __future__ import annotations

import gzip

from collectors.platforms.generic import PLATFORM as GENERIC
from minhchung.evidence import Failure
from minhchung.observations import FeedRead, LegalDocument, NewsItem
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


async def test_a_feed_that_a_page_links_to_is_read_as_a_feed() -> None:
    """The link under the orange sign is no page of the walk; what the feed says of days is kept."""
    memory = Memory()
    async with portal() as world:
        world.pages["/"] = Reply(
            f"<html><head>{NAMED}</head><body><h1>Sở Mô phỏng</h1><a href='/tin'>Tin tức</a>"
            "<a href='/feed/'>RSS</a></body></html>"
        )
        world.pages["/tin"] = Reply(
            "<h1>Tin tức</h1><ul><li><a href='/bai/1'>Bài thứ nhất</a> 2 năm trước</li></ul>"
        )
        world.pages["/feed/"] = feed(world.url("/bai/1"))
        await visit(world, memory, GENERIC, scope="host")

    assert [each.url for each in memory.of(FeedRead)] == [world.url("/feed/")]
    assert not any(page.url.endswith("/feed/") for walk in memory.walks for page in walk.pages)


def site_map(*urls: str, index: bool = False) -> bytes:
    """Return a sitemap, packed; or an index of further ones."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    told = "".join(f"<{inner}><loc>{url}</loc></{inner}>" for url in urls)
    return gzip.compress(
        f'<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{told}</{outer}>'.encode()
    )


PACKED = "application/gzip"
BARE = Reply("<html><head><title>Sở Mô phỏng</title></head><body><h1>Sở Mô phỏng</h1></body></html>")


def story(title: str, day: str) -> Reply:
    """Return the page of an item."""
    return Reply(f"<h1>{title}</h1><p>{day}</p><p>Sáng nay mọi người cùng ra quân, ai cũng vui.</p>")


async def test_where_no_link_leads_to_a_list_the_addresses_of_a_sitemap_do() -> None:
    """By index and gzip: an address that ends in a section's name is that section's list."""
    memory = Memory()
    async with World({"/": BARE}) as world:
        rows = "".join(
            f"<li><a href='/tin-tuc/bai-{n}'>Bà con ra quân {n}</a> 0{n}/10/2021</li>" for n in (1, 2, 3)
        )
        world.pages |= {
            "/robots.txt": Reply(f"User-agent: *\nSitemap: {world.url('/map.xml')}\n", type="text/plain"),
            "/map.xml": Reply(site_map(world.url("/a.xml.gz"), index=True), type="application/gzip"),
            "/a.xml.gz": Reply(
                site_map(world.url("/tin-tuc/"), world.url("/lien-he")), type="application/gzip"
            ),
            "/tin-tuc/": Reply(f"<h1>Tin tức</h1><ul>{rows}</ul>"),
            **{f"/tin-tuc/bai-{n}": story(f"Ra quân {n}", f"0{n}/10/2021") for n in (1, 2, 3)},
        }
        report = await visit(world, memory, GENERIC)

    assert (report.state, report.items) == ("ok", 3)
    assert [capture.item_kind for capture in memory.captures] == ["news"]


async def test_where_no_list_shows_anything_items_are_told_by_the_section_in_their_address() -> None:
    """Generated portals without lists: what lies below a section's name is of it; other pages are not."""
    memory = Memory()
    async with World({"/": BARE}) as world:
        paths = ("/tin-tuc/le-hoi.html", "/van-ban-phap-luat/ke-hoach-7", "/gioi-thieu/lich-su")
        world.pages |= {
            "/sitemap.xml": Reply(site_map(*map(world.url, paths)), type="application/gzip"),
            paths[0]: story("Lễ hội mùa gặt ở bản", "05/10/2021"),
            paths[1]: story("Kế hoạch làm đường bản", "06/10/2021"),
        }
        await visit(world, memory, GENERIC)

    assert [item.title for item in memory.of(NewsItem)] == ["Lễ hội mùa gặt ở bản"]
    assert [item.title for item in memory.of(LegalDocument)] == ["Kế hoạch làm đường bản"]
