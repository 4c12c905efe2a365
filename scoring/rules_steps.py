"""Steps and counts: thresholds reached, days late, points each, points lost each."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from minhchung.index_set import Component
from minhchung.measurements import Value
from scoring.inputs import days_late, number_of, parts_of, spec_of
from scoring.numerals import bare, exact
from scoring.points import Points, maximum, nothing_to_divide_by, settled, unsettled
from scoring.rules_ratio import quotient


def steps(component: Component, values: Mapping[str, Value]) -> Points:
    """Return the points of the best threshold that the value, or num/den, reaches."""
    if spec_of(component, "value") is None:
        if number_of(component, values, "den") == 0:
            return nothing_to_divide_by(component)
        found = quotient(component, values)
    else:
        value = number_of(component, values, "value")
        found = None if value is None else (value, f"Giá trị = {exact(value)}")
    if found is None:
        return unsettled(component, "Thiếu số liệu: chưa thể tính điểm")
    reached, step = found
    for least, worth_ in component.formula.thresholds:
        if reached >= Fraction(least):
            got = Fraction(worth_)
            return settled(got, step, f"Đạt bậc từ {bare(Fraction(least))}: {bare(got)} điểm")
    got = Fraction(component.formula.otherwise)
    return settled(got, step, f"Không đạt bậc nào: {bare(got)} điểm")


def steps_all(component: Component, values: Mapping[str, Value]) -> Points:
    """Return the points of the best threshold of which both bounds are reached."""
    value, share = number_of(component, values, "value"), number_of(component, values, "share")
    if value is None or share is None:
        return unsettled(component, "Thiếu số liệu: chưa thể tính điểm")
    said = f"Giá trị = {exact(value)}; tỷ lệ = {exact(share)}"
    for least, share_least, worth_ in component.formula.thresholds:
        if value >= Fraction(least) and share >= Fraction(share_least):
            got = Fraction(worth_)
            bounds = f"từ {bare(Fraction(least))} và tỷ lệ từ {bare(Fraction(share_least))}"
            return settled(got, said, f"Đạt bậc {bounds}: {bare(got)} điểm")
    got = Fraction(component.formula.otherwise)
    return settled(got, said, f"Không đạt đủ hai điều kiện của bậc nào: {bare(got)} điểm")


def capped_count(component: Component, values: Mapping[str, Value]) -> Points:
    """Return so many points each, up to the maximum."""
    count, each = number_of(component, values, "count"), Fraction(component.formula.per_unit or 0)
    if count is None:
        return unsettled(component, "Thiếu số lượng: chưa thể tính điểm")
    full = maximum(component)
    got = min(count * each, full)
    return settled(got, f"{bare(count)} × {bare(each)}, tối đa {bare(full)} = {exact(got)} điểm")


def deadline(component: Component, values: Mapping[str, Value]) -> Points:
    """Return the points of the first bound that the days late do not exceed."""
    late = days_late(component, values)
    if late is None:
        return unsettled(component, "Thiếu ngày hoặc hạn: chưa thể tính điểm")
    said = "Đúng hạn" if late == 0 else f"Trễ {late} ngày"
    for most, worth_ in component.formula.thresholds:
        if late <= most:
            got = Fraction(worth_)
            return settled(got, f"{said}, không quá {bare(Fraction(most))} ngày: {bare(got)} điểm")
    got = Fraction(component.formula.otherwise)
    return settled(got, f"{said}, quá mọi bậc: {bare(got)} điểm")


def deduction(component: Component, values: Mapping[str, Value]) -> Points:
    """Return the maximum less what each case costs, never below the formula's floor."""
    parts = parts_of(component, values)
    if parts is None:
        return unsettled(component, "Thiếu số lượng: chưa thể tính điểm")
    full, floor = maximum(component), Fraction(component.formula.floor)
    lost = sum((count * Fraction(spec.weight) for spec, count in parts), Fraction(0))
    sums = " − ".join(f"{bare(count)} × {bare(Fraction(spec.weight))}" for spec, count in parts)
    got = max(full - lost, floor)
    return settled(got, f"{bare(full)} − {sums}, không dưới {bare(floor)} = {exact(got)} điểm")
