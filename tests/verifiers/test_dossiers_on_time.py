"""HD.15: the share of dossiers finished early or on time."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from minhchung.holdings import Holdings
from tests.verifiers import services as s
from verifiers.dossiers_on_time import VERIFIER


def held(early: int, on_time: int, late: int, still: int | None, **more: Any) -> Holdings:
    rows = [
        s.tally({"resolved_early": early, "resolved_on_time": on_time, "resolved_overdue": late}, "resolved")
    ]
    if still is not None:
        rows.append(s.tally({"open_overdue": still}, "snapshot", **more))
    return s.holdings(s.health("dossiers"), rows)


def test_the_worked_example_gives_3() -> None:
    """5,200 + 2,640 on time, 120 late, 61 open and overdue: 7840/8021 is below 98 %."""
    result = s.measure(VERIFIER, "HD.15", held(5200, 2640, 120, 61))

    assert s.ratio(result) == (7840, 8021)
    assert s.score("HD.15", result) == 3


@pytest.mark.parametrize(
    ("good", "due", "points"), [(98, 100, 4), (95, 100, 3), (90, 100, 2), (80, 100, 1), (79, 100, 0)]
)
def test_steps_are_compared_as_fractions(good: int, due: int, points: int) -> None:
    result = s.measure(VERIFIER, "HD.15", held(0, good, due - good, 0))

    assert s.score("HD.15", result) == points


def test_leaving_out_the_open_overdue_ones_would_be_wrong() -> None:
    """Near-miss: 7840/7960 would pass."""
    assert Fraction(7840, 7960) >= Fraction(98, 100)
    assert s.score("HD.15", s.measure(VERIFIER, "HD.15", held(5200, 2640, 120, 61))) == 3


def test_without_the_snapshot_it_cannot_be_said() -> None:
    assert s.reason(s.measure(VERIFIER, "HD.15", held(5200, 2640, 120, None))) == "basis-does-not-fit"


def test_a_snapshot_taken_too_late_does_not_fit() -> None:
    late = held(5200, 2640, 120, 61, first=date(2021, 11, 4), last=date(2021, 11, 4))

    assert s.reason(s.measure(VERIFIER, "HD.15", late)) == "basis-does-not-fit"


def test_parts_that_contradict_the_total_settle_only_when_the_step_is_the_same() -> None:
    """G14: parts and total differ: compute with both."""
    fine = s.holdings(
        s.health("dossiers"),
        s.tally({"resolved": 1001, "resolved_on_time": 990, "resolved_overdue": 10}, "resolved"),
        s.tally({"open_overdue": 0}, "snapshot"),
    )
    bad = s.holdings(
        s.health("dossiers"),
        s.tally({"resolved": 1100, "resolved_on_time": 990, "resolved_overdue": 10}, "resolved"),
        s.tally({"open_overdue": 0}, "snapshot"),
    )

    assert [n.key for n in s.measured(s.measure(VERIFIER, "HD.15", fine)).notes if n.key == "parts-differ"]
    assert s.reason(s.measure(VERIFIER, "HD.15", bad)) == "figures-contradict"


def test_on_time_without_overdue_is_no_basis() -> None:
    half = s.holdings(s.health("dossiers"), s.tally({"resolved_on_time": 5}, "resolved"))

    assert s.reason(s.measure(VERIFIER, "HD.15", half)) == "basis-does-not-fit"


def test_a_blocked_system_and_a_broken_answer_measure_nothing() -> None:
    for state in ("blocked", "schema-changed", "unreachable"):
        sick = s.holdings(s.health("dossiers", state=state))
        assert s.reason(s.measure(VERIFIER, "HD.15", sick)) == state


def test_it_does_not_apply_without_procedures_or_dossiers() -> None:
    rows = [
        s.tally({"received": 0}),
        s.tally({"resolved_on_time": 0, "resolved_overdue": 0}, "resolved"),
        s.tally({"open_overdue": 0}, "snapshot"),
    ]
    again = [
        s.tally({"received": 0}, day=s.AGAIN),
        s.tally({"resolved_on_time": 0, "resolved_overdue": 0}, "resolved", s.AGAIN),
        s.tally({"open_overdue": 0}, "snapshot", s.AGAIN),
    ]
    none = s.holdings(s.health("dossiers"), s.health("dossiers", s.AGAIN), rows, again)

    assert s.reason(s.measure(VERIFIER, "HD.15", none)) == "no-dossiers"
    without = s.holdings(s.health("dossiers"), agency=s.NO_PROCEDURES)
    assert s.reason(s.measure(VERIFIER, "HD.15", without)) == "no-procedures"
