"""From settled inputs to points: every formula type, exact, with its arithmetic in words.

Two ends are kept throughout: an open checklist item counts at the high end only. Where a ratio has
nothing to divide by, the set says what that is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from minhchung.index_set import Component
from minhchung.measurements import Input, Value
from scoring.inputs import days_late, items_of, number_of, spec_of, value_of
from scoring.numerals import bare, exact, percent

NO_POINTS: Final = Fraction(-1)
"""What inputs are worth that lead to no points at all; equal to no points there can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What inputs are worth under a component's rule."""

    low: Fraction
    high: Fraction
    """Above `low` only where items are open or a denominator is missing."""

    steps: tuple[str, ...]
    """The arithmetic, one Vietnamese line a step."""

    applicable: bool = True
    """False where a denominator of 0 takes the component out."""


def points(component: Component, inputs: Mapping[str, Input]) -> Points:
    """Return the exact points of given inputs; missing inputs leave the points open."""
    values = {name: given.value for name, given in inputs.items()}
    match component.formula.type:
        case "ratio" | "ratio_target" | "ratio_cutoff":
            return _ratio(component, values)
        case "steps":
            return _steps(component, values)
        case "steps_all":
            return _steps_all(component, values)
        case "capped_count":
            return _capped_count(component, values)
        case "checklist":
            return _checklist(component, inputs, values)
        case "boolean":
            return _boolean(component, values)
        case "choice":
            return _choice(component, values)
        case "deadline_steps":
            return _deadline(component, values)


def worth(component: Component, inputs: Mapping[str, Input]) -> Fraction:
    """Return the points of inputs at one end of a bound; `NO_POINTS` where they lead to none."""
    found = points(component, inputs)
    return found.low if found.applicable and found.low == found.high else NO_POINTS


def ends(
    component: Component, low: Mapping[str, Input] | None, high: Mapping[str, Input] | None
) -> tuple[Fraction, Fraction]:
    """Return the worst and the best points of something unmeasured; an unknown end may be anything."""
    worst = _end(component, low)
    best = _end(component, high)
    lowest = Fraction(0) if worst is None else worst.low
    highest = _maximum(component) if best is None else best.high
    return min(lowest, highest), max(lowest, highest)


def _end(component: Component, inputs: Mapping[str, Input] | None) -> Points | None:
    if inputs is None:
        return None
    found = points(component, inputs)
    return found if found.applicable else None


def _maximum(component: Component) -> Fraction:
    return Fraction(component.points)


def _settled(value: Fraction, *steps: str) -> Points:
    return Points(low=value, high=value, steps=steps)


def _open(component: Component, why: str) -> Points:
    return Points(low=Fraction(0), high=_maximum(component), steps=(why,))


def _nothing_to_divide_by(component: Component) -> Points:
    full = _maximum(component)
    match component.formula.if_den_zero:
        case "zero":
            return _settled(Fraction(0), "Mẫu số bằng 0: theo bộ chỉ số, 0 điểm")
        case "full":
            return _settled(full, f"Mẫu số bằng 0: theo bộ chỉ số, đủ {bare(full)} điểm")
        case "not_applicable":
            return Points(
                low=Fraction(0),
                high=Fraction(0),
                steps=("Mẫu số bằng 0: theo bộ chỉ số, không áp dụng",),
                applicable=False,
            )
        case "unmeasured":
            return _open(component, "Mẫu số bằng 0: chưa thể tính điểm")


def _quotient(component: Component, values: Mapping[str, Value]) -> tuple[Fraction, str] | None:
    num, den = number_of(component, values, "num"), number_of(component, values, "den")
    if num is None or den is None or den == 0:
        return None
    return num / den, f"Tỷ lệ = {bare(num)} / {bare(den)} = {exact(num / den)}"


def _ratio(component: Component, values: Mapping[str, Value]) -> Points:
    if number_of(component, values, "den") == 0:
        return _nothing_to_divide_by(component)
    found = _quotient(component, values)
    if found is None:
        return _open(component, "Thiếu tử số hoặc mẫu số: chưa thể tính điểm")
    ratio, step = found
    formula, full, steps = component.formula, _maximum(component), [step]
    if formula.cutoff is not None and ratio < Fraction(formula.cutoff):
        low = Fraction(formula.below)
        steps.append(f"Dưới {percent(Fraction(formula.cutoff), 0)}: {bare(low)} điểm")
        return _settled(low, *steps)
    if formula.target is not None:
        target = Fraction(formula.target)
        steps.append(f"So với mục tiêu {percent(target, 0)}: {exact(ratio / target)}")
        ratio /= target
    if ratio > Fraction(formula.cap):
        ratio = Fraction(formula.cap)
        steps.append(f"Tính tối đa {bare(ratio)}")
    reached = ratio * full
    steps.append(f"Điểm = {bare(ratio)} × {bare(full)} = {exact(reached)}")
    return _settled(_damped(component, values, reached, steps), *steps)


def _damped(
    component: Component, values: Mapping[str, Value], reached: Fraction, steps: list[str]
) -> Fraction:
    """Multiply by den/n where the denominator is smaller than the set's minimum n."""
    least, den = component.formula.min_denominator, number_of(component, values, "den")
    if least is None or den is None or den >= least:
        return reached
    damped = reached * den / least
    steps.append(f"Mẫu số {bare(den)} dưới {least}: nhân {bare(den)}/{least} = {exact(damped)}")
    return damped


def _steps(component: Component, values: Mapping[str, Value]) -> Points:
    if spec_of(component, "value") is None:
        if number_of(component, values, "den") == 0:
            return _nothing_to_divide_by(component)
        found = _quotient(component, values)
    else:
        value = number_of(component, values, "value")
        found = None if value is None else (value, f"Giá trị = {exact(value)}")
    if found is None:
        return _open(component, "Thiếu số liệu: chưa thể tính điểm")
    reached, step = found
    for least, worth_ in component.formula.thresholds:
        if reached >= Fraction(least):
            got = Fraction(worth_)
            return _settled(got, step, f"Đạt bậc từ {bare(Fraction(least))}: {bare(got)} điểm")
    got = Fraction(component.formula.otherwise)
    return _settled(got, step, f"Không đạt bậc nào: {bare(got)} điểm")


def _steps_all(component: Component, values: Mapping[str, Value]) -> Points:
    value, share = number_of(component, values, "value"), number_of(component, values, "share")
    if value is None or share is None:
        return _open(component, "Thiếu số liệu: chưa thể tính điểm")
    said = f"Giá trị = {exact(value)}; tỷ lệ = {exact(share)}"
    for least, share_least, worth_ in component.formula.thresholds:
        if value >= Fraction(least) and share >= Fraction(share_least):
            got = Fraction(worth_)
            bounds = f"từ {bare(Fraction(least))} và tỷ lệ từ {bare(Fraction(share_least))}"
            return _settled(got, said, f"Đạt bậc {bounds}: {bare(got)} điểm")
    got = Fraction(component.formula.otherwise)
    return _settled(got, said, f"Không đạt đủ hai điều kiện của bậc nào: {bare(got)} điểm")


def _capped_count(component: Component, values: Mapping[str, Value]) -> Points:
    count, each = number_of(component, values, "count"), Fraction(component.formula.per_unit or 0)
    if count is None:
        return _open(component, "Thiếu số lượng: chưa thể tính điểm")
    full = _maximum(component)
    got = min(count * each, full)
    return _settled(got, f"{bare(count)} × {bare(each)}, tối đa {bare(full)} = {exact(got)} điểm")


def _checklist(component: Component, inputs: Mapping[str, Input], values: Mapping[str, Value]) -> Points:
    spec = spec_of(component, "items")
    given = None if spec is None else inputs.get(spec.name)
    if given is None or not isinstance(given.value, frozenset):
        return _open(component, "Thiếu danh sách mục: chưa thể tính điểm")
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


def _boolean(component: Component, values: Mapping[str, Value]) -> Points:
    value = value_of(component, values, "value")
    if not isinstance(value, bool):
        return _open(component, "Chưa rõ có hay không: chưa thể tính điểm")
    got = _maximum(component) if value else Fraction(0)
    return _settled(got, f"{'Có' if value else 'Không'}: {bare(got)} điểm")


def _choice(component: Component, values: Mapping[str, Value]) -> Points:
    value = value_of(component, values, "value")
    for option in component.formula.options:
        if option.id == value:
            got = Fraction(option.points)
            return _settled(got, f"{option.name or option.id}: {bare(got)} điểm")
    return _open(component, "Chưa rõ lựa chọn: chưa thể tính điểm")


def _deadline(component: Component, values: Mapping[str, Value]) -> Points:
    late = days_late(component, values)
    if late is None:
        return _open(component, "Thiếu ngày hoặc hạn: chưa thể tính điểm")
    said = "Đúng hạn" if late == 0 else f"Trễ {late} ngày"
    for most, worth_ in component.formula.thresholds:
        if late <= most:
            got = Fraction(worth_)
            return _settled(got, f"{said}, không quá {bare(Fraction(most))} ngày: {bare(got)} điểm")
    got = Fraction(component.formula.otherwise)
    return _settled(got, f"{said}, quá mọi bậc: {bare(got)} điểm")
