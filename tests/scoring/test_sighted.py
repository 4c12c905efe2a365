"""What a countersigned sighting is worth: only where the rule calls for one, never against the evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from minhchung.evidence import RunId
from minhchung.index_set import Component
from minhchung.measurements import Origin, Reason, Result, Value
from minhchung.rounds import UnmeasuredPolicy
from minhchung.scores import Figure, Finding, Ground
from minhchung.sightings import Countersignature, Sighting, SightingBegun, Witness, Witnessed
from minhchung.submissions import SubmittedFigure
from scoring.award import award
from scoring.reconcile import reconcile
from scoring.unmeasured import REFUSALS
from tests.scoring.making import AGENCY, RECORD, claim, component, given, measured, struck, unmeasured

RATIO = component("ratio", tolerance="0.02")
AT = datetime(2021, 11, 1, 3, tzinfo=UTC)


def sighting(scored: Component, **values: int) -> Witnessed:
    """Return a countersigned sighting; values by role."""
    by_role: dict[str, str] = {spec.role: spec.name for spec in scored.inputs}
    begun = SightingBegun(
        round="2021",
        agency=AGENCY.code,
        component=scored.code,
        sitting=RunId("20211101T030000Z-1"),
        by=Witness(id="an", name="Người Một"),
        place="Phòng họp",
        asked=scored.title,
        url="https://so-mot.example/",
        window="screen",
        rehearsal=False,
        began_at=AT,
    )
    inputs: dict[str, Value] = {by_role[role]: Fraction(value) for role, value in values.items()}
    seen = Sighting(begun=begun, ended_at=AT, day=date(2021, 11, 1), inputs=inputs)
    second = Countersignature(
        round="2021", sighting=RECORD, by=Witness(id="binh", name="Người Hai"), day=date(2021, 11, 2)
    )
    return Witnessed(record=RECORD, sighting=seen, second=second)


def settle(
    scored: Component,
    result: Result | None,
    seen: Witnessed,
    said: SubmittedFigure | None = None,
    policy: UnmeasuredPolicy = "observe",
) -> Figure:
    return reconcile(scored, agency=AGENCY, result=result, claim=said, policy=policy, sighting=seen)


def test_what_was_seen_scores_where_nothing_measured_and_the_rule_says_so() -> None:
    figure = settle(RATIO, struck(), sighting(RATIO, num=24, den=48))

    assert figure.ground is Ground.OBSERVED
    assert {each.origin for each in (figure.inputs or {}).values()} == {Origin.SIGHTING}
    assert award(RATIO, figure).low == award(RATIO, figure).high == Fraction(3, 2)


@pytest.mark.parametrize("policy", ["hold", "claim-provisional", "accept-with-proof", "exclude-rescale"])
def test_under_any_other_rule_it_only_stands_beside(policy: UnmeasuredPolicy) -> None:
    figure = settle(RATIO, struck(), sighting(RATIO, num=24, den=48), policy=policy)

    assert figure.ground in {Ground.OPEN, Ground.EXCLUDED}
    assert figure.sighting is not None


def test_a_measurement_goes_before_it() -> None:
    figure = settle(RATIO, measured(given(num=36, den=48)), sighting(RATIO, num=48, den=48))

    assert (figure.ground, award(RATIO, figure).low) == (Ground.MEASURED, Fraction(9, 4))


@pytest.mark.parametrize("reason", sorted(Reason))
def test_shutting_the_collector_out_and_letting_a_person_in_does_not_pay(reason: Reason) -> None:
    """A refusal leaves the points open whatever a person was shown; only a ruling settles them."""
    figure = settle(RATIO, unmeasured(reason=reason), sighting(RATIO, num=48, den=48))

    assert (figure.ground is Ground.OPEN) == (reason in REFUSALS)


def test_it_never_goes_beyond_what_the_evidence_bounds() -> None:
    bounded = unmeasured(reason=Reason.NEEDS_PERSON, low=given(num=12, den=48), high=given(num=24, den=48))

    figure = settle(RATIO, bounded, sighting(RATIO, num=48, den=48))

    assert figure.ground is Ground.OBSERVED
    assert award(RATIO, figure).low == Fraction(3, 2)


def test_a_claim_is_held_against_what_was_seen() -> None:
    figure = settle(RATIO, struck(), sighting(RATIO, num=24, den=48), claim(RATIO, num=48, den=48))

    assert (figure.ground, figure.finding) == (Ground.OBSERVED, Finding.FALSE_CLAIM)


def test_what_only_a_person_can_see_goes_before_the_report() -> None:
    reported = component("ratio", verifier="", origins=(Origin.SUBMITTED,))
    proven = claim(reported, num=48, den=48)

    seen = settle(reported, None, sighting(reported, num=24, den=48), proven)
    held = settle(reported, None, sighting(reported, num=24, den=48), proven, policy="hold")

    assert (seen.ground, seen.finding) == (Ground.OBSERVED, Finding.FALSE_CLAIM)
    assert held.ground is Ground.CLAIMED


def test_one_that_nobody_countersigned_or_that_does_not_fit_never_counts() -> None:
    good = sighting(RATIO, num=24, den=48)
    alone = replace(good, second=None)
    partial = sighting(RATIO, num=24)
    rehearsed = replace(
        good, sighting=replace(good.sighting, begun=replace(good.sighting.begun, rehearsal=True))
    )

    grounds = {settle(RATIO, struck(), seen).ground for seen in (alone, partial, rehearsed)}

    assert grounds == {Ground.OPEN}
