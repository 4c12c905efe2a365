"""What a perfect observer, coming on the days of the visits, can know of each dated thing.

The day of publication by rule G8: the printed day where the captures before and at the first sight allow it,
else the earliest day that they allow, else none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from simulator.agencies import Agency
from simulator.almanac import SECOND_QUARTER, VISITS
from simulator.model import Shown

S = TypeVar("S", bound=Shown)


def captures_of(agency: Agency) -> tuple[date, ...]:
    """Return the visits on which the portal's lists could be read."""
    if not agency.is_readable:
        return ()
    missed = {SECOND_QUARTER} if "dark-second-quarter" in agency.temper else set()
    return tuple(day for day in VISITS if day not in missed)


@dataclass(frozen=True, slots=True)
class Sight:
    """When a thing was first seen, and when it was last known to be absent."""

    first: date
    absent: date | None
    """None: no earlier capture."""


def sight_of(thing: Shown, captures: Sequence[date]) -> Sight | None:
    """Return when the observer first saw the thing; None: never."""
    absent = None
    for day in captures:
        if thing.visible_on(day):
            return Sight(day, absent)
        absent = day
    return None


def publication_day(thing: Shown, sight: Sight) -> date | None:
    """Return the day that counts; None: undated."""
    printed = thing.printed
    if printed is None or printed > sight.first:
        return sight.absent
    if sight.absent is not None and printed < sight.absent:
        return sight.absent
    return printed


def distinct(things: Iterable[S], captures: Sequence[date]) -> list[tuple[S, date | None]]:
    """Return every thing seen, once, with the day that counts: of copies the first one seen stands."""
    seen = [(thing, sight) for thing in things if (sight := sight_of(thing, captures))]
    originals = {thing.number for thing, _ in seen if thing.copy_of is None}
    return [
        (thing, publication_day(thing, sight))
        for thing, sight in seen
        if thing.copy_of is None or thing.copy_of not in originals
    ]
