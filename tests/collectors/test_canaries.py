"""Canaries: is our own side well? Each answer is sealed, names are resolved anew, the clock is compared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from collectors.canaries import Canaries, Watch
from collectors.fetcher import Fetcher
from minhchung.agencies import PROVINCE
from minhchung.evidence import CANARY, Failure, RunId
from minhchung.holdings import CanaryCheck
from minhchung.sources import AgenciesFile
from tests.collectors.certificates import make, server_context
from tests.collectors.memory import Memory
from tests.collectors.tiny import Tiny, page, visit
from tests.collectors.worlds import Reply, Request, Ticking, World

RUN = RunId("20211104T020000Z-1")
NAME = "kiem-tra.example"


class Names:
    """A resolver whose names can stop resolving."""

    dead = False

    async def resolve(self, host: str, port: int) -> list[str]:
        """Answer with this machine, or not at all."""
        if self.dead:
            raise OSError("name or service not known")
        return ["127.0.0.1"]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A third party that answers."""
    async with World({"/": Reply("khỏe"), "/mat": Reply("hỏng", 503)}) as served:
        yield served


async def checked(
    world: World, memory: Memory, *paths: str, names: Names | None = None, roots: tuple[Path, ...] = ()
) -> CanaryCheck:
    """Ask the canaries once."""
    network = world.network(allow=(f"{NAME}:{world.port}",))
    known = names or Names()
    async with Fetcher(network, Ticking(), roots, resolver=known.resolve) as fetcher:
        canaries = Canaries(
            fetcher=fetcher,
            recorder=memory,
            clock=Ticking(),
            addresses=tuple(world.url(path, NAME) for path in paths),
        )
        found = await canaries.check(RUN)
    assert found is not None
    return found


async def test_an_answer_is_sealed_in_the_name_of_the_province(world: World) -> None:
    memory = Memory()

    found = await checked(world, memory, "/")

    (record,) = (memory.records[each] for each in found.records)
    assert found.well
    assert (record.agency, record.source, record.run, record.status) == (PROVINCE, CANARY, RUN, 200)


async def test_one_that_is_well_suffices_and_each_failure_is_sealed(world: World) -> None:
    """A canary may fail by itself."""
    memory = Memory()

    found = await checked(world, memory, "/mat", "/")

    assert found.well
    assert [memory.records[each].status for each in found.records] == [503, 200]
    assert not (await checked(world, memory, "/mat", "/mat")).well


async def test_dead_dns_is_noticed_behind_an_open_connection(world: World) -> None:
    """What is resolved stays known for minutes; a canary's name is asked for anew each time."""
    memory, names = Memory(), Names()
    network = world.network(allow=(f"{NAME}:{world.port}",))
    async with Fetcher(network, Ticking(), resolver=names.resolve) as fetcher:
        canaries = Canaries(
            fetcher=fetcher, recorder=memory, clock=Ticking(), addresses=(world.url("/", NAME),)
        )
        watch = Watch(canaries, RUN)
        assert await watch.look()
        names.dead = True
        assert await watch.look(), "a recent answer stands"
        assert not await watch.look(fresh=True)

    assert not watch.well
    assert [memory.records[each.records[0]].failure for each in watch.checks] == [None, Failure.DNS]


async def test_somebody_else_who_answers_for_a_canary_is_none(tmp_path: Path) -> None:
    """AT.4: an inspecting proxy would show its own certificate for every portal."""
    strange = make("Máy kiểm soát", authority=True)
    context = server_context(tmp_path, make(NAME, strange))
    async with World({"/": Reply("khỏe")}, tls=context) as inspected:
        found = await checked(inspected, Memory(), "/")

    assert not found.well


@pytest.mark.parametrize(
    ("headers", "well"),
    [
        ((("Date", "Thu, 04 Nov 2021 02:00:01 GMT"),), True),
        ((("Date", "Tue, 02 Nov 2021 02:00:00 GMT"),), False),
        ((("Date", "Tue, 02 Nov 2021 02:00:00 GMT"), ("Age", "172800")), True),
        ((("Date", "hôm nay".encode().decode("latin-1")),), True),
        ((), True),
    ],
)
async def test_a_clock_that_is_days_off_is_our_sickness(
    headers: tuple[tuple[str, str], ...], well: bool
) -> None:
    """It would make two days of one; a cache tells its age, and who tells no time tells nothing."""
    async with World({"/": Reply("khỏe", headers=headers)}) as told:
        found = await checked(told, Memory(), "/")

    assert found.well is well


async def test_a_visit_in_which_something_broke_down_asks_anew_and_tells_what_was_said(world: World) -> None:
    """Sick in the midst of a visit whose home page came: the visit proves nothing."""
    sick = iter([Reply("khỏe")])

    async def dead(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    world.pages["/"] = Reply(page("Sở Mô phỏng", ("list", "/ds", "Tin tức")))
    world.pages["/khoe"] = lambda _: next(sick, Reply("hỏng", 500))
    world.raw["/ds"] = dead
    memory = Memory()

    report = await visit(
        world, memory, Tiny(), registry=AgenciesFile(agency=(), canaries=(world.url("/khoe"),))
    )

    assert (report.state, report.canaries) == ("ok", False)
    assert [each.well for each in report.canary_checks] == [True, False]
    assert report.addresses == ("127.0.0.1",)
