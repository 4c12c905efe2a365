"""Figures of the owners of shared systems: which one stands where several were sent."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from minhchung.index_set import InputSpec
from minhchung.measurements import Input, Origin
from minhchung.submissions import OwnerFigure


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
