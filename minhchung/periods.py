"""Days, weeks and working days, all in the province's own zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import ClassVar, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def _vietnam() -> tzinfo:
    """Return the zone; a bare Python without zone data knows its offset, the same on every day since 1975."""
    try:
        return ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


VIETNAM: Final = _vietnam()
"""The zone of every day in this product."""

SATURDAY: Final = 5
DAYS_A_WEEK: Final = 7


def local_day(instant: datetime) -> date:
    """Return the day in Viet Nam of an aware instant; a naive one raises ValueError."""
    if instant.tzinfo is None:
        msg = f"{instant.isoformat()} has no zone"
        raise ValueError(msg)
    return instant.astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True)
class Period:
    """A span of local days, both ends in."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            msg = f"a period cannot end on {self.last} before it begins on {self.first}"
            raise ValueError(msg)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def days(self) -> Iterator[date]:
        """Yield every day of the period in order."""
        for offset in range(len(self)):
            yield self.first + timedelta(days=offset)

    def weeks(self) -> Iterator[Period]:
        """Yield the ISO weeks (Monday to Sunday) that lie wholly inside the period."""
        monday = self.first + timedelta(days=-self.first.weekday() % DAYS_A_WEEK)
        while (sunday := monday + timedelta(days=DAYS_A_WEEK - 1)) <= self.last:
            yield Period(monday, sunday)
            monday += timedelta(days=DAYS_A_WEEK)

    def meet(self, other: Period) -> Period | None:
        """Return the days both periods hold, or None."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Period(first, last) if first <= last else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """The public holidays and swapped days of the years it covers."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    years: tuple[int, ...]
    """Years this calendar may be asked about."""

    holidays: Mapping[date, str]
    """Days off by law (weekends need no entry), each with the document that says so."""

    worked: Mapping[date, str] = field(default_factory=dict)
    """Weekend days worked instead of another day, each with its document."""

    def covers(self, day: date) -> bool:
        """Say whether the calendar may be asked about this day."""
        return day.year in self.years

    def works(self, day: date) -> bool:
        """Say whether offices work on this day; an uncovered year raises ValueError."""
        if not self.covers(day):
            msg = f"no calendar covers {day.isoformat()}"
            raise ValueError(msg)
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def add_working_days(self, day: date, count: int) -> date:
        """Return the day `count` working days after `day`, which itself is not counted."""
        while count > 0:
            day += timedelta(days=1)
            if self.works(day):
                count -= 1
        return day

    def next_working_day(self, day: date) -> date:
        """Return `day` itself if offices work on it, else the next day on which they do."""
        while not self.works(day):
            day += timedelta(days=1)
        return day
