"""Intervals of small samples, exact: Clopper and Pearson for shares, Cohen's kappa for agreement."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Final

GRID: Final = 1_000_000
"""Ends of an interval are multiples of 1/GRID, rounded outwards."""

NORMAL_95: Final = Fraction(1_959_963_984_540, 10**12)
"""Two-sided 95 % point of the standard normal distribution."""

Ends = tuple[Fraction, Fraction]


def clopper_pearson(count: int, of: int, *, error: Fraction = Fraction(1, 20)) -> Ends:
    """Return the exact interval of a share: it misses the true one in at most `error` of all samples.

    Clopper and Pearson, Biometrika 26 (1934): each end leaves half the error in its binomial tail. Of no
    case nothing is known: 0 to 1.
    """
    if not 0 <= count <= of:
        msg = f"{count} of {of} is no share"
        raise ValueError(msg)
    low, high = Fraction(0), Fraction(1)
    if count > 0:
        # The greatest p of the grid with P(X >= count) <= error / 2.
        low = Fraction(_last(lambda p: _upper_tail(count, of, p) <= error / 2), GRID)
    if count < of:
        high = Fraction(_last(lambda p: _upper_tail(count + 1, of, p) < 1 - error / 2) + 1, GRID)
    return low, high


def _last(holds: Callable[[int], bool]) -> int:
    """Return the last point of the grid for which something holds that holds from 0 up to some point."""
    low, high = 0, GRID
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _upper_tail(least: int, of: int, point: int) -> Fraction:
    """Return P(X >= least) of `of` trials with the chance point/GRID, exact."""
    ways = sum(math.comb(of, n) * point**n * (GRID - point) ** (of - n) for n in range(least, of + 1))
    return Fraction(ways, GRID**of)


def kappa(pairs: Mapping[tuple[str, str], int], labels: Sequence[str]) -> tuple[Fraction, Ends] | None:
    """Return Cohen's kappa of two people's labels with its 95 % interval; None where it is not defined.

    `pairs` counts the cases by (label of one, label of the other). The variance is that of Fleiss, Cohen and
    Everitt, Psychological Bulletin 72 (1969), for large samples; the interval is cut at -1 and 1. It is not
    defined without cases, or where both gave one and the same label to all.
    """
    total = sum(pairs.values())
    if not total:
        return None
    p = {(a, b): Fraction(pairs.get((a, b), 0), total) for a, b in product(labels, labels)}
    rows = {a: sum((p[a, b] for b in labels), Fraction(0)) for a in labels}
    columns = {b: sum((p[a, b] for a in labels), Fraction(0)) for b in labels}
    observed = sum((p[a, a] for a in labels), Fraction(0))
    expected = sum((rows[a] * columns[a] for a in labels), Fraction(0))
    if expected == 1:
        return None
    value = (observed - expected) / (1 - expected)
    same = sum((p[a, a] * (1 - (rows[a] + columns[a]) * (1 - value)) ** 2 for a in labels), Fraction(0))
    apart = sum(
        (p[a, b] * (columns[a] + rows[b]) ** 2 for a, b in product(labels, repeat=2) if a != b), Fraction(0)
    )
    spread = same + (1 - value) ** 2 * apart - (value - expected * (1 - value)) ** 2
    reach = _root(NORMAL_95**2 * max(spread, Fraction(0)) / (total * (1 - expected) ** 2))
    return value, (max(Fraction(-1), value - reach), min(Fraction(1), value + reach))


def _root(square: Fraction) -> Fraction:
    """Return the square root, rounded up to the grid."""
    scaled = square * GRID**2
    root = math.isqrt(scaled.numerator // scaled.denominator)
    return Fraction(root if root**2 == scaled else root + 1, GRID)
