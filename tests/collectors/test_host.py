"""Scope host: the walk to depth 3, images, feeds, sitemaps, search probes, transport (G5, HD.8, AT.4)."""

from __future__ import annotations

import gzip
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from collectors.crawl import Crawl
from collectors.fetcher import Fetcher
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode, Failure, RunId, TlsVerdict
from minhchung.observations import (
    Attachment,
    FeedRead,
    ImageFile,
    ListCapture,
    RedirectChain,
    SearchProbe,
    SitemapRead,
    SitePage,
    TlsCheck,
    Walk,
)
from minhchung.sources import AgenciesFile
from tests.collectors.certificates import make, root_file, server_context
from tests.collectors.memory import Memory
from tests.collectors.tiny import TERMS, Tiny, listing, page, paged, row, visit
from tests.collectors.worlds import Reply, Request, Ticking, World, redirect

SECOND = "20211105T030000Z-1"
SEED = "2021/so-mo-phong/support_functions"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal of four levels."""
    levels = {
        "/": page("Trang chủ", ("site", "/gioi-thieu", "Giới thiệu"), ("list", "/tin", "Tin tức")),
        "/gioi-thieu": page("Giới thiệu", ("site", "/co-cau", "Cơ cấu"), ("site", "/", "Về trang chủ")),
        "/co-cau": page("Cơ cấu", ("site", "/phong", "Phòng"), ("site", "/mat", "Mất")),
        "/phong": page("Phòng", ("site", "/sau", "Sâu quá")),
        "/sau": page("Sâu quá"),
        "/bai/b1": page("Bài b1"),
        "/bai/b2": page("Bài b2"),
    }
    pages = {path: Reply(html) for path, html in levels.items()}
    async with World({**pages, **paged("/tin", [[row("b1")], [row("b2")]])}) as served:
        yield served


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


def walk_of(memory: Memory) -> dict[str, tuple[int, str]]:
    """Return depth and link text by path, of the last walk."""
    return {"/" + step.url.split("/", 3)[3]: (step.depth, step.text) for step in memory.walks[-1].pages}


async def test_the_walk_goes_three_links_deep_and_tells_each_step(world: World, memory: Memory) -> None:
    """G5: home page and every link to depth 3 that is no item page or further list page."""
    await visit(world, memory, scope="host")

    assert walk_of(memory) == {
        "/": (0, ""),
        "/gioi-thieu": (1, "Giới thiệu"),
        "/tin": (1, "Tin tức"),
        "/co-cau": (2, "Cơ cấu"),
        "/phong": (3, "Phòng"),
        "/mat": (3, "Mất"),
    }
    steps = {step.url: step for step in memory.walks[0].pages}
    assert steps[world.url("/co-cau")].parent == world.url("/gioi-thieu")
    assert steps[world.url("/mat")].status == 404
    assert steps[world.url("/mat")].answered
    assert world.asked("/sau") == []
    assert not memory.walks[0].capped


async def test_every_step_of_the_walk_names_its_record_in_each_visit(world: World, memory: Memory) -> None:
    """The verifiers join walk and pages by record; a second visit has records of its own."""
    await visit(world, memory, scope="host")
    await visit(world, memory, scope="host", run=SECOND)

    for walk in memory.walks:
        records = {step.record for step in walk.pages}
        assert None not in records
        assert {memory.records[r].run for r in records if r} == {walk.run}


async def test_a_step_that_fails_is_unanswered(world: World, memory: Memory) -> None:
    """G5: complete when at most five percent of W is unanswered."""
    world.pages["/phong"] = Reply("lỗi", 500)

    await visit(world, memory, scope="host")

    (failed,) = [step for step in memory.walks[0].pages if not step.answered]
    assert (failed.url, failed.failure) == (world.url("/phong"), Failure.HTTP_5XX)


async def test_a_walk_beyond_its_page_budget_says_that_it_is_cut(world: World, memory: Memory) -> None:
    """CrawlTerms.walk_pages; absence may not be said from a cut walk."""
    await visit(world, memory, scope="host", terms=replace(TERMS, walk_pages=1))

    assert memory.walks[0].capped


async def test_a_calendar_is_cut_and_reported(world: World, memory: Memory) -> None:
    """Addresses that differ in numbers alone: at most sixty of them."""

    def month(request: Request) -> Reply:
        number = int(request.path.rpartition("/")[2])
        return Reply(page("Lịch", *(("site", f"/lich/{number + n}", f"tháng {n}") for n in range(1, 41))))

    world.pages["/"] = Reply(page("Trang chủ", ("site", "/lich/1", "Lịch")))
    world.pages |= {f"/lich/{n}": month for n in range(1, 400)}

    report = await visit(world, memory, scope="host")

    assert len([r for r in world.requests if r.path.startswith("/lich/")]) == 60
    assert "one pattern" in report.detail


async def test_session_ids_do_not_make_new_pages(world: World, memory: Memory) -> None:
    """G6: session ids and tracking parameters do not count."""

    def fresh(request: Request) -> Reply:
        number = len(world.requests)
        return Reply(
            page("Giới thiệu", ("site", f"/gioi-thieu;jsessionid={number}?utm_source={number}", "x"))
        )

    world.pages["/gioi-thieu"] = fresh

    await visit(world, memory, scope="host")

    assert len([r for r in world.requests if r.path.startswith("/gioi-thieu")]) == 1


async def test_a_list_found_by_the_walk_is_followed_too(world: World, memory: Memory) -> None:
    """A list may stand where no menu word leads."""
    world.pages["/phong"] = Reply(listing([row("c1"), row("c2")], title="Phòng"))

    await visit(world, memory, scope="host")

    captures = {c.list_url: c.identities for c in memory.of(ListCapture)}
    assert captures[world.url("/phong")] == ("c1", "c2")


async def test_a_page_that_says_it_is_not_there_is_no_content(world: World, memory: Memory) -> None:
    """G12: a soft 404 answers well and shows what any wrong address shows."""
    lost = Reply(page("Sở Mô phỏng", text="Không tìm thấy trang bạn yêu cầu"))
    world.pages["/co-cau"] = lost
    world.pages["/phong"] = lost

    await visit(world, memory, scope="host")

    assert world.url("/co-cau") not in [p.url for p in memory.of(SitePage)]
    assert world.url("/co-cau") in [step.url for step in memory.walks[0].pages]


async def test_the_answer_to_an_impossible_address_is_learnt(world: World, memory: Memory) -> None:
    """G12: whatever a nonsense path shows is no page, in whatever words."""
    nonsense = "/zq" + sha256(SEED.encode()).hexdigest()[:10]
    odd = Reply(page("Cổng", text="Xin mời quay lại sau, chúng tôi đang bận"))
    world.pages |= {nonsense: odd, "/gioi-thieu": odd}

    await visit(world, memory, scope="host")

    assert world.url("/gioi-thieu") not in [p.url for p in memory.of(SitePage)]


async def test_the_service_portal_is_looked_at_and_not_walked(world: World, memory: Memory) -> None:
    """G3, HD.6: pages of the service portal are foreign, and lead nowhere."""
    async with World({"/tthc": Reply(page("TTHC", ("site", "/khac", "Khác")))}) as service:
        world.pages["/gioi-thieu"] = Reply(page("Giới thiệu", ("site", service.url("/tthc"), "DVC")))
        registry = AgenciesFile(agency=(), service_portal_hosts=(f"127.0.0.1:{service.port}",))
        allow = (f"127.0.0.1:{world.port}", f"127.0.0.1:{service.port}")
        await visit(world, memory, scope="host", registry=registry, allow=allow)

    (foreign,) = [p for p in memory.of(SitePage) if p.role == "foreign"]
    assert foreign.url == service.url("/tthc")
    assert service.asked("/khac") == []


# --- files ----------------------------------------------------------------------------------------------


def png(width: int, height: int) -> bytes:
    """Return the head of a PNG of this size."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0"


async def test_images_of_site_pages_that_may_be_charts_are_measured(world: World, memory: Memory) -> None:
    """HD.1: an own image at least 400 wide; one declared narrow is not asked for."""
    shown = '<img src="/anh/so-do.png"><img src="/anh/bieu-tuong.png" width="32"><img src="/anh/gia.png">'
    world.pages["/co-cau"] = Reply(page("Cơ cấu", shown))
    world.pages["/anh/so-do.png"] = Reply(png(900, 600), type="image/png")
    world.pages["/anh/gia.png"] = Reply("không phải ảnh", type="image/png")

    await visit(world, memory, scope="host")

    assert [(i.url, i.width, i.height) for i in memory.of(ImageFile)] == [
        (world.url("/anh/so-do.png"), 900, 600)
    ]
    assert world.asked("/anh/bieu-tuong.png") == []


async def test_files_that_site_pages_offer_are_sniffed(world: World, memory: Memory) -> None:
    """HD.1, HD.7: an own attachment of the section's page."""
    world.pages["/co-cau"] = Reply(page("Cơ cấu", ("tep", "/tep/so-do.pdf", "Sơ đồ")))
    world.pages["/tep/so-do.pdf"] = Reply(b"%PDF-1.7 " + b"x" * 2000, type="application/pdf")

    await visit(world, memory, scope="host")

    assert [(a.type, a.size) for a in memory.of(Attachment)] == [("pdf", 2009)]


# --- feeds and sitemaps -----------------------------------------------------------------------------------

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


# --- search ---------------------------------------------------------------------------------------------

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


# --- transport ------------------------------------------------------------------------------------------

ROOT = make("Trung tâm chứng thực mô phỏng", authority=True)
NAMED = page("Sở Mô phỏng")


async def transport(
    memory: Memory, secure: World, plain: World | None, root: Path
) -> tuple[TlsCheck, RedirectChain]:
    """Visit an https portal whose plain http port config names, and return both checks."""
    ports = [secure.port, *([plain.port] if plain else [])]
    agency = Agency(
        code=AgencyCode("so-mo-phong"),
        name="Sở Mô phỏng",
        bloc="b",
        portal=secure.url("/"),
        http_port=plain.port if plain else None,
        hosts=tuple(f"127.0.0.1:{port}" for port in ports),
    )
    network = secure.network(allow=tuple(f"127.0.0.1:{port}" for port in ports))
    async with Fetcher(network, Ticking(), [root]) as fetcher:
        crawl = Crawl(
            fetcher=fetcher,
            recorder=memory,
            clock=Ticking(),
            network=network,
            terms=TERMS,
            registry=AgenciesFile(agency=(agency,)),
        )
        await crawl.visit(agency, Tiny(), None, RunId(SECOND), "host")
    (check,), (chain,) = memory.of(TlsCheck), memory.of(RedirectChain)
    return check, chain


@pytest.mark.parametrize(("days", "verdict"), [((-2, 30), TlsVerdict.VALID), ((-30, -2), TlsVerdict.EXPIRED)])
async def test_an_https_portal_is_checked_with_its_certificate(
    memory: Memory, tmp_path: Path, days: tuple[int, int], verdict: TlsVerdict
) -> None:
    """AT.4: a handshake with any certificate, the agency's page, and a redirect from http."""
    context = server_context(tmp_path, make("127.0.0.1", ROOT, days=days))
    async with World({"/": Reply(NAMED)}, tls=context) as secure, World() as plain:
        plain.pages["/"] = redirect(secure.url("/"), 301)
        check, chain = await transport(memory, secure, plain, root_file(tmp_path, ROOT))

        assert (check.state, check.verdict, check.is_portal) == ("answered", verdict, True)
        assert chain.hops == ((301, secure.url("/")),)
        assert chain.ends_on_https


async def test_a_redirect_that_ends_on_http_again_does_not_count(memory: Memory, tmp_path: Path) -> None:
    """AT.4, must not count: redirect to http again further on."""
    context = server_context(tmp_path, make("127.0.0.1", ROOT))
    async with World({"/": Reply(NAMED)}, tls=context) as secure, World() as plain:
        plain.pages["/"] = redirect(plain.url("/cu"))
        plain.pages["/cu"] = Reply(NAMED)
        _, chain = await transport(memory, secure, plain, root_file(tmp_path, ROOT))

    assert chain.state == "answered"
    assert not chain.ends_on_https


async def test_a_closed_http_port_has_nothing_to_redirect(memory: Memory, tmp_path: Path) -> None:
    """AT.4, C17: port 80 refuses connections while https works."""
    context = server_context(tmp_path, make("127.0.0.1", ROOT))
    async with World() as gone:
        pass
    async with World({"/": Reply(NAMED)}, tls=context) as secure:
        _, chain = await transport(memory, secure, gone, root_file(tmp_path, ROOT))

    assert chain.state == "refused"


async def test_a_portal_on_a_port_of_its_own_names_its_http_port_or_none(
    memory: Memory, tmp_path: Path
) -> None:
    """AT.4: tested on the http port that config names; none named: item open."""
    context = server_context(tmp_path, make("127.0.0.1", ROOT))
    async with World({"/": Reply(NAMED)}, tls=context) as secure:
        _, chain = await transport(memory, secure, None, root_file(tmp_path, ROOT))

    assert chain.state == "no-port"


async def test_a_plain_portal_has_no_https(world: World, memory: Memory) -> None:
    """AT.4: the registry's own port does not speak TLS; the page is read on http all the same."""
    report = await visit(world, memory, scope="host", timeout_connect=0.5)

    (check,), (chain,) = memory.of(TlsCheck), memory.of(RedirectChain)
    assert check.state in ("no-https", "timeout", "failed")
    assert chain.state == "answered"
    assert not chain.ends_on_https
    assert report.state == "ok"


def test_a_walk_is_an_observation_like_others() -> None:
    """The kind under which stores keep it."""
    assert Walk.__dataclass_fields__["kind"].default == "walk"
