"""Bands (mức): which one a value lies in, by bounds whose side is declared; and which value that is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from minhchung.rounds import Band, Round
from minhchung.scores import Total
from scoring.numerals import quantised


def band_of(value: Decimal | Fraction, bands: Sequence[Band]) -> Band:
    """Return the best band whose lower bound the value reaches; below every bound, the last one."""
    for band in bands:
        least = Fraction(band.min)
        if value > least or (band.inclusive and value == least):
            return band
    return bands[-1]


def published(total: Total, round_: Round) -> tuple[Decimal, Decimal]:
    """Return both ends of a total in the round's unit, as published."""
    if round_.band_unit == "points":
        return total.published_low, total.published_high
    low, high = (_percent(Fraction(end), total) for end in (total.published_low, total.published_high))
    rounding = round_.rounding
    return (
        quantised(low, rounding.percent_decimals, rounding.mode),
        quantised(high, rounding.percent_decimals, rounding.mode),
    )


def raw(total: Total, round_: Round) -> tuple[Fraction, Fraction]:
    """Return both ends of a total in the round's unit, exact."""
    if round_.band_unit == "points":
        return total.low, total.high
    return _percent(total.low, total), _percent(total.high, total)


def banded(total: Total, round_: Round) -> tuple[Band, Band]:
    """Return the bands at both ends of a total, on the value that the round declares."""
    low, high = raw(total, round_) if round_.band_on == "raw" else published(total, round_)
    return band_of(low, round_.bands), band_of(high, round_.bands)


def _percent(value: Fraction, total: Total) -> Fraction:
    return 100 * value / total.maximum
