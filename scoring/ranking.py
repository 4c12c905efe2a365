"""Places in one bloc, by the round's declared ranking and ties.

Where points are open, its own or another's, an agency has a best and a worst place instead of one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from minhchung.rounds import Round
from minhchung.scores import Place, Total
from scoring.bands import banded

Key = tuple[Fraction, ...]
"""What equals are equal in: the total, then the main indices that break ties."""


def rank(totals: Sequence[Total], round_: Round) -> tuple[Place, ...]:
    """Place the totals of one bloc, given in registry order; unranked ones stand last, at place 0."""
    field = _Field.of([total for total in totals if total.ranked], round_)
    placed = [_place(total, field, round_) for total in totals]
    order = {total.agency: number for number, total in enumerate(totals)}
    return tuple(sorted(placed, key=lambda place: _printed_order(place, order[place.agency], round_)))


def _place(total: Total, field: _Field, round_: Round) -> Place:
    worst, best = banded(total, round_)
    low, high = _keys(total, round_)
    return Place(
        agency=total.agency,
        best=field.best(high) if total.ranked else 0,
        worst=field.worst(low, open_=low != high) if total.ranked else 0,
        total=total,
        band_low=worst.code,
        band_high=best.code,
    )


def _keys(total: Total, round_: Round) -> tuple[Key, Key]:
    raw = round_.equal_on == "raw"
    low, high = (total.low, total.high) if raw else (total.published_low, total.published_high)
    mains = {code: (least, most) for code, least, most in total.main_indices}
    ties = [mains[code] for code in round_.tie_break if code in mains]
    return (
        (Fraction(low), *(least for least, _ in ties)),
        (Fraction(high), *(most for _, most in ties)),
    )


@dataclass(frozen=True, slots=True)
class _Field:
    """The ranked totals of a bloc, sorted once, so that a place costs a search and not a comparison each."""

    lows: list[Key]
    highs: list[Key]
    stabs: list[Key]
    """Dense ranking: the fewest values that the totals can share, rising."""

    values: list[Key]
    """Dense ranking: settled values, each once, rising."""

    open_highs: list[Key]
    dense: bool

    @classmethod
    def of(cls, totals: Sequence[Total], round_: Round) -> _Field:
        keys = [_keys(total, round_) for total in totals]
        return cls(
            lows=sorted(low for low, _ in keys),
            highs=sorted(high for _, high in keys),
            stabs=_stabs(keys),
            values=sorted({low for low, high in keys if low == high}),
            open_highs=sorted(high for low, high in keys if low != high),
            dense=round_.ranking == "dense",
        )

    def best(self, high: Key) -> int:
        """Return one more than those who are better for certain."""
        better = self.stabs if self.dense else self.lows
        return 1 + len(better) - bisect_right(better, high)

    def worst(self, low: Key, *, open_: bool) -> int:
        """Return one more than those who may be better; an open total is not better than itself."""
        own = int(open_)
        if not self.dense:
            return 1 + len(self.highs) - bisect_right(self.highs, low) - own
        settled = len(self.values) - bisect_right(self.values, low)
        return 1 + settled + len(self.open_highs) - bisect_right(self.open_highs, low) - own


def _stabs(keys: Sequence[tuple[Key, Key]]) -> list[Key]:
    """Return the low ends of the most totals that lie wholly above one another, from the top down."""
    found: list[Key] = []
    for low, high in sorted(keys, key=lambda pair: pair[0], reverse=True):
        if not found or high < found[-1]:
            found.append(low)
    return found[::-1]


def _printed_order(place: Place, registry: int, round_: Round) -> tuple[object, ...]:
    """Order by what is proven; among equals by the round's declared tie order."""
    total = place.total
    low, high = _keys(total, round_)
    keys: list[object] = [
        not total.ranked,
        -total.published_low,
        [-part for part in low],
        -total.published_high,
        [-part for part in high],
    ]
    for tie in round_.tie_order:
        match tie:
            case "raw_total":
                keys += [-total.low, -total.high]
            case "registry":
                keys.append(registry)
    return (*keys, registry)
