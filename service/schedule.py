"""The timetable: what is due is computed from it and from what was claimed; APScheduler only ticks.

Nothing here is stored. A moment of the timetable is *due* once it lies behind us and nobody has claimed it;
the claims are the store's. Of several missed moments the newest alone is due, once, and says how late it is.
APScheduler has no types: this is the one module that imports it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from minhchung.errors import ConfigError
from minhchung.periods import VIETNAM
from minhchung.sources import ScheduleEntryConfig, Timetable

TICK_SECONDS: Final = 20

PUNCTUAL: Final = timedelta(minutes=2)
"""A run that begins later than this after its moment says so."""

MOST_COUNTED: Final = 1000
"""Missed moments are counted up to here."""

_WEEKDAYS: Final = "mon, tue, wed, thu, fri, sat, sun"
_FIELDS: Final = 5
_KEY: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One run that should happen now."""

    entry: ScheduleEntryConfig
    fire_at: datetime
    """Aware, UTC: the moment of the timetable it stands for; what is claimed."""

    late: timedelta
    """How long ago that moment was."""

    missed: int
    """Earlier moments that nobody claimed and that this run stands in for."""

    @property
    def punctual(self) -> bool:
        """Say whether the run is neither late nor stands in for others."""
        return self.late <= PUNCTUAL and not self.missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """Moments that passed unclaimed too long ago to be caught up: reported only."""

    entry: ScheduleEntryConfig
    first: datetime
    last: datetime
    count: int
    """At most `MOST_COUNTED`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the timetable asks for at one instant."""

    due: tuple[Due, ...] = ()
    lapsed: tuple[Lapsed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One line of the timetable with its neighbours in time."""

    entry: ScheduleEntryConfig
    next_at: datetime | None
    """Aware, UTC; None: this cron never fires again."""

    last_at: datetime | None
    """The newest claimed moment, aware, UTC; None: never run."""

    overdue: Due | None = None
    lapsed: Lapsed | None = None


def trigger_of(entry: ScheduleEntryConfig, where: str = "timetable.toml") -> CronTrigger:
    """Return the evaluated cron of one line, in local time; raises ConfigError.

    Weekdays must be named: APScheduler counts them from Monday = 0, every other cron from Sunday = 0.
    """
    key = f"schedule {entry.key}.cron"
    fields = entry.cron.split()
    if len(fields) != _FIELDS:
        fault = f"{entry.cron!r} has {len(fields)} fields, not {_FIELDS}"
        raise ConfigError(where, key, fault, "write minute, hour, day, month, weekday")
    if any(letter.isdigit() for letter in fields[-1].partition("/")[0]):
        raise ConfigError(where, key, f"weekday {fields[-1]!r} is a number", f"name it: {_WEEKDAYS}")
    try:
        return CronTrigger.from_crontab(entry.cron, timezone=VIETNAM)
    except ValueError as error:
        raise ConfigError(
            where, key, f"{entry.cron!r} is no cron expression: {error}", "correct it"
        ) from error


def check(timetable: Timetable, where: str = "timetable.toml") -> None:
    """Raise ConfigError for a bad key, for two lines of one key and for a bad cron."""
    seen: set[str] = set()
    for entry in timetable.schedule:
        if not _KEY.fullmatch(entry.key):
            fault = f"{entry.key!r} is no key"
            raise ConfigError(where, "schedule.key", fault, "use unaccented kebab-case")
        if entry.key in seen:
            raise ConfigError(where, f"schedule {entry.key}", "this key stands twice", "rename one")
        seen.add(entry.key)
        trigger_of(entry, where)
    if timetable.catch_up_days < 0:
        raise ConfigError(where, "catch_up_days", "is negative", "write 0 or more")


def moments(entry: ScheduleEntryConfig, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the moments of one line in (after, until], aware, UTC."""
    trigger = trigger_of(entry)
    moment = trigger.get_next_fire_time(None, after + timedelta(microseconds=1))
    while moment is not None and moment <= until:
        yield moment.astimezone(UTC)
        moment = trigger.get_next_fire_time(None, moment + timedelta(microseconds=1))


def next_moment(entry: ScheduleEntryConfig, now: datetime) -> datetime | None:
    """Return the first moment of one line after `now`, aware, UTC, or None where there is none."""
    moment: datetime | None = trigger_of(entry).get_next_fire_time(None, now + timedelta(microseconds=1))
    return None if moment is None else moment.astimezone(UTC)


def due(timetable: Timetable, claims: Mapping[str, datetime], now: datetime) -> Plan:
    """Return what is due at `now`, an aware instant.

    `claims` holds the newest claimed moment of each line that was ever run. A line that never was looks
    back no further than `catch_up_days`, and has nothing to report from before.
    """
    found = [
        _judge(entry, claims.get(entry.key), timetable.catch_up_days, now) for entry in timetable.schedule
    ]
    return Plan(
        due=tuple(sorted((d for d, _ in found if d is not None), key=lambda d: d.fire_at)),
        lapsed=tuple(lapsed for _, lapsed in found if lapsed is not None),
    )


def _judge(
    entry: ScheduleEntryConfig, claimed: datetime | None, days: int, now: datetime
) -> tuple[Due | None, Lapsed | None]:
    horizon = now - timedelta(days=days)
    lapsed = None
    if claimed is not None and claimed < horizon:
        # A thousand are enough to say "many"; the newest of them need not be exact then.
        old = list(islice(moments(entry, claimed, horizon), MOST_COUNTED))
        if old:
            lapsed = Lapsed(entry=entry, first=old[0], last=old[-1], count=len(old))
    waiting = list(moments(entry, max(claimed or horizon, horizon), now))
    if not waiting:
        return None, lapsed
    newest = waiting[-1]
    # Before its first run a line was nobody's to miss.
    missed = 0 if claimed is None else len(waiting) - 1
    return Due(entry=entry, fire_at=newest, late=now - newest, missed=missed), lapsed


def planned(timetable: Timetable, claims: Mapping[str, datetime], now: datetime) -> tuple[Planned, ...]:
    """Return every line of the timetable with its last and next moments and what it is late with."""
    plan = due(timetable, claims, now)
    overdue = {d.entry.key: d for d in plan.due}
    lapsed = {each.entry.key: each for each in plan.lapsed}
    return tuple(
        Planned(
            entry=entry,
            next_at=next_moment(entry, now),
            last_at=claims.get(entry.key),
            overdue=overdue.get(entry.key),
            lapsed=lapsed.get(entry.key),
        )
        for entry in timetable.schedule
    )


class Ticker:
    """Calls `tick` at once and then every `seconds`, in one thread, never twice at a time."""

    def __init__(
        self, tick: Callable[[], None], report: Callable[[str], None], seconds: float = TICK_SECONDS
    ) -> None:
        self._report = report
        # Ticks that fall into a long run are expected here, and APScheduler warns of each.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone=VIETNAM, executors={"default": ThreadPoolExecutor(max_workers=1)}
        )
        self._scheduler.add_listener(self._heard, EVENT_JOB_MISSED | EVENT_JOB_ERROR)
        self._scheduler.add_job(
            tick,
            IntervalTrigger(seconds=seconds, timezone=VIETNAM),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(VIETNAM),
        )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking and wait for the tick that is under way."""
        self._scheduler.shutdown(wait=True)

    def _heard(self, event: Any) -> None:
        fault = getattr(event, "exception", None)
        if fault is None:
            self._report(f"a tick of {event.scheduled_run_time:%H:%M:%S} was missed")
        else:
            self._report(f"a tick failed: {fault!r}\n{event.traceback}")
