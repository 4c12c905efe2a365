"""Intervals of small samples against published values and against other ways of computing them."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.intervals import GRID, NORMAL_95, clopper_pearson, kappa


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (8, 10, 0.4439045, 0.9747893),
        (0, 10, 0.0, 0.3084971),
        (10, 10, 0.6915029, 1.0),
        (1, 20, 0.0012651, 0.2487328),
        (682, 925, 0.7076683, 0.7654066),
    ],
)
def test_shares_have_the_ends_that_r_prints(count: int, of: int, low: float, high: float) -> None:
    """`binom.test(x, n)$conf.int` of R; 682 of 925 is the example on its help page (Conover 1971)."""
    found = clopper_pearson(count, of)

    assert float(found[0]) == pytest.approx(low, abs=2e-6)
    assert float(found[1]) == pytest.approx(high, abs=2e-6)


@given(st.integers(0, 60), st.integers(1, 60))
def test_each_end_leaves_at_most_half_the_error_in_its_tail(count: int, of: int) -> None:
    """The definition itself, exact, and no wider than one step of the grid."""
    count = min(count, of)
    low, high = clopper_pearson(count, of)

    assert low <= Fraction(count, of) <= high
    assert _at_least(count, of, low) <= Fraction(1, 40) or low == 0
    assert 1 - _at_least(count + 1, of, high) <= Fraction(1, 40) or high == 1
    assert count == 0 or _at_least(count, of, low + Fraction(1, GRID)) > Fraction(1, 40)
    assert count == of or 1 - _at_least(count + 1, of, high - Fraction(1, GRID)) > Fraction(1, 40)


def _at_least(least: int, of: int, chance: Fraction) -> Fraction:
    return sum(
        (math.comb(of, n) * chance**n * (1 - chance) ** (of - n) for n in range(least, of + 1)), Fraction(0)
    )


def test_of_no_case_nothing_is_known() -> None:
    assert clopper_pearson(0, 0) == (Fraction(0), Fraction(1))
    with pytest.raises(ValueError, match="3 of 2 is no share"):
        clopper_pearson(3, 2)


def test_agreement_beyond_chance() -> None:
    """Two readers of fifty proposals: 20 both yes, 15 both no; 0.70 agreed, 0.50 by chance, kappa 0.40."""
    found = kappa({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}, ("y", "n"))

    assert found is not None
    assert found[0] == Fraction(2, 5)


@given(st.lists(st.integers(1, 30), min_size=9, max_size=9))
def test_the_variance_of_kappa_is_that_of_the_delta_method(counts: list[int]) -> None:
    """Fleiss, Cohen and Everitt (1969) derived it so; here from numerical derivatives of a multinomial."""
    labels = ("a", "b", "c")
    pairs = dict(zip(product(labels, labels), counts, strict=True))
    total = sum(counts)
    p = {pair: count / total for pair, count in pairs.items()}
    step = 1e-6
    slope = {
        pair: (_kappa({**p, pair: p[pair] + step}) - _kappa({**p, pair: p[pair] - step})) / (2 * step)
        for pair in p
    }
    mean = sum(p[pair] * slope[pair] for pair in p)
    variance = (sum(p[pair] * slope[pair] ** 2 for pair in p) - mean**2) / total

    found = kappa(pairs, labels)

    assert found is not None
    value, (low, high) = found
    reach = float(NORMAL_95) * math.sqrt(max(variance, 0))
    assert float(low) == pytest.approx(max(-1, float(value) - reach), abs=1e-4)
    assert float(high) == pytest.approx(min(1, float(value) + reach), abs=1e-4)


def _kappa(p: dict[tuple[str, str], float]) -> float:
    """Return kappa as a plain function of the nine shares, in floats."""
    labels = ("a", "b", "c")
    observed = sum(p[a, a] for a in labels)
    expected = sum(sum(p[a, b] for b in labels) * sum(p[b, a] for b in labels) for a in labels)
    return (observed - expected) / (1 - expected)


def test_where_chance_explains_everything_kappa_is_not_defined() -> None:
    assert kappa({("a", "a"): 12}, ("a", "b")) is None
    assert kappa({}, ("a", "b")) is None
    whole = kappa({("a", "a"): 6, ("b", "b"): 6}, ("a", "b"))
    assert whole is not None
    assert whole[0] == 1
