"""The whole job on a simulated province: the passes of its course over a year, the submissions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from minhchung.agencies import Agency
from minhchung.errors import UsageError
from minhchung.holdings import VisitReport
from minhchung.periods import VIETNAM, local_day
from minhchung.submissions import Submission
from service.collecting import collect
from service.courses import HOA_BAN, Pass, course_of
from service.importing import import_workbook
from service.progress import watched
from service.province import FOLDER, Province, running, write_province
from service.settings import Settings, load
from service.visited import to_visit
from service.workplace import RandomIds, SimulatedClock, Simulation
from storage.home import Home
from storage.store import Store

SEED: Final = 3234
BASE_PORT: Final = 8100
UNFINISHED: Final = frozenset({FOLDER, "config", "config.part", "simulation.json.part"})
"""What an interrupted beginning may have left in a home: it is written anew."""

HOUR: Final = time(9, 0, tzinfo=VIETNAM)


@dataclass(frozen=True, slots=True)
class Step:
    """Something the demo did, for whoever watches."""

    title: str
    day: date
    reports: tuple[VisitReport, ...] = ()
    workbooks: int = 0


Watch = Callable[[Step], None]


def prepare(home: Path, seed: int, base_port: int, province: str) -> tuple[Simulation, bool]:
    """Return the home's simulation, writing it where there is none; True when it was there before.

    Raises UsageError for a home that holds something else.
    """
    kept = Simulation.of(home)
    if kept is not None:
        if seed not in {kept.seed, SEED}:
            msg = f"{home}: holds the province of seed {kept.seed}, not {seed}; name another --home"
            raise UsageError(msg)
        if province not in {kept.province, HOA_BAN.province}:
            msg = f"{home}: holds the province {kept.province}, not {province}; name another --home"
            raise UsageError(msg)
        return kept, True
    if home.is_dir() and {path.name for path in home.iterdir()} - UNFINISHED:
        msg = f"{home}: is not empty and holds no simulated province; name another directory with --home"
        raise UsageError(msg)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{home}: is no directory and none can be made there ({error.strerror}); name another --home"
        raise UsageError(msg) from error
    course = course_of(province)
    write_province(home, seed, base_port, course)
    start = datetime.combine(course.passes[0].day, HOUR)
    simulation = Simulation(seed=seed, base_port=base_port, instant=start.isoformat(), province=province)
    simulation.keep(home)
    return simulation, False


def missing_passes(simulation: Simulation) -> tuple[Pass, ...]:
    """Return the passes that were not made to their end."""
    return tuple(one for one in course_of(simulation.province).passes if one.key not in simulation.done)


def run_demo(home: Path, simulation: Simulation, watch: Watch) -> Settings:
    """Make every pass that is still missing, import the workbooks, and return the settings."""
    settings = load(home, home / "config")
    clock = SimulatedClock(datetime.fromisoformat(simulation.instant))
    store = Store(Home(home), clock, RandomIds(), writer=True)
    try:
        missing = missing_passes(simulation)
        if missing:
            with running(home, simulation, missing[0].day) as province:
                submitted_on = course_of(simulation.province).submitted_on
                for one in missing:
                    if one.key == "close-1" and submitted_on is not None:
                        clock.set(datetime.combine(submitted_on, HOUR))
                        watch(_submissions(settings, store, clock))
                    _pass(settings, store, clock, province, one, watch)
                    done = (*simulation.done, one.key)
                    simulation = replace(simulation, instant=clock.now().isoformat(), done=done)
                    simulation.keep(home)
    finally:
        store.close()
    return settings


def _pass(
    settings: Settings, store: Store, clock: SimulatedClock, province: Province, one: Pass, watch: Watch
) -> None:
    province.move_to(one.day)
    clock.set(datetime.combine(one.day, HOUR))
    period = settings.round(settings.round_ids()[-1]).period
    agencies = to_visit(settings, one.day)
    with watched(one.title, _visits(settings, agencies, one), lines=False) as seen:
        reports = asyncio.run(
            collect(
                settings,
                store,
                clock,
                agencies,
                scope=one.scope,
                services=one.services,
                period=period,
                note=one.key,
                progress=seen,
            )
        )
    watch(Step(one.title, local_day(clock.now()), reports=tuple(reports)))


def _visits(settings: Settings, agencies: Sequence[Agency], one: Pass) -> int:
    """Return how many visits a pass makes: of each portal, of each system about an agency, and about all."""
    if not one.services:
        return len(agencies)
    asked = sum(agency.has_procedures for agency in agencies)
    return len(agencies) + (asked + 1) * len(settings.sources)


def _submissions(settings: Settings, store: Store, clock: SimulatedClock) -> Step:
    imported: list[Submission] = []
    for path in _workbooks(settings.home):
        submission, new = import_workbook(settings, store, clock, path)
        if new:
            imported.append(submission)
    return Step("Nhập bản tự đánh giá và số liệu chủ quản", local_day(clock.now()), workbooks=len(imported))


def _workbooks(home: Path) -> Iterable[Path]:
    return sorted((home / FOLDER / "submissions").glob("*.xlsx"))
