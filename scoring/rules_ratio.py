"""Ratios: plain, to a target, with a cut-off, weighted, and normalised by the best peer."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from minhchung.index_set import Component
from minhchung.measurements import Value
from scoring.inputs import number_of, parts_of, spec_of
from scoring.numerals import bare, exact, percent
from scoring.points import Peer, Points, maximum, nothing_to_divide_by, settled, unsettled


def quotient(component: Component, values: Mapping[str, Value]) -> tuple[Fraction, str] | None:
    """Return num/den with its words; None where either is missing or the denominator is 0."""
    num, den = number_of(component, values, "num"), number_of(component, values, "den")
    if num is None or den is None or den == 0:
        return None
    return num / den, f"Tỷ lệ = {bare(num)} / {bare(den)} = {exact(num / den)}"


def ratio(component: Component, values: Mapping[str, Value]) -> Points:
    """Return the points of num/den: plain, divided by the target, or nothing below the cut-off."""
    if number_of(component, values, "den") == 0:
        return nothing_to_divide_by(component)
    found = quotient(component, values)
    if found is None:
        return unsettled(component, "Thiếu tử số hoặc mẫu số: chưa thể tính điểm")
    ratio, step = found
    formula, full, steps = component.formula, maximum(component), [step]
    if formula.cutoff is not None and ratio < Fraction(formula.cutoff):
        low = Fraction(formula.below)
        steps.append(f"Dưới {percent(Fraction(formula.cutoff), 0)}: {bare(low)} điểm")
        return settled(low, *steps)
    if formula.target is not None:
        target = Fraction(formula.target)
        steps.append(f"So với mục tiêu {percent(target, 0)}: {exact(ratio / target)}")
        ratio /= target
    if ratio > Fraction(formula.cap):
        ratio = Fraction(formula.cap)
        steps.append(f"Tính tối đa {bare(ratio)}")
    reached = ratio * full
    steps.append(f"Điểm = {bare(ratio)} × {bare(full)} = {exact(reached)}")
    return settled(_damped(component, values, reached, steps), *steps)


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


def weighted_ratio(component: Component, values: Mapping[str, Value]) -> Points:
    """Return the points of parts that count differently: (b/a)·1 + (c/a)·0.5."""
    den, parts = number_of(component, values, "den"), parts_of(component, values)
    if den == 0:
        return nothing_to_divide_by(component)
    if den is None or parts is None:
        return unsettled(component, "Thiếu tử số hoặc mẫu số: chưa thể tính điểm")
    weighted = sum((count * Fraction(spec.weight) for spec, count in parts), Fraction(0))
    sums = " + ".join(f"{bare(count)} × {bare(Fraction(spec.weight))}" for spec, count in parts)
    reached = weighted / den
    steps = [f"Tỷ lệ = ({sums}) / {bare(den)} = {exact(reached)}"]
    if reached > Fraction(component.formula.cap):
        reached = Fraction(component.formula.cap)
        steps.append(f"Tính tối đa {bare(reached)}")
    full = maximum(component)
    steps.append(f"Điểm = {bare(reached)} × {bare(full)} = {exact(reached * full)}")
    return settled(_damped(component, values, reached * full, steps), *steps)


def quantity(component: Component, values: Mapping[str, Value]) -> Fraction | None:
    """Return what is held against the best peer: the value, or num/den; None where it is not known."""
    if spec_of(component, "value") is not None:
        return number_of(component, values, "value")
    found = quotient(component, values)
    return None if found is None else found[0]


def best_peer(component: Component, values: Mapping[str, Value], peer: Peer | None) -> Points:
    """Return the share of the best one; without peers an agency is its own best."""
    if number_of(component, values, "den") == 0:
        return nothing_to_divide_by(component)
    own = quantity(component, values)
    if own is None:
        return unsettled(component, "Thiếu số liệu: chưa thể tính điểm")
    full = maximum(component)
    proven = max(own, peer.low if peer is not None else own)
    if peer is not None and peer.high is None:
        why = f"Giá trị = {exact(own)}; cao nhất đã rõ {exact(proven)}, còn cơ quan chưa đo được"
        return Points(low=Fraction(0), high=own / proven * full if proven else full, steps=(why,))
    most = max(proven, peer.high if peer is not None and peer.high is not None else proven)
    if most == 0:
        return settled(Fraction(0), "Không cơ quan nào có: 0 điểm")
    low, high = own / most * full, (own / proven * full if proven else full)
    text = f"Điểm = {exact(own)} / cao nhất {exact(most)} × {bare(full)} = {exact(low)}"
    return Points(low=low, high=high, steps=(text,))
