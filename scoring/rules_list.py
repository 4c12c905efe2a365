"""Lists: items met, yes or no, one option of several."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from minhchung.index_set import Component
from minhchung.measurements import Input, Value
from scoring.inputs import items_of, spec_of, value_of
from scoring.numerals import bare, exact
from scoring.points import Points, maximum, settled, unsettled


def checklist(component: Component, inputs: Mapping[str, Input], values: Mapping[str, Value]) -> Points:
    """Return the points of the items met; open ones count at the high end only."""
    spec = spec_of(component, "items")
    given = None if spec is None else inputs.get(spec.name)
    if given is None or not isinstance(given.value, frozenset):
        return unsettled(component, "Thiếu danh sách mục: chưa thể tính điểm")
    met = items_of(component, values)
    low, maybe, steps = Fraction(0), Fraction(0), []
    for item in component.formula.items:
        each = Fraction(item.points)
        name = item.name or item.id
        if item.id in met:
            low += each
            steps.append(f"Đạt: {name}, {bare(each)} điểm")
        elif item.id in given.open_items:
            maybe += each
            steps.append(f"Chưa rõ: {name}, từ 0 đến {bare(each)} điểm")
        else:
            steps.append(f"Không đạt: {name}, 0 điểm")
    total = exact(low) if not maybe else f"từ {exact(low)} đến {exact(low + maybe)}"
    return Points(low=low, high=low + maybe, steps=(*steps, f"Tổng: {total} điểm"))


def boolean(component: Component, values: Mapping[str, Value]) -> Points:
    """Return all points or none."""
    value = value_of(component, values, "value")
    if not isinstance(value, bool):
        return unsettled(component, "Chưa rõ có hay không: chưa thể tính điểm")
    got = maximum(component) if value else Fraction(0)
    return settled(got, f"{'Có' if value else 'Không'}: {bare(got)} điểm")


def choice(component: Component, values: Mapping[str, Value]) -> Points:
    """Return the option's points."""
    value = value_of(component, values, "value")
    for option in component.formula.options:
        if option.id == value:
            got = Fraction(option.points)
            return settled(got, f"{option.name or option.id}: {bare(got)} điểm")
    return unsettled(component, "Chưa rõ lựa chọn: chưa thể tính điểm")
