"""What a server can do to a request, each inside a whole visit: told by its name, counted once, and it ends.

RFC 9110 and 9112 say what an answer is; portals, firewalls between and enemies send everything else.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from minhchung.holdings import VisitReport
from tests.collectors.hostile import BROKEN, ODD
from tests.collectors.memory import Memory
from tests.collectors.tiny import page, visit
from tests.collectors.worlds import Reply, World

pytestmark = pytest.mark.fault

LIMITS: dict[str, Any] = {
    "timeout_read": 2.5,
    "timeout_total": 4.0,
    "max_wire_bytes": 1_000_000,
    "max_decoded_bytes": 4_000_000,
    "visit_seconds": 60.0,
}


@dataclass(frozen=True)
class Visited:
    """One visit to a portal of which one page is a trick."""

    report: VisitReport
    memory: Memory
    url: str

    def endings(self) -> list[str]:
        """Return how each try at the trick ended: a failure's name, or the status."""
        mine = [r for r in self.memory.records.values() if r.url == self.url]
        return [r.failure.value if r.failure else str(r.status) for r in mine]


async def visit_all() -> dict[str, Visited]:
    """Visit a portal for each trick, all at once."""
    tricks = {name: trick for name, (trick, _) in BROKEN.items()} | ODD
    async with World() as world:
        for name, trick in tricks.items():
            world.pages[f"/{name}/"] = Reply(page("Trang chủ", ("site", f"/{name}/bay", "Giới thiệu")))
            world.raw[f"/{name}/bay"] = trick

        turns = asyncio.Semaphore(16)

        async def one(name: str) -> Visited:
            memory = Memory()
            async with turns:
                report = await visit(world, memory, scope="host", portal=f"/{name}/", **LIMITS)
            return Visited(report, memory, world.url(f"/{name}/bay"))

        async with asyncio.timeout(120):
            found = await asyncio.gather(*map(one, tricks))
        return dict(zip(tricks, found, strict=True))


@pytest.fixture(scope="module")
def visits() -> dict[str, Visited]:
    """Every visit, made once; each has passed the check of its account."""
    return asyncio.run(visit_all())


@pytest.mark.parametrize("name", BROKEN)
def test_an_answer_that_is_none_is_told_by_its_failure(visits: dict[str, Visited], name: str) -> None:
    """Each try is a sealed record with the failure's name; the portal around it is read all the same."""
    visited, failure = visits[name], BROKEN[name][1]

    assert {url: why.value for url, why in visited.report.failures}[visited.url] == failure
    assert visited.endings()
    assert visited.report.state == "ok"


@pytest.mark.parametrize("name", ODD)
def test_an_odd_answer_that_a_browser_would_show_is_read(visits: dict[str, Visited], name: str) -> None:
    """Be liberal where nothing is lost by it: odd framing, odd headers, hints before the answer."""
    visited = visits[name]

    assert visited.endings() == ["200"]
    assert visited.url not in dict(visited.report.failures)
    step = next(step for step in visited.memory.walks[0].pages if step.url == visited.url)
    assert step.answered
