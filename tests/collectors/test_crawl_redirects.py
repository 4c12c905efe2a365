"""Redirects: every hop judged before it is connected to, sealed and counted."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from minhchung.evidence import Failure
from tests.collectors.memory import Memory
from tests.collectors.portals import HOME, with_lists
from tests.collectors.tiny import listing, row, visit
from tests.collectors.worlds import Reply, Request, World, redirect


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal to visit."""
    async with with_lists() as served:
        yield served


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


async def test_each_hop_of_a_redirect_is_a_record_of_its_own(world: World, memory: Memory) -> None:
    """A moved home page: two exchanges, both sealed, both counted as fetched."""
    world.pages["/"] = redirect("/trang-chu")
    world.pages["/trang-chu"] = Reply(HOME)

    report = await visit(world, memory)

    statuses = {r.url: r.status for r in memory.records.values() if r.kind == "response"}
    assert statuses[world.url("/")] == 302
    assert statuses[world.url("/trang-chu")] == 200
    assert report.state == "ok"


@pytest.mark.parametrize(
    ("target", "failure"),
    [
        ("http://127.0.0.1:9/", Failure.REDIRECT_FORBIDDEN),
        ("http://169.254.169.254/latest/meta-data/", Failure.REDIRECT_FORBIDDEN),
        ("http://[::ffff:127.0.0.1]:9/", Failure.REDIRECT_FORBIDDEN),
        ("http://2130706433:9/", Failure.REDIRECT_FORBIDDEN),
        ("http://127.0.0.1:22/", Failure.REDIRECT_FORBIDDEN),
        ("file:///etc/passwd", Failure.REDIRECT_FORBIDDEN),
        ("gopher://127.0.0.1:70/", Failure.REDIRECT_FORBIDDEN),
        ("http://ca-do.example/", Failure.REDIRECT_FORBIDDEN),
        ("/tep/1.pdf", Failure.REDIRECT_LOOP),
    ],
)
async def test_a_redirect_to_where_we_may_not_go_is_refused_before_connecting(
    world: World, memory: Memory, target: str, failure: Failure
) -> None:
    """Judged on every hop; for a file any public host is fine, for a page only the agency's."""
    world.pages["/tin"] = Reply(listing([row("b1", url="/bai/x", file="/tep/1.pdf")]))
    world.pages["/tep/1.pdf"] = redirect(target)
    world.pages["/bai/x"] = redirect(target)

    report = await visit(world, memory)

    assert failure in [why for _, why in report.failures]
    assert report.state == "ok"
    assert world.connections <= 4


async def test_a_redirect_written_in_utf_8_is_followed(world: World, memory: Memory) -> None:
    """Headers are ASCII by the standard; portals write what they like."""
    world.pages["/"] = redirect("/trang-chủ".encode().decode("latin-1"))
    world.pages["/trang-ch%E1%BB%A7"] = Reply(HOME)

    assert (await visit(world, memory)).state == "ok"


async def test_sixty_hops_are_not_followed(world: World, memory: Memory) -> None:
    """Network.max_redirects."""
    world.pages["/tin"] = Reply(listing([row("b1", url="/hop/0")]))
    world.pages |= {f"/hop/{n}": redirect(f"/hop/{n + 1}") for n in range(60)}

    report = await visit(world, memory)

    assert Failure.REDIRECT_LOOP in dict(report.failures).values()
    assert len([r for r in world.requests if r.path.startswith("/hop/")]) == 11


async def test_a_portal_that_sets_a_cookie_and_asks_to_come_again_is_let_do_so(
    world: World, memory: Memory
) -> None:
    """Balancers and firewalls of portals send the visitor to the same address with a cookie."""

    def guarded(request: Request) -> Reply:
        if "phien=1" in request.headers.get("cookie", ""):
            return Reply(HOME)
        return redirect("/", set_cookie="phien=1; Path=/")

    world.pages["/"] = guarded

    assert (await visit(world, memory)).state == "ok"
