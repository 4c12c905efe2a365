"""A sighting that scores: countersigned, fitting the component, where the rule calls for one."""

from __future__ import annotations

from dataclasses import replace

from minhchung.index_set import Component
from minhchung.measurements import Grade, Input, Origin
from minhchung.scores import Figure, Ground
from scoring.comparison import compare
from scoring.inputs import complaint
from scoring.rules import points
from scoring.said import Said


def why_not_counted(component: Component, said: Said) -> str:
    """Return why a sighting may not score, Vietnamese; empty where it may or where there is none."""
    if said.sighting is None:
        return ""
    return said.sighting.fault() or complaint(component, said.sighting.sighting.inputs)


def observed(component: Component, said: Said, held: Figure) -> Figure | None:
    """Return the figure of what a person saw; None where nobody did, or where it may not count."""
    if said.sighting is None or why_not_counted(component, said):
        return None
    seen = said.sighting.sighting.inputs
    inputs = {name: Input(value=value, origin=Origin.SIGHTING) for name, value in seen.items()}
    found = points(component, inputs)
    if not found.applicable or found.low != found.high:
        return None
    figure = replace(held, ground=Ground.OBSERVED, inputs=inputs, grade=Grade.VERIFIED, difference="")
    claim = said.usable(component)
    if claim is None:
        return figure
    compared = compare(component, claim.inputs, inputs)
    return replace(figure, finding=compared.finding, difference=compared.text)
