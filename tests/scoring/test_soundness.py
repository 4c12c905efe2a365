"""A set that cannot be computed is refused with one sentence a fault."""

from dataclasses import replace
from decimal import Decimal

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
