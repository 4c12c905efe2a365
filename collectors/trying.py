"""One try at an address: asked, sealed, judged, counted; every try exactly once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final

from collectors import blocked
from collectors.account import Account
from collectors.answers import Answer, Ask
from collectors.fetcher import Fetcher, FetchRequest
from collectors.pace import retry_after
from collectors.spending import Spending
from minhchung.errors import IntegrityError
from minhchung.evidence import (
    AgencyCode,
    EvidenceRecord,
    Exchange,
    FailedAttempt,
    Failure,
    RunId,
    SourceKey,
    TlsVerdict,
)
from minhchung.places import Places
from minhchung.ports import Recorder
from minhchung.sites import SiteProfile

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LONGEST_VALIDATOR: Final = 1024
"""Characters of an ETag or a day that are sent back; a longer one is no validator but a weight."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How one try ended."""

    answer: Answer
    location: str | None = None
    """Where it redirects to, as written."""

    wait: float | None = None
    """Seconds the server asks us to wait."""


class Trier:
    """Tries addresses in the name of one agency's visit, and keeps the account."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        recorder: Recorder,
        agency: AgencyCode,
        source: SourceKey,
        run: RunId,
        profile: SiteProfile,
        own: Places,
    ) -> None:
        """Begin with an empty account; `profile` knows the block pages of `own`."""
        self.account = Account()
        self.spending = Spending(fetcher.network)
        self.begun = 0
        """Tries that have left us, ended or not."""

        self._fetcher, self._recorder = fetcher, recorder
        self._agency, self._source, self._run = agency, source, run
        self._profile, self._own = profile, own

    async def once(self, ask: Ask, seconds: float, *, redirected: bool, patience: float) -> Tried:
        """Ask once, within so many seconds from its turn on; seal and count how it ended."""
        self.begun += 1
        latest = self._latest(ask)
        request = _request(ask, latest if ask.conditional else None, seconds, self._agency, patience)
        result = await self._fetcher.fetch_body(request)
        self.spending.note(result)
        told = result.tls if isinstance(result, FailedAttempt) else result[0].tls
        if told is not None and told.verdict is TlsVerdict.INCOMPLETE_CHAIN:
            self._seal_issuers(ask.url)
        if isinstance(result, FailedAttempt):
            if result.failure is Failure.BUDGET:
                return Tried(self.unasked(ask, result.failure, "không đến lượt trong thời gian còn lại"))
            if redirected and result.failure is Failure.ADDRESS_FORBIDDEN:
                result = replace(result, failure=Failure.REDIRECT_FORBIDDEN)
            return Tried(self._failure(ask, result))
        exchange, body = result
        if exchange.status == 304:
            return await self._unchanged(ask, exchange, latest, seconds, patience)
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
            headers=exchange.headers,
            tls=exchange.tls,
        )
        if exchange.status in REDIRECTS and (location := exchange.header("location")):
            self.account.fetched()
            answer = replace(answer, sets_cookie=exchange.header("set-cookie") is not None)
            return Tried(answer, location=_as_written(location))
        return self._judged(ask, exchange, answer)

    def _judged(self, ask: Ask, exchange: Exchange, answer: Answer) -> Tried:
        failure = blocked.status_failure(exchange.status)
        detail = f"HTTP {exchange.status}" if failure else ""
        if failure is None and 300 <= exchange.status < 400:
            failure, detail = Failure.BAD_CONTENT, f"HTTP {exchange.status} không có đích"
        if exchange.status == 206:
            failure, detail = Failure.BAD_CONTENT, "HTTP 206: một phần, không hỏi từng phần"
        if failure in (None, Failure.HTTP_5XX) and (why := self._in_the_way(ask, exchange, answer.body)):
            failure, detail = Failure.BLOCKED, why
        if failure is None:
            self.account.fetched()
            return Tried(answer)
        if ask.probe and failure is Failure.HTTP_4XX:
            self.account.fetched()
        else:
            self.account.failed(ask.url, failure)
        wait = None
        if exchange.status in (429, 503):
            wait = retry_after(exchange.header("retry-after"), self._fetcher.clock.now())
            if wait:
                self._fetcher.hold(ask.url, wait)
        return Tried(replace(answer, failure=failure, detail=detail), wait=wait)

    async def _unchanged(
        self, ask: Ask, exchange: Exchange, latest: EvidenceRecord | None, seconds: float, patience: float
    ) -> Tried:
        try:
            body = b"" if ask.held else self._recorder.body(latest.id) if latest is not None else None
        except (IntegrityError, KeyError):
            body = None  # our copy is damaged, which `check` reports: ask for the whole page
        if latest is None or body is None:
            if not ask.conditional:
                return Tried(self._bad(ask, exchange, "HTTP 304 cho yêu cầu không kèm điều kiện"))
            self._recorder.exchange(exchange, agency=self._agency, source=self._source, run=self._run)
            self.account.not_modified()
            whole = replace(ask, conditional=False, refers=False)
            return await self.once(whole, seconds, redirected=False, patience=patience)
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
        if not ask.held and (why := self._in_the_way(ask, shown, body)):
            self.account.failed(ask.url, Failure.BLOCKED)
            return Tried(replace(answer, failure=Failure.BLOCKED, detail=why))
        self.account.not_modified()
        return Tried(answer)

    def _in_the_way(self, ask: Ask, exchange: Exchange, body: bytes) -> str:
        """Say why what answered is no page of the portal's own; empty when nothing speaks against it."""
        if not ask.page:
            return ""
        own = self._own.hold(ask.url) and exchange.status < 400
        return blocked.look(exchange, body, self._profile if own else None)

    def _latest(self, ask: Ask) -> EvidenceRecord | None:
        if not ask.refers or ask.method != "GET":
            return None
        return self._recorder.latest(self._agency, self._source, ask.url)

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

    def _seal_issuers(self, url: str) -> None:
        """Seal and count the requests by which a server's forgotten intermediates were had."""
        for each in self._fetcher.take_issuers(url):
            if isinstance(each, FailedAttempt):
                self._failure(Ask(url=each.url), each)
                continue
            self._recorder.exchange(each, agency=self._agency, source=self._source, run=self._run)
            if (failure := blocked.status_failure(each.status)) is None:
                self.account.fetched()
            else:
                self.account.failed(each.url, failure)

    def _failure(self, ask: Ask, attempt: FailedAttempt) -> Answer:
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

    def refused(self, ask: Ask, failure: Failure, detail: str) -> Answer:
        """Seal and count what is not asked because somebody told us not to."""
        now = self._fetcher.clock.now()
        return self._failure(
            ask,
            FailedAttempt(
                method=ask.method, url=ask.url, failure=failure, detail=detail, begun_at=now, elapsed=0.0
            ),
        )

    def unasked(self, ask: Ask, failure: Failure, detail: str) -> Answer:
        """Count what our own limits kept us from asking; there is nothing to seal."""
        self.account.failed(ask.url, failure)
        return Answer(url=ask.url, final=ask.url, failure=failure, detail=detail)


def _request(
    ask: Ask, latest: EvidenceRecord | None, seconds: float, party: str, patience: float
) -> FetchRequest:
    headers = list(ask.headers)
    if latest is not None:
        if latest.etag and len(latest.etag) <= _LONGEST_VALIDATOR:
            headers.append(("If-None-Match", latest.etag))
        if latest.last_modified and len(latest.last_modified) <= _LONGEST_VALIDATOR:
            headers.append(("If-Modified-Since", latest.last_modified))
    if ask.body_type and ask.body:
        headers.append(("Content-Type", ask.body_type))
    return FetchRequest(
        url=ask.url,
        method=ask.method,
        headers=tuple(headers),
        body=ask.body,
        max_bytes=ask.max_bytes,
        seconds=seconds,
        cut=ask.cut,
        party=party,
        patience=patience,
    )


def _as_written(location: str) -> str:
    """Return a Location header as text: many portals write UTF-8 where only ASCII is allowed."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
