"""Running what the timetable asks for: claimed first, then collected, each moment by one process only."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from minhchung.clock import Clock
from minhchung.errors import BusyError, UsageError
from minhchung.holdings import VisitReport
from minhchung.periods import VIETNAM, local_day
from service import schedule
from service.collecting import collect
from service.schedule import Due, Lapsed, Plan
from service.settings import Settings
from service.visited import to_visit
from service.workplace import clock_of, keep_instant, open_store
from storage.home import Home
from storage.store import Store

CLAIM: Final = "urn:minhchung:claim:"

Say = Callable[[str, str], None]
"""Told one line of progress, Vietnamese and English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What became of one due run."""

    due: Due
    outcome: Literal["ran", "taken", "busy", "stopped"]
    """`taken`: another process claimed it first; `busy`: somebody is writing, the next tick tries again."""

    reports: tuple[VisitReport, ...] = ()
    detail: str = ""


class Stop:
    """A request to end the run under way, made from any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._asked = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[object] | None = None

    @property
    def asked(self) -> bool:
        """Say whether somebody asked."""
        return self._asked

    def ask(self) -> None:
        """Ask: what is under way is cancelled, what was sealed stays sealed."""
        with self._guard:
            self._asked = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)

    def watch(self) -> None:
        """Take note of the task that would be cancelled: the one that calls."""
        with self._guard:
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
            if self._asked and self._task is not None:
                self._task.cancel()

    def forget(self) -> None:
        """Cancel nothing any more."""
        with self._guard:
            self._loop = self._task = None


def claims_of(store: Store) -> dict[str, datetime]:
    """Return the newest claimed moment of each line of the timetable, aware, UTC."""
    newest: dict[str, datetime] = {}
    for record in store.records(kind="claim"):
        # urn:minhchung:claim:<key>:<instant>; only the instant holds colons beside the separators.
        key, _, instant = record.url.removeprefix(CLAIM).partition(":")
        moment = datetime.fromisoformat(instant)
        newest[key] = max(moment, newest.get(key, moment))
    return newest


def kept_claims(settings: Settings) -> dict[str, datetime]:
    """Return the claims of the settings' home; none where there is no home yet.

    A home that cannot be read because somebody is just making it raises BusyError.
    """
    home = Home(settings.home)
    if not home.format.is_file():
        return {}
    try:
        store = open_store(settings)
    except UsageError as error:
        pid = home.writer_pid()
        if pid is None:
            raise
        raise BusyError(str(home), pid or None) from error
    with closing(store):
        return claims_of(store)


def plan(settings: Settings, clock: Clock) -> Plan:
    """Return what is due now; raises ConfigError for a timetable that cannot be."""
    timetable = settings.timetable
    schedule.check(timetable, str(settings.place.directory / "timetable.toml"))
    for entry in timetable.schedule:
        settings.agencies(entry.agencies)
    if not timetable.schedule:
        return Plan()
    return schedule.due(timetable, kept_claims(settings), clock.now())


def run_due(settings: Settings, say: Say, stop: Stop | None = None) -> tuple[Plan, list[Ran]]:
    """Run everything that is due, oldest moment first; the writer's lock is held only meanwhile."""
    clock = clock_of(settings)
    found = plan(settings, clock)
    stop = stop or Stop()
    ran = []
    if found.due and settings.simulated:
        _require_province(settings)
    for due in found.due:
        if stop.asked:
            break
        ran.append(_run_one(settings, clock, due, say, stop))
        if ran[-1].outcome == "busy":
            break
    return found, ran


def _run_one(settings: Settings, clock: Clock, due: Due, say: Say, stop: Stop) -> Ran:
    try:
        store = open_store(settings, writer=True)
    except BusyError as error:
        return Ran(due=due, outcome="busy", detail=str(error))
    with closing(store):
        if not store.claim(due.entry.key, due.fire_at):
            return Ran(due=due, outcome="taken")
        say(f"{name_of(due)}: bắt đầu{lateness(due)[0]}", f"{due.entry.key}: begins{lateness(due)[1]}")
        try:
            reports = asyncio.run(_collect(settings, store, clock, due, say, stop))
        except asyncio.CancelledError:
            return Ran(due=due, outcome="stopped")
        finally:
            stop.forget()
    keep_instant(settings, clock)
    return Ran(due=due, outcome="ran", reports=tuple(reports))


async def _collect(
    settings: Settings, store: Store, clock: Clock, due: Due, say: Say, stop: Stop
) -> list[VisitReport]:
    stop.watch()
    entry = due.entry
    rounds = settings.round_ids()

    def progress(report: VisitReport) -> None:
        line = f"{report.agency} [{report.source}] {report.state}: {report.attempts}"
        say(line, line)

    return await collect(
        settings,
        store,
        clock,
        to_visit(settings, local_day(clock.now()), entry.agencies),
        scope=entry.scope,
        services=entry.services,
        period=settings.round(rounds[0]).period if len(rounds) == 1 else None,
        note=f"{entry.key} {due.fire_at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}",
        progress=progress,
    )


def name_of(due: Due | Lapsed) -> str:
    """Return what a line of the timetable is called for people."""
    return due.entry.title or due.entry.key


def lateness(due: Due) -> tuple[str, str]:
    """Return how late a run is and what it stands in for, Vietnamese and English; empty when punctual."""
    if due.punctual:
        return "", ""
    moment = f"{due.fire_at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    vi, en = f" muộn {_long(due.late)[0]} so với {moment}", f" {_long(due.late)[1]} after {moment}"
    if due.missed:
        vi, en = f"{vi}, thay cho cả {due.missed} lần đã lỡ trước đó", f"{en}, for {due.missed} more missed"
    return vi, en


def lapse(lapsed: Lapsed) -> tuple[str, str]:
    """Return what was missed too long ago to be caught up, Vietnamese and English."""
    first, last = (f"{each.astimezone(VIETNAM):%d/%m/%Y %H:%M}" for each in (lapsed.first, lapsed.last))
    return (
        f"đã lỡ {lapsed.count} lần ({first} – {last}), quá hạn chạy bù",
        f"missed {lapsed.count} times ({first} – {last}), too long ago to catch up",
    )


def _long(late: timedelta) -> tuple[str, str]:
    minutes = int(late.total_seconds()) // 60
    if late.days:
        return f"{late.days} ngày", f"{late.days} days"
    if minutes >= 60:
        return f"{minutes // 60} giờ {minutes % 60} phút", f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} phút", f"{minutes} min"


def _require_province(settings: Settings) -> None:
    """Raise UsageError where the simulated province is not up: its silence would be sealed as evidence."""
    for address in settings.registry.canaries[:1]:
        parts = urlsplit(address)
        try:
            socket.create_connection((parts.hostname or "", parts.port or 80), timeout=5).close()
        except OSError as error:
            msg = f"{settings.home}: the simulated province is not up; run `minhchung simulate` beside this"
            raise UsageError(msg) from error
