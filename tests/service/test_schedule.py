"""The timetable: what is due follows from it and from the claims alone."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhchung.errors import ConfigError
from minhchung.periods import VIETNAM
from minhchung.sources import ScheduleEntryConfig, Timetable
from service.schedule import Ticker, check, due, moments, next_moment, planned


def line(cron: str, key: str = "hang-tuan") -> ScheduleEntryConfig:
    return ScheduleEntryConfig(key=key, cron=cron)


def table(*lines: ScheduleEntryConfig, days: int = 7) -> Timetable:
    return Timetable(schedule=lines, catch_up_days=days)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


WEEKLY = line("30 1 * * mon")
MONDAY = local(2021, 11, 8, 1, 30)


def test_a_moment_is_due_once_it_has_come() -> None:
    """Half past one on Monday, local time."""
    before = due(table(WEEKLY), {"hang-tuan": MONDAY - timedelta(days=7)}, MONDAY - timedelta(seconds=1))
    after = due(table(WEEKLY), {"hang-tuan": MONDAY - timedelta(days=7)}, MONDAY + timedelta(seconds=5))

    assert before.due == ()
    assert [d.fire_at for d in after.due] == [MONDAY]
    assert after.due[0].punctual


def test_a_claimed_moment_is_not_due_again() -> None:
    """A restart reads the claims and finds nothing to do."""
    assert due(table(WEEKLY), {"hang-tuan": MONDAY}, MONDAY + timedelta(hours=9)).due == ()


def test_missed_moments_are_caught_up_once_by_the_newest() -> None:
    """The machine was off for three days: a daily visit is due once, late, and says for how many."""
    daily = line("0 5 * * *")
    last = local(2021, 11, 8, 5)

    found = due(table(daily), {"hang-tuan": last}, local(2021, 11, 11, 9))

    assert [d.fire_at for d in found.due] == [local(2021, 11, 11, 5)]
    assert found.due[0].late == timedelta(hours=4)
    assert found.due[0].missed == 2
    assert not found.due[0].punctual
    assert due(table(daily), {"hang-tuan": found.due[0].fire_at}, local(2021, 11, 11, 9)).due == ()


def test_what_was_missed_too_long_ago_is_reported_only() -> None:
    """catch_up_days: a run of three weeks ago says nothing any more about three weeks ago."""
    monthly = line("0 22 5 * *")

    found = due(table(monthly), {"hang-tuan": local(2021, 9, 5, 22)}, local(2021, 11, 30, 8))

    assert found.due == ()
    assert [(x.first, x.last, x.count) for x in found.lapsed] == [
        (local(2021, 10, 5, 22), local(2021, 11, 5, 22), 2)
    ]


def test_a_line_that_never_ran_looks_back_no_further_than_the_catching_up() -> None:
    """A new home is not told of years that were never its own."""
    found = due(table(WEEKLY), {}, local(2021, 11, 10, 12))

    assert [(d.fire_at, d.missed) for d in found.due] == [(MONDAY, 0)]
    assert found.lapsed == ()
    assert due(table(line("0 22 5 * *")), {}, local(2021, 11, 20)).due == ()


def test_two_lines_are_due_in_the_order_of_their_moments() -> None:
    """Each has its own claims."""
    later, sooner = line("0 6 * * *", "muon"), line("0 3 * * *", "som")

    found = due(table(later, sooner), {}, local(2021, 11, 8, 7))

    assert [d.entry.key for d in found.due] == ["som", "muon"]


def test_the_zone_has_no_summer_time() -> None:
    """Asia/Ho_Chi_Minh is UTC+7 all year round: a daily cron fires exactly every 24 hours."""
    found = list(moments(line("30 2 * * *"), local(2021, 1, 1), local(2022, 1, 1)))

    assert len(found) == 365
    assert {later - sooner for sooner, later in pairwise(found)} == {timedelta(days=1)}
    assert {m.astimezone(UTC).hour for m in found} == {19}


@given(st.integers(0, 4 * 366 * 86400).map(lambda seconds: local(2020, 1, 1) + timedelta(seconds=seconds)))
def test_after_a_claim_nothing_is_due_until_the_next_moment(now: datetime) -> None:
    """Whatever the instant: claim what is due, and it is quiet until the next moment, no longer."""
    entry = line("*/15 8-17 * * mon-fri")
    found = due(table(entry), {}, now)
    claims = {d.entry.key: d.fire_at for d in found.due}
    coming = next_moment(entry, now)

    assert coming is not None
    assert coming > now
    if claims:
        assert due(table(entry), claims, coming - timedelta(seconds=1)).due == ()
        assert [d.fire_at for d in due(table(entry), claims, coming).due] == [coming]


def test_a_line_shows_its_last_and_next_moments() -> None:
    """What `schedule list` prints."""
    (shown,) = planned(table(WEEKLY), {"hang-tuan": MONDAY}, MONDAY + timedelta(days=1))

    assert (shown.last_at, shown.next_at, shown.overdue) == (MONDAY, MONDAY + timedelta(days=7), None)


def test_a_line_that_never_fires_says_so() -> None:
    """The thirty-first of February."""
    (shown,) = planned(table(line("0 0 31 2 *")), {}, MONDAY)

    assert (shown.next_at, shown.overdue) == (None, None)


@pytest.mark.parametrize(
    ("cron", "fault"),
    [
        ("30 1 * *", "4 fields"),
        ("61 1 * * mon", "61"),
        ("30 1 * * 1", "number"),
        ("30 1 * * never", "no cron"),
    ],
)
def test_a_bad_cron_names_file_key_and_remedy(cron: str, fault: str) -> None:
    """A weekday as a number means Tuesday to one program and Monday to another: refused."""
    with pytest.raises(ConfigError, match=fault) as caught:
        check(table(line(cron)), "config/timetable.toml")

    assert caught.value.file == "config/timetable.toml"
    assert caught.value.key == "schedule hang-tuan.cron"
    assert caught.value.remedy


def test_two_lines_of_one_key_are_refused() -> None:
    """The key is what is claimed."""
    with pytest.raises(ConfigError, match="twice"):
        check(table(WEEKLY, WEEKLY))


def test_the_ticker_ticks_at_once_and_reports_what_fails() -> None:
    """A fault in one tick is said, and the next tick comes all the same."""
    ticked: list[int] = []
    said: list[str] = []
    enough = threading.Event()

    def tick() -> None:
        ticked.append(1)
        if len(ticked) == 1:
            raise RuntimeError("đĩa đầy")
        enough.set()

    ticker = Ticker(tick, said.append, seconds=0.05)
    ticker.start()
    came = enough.wait(10)
    ticker.stop()

    assert came
    assert len(said) == 1
    assert "đĩa đầy" in said[0]


def test_a_long_tick_is_never_run_twice_at_a_time_and_stop_waits_for_it() -> None:
    """Ticks that fall into a run are dropped: what is due is computed anew by the next."""
    running = threading.Lock()
    overlapped: list[bool] = []
    said: list[str] = []
    begun = threading.Event()
    ended: list[bool] = []

    def tick() -> None:
        overlapped.append(not running.acquire(blocking=False))
        begun.set()
        threading.Event().wait(0.3)
        ended.append(True)
        running.release()

    ticker = Ticker(tick, said.append, seconds=0.02)
    ticker.start()
    begun.wait(10)
    ticker.stop()

    assert ended
    assert not any(overlapped)
    assert said == []
