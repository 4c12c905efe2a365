"""Whether two sets of inputs lie on different sides of a step, a cut-off, a target or an item."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from minhchung.index_set import Component
from minhchung.measurements import Input, Value
from scoring.inputs import number_of, parts_of
from scoring.rules import points

_CONTINUOUS: Final = frozenset({"ratio", "ratio_target", "ratio_cutoff", "weighted_ratio"})
"""Types whose points move with every case: there only what is declared as a bound can be crossed."""


def crosses(component: Component, one: Mapping[str, Input], other: Mapping[str, Input]) -> bool:
    """Say whether something declared lies between two sets of inputs.

    Where the best peer decides, every difference does: it moves the points of all the others.
    """
    if component.formula.type == "best_peer":
        return True
    if component.formula.type in _CONTINUOUS:
        return _side(component, one) != _side(component, other)
    return _worth(component, one) != _worth(component, other)


def _worth(component: Component, inputs: Mapping[str, Input]) -> tuple[Fraction, Fraction, bool]:
    found = points(component, inputs)
    return found.low, found.high, found.applicable


def _side(component: Component, inputs: Mapping[str, Input]) -> tuple[bool, ...]:
    """Return on which side of each bound a ratio lies: cut-off, target, cap, few cases."""
    values = {name: given.value for name, given in inputs.items()}
    num, den = _numerator(component, values), number_of(component, values, "den")
    if num is None or not den:
        return (False,)
    formula, ratio = component.formula, num / den
    target = Fraction(formula.target) if formula.target is not None else None
    bounds = (formula.cutoff, target, Fraction(formula.cap) * (target or 1))
    few = formula.min_denominator is not None and den < formula.min_denominator
    return (True, few, *(ratio >= Fraction(bound) for bound in bounds if bound is not None))


def _numerator(component: Component, values: Mapping[str, Value]) -> Fraction | None:
    """Return what is divided: the cases, of parts each with its weight; None where it is not known."""
    if component.formula.type != "weighted_ratio":
        return number_of(component, values, "num")
    parts = parts_of(component, values)
    return None if parts is None else sum((n * Fraction(spec.weight) for spec, n in parts), Fraction(0))
