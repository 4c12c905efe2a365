"""What others say about one component beside the measurement, and what a claim turns out to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from minhchung.index_set import Component
from minhchung.measurements import Input, Measurement, Origin
from minhchung.scores import Figure, Finding, Ground
from minhchung.sightings import Witnessed
from minhchung.submissions import OwnerFigure, SubmittedFigure
from scoring.comparison import compare
from scoring.inputs import complaint
from scoring.rules import points, worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What others say about one component of one agency."""

    claim: SubmittedFigure | None = None
    owner_figures: tuple[OwnerFigure, ...] = ()
    sighting: Witnessed | None = None

    def fault(self, component: Component) -> str:
        """Return why the claim cannot be used, Vietnamese; empty where it can or where there is none."""
        return "" if self.claim is None else complaint(component, self.claim.inputs)

    def usable(self, component: Component) -> SubmittedFigure | None:
        """Return the claim where its values fit the component."""
        return None if self.fault(component) else self.claim


def claimed(claim: SubmittedFigure) -> Mapping[str, Input]:
    """Return a claim as inputs."""
    return {name: Input(value=value, origin=Origin.SUBMITTED) for name, value in claim.inputs.items()}


def against(component: Component, claim: SubmittedFigure, settled: Figure) -> Figure:
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
        return worth(component, claimed(claim)) == worth(component, settled.inputs or {})
    said, measured = points(component, claimed(claim)), points(component, settled.inputs or {})
    return said == replace(measured, steps=said.steps)
