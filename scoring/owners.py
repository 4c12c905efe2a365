"""Figures of the owners of shared systems: which of them speak of a round, and which of several stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from minhchung.evidence import AgencyCode
from minhchung.index_set import InputSpec
from minhchung.measurements import Input, Origin
from minhchung.rounds import Round
from minhchung.submissions import OwnerFigure


def speaks_of(figure: OwnerFigure, round_: Round) -> bool:
    """Say whether an owner's figure is one of a round: a list in force, a number of days within it.

    A number may be of a single day, as a stock is; of days outside it counts something else.
    """
    if figure.value is None:
        return figure.first <= round_.period.last
    return round_.period.first <= figure.first and figure.last <= round_.freeze


def of_round(
    figures: Mapping[AgencyCode, Sequence[OwnerFigure]], round_: Round
) -> dict[AgencyCode, tuple[OwnerFigure, ...]]:
    """Return the figures that speak of a round, by agency."""
    return {code: tuple(one for one in given if speaks_of(one, round_)) for code, given in figures.items()}


def owner_input(spec: InputSpec, figures: Sequence[OwnerFigure]) -> Input | None:
    """Return the owner's figure for an input, or None; of several the one of the latest span stands."""
    if Origin.OWNER not in spec.origins:
        return None
    fitting = [figure for figure in figures if figure.input == spec.name]
    if not fitting:
        return None
    last = max(fitting, key=lambda figure: (figure.last, figure.first, figure.document, str(figure.value)))
    value = last.value
    if value is None:
        value = frozenset(last.codes) if spec.role == "items" else Fraction(len(set(last.codes)))
    return Input(value=value, origin=Origin.OWNER)
