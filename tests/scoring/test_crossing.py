"""What lies between two sets of inputs: a declared bound is crossed where points begin or cease to move."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.crossing import crosses
from tests.scoring.making import component, given

HALVES = component("weighted_ratio", roles=("part", "den"), min_denominator=5)
HALVES = replace(
    HALVES,
    inputs=(
        replace(HALVES.inputs[0], name="level_4"),
        replace(HALVES.inputs[0], name="level_3", weight=Decimal("0.5")),
        HALVES.inputs[1],
    ),
)
"""(b/a) · 1 + (c/a) · 0.5: parts that count differently."""


@pytest.mark.parametrize(
    ("one", "other", "crossed"),
    [
        ({"level_4": 6, "level_3": 2, "den": 10}, {"level_4": 7, "level_3": 2, "den": 10}, False),
        ({"level_4": 9, "level_3": 1, "den": 10}, {"level_4": 9, "level_3": 2, "den": 10}, True),
        ({"level_4": 3, "level_3": 0, "den": 4}, {"level_4": 3, "level_3": 0, "den": 5}, True),
    ],
    ids=["between bounds", "the whole is reached", "few cases"],
)
def test_parts_are_weighed_before_a_bound_is_looked_for(
    one: dict[str, int], other: dict[str, int], crossed: bool
) -> None:
    assert crosses(HALVES, given(**one), given(**other)) is crossed


def test_a_cap_is_reached_where_the_target_is() -> None:
    """Points are those of ratio / target, at most the cap: 80 of 100 to a target of 80 %."""
    scored = component("ratio_target", target=Decimal("0.8"))

    assert crosses(scored, given(num=79, den=100), given(num=80, den=100))
    assert not crosses(scored, given(num=80, den=100), given(num=90, den=100))
