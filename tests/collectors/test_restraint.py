"""What we do not ask: budgets of a host, opening hours, hosts that want rest, turns that come too late.

None of it says anything about the portal: what our own limits kept us from is refused, never absent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.fetcher import Fetcher, FetchRequest
from collectors.lists import COMPLETE
from minhchung.evidence import Failure
from minhchung.sources import ServerGroup
from tests.collectors.memory import Memory
from tests.collectors.portals import with_lists
from tests.collectors.tiny import visit
from tests.collectors.worlds import Reply, Ticking, World

NOON = datetime(2021, 11, 4, 5, 0, tzinfo=UTC)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal with a list of 25 items."""
    async with with_lists() as served:
        yield served


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


@pytest.mark.parametrize(
    "limit",
    [{"host_requests": 4}, {"host_bytes": 500}, {"host_minutes": 0.0}],
    ids=lambda each: next(iter(each)),
)
async def test_a_host_s_budget_ends_its_requests_and_is_told(
    world: World, memory: Memory, limit: dict[str, Any]
) -> None:
    """Whatever the limit, what is left is refused by name and the list proves no absence."""
    report = await visit(world, memory, **limit)

    assert len(world.requests) <= 5
    assert report.refused > 0
    assert report.failed == 0
    assert {why for _, why in report.failures} == {Failure.BUDGET}
    assert f"hết hạn mức cho máy chủ http://127.0.0.1:{world.port}" in report.detail
    assert all(capture.ended not in COMPLETE for capture in memory.captures)


@pytest.mark.parametrize("by_group", [False, True])
async def test_a_closed_server_is_not_asked(world: World, memory: Memory, by_group: bool) -> None:
    """Open from 22:00 to 06:00, visited at noon: an incident of ours, no fault of theirs."""
    hours = "22:00-06:00"
    limits: dict[str, Any] = {"open_hours": hours}
    if by_group:
        limits = {"group": (ServerGroup(key="tinh", hosts=("127.0.0.1",), open_hours=hours),)}

    report = await visit(world, memory, at=NOON, **limits)

    assert world.requests == []
    assert (report.state, report.canaries) == ("incident", True)
    assert "ngoài giờ" in report.detail
    assert report.refused == report.attempts > 0


async def test_a_host_that_wants_a_day_s_rest_gets_it(world: World, memory: Memory) -> None:
    """503 with a Retry-After of a day: nothing more is asked of it, and that is told as its own wish."""
    world.pages["/tin"] = Reply("bảo trì", 503, headers=(("Retry-After", "86400"),))

    report = await visit(world, memory, scope="host")

    after = world.requests[world.requests.index(world.asked("/tin")[0]) + 1 :]
    assert len(after) <= 1
    assert "yêu cầu để yên" in report.detail
    assert Failure.RATE_LIMITED in dict(report.failures).values()


async def test_a_turn_that_would_come_after_the_deadline_is_not_waited_for(memory: Memory) -> None:
    """A crawl-delay of two minutes must not keep a visit of two seconds for an hour."""
    async with with_lists() as world:
        world.pages["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 100\n", type="text/plain")
        async with asyncio.timeout(60):
            report = await visit(world, memory, visit_seconds=2.0)

    assert report.refused > 0
    assert "100 giây" in report.detail
    assert len(world.requests) <= 3


async def test_the_run_s_deadline_ends_every_visit(world: World, memory: Memory) -> None:
    """What a run has not begun in time it does not ask for; and nobody is called unreachable for it."""
    report = await visit(world, memory, until=0.0)

    assert world.requests == []
    assert report.state == "incident"


async def test_requests_to_one_server_go_round_among_agencies() -> None:
    """The small agency behind the large one is not kept waiting until the large one is through."""
    async with World() as world, Fetcher(world.network(delay=0.02), Ticking()) as fetcher:
        world.pages |= {f"/{who}": Reply("x") for who in ("lon", "nho")}
        asks = [FetchRequest(url=world.url("/lon"), party="lon")] * 8
        asks += [FetchRequest(url=world.url("/nho"), party="nho")] * 2
        await asyncio.gather(*map(fetcher.fetch, asks))

    order = [request.path for request in world.requests]
    assert order.index("/nho") < 5
    assert len(order) - order[::-1].index("/nho") < 7
