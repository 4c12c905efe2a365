"""From a figure to points: what each ground is worth, and what leaves a component out."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from minhchung.index_set import Component
from minhchung.measurements import Measurement, NotApplicable, Unmeasured
from minhchung.scores import Figure, Ground, Score
from scoring.numerals import exact
from scoring.points import Peer, least
from scoring.rules import ends, points
from scoring.wording import why_not_applicable, why_unmeasured

NotApplicablePolicy = Literal["rescale", "full", "zero", "exclude_from_ranking"]


def award(
    component: Component,
    figure: Figure,
    not_applicable: NotApplicablePolicy = "rescale",
    peer: Peer | None = None,
) -> Score:
    """Return the points of one figure, with the steps that led to them; `peer` where the best one decides."""
    match figure.ground:
        case (
            Ground.AGREED | Ground.CORRECTED | Ground.MEASURED | Ground.OWNER | Ground.CLAIMED | Ground.RULED
        ):
            found = points(component, figure.inputs or {}, peer)
            return _score(component, figure, found.low, found.high, *found.steps)
        case Ground.CLAIM_PROVISIONAL:
            return _within_bounds(component, figure, peer, "tạm tính theo số tự báo cáo")
        case Ground.ACCEPTED:
            return _within_bounds(
                component, figure, peer, "chấp nhận theo minh chứng nộp kèm, chưa ai xác minh"
            )
        case Ground.OBSERVED:
            return _within_bounds(component, figure, peer, "theo quan sát trực tiếp có người thứ hai đồng ký")
        case Ground.OPEN:
            return _open(component, figure, peer)
        case Ground.EXCLUDED:
            step = f"{why_open(figure)}; theo đợt đánh giá: loại chỉ số này ra và quy đổi phần còn lại"
            return _left_out(component, figure, step)
        case Ground.NOT_APPLICABLE:
            return _not_applicable(component, figure, not_applicable)
        case Ground.ABSENT:
            worst = least(component)
            return _score(component, figure, worst, worst, f"{figure.difference}: {exact(worst)} điểm")


def _score(component: Component, figure: Figure, low: Fraction, high: Fraction, *steps: str) -> Score:
    return Score(
        agency=figure.agency,
        component=component.code,
        maximum=Fraction(component.points),
        low=low,
        high=high,
        figure=figure,
        steps=steps,
    )


def _left_out(component: Component, figure: Figure, step: str) -> Score:
    return Score(
        agency=figure.agency,
        component=component.code,
        maximum=Fraction(component.points),
        low=Fraction(0),
        high=Fraction(0),
        counts=False,
        figure=figure,
        steps=(step,),
    )


def why_open(figure: Figure) -> str:
    """Return why a figure's points are open, Vietnamese."""
    match figure.result:
        case Unmeasured() as found:
            return why_unmeasured(found)
        case Measurement():
            return "Đo được một phần"
        case _:
            return figure.difference or "Chưa có số liệu, hạn báo cáo chưa qua"


def _open(component: Component, figure: Figure, peer: Peer | None) -> Score:
    """Leave the points between the worst and the best that the unseen could make them."""
    low, high = ends(component, figure.low, figure.high, peer)
    seen = points(component, figure.low).steps if figure.low is not None else ()
    last = f"Điểm còn mở: từ {exact(low)} đến {exact(high)}"
    return _score(component, figure, low, high, why_open(figure), *seen, last)


def _within_bounds(component: Component, figure: Figure, peer: Peer | None, how: str) -> Score:
    """Let a claim or a sighting stand, but never beyond what the evidence already bounds."""
    said = points(component, figure.inputs or {}, peer)
    low, high = ends(component, figure.low, figure.high, peer)
    # Both ends, for a peer that nobody could measure leaves the points open whoever saw this agency.
    worst, best = min(max(said.low, low), high), min(max(said.high, low), high)
    step = f"{why_open(figure)}; {how}" if figure.result is not None else f"Điểm {how}"
    steps = (step, *said.steps)
    if (worst, best) != (said.low, said.high):
        told = exact(worst) if worst == best else f"từ {exact(worst)} đến {exact(best)}"
        steps = (*steps, f"Giới hạn trong khoảng đã thấy: {told} điểm")
    return _score(component, figure, worst, best, *steps)


def _not_applicable(component: Component, figure: Figure, policy: NotApplicablePolicy) -> Score:
    match figure.result:
        case NotApplicable() as found:
            why = why_not_applicable(found)
        case _:
            why = "Không áp dụng: mẫu số bằng 0"
    full = Fraction(component.points)
    match policy:
        case "rescale" | "exclude_from_ranking":
            return _left_out(component, figure, f"{why}; loại ra và quy đổi phần còn lại")
        case "full":
            return _score(component, figure, full, full, f"{why}; theo bộ chỉ số: đủ {exact(full)} điểm")
        case "zero":
            return _score(component, figure, Fraction(0), Fraction(0), f"{why}; theo bộ chỉ số: 0 điểm")
