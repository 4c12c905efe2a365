"""Pace: turns at an address, pauses a server asked for, and leaving a dead host alone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from collectors.fetcher import Fetcher, FetchRequest
from collectors.pace import MOST_SHARED_PAUSES, Breaker, Pace, Turns, retry_after
from minhchung.evidence import Failure
from minhchung.opening import ALWAYS, read_hours
from minhchung.periods import VIETNAM
from minhchung.sources import Network, ServerGroup
from tests.collectors.worlds import Reply, Ticking, World

NOW = datetime(2021, 11, 4, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Thu, 04 Nov 2021 02:00:30 GMT", 30.0),
        ("Thu, 04 Nov 2021 01:00:00 GMT", 0.0),
        ("Thursday, 04-Nov-21 02:01:00 GMT", 60.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
        ("9" * 400, 999999999.0),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, seconds: float | None) -> None:
    """RFC 9110, 10.2.3: seconds or a date, which may have passed."""
    assert retry_after(value, NOW) == seconds


async def begun(
    turns: Turns, party: str, count: int, kept: list[tuple[str, float]], place: str = "a"
) -> None:
    """Take so many turns one after the other, and note when each came."""
    for _ in range(count):
        assert await turns.enter(place, party)
        kept.append((party, asyncio.get_running_loop().time()))
        turns.leave(place)


def gaps(kept: list[tuple[str, float]]) -> list[float]:
    """Return the seconds between turns."""
    return [later - earlier for (_, earlier), (_, later) in pairwise(kept)]


async def test_hosts_of_one_address_share_one_pace() -> None:
    """Ninety sub-sites on one server are one server, also where DNS turns its addresses round."""
    pace = Pace(Network(delay=0.05))
    one = pace.turns("a.example", ("192.0.2.1", "192.0.2.2"))

    assert pace.turns("b.example", ("192.0.2.2", "192.0.2.1")) is one
    assert pace.turns("c.example", ("192.0.2.2",)) is one
    assert pace.turns("d.example", ("192.0.2.9",)) is not one

    kept: list[tuple[str, float]] = []
    await asyncio.gather(*(begun(one, f"so-{n}", 2, kept, place=f"host-{n}") for n in range(3)))

    assert min(gaps(kept)) > 0.045


async def test_a_declared_group_is_one_server_whatever_its_addresses() -> None:
    """A platform behind a balancer or a CDN has many addresses and one capacity."""
    group = ServerGroup(key="cong-tinh", hosts=("cong.example", ".cong.example"), delay=3.0)
    pace = Pace(Network(group=(group,)))

    one = pace.turns("so-a.cong.example", ("192.0.2.1",))

    assert pace.turns("cong.example", ("198.51.100.7",)) is one
    assert pace.turns("so-b.cong.example", ()) is one
    assert pace.turns("khac.example", ("192.0.2.1",)) is not one
    assert (one.key, one.delay) == ("cong-tinh", 3.0)


async def test_turns_go_round_among_agencies() -> None:
    """Who has a thousand pages waits no less for each than who has one."""
    turns = Turns("192.0.2.1", 0.02, 1, ALWAYS)
    kept: list[tuple[str, float]] = []
    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(begun(turns, "so-lon", 1, kept))
        await asyncio.sleep(0)
        for party in ("so-nho", "so-be"):
            group.create_task(begun(turns, party, 1, kept))

    assert [party for party, _ in kept[:4]] == ["so-lon", "so-lon", "so-nho", "so-be"]


async def test_a_turn_that_does_not_come_in_time_is_given_to_others() -> None:
    """A visit ends at its deadline, not when the queue is through."""
    turns = Turns("192.0.2.1", 0.2, 1, ALWAYS)
    assert await turns.enter("a", "so-a")
    turns.leave("a")

    assert not await turns.enter("a", "so-b", 0.01)
    assert await turns.enter("a", "so-c", 5)


async def test_places_of_one_server_have_slots_of_their_own() -> None:
    """Network.concurrency_per_host."""
    turns = Turns("192.0.2.1", 0.0, 1, ALWAYS)
    assert await turns.enter("a", "so-a")

    assert not await turns.enter("a", "so-b", 0.01)
    assert await turns.enter("b", "so-b", 0.01)

    turns.leave("a")
    assert await turns.enter("a", "so-b", 0.01)


async def test_a_crawl_delay_slows_its_own_host_but_never_hurries() -> None:
    """RFC 9309, 2.3: a robots.txt speaks for its own host, and not for others on the same server."""
    turns = Turns("192.0.2.1", 0.05, 1, ALWAYS)
    turns.slow_down("slow", 0.2)
    turns.slow_down("hasty", 0.001)
    for place in ("slow", "hasty", "other"):
        kept: list[tuple[str, float]] = []
        await begun(turns, "so-a", 3, kept, place=place)

        assert min(gaps(kept)) > (0.19 if place == "slow" else 0.045)
    assert turns.delay == 0.05


async def test_a_server_on_hold_is_left_alone_until_then() -> None:
    """A 429 or 503 with Retry-After, also where no delay is configured."""
    turns = Turns("192.0.2.1", 0.0, 2, ALWAYS)
    turns.hold("a", 0.1)

    assert not await turns.enter("a", "so-a", 0.02)
    assert not await turns.enter("b", "so-b", 0.02)
    assert await turns.enter("a", "so-a", 5)


async def test_one_host_cannot_keep_its_neighbours_waiting_for_ever() -> None:
    """One sub-site that answers 429 to everything must not keep ninety others from being read."""
    turns = Turns("192.0.2.1", 0.0, 2, ALWAYS)
    for _ in range(MOST_SHARED_PAUSES):
        turns.hold("a", 0.05)
        assert not await turns.enter("b", "so-b", 0.01)
        await asyncio.sleep(0.06)
    turns.hold("a", 60.0)

    assert await turns.enter("b", "so-b", 5)
    assert not await turns.enter("a", "so-a", 0.01)


async def test_who_waits_for_a_held_host_holds_up_nobody() -> None:
    """The one that waits longer is asked when its time has come, the others at once."""
    turns = Turns("192.0.2.1", 0.01, 1, ALWAYS)
    turns.slow_down("a", 0.15)
    kept: list[tuple[str, float]] = []

    await asyncio.gather(begun(turns, "so-a", 2, kept, place="a"), begun(turns, "so-b", 4, kept, place="b"))

    assert [party for party, _ in kept] == ["so-a", "so-b", "so-b", "so-b", "so-b", "so-a"]


async def test_an_overrun_server_is_asked_ever_more_slowly_and_then_faster_again() -> None:
    """Time-outs, resets, 429 and 503 double the delay; each good answer takes a fifth off."""
    turns = Turns("192.0.2.1", 1.0, 1, ALWAYS)
    for _ in range(3):
        turns.note(overrun=True, elapsed=0.0)
    assert turns.delay == 8.0

    for _ in range(20):
        turns.note(overrun=False, elapsed=0.01)
    assert turns.delay == 1.0

    for _ in range(20):
        turns.note(overrun=True, elapsed=0.0)
    assert turns.delay == 32.0


async def test_a_slow_server_is_given_as_long_as_it_takes() -> None:
    """Who needs four seconds for a page is not asked each second."""
    turns = Turns("192.0.2.1", 1.0, 1, ALWAYS)
    for _ in range(30):
        turns.note(overrun=False, elapsed=4.0)

    assert 3.9 < turns.delay <= 4.0


@pytest.mark.parametrize(
    ("hours", "hour", "is_open"),
    [
        ("", 12, True),
        ("08:00-17:00", 8, True),
        ("08:00-17:00", 17, False),
        ("22:00-06:00", 23, True),
        ("22:00-06:00", 5, True),
        ("22:00-06:00", 6, False),
        ("00:00-24:00", 12, True),
    ],
)
def test_opening_hours_are_local_and_may_last_over_midnight(hours: str, hour: int, is_open: bool) -> None:
    """The first minute is in, the last is out."""
    moment = datetime(2021, 11, 4, hour, 0, tzinfo=VIETNAM).astimezone(UTC)

    assert read_hours(hours).hold(moment) is is_open


@pytest.mark.parametrize("hours", ["22-6", "25:00-06:00", "24:30-06:00", "đêm", "22:00"])
def test_what_is_no_span_of_hours_is_refused(hours: str) -> None:
    """Hours and minutes of a day."""
    with pytest.raises(ValueError, match="span of hours"):
        read_hours(hours)


def test_the_breaker_opens_after_failures_in_a_row_and_says_which() -> None:
    """A dead host is not asked three hundred times."""
    breaker = Breaker(limit=3, limit_answered=5)
    for _ in range(2):
        breaker.note("http://a.example", Failure.CONNECT)
    assert breaker.open_for("http://a.example") is None

    breaker.note("http://a.example", Failure.TIMEOUT_READ)

    assert breaker.open_for("http://a.example") is Failure.TIMEOUT_READ
    assert breaker.open_for("http://b.example") is None


@pytest.mark.parametrize("between", [None, Failure.HTTP_4XX])
def test_any_answer_ends_the_run_of_failures(between: Failure | None) -> None:
    """In a row means in a row; a 404 is an answer of a host that lives."""
    breaker = Breaker(limit=2)
    breaker.note("http://a.example", Failure.RESET)
    breaker.note("http://a.example", between)
    breaker.note("http://a.example", Failure.RESET)

    assert breaker.open_for("http://a.example") is None


def test_a_host_that_answers_with_errors_is_given_more_chances() -> None:
    """One broken section of a portal is no dead portal."""
    breaker = Breaker(limit=2, limit_answered=4)
    for _ in range(3):
        breaker.note("http://a.example", Failure.HTTP_5XX)

    assert breaker.open_for("http://a.example") is None


async def test_the_fetcher_keeps_the_pace() -> None:
    """Three requests to one address with 0.2 s between them take 0.4 s."""
    async with World({"/": Reply("x")}) as world, Fetcher(world.network(delay=0.2), Ticking()) as fetcher:
        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*(fetcher.fetch(FetchRequest(url=world.url("/"))) for _ in range(3)))
        seconds = asyncio.get_running_loop().time() - begun

    assert 0.38 < seconds < 3
