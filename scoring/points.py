"""What inputs are worth: points at both ends, with the arithmetic in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from minhchung.index_set import Component
from scoring.numerals import bare


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What inputs are worth under a component's rule."""

    low: Fraction
    high: Fraction
    """Above `low` only where items are open, a denominator is missing or a peer is not settled."""

    steps: tuple[str, ...]
    """The arithmetic, one Vietnamese line a step."""

    applicable: bool = True
    """False where a denominator of 0 takes the component out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The best quantity that the others reach, where a component is normalised by the best."""

    low: Fraction
    """What is proven; 0 where nothing is."""

    high: Fraction | None
    """None: an unmeasured peer may have reached anything."""


def maximum(component: Component) -> Fraction:
    """Return the most that a component can bring."""
    return Fraction(component.points)


def least(component: Component) -> Fraction:
    """Return the least that a component can bring: 0, or less where it may cost points."""
    formula = component.formula
    match formula.type:
        case "deduction":
            return Fraction(formula.floor)
        case "sum":
            return sum((least(component.part(part)) for part in formula.parts), Fraction(0))
        case "best_of":
            return max((least(component.part(part)) for part in formula.parts), default=Fraction(0))
        case _:
            return Fraction(0)


def settled(value: Fraction, *steps: str) -> Points:
    """Return points that are certain."""
    return Points(low=value, high=value, steps=steps)


def unsettled(component: Component, why: str) -> Points:
    """Return points that may be anything from the least to the most."""
    return Points(low=least(component), high=maximum(component), steps=(why,))


def nothing_to_divide_by(component: Component) -> Points:
    """Return what the set says a denominator of 0 is worth."""
    full = maximum(component)
    match component.formula.if_den_zero:
        case "zero":
            return settled(Fraction(0), "Mẫu số bằng 0: theo bộ chỉ số, 0 điểm")
        case "full":
            return settled(full, f"Mẫu số bằng 0: theo bộ chỉ số, đủ {bare(full)} điểm")
        case "not_applicable":
            return Points(
                low=Fraction(0),
                high=Fraction(0),
                steps=("Mẫu số bằng 0: theo bộ chỉ số, không áp dụng",),
                applicable=False,
            )
        case "unmeasured":
            return unsettled(component, "Mẫu số bằng 0: chưa thể tính điểm")
