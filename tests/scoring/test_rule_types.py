"""The formula types that real annexes use beside the common ones, each with the example it comes from."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import pytest

from minhchung.index_set import ChecklistItem, Component, Formula, InputSpec, Part
from minhchung.measurements import Input, Origin
from minhchung.scores import Finding
from scoring.comparison import compare
from scoring.points import Peer, Points
from scoring.reconcile import reconcile
from scoring.rules import points
from scoring.soundness import faults
from tests.scoring.making import AGENCY, claim, component, given, measured, set_of, unmeasured

Role = Literal["num", "den", "value", "part"]


def inputs(*specs: tuple[Role, str, str]) -> tuple[InputSpec, ...]:
    """Return inputs of (role, name, weight)."""
    return tuple(
        InputSpec(role=role, name=name, weight=Decimal(weight), origins=(Origin.SUBMITTED,))
        for role, name, weight in specs
    )


def made(kind: Any, full: str, specs: tuple[InputSpec, ...], **formula: Any) -> Component:
    return Component(
        code="X.1",
        title="Chỉ số thử",
        points=Decimal(full),
        kind="submitted_crosschecked",
        formula=Formula(type=kind, **formula),
        inputs=specs,
    )


TWO_PARTS = made("weighted_ratio", "1", inputs(("part", "b", "1"), ("part", "c", "0.5"), ("den", "a", "1")))
LATE = made("deduction", "1", inputs(("part", "muon", "0.25"), ("part", "thieu", "0.5")), floor=Decimal(-1))


def span(found: Points) -> object:
    """Return both ends."""
    return found.low, found.high


def test_a_two_part_ratio_counts_its_second_part_by_half() -> None:
    """The administrative-reform sheet: (b/a)·1 + (c/a)·0.5; 6 and 2 of 10 are 0.7 points."""
    found = points(TWO_PARTS, given(a=10, b=6, c=2))

    assert found.low == found.high == Fraction(7, 10)
    assert found.steps[0] == "Tỷ lệ = (6 × 1 + 2 × 0,5) / 10 = 0,7"
    assert list(faults(set_of([TWO_PARTS]))) == []


def test_late_reports_cost_a_quarter_and_missing_ones_a_half_down_to_the_floor() -> None:
    """The administrative-reform sheet: late report −0.25 each, missing −0.5."""
    assert points(LATE, given(muon=1, thieu=0)).low == Fraction(3, 4)
    assert points(LATE, given(muon=2, thieu=2)).low == Fraction(-1, 2)
    assert points(LATE, given(muon=9, thieu=9)).low == -1
    assert points(LATE, {}).low == -1
    assert points(LATE, {}).high == 1


def test_fewer_late_reports_than_there_were_are_a_false_claim() -> None:
    seen = given(muon=3, thieu=0)

    assert compare(LATE, {"muon": Fraction(1), "thieu": Fraction(0)}, seen).finding is Finding.FALSE_CLAIM
    assert compare(LATE, {"muon": Fraction(4), "thieu": Fraction(0)}, seen).finding is Finding.HONEST_ERROR


def test_bandwidth_is_held_against_the_largest_among_those_assessed() -> None:
    """ICT annex 1B: bandwidth per head divided by the largest value."""
    scored = component("best_peer", "4", roles=("num", "den"))

    assert points(scored, given(num=1, den=2), Peer(low=Fraction(2), high=Fraction(2))).low == 1
    assert points(scored, given(num=4, den=2), Peer(low=Fraction(2), high=Fraction(2))).low == 4
    assert points(scored, given(num=0, den=2), Peer(low=Fraction(0), high=Fraction(0))).low == 0


def test_an_unmeasured_peer_may_be_the_best_so_the_points_stay_open() -> None:
    scored = component("best_peer", "4", roles=("value",))

    found = points(scored, given(value=1), Peer(low=Fraction(2), high=None))

    assert span(found) == (0, 2)


def test_one_that_is_itself_unmeasured_is_never_its_own_best() -> None:
    scored = component("best_peer", "4", roles=("value",))

    figure = reconcile(scored, agency=AGENCY, result=unmeasured(low=given(value=1), high=given(value=3)))

    assert figure.inputs is None


def yes(name: str) -> InputSpec:
    return InputSpec(role="value", name=name, origins=(Origin.SUBMITTED,))


def half(name: str, full: str = "1") -> Part:
    return Part(
        id=name, points=Decimal(full), formula=Formula(type="boolean"), inputs=(name,), name=name.upper()
    )


MEETINGS = made("sum", "2", (yes("du_hop"), yes("chu_tri")), parts=(half("du_hop"), half("chu_tri")))
CENTRES = Part(
    id="chuan",
    points=Decimal(65),
    formula=Formula(
        type="best_of",
        parts=(half("tier_2", "65"), half("tier_1", "40")),
    ),
    inputs=("tier_1", "tier_2"),
)
CENTRE = made(
    "sum",
    "100",
    (yes("co_trung_tam"), yes("tier_1"), yes("tier_2")),
    parts=(half("co_trung_tam", "35"), CENTRES),
)


def test_attending_and_chairing_are_a_half_each() -> None:
    """Cao Lãnh's criteria: attends all meetings ½, chairs its own ½."""
    found = points(MEETINGS, given(du_hop=True, chu_tri=False))

    assert found.low == 1
    assert found.steps == ("DU_HOP: Có: 1 điểm; được 1 trên 1", "CHU_TRI: Không: 0 điểm; được 0 trên 1")


def test_a_data_centre_is_worth_35_and_the_best_of_its_standards() -> None:
    """ICT annex 1B: data centre 35 plus the best of several standard cases."""
    assert points(CENTRE, given(co_trung_tam=True, tier_1=True, tier_2=False)).low == 75
    assert points(CENTRE, given(co_trung_tam=True, tier_1=True, tier_2=True)).low == 100
    assert list(faults(set_of([CENTRE]))) == []


def test_a_part_that_is_not_known_leaves_its_own_points_open() -> None:
    found = points(MEETINGS, given(du_hop=True))

    assert span(found) == (1, 2)


def test_a_claim_is_false_where_one_of_its_parts_is() -> None:
    scored = replace(MEETINGS, verifier="x")
    said = claim(scored, du_hop=True, chu_tri=True)

    figure = reconcile(scored, agency=AGENCY, result=measured(given(du_hop=True, chu_tri=False)), claim=said)

    assert figure.finding is Finding.FALSE_CLAIM
    assert figure.difference.startswith("CHU_TRI: ")


def test_an_input_is_read_as_the_part_that_it_feeds_needs_it() -> None:
    assert CENTRE.formula_of("tier_1").type == "boolean"
    assert claim_fault(MEETINGS, du_hop=True, chu_tri=1) == "chu_tri: phải là có hoặc không"


def claim_fault(of: Component, **values: Any) -> str:
    from scoring.inputs import complaint

    return complaint(of, claim(of, **values).inputs)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (replace(MEETINGS, points=Decimal(3)), "its parts reach 2, not 3"),
        (replace(MEETINGS, inputs=MEETINGS.inputs[:1]), "chu_tri is an input of no part"),
        (replace(LATE, formula=replace(LATE.formula, floor=Decimal(1))), "its floor 1 is not below"),
        (replace(TWO_PARTS, inputs=TWO_PARTS.inputs[:2]), "its inputs are part, part"),
        (
            made("sum", "1", (yes("a"),), parts=(replace(half("a"), formula=Formula(type="best_peer")),)),
            "part a cannot stand inside another rule",
        ),
    ],
)
def test_a_rule_that_cannot_be_computed_is_refused(wrong: Component, fault: str) -> None:
    assert any(found.fault.startswith(fault) for found in faults(set_of([wrong])))


def test_an_open_item_inside_a_part_counts_at_the_high_end_only() -> None:
    listed = Part(
        id="muc",
        points=Decimal(1),
        formula=Formula(type="checklist", items=(ChecklistItem(id="i", points=Decimal(1)),)),
        inputs=("items",),
    )
    scored = made(
        "sum",
        "2",
        (yes("du_hop"), InputSpec(role="items", name="items", origins=(Origin.CRAWL,))),
        parts=(half("du_hop"), listed),
    )
    seen = {
        **given(du_hop=True),
        "items": Input(value=frozenset(), origin=Origin.CRAWL, open_items=frozenset({"i"})),
    }

    assert span(points(scored, seen)) == (1, 2)
