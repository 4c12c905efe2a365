"""HD.14: the share of all dossiers that are handled in the system."""

from fractions import Fraction

from tests.verifiers import services as s
from verifiers.dossiers_in_system import VERIFIER

DEN = "tong_ho_so_phat_sinh"
SEEN = (s.health("dossiers"), s.tally({"received": 6940}))


def test_the_worked_example_gives_2_92() -> None:
    """6,940 in the system, the owner's register 7,120: 6940/7120 x 3 = 1041/356."""
    result = s.measure(VERIFIER, "HD.14", s.holdings(SEEN, owners=[s.owner("HD.14", DEN, 7120)]))

    assert s.score("HD.14", result) == Fraction(1041, 356)
    assert s.measured(result).grade.value == "verified"


def test_every_dossier_in_the_system_passes_and_is_asked_about() -> None:
    result = s.measure(VERIFIER, "HD.14", s.holdings(SEEN, owners=[s.owner("HD.14", DEN, 6940)]))

    assert s.score("HD.14", result) == 3
    assert [q.key for q in s.measured(result).questions] == ["question-equal"]


def test_nothing_in_the_system_fails_when_two_harvests_print_0() -> None:
    held = s.holdings(
        s.health("dossiers"),
        s.tally({"received": 0}),
        s.health("dossiers", s.AGAIN),
        s.tally({"received": 0}, day=s.AGAIN),
        owners=[s.owner("HD.14", DEN, 50)],
    )

    assert s.score("HD.14", s.measure(VERIFIER, "HD.14", held)) == 0


def test_the_systems_own_total_is_no_denominator() -> None:
    """A ratio of 1 by construction is no measurement."""
    assert s.reason(s.measure(VERIFIER, "HD.14", s.holdings(SEEN))) == "denominator-absent"


def test_the_agencys_own_register_makes_it_partly_verified() -> None:
    claimed = s.claim("HD.14", ho_so_tren_mcdt=7000, tong_ho_so_phat_sinh=7200)

    result = s.measured(s.measure(VERIFIER, "HD.14", s.holdings(SEEN, claims=[claimed])))

    assert s.ratio(result) == (6940, 7200)
    assert result.grade.value == "partly-verified"


def test_carried_over_dossiers_and_children_beside_their_total_do_not_count_twice() -> None:
    """Near-miss: a total row beside its parts, and a figure of carried-over dossiers."""
    held = s.holdings(
        s.health("dossiers"),
        s.tally({"received": 100, "carried_over": 40}, is_total=True),
        s.tally({"received": 60}),
        s.tally({"received": 40}),
        owners=[s.owner("HD.14", DEN, 200)],
    )

    assert s.ratio(s.measure(VERIFIER, "HD.14", held)) == (100, 200)


def test_more_in_the_system_than_arose_is_a_contradiction() -> None:
    held = s.holdings(SEEN, owners=[s.owner("HD.14", DEN, 6000)])

    assert s.reason(s.measure(VERIFIER, "HD.14", held)) == "figures-contradict"


def test_a_blocked_or_unauthorised_system_measures_nothing() -> None:
    for state in ("blocked", "unauthorised", "unreachable"):
        held = s.holdings(s.health("dossiers", state=state), owners=[s.owner("HD.14", DEN, 100)])
        assert s.reason(s.measure(VERIFIER, "HD.14", held)) == state


def test_months_that_do_not_tile_the_period_do_not_fit() -> None:
    import datetime

    march = s.tally({"received": 10}, first=datetime.date(2021, 3, 1), last=datetime.date(2021, 3, 31))
    held = s.holdings(s.health("dossiers"), march, owners=[s.owner("HD.14", DEN, 100)])

    assert s.reason(s.measure(VERIFIER, "HD.14", held)) == "basis-does-not-fit"


def test_it_does_not_apply_without_procedures_or_without_dossiers() -> None:
    without = s.holdings(SEEN, agency=s.NO_PROCEDURES)
    none = s.holdings(
        s.health("dossiers"),
        s.tally({"received": 0}),
        s.health("dossiers", s.AGAIN),
        s.tally({"received": 0}, day=s.AGAIN),
        owners=[s.owner("HD.14", DEN, 0)],
    )

    assert s.reason(s.measure(VERIFIER, "HD.14", without)) == "no-procedures"
    assert s.reason(s.measure(VERIFIER, "HD.14", none)) == "no-dossiers"
