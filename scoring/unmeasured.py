"""What an unmeasured component is worth: what bounds settle, then a rule, never a default."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from minhchung.index_set import Component
from minhchung.measurements import Grade, Origin, Reason, Unmeasured
from minhchung.rounds import UnmeasuredPolicy
from minhchung.scores import Figure, Ground
from scoring.inputs import complaint
from scoring.owners import owner_input
from scoring.rules import certain, points
from scoring.said import Said, against, claimed
from scoring.sighted import observed

NOT_THEIRS: Final = frozenset(
    {
        Reason.INCIDENT,
        Reason.ADVISORY,
        Reason.NOT_COLLECTED,
        Reason.CALENDAR_MISSING,
        Reason.MAPPING_MISSING,
        Reason.SCHEMA_CHANGED,
        Reason.UNAUTHORISED,
        Reason.BASIS_DOES_NOT_FIT,
    }
)
"""Reasons that no agency can bring about by refusing, hiding, going dark, or by what it enters.

What could not be read is not among them: a file that was answered once and is refused the second time is not
read either. Only for these may a policy put something in the place of the measurement; for any other the
points are held, so that blocking never pays."""

REFUSALS: Final = frozenset(
    {Reason.BLOCKED, Reason.ROBOTS_REFUSED, Reason.UNREACHABLE, Reason.PLATFORM_INCIDENT}
)
"""Reasons for which not even a sighting stands in: whoever shuts the collector out and lets a person in would
choose who looks. An appraiser may rule on it."""


def settle_unmeasured(
    component: Component, result: Unmeasured, said: Said, blank: Figure, policy: UnmeasuredPolicy
) -> Figure:
    """Return the figure of what could not be measured."""
    held = replace(blank, result=result, low=result.low, high=result.high)
    known = result.low if result.low is not None else result.high
    if known is not None and certain(component, result.low, result.high):
        # What was not seen cannot move the points, so they are settled; the claim still is not.
        own_word = any(given.origin is Origin.SUBMITTED for given in known.values())
        grade = Grade.PARTLY_VERIFIED if own_word else Grade.VERIFIED
        return replace(held, ground=Ground.MEASURED, inputs=known, grade=grade)
    seen = observed(component, said, held) if policy == "observe" and result.reason not in REFUSALS else None
    if seen is not None:
        return seen
    if result.reason not in NOT_THEIRS:
        return held
    owned = _owned(component, said, held)
    if owned is not None:
        return owned
    claim = said.usable(component)
    match policy:
        case "hold":
            return held
        case "observe":
            return replace(held, difference="Cần thẩm định viên quan sát trực tiếp")
        case "exclude-rescale":
            return replace(held, ground=Ground.EXCLUDED)
        case "claim-provisional" if claim is not None:
            return replace(held, ground=Ground.CLAIM_PROVISIONAL, inputs=claimed(claim))
        case "accept-with-proof" if claim is not None and claim.proof.strip():
            return replace(held, ground=Ground.ACCEPTED, inputs=claimed(claim))
        case _:
            return held


def _owned(component: Component, said: Said, held: Figure) -> Figure | None:
    """Return the figure of the owner of a shared system where it supplies every input, else None."""
    given = {spec.name: owner_input(spec, said.owner_figures) for spec in component.inputs}
    inputs = {name: one for name, one in given.items() if one is not None}
    if len(inputs) != len(component.inputs) or any(f.owner == held.agency for f in said.owner_figures):
        return None
    if complaint(component, {name: one.value for name, one in inputs.items()}):
        return None
    found = points(component, inputs)
    if not found.applicable or found.low != found.high:
        return None
    settled = replace(held, ground=Ground.OWNER, inputs=inputs, low=None, high=None, grade=Grade.VERIFIED)
    claim = said.usable(component)
    return settled if claim is None else against(component, claim, settled)
