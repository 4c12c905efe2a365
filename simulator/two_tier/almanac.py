"""The year of the two-tier province: its rounds, its reorganisation, the days on which somebody looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from simulator.almanac import is_emptied


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both ends in."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """Return how many they are."""
        return (self.last - self.first).days + 1

    def meet(self, first: date | None, last: date | None) -> Span | None:
        """Return the days that lie between two days as well, None where there are none."""
        both = Span(max(self.first, first or self.first), min(self.last, last or self.last))
        return both if both.first <= both.last else None

    def weeks(self) -> tuple[Span, ...]:
        """Return the weeks, Monday to Sunday, wholly inside that holidays do not empty."""
        monday = self.first + timedelta(days=-self.first.weekday() % 7)
        weeks = []
        while monday + timedelta(days=6) <= self.last:
            if not is_emptied(monday):
                weeks.append(Span(monday, monday + timedelta(days=6)))
            monday += timedelta(days=7)
        return tuple(weeks)


@dataclass(frozen=True, slots=True)
class Assessed:
    """One round: its period and the last day whose evidence counts."""

    key: str
    period: Span
    freeze: date


LAST_OF_OLD: Final = date(2021, 6, 30)
FIRST_OF_NEW: Final = date(2021, 7, 1)
"""The reorganisation: what was ends on the one, what is made of it begins on the other."""

HALF: Final = Assessed("2021-6-thang", Span(date(2021, 1, 1), LAST_OF_OLD), date(2021, 7, 10))
YEAR: Final = Assessed("2021", Span(date(2021, 1, 1), date(2021, 12, 31)), date(2022, 1, 15))

VISITS: Final = (date(2021, 6, 21), date(2021, 6, 28), date(2022, 1, 4), date(2022, 1, 6))
"""Twice before the reorganisation and twice at the close: nothing is absent before it was so on two days."""
