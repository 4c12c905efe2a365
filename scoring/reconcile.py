"""Which figure scores, and on what ground: the measurement, the owner's figure, the claim, or none yet.

A measured figure always scores. An unmeasured component is worth what the round's policy says, by default
nothing settled: neither zero nor the claim. What only the agency can report is 0 once its report was due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from minhchung.agencies import Agency
from minhchung.index_set import Component, InputSpec
from minhchung.measurements import (
    Grade,
    Input,
    Measurement,
    NotApplicable,
    NotApplicableReason,
    Origin,
    Reason,
    Result,
    Unmeasured,
)
from minhchung.rounds import ScoringStage, UnmeasuredPolicy
from minhchung.rulings import Ruling
from minhchung.scores import Figure, Finding, Ground
from minhchung.sightings import Witnessed
from minhchung.submissions import OwnerFigure, SubmittedFigure
from scoring.comparison import compare
from scoring.crossing import crosses
from scoring.inputs import complaint
from scoring.owners import owner_input
from scoring.rules import points
from scoring.said import Said, against, claimed
from scoring.sighted import observed
from scoring.unmeasured import settle_unmeasured

_SUPPORTING: Final = frozenset({"den", "due"})
"""Roles whose verification alone verifies nothing: the numerator is still the agency's word."""


def reconcile(
    component: Component,
    *,
    agency: Agency,
    result: Result | None = None,
    claim: SubmittedFigure | None = None,
    owner_figures: Sequence[OwnerFigure] = (),
    policy: UnmeasuredPolicy = "hold",
    report_was_due: bool = False,
    ruling: Ruling | None = None,
    second_policy: UnmeasuredPolicy | Literal[""] = "",
    stage: ScoringStage = "first",
    sighting: Witnessed | None = None,
) -> Figure:
    """Settle one component of one agency; policies are the round's, the component's own go before them.

    A ruling goes before everything; what was measured, seen and claimed stays beside it.
    """
    figure = _settle(
        component,
        agency=agency,
        result=result,
        said=Said(claim=claim, owner_figures=tuple(owner_figures), sighting=sighting),
        policy=_policy(component, policy, second_policy, stage),
        report_was_due=report_was_due,
    )
    return figure if ruling is None else _ruled(figure, ruling)


def _policy(
    component: Component, first: UnmeasuredPolicy, second: UnmeasuredPolicy | Literal[""], stage: ScoringStage
) -> UnmeasuredPolicy:
    if stage == "second":
        return component.on_unmeasured_second or component.on_unmeasured or second or first
    return component.on_unmeasured or first


def _ruled(figure: Figure, ruling: Ruling) -> Figure:
    inputs = {name: Input(value=value, origin=Origin.RULING) for name, value in ruling.inputs.items()}
    return replace(
        figure, ground=Ground.RULED, inputs=inputs, low=None, high=None, grade=Grade.VERIFIED, ruling=ruling
    )


def _settle(
    component: Component,
    *,
    agency: Agency,
    result: Result | None,
    said: Said,
    policy: UnmeasuredPolicy,
    report_was_due: bool,
) -> Figure:
    blank = _blank(component, agency, said, result)
    if component.requires_procedures and not agency.has_procedures:
        return _not_applicable(blank, result if isinstance(result, NotApplicable) else _NO_PROCEDURES)
    if not component.verifier:
        seen = observed(component, said, blank) if policy == "observe" else None
        return seen or _reported(component, agency, said, blank, report_was_due=report_was_due)
    match result:
        case Measurement():
            return _measured(component, result, said, blank, policy)
        case Unmeasured():
            return settle_unmeasured(component, result, said, blank, policy)
        case NotApplicable():
            return _not_applicable(blank, result)
        case None:
            return settle_unmeasured(component, _NEVER_ASKED, said, blank, policy)


_NEVER_ASKED: Final = Unmeasured(reason=Reason.NOT_COLLECTED, detail="không có lượt thu thập nào")
_NO_PROCEDURES: Final = NotApplicable(reason=NotApplicableReason.NO_PROCEDURES, detail="")


def _blank(component: Component, agency: Agency, said: Said, result: Result | None) -> Figure:
    """Return the open figure that every other one is made from."""
    fault = said.fault(component)
    return Figure(
        agency=agency.code,
        component=component.code,
        inputs=None,
        ground=Ground.OPEN,
        finding=Finding.UNVERIFIABLE if said.usable(component) else Finding.NO_CLAIM,
        grade=Grade.UNVERIFIED,
        result=result,
        claim=said.claim,
        owner_figures=said.owner_figures,
        sighting=said.sighting,
        difference=f"Số tự báo cáo không dùng được: {fault}" if fault else "",
    )


def _not_applicable(blank: Figure, result: NotApplicable) -> Figure:
    return replace(
        blank, ground=Ground.NOT_APPLICABLE, finding=Finding.NOT_APPLICABLE, result=result, difference=""
    )


def _measured(
    component: Component, result: Measurement, said: Said, blank: Figure, policy: UnmeasuredPolicy
) -> Figure:
    wrong = complaint(component, {name: given.value for name, given in result.inputs.items()})
    if wrong:
        # Our own tool failed; that is never the agency's failure.
        unread = Unmeasured(reason=Reason.NOT_READ, detail=f"kết quả đo không dùng được: {wrong}")
        return settle_unmeasured(component, unread, said, blank, policy)
    found = points(component, result.inputs)
    if not found.applicable:
        return replace(
            blank,
            ground=Ground.NOT_APPLICABLE,
            finding=Finding.NOT_APPLICABLE,
            grade=result.grade,
            difference="",
        )
    if found.low != found.high:
        return _partly_measured(component, result, said, blank, policy)
    claim = said.usable(component)
    settled = replace(blank, inputs=result.inputs, grade=result.grade, ground=Ground.MEASURED)
    return settled if claim is None else _tolerated(component, claim, against(component, claim, settled))


def _tolerated(component: Component, claim: SubmittedFigure, figure: Figure) -> Figure:
    """Let a claim within the tolerance score where the set says so and it crosses nothing on its way."""
    if component.within_tolerance != "claimed" or figure.finding is not Finding.HONEST_ERROR:
        return figure
    measured = {name: given.value for name, given in (figure.inputs or {}).items()}
    if compare(component, measured, claimed(claim)).finding is Finding.FALSE_CLAIM:
        return figure  # the claim is lower by more than the tolerance
    if crosses(component, claimed(claim), figure.inputs or {}):
        return replace(figure, difference=f"{figure.difference}; qua một bậc hoặc ngưỡng: lấy số đo")
    return replace(
        figure,
        inputs=claimed(claim),
        fallback=figure.inputs,
        difference=f"{figure.difference}; trong dung sai, bộ chỉ số lấy số tự báo cáo",
    )


def _partly_measured(
    component: Component, result: Measurement, said: Said, blank: Figure, policy: UnmeasuredPolicy
) -> Figure:
    """Some checklist items are open: what is met stays met, the rest is unmeasured."""
    best = {
        name: replace(given, value=given.value | given.open_items, open_items=frozenset())
        if isinstance(given.value, frozenset)
        else given
        for name, given in result.inputs.items()
    }
    rest = Unmeasured(
        reason=Reason.SINGLE_MEASUREMENT,
        detail="một số mục chưa rõ",
        low=result.inputs,
        high=best if best != result.inputs else None,
    )
    figure = replace(
        settle_unmeasured(component, rest, said, blank, policy), result=result, grade=result.grade
    )
    claim = said.usable(component)
    if claim is None:
        return figure
    found = compare(component, claim.inputs, result.inputs)
    return replace(figure, finding=found.finding, difference=found.text)


def _reported(
    component: Component, agency: Agency, said: Said, blank: Figure, *, report_was_due: bool
) -> Figure:
    """Settle what nothing measures: the owner of a shared system goes before the agency's word."""
    claim = said.usable(component)
    inputs, missing = _gathered(component, said, claim)
    whole = not missing and not complaint(component, {n: i.value for n, i in inputs.items()})
    found = points(component, inputs) if whole else None
    if found is None or (found.applicable and found.low != found.high):
        return _absent(missing or component.inputs, blank, report_was_due=report_was_due)
    grade = _grade(component, agency, said, inputs)
    if not found.applicable:
        return replace(
            blank, ground=Ground.NOT_APPLICABLE, finding=Finding.NOT_APPLICABLE, grade=grade, difference=""
        )
    owned = replace(blank, inputs=inputs, grade=grade)
    if all(given.origin is Origin.OWNER for given in inputs.values()):
        return replace(owned, ground=Ground.OWNER) if claim is None else against(component, claim, owned)
    if claim is not None and not claim.proof.strip() and component.on_missing_proof != "accept":
        return _unproven(component, owned, report_was_due=report_was_due)
    difference = compare(component, claim.inputs, inputs).text if claim is not None else ""
    return replace(owned, ground=Ground.CLAIMED, difference=difference)


def _unproven(component: Component, owned: Figure, *, report_was_due: bool) -> Figure:
    """Say what a reported figure without proof is worth: nothing yet, or nothing once the report was due."""
    why = "Số tự báo cáo không nêu minh chứng"
    ground = Ground.ABSENT if component.on_missing_proof == "zero" and report_was_due else Ground.OPEN
    return replace(
        owned,
        inputs=None,
        ground=ground,
        finding=Finding.UNVERIFIABLE,
        grade=Grade.UNVERIFIED,
        difference=why,
    )


def _gathered(
    component: Component, said: Said, claim: SubmittedFigure | None
) -> tuple[dict[str, Input], tuple[InputSpec, ...]]:
    inputs: dict[str, Input] = {}
    missing: list[InputSpec] = []
    for spec in component.inputs:
        given = owner_input(spec, said.owner_figures)
        if given is None and claim is not None and spec.name in claim.inputs:
            given = Input(value=claim.inputs[spec.name], origin=Origin.SUBMITTED)
        if given is not None:
            inputs[spec.name] = given
        elif spec.role != "due" or component.formula.due is None:
            missing.append(spec)
    return inputs, tuple(missing)


def _absent(missing: Sequence[InputSpec], blank: Figure, *, report_was_due: bool) -> Figure:
    """Say that a report is missing; only what the agency itself may supply is held against it."""
    owed = any(Origin.SUBMITTED in spec.origins for spec in missing)
    if not (owed and report_was_due):
        return blank
    why = blank.difference or "Hạn báo cáo đã qua mà cơ quan không gửi đủ số liệu"
    return replace(blank, ground=Ground.ABSENT, difference=why)


def _grade(component: Component, agency: Agency, said: Said, inputs: Mapping[str, Input]) -> Grade:
    leading = [spec.name for spec in component.inputs if spec.role not in _SUPPORTING]
    if any(inputs[name].origin is not Origin.OWNER for name in leading):
        return Grade.UNVERIFIED
    whole = all(given.origin is Origin.OWNER for given in inputs.values())
    rated = any(figure.owner == agency.code for figure in said.owner_figures)
    return Grade.VERIFIED if whole and not rated else Grade.PARTLY_VERIFIED
