"""What a province may decide of a round: scales, bands, rounding, means, ties, shares, bonus and penalty."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from minhchung.agencies import Agency, Bloc
from minhchung.errors import ConfigError
from minhchung.evidence import AgencyCode
from minhchung.index_set import ChecklistItem, Component, Formula, IndexSet, InputSpec, MainIndex
from minhchung.measurements import Origin
from minhchung.rounds import Band, Round, Rounding
from minhchung.scores import Standing, Total
from minhchung.submissions import SubmittedFigure
from scoring.annex import annex, cell
from scoring.bands import banded
from scoring.decision_tables import largest_remainder
from scoring.numerals import quantised
from scoring.ranking import rank
from scoring.standing import stand
from service.consistency import check_scales
from tests.scoring.making import CELL, component, number, round_of, set_of, total

LAO_CAI = tuple(
    Band(code=code, name=name, min=Decimal(least), inclusive=not least)
    for code, name, least in (
        ("dan-dat", "Dẫn dắt", 75),
        ("nang-cao", "Nâng cao", 50),
        ("hinh-thanh", "Hình thành", 25),
        ("khoi-dong", "Khởi động", 0),
    )
)


def percent_round(**more: Any) -> Round:
    return round_of(bands=LAO_CAI, band_unit="percent", rounding=Rounding(total_decimals=2), **more)


def of_maximum(points: str, maximum: int, decimals: int = 2) -> Total:
    value = Fraction(points)
    published = quantised(value, decimals, "half_up")
    return replace(
        total("so-a", points),
        low=value,
        high=value,
        published_low=published,
        published_high=published,
        maximum=Fraction(maximum),
    )


def test_bands_are_taken_in_percent_of_the_own_maximum() -> None:
    """Lào Cai 2023: 731.61 of 1000 is 73.16 %, "Nâng cao"; exactly 75 % is not yet "Dẫn dắt"."""
    round_ = percent_round()

    assert [band.name for band in banded(of_maximum("731.61", 1000), round_)] == ["Nâng cao"] * 2
    assert banded(of_maximum("600", 800), round_)[0].name == "Nâng cao"
    assert banded(of_maximum("600.1", 800), round_)[0].name == "Dẫn dắt"
    place = rank([of_maximum("731.61", 1000)], round_)[0]
    assert cell(place, round_) == "01 (731,61; 73,16%)"


@pytest.mark.parametrize(
    ("mode", "value", "published"),
    [
        ("half_up", "79.45", "79.5"),
        ("half_even", "79.45", "79.4"),
        ("half_even", "79.55", "79.6"),
        ("down", "79.49", "79.4"),
        ("half_even", "79.4501", "79.5"),
        ("half_up", "-0.25", "-0.3"),
        ("down", "-0.29", "-0.2"),
    ],
)
def test_the_mode_of_rounding_is_declared(mode: Any, value: str, published: str) -> None:
    """2021: (78.2 + 80.7)/2 is 79.45: 79.5 half-up, 79.4 half-even. The mode decides what is printed."""
    assert quantised(Fraction(value), 1, mode) == Decimal(published)


def report(of: Component, agency: str, **values: Any) -> SubmittedFigure:
    numbers = {name: number(value) for name, value in values.items()}
    return SubmittedFigure(agency=AgencyCode(agency), component=of.code, inputs=numbers, seen=CELL)


def concluded(
    index_set: IndexSet, round_: Round, claims: dict[str, dict[str, dict[str, Any]]], **more: Any
) -> Standing:
    """Return the standing of agencies (`so-…` provincial, `huyen-…` district) by their reports."""
    agencies = [
        Agency(code=AgencyCode(code), name=code, bloc="provincial" if code.startswith("so-") else "district")
        for code in claims
    ]
    sets = {**{bloc.code: index_set for bloc in round_.blocs}, **more.get("own_sets", {})}
    said = {
        agency.code: {
            of: report(sets[agency.bloc].component(of), agency.code, **values)
            for of, values in claims[agency.code].items()
        }
        for agency in agencies
    }
    return stand(
        index_set=index_set,
        round_=round_,
        registry=agencies,
        results={},
        claims=said,
        owner_figures={},
        as_of=date(2021, 11, 10),
        **more,
    )


def totals(found: Standing) -> Mapping[str, object]:
    return {
        place.agency: (place.total.low, place.total.high) for bloc in found.blocs for place in bloc.places
    }


def share(code: str, points: str = "1", **more: Any) -> Component:
    return replace(
        component("ratio", points, code=code, verifier="", origins=(Origin.SUBMITTED,)),
        requires_procedures=False,
        **more,
    )


def test_the_point_of_rounding_moves_a_total() -> None:
    """Three thirds are 1 exactly; each rounded to 0.33 first, they are 0.99."""
    index_set = set_of([share(f"X.{n}") for n in (1, 2, 3)])
    said = {"so-a": {f"X.{n}": {"num": 1, "den": 3} for n in (1, 2, 3)}}

    late = concluded(index_set, round_of(), said)
    early = concluded(index_set, round_of(rounding=Rounding(point="component")), said)

    assert totals(late)["so-a"] == (1, 1)
    assert totals(early)["so-a"] == (Fraction("0.99"), Fraction("0.99"))


def test_blocs_have_sets_and_maxima_of_their_own() -> None:
    """Lâm Đồng 454/2023: 1000 for departments, 900 for districts; compared in percent."""
    departments = set_of([share("X.1", "1000")])
    districts = replace(set_of([share("Y.1", "900")]), id="huyen")
    round_ = percent_round(
        blocs=(
            Bloc(code="provincial", name="Khối sở"),
            Bloc(code="district", name="Khối huyện", index_set="huyen"),
        )
    )
    said = {
        "so-a": {"X.1": {"num": 1, "den": 2}},
        "huyen-b": {"Y.1": {"num": 1, "den": 1}},
    }

    found = concluded(departments, round_, said, own_sets={"district": districts})

    assert totals(found) == {"so-a": (500, 500), "huyen-b": (900, 900)}
    assert [bloc.mean_low for bloc in found.blocs] == [Decimal("50.0"), Decimal("100.0")]
    assert found.overall_low == Decimal("75.0")
    printed = annex(found, departments, round_, [], {"district": districts})
    assert [table.unit for table in printed.tables] == ["%", "%"]


def test_blocs_on_different_scales_have_no_mean_in_points() -> None:
    departments, districts = set_of([share("X.1", "1000")]), set_of([share("Y.1", "900")])
    own = {"district": districts}

    with pytest.raises(ConfigError, match="have no mean in points"):
        check_scales("r.toml", round_of(), departments, own)
    check_scales("r.toml", round_of(overall_mean="none"), departments, own)


def test_without_an_overall_mean_none_is_printed() -> None:
    index_set = set_of([share("X.1")])
    round_ = round_of(overall_mean="none")
    found = concluded(index_set, round_, {"so-a": {"X.1": {"num": 1, "den": 2}}})

    assert found.overall_low is None
    assert annex(found, index_set, round_, []).overall == ""


def test_the_mean_over_agencies_is_another_figure_than_the_mean_of_bloc_means() -> None:
    """2021: 79.5 from the bloc means, 79.1 from the 32 agencies. Two at 1 and 0 points, one at 1."""
    index_set = set_of([share("X.1", "100")])
    said = {
        "so-a": {"X.1": {"num": 1, "den": 1}},
        "so-b": {"X.1": {"num": 0, "den": 1}},
        "huyen-c": {"X.1": {"num": 1, "den": 1}},
    }

    by_bloc = concluded(index_set, round_of(), said)
    by_agency = concluded(index_set, round_of(overall_mean="mean_of_published_totals"), said)

    assert by_bloc.overall_low == Decimal("75.0")
    assert by_agency.overall_low == Decimal("66.7")


def places(round_: Round, *given: Total) -> dict[str, tuple[int, int]]:
    return {place.agency: (place.best, place.worst) for place in rank(given, round_)}


def test_a_dense_ranking_skips_no_place() -> None:
    """The other custom beside 06, 06, 08 of Decision 3234/QĐ-UBND."""
    found = places(
        round_of(ranking="dense"), *(total(c, s) for c, s in zip("abc", ("9", "9", "8"), strict=True))
    )

    assert found == {"a": (1, 1), "b": (1, 1), "c": (2, 2)}


def test_a_dense_place_over_open_totals_is_a_range() -> None:
    """Two open totals that overlap may be equal, so they push the third down by one place at least."""
    found = places(round_of(ranking="dense"), total("a", "8", "9"), total("b", "8.5", "9.5"), total("c", "7"))

    assert found["c"] == (2, 3)
    assert found["a"] == (1, 2)


def test_equals_may_be_parted_by_the_raw_total_or_by_a_main_index() -> None:
    near, far = total("a", "86.24"), total("b", "86.16")
    better = replace(near, agency=AgencyCode("c"), main_indices=(("HD", Fraction(40), Fraction(40)),))
    worse = replace(near, main_indices=(("HD", Fraction(39), Fraction(39)),))

    assert places(round_of(), near, far) == {"a": (1, 1), "b": (1, 1)}
    assert places(round_of(equal_on="raw"), near, far) == {"a": (1, 1), "b": (2, 2)}
    assert places(round_of(tie_break=("HD",)), worse, better) == {"c": (1, 1), "a": (2, 2)}


@drawn(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=12))
def test_places_are_those_of_counting_one_by_one(ends: list[tuple[int, int]]) -> None:
    """Searching in sorted ends gives what comparing with every other one gives."""
    given = [total(f"a{n}", str(low), str(low + width)) for n, (low, width) in enumerate(ends)]

    for place in rank(given, round_of()):
        mine, others = place.total, [other for other in given if other is not place.total]
        assert place.best == 1 + sum(o.published_low > mine.published_high for o in others)
        assert place.worst == 1 + sum(o.published_high > mine.published_low for o in others)


@drawn(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=6), st.data())
def test_a_dense_place_lies_in_its_range_whatever_the_open_totals_turn_out_to_be(
    ends: list[tuple[int, int]], data: st.DataObject
) -> None:
    round_ = round_of(ranking="dense")
    before = places(round_, *(total(f"a{n}", str(low), str(low + w)) for n, (low, w) in enumerate(ends)))
    settled = [data.draw(st.integers(low, low + width)) for low, width in ends]

    after = places(round_, *(total(f"a{n}", str(value)) for n, value in enumerate(settled)))

    for agency, (place, _) in after.items():
        assert before[agency][0] <= place <= before[agency][1]


@pytest.mark.parametrize(
    ("ties", "shares"), [("first", [9, 83, 8]), ("last", [8, 83, 9]), ("largest", [8, 84, 8])]
)
def test_who_is_raised_at_equal_remainders_is_declared(ties: Any, shares: list[int]) -> None:
    """Decision 3234: 1, 10 and 1 of 12 are printed 8/84/8; all three remainders are .33, so a rule must say
    who is raised: the largest group gives the printed column."""
    exact = [Fraction(100 * n, 12) for n in (1, 10, 1)]

    assert largest_remainder(exact, 0, ties) == shares


def with_sections(**more: Any) -> IndexSet:
    """Return a set of 10 scored points, a bonus of 2 and a penalty of up to 3."""
    lost = Component(
        code="P.1",
        title="Báo cáo muộn",
        points=Decimal(0),
        kind="submitted_crosschecked",
        formula=Formula(type="deduction", floor=Decimal(-3)),
        inputs=(InputSpec(role="part", name="muon", weight=Decimal(1), origins=(Origin.SUBMITTED,)),),
    )
    bonus = replace(
        component("checklist", "2", code="B.1", verifier="", origins=(Origin.SUBMITTED,)),
        formula=Formula(type="checklist", items=(ChecklistItem(id="a", points=Decimal(2)),)),
    )
    mains = (
        MainIndex(code="X", title="Tính điểm", points=Decimal(10), component=(share("X.1", "10"),)),
        MainIndex(code="B", title="Điểm thưởng", points=Decimal(2), section="bonus", component=(bonus,)),
        MainIndex(code="P", title="Điểm trừ", points=Decimal(0), section="penalty", component=(lost,)),
    )
    return IndexSet(id="thu", title="Bộ thử", status="simulated", scale=Decimal(10), main_index=mains, **more)


def reported(num: int, items: frozenset[str], late: int) -> dict[str, dict[str, Any]]:
    return {"X.1": {"num": num, "den": 10}, "B.1": {"items": items}, "P.1": {"muon": late}}


def test_bonus_and_penalty_stand_beside_the_scale() -> None:
    """Đà Nẵng 2386/QĐ-UBND (2025) has a bonus and penalty section."""
    from scoring.soundness import faults

    index_set = with_sections()
    said = {
        "so-a": reported(7, frozenset({"a"}), 1),
        "so-b": reported(10, frozenset({"a"}), 0),
        "so-c": reported(0, frozenset(), 3),
    }

    assert list(faults(index_set)) == []
    assert totals(concluded(index_set, round_of(), said)) == {
        "so-a": (8, 8),
        "so-b": (10, 10),
        "so-c": (0, 0),
    }
    allowed = totals(concluded(with_sections(beyond_scale="allow"), round_of(), said))
    assert allowed == {"so-a": (8, 8), "so-b": (12, 12), "so-c": (-3, -3)}


def test_who_does_not_report_a_penalty_gains_nothing() -> None:
    """What only the agency can say and does not is worth the least, here the whole penalty."""
    said = {"so-a": {"X.1": {"num": 10, "den": 10}}}

    assert totals(concluded(with_sections(), round_of(), said)) == {"so-a": (7, 7)}


def test_the_best_peer_is_looked_for_in_the_own_bloc() -> None:
    scored = replace(
        component("best_peer", "10", code="X.1", verifier="", origins=(Origin.SUBMITTED,), roles=("value",)),
    )
    said = {
        "so-a": {"X.1": {"value": 5}},
        "so-b": {"X.1": {"value": 10}},
        "huyen-c": {"X.1": {"value": 100}},
    }

    alone = totals(concluded(set_of([scored]), round_of(), said))
    everybody = replace(scored, formula=replace(scored.formula, peers="all"))

    assert alone == {"so-a": (5, 5), "so-b": (10, 10), "huyen-c": (10, 10)}
    assert totals(concluded(set_of([everybody]), round_of(), said))["so-a"] == (
        Fraction(1, 2),
        Fraction(1, 2),
    )
