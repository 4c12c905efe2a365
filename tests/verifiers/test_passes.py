"""G9, G10, G12: which visits count, and how many it takes."""

from dataclasses import replace
from datetime import date, timedelta

from minhchung.evidence import SourceKey
from minhchung.measurements import Reason
from minhchung.periods import Period
from tests.verifiers.builders import AGENCY, CLOSE, PERIOD, at, common, context, holdings, visit
from verifiers.passes import (
    apart,
    assessed_period,
    portal_visits,
    read_visits,
    refusal,
    snapshot_visits,
    snapshot_window,
)


def test_two_visits_are_two_measurements_on_two_days_twenty_hours_apart() -> None:
    """G10."""
    noon, evening = at(date(2021, 11, 2), 12), at(date(2021, 11, 2), 23)
    told = common()

    assert apart([noon, noon + timedelta(hours=24)], told)
    assert not apart([noon, evening], told)
    assert not apart([evening, evening + timedelta(hours=4)], told)
    assert not apart([noon], told)
    assert not apart([], told)


def test_days_are_days_in_viet_nam() -> None:
    """G9: 23:30 UTC is the next day's morning."""
    early = at(date(2021, 11, 2), 1)

    assert apart([early, early + timedelta(hours=22, minutes=59)], common()) is False
    assert apart([early, early + timedelta(hours=23)], common())


def test_the_window_reaches_from_thirty_days_before_the_end_to_the_freeze() -> None:
    """G9: snapshot components."""
    assert snapshot_window(AGENCY, context()) == Period(date(2021, 10, 1), date(2021, 11, 15))


ENDED = replace(AGENCY, valid_to=date(2021, 6, 30))


def test_who_ended_within_the_period_is_seen_as_it_was_on_its_last_days() -> None:
    """A reorganisation on 1 July: what stands at the address later is the successor's, or nobody's."""
    assert snapshot_window(ENDED, context()) == Period(date(2021, 5, 31), date(2021, 6, 30))
    assert snapshot_window(replace(AGENCY, valid_to=date(2021, 10, 31)), context()).last == date(2021, 11, 15)
    assert snapshot_window(replace(AGENCY, valid_from=date(2021, 7, 1)), context()) == snapshot_window(
        AGENCY, context()
    )


def test_a_portal_that_is_dark_after_its_agencys_end_takes_nothing_from_it() -> None:
    """What was read stands; a later visit may add what it shows, and says nothing where it shows none."""
    read, later = visit(date(2021, 6, 20)), visit(date(2021, 7, 5))
    dark = visit(CLOSE[0], state="unreachable")
    doubted = replace(visit(CLOSE[1]), state="needs-person")
    held = replace(holdings(visits=(read, later, dark, doubted)), agency=ENDED)

    assert [v.run for v in portal_visits(held, context())] == [read.run, later.run]
    assert refusal(held, portal_visits(held, context())) is None
    assert [v.run for v in snapshot_visits(held, context())] == [read.run]


def test_visits_after_the_freeze_and_to_service_systems_are_left_out() -> None:
    """G9: up to the freeze; the portal's verifiers speak of the portal."""
    visits = (
        visit(date(2021, 9, 30)),
        visit(CLOSE[0]),
        visit(CLOSE[1], source=SourceKey("mot-cua"), scope="services"),
        visit(date(2021, 11, 16)),
    )
    held = holdings(visits=visits)

    assert [v.run for v in portal_visits(held, context())] == [visits[0].run, visits[1].run]
    assert [v.run for v in snapshot_visits(held, context())] == [visits[1].run]


def test_a_sick_visit_and_an_incident_are_left_out() -> None:
    """G12."""
    visits = [visit(CLOSE[0], canaries=False), visit(CLOSE[1], state="incident"), visit(date(2021, 11, 6))]

    assert read_visits(visits) == (visits[2],)


def test_the_newest_healthy_visit_gives_the_reason() -> None:
    """No reason is ever turned into a zero."""
    visits = [visit(CLOSE[0], state="unreachable"), visit(CLOSE[1], state="blocked", detail="tường lửa")]
    refused = refusal(holdings(visits=visits), visits)

    assert refused is not None
    assert refused.reason is Reason.BLOCKED
    assert "tường lửa" in refused.detail
    assert len(refused.basis) == 2
    assert refusal(holdings(visits=visits), [*visits, visit(date(2021, 11, 6))]) is None


def test_while_the_newest_visit_waits_for_a_person_older_ones_do_not_speak_for_the_portal() -> None:
    """Half a portal is not scored; a later visit that saw it whole ends the doubt."""
    sound, doubted = (
        visit(CLOSE[0]),
        visit(CLOSE[1], state="needs-person", detail="các danh sách hiện 5 dòng"),
    )
    refused = refusal(holdings(visits=(sound, doubted)), [sound, doubted])

    assert refused is not None
    assert refused.reason is Reason.NEEDS_PERSON
    assert "các danh sách hiện 5 dòng" in refused.detail
    again = visit(date(2021, 11, 6))
    assert refusal(holdings(visits=(sound, doubted, again)), [sound, doubted, again]) is None
    assert read_visits([sound, doubted, again]) == (sound, again)


def test_an_agency_is_assessed_on_the_days_it_existed() -> None:
    """G9: agencies that begin or end inside the period: intersect."""
    young = replace(AGENCY, valid_from=date(2021, 3, 1))
    gone = replace(AGENCY, valid_to=date(2019, 12, 31))

    assert assessed_period(AGENCY, PERIOD) == PERIOD
    assert assessed_period(young, PERIOD) == Period(date(2021, 3, 1), PERIOD.last)
    assert assessed_period(gone, PERIOD) is None
