"""How far places rest on the weights, on one small round."""

from __future__ import annotations

from minhchung.index_set import IndexSet
from service.stability import left_out, stability
from tests.scoring.test_outlook import SET, found, standing


def by_one_set(_: str) -> IndexSet:
    """Return the set that scores every bloc."""
    return SET


def test_who_is_better_in_everything_keeps_its_place_under_any_weights() -> None:
    result = standing(a=found(90, 30, "a", "b"), b=found(80, 20, "a"), c=found(10, 0))

    told = stability(result, by_one_set, draws=500, seed=1)

    assert [(each.place, each.best, each.worst, each.kept) for each in told] == [
        (1, 1, 1, 1.0),
        (2, 2, 2, 1.0),
        (3, 3, 3, 1.0),
    ]


def test_a_close_pair_of_opposite_strengths_changes_places_and_the_seed_decides_alike() -> None:
    """a has 48 + 15, b has 33,6 + 30: which is first depends on the weight of the ratio."""
    result = standing(a=found(80, 15), b=found(56, 30))

    told = stability(result, by_one_set, draws=2000, seed=7)

    assert {(each.best, each.worst) for each in told} == {(1, 2)}
    assert all(0 < each.kept < 1 for each in told)
    assert told == stability(result, by_one_set, draws=2000, seed=7)
    assert told != stability(result, by_one_set, draws=2000, seed=8)


def test_equals_share_a_place_in_every_draw() -> None:
    told = stability(standing(a=found(50, 10), b=found(50, 10)), by_one_set, draws=100, seed=3)

    assert [(each.best, each.worst) for each in told] == [(1, 1), (1, 1)]


def test_a_component_that_decides_a_place_is_named_with_whom_it_moves() -> None:
    """63 against 63,6: without the count of news, 48 is more than 33,6; nothing else turns them round."""
    (told,) = left_out(standing(a=found(80, 15), b=found(56, 30)), by_one_set)

    assert told.component == "X.2"
    assert set(told.moved) == {("a", 2, 1), ("b", 1, 2)}
