"""Where exactness ends, and how numbers are written: decimal comma, exact fractions beside."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

Mode = Literal["half_up", "half_even", "down"]

SHOWN_DECIMALS: Final = 2
"""Decimals of a number that only illustrates an exact fraction."""


def half_up(value: Fraction, decimals: int) -> Decimal:
    """Return the value rounded half-up (away from zero) to so many decimals."""
    return quantised(value, decimals, "half_up")


def quantised(value: Fraction, decimals: int, mode: Mode) -> Decimal:
    """Return the value with so many decimals: the only rounding there is, in a round's declared mode."""
    scaled = abs(value) * 10**decimals
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    doubled = 2 * rest - scaled.denominator
    if mode != "down" and (doubled > 0 or (doubled == 0 and (mode == "half_up" or whole % 2))):
        whole += 1
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((int(value < 0 and whole > 0), digits, -decimals))


def comma(value: Decimal) -> str:
    """Return a decimal as printed in Viet Nam: `86,2`."""
    return f"{value:f}".replace(".", ",")


def rounded(value: Fraction, decimals: int = SHOWN_DECIMALS) -> str:
    """Return a number rounded half-up, with decimal comma."""
    return comma(half_up(value, decimals))


def exact(value: Fraction) -> str:
    """Return a number without loss: `2,25` where two decimals suffice, else `59/39 (≈ 1,51)`."""
    if value.denominator == 1:
        return str(value.numerator)
    if (value * 10**SHOWN_DECIMALS).denominator == 1:
        return rounded(value).rstrip("0")
    return f"{value.numerator}/{value.denominator} (≈ {rounded(value)})"


def bare(value: Fraction) -> str:
    """Return a number without loss and without illustration: `2,25` or `59/39`."""
    return exact(value).partition(" ")[0]


def percent(value: Fraction, decimals: int = 1) -> str:
    """Return a share as a percentage: `43,0%`."""
    return f"{rounded(value * 100, decimals)}%"
