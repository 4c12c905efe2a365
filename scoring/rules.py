"""From settled inputs to points: every formula type, exact, with its arithmetic in words.

Two ends are kept throughout: an open checklist item counts at the high end only. Where a ratio has
nothing to divide by, the set says what that is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from minhchung.index_set import Component, Part
from minhchung.measurements import Input
from scoring import rules_list, rules_ratio, rules_steps
from scoring.numerals import bare, exact
from scoring.points import Peer, Points, least, maximum

__all__ = ["NO_POINTS", "Peer", "Points", "certain", "ends", "points", "worth"]

NO_POINTS: Final = Fraction(-(10**9))
"""What inputs are worth that lead to no points at all; equal to no points there can be."""


def points(component: Component, inputs: Mapping[str, Input], peer: Peer | None = None) -> Points:
    """Return the exact points of given inputs; missing inputs leave the points open."""
    values = {name: given.value for name, given in inputs.items()}
    match component.formula.type:
        case "ratio" | "ratio_target" | "ratio_cutoff":
            return rules_ratio.ratio(component, values)
        case "weighted_ratio":
            return rules_ratio.weighted_ratio(component, values)
        case "best_peer":
            return rules_ratio.best_peer(component, values, peer)
        case "steps":
            return rules_steps.steps(component, values)
        case "steps_all":
            return rules_steps.steps_all(component, values)
        case "capped_count":
            return rules_steps.capped_count(component, values)
        case "deadline_steps":
            return rules_steps.deadline(component, values)
        case "deduction":
            return rules_steps.deduction(component, values)
        case "checklist":
            return rules_list.checklist(component, inputs, values)
        case "boolean":
            return rules_list.boolean(component, values)
        case "choice":
            return rules_list.choice(component, values)
        case "sum":
            return _sum(component, inputs)
        case "best_of":
            return _best_of(component, inputs)


def _parts(component: Component, inputs: Mapping[str, Input]) -> list[tuple[Part, Points]]:
    found = []
    for part in component.formula.parts:
        mine = {name: given for name, given in inputs.items() if name in part.inputs}
        found.append((part, points(component.part(part), mine)))
    return found


def _said(part: Part, found: Points) -> str:
    reached = exact(found.low)
    if found.low != found.high:
        reached = f"từ {reached} đến {exact(found.high)}"
    return (
        f"{part.name or part.id}: {'; '.join(found.steps)}; được {reached} trên {bare(Fraction(part.points))}"
    )


def _sum(component: Component, inputs: Mapping[str, Input]) -> Points:
    parts = _parts(component, inputs)
    return Points(
        low=sum((found.low for _, found in parts), Fraction(0)),
        high=sum((found.high for _, found in parts), Fraction(0)),
        steps=tuple(_said(part, found) for part, found in parts),
    )


def _best_of(component: Component, inputs: Mapping[str, Input]) -> Points:
    parts = _parts(component, inputs)
    return Points(
        low=max(found.low for _, found in parts),
        high=max(found.high for _, found in parts),
        steps=(*(_said(part, found) for part, found in parts), "Lấy trường hợp cao nhất"),
    )


def worth(component: Component, inputs: Mapping[str, Input]) -> Fraction:
    """Return the points of inputs at one end of a bound; `NO_POINTS` where they lead to none.

    Where the best peer decides, the quantity itself stands for the points: what others reach is not known.
    """
    if component.formula.type == "best_peer":
        own = rules_ratio.quantity(component, {name: given.value for name, given in inputs.items()})
        return NO_POINTS if own is None else own
    found = points(component, inputs)
    return found.low if found.applicable and found.low == found.high else NO_POINTS


def certain(component: Component, low: Mapping[str, Input] | None, high: Mapping[str, Input] | None) -> bool:
    """Say whether what was not seen cannot move the points, whatever the peers reach."""
    if low is None and high is None:
        return False
    if component.formula.type == "best_peer":
        return low is not None and high is not None and worth(component, low) == worth(component, high)
    worst, best = ends(component, low, high)
    return worst == best


def ends(
    component: Component,
    low: Mapping[str, Input] | None,
    high: Mapping[str, Input] | None,
    peer: Peer | None = None,
) -> tuple[Fraction, Fraction]:
    """Return the worst and the best points of something unmeasured; an unknown end may be anything."""
    worst = _end(component, low, peer)
    best = _end(component, high, peer)
    lowest = least(component) if worst is None else worst.low
    highest = maximum(component) if best is None else best.high
    return min(lowest, highest), max(lowest, highest)


def _end(component: Component, inputs: Mapping[str, Input] | None, peer: Peer | None) -> Points | None:
    if inputs is None:
        return None
    found = points(component, inputs, peer)
    return found if found.applicable else None
