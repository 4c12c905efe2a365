"""How fast we ask: turns at one address, pauses that a server asked for, and giving up on a dead host."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_PAUSE: Final = 120.0
"""Seconds; a longer Retry-After or crawl delay is not waited for within a visit."""

BREAKER: Final = 5
"""Failures of the transport in a row after which a host is left alone for the rest of a visit."""


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
    """Counts failures in a row; an open breaker means that nobody is asked."""

    def __init__(self, limit: int = BREAKER) -> None:
        """Open for a host after `limit` failures in a row."""
        self._limit = limit
        self._failures: dict[str, int] = {}

    def is_open(self, host: str) -> bool:
        """Say whether the host has failed too often to be asked again."""
        return self._failures.get(host, 0) >= self._limit

    def note(self, host: str, *, failed: bool) -> None:
        """Count a failure, or forget the earlier ones."""
        if failed:
            self._failures[host] = self._failures.get(host, 0) + 1
        elif self._failures:
            self._failures.pop(host, None)


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
