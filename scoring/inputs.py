"""A component's inputs by their part in the formula, and whether given values can stand there at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from minhchung.index_set import Component, Formula, InputSpec
from minhchung.measurements import Value
from scoring.numerals import bare


def spec_of(component: Component, role: str) -> InputSpec | None:
    """Return the component's input of this role, or None."""
    return next((spec for spec in component.inputs if spec.role == role), None)


def value_of(component: Component, values: Mapping[str, Value], role: str) -> Value | None:
    """Return the value given for a role, or None where the role or its value is missing."""
    spec = spec_of(component, role)
    return None if spec is None else values.get(spec.name)


def number_of(component: Component, values: Mapping[str, Value], role: str) -> Fraction | None:
    """Return the number given for a role, or None."""
    value = value_of(component, values, role)
    return value if isinstance(value, Fraction) else None


def parts_of(component: Component, values: Mapping[str, Value]) -> list[tuple[InputSpec, Fraction]] | None:
    """Return the number given for each `part`, in the set's order; None where one is missing."""
    found = []
    for spec in component.inputs:
        if spec.role == "part":
            value = values.get(spec.name)
            if not isinstance(value, Fraction):
                return None
            found.append((spec, value))
    return found


def items_of(component: Component, values: Mapping[str, Value]) -> frozenset[str]:
    """Return the given items that the checklist knows; unknown ones never count."""
    value = value_of(component, values, "items")
    known = {item.id for item in component.formula.items}
    return frozenset(value & known) if isinstance(value, frozenset) else frozenset()


def day_of(value: Value | None) -> date | None:
    """Return the day of an ISO text, or None."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def days_late(component: Component, values: Mapping[str, Value]) -> int | None:
    """Return the days from the due day to the given day, 0 when early; None where either is missing."""
    given = day_of(value_of(component, values, "date"))
    due = day_of(value_of(component, values, "due")) or component.formula.due
    return None if given is None or due is None else max(0, (given - due).days)


def shown(value: Value) -> str:
    """Return a value in words for people, Vietnamese."""
    match value:
        case bool():
            return "có" if value else "không"
        case Fraction():
            return bare(value)
        case frozenset():
            return ", ".join(sorted(value)) or "không mục nào"
        case str():
            return value


def told(component: Component, name: str, value: Value) -> str:
    """Return the value of an input in words for people: items and options by their names."""
    if isinstance(value, frozenset):
        return "; ".join(item_names(component, value)) or shown(value)
    if isinstance(value, str):
        options = {option.id: option.name for option in component.formula_of(name).options}
        return options.get(value) or value
    return shown(value)


def item_names(component: Component, items: Iterable[str]) -> list[str]:
    """Return the names of checklist items in the order of the set; an unknown one by its id, last."""
    wanted = set(items)
    known = [item.name or item.id for item in component.listed() if item.id in wanted]
    return known + sorted(wanted - {item.id for item in component.listed()})


def complaint(component: Component, values: Mapping[str, Value]) -> str:
    """Return why the values cannot be this component's inputs, Vietnamese; empty where they can."""
    for spec in component.inputs:
        if spec.name not in values:
            if spec.role == "due":
                continue  # the set or the owner may know it; without any the points stay open
            return f"thiếu số liệu {spec.name}"
        if wrong := _misfit(component, spec, values[spec.name]):
            return f"{spec.name}: {wrong}"
    return ""


def _misfit(component: Component, spec: InputSpec, value: Value) -> str:
    match spec.role:
        case "num" | "den" | "share" | "count" | "part":
            return _not_a_quantity(value)
        case "items":
            return "" if isinstance(value, frozenset) else "phải là danh sách mục"
        case "date" | "due":
            return "" if day_of(value) is not None else "phải là một ngày"
        case "value":
            return _not_a_value(component.formula_of(spec.name), value)


def _not_a_quantity(value: Value) -> str:
    return "" if isinstance(value, Fraction) and value >= 0 else "phải là một số không âm"


def _not_a_value(formula: Formula, value: Value) -> str:
    match formula.type:
        case "boolean":
            return "" if isinstance(value, bool) else "phải là có hoặc không"
        case "choice":
            known = [option.id for option in formula.options]
            return "" if value in known else f"phải là một trong: {', '.join(known)}"
        case _:
            return _not_a_quantity(value)
