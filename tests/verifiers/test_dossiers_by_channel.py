"""HD.18 to HD.21: services used, dossiers online, by post, and paid online."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from minhchung.holdings import Holdings
from minhchung.measurements import Unmeasured
from minhchung.observations import DossierTally, Observation
from tests.verifiers import services as s
from verifiers import dossiers_online, dossiers_paid_online, dossiers_postal, services_used
from verifiers.interface import Verifier

USED = services_used.VERIFIER
ONLINE = dossiers_online.VERIFIER
POSTAL = dossiers_postal.VERIFIER
PAID = dossiers_paid_online.VERIFIER
BOTH = (s.health("services"), s.health("dossiers"))
FOUR = (("HD.18", USED), ("HD.19", ONLINE), ("HD.20", POSTAL), ("HD.21", PAID))


def per_code(received: dict[int, tuple[int, int]], day: date = s.DAY) -> list[DossierTally]:
    return [
        s.tally({"received": got, "received_online": online}, day=day, procedure=s.code(n))
        for n, (got, online) in received.items()
    ]


def test_41_used_of_112_open_long_enough_give_1_46() -> None:
    """118 services, 6 open for less than 30 days: (41/112)/(1/2) x 2 = 41/28."""
    offered = [
        *s.offers(dict.fromkeys(range(1, 113), 3)),
        *s.offers(dict.fromkeys(range(113, 119), 4), opened_on=date(2021, 10, 10)),
    ]
    rows = per_code({n: (5, 1 if n <= 41 else 0) for n in range(1, 119)})

    result = s.measure(USED, "HD.18", s.holdings(BOTH, offered, rows))

    assert s.ratio(result) == (41, 112)
    assert s.score("HD.18", result) == Fraction(41, 28)


def test_half_of_the_services_used_reach_the_target_and_counter_dossiers_do_not() -> None:
    """Near-miss: dossiers entered at the counter are not online ones."""
    offered = s.offers(dict.fromkeys(range(1, 5), 4))

    passing = s.measure(USED, "HD.18", s.holdings(BOTH, offered, per_code({1: (3, 2), 2: (1, 1), 3: (9, 0)})))

    assert s.score("HD.18", passing) == 2


def test_offering_nothing_online_is_0_and_does_not_pay() -> None:
    """C9: with no level 3 or 4 service HD.18 and HD.19 are 0, not inapplicable."""
    nothing: list[Observation] = [*BOTH, *per_code({1: (9, 0)})]
    again: list[Observation] = [s.health("services", s.AGAIN), s.health("dossiers", s.AGAIN)]

    for code, verifier in (("HD.18", USED), ("HD.19", ONLINE)):
        assert s.reason(s.measure(verifier, code, s.holdings(nothing))) == "single-measurement"
        assert s.score(code, s.measure(verifier, code, s.holdings(nothing, again))) == 0


def test_only_totals_are_no_basis_for_services_used() -> None:
    held = s.holdings(BOTH, s.offers({1: 4}), s.tally({"received": 9, "received_online": 4}))

    assert s.reason(s.measure(USED, "HD.18", held)) == "basis-does-not-fit"


def test_codes_that_cannot_be_joined_need_a_mapping() -> None:
    held = s.holdings(BOTH, s.offers({1: 4}), per_code({77: (9, 4)}))

    assert s.reason(s.measure(USED, "HD.18", held)) == "mapping-missing"


def test_1906_of_7315_online_give_2_08() -> None:
    """(1906/7315)/(1/2) x 4 = 15248/7315; a code that is not at level 3 or 4 does not count."""
    offered = s.offers({1: 3, 2: 4, 3: 2})
    rows = per_code({1: (7000, 1900), 2: (315, 6), 3: (500, 0)})

    result = s.measure(ONLINE, "HD.19", s.holdings(BOTH, offered, rows))

    assert s.ratio(result) == (1906, 7315)
    assert s.score("HD.19", result) == Fraction(15248, 7315)


def test_totals_alone_settle_only_a_ratio_at_its_target() -> None:
    """With only a total of 9,020 the ends are 1.69 and 4.00: unmeasured, both ends told."""
    low = s.holdings(BOTH, s.offers({1: 4}), s.tally({"received": 9020, "received_online": 1906}))
    high = s.holdings(BOTH, s.offers({1: 4}), s.tally({"received": 9000, "received_online": 5000}))

    result = s.measure(ONLINE, "HD.19", low)

    assert isinstance(result, Unmeasured)
    assert result.low is not None
    assert result.high is not None
    settled = s.measured(s.measure(ONLINE, "HD.19", high))
    assert settled.bounded
    assert s.score("HD.19", settled) == 4


def test_an_owners_export_of_dossiers_stands_beside_the_services_of_another_day() -> None:
    """An export tells of dossiers alone: services come from the newest answer that told of them."""
    asked = s.holdings(BOTH, s.offers({1: 3}), per_code({1: (100, 20)}))
    sent: list[Observation] = [s.health("dossiers", s.AGAIN), *per_code({1: (200, 80)}, s.AGAIN)]

    result = s.measure(ONLINE, "HD.19", s.holdings(asked.observations, sent))
    alone = s.measure(ONLINE, "HD.19", s.holdings(sent))
    sick = s.health("services", s.AGAIN, "blocked")
    refused = s.measure(ONLINE, "HD.19", s.holdings(asked.observations, sent, sick))

    assert s.ratio(result) == (80, 200)
    assert isinstance(alone, Unmeasured)
    assert s.ratio(refused) == (20, 100)


def test_the_union_of_both_postal_ways_gives_0_68() -> None:
    """471 of 6,940 by post either way: (471/6940)/(1/10) = 471/694."""
    row = s.tally({"received": 6940, "received_postal": 214, "returned_postal": 388, "postal_either": 471})

    result = s.measure(POSTAL, "HD.20", s.holdings(s.health("dossiers"), row))

    assert s.score("HD.20", result) == Fraction(471, 694)


def test_two_postal_counts_are_bounds() -> None:
    """214 and 388 of 6,940: ends 0.56 and 0.87, unmeasured; beyond the target they settle."""
    open_ = s.holdings(
        s.health("dossiers"), s.tally({"received": 6940, "received_postal": 214, "returned_postal": 388})
    )
    settled = s.holdings(
        s.health("dossiers"), s.tally({"received": 1000, "received_postal": 150, "returned_postal": 10})
    )

    assert s.reason(s.measure(POSTAL, "HD.20", open_)) == "basis-does-not-fit"
    assert s.score("HD.20", s.measure(POSTAL, "HD.20", settled)) == 1


def test_no_postal_dossier_fails_and_no_dossier_does_not_apply() -> None:
    def held(figures: dict[str, int | None]) -> Holdings:
        days = (s.DAY, s.AGAIN)
        return s.holdings([s.health("dossiers", d) for d in days], [s.tally(figures, day=d) for d in days])

    none_by_post = s.measure(POSTAL, "HD.20", held({"received": 90, "postal_either": 0}))

    assert s.score("HD.20", none_by_post) == 0
    assert s.reason(s.measure(POSTAL, "HD.20", held({"received": 0, "postal_either": 0}))) == "no-dossiers"


def test_236_of_1180_paid_online_give_0_67() -> None:
    """(236/1180)/(3/10) = 2/3."""
    row = s.tally({"received": 9000, "fee_bearing": 1180, "paid_online": 236})

    result = s.measure(PAID, "HD.21", s.holdings(s.health("dossiers"), row))

    assert s.score("HD.21", result) == Fraction(2, 3)


def test_no_figure_about_fees_is_not_the_same_as_no_fees() -> None:
    """C8b: not applicable only on a positive statement."""
    unknown = s.holdings(
        s.health("dossiers"), s.tally({"received": 90, "fee_bearing": None, "paid_online": 0})
    )
    days = (s.DAY, s.AGAIN)
    none = s.holdings(
        [s.health("dossiers", d) for d in days],
        [s.tally({"received": 90, "fee_bearing": 0, "paid_online": 0}, day=d) for d in days],
    )

    assert s.reason(s.measure(PAID, "HD.21", unknown)) == "denominator-absent"
    assert s.reason(s.measure(PAID, "HD.21", none)) == "no-fees"


def test_the_owner_of_the_payment_platform_supplies_the_denominator() -> None:
    row = s.tally({"received": 90, "fee_bearing": None, "paid_online": 30})
    owned = s.owner("HD.21", "ho_so_co_phi", 100)

    result = s.measured(s.measure(PAID, "HD.21", s.holdings(s.health("dossiers"), row, owners=[owned])))

    assert s.ratio(result) == (30, 100)
    assert result.grade.value == "verified"


def test_more_paid_than_bear_a_fee_is_a_contradiction() -> None:
    row = s.tally({"received": 90, "fee_bearing": 10, "paid_online": 30})

    assert s.reason(s.measure(PAID, "HD.21", s.holdings(s.health("dossiers"), row))) == "figures-contradict"


def test_blocked_and_broken_systems_measure_nothing_anywhere() -> None:
    for code, verifier in FOUR:
        for state in ("blocked", "schema-changed", "unauthorised", "mapping-missing"):
            held = s.holdings(s.health("services", state=state), s.health("dossiers", state=state))
            assert s.reason(s.measure(verifier, code, held)) == state


def test_none_applies_to_an_agency_without_procedures() -> None:
    for code, verifier in FOUR:
        assert (
            s.reason(s.measure(verifier, code, s.holdings(BOTH, agency=s.NO_PROCEDURES))) == "no-procedures"
        )


def test_refusing_the_collector_never_adds_a_point() -> None:
    """Beginning to block turns a measured figure into an open one, never into a higher one."""
    row = s.tally({"received": 6940, "postal_either": 471, "fee_bearing": 1180, "paid_online": 236})
    seen = s.holdings(s.health("dossiers"), row)
    refused = s.holdings(s.health("dossiers", state="blocked"))

    for code, verifier in FOUR[2:]:
        assert s.score(code, s.measure(verifier, code, seen)) > 0
        assert isinstance(s.measure(verifier, code, refused), Unmeasured)


def test_no_dossier_of_a_level_3_or_4_service_does_not_apply_after_two_harvests() -> None:
    """C9: no dossiers, printed twice: not applicable."""
    days = (s.DAY, s.AGAIN)
    held = s.holdings(
        [s.health(topic, day) for topic in ("services", "dossiers") for day in days],
        [o for day in days for o in s.offers({1: 4}, day)],
        [s.tally({"received": 0, "received_online": 0}, day=d, procedure=s.code(1)) for d in days],
    )

    assert s.reason(s.measure(ONLINE, "HD.19", held)) == "no-dossiers"


def test_a_service_without_a_figure_is_not_an_unused_one() -> None:
    """G14: missing is not 0; bounds settle only where the target is reached anyway."""
    offered = s.offers(dict.fromkeys(range(1, 11), 4))
    some = per_code(dict.fromkeys(range(1, 5), (3, 1)))
    most = per_code(dict.fromkeys(range(1, 6), (3, 1)))

    open_ = s.measure(USED, "HD.18", s.holdings(BOTH, offered, some))
    settled = s.measure(USED, "HD.18", s.holdings(BOTH, offered, most))

    assert s.reason(open_) == "basis-does-not-fit"
    assert s.measured(settled).bounded
    assert s.score("HD.18", settled) == 2


@pytest.mark.parametrize(
    ("component", "verifier", "figures", "told"),
    [
        ("HD.19", ONLINE, {"received": 950, "received_online": 210}, "tiếp nhận trực tuyến 210"),
        ("HD.20", POSTAL, {"received": 950, "received_postal": 31}, "tiếp nhận qua bưu chính 31"),
        ("HD.21", PAID, {"received": 950, "paid_online": 12}, "thanh toán trực tuyến 12"),
    ],
)
def test_figures_of_another_span_are_shown_and_never_used(
    component: str, verifier: Verifier[Any], figures: dict[str, int | None], told: str
) -> None:
    """The calendar year 2021 is no basis for a period from November to October; what stands there is said."""
    year = s.tally(figures, first=date(2021, 1, 1), last=date(2021, 12, 31))

    result = s.measure(verifier, component, s.holdings(BOTH, s.offers({1: 4}), year))

    assert isinstance(result, Unmeasured)
    assert "Số khác hiện có, không dùng: mot-cua, 01/01/2021–31/12/2021: tiếp nhận 950" in result.detail
    assert told in result.detail
    assert year.seen in result.basis
    assert (result.low, result.high) == (None, None)


def test_a_further_report_is_no_figure_of_record_and_is_shown_by_its_name() -> None:
    report = s.tally({"received": 40, "online_full": 9}, report="truc-tuyen")

    result = s.measure(ONLINE, "HD.19", s.holdings(BOTH, s.offers({1: 4}), report))

    assert isinstance(result, Unmeasured)
    assert "mot-cua truc-tuyen, 01/11/2020–31/10/2021: tiếp nhận 40, trực tuyến toàn trình 9" in result.detail
