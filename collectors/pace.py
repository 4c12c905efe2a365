"""How fast we ask: turns at one address, pauses that a server asked for, and giving up on a dead host."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from minhchung.evidence import Failure

LONGEST_PAUSE: Final = 120.0
"""Seconds; a longer Retry-After or crawl delay is not waited for within a visit."""

BREAKER: Final = 5
"""Failures in a row after which a host is left alone for the rest of a visit."""

BREAKER_ANSWERED: Final = 15
"""The same for a host that answers, if only with errors of its own: one broken section is no dead host."""


class Pace:
    """Gives turns at an address: first come, first served, so that agencies on one server share it fairly."""

    def __init__(self, delay: float) -> None:
        """Let `delay` seconds pass between the beginnings of two requests to one address."""
        self._delay = delay
        self._slower: dict[str, float] = {}
        self._free_at: dict[str, float] = {}

    def slow_down(self, address: str, delay: float) -> None:
        """Use a longer delay for an address, as its robots.txt asks."""
        if delay > self._delay:
            self._slower[address] = min(delay, LONGEST_PAUSE)

    def hold(self, address: str, seconds: float) -> None:
        """Let nobody ask an address before so many seconds have passed."""
        until = asyncio.get_running_loop().time() + min(seconds, LONGEST_PAUSE)
        self._free_at[address] = max(until, self._free_at.get(address, 0.0))

    def wait_of(self, address: str) -> float:
        """Take the next turn at an address and return the seconds to wait for it."""
        delay = self._slower.get(address, self._delay)
        if not delay and address not in self._free_at:
            return 0.0
        now = asyncio.get_running_loop().time()
        at = max(now, self._free_at.get(address, 0.0))
        if delay:
            self._free_at[address] = at + delay
        elif at <= now:
            del self._free_at[address]
        return at - now


class Breaker:
    """Counts failures in a row; once open for a host, nobody of the visit asks it again."""

    def __init__(self, limit: int = BREAKER, limit_answered: int = BREAKER_ANSWERED) -> None:
        """Open for a host after `limit` failures in a row, `limit_answered` when it answers with errors."""
        self._limit, self._limit_answered = limit, limit_answered
        self._runs: dict[str, tuple[int, Failure]] = {}

    def open_for(self, host: str) -> Failure | None:
        """Return the last failure of a host that has failed too often to be asked again, else None."""
        count, last = self._runs.get(host, (0, Failure.CONNECT))
        limit = self._limit_answered if last is Failure.HTTP_5XX else self._limit
        return last if count >= limit else None

    def note(self, host: str, failure: Failure | None) -> None:
        """Count a failure of the host as a whole; anything else ends the run of them."""
        if failure in _OF_THE_HOST:
            self._runs[host] = (self._runs.get(host, (0, failure))[0] + 1, failure)
        elif self._runs:
            self._runs.pop(host, None)


_OF_THE_HOST: Final = frozenset(failure for failure in Failure if failure.transient) | {
    Failure.BLOCKED,
    Failure.TLS_OTHER,
}


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks for, in both its forms; None when it says nothing."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, IndexError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
