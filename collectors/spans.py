"""Months and years that a service system is asked about, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from minhchung.periods import Period


def month_of(day: date) -> tuple[date, date]:
    """Return first and last day of the month that a day lies in."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def whole_months(period: Period, *, with_year: bool = False) -> Iterator[tuple[date, date]]:
    """Yield the months that lie wholly in a period; `with_year` adds those of its last day's whole year.

    A year's own figure can only be compared with all of its months.
    """
    last_year = period.last.year
    day = period.first
    end = date(last_year, 12, 31) if with_year else period.last
    if with_year and day > date(last_year, 1, 1):
        day = date(last_year, 1, 1)
    while day <= end:
        first, last = month_of(day)
        if (first >= period.first and last <= period.last) or (with_year and first.year == last_year):
            yield first, last
        day = last + timedelta(days=1)
