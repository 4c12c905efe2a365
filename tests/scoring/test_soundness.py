"""A set that cannot be computed is refused with one sentence a fault."""

from dataclasses import replace
from decimal import Decimal

import pytest

from minhchung.index_set import ChecklistItem, Component
from minhchung.measurements import Origin
from scoring.soundness import faults
from tests.scoring.making import component, set_of


def found(*components: Component, scale: str = "") -> list[str]:
    index_set = set_of(components)
    if scale:
        index_set = replace(index_set, scale=Decimal(scale))
    return [f"{fault.where}: {fault.fault}" for fault in faults(index_set)]


def test_points_that_do_not_add_up_are_named() -> None:
    assert found(component("ratio"), scale="100") == ["scale: the main indices add up to 3, not to 100"]


def test_a_code_may_stand_once() -> None:
    assert found(component("ratio"), component("boolean")) == ["X.1: this code stands 2 times"]


def test_a_formula_needs_its_inputs() -> None:
    assert found(component("ratio", roles=("num",))) == ["X.1: its inputs are num"]


def test_thresholds_stand_best_first_and_reach_the_maximum() -> None:
    upside_down = component(
        "steps", thresholds=((Decimal(1), Decimal(1)), (Decimal(5), Decimal(3))), roles=("value",)
    )

    assert found(upside_down) == [
        "X.1: its thresholds do not stand best first",
        "X.1: its best threshold is worth 1, not 3",
    ]
    assert found(component("steps_all", thresholds=((Decimal(1), Decimal(3)),))) == [
        "X.1: each threshold needs 3 numbers"
    ]


def test_items_add_up_to_the_components_points() -> None:
    short = component("checklist", items=(ChecklistItem(id="a", points=Decimal(1)),))

    assert found(short) == ["X.1: its items reach 1, not 3"]
    assert found(component("choice")) == ["X.1: its options are missing or stand twice"]


def test_a_target_must_be_given() -> None:
    assert found(component("ratio_target")) == ["X.1: its formula has no target above 0"]


def test_an_objective_component_may_not_rest_on_a_claim_alone() -> None:
    assert found(component("capped_count", per_unit=Decimal(1), origins=(Origin.SUBMITTED,))) == [
        "X.1: count is only claimed"
    ]


def test_a_claim_never_stands_before_what_others_supply() -> None:
    """The reconciliation never lets a claim go first, so a set that writes it first says what is not done."""
    first = component("capped_count", per_unit=Decimal(1), origins=(Origin.SUBMITTED, Origin.OWNER))
    last = component("capped_count", per_unit=Decimal(1), origins=(Origin.OWNER, Origin.SUBMITTED))

    assert found(first) == ["X.1: a claim stands before other origins"]
    assert found(last) == []


def test_points_are_added_exactly() -> None:
    """Decimals added by the ordinary context round after 28 digits, so that three thirds made a whole."""
    third = "0." + "3" * 30
    index_set = set_of([component("ratio", third, code=f"X.{n}") for n in range(3)])
    (main,) = index_set.main_index
    whole = replace(index_set, scale=Decimal(1), main_index=(replace(main, points=Decimal(1)),))

    assert [f"{fault.where}: {fault.fault}" for fault in faults(whole)] == [
        f"X: its components add up to 0.{'9' * 30}, not to 1"
    ]


D = Decimal


@pytest.mark.parametrize(
    ("cheat", "says"),
    [
        (component("ratio", cap=D(5)), "its cap 5 is not above 0 and at most 1"),
        (component("ratio", cap=D(-1)), "its cap -1 is not above 0 and at most 1"),
        (component("ratio", min_denominator=0), "its min_denominator 0 is below 1"),
        (replace(component("ratio"), tolerance=D("-0.1")), "its tolerance is below 0"),
        (
            component("ratio_cutoff", cutoff=D("0.8"), below=D(3)),
            "below the cut-off it brings 3",
        ),
        (
            component("steps", thresholds=((D(4), D(3)),), otherwise=D(9), roles=("value",)),
            "what misses a threshold brings more",
        ),
        (
            component("steps", thresholds=((D(4), D(3)), (D(2), D(-1))), roles=("value",)),
            "what misses a threshold brings more",
        ),
        (
            component("steps", thresholds=((D(4), D(3)), (D(4), D(2))), roles=("value",)),
            "a threshold stands twice",
        ),
        (
            component(
                "checklist", items=(ChecklistItem(id="a", points=D(5)), ChecklistItem(id="b", points=D(-2)))
            ),
            "one of its items costs points",
        ),
    ],
)
def test_a_rule_by_which_the_worse_gain_or_points_pass_their_bounds_is_refused(
    cheat: Component, says: str
) -> None:
    """Points lie between 0 and the maximum and rise with what is better (domain notes, section 1.3)."""
    assert [said for said in found(cheat) if says in said], found(cheat)
