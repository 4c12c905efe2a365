"""What labels tell of a verifier, and what a set's floor makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from minhchung.evidence import AgencyCode
from minhchung.index_set import AccuracyFloor
from minhchung.labels import Drawn, FieldAccuracy, Label, LabelDraw, Labels
from minhchung.measurements import Measurement, Reason, Unmeasured
from minhchung.scores import Standing
from scoring.field_accuracy import Accuracies, advised, agreement, fault_of, field_accuracy, precision, recall
from scoring.standing import stand
from tests.scoring.small_round import CLAIMS, OWNER_FIGURES, REGISTRY, RESULTS, ROUND, SET

NAME = "news_cadence/1"
FLOOR = AccuracyFloor(precision=Decimal("0.8"))
TEN: tuple[Label, ...] = ("exceeds",) * 4 + ("holds",) * 3 + ("unclear",) * 3


def found(**counts: Any) -> FieldAccuracy:
    """Return the accuracy of a verifier: 40 accusations and 60 other findings, twenty of each labelled."""
    usual = FieldAccuracy(
        verifier=NAME,
        accusing=40,
        accusing_labelled=20,
        rightly=20,
        other=60,
        other_labelled=20,
        missed=0,
        undecided=0,
    )
    return replace(usual, **counts)


def drawing(*accused: bool) -> LabelDraw:
    """Return a draw of findings of one verifier, in this order."""
    return LabelDraw(
        round="2021",
        seed="2021",
        day=date(2021, 11, 12),
        by="chu-tri",
        people=("an", "binh"),
        inputs_digest="0" * 64,
        items=tuple(
            Drawn(agency=AgencyCode(f"so-{n}"), component="HD.2", verifier=NAME, accused=each)
            for n, each in enumerate(accused)
        ),
        populations={NAME: (40, 60)},
    )


def labels(by: str, *said: Label) -> Labels:
    return Labels(draw="urn:uuid:1", by=by, sheet_sha256="", labels=said)


def test_only_what_both_people_say_counts() -> None:
    """Right and missed need two equal labels; what differs or nobody can say is undecided, on either side."""
    draw = drawing(True, True, True, True, False, False, False)
    one = labels("an", "exceeds", "exceeds", "holds", "unclear", "holds", "exceeds", "holds")
    two = labels("binh", "exceeds", "holds", "holds", "unclear", "holds", "exceeds", "unclear")

    assert field_accuracy(draw, one, two) == {
        NAME: found(accusing_labelled=2, rightly=1, other_labelled=2, missed=1, undecided=3)
    }


def test_precision_is_a_share_of_the_labelled_accusations() -> None:
    """18 of 20: 0.9, exact interval 0.683 to 0.988 (Clopper and Pearson)."""
    share = precision(found(rightly=18))

    assert share is not None
    assert share.value == Fraction(9, 10)
    assert [round(float(end), 3) for end in share.ends] == [0.683, 0.988]
    assert precision(found(accusing_labelled=0, rightly=0)) is None


def test_recall_weighs_each_sample_by_what_it_was_drawn_from() -> None:
    """40 accusations of which 9 in 10 are right are 36; 60 others of which 1 in 20 is missed are 3: 36/39."""
    share = recall(found(rightly=18, missed=1))

    assert share is not None
    assert share.value == Fraction(36, 39)
    assert share.ends[0] < share.value < share.ends[1]


def test_where_the_sample_cannot_tell_there_is_no_recall() -> None:
    assert recall(found(other_labelled=0, missed=0)) is None
    assert recall(found(accusing_labelled=0, rightly=0)) is None
    assert recall(found(accusing=0, accusing_labelled=0, rightly=0)) is None
    assert recall(found(other=0, other_labelled=0)) is not None


def test_agreement_is_over_all_three_labels() -> None:
    one, two = labels("an", *TEN), labels("binh", *TEN)
    same, other = agreement(one, two), agreement(one, labels("binh", *reversed(TEN)))

    assert same is not None
    assert other is not None
    assert same[0] == 1
    assert other[0] < 0


@pytest.mark.parametrize(
    ("floor", "counts", "falls"),
    [
        (FLOOR, {"rightly": 20}, False),  # low end 0.832
        (FLOOR, {"rightly": 19}, True),  # low end 0.751
        (replace(FLOOR, end="value"), {"rightly": 19}, False),
        (replace(FLOOR, end="value"), {"rightly": 15}, True),
        (replace(FLOOR, end="high"), {"rightly": 15}, False),  # high end 0.913
        (replace(FLOOR, end="high"), {"rightly": 10}, True),  # high end 0.728
        (replace(FLOOR, least=21), {"rightly": 0}, False),  # too little is known
        (replace(FLOOR, recall=Decimal("0.9"), end="value"), {"missed": 4}, True),  # 40 of 52
    ],
)
def test_what_a_floor_asks_is_what_it_declares(
    floor: AccuracyFloor, counts: dict[str, int], falls: bool
) -> None:
    assert bool(fault_of(floor, found(**counts))) is falls


def standing(floor: AccuracyFloor | None, accuracies: Accuracies) -> Standing:
    """Return the small round's standing under a set with this floor."""
    return stand(
        index_set=replace(SET, accuracy_floor=floor),
        round_=ROUND,
        registry=REGISTRY,
        results=RESULTS,
        claims=CLAIMS,
        owner_figures=OWNER_FIGURES,
        accuracies=accuracies,
        simulated=True,
    )


def test_below_the_floor_a_verifier_advises_and_does_not_score() -> None:
    """Its points are open, whatever it measured; what it says and why it does not count is told."""
    below = advised(RESULTS, REGISTRY, replace(SET, accuracy_floor=FLOOR), {}, {NAME: found(rightly=10)})
    result = below[AgencyCode("so-ban")]["HD.4"]

    assert isinstance(result, Unmeasured)
    assert result.reason is Reason.ADVISORY
    assert "độ chính xác 50,0% (khoảng 95 %: 27,2%–72,8%) dưới sàn 80,0%" in result.detail
    assert "van_ban_du_thuoc_tinh = 36" in result.detail
    whole = standing(FLOOR, {NAME: found(rightly=10)})
    scores = [s for b in whole.blocs for p in b.places for s in p.total.scores if s.component == "HD.4"]
    assert all(score.open for score in scores)
    assert not any(score.figure.finding.value == "false_claim" for score in scores)


def test_why_something_was_not_measured_stays_when_the_verifier_only_advises() -> None:
    """A portal that refuses stays a portal that refuses: nothing is gained by a verifier's weakness."""
    below = advised(RESULTS, REGISTRY, replace(SET, accuracy_floor=FLOOR), {}, {NAME: found(rightly=10)})

    assert below[AgencyCode("so-mo")]["HD.2"] == RESULTS[AgencyCode("so-mo")]["HD.2"]


@pytest.mark.parametrize(
    ("floor", "accuracies"),
    [
        (None, {NAME: found(rightly=0)}),
        (FLOOR, {}),
        (FLOOR, {NAME: found(rightly=20)}),
        (FLOOR, {"news_cadence/0": replace(found(rightly=0), verifier="news_cadence/0")}),
    ],
    ids=["no floor", "no labels", "above it", "labels of another version"],
)
def test_otherwise_it_scores(floor: AccuracyFloor | None, accuracies: Accuracies) -> None:
    """Labels speak of the version that they were given for."""
    whole = standing(floor, accuracies)
    figure = next(
        s.figure
        for b in whole.blocs
        for p in b.places
        for s in p.total.scores
        if (s.agency, s.component) == ("so-ban", "HD.4")
    )

    assert isinstance(figure.result, Measurement)
    assert figure.finding.value == "false_claim"


def test_labels_move_the_digest_only_where_they_move_a_result() -> None:
    """A set without a floor has the digest that it had before floors were known."""
    plain = standing(None, {}).inputs_digest

    assert standing(None, {NAME: found(rightly=0)}).inputs_digest == plain
    assert standing(FLOOR, {NAME: found(rightly=0)}).inputs_digest != standing(FLOOR, {}).inputs_digest
