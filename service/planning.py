"""What a run will cost each server, and whether the timetable leaves room for it.

From the registry, from what earlier visits asked, and from the budgets; nothing is asked of any portal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final, Literal

from collectors.fetcher import Fetcher
from minhchung.addresses import host_of
from minhchung.agencies import Agency
from minhchung.clock import Clock
from minhchung.evidence import PORTAL
from minhchung.opening import DAY, OpenHours
from minhchung.periods import local_day
from minhchung.sources import ScheduleEntryConfig
from service import schedule
from service.diagnosis import Text
from service.visited import to_visit
from service.workplace import open_store
from storage.home import Home

if TYPE_CHECKING:
    from service.settings import Settings
    from storage.store import Store

Scope = Literal["lists", "host", "whole"]

GUESSES: Final[dict[Scope, int]] = {"lists": 60, "host": 700, "whole": 3000}
"""Requests of a visit to a portal that was never visited in this scope."""

PAST: Final = 3
"""Earlier visits looked at: the dearest of them is what the next may cost."""

_MOMENTS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one run asks of one server."""

    group: str
    """Key of a declared group, or the address that its hosts share."""

    hosts: tuple[str, ...]
    agencies: tuple[str, ...]
    requests: int
    dearest: int
    """Requests of its dearest visit."""

    guessed: int
    """Agencies whose requests are guessed: no visit of this scope is known."""

    delay: float
    hours: OpenHours

    @property
    def seconds(self) -> float:
        """Return how long the requests take at the server's pace, without its own answering time."""
        return self.requests * self.delay


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One run: a line of the timetable, or the one asked about."""

    key: str
    """Of the timetable's line; empty for the run asked about."""

    scope: Scope
    loads: tuple[Load, ...]
    every: timedelta | None = None
    """Shortest time between two moments; None where it is not repeated."""


async def plan(
    settings: Settings, clock: Clock, agencies: Sequence[Agency], scope: Scope
) -> tuple[Planned, list[Planned]]:
    """Return what a run now would cost, and what each line of the timetable costs.

    Names are resolved, nothing is asked of any portal.
    """
    store = open_store(settings) if Home(settings.home).format.is_file() else None
    async with Fetcher(settings.network, clock, settings.trust_roots()) as fetcher:
        planner = _Planner(settings, fetcher, store)
        today = local_day(clock.now())
        try:
            now = Planned(key="", scope=scope, loads=await planner.loads(agencies, scope))
            lines = [
                Planned(
                    key=entry.key,
                    scope=entry.scope,
                    loads=await planner.loads(to_visit(settings, today, entry.agencies), entry.scope),
                    every=shortest(entry, clock.now()),
                )
                for entry in settings.timetable.schedule
            ]
        finally:
            if store is not None:
                with closing(store):
                    pass
    return now, lines


def shortest(entry: ScheduleEntryConfig, now: datetime) -> timedelta | None:
    """Return the shortest time between two coming moments of a line; None where there is at most one."""
    moments = schedule.moments(entry, now, now + timedelta(days=400))
    return min((later - earlier for earlier, later in pairwise(islice(moments, _MOMENTS))), default=None)


class _Planner:
    def __init__(self, settings: Settings, fetcher: Fetcher, store: Store | None) -> None:
        self._settings, self._fetcher, self._store = settings, fetcher, store

    async def loads(self, agencies: Sequence[Agency], scope: Scope) -> tuple[Load, ...]:
        """Return what one run asks of each server, dearest first."""
        asked = [agency for agency in agencies if agency.portal]
        servers = await asyncio.gather(*(self._server(agency.portal) for agency in asked))
        shares: dict[str, list[tuple[Agency, int, bool]]] = {}
        paces: dict[str, tuple[float, OpenHours]] = {}
        for agency, (key, delay, hours) in zip(asked, servers, strict=True):
            paces[key] = delay, hours
            shares.setdefault(key, []).append((agency, *self._expected(agency, scope)))
        loads = [
            Load(
                group=key,
                hosts=tuple(dict.fromkeys(host_of(agency.portal) for agency, _, _ in mine)),
                agencies=tuple(agency.code for agency, _, _ in mine),
                requests=sum(count for _, count, _ in mine),
                dearest=max(count for _, count, _ in mine),
                guessed=sum(not known for _, _, known in mine),
                delay=paces[key][0],
                hours=paces[key][1],
            )
            for key, mine in shares.items()
        ]
        return tuple(sorted(loads, key=lambda load: (-load.seconds, -load.requests, load.group)))

    async def _server(self, url: str) -> tuple[str, float, OpenHours]:
        turns = await self._fetcher.server_of(url)
        return turns.key, turns.delay, turns.hours

    def _expected(self, agency: Agency, scope: Scope) -> tuple[int, bool]:
        """Return the requests of a visit, and whether earlier ones say so."""
        profile = self._settings.site(agency)
        network = self._settings.network
        most = min(network.host_requests, profile.max_pages if profile else network.host_requests)
        visits = self._store.visits_of(agency.code, PORTAL) if self._store is not None else ()
        past = [visit.attempts for visit in visits if visit.scope == scope and visit.state == "ok"]
        return min(max(past[-PAST:], default=GUESSES[scope]), most), bool(past)


def misfits(settings: Settings, now: Planned, lines: Sequence[Planned]) -> list[Text]:
    """Say what cannot be done in the time there is: a sentence each, Vietnamese and English."""
    found: list[Text] = []
    for planned in (now, *lines):
        for load in planned.loads:
            found += _of_a_run(settings, planned, load)
            if planned.every is not None:
                found += _of_a_line(planned, load, planned.every)
    return found + _of_a_day(lines)


def _of_a_run(settings: Settings, planned: Planned, load: Load) -> list[Text]:
    network, (vi, en) = settings.network, _name(planned)
    count = min(len(load.agencies), network.concurrency)
    needs, visit = _hours(load.seconds), load.dearest * load.delay * count
    found: list[Text] = []
    if load.seconds > network.run_seconds:
        most = _hours(network.run_seconds)
        found.append(
            (
                f"{vi}: nhóm {load.group} cần {needs} giờ, run_seconds chỉ cho {most}; "
                "tăng run_seconds hoặc chia lịch",
                f"{en}: group {load.group} needs {needs} h, run_seconds leaves {most}; "
                "raise run_seconds or split the run",
            )
        )
    if visit > network.visit_seconds:
        each, most = f"{visit / 60:.0f}", f"{network.visit_seconds / 60:.0f}"
        found.append(
            (
                f"{vi}: nhóm {load.group}: {count} cơ quan cùng lúc, mỗi lượt cần {each} phút, "
                f"visit_seconds chỉ cho {most}; tăng visit_seconds hoặc giảm concurrency",
                f"{en}: group {load.group}: {count} agencies side by side need {each} min each, "
                f"visit_seconds leaves {most}; raise visit_seconds or lower concurrency",
            )
        )
    return found


def _of_a_line(planned: Planned, load: Load, every: timedelta) -> list[Text]:
    room = every.total_seconds() * load.hours.minutes / DAY
    if load.seconds <= room:
        return []
    vi, en = _name(planned)
    needs, between, opened = _hours(load.seconds), _hours(every.total_seconds()), _hours(room)
    return [
        (
            f"{vi}: nhóm {load.group} cần {needs} giờ mỗi lần, hai lần cách nhau {between} giờ, "
            f"máy chủ mở {opened} giờ trong đó; giãn lịch hoặc bớt cơ quan",
            f"{en}: group {load.group} needs {needs} h each time, two moments are {between} h apart "
            f"with the server open for {opened} of them; space them out or name fewer agencies",
        )
    ]


def _of_a_day(lines: Sequence[Planned]) -> list[Text]:
    """Say which server all lines together would keep busy for longer than it is open."""
    wanted: dict[str, float] = {}
    opened: dict[str, int] = {}
    for planned in lines:
        if planned.every is None:
            continue
        times = timedelta(days=1) / planned.every
        for load in planned.loads:
            wanted[load.group] = wanted.get(load.group, 0.0) + load.seconds * times
            opened[load.group] = load.hours.minutes * 60
    found: list[Text] = []
    for group, seconds in wanted.items():
        if seconds <= opened[group] or sum(_concerns(each, group) for each in lines) < 2:
            continue
        needs, room = _hours(seconds), _hours(opened[group])
        found.append(
            (
                f"lịch: nhóm {group} cần {needs} giờ mỗi ngày cho mọi dòng, máy chủ mở {room}; giãn lịch",
                f"timetable: group {group} needs {needs} h a day for all lines together, "
                f"the server is open for {room}; space the lines out",
            )
        )
    return found


def _concerns(planned: Planned, group: str) -> bool:
    return any(load.group == group for load in planned.loads)


def _name(planned: Planned) -> Text:
    return (f"lịch {planned.key}", f"schedule {planned.key}") if planned.key else ("lần này", "this run")


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f}"
