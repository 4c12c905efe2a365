"""Pace: turns at an address, pauses a server asked for, and leaving a dead host alone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from collectors.fetcher import Fetcher, FetchRequest
from collectors.pace import Breaker, Pace, retry_after
from minhchung.evidence import Failure
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


async def test_turns_at_one_address_are_a_delay_apart_and_other_addresses_do_not_wait() -> None:
    """Network.delay is per address: ninety portals on one server are one server."""
    pace = Pace(2.0)

    waits = [pace.wait_of("192.0.2.1") for _ in range(3)]

    assert [round(wait) for wait in waits] == [0, 2, 4]
    assert pace.wait_of("192.0.2.2") == 0.0


async def test_a_crawl_delay_slows_but_never_hurries() -> None:
    """robots.txt may ask for more than our own delay, up to a limit that still ends."""
    pace = Pace(2.0)
    pace.slow_down("192.0.2.1", 5.0)
    pace.slow_down("192.0.2.2", 0.5)
    pace.slow_down("192.0.2.3", 86_400.0)

    for address, delay in (("192.0.2.1", 5), ("192.0.2.2", 2), ("192.0.2.3", 120)):
        pace.wait_of(address)
        assert round(pace.wait_of(address)) == delay


async def test_an_address_on_hold_is_left_alone_until_then() -> None:
    """A 429 or 503 with Retry-After, also where no delay is configured."""
    pace = Pace(0.0)
    pace.hold("192.0.2.1", 30.0)

    assert round(pace.wait_of("192.0.2.1")) == 30
    assert pace.wait_of("192.0.2.2") == 0.0


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
