"""Rounding and writing of numbers."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.numerals import bare, comma, exact, half_up, percent


def test_a_tie_goes_up() -> None:
    """Decision 3234/QĐ-UBND: (78.2 + 80.7) / 2 = 79.45 is published as 79.5."""
    assert half_up(Fraction("79.45"), 1) == Decimal("79.5")
    assert half_up(Fraction("84.949999"), 1) == Decimal("84.9")
    assert half_up(Fraction("-0.25"), 1) == Decimal("-0.3")


@given(st.decimals(min_value=-1000, max_value=1000, places=4), st.integers(0, 3))
def test_rounding_agrees_with_decimal_half_up(value: Decimal, decimals: int) -> None:
    """On values that Decimal can hold exactly, both must say the same."""
    expected = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    assert half_up(Fraction(value), decimals) == expected


@given(
    st.fractions(min_value=0, max_value=1000), st.fractions(min_value=0, max_value=1000), st.integers(0, 3)
)
def test_rounding_never_changes_an_order(one: Fraction, other: Fraction, decimals: int) -> None:
    low, high = sorted((one, other))

    assert half_up(low, decimals) <= half_up(high, decimals)


@given(st.fractions(min_value=0, max_value=1000), st.integers(0, 3))
def test_rounding_moves_a_value_by_half_a_unit_at_most(value: Fraction, decimals: int) -> None:
    assert abs(Fraction(half_up(value, decimals)) - value) <= Fraction(1, 2 * 10**decimals)


def test_numbers_are_written_as_in_viet_nam() -> None:
    assert comma(Decimal("86.2")) == "86,2"
    assert exact(Fraction(9, 4)) == "2,25"
    assert exact(Fraction(5, 2)) == "2,5"
    assert exact(Fraction(59, 39)) == "59/39 (≈ 1,51)"
    assert bare(Fraction(59, 39)) == "59/39"
    assert exact(Fraction(12)) == "12"
    assert percent(Fraction(1, 3)) == "33,3%"
