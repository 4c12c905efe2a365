"""What stands beside the tables: claims that differ, points still open, losses that are the platform's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from minhchung.index_set import Component, IndexSet
from minhchung.measurements import Unmeasured
from minhchung.scores import Finding, Ground, Place, Score
from scoring.inputs import items_of
from scoring.numerals import rounded
from scoring.wording import FINDINGS, GROUNDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A claim that says something else than what was measured."""

    agency: str
    name: str
    component: str
    title: str
    finding: str
    """Code: `false_claim` or `honest_error`."""

    finding_text: str
    text: str
    points: str
    """Points and maximum as printed, `1,00/3,00`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoint:
    """A component whose points are not settled, and why."""

    agency: str
    name: str
    component: str
    title: str
    reason: str
    """Code of the reason, empty where it is none of the closed list."""

    text: str
    points: str
    """`0,00–3,00/3,00`."""

    low: Fraction
    high: Fraction
    maximum: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformLoss:
    """Points an agency misses by what a shared platform or the province provides."""

    agency: str
    name: str
    component: str
    title: str
    items: str
    """Names of the items not met, where it is a checklist."""

    points: str
    """Points missed, `0,50`."""


Sets = Callable[[str], IndexSet]
"""From a bloc's code to the index set that scores it."""

_DIFFERENT: Final = frozenset({Finding.FALSE_CLAIM, Finding.HONEST_ERROR})


def _scored(
    places: Sequence[Place], sets: Sets, names: Mapping[str, str]
) -> Iterator[tuple[str, Component, Score]]:
    by_bloc = {place.total.bloc: sets(place.total.bloc) for place in places}
    known = {bloc: {one.code: one for one in each.components()} for bloc, each in by_bloc.items()}
    for place in places:
        components = known[place.total.bloc]
        for score in place.total.scores:
            yield names.get(place.agency, place.agency), components[score.component], score


def points_of(low: Fraction, high: Fraction, maximum: Fraction) -> str:
    """Return points and maximum as printed: `1,00/3,00`, or a range while they are open."""
    reached = rounded(low) if low == high else f"{rounded(low)}–{rounded(high)}"
    return f"{reached}/{rounded(maximum)}"


def differences(places: Sequence[Place], sets: Sets, names: Mapping[str, str]) -> Iterator[Difference]:
    """Yield every claim that differs from its measurement, false ones and honest errors."""
    for name, component, score in _scored(places, sets, names):
        figure = score.figure
        if figure.finding in _DIFFERENT:
            yield Difference(
                agency=score.agency,
                name=name,
                component=component.code,
                title=component.title,
                finding=figure.finding.value,
                finding_text=FINDINGS[figure.finding],
                text=figure.difference,
                points=points_of(score.low, score.high, score.maximum),
            )


def open_points(places: Sequence[Place], sets: Sets, names: Mapping[str, str]) -> Iterator[OpenPoint]:
    """Yield every component whose points are open or stand on a provisional claim."""
    for name, component, score in _scored(places, sets, names):
        figure = score.figure
        if not score.open and figure.ground.value != "claim-provisional":
            continue
        reason = figure.result.reason.value if isinstance(figure.result, Unmeasured) else ""
        yield OpenPoint(
            agency=score.agency,
            name=name,
            component=component.code,
            title=component.title,
            reason=reason,
            text=score.steps[0] if score.steps else GROUNDS[figure.ground],
            points=points_of(score.low, score.high, score.maximum),
            low=score.low,
            high=score.high,
            maximum=score.maximum,
        )


def platform_losses(places: Sequence[Place], sets: Sets, names: Mapping[str, str]) -> Iterator[PlatformLoss]:
    """Yield settled losses that are the platform's or the province's; they score all the same."""
    for name, component, score in _scored(places, sets, names):
        missed, items = _missed(component, score)
        if missed:
            yield PlatformLoss(
                agency=score.agency,
                name=name,
                component=component.code,
                title=component.title,
                items=", ".join(items),
                points=rounded(missed),
            )


def _missed(component: Component, score: Score) -> tuple[Fraction, list[str]]:
    """Return the points missed by what is not the agency's, and the items they are."""
    inputs = score.figure.inputs
    if inputs is None or not score.counts:
        return Fraction(0), []
    if component.formula.type == "checklist":
        met = items_of(component, {name: given.value for name, given in inputs.items()})
        lost = [i for i in component.formula.items if i.id not in met and i.attributable_to != "agency"]
        return sum((Fraction(item.points) for item in lost), Fraction(0)), [i.name or i.id for i in lost]
    if component.attributable_to == "agency":
        return Fraction(0), []
    return score.maximum - score.high, []


def observed_ones(places: Sequence[Place], names: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for every component that scores by what a person saw, with both names."""
    for place in places:
        for score in place.total.scores:
            seen = score.figure.sighting
            if seen is None or seen.second is None or score.figure.ground is not Ground.OBSERVED:
                continue
            first, second = seen.sighting.begun.by, seen.second.by
            name = names.get(place.agency, place.agency)
            yield (
                f"{name}, {score.component}: theo quan sát trực tiếp của {first.name} ngày "
                f"{seen.sighting.day:%d/%m/%Y}, {second.name} đồng ký"
            )
