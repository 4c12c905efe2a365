"""Numbers with a point that others wrote: exact, and never so long that reckoning with them does not end."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

MOST_PLACES: Final = 30
"""Digits of a number, and places before or after its point: an exponent of millions fills the memory."""


def decimal_of(text: str, most: int = MOST_PLACES) -> Decimal:
    """Return a number with a point; one of more than `most` places raises ValueError.

    No exact sum ends on an endless one. Raises decimal.InvalidOperation for what is no number.
    """
    number = Decimal(text)
    if number.is_finite() and (abs(number.adjusted()) > most or len(number.as_tuple().digits) > most):
        shown = text if len(text) <= 40 else f"{text[:37]}…"
        raise ValueError(f"{shown} has more than {most} places")
    return number
