"""Feeds, sitemaps and search probes (HD.8 of the method)."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable
from datetime import date
from hashlib import sha256

import pytest

from minhchung.observations import (
    FeedRead,
    SearchProbe,
    SitemapRead,
)
from tests.collectors.memory import Memory
from tests.collectors.portals import with_levels
from tests.collectors.tiny import listing, page, row, visit
from tests.collectors.worlds import Reply, World

SEED = "2021/so-mo-phong/support_functions"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal to visit."""
    async with with_levels() as served:
        yield served


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Tin</title>
<item><title>Một</title><link>/bai/b1</link><pubDate>Sun, 31 Oct 2021 20:00:00 GMT</pubDate></item>
<item><title>Hai</title><link>http://khac.example/2</link></item></channel></rss>"""


def urlset(*urls: str) -> str:
    """Return a sitemap."""
    locs = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</urlset>'


async def test_feeds_are_read_with_local_days(world: World, memory: Memory) -> None:
    """HD.8: an entry of 31/10 20:00 UTC is of 1/11 here."""
    world.pages["/"] = Reply(page("Trang chủ", ("feed", "/rss/tin.xml", "RSS"), ("feed", "/rss", "RSS")))
    world.pages["/rss/tin.xml"] = Reply(RSS, type="application/rss+xml")
    world.pages["/rss"] = Reply(page("Một trang tên là rss"))

    await visit(world, memory, scope="host")

    reads = {feed.url: feed for feed in memory.of(FeedRead)}
    assert reads[world.url("/rss/tin.xml")].entries == (
        (world.url("/bai/b1"), date(2021, 11, 1)),
        ("http://khac.example/2", None),
    )
    assert reads[world.url("/rss")].fault == "no feed"


async def test_a_sitemap_index_is_followed_one_level_and_gzip_is_unpacked(
    world: World, memory: Memory
) -> None:
    """HD.8: sitemap.xml, an index and packed files included."""
    index = f"<sitemapindex><sitemap><loc>{world.url('/s1.xml.gz')}</loc></sitemap></sitemapindex>"
    world.pages["/sitemap.xml"] = Reply(index, type="application/xml")
    world.pages["/s1.xml.gz"] = Reply(
        gzip.compress(urlset(world.url("/gioi-thieu"), "/co-cau").encode()), type="application/gzip"
    )

    await visit(world, memory, scope="host")

    reads = {read.url: read.addresses for read in memory.of(SitemapRead)}
    assert reads == {
        world.url("/sitemap.xml"): (world.url("/s1.xml.gz"),),
        world.url("/s1.xml.gz"): (world.url("/gioi-thieu"), world.url("/co-cau")),
    }


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (LAUGHS, "document type"),
        ("<urlset><url><loc>http://a.example/", "malformed"),
        ("<html>không có</html>", "no sitemap"),
        (gzip.compress(bytes(90_000_000)), "unpacks to more"),
    ],
)
async def test_a_sitemap_that_is_none_says_why(
    world: World, memory: Memory, body: str | bytes, fault: str
) -> None:
    """Entity bombs are refused before any entity is expanded."""
    world.pages["/sitemap.xml"] = Reply(body, type="application/xml")

    await visit(world, memory, scope="host", max_decoded_bytes=5_000_000)

    (read,) = memory.of(SitemapRead)
    assert fault in read.fault


async def test_a_portal_without_sitemap_has_that_on_record(world: World, memory: Memory) -> None:
    """What is not there must be shown to have been asked for."""
    await visit(world, memory, scope="host")

    (read,) = memory.of(SitemapRead)
    assert read.fault == "http-4xx"
    assert memory.records[read.seen.record].status == 404


FORM = '<form action="/tim-kiem" method="get">'
TITLES = [
    "Hội nghị tổng kết công tác năm",
    "Khai trương trung tâm hành chính công",
    "Tập huấn kỹ năng số cơ bản",
    "Hội nghị giao ban quý hai",
]


def searching(world: World, answer: Callable[[str], str]) -> None:
    """Give the portal a search form, four items, and a search that answers so."""
    rows = [row(f"b{n}", "2021-06-01", title=title) for n, title in enumerate(TITLES, start=1)]
    world.pages["/"] = Reply(page("Trang chủ", ("list", "/tin", "Tin tức"), FORM))
    world.pages["/tin"] = Reply(listing(rows))
    world.pages["/tim-kiem"] = lambda request: Reply(answer(request.target))


async def test_three_seeded_items_and_nonsense_are_searched_for(world: World, memory: Memory) -> None:
    """HD.8: the rarest four title words, in the order of the title; then a word no page holds."""
    searching(world, lambda target: page("Kết quả", ("x", "/bai/b1", "một"), text=f"Kết quả {target[-9:]}"))

    await visit(world, memory, scope="host")

    probes = memory.of(SearchProbe)
    order = sorted(("b1", "b2", "b3", "b4"), key=lambda i: sha256(f"{SEED}/{i}".encode()).digest())
    assert [probe.wanted for probe in probes] == [*order[:3], ""]
    assert [probe.nonsense for probe in probes] == [False, False, False, True]
    assert probes[-1].query == "zq" + sha256(SEED.encode()).hexdigest()[:10]
    assert {probe.state for probe in probes} == {"answered"}
    assert probes[0].found == (world.url("/bai/b1"),)
    for probe in probes[:3]:
        words = TITLES[int(probe.wanted[1]) - 1].split()
        assert len(probe.query.split()) == 4
        assert [word for word in words if word in probe.query.split()] == probe.query.split()
        assert "Hội" not in probe.query.split() or "nghị" not in probe.query.split()


async def test_a_search_that_robots_forbid_is_open(world: World, memory: Memory) -> None:
    """HD.8: search open, and a finding."""
    searching(world, lambda target: page("x"))
    world.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /tim-kiem", type="text/plain")

    await visit(world, memory, scope="host")

    assert {probe.state for probe in memory.of(SearchProbe)} == {"robots"}
    assert world.asked("/tim-kiem") == []


async def test_a_portal_without_search_says_so_once(world: World, memory: Memory) -> None:
    """HD.8: found nothing to ask with."""
    await visit(world, memory, scope="host")

    assert [probe.state for probe in memory.of(SearchProbe)] == ["no-search"]


async def test_fewer_than_three_own_items_ask_nothing(world: World, memory: Memory) -> None:
    """HD.8: too few items of its own to ask for leaves the function open."""
    searching(world, lambda target: page("x"))
    world.pages["/tin"] = Reply(listing([row("b1", "2021-06-01", title=TITLES[0]), row("b2", "2021-11-03")]))

    await visit(world, memory, scope="host")

    assert memory.of(SearchProbe) == []
