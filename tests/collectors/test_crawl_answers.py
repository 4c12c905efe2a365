"""How a portal answers as a whole, and what limits a visit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from collectors.crawl import Crawl
from collectors.fetcher import Fetcher
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode, Failure, RunId
from minhchung.observations import (
    ListCapture,
    SitePage,
)
from minhchung.sources import AgenciesFile
from tests.collectors.certificates import make, root_file, server_context
from tests.collectors.memory import Memory
from tests.collectors.portals import HOME, SECOND, with_lists
from tests.collectors.tiny import TERMS, Tiny, conditional, page, visit
from tests.collectors.worlds import Reply, Request, Ticking, World

ROOT = make("Trung tâm chứng thực mô phỏng", authority=True)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal to visit."""
    async with with_lists() as served:
        yield served


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


async def test_a_portal_that_does_not_answer_is_unreachable(memory: Memory) -> None:
    """Three tries and no more; nothing is concluded from it."""
    async with World() as world:
        url = world
    report = await visit(url, memory)

    assert report.state == "unreachable"
    assert report.fetched == 0
    assert memory.of(SitePage) == []


async def test_a_portal_that_answers_with_an_error_is_unreachable(memory: Memory) -> None:
    """500 on the home page."""
    async with World({"/": Reply("lỗi", 500)}) as world:
        report = await visit(world, memory)

    assert report.state == "unreachable"
    assert "http-5xx" in report.detail


async def test_robots_refuse_the_home_page(world: World, memory: Memory) -> None:
    """Refused, recorded, and not asked for."""
    world.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /", type="text/plain")

    report = await visit(world, memory)

    assert report.state == "robots-refused"
    assert report.refused == 1
    assert world.asked("/") == []
    assert [r.failure for r in memory.records.values() if r.failure] == [Failure.ROBOTS]


async def test_whom_a_shared_host_refuses_has_the_refusing_file_among_its_own_evidence(
    memory: Memory,
) -> None:
    """Two communes on one host: the file is asked for once, and once more by whom it keeps out."""
    rules = "User-agent: *\nDisallow: /xa-b\n"
    pages = {"/xa-a": Reply(page("Xã A")), "/xa-c": Reply(page("Xã C")), "/xa-b": Reply(page("Xã B"))}
    async with World({"/robots.txt": Reply(rules, type="text/plain"), **pages}) as world:
        codes = [AgencyCode(f"xa-{letter}") for letter in "abc"]
        communes = tuple(
            Agency(code=code, name=code, bloc="xa", portal=world.url(f"/{code}")) for code in codes
        )
        async with Fetcher(world.network(), Ticking()) as fetcher:
            crawl = Crawl(
                fetcher=fetcher,
                recorder=memory,
                clock=Ticking(),
                network=world.network(),
                terms=TERMS,
                registry=AgenciesFile(agency=communes),
            )
            run = RunId("20211104T020000Z-1")
            reports = [await crawl.visit(commune, Tiny(), None, run, "lists") for commune in communes]

    assert [report.state for report in reports] == ["ok", "robots-refused", "ok"]
    sealed = [record.agency for record in memory.records.values() if record.url.endswith("/robots.txt")]
    assert sealed == ["xa-a", "xa-b"]
    assert world.asked("/xa-b") == []


async def hang_up(request: Request, writer: asyncio.StreamWriter) -> None:
    """Close the connection without a word."""
    writer.close()


async def test_where_robots_never_answers_nothing_but_the_home_page_is_asked(
    world: World, memory: Memory
) -> None:
    """RFC 9309, 2.3.1.4: no rules known means none given; the home page tells that the host is alive."""
    world.raw["/robots.txt"] = hang_up

    report = await visit(world, memory)

    assert (report.state, report.items) == ("unreachable", 0)
    assert "robots.txt không trả lời" in report.detail
    assert {request.path for request in world.requests} == {"/robots.txt", "/"}


@pytest.mark.parametrize(("rules", "state"), [("Disallow: /", "robots-refused"), ("Allow: /", "ok")])
async def test_a_robots_file_that_answers_late_is_obeyed(
    world: World, memory: Memory, rules: str, state: str
) -> None:
    """A moment's silence of robots.txt must not open what it closes."""
    silent = [True]

    async def late(request: Request, writer: asyncio.StreamWriter) -> None:
        if not silent.pop() if silent else True:
            writer.write(Reply(f"User-agent: *\n{rules}", type="text/plain").raw())
            await writer.drain()
        writer.close()

    world.raw["/robots.txt"] = late

    report = await visit(world, memory)

    assert report.state == state
    assert (len({request.path for request in world.requests}) == 2) == (state == "robots-refused")


async def test_rules_that_have_not_changed_still_hold(world: World, memory: Memory) -> None:
    """A 304 on robots.txt speaks of the file we hold."""
    world.pages["/robots.txt"] = conditional("User-agent: *\nDisallow: /", '"r1"')
    await visit(world, memory)

    report = await visit(world, memory, run=SECOND)

    assert report.state == "robots-refused"
    assert report.not_modified == 1


async def test_a_mandate_reads_despite_robots_and_says_so(world: World, memory: Memory) -> None:
    """Network.robots = record needs a document that orders it."""
    world.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /", type="text/plain")

    report = await visit(world, memory, robots="record", mandate="12/CV-MP")

    assert report.state == "ok"
    assert "12/CV-MP" in report.detail


@pytest.mark.parametrize(
    "answer",
    [
        Reply("<html><title>Request Rejected</title>The requested URL was rejected.</html>"),
        Reply("<html>Just a moment...<script src=/cdn-cgi/challenge-platform/x></script></html>"),
        Reply("<html>Đang kiểm tra trình duyệt</html>", 503),
        Reply("cấm", 403),
        Reply("<html><p>một trang khác của cùng máy chủ</p></html>"),
    ],
)
async def test_a_block_page_is_blocked_whatever_its_status(
    world: World, memory: Memory, answer: Reply
) -> None:
    """Challenge, firewall, 403, and a page without the text that every real page holds."""
    world.pages["/"] = answer

    report = await visit(world, memory, Tiny(required_text="Mô phỏng"))

    assert report.state == "blocked"
    assert memory.of(SitePage) == []


async def test_too_many_requests_are_waited_for_as_asked(world: World, memory: Memory) -> None:
    """429 with Retry-After: waited for, then answered."""
    tries = 0

    def busy(request: Request) -> Reply:
        nonlocal tries
        tries += 1
        return Reply("chậm lại", 429, headers=(("Retry-After", "1"),)) if tries == 1 else Reply(HOME)

    world.pages["/"] = busy
    begun = asyncio.get_running_loop().time()
    report = await visit(world, memory)

    assert report.state == "ok"
    assert asyncio.get_running_loop().time() - begun >= 0.9
    assert Failure.RATE_LIMITED in dict(report.failures).values()


async def test_a_retry_after_beyond_reason_ends_the_tries(world: World, memory: Memory) -> None:
    """A day is not waited for within a visit."""
    world.pages["/"] = Reply("ngày mai", 503, headers=(("Retry-After", "86400"),))

    report = await visit(world, memory)

    assert report.state == "unreachable"
    assert len(world.asked("/")) == 1


async def test_a_home_page_of_scripts_alone_needs_a_browser(world: World, memory: Memory) -> None:
    """Said, not failed."""
    world.pages["/"] = Reply(page("Sở Mô phỏng", "<shell>"))

    report = await visit(world, memory)

    assert report.state == "needs-browser"


async def test_a_home_page_that_no_reader_knows_is_a_changed_layout(world: World, memory: Memory) -> None:
    """UnrecognisedError is the reader's word for it."""
    world.pages["/"] = Reply("<broken>")

    assert (await visit(world, memory)).state == "layout-changed"


async def test_a_page_that_breaks_its_reader_does_not_end_the_visit(world: World, memory: Memory) -> None:
    """A hostile page costs itself alone."""
    world.pages["/bai/b3"] = Reply("<crash>")

    report = await visit(world, memory)

    assert report.state == "ok"
    assert report.items == 25


@pytest.mark.parametrize(
    ("title", "state"), [("Cổng dùng chung", "identity-unverified"), ("SỞ MÔ PHỎNG - Trang chủ", "ok")]
)
async def test_a_wrong_name_certificate_needs_the_agency_s_name_on_the_page(
    memory: Memory, tmp_path: Path, title: str, state: str
) -> None:
    """G13: else identity-unverified, for content."""
    context = server_context(tmp_path, make("khac.example", ROOT, address="127.0.0.2"))
    async with World({"/": Reply(page(title))}, tls=context) as world:
        report = await visit(world, memory, roots=(root_file(tmp_path, ROOT),))

    assert report.state == state


async def test_sick_canaries_stop_the_visit_and_say_that_it_proves_nothing(
    world: World, memory: Memory
) -> None:
    """AgenciesFile.canaries: our own side first."""
    world.pages["/khoe"] = Reply("x", 500)
    registry = AgenciesFile(agency=(), canaries=(world.url("/khoe"),))

    report = await visit(world, memory, registry=registry)

    assert (report.state, report.canaries, report.attempts) == ("incident", False, 0)
    assert world.asked("/") == []


async def test_the_breaker_leaves_a_dying_host_alone(world: World, memory: Memory) -> None:
    """After five failures in a row the rest fails fast, and is counted."""

    async def dead(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    world.raw |= {f"/bai/b{n}": dead for n in range(1, 26)}
    report = await visit(world, memory, concurrency_per_host=1)

    asked = [r for r in world.requests if r.path.startswith("/bai/")]
    assert len(asked) < 15
    assert report.failed >= 25


async def test_the_budget_ends_a_visit_and_says_which_list_it_cut(world: World, memory: Memory) -> None:
    """SiteProfile.max_pages: what is left is refused, not failed."""
    report = await visit(world, memory, Tiny(max_pages=4))

    assert [capture.ended for capture in memory.of(ListCapture)] == ["cap"]
    assert report.refused > 0
    assert len(world.requests) == 4


async def test_the_visit_s_deadline_ends_it(world: World, memory: Memory) -> None:
    """Network.visit_seconds: a run always ends."""

    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    world.raw |= {f"/bai/b{n}": slow for n in range(1, 26)}
    begun = asyncio.get_running_loop().time()
    report = await visit(world, memory, visit_seconds=1.0)

    assert asyncio.get_running_loop().time() - begun < 10
    assert report.refused + report.failed >= 25
