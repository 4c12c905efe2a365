"""Places: standard competition ranking (1224) in one bloc, equal on the published total.

Where points are open, its own or another's, an agency has a best and a worst place instead of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from minhchung.rounds import Round
from minhchung.scores import Place, Total
from scoring.bands import band_of


def rank(totals: Sequence[Total], round_: Round) -> tuple[Place, ...]:
    """Place the totals of one bloc, given in registry order; unranked ones stand last, at place 0."""
    placed = [_place(total, totals, round_) for total in totals]
    order = {total.agency: number for number, total in enumerate(totals)}
    return tuple(sorted(placed, key=lambda place: _printed_order(place, order[place.agency], round_)))


def _place(total: Total, totals: Sequence[Total], round_: Round) -> Place:
    others = [other for other in totals if other.ranked and other is not total]
    low, high = _banded(total, round_)
    return Place(
        agency=total.agency,
        best=1 + sum(other.published_low > total.published_high for other in others) if total.ranked else 0,
        worst=1 + sum(other.published_high > total.published_low for other in others) if total.ranked else 0,
        total=total,
        band_low=band_of(low, round_.bands).code,
        band_high=band_of(high, round_.bands).code,
    )


def _banded(total: Total, round_: Round) -> tuple[Decimal | Fraction, Decimal | Fraction]:
    if round_.band_on == "raw":
        return total.low, total.high
    return total.published_low, total.published_high


def _printed_order(place: Place, registry: int, round_: Round) -> tuple[object, ...]:
    """Order by what is proven; among equals by the round's declared tie order."""
    total = place.total
    keys: list[object] = [not total.ranked, -total.published_low, -total.published_high]
    for tie in round_.tie_order:
        match tie:
            case "raw_total":
                keys += [-total.low, -total.high]
            case "registry":
                keys.append(registry)
    return (*keys, registry)
