"""Canaries: addresses of third parties that answer when our own side is well, asked all through a run.

Each answer and each failure is sealed in the name of the province: that something was our own fault is said
on evidence too. A name is resolved anew each time: a connection that is kept open would hide dead DNS.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from collectors.fetcher import Fetcher, FetchRequest
from minhchung.agencies import PROVINCE
from minhchung.clock import Clock
from minhchung.evidence import CANARY, EvidenceRecord, Exchange, FailedAttempt, RunId, TlsVerdict
from minhchung.holdings import CanaryCheck
from minhchung.ports import Recorder

KEPT: Final = 20.0
"""Seconds for which one answer about our own health stands."""

MOST_SKEW: Final = timedelta(hours=6)
"""Hours that our clock and a canary's may differ: an old cache is not a wrong clock."""

_MOST_BYTES: Final = 65_536
_PLAIN: Final = (("Accept-Encoding", "identity"),)


class Canaries:
    """Asks the canaries of a registry; one for all visits of a process."""

    def __init__(
        self, *, fetcher: Fetcher, recorder: Recorder, clock: Clock, addresses: tuple[str, ...]
    ) -> None:
        """Ask these addresses, in this order, until one answers."""
        self._fetcher, self._recorder, self._clock = fetcher, recorder, clock
        self._addresses = addresses
        self._last: tuple[float, RunId, CanaryCheck] | None = None
        self._asking = asyncio.Lock()

    async def check(self, run: RunId, *, fresh: bool = False) -> CanaryCheck | None:
        """Return what the canaries say; None where there are none.

        A recent answer of the same run stands, except where `fresh`: was it they or we?
        """
        if not self._addresses:
            return None
        asked_at = time.monotonic()
        async with self._asking:
            if self._last is not None:
                when, of, said = self._last
                # Whoever waited while another asked anew has a fresh answer.
                if of == run and (when >= asked_at if fresh else time.monotonic() - when <= KEPT):
                    return said
            found = await self._ask(run)
            self._last = (time.monotonic(), run, found)
            return found

    async def _ask(self, run: RunId) -> CanaryCheck:
        at, records, well = self._clock.now(), [], False
        for address in self._addresses:
            answer = await self._answer(address)
            records.append(self._sealed(answer, run).id)
            if isinstance(answer, Exchange) and _as_it_should(answer):
                well = True
                break
        return CanaryCheck(at=at, well=well, records=tuple(records))

    async def _answer(self, address: str) -> Exchange | FailedAttempt:
        if (unresolved := await self._fetcher.unresolved(address)) is not None:
            return unresolved
        request = FetchRequest(url=address, headers=_PLAIN, max_bytes=_MOST_BYTES, cut=True)
        return await self._fetcher.fetch(request)

    def _sealed(self, answer: Exchange | FailedAttempt, run: RunId) -> EvidenceRecord:
        if isinstance(answer, Exchange):
            return self._recorder.exchange(answer, agency=PROVINCE, source=CANARY, run=run)
        return self._recorder.failure(answer, agency=PROVINCE, source=CANARY, run=run)


def _as_it_should(answer: Exchange) -> bool:
    """Say whether a canary itself answered, and at the hour that our clock shows.

    Behind a chain that is not its own somebody else may have answered. A clock that is hours off would make
    two failures of one afternoon look like two days.
    """
    is_its_own = answer.tls is None or answer.tls.verdict is TlsVerdict.VALID
    return answer.status < 500 and is_its_own and _skew(answer) <= MOST_SKEW


def _skew(answer: Exchange) -> timedelta:
    """Return how far our clock and the canary's are apart; nothing where it does not tell the time."""
    said, age = answer.header("date"), answer.header("age") or "0"
    if said is None:
        return timedelta()
    try:
        told = parsedate_to_datetime(said) + timedelta(seconds=int(age[:9]))
        return abs(told - answer.begun_at)
    except (ValueError, TypeError, OverflowError):
        return timedelta()


class Watch:
    """What one visit learns of our own side while it is on."""

    def __init__(self, canaries: Canaries, run: RunId) -> None:
        """Begin a visit of a run."""
        self._canaries, self._run = canaries, run
        self._checks: list[CanaryCheck] = []

    @property
    def checks(self) -> tuple[CanaryCheck, ...]:
        """Return every different answer so far."""
        return tuple(self._checks)

    @property
    def well(self) -> bool:
        """Say whether no check so far found us sick."""
        return all(each.well for each in self._checks)

    async def look(self, *, fresh: bool = False) -> bool:
        """Ask the canaries; say whether we are well."""
        found = await self._canaries.check(self._run, fresh=fresh)
        if found is None:
            return True
        if found not in self._checks:
            self._checks.append(found)
        return found.well
