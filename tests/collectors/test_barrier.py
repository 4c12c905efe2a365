"""One portal that breaks the collector costs its own visit: the run goes on to the others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from collectors.platforms.generic import PLATFORM as GENERIC
from collectors.platforms.interface import Link
from minhchung.agencies import Agency
from minhchung.errors import StorageError, UnrecognisedError
from minhchung.evidence import Failure
from minhchung.sites import SiteProfile
from tests.collectors.memory import Memory
from tests.collectors.tiny import Tiny, page, visit
from tests.collectors.worlds import Reply, World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A server that a test fills."""
    async with World() as server:
        yield server


@pytest.fixture
def memory() -> Memory:
    """What is kept."""
    return Memory()


class Faulty(Tiny):
    """A platform that fails where nothing looks after it."""

    def __init__(self, fault: Exception) -> None:
        """Raise `fault` after the home page."""
        super().__init__()
        self._fault = fault

    def entrances(self, agency: Agency, profile: SiteProfile) -> Iterator[Link]:
        """Yield the home page and fail."""
        yield from super().entrances(agency, profile)
        raise self._fault


@pytest.mark.parametrize(
    "fault",
    [KeyError("x"), UnrecognisedError("y"), OverflowError("z"), UnicodeEncodeError("a", "b", 0, 1, "c")],
)
async def test_a_fault_of_ours_makes_the_visit_an_incident(
    world: World, memory: Memory, fault: Exception
) -> None:
    """Our failure is never theirs, and never that of the next portal: the account is sealed and says why."""
    world.pages["/"] = Reply(page("Trang chủ"))

    report = await visit(world, memory, Faulty(fault))

    assert report.state == "incident"
    assert type(fault).__name__ in report.detail
    assert "test_barrier.py" in report.detail
    assert report.failure is Failure.BAD_CONTENT


async def test_a_store_that_cannot_keep_ends_the_run(world: World, memory: Memory) -> None:
    """Nothing may be concluded from what is not kept."""
    world.pages["/"] = Reply(page("Trang chủ"))

    with pytest.raises(StorageError):
        await visit(world, memory, Faulty(StorageError("full")))


@pytest.mark.parametrize(
    "home",
    [
        Reply(""),
        Reply("không có thẻ nào ở đây"),
        Reply(b"\x00\x1f\x8b" * 99),
        Reply(bytes(range(1, 256)) * 9 + b"<p>"),
        Reply(b"\x89PNG\r\n\x1a\n" + bytes(99), type="text/html"),
        Reply('{"a": 1}', type="application/json"),
        Reply("<p " + " ".join(f"a{n}=b" for n in range(9000)) + ">"),
        Reply("", 204),
    ],
    ids=["empty", "plain", "bytes", "noise", "picture", "json", "attributes", "no-content"],
)
async def test_a_home_page_that_is_no_page_is_told(world: World, memory: Memory, home: Reply) -> None:
    """RFC 9110 lets a 200 hold anything."""
    world.pages["/"] = home

    report = await visit(world, memory, GENERIC, scope="host")

    assert report.state == "layout-changed"
