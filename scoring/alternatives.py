"""What a component's inputs could be instead: one item more or less, a few cases, the next step.

Said by the rule alone, from what is settled: nothing here asks whether an agency can do it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from minhchung.index_set import Component, InputSpec
from minhchung.measurements import Input, Value
from scoring.inputs import items_of, number_of, spec_of
from scoring.numerals import bare
from scoring.rules import points

FEW_CASES: Final = 5
"""Fewer cases than this are a hair's breadth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Other inputs of one component, and what they would be worth."""

    component: str
    text: str
    """What would be different, Vietnamese."""

    size: int
    """Cases, or 1 for an item, an option, a yes or no."""

    change: Fraction
    """Points above (positive) or below those of now, before any rescaling."""


def beside(component: Component, inputs: Mapping[str, Input]) -> Iterator[Alternative]:
    """Yield what differs by one item, one answer, or fewer than five cases, upwards and downwards."""
    for text, size, other in _beside(component, inputs):
        yield from _changed(component, inputs, text, size, other)


def above(component: Component, inputs: Mapping[str, Input]) -> Iterator[Alternative]:
    """Yield what would be worth more: each unmet item, each better answer, each step and the full points."""
    for text, size, other in _above(component, inputs):
        yield from (each for each in _changed(component, inputs, text, size, other) if each.change > 0)


_Other = tuple[str, int, Mapping[str, Input]]


def _changed(
    component: Component, inputs: Mapping[str, Input], text: str, size: int, other: Mapping[str, Input]
) -> Iterator[Alternative]:
    now, then = points(component, inputs), points(component, other)
    if now.low == now.high and then.low == then.high and then.applicable and then.low != now.low:
        yield Alternative(component=component.code, text=text, size=size, change=then.low - now.low)


def _beside(component: Component, inputs: Mapping[str, Input]) -> Iterator[_Other]:
    yield from _items(component, inputs, met=False)
    yield from _items(component, inputs, met=True)
    yield from _answers(component, inputs)
    counted = _counted(component)
    for cases in range(1, FEW_CASES) if counted is not None else ():
        for sign in (1, -1):
            yield from _moved(component, inputs, counted, sign * cases)


def _above(component: Component, inputs: Mapping[str, Input]) -> Iterator[_Other]:
    yield from _items(component, inputs, met=False)
    yield from _answers(component, inputs)
    counted = _counted(component)
    if counted is not None:
        for cases in _cases_to_steps(component, inputs):
            yield from _moved(component, inputs, counted, cases)


# --- items and answers --------------------------------------------------------------------------------------


def _items(component: Component, inputs: Mapping[str, Input], *, met: bool) -> Iterator[_Other]:
    spec = spec_of(component, "items")
    given = None if spec is None else inputs.get(spec.name)
    if spec is None or given is None or not isinstance(given.value, frozenset):
        return
    known = items_of(component, {spec.name: given.value})
    for item in component.formula.items:
        if (item.id in known) is met:
            value = known - {item.id} if met else known | {item.id}
            text = f"{'không đạt' if met else 'đạt'} mục {item.name or item.id}"
            yield text, 1, {**inputs, spec.name: replace(given, value=value)}


def _answers(component: Component, inputs: Mapping[str, Input]) -> Iterator[_Other]:
    spec = spec_of(component, "value")
    given = None if spec is None else inputs.get(spec.name)
    if spec is None or given is None:
        return
    others: list[tuple[str, Value]] = []
    if isinstance(given.value, bool):
        others = [("không có" if given.value else "có", not given.value)]
    elif isinstance(given.value, str):
        others = [(o.name or o.id, o.id) for o in component.formula.options if o.id != given.value]
    for text, value in others:
        yield text, 1, {**inputs, spec.name: replace(given, value=value)}


# --- cases --------------------------------------------------------------------------------------------------


def _counted(component: Component) -> InputSpec | None:
    """Return the input that counts cases: the numerator, the count, or the value that steps stand on."""
    for role in ("num", "count", "value"):
        if (spec := spec_of(component, role)) is not None:
            return spec
    return None


def _moved(
    component: Component, inputs: Mapping[str, Input], counted: InputSpec | None, cases: int
) -> Iterator[_Other]:
    given = None if counted is None else inputs.get(counted.name)
    if counted is None or given is None or isinstance(given.value, bool):
        return
    if not isinstance(given.value, Fraction):
        return
    value = given.value + cases
    most = number_of(component, {n: i.value for n, i in inputs.items()}, "den")
    if value < 0 or (most is not None and value > max(most, given.value)):
        return
    unit = counted.title or counted.name
    text = f"{'thêm' if cases > 0 else 'bớt'} {abs(cases)} ({unit}: {bare(value)})"
    yield text, abs(cases), {**inputs, counted.name: replace(given, value=value)}


def _cases_to_steps(component: Component, inputs: Mapping[str, Input]) -> list[int]:
    """Return how many cases are missing to each better step and to the full points, fewest first."""
    values = {name: given.value for name, given in inputs.items()}
    formula, den = component.formula, number_of(component, values, "den")
    now = next(
        (n for role in ("num", "count", "value") if (n := number_of(component, values, role)) is not None),
        None,
    )
    if now is None:
        return []
    whole = Fraction(1) if den is None else den
    wanted = [Fraction(threshold[0]) * whole for threshold in formula.thresholds]
    if formula.type.startswith("ratio"):
        wanted.append(Fraction(formula.cap) * Fraction(formula.target or 1) * whole)
    if formula.cutoff is not None:
        wanted.append(Fraction(formula.cutoff) * whole)
    if formula.per_unit:
        wanted.append(Fraction(component.points) / Fraction(formula.per_unit))
    return sorted({math.ceil(each - now) for each in wanted if each > now})
