"""A claim against a measurement: the quantity that both speak of, its difference, and what that means.

The quantity is compared uncapped and exact: the ratio, not the points; the count, not the capped count.
A claim is false only where it differs in the agency's favour by more than the set's tolerance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from minhchung.index_set import Component
from minhchung.measurements import Input, Value
from minhchung.scores import Finding
from scoring.inputs import days_late, items_of, number_of, parts_of, shown, spec_of, value_of
from scoring.numerals import exact
from scoring.rules import points


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a claim turns out to be beside a measurement."""

    finding: Finding
    text: str = ""
    """The difference in words, Vietnamese; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    what: str
    claimed: Fraction
    measured: Fraction
    tolerance: Fraction
    favour: Fraction
    """By how much the claim is better for the agency; negative where it is worse."""

    @property
    def is_false(self) -> bool:
        return self.favour > self.tolerance

    @property
    def differs(self) -> bool:
        return self.claimed != self.measured

    def __str__(self) -> str:
        said = f"{self.what}: tự báo cáo {exact(self.claimed)}, xác định {exact(self.measured)}"
        if not self.differs:
            return said
        if self.favour <= 0:
            return f"{said}; không có lợi cho cơ quan"
        side = "vượt" if self.is_false else "trong"
        return f"{said}; có lợi cho cơ quan {exact(self.favour)}, {side} dung sai {exact(self.tolerance)}"


def compare(component: Component, claim: Mapping[str, Value], measured: Mapping[str, Input]) -> Comparison:
    """Compare a claim that fits the component with its measured inputs."""
    if component.formula.parts:
        return _compare_parts(component, claim, measured)
    if component.formula.type == "checklist":
        return _compare_items(component, claim, measured)
    found = {name: given.value for name, given in measured.items()}
    gaps = tuple(_gaps(component, claim, found))
    if not gaps:
        return _compare_points(component, claim, measured)
    text = "; ".join(str(gap) for gap in gaps if gap.differs)
    if any(gap.is_false for gap in gaps):
        return Comparison(finding=Finding.FALSE_CLAIM, text=text)
    if any(gap.differs for gap in gaps):
        return Comparison(finding=Finding.HONEST_ERROR, text=text)
    return Comparison(finding=Finding.AGREED)


_WORST_FIRST: Final = (Finding.FALSE_CLAIM, Finding.UNVERIFIABLE, Finding.HONEST_ERROR, Finding.AGREED)


def _compare_parts(
    component: Component, claim: Mapping[str, Value], measured: Mapping[str, Input]
) -> Comparison:
    """Compare part by part: a false part makes the whole claim false."""
    found = []
    for part in component.formula.parts:
        mine = {name: value for name, value in claim.items() if name in part.inputs}
        seen = {name: given for name, given in measured.items() if name in part.inputs}
        one = compare(component.part(part), mine, seen)
        found.append(replace(one, text=f"{part.name or part.id}: {one.text}" if one.text else ""))
    finding = next(worst for worst in _WORST_FIRST if any(one.finding is worst for one in found))
    return Comparison(finding=finding, text="; ".join(one.text for one in found if one.text))


def _gaps(component: Component, claim: Mapping[str, Value], found: Mapping[str, Value]) -> Iterator[_Gap]:
    if component.formula.type == "deadline_steps":
        yield from _late_gap(component, claim, found)
        return
    for role, what in (("value", "Giá trị"), ("share", "Tỷ lệ"), ("count", "Số lượng")):
        claimed, measured = number_of(component, claim, role), number_of(component, found, role)
        if claimed is not None and measured is not None:
            yield _more_is_better(component, role, what, claimed, measured)
    yield from _ratio_gaps(component, claim, found)
    yield from _part_gaps(component, claim, found)


def _more_is_better(
    component: Component, role: str, what: str, claimed: Fraction, measured: Fraction
) -> _Gap:
    spec = spec_of(component, role)
    own = None if spec is None else spec.tolerance
    tolerance = Fraction(component.tolerance if own is None else own)
    return _Gap(what=what, claimed=claimed, measured=measured, tolerance=tolerance, favour=claimed - measured)


def _ratio_gaps(
    component: Component, claim: Mapping[str, Value], found: Mapping[str, Value]
) -> Iterator[_Gap]:
    num, den = number_of(component, claim, "num"), number_of(component, claim, "den")
    true_num, true_den = number_of(component, found, "num"), number_of(component, found, "den")
    if num is None or true_num is None or not den or not true_den:
        return
    yield _more_is_better(component, "num", "Tỷ lệ", num / den, true_num / true_den)
    least = component.formula.min_denominator
    if least is not None and min(den, true_den) < least:
        # The number of cases multiplies the points here, so it is part of what is claimed.
        claimed, measured = (
            num / den * min(Fraction(1), den / least),
            true_num / true_den * min(Fraction(1), true_den / least),
        )
        yield _more_is_better(component, "num", f"Tỷ lệ nhân số lượng/{least}", claimed, measured)


def _part_gaps(
    component: Component, claim: Mapping[str, Value], found: Mapping[str, Value]
) -> Iterator[_Gap]:
    """Compare the weighted sum of parts: over the denominator in a ratio, as points lost in a deduction."""
    claimed, measured = parts_of(component, claim), parts_of(component, found)
    if not claimed or not measured:
        return
    said, seen = (
        sum((count * Fraction(spec.weight) for spec, count in parts), Fraction(0))
        for parts in (claimed, measured)
    )
    if component.formula.type == "deduction":
        yield _Gap(
            what="Điểm bị trừ",
            claimed=said,
            measured=seen,
            tolerance=Fraction(component.tolerance),
            favour=seen - said,
        )
        return
    den, true_den = number_of(component, claim, "den"), number_of(component, found, "den")
    if den and true_den:
        yield _more_is_better(component, "den", "Tỷ lệ", said / den, seen / true_den)


def _late_gap(component: Component, claim: Mapping[str, Value], found: Mapping[str, Value]) -> Iterator[_Gap]:
    # The due day is no claim: both are counted from the settled one.
    due = {
        spec.name: found[spec.name] for spec in component.inputs if spec.role == "due" and spec.name in found
    }
    claimed, measured = days_late(component, {**claim, **due}), days_late(component, found)
    if claimed is None or measured is None:
        return
    yield _Gap(
        what="Số ngày trễ",
        claimed=Fraction(claimed),
        measured=Fraction(measured),
        tolerance=Fraction(component.tolerance),
        favour=Fraction(measured - claimed),
    )


def _compare_items(
    component: Component, claim: Mapping[str, Value], measured: Mapping[str, Input]
) -> Comparison:
    spec = spec_of(component, "items")
    given = None if spec is None else measured.get(spec.name)
    undecided = frozenset() if given is None else given.open_items
    met = items_of(component, {name: each.value for name, each in measured.items()})
    claimed = items_of(component, claim)
    extra, missed, unknown = claimed - met - undecided, met - claimed, claimed & undecided - met
    text = "; ".join(
        f"{label}: {', '.join(_names(component, items))}"
        for label, items in (
            ("tự báo cáo có nhưng không thấy", extra),
            ("thấy có nhưng không tự báo cáo", missed),
            ("tự báo cáo có, chưa xác minh được", unknown),
        )
        if items
    )
    if extra:
        return Comparison(finding=Finding.FALSE_CLAIM, text=text)
    if unknown:
        return Comparison(finding=Finding.UNVERIFIABLE, text=text)
    return Comparison(finding=Finding.HONEST_ERROR if missed else Finding.AGREED, text=text)


def _names(component: Component, items: frozenset[str]) -> list[str]:
    return [item.name or item.id for item in component.formula.items if item.id in items]


def _compare_points(
    component: Component, claim: Mapping[str, Value], measured: Mapping[str, Input]
) -> Comparison:
    """Compare what has no quantity of its own (yes/no, choices, a denominator of 0) by its points."""
    if all(measured.get(name) is not None and measured[name].value == value for name, value in claim.items()):
        return Comparison(finding=Finding.AGREED)
    origin = next(iter(measured.values())).origin
    claimed = points(component, {name: Input(value=value, origin=origin) for name, value in claim.items()})
    found = points(component, measured)
    text = "; ".join(
        f"{spec.title or spec.name}: tự báo cáo {shown(claim[spec.name])}, "
        f"xác định {shown(measured[spec.name].value)}"
        for spec in component.inputs
        if spec.name in claim
        and spec.name in measured
        and value_of(component, claim, spec.role) != measured[spec.name].value
    )
    better = claimed.high > found.high or (not claimed.applicable and found.applicable)
    return Comparison(finding=Finding.FALSE_CLAIM if better else Finding.HONEST_ERROR, text=text)
