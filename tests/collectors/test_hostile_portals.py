"""Portals that mean ill, visited as any other: bombs, feeds, sitemaps, pages, redirects; each visit ends."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import pytest

from collectors.feeds import read_feed
from collectors.fetcher import Fetcher, FetchRequest
from collectors.platforms.generic import PLATFORM
from minhchung.evidence import FailedAttempt, Failure
from minhchung.observations import FeedRead, NewsItem, SitemapRead, SitePage
from tests.collectors.hostile import bomb, endless, flapping, gzip_of_zeros, kept_open
from tests.collectors.memory import Memory
from tests.collectors.tiny import listing, page, row, visit
from tests.collectors.worlds import Reply, Request, Ticking, World, redirect

pytestmark = pytest.mark.fault

XML = "application/xml"
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BILLION = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A home page with a feed."""
    home = page("Trang chủ", ("feed", "/rss", "RSS"), ("site", "/mo", "Mở"))
    async with World({"/": Reply(home), "/mo": Reply(page("Mở"))}) as served:
        yield served


@pytest.mark.parametrize("media", [b"text/html", b"application/pdf"])
async def test_ten_gigabytes_in_ten_megabytes_are_never_unpacked(media: bytes) -> None:
    """By the product's own limits; what is held meanwhile is bounded by them."""
    world = World(raw={"/bom": bomb(10 << 30, media)})
    async with world, Fetcher(world.network(max_decoded_bytes=8_000_000), Ticking()) as fetcher:
        tracemalloc.start()
        answer = await fetcher.fetch(FetchRequest(url=world.url("/bom")))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert isinstance(answer, FailedAttempt)
    assert answer.failure is Failure.DECODE_BOMB
    assert peak < 80_000_000


@pytest.mark.parametrize("role", ["site", "file"])
async def test_a_bomb_on_a_portal_costs_its_own_page_alone(world: World, memory: Memory, role: str) -> None:
    """As a page of the walk, and as a file of an item."""
    world.raw["/bom"] = bomb(64 << 20, b"application/pdf" if role == "file" else b"text/html")
    world.pages["/"] = Reply(page("Trang chủ", ("list", "/tin", "Tin tức"), ("site", "/bom", "Bom")))
    world.pages["/tin"] = Reply(listing([row("b1", file="/bom")]))
    world.pages["/bai/b1"] = Reply(page("Bài"))

    report = await visit(world, memory, scope="host", max_decoded_bytes=4_000_000)

    assert dict(report.failures)[world.url("/bom")] is Failure.DECODE_BOMB
    assert report.state == "ok"


FEEDS = {
    "billion-laughs": (BILLION + "<rss><channel><title>&l11;</title></channel></rss>", "declares entities"),
    "outside-entity": (OUTSIDE + "<rss><channel><title>&x;</title></channel></rss>", "declares entities"),
    "malformed": (RSS + "<item><title>x</ti", "malformed"),
    "no-feed": (page("Không tìm thấy"), "no feed"),
    "elements-inside-one-another": (RSS + "<a>" * 400_000, "malformed"),
    "letters-that-are-none": (
        RSS + "<item><title>&#xD800;</title><link>/a</link></item></channel></rss>",
        "malformed",
    ),
    "openings-alone": (RSS + "<item>" * 400_000, ""),
}


@pytest.mark.parametrize("name", FEEDS)
async def test_a_hostile_feed_is_told_and_the_portal_is_read(world: World, memory: Memory, name: str) -> None:
    """Feeds are hints: why one is none is kept, and nothing else follows from it."""
    body, fault = FEEDS[name]
    world.pages["/rss"] = Reply(body, type="application/rss+xml")

    report = await visit(world, memory, scope="host")

    (feed,) = memory.of(FeedRead)
    assert fault in feed.fault
    assert "root:" not in repr(feed)
    assert (report.state, len(world.asked("/mo"))) == ("ok", 1)


def test_a_feed_of_thirty_thousand_entries_is_read_in_part() -> None:
    """Its first thousand; a feed's reader takes a millisecond for each."""
    item = "<item><title>x</title><link>http://so.example/{}</link></item>"
    body = RSS + "".join(map(item.format, range(30_000))) + "</channel></rss>"

    entries, fault, _ = read_feed(body.encode(), "http://so.example/rss")

    assert (len(entries), fault) == (1000, "")


def index_of(*urls: str) -> str:
    """Return a sitemap index."""
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in urls)}</sitemapindex>"


async def test_an_index_of_itself_is_asked_for_once(world: World, memory: Memory) -> None:
    """And one that names another that names it back: an index within an index is no sitemap protocol."""
    world.pages["/sitemap.xml"] = Reply(index_of(world.url("/sitemap.xml"), world.url("/s2.xml")), type=XML)
    world.pages["/s2.xml"] = Reply(index_of(world.url("/sitemap.xml"), world.url("/s3.xml")), type=XML)

    await visit(world, memory, scope="host")

    assert len(world.asked("/sitemap.xml")) == len(world.asked("/s2.xml")) == 1
    assert world.asked("/s3.xml") == []


SITEMAPS: dict[str, tuple[bytes, str]] = {
    "billion-laughs": ((BILLION + "<urlset><url><loc>&l11;</loc></url></urlset>").encode(), "declares"),
    "outside-entity": ((OUTSIDE + "<urlset><url><loc>&x;</loc></url></urlset>").encode(), "declares"),
    "gzip-bomb": (gzip_of_zeros(100 << 20), "unpacks to more"),
    "cut-short": (gzip.compress(b"<urlset><url>")[:-4], "ends in the middle"),
    "malformed": (b"<urlset><url><loc>http://so.example/", "malformed"),
    "too-many": (b"<urlset>" + b"<loc>http://so.example/1</loc>" * 60_000 + b"</urlset>", "more than 50,000"),
}


@pytest.mark.parametrize("name", SITEMAPS)
async def test_a_hostile_sitemap_is_told_by_its_fault(world: World, memory: Memory, name: str) -> None:
    """Entities are refused before any is expanded; a file of addresses unpacks to fifty megabytes at most."""
    body, fault = SITEMAPS[name]
    world.pages["/sitemap.xml"] = Reply(body, type=XML)

    report = await visit(world, memory, scope="host", max_decoded_bytes=20_000_000)

    (sitemap,) = memory.of(SitemapRead)
    assert fault in sitemap.fault
    assert "root:" not in repr(sitemap)
    assert report.state == "ok"


@pytest.mark.parametrize(
    "target",
    [
        "//ca-do.example/",
        "http:\\\\ca-do.example\\",
        "http://so.example@127.0.0.1:9/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://①②⑦.⓪.⓪.①/",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://so.example/",
        "https://",
        "\x00",
    ],
)
async def test_no_redirect_leads_out_of_what_is_admitted(world: World, memory: Memory, target: str) -> None:
    """Whatever the target is written like; the only server that hears of us is the portal's."""
    world.pages["/mo"] = redirect(target.encode("utf-8").decode("latin-1").replace("\x00", "%00:"))

    report = await visit(world, memory, scope="host")

    assert report.state == "ok"
    plain = [why for url, why in report.failures if not url.startswith(f"https://127.0.0.1:{world.port}")]
    assert set(plain) <= {
        Failure.REDIRECT_FORBIDDEN,
        Failure.REDIRECT_LOOP,
        Failure.HTTP_4XX,
        Failure.BAD_CONTENT,
    }
    assert len(world.asked("/mo")) <= 2


@pytest.mark.parametrize(
    "home",
    [
        '<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Trang</title><p>Sở Mô phỏng',
        '<!doctype html><meta http-equiv="refresh" content="0; url=http://10.0.0.9/"><title>T</title><p>Sở',
        '<!doctype html><base href="http://ca-do.example/"><title>T</title><p>Sở<a href="/tin">Tin tức</a>',
        "<!doctype html><title>T</title><p>Sở<iframe src=http://10.0.0.9/></iframe><img src=//10.0.0.9/>",
    ],
    ids=["refresh-to-itself", "refresh-elsewhere", "base-elsewhere", "frames-elsewhere"],
)
async def test_pages_that_point_elsewhere_do_not_take_us_there(memory: Memory, home: str) -> None:
    """Nothing outside is asked for, and a page that sends itself round is asked for once."""
    async with World({"/": Reply(home)}) as world, asyncio.timeout(60):
        report = await visit(world, memory, PLATFORM, scope="host")

        assert len(world.asked("/")) <= 2
    assert not [r for r in memory.records.values() if "10.0.0.9" in r.url and r.kind == "response"]
    assert not [r for r in memory.records.values() if "ca-do.example" in r.url and r.kind == "response"]
    assert report.attempts > 0


TITLES = {
    "bidi": ("Quyết định \u202egnud\u202c số 5", "Quyết định gnud số 5"),
    "control": ("Tin\x07 tức\x1b[31m đỏ", "Tin tức[31m đỏ"),
    "script": ("&lt;script&gt;alert(1)&lt;/script&gt; tin", "<script>alert(1)</script> tin"),
    "formula": ("=cmd|' /C calc'!A0 bản tin", "=cmd|' /C calc'!A0 bản tin"),
    "six-kilobytes": ("Tin rất dài " * 500, ("Tin rất dài " * 500).strip()),
}


@pytest.mark.parametrize("name", TITLES)
async def test_a_hostile_title_is_kept_as_text_and_nothing_else(memory: Memory, name: str) -> None:
    """No sign that turns lines or drives a terminal survives reading; the rest is escaped where shown."""
    written, kept = TITLES[name]
    titles = {n: written if n == 3 else f"Tin thường kỳ số {n}" for n in range(1, 8)}
    rows = "".join(
        f'<li><a href="/tin/{n}.html">{title}</a> <span>0{n}/10/2021</span></li>'
        for n, title in titles.items()
    )
    html = f'<!doctype html><title>Sở</title><h1>Tin tức</h1><main><ul class="ds">{rows}</ul></main>'
    home = '<!doctype html><title>Sở</title><nav><a href="/tin-tuc">Tin tức</a></nav><p>Sở'
    async with World({"/": Reply(home)}) as world:
        world.pages["/tin-tuc"] = Reply(html)
        await visit(world, memory, PLATFORM)

    assert kept in {item.title for item in memory.of(NewsItem) if item.part == "row"}


async def test_a_portal_that_flaps_is_read_and_each_failure_counted(world: World, memory: Memory) -> None:
    """503 every other time: the second try brings the page, and both are in the account."""
    world.pages["/mo"] = flapping(Reply(page("Mở")))

    report = await visit(world, memory, scope="host")

    ended = [r.status for r in memory.records.values() if r.url == world.url("/mo")]
    assert ended == [503, 200]
    assert report.failed >= 1
    assert report.state == "ok"


async def test_a_server_that_never_shakes_hands_is_a_timeout() -> None:
    """TLS asked of a port that takes the connection and says nothing."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read()
        finally:
            writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        network = World(port=port).network(timeout_connect=0.3)
        async with Fetcher(network, Ticking()) as fetcher:
            answer = await fetcher.fetch(FetchRequest(url=f"https://127.0.0.1:{port}/"))

    assert isinstance(answer, FailedAttempt)
    assert answer.failure is Failure.TIMEOUT_CONNECT


@pytest.mark.parametrize(
    "limits",
    [{"visit_seconds": 1.5}, {"host_minutes": 0.02}, {"host_requests": 6}],
    ids=lambda limits: next(iter(limits)),
)
async def test_a_portal_where_every_page_hangs_ends_in_time(memory: Memory, limits: dict[str, Any]) -> None:
    """Forty links to a server that answers none of them: the visit ends by any of its limits."""
    links = [("site", f"/treo/{n}", "x") for n in range(40)]
    async with World({"/": Reply(page("Trang chủ", *links))}) as world:
        world.raw |= {f"/treo/{n}": kept_open(b"") for n in range(20)}
        world.raw |= {f"/treo/{n}": endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x", 0.05) for n in range(20, 40)}
        async with asyncio.timeout(60):
            report = await visit(world, memory, scope="host", timeout_read=0.4, timeout_total=0.6, **limits)

    assert report.failed + report.refused > 0
    assert memory.of(SitePage)


async def test_a_bombed_request_leaves_the_server_usable(world: World) -> None:
    """After a refused body the next request goes over a sound connection."""

    def half(_: Request) -> Reply:
        return Reply(bytes(300_000))

    world.pages["/lon"] = half
    async with Fetcher(world.network(max_wire_bytes=1000), Ticking()) as fetcher:
        first = await fetcher.fetch(FetchRequest(url=world.url("/lon")))
        second = await fetcher.fetch(FetchRequest(url=world.url("/mo")))

    assert isinstance(first, FailedAttempt)
    assert not isinstance(second, FailedAttempt)
