"""Which figure scores and on what ground; what each ground is worth."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import pytest

from minhchung.index_set import ChecklistItem, Component
from minhchung.measurements import (
    Grade,
    Input,
    NotApplicable,
    NotApplicableReason,
    Origin,
    Reason,
    Result,
    Unmeasured,
)
from minhchung.rounds import ScoringStage, UnmeasuredPolicy
from minhchung.scores import Figure, Finding, Ground, Score
from minhchung.submissions import OwnerFigure, SubmittedFigure
from scoring.award import award
from scoring.points import Peer
from scoring.reconcile import reconcile
from tests.scoring.making import AGENCY, claim, component, given, measured, owned, struck, unmeasured

RATIO = component("ratio", tolerance="0.02")
ITEMS = component(
    "checklist", "2", items=tuple(ChecklistItem(id=i, points=Decimal("0.5"), name=i.upper()) for i in "abcd")
)
REPORTED = component("ratio", verifier="", origins=(Origin.OWNER, Origin.SUBMITTED), tolerance="0.02")


def settle(
    scored: Component,
    result: Result | None = None,
    said: SubmittedFigure | None = None,
    *figures: OwnerFigure,
    policy: UnmeasuredPolicy = "hold",
    due: bool = True,
) -> Figure:
    return reconcile(
        scored,
        agency=AGENCY,
        result=result,
        claim=said,
        owner_figures=figures,
        policy=policy,
        report_was_due=due,
    )


def test_a_measured_figure_always_scores() -> None:
    figure = settle(RATIO, measured(given(num=36, den=48)), claim(RATIO, num=48, den=48))

    assert figure.ground is Ground.CORRECTED
    assert figure.finding is Finding.FALSE_CLAIM
    assert award(RATIO, figure).low == Decimal("2.25")


def test_a_claim_below_the_measurement_is_corrected_upwards() -> None:
    figure = settle(RATIO, measured(given(num=36, den=48)), claim(RATIO, num=24, den=48))

    assert figure.finding is Finding.HONEST_ERROR
    assert award(RATIO, figure).low == Decimal("2.25")


def test_the_same_claim_is_agreed_and_no_claim_is_just_measured() -> None:
    same = settle(RATIO, measured(given(num=36, den=48)), claim(RATIO, num=36, den=48))
    alone = settle(RATIO, measured(given(num=36, den=48)))

    assert (same.ground, same.finding, same.difference) == (Ground.AGREED, Finding.AGREED, "")
    assert (alone.ground, alone.finding) == (Ground.MEASURED, Finding.NO_CLAIM)


def test_a_portal_that_hides_keeps_neither_zero_nor_its_claim() -> None:
    figure = settle(RATIO, unmeasured(), claim(RATIO, num=48, den=48))
    score = award(RATIO, figure)

    assert (figure.ground, figure.finding, figure.inputs) == (Ground.OPEN, Finding.UNVERIFIABLE, None)
    assert score.open
    assert score.low == 0
    assert score.high == 3
    assert score.steps[0] == "Chưa đo được (không truy cập được): 0 trên 4 lượt thành công"


def test_never_asked_is_open_too() -> None:
    figure = settle(RATIO)

    assert figure.ground is Ground.OPEN
    assert isinstance(figure.result, Unmeasured)
    assert figure.result.reason is Reason.NOT_COLLECTED


def test_what_was_proven_stays_proven_and_what_is_unseen_stays_open() -> None:
    """Hiding never gains a point and never costs one that was already proven."""
    score = award(RATIO, settle(RATIO, unmeasured(low=given(num=12, den=48))))

    assert score.low == Decimal("0.75")
    assert score.high == 3


def test_bounds_with_equal_points_settle_the_component() -> None:
    """Ten of ten items seen: the unseen lists cannot add a point."""
    count = component("capped_count", "1", per_unit=Decimal("0.1"))
    figure = settle(count, unmeasured(low=given(count=10)), claim(count, count=30))

    assert figure.ground is Ground.MEASURED
    assert figure.finding is Finding.UNVERIFIABLE
    assert award(count, figure).low == 1
    assert not award(count, figure).open


def test_bounds_settle_points_and_accuse_nobody_of_what_was_not_seen() -> None:
    """Ten items seen earn everything; thirty claimed may well stand on the lists that could not be read."""
    count = component("capped_count", "1", per_unit=Decimal("0.1"))
    seen = replace(measured(given(count=10)), bounded=True)
    few = replace(measured(given(count=2)), bounded=True)

    assert settle(count, seen, claim(count, count=30)).finding is Finding.UNVERIFIABLE
    assert settle(count, seen, claim(count, count=10)).finding is Finding.AGREED
    assert settle(count, few, claim(count, count=30)).finding is Finding.FALSE_CLAIM


def test_a_claim_beyond_the_best_the_unseen_could_be_is_false() -> None:
    """Two undated items may lift ten to twelve: a claim of thirteen is false, one of twelve may be right."""
    count = component("capped_count", "1", per_unit=Decimal("0.1"))
    seen = replace(measured(given(count=10)), bounded=True, high=given(count=12))

    assert settle(count, seen, claim(count, count=13)).finding is Finding.FALSE_CLAIM
    assert settle(count, seen, claim(count, count=12)).finding is Finding.UNVERIFIABLE
    assert settle(count, seen, claim(count, count=9)).finding is Finding.HONEST_ERROR


def test_a_checklist_is_open_by_its_open_items_alone() -> None:
    found = measured({"items": Input(value=frozenset("a"), origin=Origin.CRAWL, open_items=frozenset("b"))})
    figure = settle(ITEMS, found, claim(ITEMS, items=frozenset("abc")))
    score = award(ITEMS, figure)

    assert figure.ground is Ground.OPEN
    assert figure.finding is Finding.FALSE_CLAIM, "c was looked for and is not there"
    assert score.low == Decimal("0.5")
    assert score.high == 1


def test_a_provisional_claim_never_passes_what_the_evidence_bounds() -> None:
    best = settle(
        RATIO,
        struck(low=given(num=12, den=48), high=given(num=24, den=48)),
        claim(RATIO, num=48, den=48),
        policy="claim-provisional",
    )

    assert best.ground is Ground.CLAIM_PROVISIONAL
    assert award(RATIO, best).low == Decimal("1.5")


def test_without_a_claim_there_is_nothing_to_be_provisional_on() -> None:
    assert settle(RATIO, struck(), policy="claim-provisional").ground is Ground.OPEN


def test_excluding_leaves_the_component_out() -> None:
    score = award(RATIO, settle(RATIO, struck(), policy="exclude-rescale"))

    assert score.figure.ground is Ground.EXCLUDED
    assert not score.counts


def test_the_components_own_policy_goes_before_the_rounds() -> None:
    held = replace(RATIO, on_unmeasured="hold")

    assert settle(held, struck(), policy="exclude-rescale").ground is Ground.OPEN


def test_a_measurement_our_own_tool_garbled_is_not_the_agencys_failure() -> None:
    figure = settle(RATIO, measured(given(num=36)))

    assert figure.ground is Ground.OPEN
    assert isinstance(figure.result, Unmeasured)
    assert figure.result.reason is Reason.NOT_READ


def test_an_agency_without_procedures_is_not_asked_for_dossiers() -> None:
    scored = replace(RATIO, requires_procedures=True)
    figure = reconcile(scored, agency=replace(AGENCY, has_procedures=False), result=unmeasured())

    assert (figure.ground, figure.finding) == (Ground.NOT_APPLICABLE, Finding.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("policy", "points", "counts"), [("rescale", 0, False), ("full", 3, True), ("zero", 0, True)]
)
def test_what_not_applicable_is_worth_is_declared(
    policy: Literal["rescale", "full", "zero"], points: int, counts: bool
) -> None:
    nothing = NotApplicable(reason=NotApplicableReason.NO_QUESTIONS, detail="Không có câu hỏi trong kỳ")
    score = award(RATIO, settle(RATIO, nothing), policy)

    assert score.low == points
    assert score.high == points
    assert score.counts is counts


def test_what_nothing_measures_rests_on_the_agencys_word_and_says_so() -> None:
    figure = settle(REPORTED, None, claim(REPORTED, num=30, den=40))

    assert (figure.ground, figure.finding) == (Ground.CLAIMED, Finding.UNVERIFIABLE)
    assert figure.grade is Grade.UNVERIFIED
    assert award(REPORTED, figure).low == Decimal("2.25")


def test_a_missing_report_is_zero_only_once_it_was_due() -> None:
    late, early = settle(REPORTED), settle(REPORTED, due=False)

    assert late.ground is Ground.ABSENT
    assert award(REPORTED, late).high == 0
    assert early.ground is Ground.OPEN
    assert award(REPORTED, early).open


def test_an_unusable_claim_is_a_missing_one_and_the_figure_says_why() -> None:
    figure = settle(REPORTED, None, claim(REPORTED, num=-1, den=40))

    assert figure.ground is Ground.ABSENT
    assert figure.difference == "Số tự báo cáo không dùng được: num: phải là một số không âm"


def test_the_owner_of_a_shared_system_goes_before_the_agencys_word() -> None:
    figure = settle(
        REPORTED,
        None,
        claim(REPORTED, num=40, den=40),
        owned(REPORTED, "num", 30),
        owned(REPORTED, "den", 40),
    )

    assert (figure.ground, figure.finding) == (Ground.CORRECTED, Finding.FALSE_CLAIM)
    assert figure.grade is Grade.VERIFIED
    assert award(REPORTED, figure).low == Decimal("2.25")


def test_an_owners_numerator_over_the_agencys_denominator_is_partly_verified() -> None:
    figure = settle(REPORTED, None, claim(REPORTED, num=40, den=40), owned(REPORTED, "num", 30))

    assert (figure.ground, figure.grade) == (Ground.CLAIMED, Grade.PARTLY_VERIFIED)
    assert award(REPORTED, figure).low == Decimal("2.25")


def test_an_owner_that_is_rated_itself_is_partly_verified() -> None:
    own = [owned(REPORTED, "num", 30, owner=AGENCY.code), owned(REPORTED, "den", 40, owner=AGENCY.code)]

    assert settle(REPORTED, None, None, *own).grade is Grade.PARTLY_VERIFIED


def test_nothing_owed_by_the_agency_is_held_against_it() -> None:
    """A component only an owner can supply stays open when the owner is silent."""
    scored = component("ratio", verifier="", origins=(Origin.OWNER,))

    assert settle(scored).ground is Ground.OPEN


def test_a_claimed_denominator_of_zero_settles_nothing() -> None:
    figure = settle(REPORTED, None, claim(REPORTED, num=0, den=0))

    assert figure.ground is Ground.ABSENT


def test_a_held_component_is_never_settled_by_its_claim() -> None:
    scores: list[Score] = [
        award(RATIO, settle(RATIO, unmeasured(), said))
        for said in (None, claim(RATIO, num=0, den=48), claim(RATIO, num=48, den=48))
    ]

    assert all(score.low == 0 and score.high == 3 for score in scores)


HIDING = (
    Reason.NOT_READ,
    Reason.NEEDS_BROWSER,
    Reason.FIGURES_CONTRADICT,
    Reason.BLOCKED,
    Reason.ROBOTS_REFUSED,
    Reason.UNREACHABLE,
    Reason.NEEDS_LOGIN,
    Reason.COVERAGE_BELOW,
)
POLICIES: tuple[UnmeasuredPolicy, ...] = (
    "hold", "observe", "claim-provisional", "accept-with-proof", "exclude-rescale",
)  # fmt: skip


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("reason", HIDING)
def test_no_policy_puts_anything_in_the_place_of_what_an_agency_can_hide(
    policy: UnmeasuredPolicy, reason: Reason
) -> None:
    """Else an agency that has nothing would refuse, be left out or believed, and gain."""
    proven = replace(claim(RATIO, num=48, den=48), proof="12/BC-STT ngày 02/11/2021")
    score = award(RATIO, settle(RATIO, unmeasured(reason=reason), proven, policy=policy))

    assert score.figure.ground is Ground.OPEN
    assert (score.counts, score.low == 0) == (True, True)


def test_a_claim_is_accepted_only_with_the_proof_that_it_names() -> None:
    bare = claim(RATIO, num=48, den=48)
    proven = replace(bare, proof="12/BC-STT ngày 02/11/2021")

    without = settle(RATIO, struck(), bare, policy="accept-with-proof")
    accepted = settle(RATIO, struck(), proven, policy="accept-with-proof")

    assert without.ground is Ground.OPEN
    assert (accepted.ground, accepted.finding, accepted.grade) == (
        Ground.ACCEPTED, Finding.UNVERIFIABLE, Grade.UNVERIFIED,
    )  # fmt: skip
    assert "chưa ai xác minh" in award(RATIO, accepted).steps[0]


def test_what_is_to_be_observed_stays_open_and_says_so() -> None:
    figure = settle(RATIO, struck(), policy="observe")

    assert figure.ground is Ground.OPEN
    assert figure.difference == "Cần thẩm định viên quan sát trực tiếp"


@pytest.mark.parametrize(
    ("own", "own_second", "first", "second", "grounds"),
    [
        ("", "", "hold", "exclude-rescale", (Ground.OPEN, Ground.EXCLUDED)),
        ("hold", "", "exclude-rescale", "exclude-rescale", (Ground.OPEN, Ground.OPEN)),
        ("hold", "exclude-rescale", "hold", "", (Ground.OPEN, Ground.EXCLUDED)),
        ("", "", "exclude-rescale", "", (Ground.EXCLUDED, Ground.EXCLUDED)),
    ],
)
def test_each_stage_has_its_rule_and_the_components_own_goes_first(
    own: Any, own_second: Any, first: Any, second: Any, grounds: tuple[Ground, Ground]
) -> None:
    scored = replace(RATIO, on_unmeasured=own, on_unmeasured_second=own_second)
    found = tuple(
        reconcile(
            scored, agency=AGENCY, result=struck(), policy=first, second_policy=second, stage=stage
        ).ground
        for stage in STAGES
    )

    assert found == grounds


STAGES: tuple[ScoringStage, ScoringStage] = ("first", "second")


@pytest.mark.parametrize(
    ("rule", "due", "ground"),
    [
        ("accept", True, Ground.CLAIMED),
        ("hold", True, Ground.OPEN),
        ("zero", True, Ground.ABSENT),
        ("zero", False, Ground.OPEN),
    ],
)
def test_what_a_claim_without_proof_is_worth_is_declared(rule: Any, due: bool, ground: Ground) -> None:
    scored = replace(component("ratio", verifier="", origins=(Origin.SUBMITTED,)), on_missing_proof=rule)

    assert settle(scored, None, claim(scored, num=1, den=2), due=due).ground is ground


def test_an_owners_figure_takes_the_place_of_what_an_incident_hid() -> None:
    """Three sources: measured, the owner of the system, claimed; not where the owner is the agency itself."""
    scored = component("ratio", origins=(Origin.CRAWL, Origin.OWNER))
    figures = [owned(scored, "num", 30), owned(scored, "den", 40)]
    own = [replace(figure, owner=AGENCY.code) for figure in figures]
    said = claim(scored, num=36, den=40)

    alone = settle(scored, struck(), None, *figures)
    beside = settle(scored, struck(), said, *figures)

    assert (alone.ground, award(scored, alone).low) == (Ground.OWNER, Fraction(9, 4))
    assert (beside.ground, beside.finding) == (Ground.CORRECTED, Finding.FALSE_CLAIM)
    assert settle(scored, struck(), None, *own).ground is Ground.OPEN
    assert settle(scored, unmeasured(reason=Reason.BLOCKED), None, *figures).ground is Ground.OPEN


TOLERANT = component(
    "steps",
    "4",
    tolerance="0.02",
    roles=("num", "den"),
    thresholds=((Decimal("0.95"), Decimal(4)), (Decimal("0.5"), Decimal(2))),
)


def test_within_the_tolerance_the_set_says_which_value_scores() -> None:
    scored = replace(component("ratio", tolerance="0.02"), within_tolerance="claimed")
    found = measured(given(num=74, den=100))

    near = settle(scored, found, claim(scored, num=75, den=100))
    below = settle(scored, found, claim(scored, num=40, den=100))

    assert award(scored, near).low == Fraction(9, 4)
    assert near.finding is Finding.HONEST_ERROR
    assert award(scored, below).low == Fraction(222, 100), "far below is no rounding difference"


def test_a_claim_within_the_tolerance_never_carries_over_a_step() -> None:
    scored = replace(TOLERANT, within_tolerance="claimed")

    figure = settle(scored, measured(given(num=94, den=100)), claim(scored, num=95, den=100))

    assert award(scored, figure).low == 2
    assert "qua một bậc hoặc ngưỡng" in figure.difference


def test_a_claim_never_scores_where_it_would_move_the_points_of_all_the_others() -> None:
    """Held against the best peer, a claim of the best one is everybody's denominator."""
    scored = replace(component("best_peer", roles=("value",), tolerance="5"), within_tolerance="claimed")

    figure = settle(scored, measured(given(value=10)), claim(scored, value=12))

    assert figure.inputs == given(value=10)
    assert figure.fallback is None


def test_what_a_person_saw_stays_open_while_the_best_peer_is_not_known() -> None:
    """Seen is not settled: whoever could not be measured may have more."""
    scored = component("best_peer", "4", roles=("value",))
    seen = replace(settle(scored, struck()), ground=Ground.OBSERVED, inputs=given(Origin.SIGHTING, value=10))

    score = award(scored, seen, peer=Peer(low=Fraction(10), high=None))

    assert (score.low, score.high) == (Fraction(0), Fraction(4))
