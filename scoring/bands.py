"""Bands (mức): which one a value lies in, by bounds whose side is declared."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from minhchung.rounds import Band


def band_of(value: Decimal | Fraction, bands: Sequence[Band]) -> Band:
    """Return the best band whose lower bound the value reaches; below every bound, the last one."""
    for band in bands:
        least = Fraction(band.min)
        if value > least or (band.inclusive and value == least):
            return band
    return bands[-1]
