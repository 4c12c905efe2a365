"""How far the places rest on the weights: every weight moved at random, many times, and each one left out.

The draws are floating point, which is why this is no part of scoring: they say how a result would move and
never are one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minhchung.evidence import AgencyCode
from minhchung.index_set import IndexSet
from minhchung.scores import BlocStanding, Standing

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


SetOf = Callable[[str], IndexSet]
"""By which index set a bloc is scored."""


def stability(
    standing: Standing,
    set_of: SetOf,
    *,
    draws: int = 10_000,
    spread: Fraction = Fraction(1, 10),
    seed: int,
) -> tuple[Stability, ...]:
    """Return the places of every ranked agency over so many draws of weights within ± `spread`.

    Each scored component's weight is drawn evenly and on its own; the same seed gives the same draws. Open
    points count at their lower end. Shape: draws x components times components x agencies, bloc by bloc.
    """
    found: list[Stability] = []
    for bloc in standing.blocs:
        field = _Field.of(bloc, set_of(bloc.code))
        if not field.agencies:
            continue
        generator = np.random.Generator(np.random.PCG64(seed))
        moved = generator.uniform(-1.0, 1.0, (draws, len(field.codes)))
        now, places = field.places(field.evenly())[0], field.places(1 + float(spread) * moved)
        for n, agency in enumerate(field.agencies):
            column = places[:, n]
            found.append(
                Stability(
                    agency=agency,
                    place=int(now[n]),
                    best=int(column.min()),
                    worst=int(column.max()),
                    kept=float(np.mean(column == now[n])),
                )
            )
    return tuple(found)


def left_out(standing: Standing, set_of: SetOf) -> tuple[LeftOut, ...]:
    """Return, for each component that moves a place when it is left out, whom it moves; most moves first."""
    moved: dict[str, list[tuple[AgencyCode, int, int]]] = {}
    for bloc in standing.blocs:
        field = _Field.of(bloc, set_of(bloc.code))
        now = field.places(field.evenly())[0]
        for n, code in enumerate(field.codes):
            weights = field.evenly()
            weights[0, n] = 0.0
            then = field.places(weights)[0]
            moved.setdefault(code, []).extend(
                (agency, int(now[i]), int(then[i]))
                for i, agency in enumerate(field.agencies)
                if now[i] != then[i]
            )
    found = [LeftOut(component=code, moved=tuple(whom)) for code, whom in moved.items() if whom]
    return tuple(sorted(found, key=lambda each: -len(each.moved)))


Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Field:
    """The ranked agencies of a bloc as matrices, components x agencies; 0 where a component is left out."""

    codes: list[str]
    agencies: list[AgencyCode]
    earned: Matrix
    maxima: Matrix
    beside: Matrix
    """Bonus and penalty points of each agency, as a share of the scale; no weight moves them."""

    @classmethod
    def of(cls, bloc: BlocStanding, index_set: IndexSet) -> _Field:
        mains = [main for main in index_set.main_index if main.section == "scored"]
        codes = [component.code for main in mains for component in main.component]
        row = {code: n for n, code in enumerate(codes)}
        ranked = [place for place in bloc.places if place.total.ranked]
        earned, maxima = np.zeros((len(codes), len(ranked))), np.zeros((len(codes), len(ranked)))
        beside = np.zeros(len(ranked))
        for column, place in enumerate(ranked):
            for score in place.total.scores:
                if score.component not in row:
                    beside[column] += float(score.low) / float(index_set.scale)
                elif score.counts:
                    earned[row[score.component], column] = float(score.low)
                    maxima[row[score.component], column] = float(score.maximum)
        return cls(codes, [place.agency for place in ranked], earned, maxima, beside)

    def evenly(self) -> Matrix:
        """Return one draw in which every weight is the set's own."""
        return np.ones((1, len(self.codes)))

    def places(self, weights: Matrix) -> NDArray[np.int32]:
        """Return the competition place of every agency in every draw: 1 + how many are above it."""
        countable = weights @ self.maxima
        whole = np.divide(weights @ self.earned, countable, out=np.zeros_like(countable), where=countable > 0)
        totals = whole + self.beside
        places = np.empty(totals.shape, dtype=np.int32)
        for n, line in enumerate(totals):
            places[n] = 1 + np.searchsorted(np.sort(-line), -(line + _EQUAL))
        return places
