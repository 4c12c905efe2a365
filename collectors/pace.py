"""How fast we ask: turns at one server, pauses that it asked for, and giving up on a dead host.

A server is what stands behind an address, or what config declares to be one platform: ninety sub-sites of a
province on one machine share one pace, whatever their hosts and folders are called.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from minhchung.evidence import Failure
from minhchung.opening import OpenHours, read_hours
from minhchung.sources import Network

LONGEST_PAUSE: Final = 120.0
"""Seconds; a longer Retry-After or crawl delay is not waited for within a visit."""

MOST_BACK_OFF: Final = 32.0
"""Times the usual delay, for a server that keeps showing that it is overrun."""

MOST_SHARED_PAUSES: Final = 3
"""Times that one host makes all others on its server wait; after that it is left alone by itself."""

SLOWEST_ANSWER: Final = 10.0
"""Seconds: a server that takes longer is given no more time between two requests than this."""

BREAKER: Final = 5
"""Failures in a row after which a host is left alone for the rest of a visit."""

BREAKER_ANSWERED: Final = 15
"""The same for a host that answers, if only with errors of its own: one broken section is no dead host."""


class Turns:
    """The turns at one server: so far apart, so many at a time for each place, agencies in rotation."""

    def __init__(self, key: str, delay: float, slots: int, hours: OpenHours) -> None:
        """Let `delay` seconds pass between two beginnings, and `slots` requests be under way at a place."""
        self.key, self.hours = key, hours
        self._delay, self._slots = delay, slots
        self._usual = delay
        self._back_off = 1.0
        self._latency = 0.0
        self._free_at = 0.0
        self._asked: dict[str, float] = {}
        """Place -> seconds between two beginnings there, as its own robots.txt asks."""

        self._place_free_at: dict[str, float] = {}
        self._pauses: Counter[str] = Counter()
        """Times that a place has made the whole server wait."""

        self._busy: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[tuple[str, asyncio.Future[None]]]] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def delay(self) -> float:
        """Return the seconds between two beginnings as things stand."""
        if not self._usual:
            return 0.0
        return max(self._usual * self._back_off, min(self._latency, SLOWEST_ANSWER))

    def slow_down(self, place: str, delay: float) -> None:
        """Ask a place more seldom, as its robots.txt wants; for others on its server that says nothing."""
        if delay > self._usual:
            self._asked[place] = max(self._asked.get(place, 0.0), min(delay, LONGEST_PAUSE))

    def hold(self, place: str, seconds: float) -> None:
        """Let nobody ask before so many seconds have passed; a place that wants it too often waits alone."""
        now = asyncio.get_running_loop().time()
        until = now + min(seconds, LONGEST_PAUSE)
        self._place_free_at[place] = max(until, self._place_free_at.get(place, 0.0))
        if self._free_at <= now and self._pauses[place] < MOST_SHARED_PAUSES:
            self._pauses[place] += 1
            self._free_at = until

    def note(self, *, overrun: bool, elapsed: float) -> None:
        """Take how an exchange ended: slower after each sign of being overrun, faster again step by step."""
        self._back_off = min(self._back_off * 2, MOST_BACK_OFF) if overrun else max(self._back_off * 0.8, 1.0)
        if not overrun:
            self._latency = elapsed if not self._latency else 0.7 * self._latency + 0.3 * elapsed

    @property
    def back_off(self) -> float:
        """Return how many times slower than usual we ask."""
        return self._back_off

    async def enter(self, place: str, party: str, patience: float | None = None) -> bool:
        """Wait for a turn at a place in the name of a party; say False when it has not come in time.

        Who has entered must `leave`.
        """
        if not self._waiting and self._busy[place] < self._slots:
            if not self._free_at and not self._usual and not self._asked and not self._place_free_at:
                self._busy[place] += 1
                return True
            now = asyncio.get_running_loop().time()
            if self._free_at <= now and self._place_free_at.get(place, 0.0) <= now:
                self._take(place, now)
                return True
        ours: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(party, deque()).append((place, ours))
        self._serve()
        try:
            async with asyncio.timeout(patience):
                await ours
        except TimeoutError:
            return ours.done() and not ours.cancelled()  # it may have come in the last moment
        except asyncio.CancelledError:
            if ours.done() and not ours.cancelled():
                self.leave(place)
            raise
        return True

    def leave(self, place: str) -> None:
        """Give the slot back."""
        self._busy[place] -= 1
        if not self._busy[place]:
            del self._busy[place]
        if self._waiting:
            self._serve()

    def _take(self, place: str, now: float) -> None:
        self._busy[place] += 1
        delay = self.delay
        self._free_at = now + delay if delay else 0.0
        if place in self._asked:
            self._place_free_at[place] = now + self._asked[place]

    def _serve(self) -> None:
        """Give as many turns as there are now, each to the party that has waited longest for its next."""
        while self._waiting:
            now = asyncio.get_running_loop().time()
            if self._free_at > now:
                self._ring_at(self._free_at)
                return
            if not self._give(now):
                free = [self._place_free_at.get(queue[0][0], 0.0) for queue in self._waiting.values()]
                if later := [at for at in free if at > now]:
                    self._ring_at(min(later))
                return

    def _ring_at(self, when: float) -> None:
        """Look again at an instant of the loop's clock, or before."""
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(when, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._serve()

    def _give(self, now: float) -> bool:
        for party, queue in list(self._waiting.items()):
            while queue and queue[0][1].done():
                queue.popleft()  # gave up meanwhile
            if not queue:
                del self._waiting[party]
                continue
            place, future = queue[0]
            if self._busy[place] >= self._slots or self._place_free_at.get(place, 0.0) > now:
                continue
            queue.popleft()
            del self._waiting[party]
            if queue:
                self._waiting[party] = queue  # behind everybody else
            self._take(place, now)
            future.set_result(None)
            return True
        return False


class Pace:
    """Knows which hosts stand on one server."""

    def __init__(self, network: Network) -> None:
        """Keep the delays, groups and hours of `network`."""
        self._network = network
        self._hours = read_hours(network.open_hours)
        self._of_groups: dict[str, Turns] = {}
        self._of_addresses: dict[str, Turns] = {}

    def turns(self, host: str, addresses: Iterable[str]) -> Turns:
        """Return the turns that a host shares with all whose group or whose address it has."""
        network = self._network
        for group in network.group:
            if group.holds(host):
                if group.key not in self._of_groups:
                    delay = network.delay if group.delay is None else group.delay
                    hours = read_hours(group.open_hours) if group.open_hours else self._hours
                    self._of_groups[group.key] = Turns(group.key, delay, network.concurrency_per_host, hours)
                return self._of_groups[group.key]
        places = sorted(addresses) or [host]
        known = next((self._of_addresses[each] for each in places if each in self._of_addresses), None)
        turns = known or Turns(places[0], network.delay, network.concurrency_per_host, self._hours)
        for each in places:
            self._of_addresses.setdefault(each, turns)
        return turns


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
OVERRUN: Final = frozenset(
    {
        Failure.RESET,
        Failure.TIMEOUT_CONNECT,
        Failure.TIMEOUT_READ,
        Failure.TIMEOUT_TOTAL,
    }
)
"""Failures of an exchange that a server shows when it has too much to do; so have 429 and 503."""


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
