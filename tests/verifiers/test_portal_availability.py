"""Availability of the portal, as docs/reference/verifiers/portal_availability.md defines it."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from minhchung.holdings import VisitReport
from minhchung.measurements import Result, Unmeasured
from scoring.rules import points, worth
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers.portal_availability import VERIFIER

MONDAYS = [week.first for week in b.PERIOD.weeks()]


def visits(*states: str, days: list[date] | None = None) -> list[VisitReport]:
    """One visit with the first state on every Monday, further ones later that day."""
    return [
        b.visit(day, state=state, hour=9 + 3 * n) for day in days or MONDAYS for n, state in enumerate(states)
    ]


def judge(*asked: list[VisitReport], **more: Any) -> Result:
    spec = replace(s.component("HD.4"), formula=replace(s.component("HD.4").formula, min_denominator=0))
    told = b.context(spec, worth=partial(worth, spec))
    held = b.holdings(visits=[v for each in asked for v in each], **more)
    return VERIFIER.measure(held, told, b.settings(VERIFIER))


def share(result: Result) -> Any:
    return points(s.component("HD.4"), dict(s.measured(result).inputs)).low


def test_a_portal_that_always_answered_passes() -> None:
    result = judge(visits("ok"))

    assert s.values(result) == [52, 52]
    assert share(result) == 3


def test_days_on_which_two_visits_found_nobody_are_down() -> None:
    half = judge(visits("ok", days=MONDAYS[::2]), visits("unreachable", "unreachable", days=MONDAYS[1::2]))

    assert s.values(half) == [26, 52]
    assert s.note(half, "days-down") == 26


def test_a_portal_that_never_answered_fails() -> None:
    assert share(judge(visits("unreachable", "unreachable"))) == 0


def test_one_dark_visit_is_no_dark_day() -> None:
    """Near-miss (G12): a zero needs two; one of them settles nothing, and an answer the same day is one."""
    once = judge(visits("ok", days=MONDAYS[:40]), visits("unreachable", days=MONDAYS[40:]))

    assert s.reason(once) == "single-measurement"
    assert s.values(judge(visits("unreachable", "ok"))) == [52, 52]


def test_days_on_which_it_refused_us_are_open_so_that_refusing_never_pays() -> None:
    result = judge(visits("ok", days=MONDAYS[:40]), visits("blocked", "blocked", days=MONDAYS[40:]))

    assert isinstance(result, Unmeasured)
    assert result.reason.value == "blocked"
    assert [given.value for given in (result.low or {}).values()] == [40, 52]


def test_our_own_sick_days_are_left_out() -> None:
    """Canaries that failed, or an incident of what several agencies share, prove nothing."""
    sick = [replace(v, canaries=False) for v in visits("unreachable", "unreachable", days=MONDAYS[:3])]

    assert s.values(judge(sick, visits("ok", days=MONDAYS[3:]))) == [49, 49]
    assert s.reason(judge([replace(v, canaries=False) for v in visits("ok")])) == "incident"
    assert s.reason(judge(visits("platform-incident"))) == "platform-incident"
    assert s.values(judge(visits("platform-incident", days=MONDAYS[:3]), visits("ok", days=MONDAYS[3:]))) == [
        49,
        49,
    ]


@pytest.mark.parametrize("weeks", [4, 46])
def test_availability_over_the_year_cannot_be_known_in_the_first_month(weeks: int) -> None:
    """Point 6: below the declared coverage it is unmeasured; 46 of 52 weeks are 88 %."""
    assert s.reason(judge(visits("ok", days=MONDAYS[:weeks]))) == "coverage-below"


def test_who_was_never_asked_is_not_collected_and_it_is_never_not_applicable() -> None:
    assert s.reason(judge([b.visit(b.PERIOD.first - timedelta(days=9))])) == "not-collected"
    assert s.reason(judge(visits("ok"), agency=replace(b.AGENCY, portal=""))) == "no-portal-confirmed"
