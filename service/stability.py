"""How far the places rest on the weights: every weight moved at random, many times, and each one left out.

The draws are floating point, which is why this is no part of scoring: they say how a result would move and
never are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minhchung.evidence import AgencyCode
from minhchung.index_set import IndexSet
from minhchung.scores import BlocStanding, Score, Standing

_EQUAL: Final = 1e-9
"""Totals closer than this are equal: a draw rounds like floating point, not like a decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """One agency's places over all draws of weights."""

    agency: AgencyCode
    place: int
    """With the weights of the set, on what is proven, unrounded."""

    best: int
    worst: int
    kept: float
    """Share of draws in which it has the place of now, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What happens to the places when one component is left out."""

    component: str
    moved: tuple[tuple[AgencyCode, int, int], ...]
    """(agency, place with it, place without it), of those that move."""


def stability(
    standing: Standing,
    index_set: IndexSet,
    *,
    draws: int = 10_000,
    spread: Fraction = Fraction(1, 10),
    seed: int,
) -> tuple[Stability, ...]:
    """Return the places of every ranked agency over so many draws of weights within ± `spread`.

    Each component's weight is drawn evenly and on its own; the same seed gives the same draws. Open points
    count at their lower end. Shape: draws x components times components x agencies, bloc by bloc.
    """
    codes = [component.code for component in index_set.components()]
    generator = np.random.Generator(np.random.PCG64(seed))
    weights = 1 + float(spread) * generator.uniform(-1.0, 1.0, (draws, len(codes)))
    found: list[Stability] = []
    for bloc in standing.blocs:
        agencies, earned, maxima = _matrices(bloc, codes)
        if not agencies:
            continue
        now = _places(_totals(np.ones((1, len(codes))), earned, maxima))[0]
        places = _places(_totals(weights, earned, maxima))
        for n, agency in enumerate(agencies):
            column = places[:, n]
            kept = float(np.mean(column == now[n]))
            found.append(
                Stability(
                    agency=agency,
                    place=int(now[n]),
                    best=int(column.min()),
                    worst=int(column.max()),
                    kept=kept,
                )
            )
    return tuple(found)


def left_out(standing: Standing, index_set: IndexSet) -> tuple[LeftOut, ...]:
    """Return, for each component that moves a place when it is left out, whom it moves; most moves first."""
    codes = [component.code for component in index_set.components()]
    found = []
    for n, code in enumerate(codes):
        weights = np.ones((1, len(codes)))
        weights[0, n] = 0.0
        moved: list[tuple[AgencyCode, int, int]] = []
        for bloc in standing.blocs:
            agencies, earned, maxima = _matrices(bloc, codes)
            now = _places(_totals(np.ones((1, len(codes))), earned, maxima))[0]
            then = _places(_totals(weights, earned, maxima))[0]
            moved += [(a, int(now[i]), int(then[i])) for i, a in enumerate(agencies) if now[i] != then[i]]
        if moved:
            found.append(LeftOut(component=code, moved=tuple(moved)))
    return tuple(sorted(found, key=lambda each: -len(each.moved)))


Matrix = NDArray[np.float64]


def _matrices(bloc: BlocStanding, codes: Sequence[str]) -> tuple[list[AgencyCode], Matrix, Matrix]:
    """Return a bloc's ranked agencies, their points and maxima: components x agencies, 0 where left out."""
    ranked = [place for place in bloc.places if place.total.ranked]
    earned, maxima = np.zeros((len(codes), len(ranked))), np.zeros((len(codes), len(ranked)))
    row = {code: n for n, code in enumerate(codes)}
    for column, place in enumerate(ranked):
        for score in place.total.scores:
            if score.counts:
                _enter(earned, maxima, row[score.component], column, score)
    return [place.agency for place in ranked], earned, maxima


def _enter(earned: Matrix, maxima: Matrix, row: int, column: int, score: Score) -> None:
    earned[row, column] = float(score.low)
    maxima[row, column] = float(score.maximum)


def _totals(weights: Matrix, earned: Matrix, maxima: Matrix) -> Matrix:
    """Return each draw's total of each agency as a share of what counts; 0 where nothing does."""
    countable = weights @ maxima
    shares = np.divide(weights @ earned, countable, out=np.zeros_like(countable), where=countable > 0)
    return np.asarray(shares, dtype=np.float64)


def _places(totals: Matrix) -> NDArray[np.int32]:
    """Return the competition place of every agency in every draw: 1 + how many are above it."""
    places = np.empty(totals.shape, dtype=np.int32)
    for n, row in enumerate(totals):
        places[n] = 1 + np.searchsorted(np.sort(-row), -(row + _EQUAL))
    return places
