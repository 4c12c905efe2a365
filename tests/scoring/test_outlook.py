"""Advice, band edges and moves of one small round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.index_set import ChecklistItem, IndexSet
from minhchung.measurements import Result
from minhchung.scores import Standing
from scoring.advice import advise
from scoring.edges import edges
from scoring.moves import moves
from scoring.standing import stand
from tests.scoring.making import component, given, measured, round_of, set_of, unmeasured

SHARE = component("ratio", "60", code="X.1")
NEWS = component("capped_count", "30", code="X.2", per_unit=Decimal(1))
SECTIONS = component(
    "checklist",
    "10",
    code="X.3",
    items=(
        ChecklistItem(id="a", points=Decimal(6), name="sơ đồ"),
        ChecklistItem(id="b", points=Decimal(4), name="liên hệ"),
    ),
)
SET = set_of([SHARE, NEWS, SECTIONS])
ROUND = round_of()


def found(num: int, count: int, *items: str) -> dict[str, Result]:
    """Return an agency's results: a ratio of 100 cases, a count, met items."""
    return {
        "X.1": measured(given(num=num, den=100)),
        "X.2": measured(given(count=count)),
        "X.3": measured(given(items=frozenset(items))),
    }


def standing(index_set: IndexSet = SET, **results: Mapping[str, Result]) -> Standing:
    """Conclude a round of provincial agencies named as the keywords."""
    registry = [Agency(code=AgencyCode(code), name=code, bloc="provincial") for code in results]
    return stand(
        index_set=index_set,
        round_=ROUND,
        registry=registry,
        results={AgencyCode(code): dict(each) for code, each in results.items()},
        claims={},
        owner_figures={},
    )


def test_the_three_actions_are_the_dearest_and_one_of_each_component() -> None:
    """60 points of ratio at 50 %, 10 of 30 news, one of two items: 30, 20 and 4 points are to be had."""
    total = standing(a=found(50, 10, "a")).blocs[0].places[0].total

    told = advise(total, SET)

    assert [(each.component, each.gain) for each in told] == [
        ("X.1", Fraction(30)),
        ("X.2", Fraction(20)),
        ("X.3", Fraction(4)),
    ]
    assert "thêm 50" in told[0].text
    assert "liên hệ" in told[2].text
    assert advise(total, SET, most=1) == told[:1]


def test_open_points_are_worth_what_settles_them_and_full_ones_need_nothing() -> None:
    results = {**found(100, 30, "a", "b"), "X.1": unmeasured()}
    total = standing(a=results).blocs[0].places[0].total

    told = advise(total, SET)

    assert [(each.component, each.gain) for each in told] == [("X.1", Fraction(60))]
    assert "không truy cập được" in told[0].text


def test_what_one_point_is_worth_follows_the_rescaling() -> None:
    """Half of the set does not apply: an item's four points are eight of the total."""
    whole = set_of([replace(SHARE, points=Decimal(10)), SECTIONS])
    results = {"X.1": measured(given(num=0, den=0)), "X.3": measured(given(items=frozenset({"a"})))}
    ratio = replace(whole.component("X.1"), formula=replace(SHARE.formula, if_den_zero="not_applicable"))
    index_set = set_of([ratio, SECTIONS])
    total = standing(index_set, a=results).blocs[0].places[0].total

    assert [each.gain for each in advise(total, index_set)] == [Fraction(8)]


def test_an_agency_one_case_below_a_band_is_named_with_the_smallest_change() -> None:
    """84,8: one more case of the ratio (0,6) makes 85,4, Tốt; one more news item would make 85,8."""
    result = standing(a=found(78, 28, "a", "b"))
    total = result.blocs[0].places[0].total
    assert total.published_low == Decimal("84.8")

    (edge,) = edges(result, lambda _: SET, ROUND)

    assert (edge.band, edge.other_band) == ("kha", "tot")
    assert (edge.alternative.component, edge.alternative.size) == ("X.1", 1)
    assert edge.other_total == Decimal("85.4")


def test_an_open_total_shows_its_bands_and_has_no_edge() -> None:
    assert edges(standing(a={**found(78, 28, "a", "b"), "X.2": unmeasured()}), lambda _: SET, ROUND) == ()


def test_moves_tell_place_total_and_band_apart() -> None:
    """b overtakes a; c stays where it is."""
    before = standing(a=found(90, 30, "a", "b"), b=found(80, 30, "a", "b"), c=found(10, 0))
    after = standing(a=found(90, 20, "a", "b"), b=found(80, 30, "a", "b"), c=found(10, 0))

    told = {move.agency: move for move in moves(before, after)}

    assert (told[AgencyCode("a")].place_moved, told[AgencyCode("a")].total_moved) == (True, True)
    assert (told[AgencyCode("b")].place_moved, told[AgencyCode("b")].total_moved) == (True, False)
    assert not told[AgencyCode("c")].moved
