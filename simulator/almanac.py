"""The simulated year: the assessed period, its holidays, and the days on which somebody looks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

FIRST: Final = date(2020, 11, 1)
LAST: Final = date(2021, 10, 31)
"""Both ends belong to the period; days are local (Asia/Ho_Chi_Minh)."""

DAYS: Final = (LAST - FIRST).days + 1

VISITS: Final = (date(2021, 2, 1), date(2021, 5, 4), date(2021, 8, 3), date(2021, 11, 2), date(2021, 11, 4))
"""Three quarterly looks at the lists, then the close on two days."""

CLOSE: Final = VISITS[-2:]
SECOND_QUARTER: Final = VISITS[1]

HOLIDAYS: Final = frozenset(
    {
        date(2021, 1, 1),
        *(date(2021, 2, 10) + timedelta(days=n) for n in range(7)),
        date(2021, 4, 21),
        date(2021, 4, 30),
        date(2021, 5, 3),
        date(2021, 9, 2),
        date(2021, 9, 3),
    }
)
_SATURDAY: Final = 5
_HOLIDAYS_THAT_EMPTY_A_WEEK: Final = 3


def in_period(day: date) -> bool:
    """Tell whether the day belongs to the assessed period."""
    return FIRST <= day <= LAST


def is_working_day(day: date) -> bool:
    """Tell whether offices are open."""
    return day.weekday() < _SATURDAY and day not in HOLIDAYS


def after_working_days(day: date, count: int) -> date:
    """Return the day that lies `count` working days later, the day itself not counted."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def this_or_next_working_day(day: date) -> date:
    """Return the day itself, or the next one on which offices are open."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_emptied(monday: date) -> bool:
    """Tell whether holidays empty the week of a Monday."""
    off = sum(monday + timedelta(days=n) in HOLIDAYS for n in range(_SATURDAY))
    return off >= _HOLIDAYS_THAT_EMPTY_A_WEEK


def counted_weeks() -> tuple[date, ...]:
    """Return the Mondays of the weeks wholly inside the period that holidays do not empty."""
    mondays = []
    monday = FIRST + timedelta(days=-FIRST.weekday() % 7)
    while monday + timedelta(days=6) <= LAST:
        if not is_emptied(monday):
            mondays.append(monday)
        monday += timedelta(days=7)
    return tuple(mondays)


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())
