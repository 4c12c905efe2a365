"""HD.16 and HD.17: procedures offered online at level 3 or 4, and eligible ones at level 4."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from minhchung.measurements import Unmeasured
from minhchung.observations import Observation
from tests.verifiers import services as s
from verifiers import services_level_3_4, services_level_4

LEVEL_3_4 = services_level_3_4.VERIFIER
LEVEL_4 = services_level_4.VERIFIER
BOTH = (s.health("procedures"), s.health("services"))
LIST = "tthc_du_dieu_kien_muc_4"


def test_118_of_312_give_1_51() -> None:
    """(118/312)/(1/2) x 2 = 59/39."""
    levels = {n: 3 if n % 2 else 4 for n in range(1, 119)}

    result = s.measure(LEVEL_3_4, "HD.16", s.holdings(BOTH, s.procedures(312), s.offers(levels)))

    assert s.ratio(result) == (118, 312)
    assert s.score("HD.16", result) == Fraction(59, 39)


def test_half_of_the_procedures_reach_the_target() -> None:
    result = s.measure(
        LEVEL_3_4, "HD.16", s.holdings(BOTH, s.procedures(10), s.offers(dict.fromkeys(range(1, 6), 3)))
    )

    assert s.score("HD.16", result) == 2


def test_level_2_closed_foreign_and_doubled_services_do_not_count() -> None:
    """Near-miss: one code in two services counts once, at its highest level."""
    offered = [
        *s.offers({1: 3}),
        *s.offers({1: 4}),
        *s.offers({2: 2}),
        *s.offers({3: 4}, open=False),
        *s.offers({900: 4}),
    ]

    result = s.measure(LEVEL_3_4, "HD.16", s.holdings(BOTH, s.procedures(10), offered))

    assert s.ratio(result) == (1, 10)


def test_no_service_fails_after_two_harvests() -> None:
    again = (s.health("procedures", s.AGAIN), s.health("services", s.AGAIN, "empty"))
    once = s.holdings(s.health("procedures"), s.health("services", state="empty"), s.procedures(10))
    twice = s.holdings(*once.observations, again, s.procedures(10, s.AGAIN))

    assert s.reason(s.measure(LEVEL_3_4, "HD.16", once)) == "single-measurement"
    assert s.score("HD.16", s.measure(LEVEL_3_4, "HD.16", twice)) == 0


def test_a_list_cut_by_a_cap_or_blocked_measures_nothing() -> None:
    capped = s.holdings(
        s.health("procedures"), s.health("services", complete=False), s.procedures(10), s.offers({1: 4})
    )
    blocked = s.holdings(s.health("procedures"), s.health("services", state="blocked"))

    assert s.reason(s.measure(LEVEL_3_4, "HD.16", capped)) == "basis-does-not-fit"
    assert s.reason(s.measure(LEVEL_3_4, "HD.16", blocked)) == "blocked"


def test_services_without_levels_are_no_basis() -> None:
    unknown = [replace(offer, level=None) for offer in s.offers({1: 3, 2: 4})]

    result = s.measure(LEVEL_3_4, "HD.16", s.holdings(BOTH, s.procedures(10), unknown))

    assert s.reason(result) == "basis-does-not-fit"
    assert isinstance(result, Unmeasured)
    assert result.detail.endswith(
        "Số khác hiện có, không dùng: ngày 02/11/2021: 2 thủ tục có dịch vụ, chưa rõ mức,"
        " 10 thủ tục trong danh mục."
    )


def test_without_a_catalogue_what_is_offered_is_shown_beside_the_reason() -> None:
    """C11: the agency's own list is no denominator; its size and the services say how far it is."""
    held = s.holdings(
        s.health("procedures", state="empty"), s.health("services"), s.offers({1: 3, 2: 4, 3: 2})
    )

    result = s.measure(LEVEL_3_4, "HD.16", held)

    assert s.reason(result) == "denominator-absent"
    assert isinstance(result, Unmeasured)
    assert result.detail.endswith(
        "Số khác hiện có, không dùng: ngày 02/11/2021: 2 thủ tục có dịch vụ từ mức 3."
    )
    assert len(result.basis) == 2


def test_a_harvest_too_long_after_the_period_does_not_fit() -> None:
    late = date(2021, 11, 30)
    held = s.holdings(
        s.health("procedures", late),
        s.health("services", late),
        s.procedures(10, late),
        s.offers({1: 4}, late),
    )

    assert s.reason(s.measure(LEVEL_3_4, "HD.16", held)) == "basis-does-not-fit"


def test_levels_raised_in_the_last_days_are_a_question() -> None:
    offered = s.offers({1: 4}, opened_on=date(2021, 10, 28))

    result = s.measured(s.measure(LEVEL_3_4, "HD.16", s.holdings(BOTH, s.procedures(10), offered)))

    assert [q.key for q in result.questions] == ["question-late-level"]


def test_neither_applies_to_an_agency_without_procedures() -> None:
    held = s.holdings(BOTH, agency=s.NO_PROCEDURES)

    assert s.reason(s.measure(LEVEL_3_4, "HD.16", held)) == "no-procedures"
    assert s.reason(s.measure(LEVEL_4, "HD.17", held)) == "no-procedures"


def test_61_of_96_eligible_give_1_91() -> None:
    """61/96 x 3 = 61/32; services outside the list do not count."""
    codes = [s.code(n) + ".H99" for n in range(1, 97)]
    levels = dict.fromkeys([*range(1, 62), *range(150, 160)], 4) | {70: 3}

    held = s.holdings(
        BOTH, s.procedures(312), s.offers(levels), owners=[s.owner("HD.17", LIST, None, *codes)]
    )
    result = s.measure(LEVEL_4, "HD.17", held)

    assert s.ratio(result) == (61, 96)
    assert s.score("HD.17", result) == Fraction(61, 32)


def test_without_an_approved_list_the_denominator_is_absent() -> None:
    """C6: the agency's own number is no list."""
    claimed = s.claim("HD.17", dvc_muc_4=61, tthc_du_dieu_kien_muc_4=61)
    held = s.holdings(BOTH, s.procedures(100), s.offers({1: 4}), claims=[claimed])

    result = s.measure(LEVEL_4, "HD.17", held)

    assert s.reason(result) == "denominator-absent"
    assert isinstance(result, Unmeasured)
    assert result.detail.endswith(
        "Số khác hiện có, không dùng: ngày 02/11/2021: 1 thủ tục có dịch vụ mức 4,"
        " 100 thủ tục trong danh mục."
    )


def test_a_number_without_names_is_partly_verified_and_capped() -> None:
    held = s.holdings(
        BOTH,
        s.procedures(100),
        s.offers(dict.fromkeys(range(1, 31), 4)),
        owners=[s.owner("HD.17", LIST, 20)],
    )
    result = s.measure(LEVEL_4, "HD.17", held)

    assert s.ratio(result) == (20, 20)
    assert s.measured(result).grade.value == "partly-verified"


def test_none_at_level_4_needs_two_days_and_is_then_0() -> None:
    codes = [s.code(n) for n in range(1, 11)]
    one: list[Observation] = [*BOTH, *s.procedures(20), *s.offers({1: 3})]
    two: list[Observation] = [
        s.health("procedures", s.AGAIN),
        s.health("services", s.AGAIN),
        *s.procedures(20, s.AGAIN),
        *s.offers({1: 3}, s.AGAIN),
    ]
    owned = [s.owner("HD.17", LIST, None, *codes)]

    assert s.reason(s.measure(LEVEL_4, "HD.17", s.holdings(one, owners=owned))) == "single-measurement"
    assert s.score("HD.17", s.measure(LEVEL_4, "HD.17", s.holdings(one, two, owners=owned))) == 0


def test_a_sick_service_portal_measures_no_level_4() -> None:
    for state in ("blocked", "schema-changed"):
        held = s.holdings(s.health("procedures"), s.health("services", state=state))
        assert s.reason(s.measure(LEVEL_4, "HD.17", held)) == state
