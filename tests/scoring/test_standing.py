"""A whole round: totals, means, the inputs digest, and whether it may be closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from minhchung.agencies import Agency
from minhchung.errors import ConfigError
from minhchung.evidence import AgencyCode, Locator, RecordId
from minhchung.measurements import Input, Origin, Result
from minhchung.rounds import Round
from minhchung.scores import Standing
from scoring.standing import closing_obstacles, stand
from tests.scoring.making import (
    claim,
    component,
    given,
    index_set_2021,
    measured,
    owned,
    registry_2021,
    round_2021,
    round_of,
    set_of,
    struck,
    unmeasured,
)

SHARE = component("ratio", "60", code="X.1", tolerance="0.02")
NEWS = component("capped_count", "40", code="X.2", per_unit=Decimal(1))
SET = set_of([SHARE, NEWS])
REGISTRY = tuple(
    Agency(code=AgencyCode(code), name=code, bloc=bloc)
    for code, bloc in (
        ("so-a", "provincial"),
        ("so-b", "provincial"),
        ("huyen-a", "district"),
        ("huyen-b", "district"),
    )
)
Found = dict[AgencyCode, dict[str, Result]]


def both(num: int, count: int) -> dict[str, Result]:
    """Return the results of one agency: a ratio num/100 and a count."""
    return {"X.1": measured(given(num=num, den=100)), "X.2": measured(given(count=count))}


def results(**found: Mapping[str, Result]) -> Found:
    return {AgencyCode(code.replace("_", "-")): dict(each) for code, each in found.items()}


ALL = results(so_a=both(90, 33), so_b=both(50, 20), huyen_a=both(80, 40), huyen_b=both(10, 5))


def standing(found: Found, round_: Round | None = None, **more: Any) -> Standing:
    settings: dict[str, Any] = {
        "index_set": SET,
        "registry": REGISTRY,
        "claims": {},
        "owner_figures": {},
        **more,
    }
    return stand(round_=round_ or round_of(), results=found, **settings)


def test_means_are_taken_of_published_totals_and_bloc_means_unweighted() -> None:
    """Decision 3234/QĐ-UBND: the overall mean is the mean of the two published bloc means."""
    found = standing(ALL)

    assert [[str(p.total.published_low) for p in b.places] for b in found.blocs] == [
        ["87.0", "50.0"],
        ["88.0", "11.0"],
    ]
    assert [bloc.mean_low for bloc in found.blocs] == [Decimal("68.5"), Decimal("49.5")]
    assert found.overall_low == found.overall_high == Decimal("59.0")


def test_open_points_make_means_ranges_and_the_round_cannot_be_closed() -> None:
    found = standing({**ALL, **results(so_a={**both(90, 33), "X.1": unmeasured()})})

    assert (found.blocs[0].mean_low, found.blocs[0].mean_high) == (Decimal("41.5"), Decimal("71.5"))
    assert (found.overall_low, found.overall_high) == (Decimal("45.5"), Decimal("60.5"))
    assert closing_obstacles(found) == ("so-a: điểm còn mở: X.1",)
    assert closing_obstacles(standing(ALL)) == ()


def test_a_provisional_claim_does_not_let_the_round_close() -> None:
    hidden = {**ALL, **results(so_a={**both(90, 33), "X.1": struck()})}
    claims = {AgencyCode("so-a"): {"X.1": claim(SHARE, num=95, den=100)}}

    found = standing(hidden, round_of(unmeasured="claim-provisional"), claims=claims)

    assert closing_obstacles(found) == ("so-a: tạm tính theo tự báo cáo: X.1",)
    assert found.blocs[0].places[0].provisional


def test_a_bloc_is_not_moved_by_another() -> None:
    one, other = standing(ALL), standing({**ALL, **results(huyen_a=both(1, 1), huyen_b={})})

    assert one.blocs[0] == other.blocs[0]


def test_an_agency_outside_every_bloc_is_a_fault_of_the_config() -> None:
    stranger = Agency(code=AgencyCode("xa-a"), name="Xã A", bloc="commune")

    with pytest.raises(ConfigError, match="use one of: district, provincial"):
        standing(ALL, registry=(*REGISTRY, stranger))


def test_an_agency_abolished_before_the_period_is_not_assessed() -> None:
    gone = replace(REGISTRY[1], valid_to=date(2020, 10, 31))

    found = standing(ALL, registry=(REGISTRY[0], gone, *REGISTRY[2:]))

    assert [place.agency for place in found.blocs[0].places] == ["so-a"]


def test_a_report_that_is_not_due_yet_is_not_missing() -> None:
    reported = component("ratio", "60", code="X.1", verifier="", origins=(Origin.SUBMITTED,))
    early = standing(ALL, index_set=set_of([reported, NEWS]), as_of=date(2021, 10, 29))
    late = standing(ALL, index_set=set_of([reported, NEWS]))

    assert early.blocs[0].places[0].provisional
    assert not late.blocs[0].places[0].provisional
    assert early.inputs_digest != late.inputs_digest


def test_the_digest_moves_with_every_input_and_with_nothing_else() -> None:
    base = standing(ALL).inputs_digest
    elsewhere = replace(
        measured(given(num=90, den=100)),
        basis=(Locator(record=RecordId("urn:uuid:2"), path="li:nth-child(3)"),),
    )
    other_place = {**ALL, **results(so_a={**both(90, 33), "X.1": elsewhere})}
    claims = {AgencyCode("so-a"): {"X.1": claim(SHARE, num=90, den=100)}}

    assert len(base) == 64
    assert standing(other_place).inputs_digest == base
    moved = [
        standing({**ALL, **results(so_a=both(91, 33))}).inputs_digest,
        standing(ALL, claims=claims).inputs_digest,
        standing(ALL, round_of(unmeasured="exclude-rescale")).inputs_digest,
        standing(ALL, index_set=set_of([replace(SHARE, tolerance=Decimal("0.03")), NEWS])).inputs_digest,
        standing(ALL, registry=tuple(reversed(REGISTRY))).inputs_digest,
        standing(ALL, simulated=True).inputs_digest,
    ]
    assert len({base, *moved}) == len(moved) + 1


def test_the_same_inputs_give_the_same_standing() -> None:
    assert standing(ALL) == standing(dict(reversed(ALL.items())))


def test_nothing_collected_and_nothing_reported_is_open_everywhere_but_in_what_was_due() -> None:
    """The product's own round with no evidence at all: measured components are open, reports are missing."""
    index_set = index_set_2021()
    found = stand(
        index_set=index_set,
        round_=round_2021(),
        registry=registry_2021().agency,
        results={},
        claims={},
        owner_figures={},
    )
    first = found.blocs[0].places[0]
    inspectorate = next(p for p in found.blocs[0].places if p.agency == "thanh-tra-tinh")

    assert [len(bloc.places) for bloc in found.blocs] == [20, 12]
    assert (first.best, first.worst) == (1, 20)
    assert first.total.published_low == 0
    assert first.total.published_high == Decimal("43.0")
    assert not any(s.counts for s in inspectorate.total.scores if s.component in {"HD.6", "HD.14", "HD.21"})
    assert found.reconstruction
    assert len(closing_obstacles(found)) == 32


@for_all(st.integers(0, 100), st.integers(0, 100), st.integers(0, 60), st.integers(0, 60))
def test_more_of_what_is_good_never_costs_a_point(one: int, more: int, count: int, more_count: int) -> None:
    low = standing({**ALL, **results(so_a=both(min(one, more), min(count, more_count)))})
    high = standing({**ALL, **results(so_a=both(max(one, more), max(count, more_count)))})

    assert total_of(low, "so-a")[0] <= total_of(high, "so-a")[0]


@for_all(st.integers(0, 100), st.integers(0, 100), st.sampled_from(["hold", "claim-provisional"]))
def test_hiding_never_gains(num: int, claimed: int, policy: str) -> None:
    """Beginning to refuse the collector never beats the best that could be measured, nor settles a point."""
    claims = {AgencyCode("so-a"): {"X.1": claim(SHARE, num=claimed, den=100)}}
    bounds = {"low": given(num=0, den=100), "high": given(num=num, den=100)}
    hidden = {"X.1": unmeasured(bounds["low"], bounds["high"])}
    round_ = round_of(unmeasured=policy)

    seen = standing({**ALL, **results(so_a=both(num, 33))}, round_, claims=claims)
    dark = standing({**ALL, **results(so_a={**both(num, 33), **hidden})}, round_, claims=claims)

    assert total_of(dark, "so-a")[0] <= total_of(seen, "so-a")[0]
    assert total_of(dark, "so-a")[1] <= total_of(seen, "so-a")[1]


@for_all(st.integers(0, 100))
def test_unmeasured_is_never_the_same_as_zero(claimed: int) -> None:
    claims = {AgencyCode("so-a"): {"X.1": claim(SHARE, num=claimed, den=100)}}

    zero = standing({**ALL, **results(so_a=both(0, 33))}, claims=claims)
    dark = standing({**ALL, **results(so_a={**both(0, 33), "X.1": unmeasured()})}, claims=claims)

    assert total_of(dark, "so-a") == (Fraction(33), Fraction(93))
    assert total_of(zero, "so-a") == (Fraction(33), Fraction(33))


def total_of(found: Standing, code: str) -> tuple[Fraction, Fraction]:
    for bloc in found.blocs:
        for place in bloc.places:
            if place.agency == code:
                return place.total.low, place.total.high
    raise KeyError(code)


def test_a_partly_open_checklist_is_open_by_its_open_items() -> None:
    scored = index_set_2021().component("HD.8")
    half = {
        "chuc_nang": Input(
            value=frozenset({"tieng_anh"}), origin=Origin.CRAWL, open_items=frozenset({"tim_kiem"})
        )
    }
    found = stand(
        index_set=set_of([scored]),
        round_=round_of(),
        registry=REGISTRY[:1],
        results={AgencyCode("so-a"): {"HD.8": measured(half)}},
        claims={},
        owner_figures={},
    )

    assert total_of(found, "so-a") == (Fraction(1, 4), Fraction(1, 2))


def test_an_owners_figure_of_other_days_counts_for_nothing() -> None:
    """What a system counted in 2019, or goes on counting after the freeze, is no figure of this round."""
    scored = component("capped_count", "100", verifier="", origins=(Origin.OWNER,), per_unit=Decimal(1))
    days = [
        (date(2020, 11, 1), date(2021, 10, 31), 7),
        (date(2021, 10, 31), date(2021, 10, 31), 7),
        (date(2019, 1, 1), date(2019, 12, 31), 0),
        (date(2020, 1, 1), date(2021, 10, 31), 0),
        (date(2020, 11, 1), date(2030, 12, 31), 0),
    ]
    for first, last, points in days:
        figure = replace(owned(scored, "count", 7, first=first, last=last), agency=AgencyCode("so-a"))
        standing = stand(
            index_set=set_of([scored]),
            round_=round_of(),
            registry=REGISTRY[:1],
            results={},
            claims={},
            owner_figures={AgencyCode("so-a"): (figure,)},
        )

        assert standing.blocs[0].places[0].total.low == points, (first, last)
