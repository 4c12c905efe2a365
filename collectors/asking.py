"""Asking on behalf of one visit: robots, budget, conditional requests, redirects, retries, sealing.

Every hop and every try is an exchange or a failed attempt of its own: sealed, and counted exactly once.
What is refused by our own limits is counted and not sealed, for nothing was asked.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from collectors import blocked, robots
from collectors.account import Account
from collectors.addresses import Places, absolute
from collectors.fetcher import Fetcher, FetchRequest
from collectors.guard import ForbiddenError, origin_of
from collectors.pace import Breaker, retry_after
from minhchung.addresses import normalise
from minhchung.errors import IntegrityError
from minhchung.evidence import (
    AgencyCode,
    EvidenceRecord,
    Exchange,
    FailedAttempt,
    Failure,
    RunId,
    SourceKey,
    TlsFacts,
)
from minhchung.ports import Recorder
from minhchung.sites import SiteProfile

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_SAME_METHOD: Final = frozenset({307, 308})
_PAUSE: Final = 0.5
"""Seconds before the first retry; doubled for the next."""

_LONGEST_WAIT: Final = 60.0
"""Seconds of a Retry-After that are waited for; a longer one ends the tries."""

_MOST_ROBOTS: Final = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one address came to, after redirects and retries."""

    url: str
    """As asked for first."""

    final: str
    """The address that answered, or failed, last."""

    record: EvidenceRecord | None = None
    """None: nothing was asked, our own limits refused."""

    status: int | None = None
    body: bytes = b""
    """Decoded."""

    failure: Failure | None = None
    detail: str = ""
    kept: bool = False
    """The payload is that of an earlier record: what readers saw in it is kept already."""

    content_type: str = ""
    tls: TlsFacts | None = None
    hops: tuple[tuple[int, str], ...] = ()
    """(status, target) of each redirect followed."""

    sets_cookie: bool = False

    @property
    def usable(self) -> bool:
        """Say whether there is a body to read."""
        return self.failure is None

    @property
    def answered(self) -> bool:
        """Say whether the address answered at all: 200, 304, 404 or 410, and no block page."""
        return self.usable or (self.failure is Failure.HTTP_4XX and self.status in (404, 410))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What to ask for, and how insistently."""

    url: str
    method: str = "GET"
    body: bytes = b""
    body_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Further headers; none of ours is among them."""

    retries: int = 1
    """Further tries after a failure that may pass."""

    within: Places | None = None
    """Where redirects may lead; None: anywhere that the guard admits."""

    page: bool = True
    """A page is looked at for block pages; a file is not."""

    conditional: bool = True
    refers: bool = True
    """An equal payload is kept as a revisit of the record that holds it."""

    max_bytes: int | None = None
    max_redirects: int | None = None
    stop_at: str = ""
    """Normal form of an address that a redirect may lead to without being asked for once more."""

    robots: bool = True
    probe: bool = False
    """Asked to see whether there is something: then "there is nothing" is no failure."""


class Asker:
    """Asks for addresses in the name of one agency's visit."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        recorder: Recorder,
        book: robots.RobotsBook,
        agency: AgencyCode,
        source: SourceKey,
        run: RunId,
        profile: SiteProfile,
        own: Places,
        most: int,
    ) -> None:
        """Ask at most `most` times, and until the network's visit deadline."""
        self.account = Account()
        self.notes: list[str] = []
        self._fetcher, self._recorder, self._book = fetcher, recorder, book
        self._agency, self._source, self._run = agency, source, run
        self._profile, self._own, self._most = profile, own, most
        self._breaker = Breaker()
        self._begun = 0
        self._until = asyncio.get_running_loop().time() + fetcher.network.visit_seconds

    @property
    def spent(self) -> bool:
        """Say whether budget or time is used up."""
        return self._begun >= self._most or self._left() <= 0

    @property
    def most_decoded(self) -> int:
        """Return how many bytes a body may unpack to."""
        return self._fetcher.network.max_decoded_bytes

    @property
    def user_agent(self) -> str:
        """Return how we name ourselves."""
        return self._fetcher.network.user_agent

    def refuse(self, url: str, failure: Failure, detail: str) -> None:
        """Seal and count something that we did not do with an address."""
        self._note(Ask(url=url), failure, detail)

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that the robots.txt of an address's host names, when it has been read."""
        origin = origin_of(url)
        rules = self._book.known(str(origin))
        return rules.sitemaps if rules is not None else ()

    def _left(self) -> float:
        return self._until - asyncio.get_running_loop().time()

    async def ask(self, ask: Ask) -> Answer:
        """Return what an address came to; redirects are followed and sealed one by one."""
        hops: list[tuple[int, str]] = []
        met: Counter[str] = Counter()
        step = ask
        while True:
            answer, location = await self._insist(step, redirected=bool(hops))
            if location is None:
                return replace(answer, url=ask.url, hops=tuple(hops))
            target = absolute(step.url, location)
            hops.append((answer.status or 0, target or location))
            met[step.url] += 1
            fault = self._redirect_fault(ask, target, met, len(hops), cookie=answer.sets_cookie)
            if fault is not None:
                failure, detail = fault
                refused = self._note(replace(step, url=target or location), failure, detail)
                return replace(refused, url=ask.url, hops=tuple(hops))
            if ask.stop_at and normalise(target) == ask.stop_at:
                return replace(answer, url=ask.url, hops=tuple(hops))
            keep = answer.status in _SAME_METHOD
            step = replace(
                step, url=target, method=step.method if keep else "GET", body=step.body if keep else b""
            )

    def _redirect_fault(
        self, ask: Ask, target: str, met: Counter[str], count: int, *, cookie: bool
    ) -> tuple[Failure, str] | None:
        most = self._fetcher.network.max_redirects if ask.max_redirects is None else ask.max_redirects
        if not target:
            return Failure.REDIRECT_FORBIDDEN, "the redirect leads to what is no web address"
        # Some portals set a cookie and send the visitor to the same address once more.
        if met[target] >= (2 if cookie else 1):
            return Failure.REDIRECT_LOOP, "the redirects go in a circle"
        if count > most:
            return Failure.REDIRECT_LOOP, f"more than {most} redirects"
        if ask.within is not None and not ask.within.hold(target):
            return Failure.REDIRECT_FORBIDDEN, "the redirect leads to a host that is not the agency's"
        return None

    # --- one address, with tries ------------------------------------------------------------------------

    async def _insist(self, ask: Ask, *, redirected: bool) -> tuple[Answer, str | None]:
        """Return the answer and where it redirects to; tries again when that may help."""
        refused = await self._refusal(ask)
        if refused is not None:
            return refused, None
        host = _host(ask.url)
        pause = _PAUSE
        for left in range(ask.retries, -1, -1):
            answer, location, wait = await self._once(ask, redirected=redirected)
            self._breaker.note(host, answer.failure)
            if answer.failure is None or not answer.failure.transient or not left:
                break
            wait = pause if wait is None else wait
            pause *= 2
            if wait > _LONGEST_WAIT or wait > self._left() or self.spent:
                break
            await asyncio.sleep(wait)
        return answer, location

    async def _refusal(self, ask: Ask) -> Answer | None:
        """Say whether our own limits or the host's rules keep us from asking."""
        if self.spent:
            return self._unasked(ask, Failure.BUDGET, "the visit's budget or time is used up")
        given_up = self._breaker.open_for(_host(ask.url))
        if given_up is not None:
            return self._unasked(ask, given_up, "not asked: the host failed too often in a row")
        if not ask.robots:
            return None
        try:
            origin = origin_of(ask.url)
        except ForbiddenError:
            return None  # the fetcher refuses it, as evidence
        rules = await self._book.rules(str(origin), self._read_robots)
        if rules.allow(ask.url):
            return None
        if self._fetcher.network.robots == "record":
            self._say(f"read despite robots.txt by mandate {self._fetcher.network.mandate}")
            return None
        return self._note(ask, Failure.ROBOTS, "robots.txt disallows this address")

    async def _read_robots(self, url: str) -> robots.Rules:
        answer = await self.ask(
            Ask(url=url, robots=False, page=False, retries=0, probe=True, max_bytes=_MOST_ROBOTS)
        )
        # An unchanged file is the file we hold: 304 speaks of it as 200 does.
        status = 200 if answer.status == 304 else answer.status
        rules = robots.read(status, answer.body if answer.usable else b"", self._fetcher.network.user_agent)
        if rules.said:
            self._say(rules.said)
        if rules.delay and (address := await self._fetcher.address_of(url)) is not None:
            self._fetcher.pace.slow_down(address, rules.delay)
        return rules

    def _say(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    async def _once(self, ask: Ask, *, redirected: bool) -> tuple[Answer, str | None, float | None]:
        """Ask once, seal and count; return the answer, a redirect's target, a wait that was asked for."""
        self._begun += 1
        latest = self._latest(ask)
        result = await self._fetcher.fetch_body(self._request(ask, latest if ask.conditional else None))
        if isinstance(result, FailedAttempt):
            if redirected and result.failure is Failure.ADDRESS_FORBIDDEN:
                result = replace(result, failure=Failure.REDIRECT_FORBIDDEN)
            return self._sealed_failure(ask, result), None, None
        exchange, body = result
        if exchange.status == 304:
            return await self._unchanged(ask, exchange, latest)
        if latest is not None and (
            exchange.status != 200 or hashlib.sha256(body).hexdigest() != latest.body_sha256
        ):
            latest = None
        record = self._recorder.exchange(
            exchange, agency=self._agency, source=self._source, run=self._run, refers_to=latest
        )
        answer = Answer(
            url=ask.url,
            final=ask.url,
            record=record,
            status=exchange.status,
            body=body,
            kept=latest is not None,
            content_type=exchange.header("content-type") or "",
            tls=exchange.tls,
        )
        if exchange.status in REDIRECTS and (location := exchange.header("location")):
            self.account.fetched()
            return replace(answer, sets_cookie=exchange.header("set-cookie") is not None), location, None
        return self._judged(ask, exchange, answer)

    def _judged(
        self, ask: Ask, exchange: Exchange, answer: Answer
    ) -> tuple[Answer, str | None, float | None]:
        failure = blocked.status_failure(exchange.status)
        detail = f"HTTP {exchange.status}" if failure else ""
        if failure is None and 300 <= exchange.status < 400:
            failure, detail = Failure.BAD_CONTENT, f"HTTP {exchange.status} without a target"
        if failure in (None, Failure.HTTP_5XX) and (why := self._in_the_way(ask, exchange, answer.body)):
            failure, detail = Failure.BLOCKED, why
        if failure is None:
            self.account.fetched()
            return answer, None, None
        if ask.probe and failure is Failure.HTTP_4XX:
            self.account.fetched()
        else:
            self.account.failed(ask.url, failure)
        wait = None
        if exchange.status in (429, 503):
            wait = retry_after(exchange.header("retry-after"), self._fetcher.clock.now())
            if wait and exchange.address:
                self._fetcher.pace.hold(exchange.address.rpartition(":")[0].strip("[]"), wait)
        return replace(answer, failure=failure, detail=detail), None, wait

    async def _unchanged(
        self, ask: Ask, exchange: Exchange, latest: EvidenceRecord | None
    ) -> tuple[Answer, str | None, float | None]:
        try:
            body = self._recorder.body(latest.id) if latest is not None else None
        except (IntegrityError, KeyError):
            body = None  # our copy is damaged, which `check` reports: ask for the whole page
        if latest is None or body is None:
            if not ask.conditional:
                return self._bad(ask, exchange, "HTTP 304 to a request without conditions"), None, None
            self._recorder.exchange(exchange, agency=self._agency, source=self._source, run=self._run)
            self.account.not_modified()
            return await self._once(replace(ask, conditional=False, refers=False), redirected=False)
        record = self._recorder.exchange(
            exchange, agency=self._agency, source=self._source, run=self._run, refers_to=latest
        )
        answer = Answer(
            url=ask.url,
            final=ask.url,
            record=record,
            status=304,
            body=body,
            kept=True,
            content_type=latest.content_type,
            tls=exchange.tls,
        )
        shown = replace(exchange, status=200, headers=(("Content-Type", latest.content_type),))
        if why := self._in_the_way(ask, shown, body):
            self.account.failed(ask.url, Failure.BLOCKED)
            return replace(answer, failure=Failure.BLOCKED, detail=why), None, None
        self.account.not_modified()
        return answer, None, None

    def _in_the_way(self, ask: Ask, exchange: Exchange, body: bytes) -> str:
        """Say why what answered is no page of the portal's own; empty when nothing speaks against it."""
        if not ask.page:
            return ""
        own = self._own.hold(ask.url) and exchange.status < 400
        return blocked.look(exchange, body, self._profile if own else None)

    # --- parts ------------------------------------------------------------------------------------------

    def _latest(self, ask: Ask) -> EvidenceRecord | None:
        if not ask.refers or ask.method != "GET":
            return None
        return self._recorder.latest(self._agency, self._source, ask.url)

    def _request(self, ask: Ask, latest: EvidenceRecord | None) -> FetchRequest:
        headers = list(ask.headers)
        if latest is not None:
            if latest.etag:
                headers.append(("If-None-Match", latest.etag))
            if latest.last_modified:
                headers.append(("If-Modified-Since", latest.last_modified))
        if ask.body_type and ask.body:
            headers.append(("Content-Type", ask.body_type))
        return FetchRequest(
            url=ask.url,
            method=ask.method,
            headers=tuple(headers),
            body=ask.body,
            max_bytes=ask.max_bytes,
            seconds=min(self._fetcher.network.timeout_total, max(1.0, self._left())),
        )

    def _bad(self, ask: Ask, exchange: Exchange, detail: str) -> Answer:
        record = self._recorder.exchange(exchange, agency=self._agency, source=self._source, run=self._run)
        self.account.failed(ask.url, Failure.BAD_CONTENT)
        return Answer(
            url=ask.url,
            final=ask.url,
            record=record,
            status=exchange.status,
            failure=Failure.BAD_CONTENT,
            detail=detail,
            tls=exchange.tls,
        )

    def _sealed_failure(self, ask: Ask, attempt: FailedAttempt) -> Answer:
        record = self._recorder.failure(attempt, agency=self._agency, source=self._source, run=self._run)
        self.account.failed(ask.url, attempt.failure)
        return Answer(
            url=ask.url,
            final=ask.url,
            record=record,
            failure=attempt.failure,
            detail=attempt.detail,
            tls=attempt.tls,
        )

    def _note(self, ask: Ask, failure: Failure, detail: str) -> Answer:
        """Seal and count what we do not ask because somebody told us not to."""
        now = self._fetcher.clock.now()
        return self._sealed_failure(
            ask,
            FailedAttempt(
                method=ask.method, url=ask.url, failure=failure, detail=detail, begun_at=now, elapsed=0.0
            ),
        )

    def _unasked(self, ask: Ask, failure: Failure, detail: str) -> Answer:
        self.account.failed(ask.url, failure)
        return Answer(url=ask.url, final=ask.url, failure=failure, detail=detail)


def _host(url: str) -> str:
    """Return scheme, host and port as written: the key of the breaker."""
    cut = url.find("/", url.find("://") + 3)
    return url if cut < 0 else url[:cut]
