"""robots.txt as an enemy or a broken server sends it: what can be read of it is obeyed, and the visit ends.

RFC 9309: at least 500 KiB of a file are to be parsed; section 2.3.1 says what each status means.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from collectors import robots
from minhchung.evidence import Failure
from tests.collectors.hostile import chunk, endless, kept_open, reset
from tests.collectors.memory import Memory
from tests.collectors.tiny import page, visit
from tests.collectors.worlds import RawHandler, Reply, World, redirect

pytestmark = pytest.mark.fault

RULES = "User-agent: *\nDisallow: /kin\n"
TEXT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal with one page that its rules forbid and one that they do not."""
    home = page("Trang chủ", ("site", "/kin/1", "Kín"), ("site", "/mo", "Mở"))
    async with World({"/": Reply(home), "/kin/1": Reply(page("Kín")), "/mo": Reply(page("Mở"))}) as served:
        yield served


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


def endless_file(head: bytes) -> RawHandler:
    """Return a file that begins with rules and never ends."""
    return endless(head + b"\r\n" + RULES.encode(), b"# x\n" * 9999)


ENDLESS: dict[str, RawHandler] = {
    "endless": endless_file(TEXT),
    "endless-chunks": endless(
        TEXT + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(RULES.encode()), chunk(b"# x\n" * 9999)
    ),
    "fifty-megabytes": endless_file(TEXT + b"Content-Length: 50000000\r\n"),
}


@pytest.mark.parametrize("name", ENDLESS)
async def test_the_beginning_of_a_huge_file_is_obeyed(world: World, memory: Memory, name: str) -> None:
    """Its first 512 KiB are sealed, marked as truncated, and their rules hold."""
    world.raw["/robots.txt"] = ENDLESS[name]

    report = await visit(world, memory, scope="host")

    assert dict(report.failures)[world.url("/kin/1")] is Failure.ROBOTS
    assert world.asked("/kin/1") == []
    assert len(world.asked("/mo")) == 1
    (sealed,) = [e for e in memory.exchanges.values() if e.url.endswith("/robots.txt")]
    assert (sealed.truncated, len(sealed.wire)) == (True, robots.MAX_BYTES)


@pytest.mark.parametrize(
    ("trick", "failure"),
    [
        (kept_open(TEXT), Failure.TIMEOUT_READ),
        (endless(TEXT, b"X: y\r\n", 0.01), Failure.TIMEOUT_TOTAL),
        (reset, Failure.RESET),
    ],
    ids=["silent", "dripping", "reset"],
)
async def test_a_file_that_cannot_be_had_opens_nothing(
    world: World, memory: Memory, trick: RawHandler, failure: Failure
) -> None:
    """Nothing came back, so nothing is known: only the home page tells whether the portal is down."""
    world.raw["/robots.txt"] = trick

    report = await visit(world, memory, scope="host", timeout_read=0.5, timeout_total=1.0)

    assert dict(report.failures)[world.url("/robots.txt")] is failure
    assert (report.state, world.asked("/kin/1"), world.asked("/mo")) == ("unreachable", [], [])
    assert "robots.txt" in report.detail


async def test_a_circle_of_redirects_is_no_file(world: World, memory: Memory) -> None:
    """RFC 9309 2.3.1.2: at least five hops are followed; a circle never leads to rules."""
    world.pages["/robots.txt"] = redirect("/robots2.txt")
    world.pages["/robots2.txt"] = redirect("/robots.txt")

    report = await visit(world, memory, scope="host")

    assert Failure.REDIRECT_LOOP in dict(report.failures).values()
    assert len(world.asked("/mo")) == 1


@pytest.mark.parametrize(
    "reply",
    [Reply(page("Không tìm thấy trang")), Reply(bytes(range(256)) * 40, type="text/plain"), Reply("")],
    ids=["a-page", "bytes", "nothing"],
)
async def test_what_is_no_robots_file_forbids_nothing(world: World, memory: Memory, reply: Reply) -> None:
    """Portals answer every address with a page and status 200."""
    world.pages["/robots.txt"] = reply

    report = await visit(world, memory, scope="host")

    assert len(world.asked("/kin/1")) == len(world.asked("/mo")) == 1
    assert report.state == "ok"


def test_wildcards_cost_no_more_than_the_address_is_long() -> None:
    """A pattern of forty wildcards on an address of 4,000 letters: a matcher that backtracks never ends."""
    rules = robots.read(200, b"User-agent: *\nDisallow: /" + b"*a" * 40 + b"*b$\n", "minhchung/0.1")

    assert rules.allow("http://so-mo-phong.example/" + "a" * 4000)
    assert not rules.allow("http://so-mo-phong.example/" + "a" * 4000 + "b")
