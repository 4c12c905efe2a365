"""Which figure scores, and on what ground: the measurement, the owner's figure, the claim, or none yet.

A measured figure always scores. An unmeasured component is worth what the round's policy says, by default
nothing settled: neither zero nor the claim. What only the agency can report is 0 once its report was due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

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
from minhchung.rounds import UnmeasuredPolicy
from minhchung.scores import Figure, Finding, Ground
from minhchung.submissions import OwnerFigure, SubmittedFigure
from scoring.comparison import compare
from scoring.inputs import complaint
from scoring.owners import owner_input
from scoring.rules import certain, points, worth

_SUPPORTING: Final = frozenset({"den", "due"})
"""Roles whose verification alone verifies nothing: the numerator is still the agency's word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What others say about one component of one agency."""

    claim: SubmittedFigure | None = None
    owner_figures: tuple[OwnerFigure, ...] = ()

    def fault(self, component: Component) -> str:
        """Return why the claim cannot be used, Vietnamese; empty where it can or where there is none."""
        return "" if self.claim is None else complaint(component, self.claim.inputs)

    def usable(self, component: Component) -> SubmittedFigure | None:
        """Return the claim where its values fit the component."""
        return None if self.fault(component) else self.claim


def reconcile(
    component: Component,
    *,
    agency: Agency,
    result: Result | None = None,
    claim: SubmittedFigure | None = None,
    owner_figures: Sequence[OwnerFigure] = (),
    policy: UnmeasuredPolicy = "hold",
    report_was_due: bool = False,
) -> Figure:
    """Settle one component of one agency; `policy` is the round's, the component's own goes before it."""
    said = Said(claim=claim, owner_figures=tuple(owner_figures))
    blank = _blank(component, agency, said, result)
    if component.requires_procedures and not agency.has_procedures:
        return _not_applicable(blank, result if isinstance(result, NotApplicable) else _NO_PROCEDURES)
    if not component.verifier:
        return _reported(component, agency, said, blank, report_was_due=report_was_due)
    policy = component.on_unmeasured or policy
    match result:
        case Measurement():
            return _measured(component, result, said, blank, policy)
        case Unmeasured():
            return _unmeasured(component, result, said, blank, policy)
        case NotApplicable():
            return _not_applicable(blank, result)
        case None:
            return _unmeasured(component, _NEVER_ASKED, said, blank, policy)


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
        return _unmeasured(component, unread, said, blank, policy)
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
    return settled if claim is None else _against(component, claim, settled)


def _against(component: Component, claim: SubmittedFigure, settled: Figure) -> Figure:
    """Let the settled inputs score and say what the claim was."""
    found = compare(component, claim.inputs, settled.inputs or {})
    if found.finding is not Finding.AGREED and _may_be_right(component, claim, settled, found.finding):
        return replace(settled, finding=Finding.UNVERIFIABLE, difference=found.text)
    ground = Ground.AGREED if found.finding is Finding.AGREED else Ground.CORRECTED
    return replace(settled, ground=ground, finding=found.finding, difference=found.text)


def _may_be_right(component: Component, claim: SubmittedFigure, settled: Figure, finding: Finding) -> bool:
    """Say whether what was not seen could make the claim true: bounds settle points, not quantities.

    Where the best the unseen could be is known, a claim that is false even beside that is false.
    """
    if not isinstance(settled.result, Measurement) or not settled.result.bounded:
        return False
    if settled.result.high is not None:
        at_best = compare(component, claim.inputs, settled.result.high).finding
        return finding is Finding.FALSE_CLAIM and at_best is not Finding.FALSE_CLAIM
    if component.formula.type == "best_peer":
        return worth(component, _claimed(claim)) == worth(component, settled.inputs or {})
    claimed, measured = points(component, _claimed(claim)), points(component, settled.inputs or {})
    return claimed == replace(measured, steps=claimed.steps)


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
    figure = replace(_unmeasured(component, rest, said, blank, policy), result=result, grade=result.grade)
    claim = said.usable(component)
    if claim is None:
        return figure
    found = compare(component, claim.inputs, result.inputs)
    return replace(figure, finding=found.finding, difference=found.text)


def _unmeasured(
    component: Component, result: Unmeasured, said: Said, blank: Figure, policy: UnmeasuredPolicy
) -> Figure:
    held = replace(blank, result=result, low=result.low, high=result.high)
    known = result.low if result.low is not None else result.high
    if known is not None and certain(component, result.low, result.high):
        # What was not seen cannot move the points, so they are settled; the claim still is not.
        own_word = any(given.origin is Origin.SUBMITTED for given in known.values())
        grade = Grade.PARTLY_VERIFIED if own_word else Grade.VERIFIED
        return replace(held, ground=Ground.MEASURED, inputs=known, grade=grade)
    match policy:
        case "hold":
            return held
        case "exclude-rescale":
            return replace(held, ground=Ground.EXCLUDED)
        case "claim-provisional":
            claim = said.usable(component)
            if claim is None:
                return held
            return replace(held, ground=Ground.CLAIM_PROVISIONAL, inputs=_claimed(claim))


def _claimed(claim: SubmittedFigure) -> Mapping[str, Input]:
    return {name: Input(value=value, origin=Origin.SUBMITTED) for name, value in claim.inputs.items()}


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
        return replace(owned, ground=Ground.MEASURED) if claim is None else _against(component, claim, owned)
    difference = compare(component, claim.inputs, inputs).text if claim is not None else ""
    return replace(owned, ground=Ground.CLAIMED, difference=difference)


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
