"""One visit to a service system about one agency: a driver's questions asked, every answer sealed, then read.

What comes back is kept in three layers: the exchanges as they were (less the credentials), the observations
that the driver reads from them, and for each topic one ServiceHealth, the worst any answer showed: a topic
is healthy only when all of it is. robots.txt is not asked: this is no crawl, the owner grants the questions.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal, Protocol

from collectors.canaries import Watch
from collectors.credentials import Secret, secret_headers, without
from collectors.fetcher import FetchRequest
from collectors.interface import Ask, Row, ServiceDriver
from collectors.page_repeats import Pages
from minhchung.agencies import PROVINCE, Agency, whole_province
from minhchung.clock import Clock
from minhchung.dossiers import Topic
from minhchung.evidence import (
    EvidenceRecord,
    Exchange,
    FailedAttempt,
    Failure,
    Locator,
    RecordId,
    RunId,
    SourceKey,
)
from minhchung.holdings import VisitReport
from minhchung.observations import ServiceHealth
from minhchung.periods import Period
from minhchung.ports import Recorder
from minhchung.sources import Source

MAX_QUESTIONS: Final = 400
"""Questions of one visit, further pages included; what is left unasked makes its topic incomplete."""

TRIES: Final = 2
"""Attempts at a question that only the transport failed."""

_BLOCKS: Final = frozenset({Failure.BLOCKED, Failure.ROBOTS, Failure.RATE_LIMITED, Failure.HTTP_4XX})
_WORST_FIRST: Final = (
    "unauthorised", "schema-changed", "blocked", "unreachable", "mapping-missing", "ok", "empty",
)  # fmt: skip
_MOST_FAILURES_TOLD: Final = 200


class Fetches(Protocol):
    """The part of the fetcher that a query needs."""

    async def fetch(self, request: FetchRequest) -> Exchange | FailedAttempt:
        """Return the exchange, without its secret headers, or why there was none."""
        ...


@dataclass(slots=True)
class _Visit:
    """What one query has done so far."""

    source: Source
    driver: ServiceDriver
    agency: Agency
    run: RunId
    recorder: Recorder
    secret: Secret = ()
    seconds: float | None = None
    """Within which everything is asked; None: as long as it takes."""

    watch: Watch | None = None
    """Asked, whenever something breaks down, whether it was we."""

    observations: int = 0
    fetched: int = 0
    refused: int = 0
    failures: list[tuple[str, Failure]] = field(default_factory=list)
    healths: list[ServiceHealth] = field(default_factory=list)
    pages: Pages = field(default_factory=Pages)

    async def ask(self, fetcher: Fetches, ask: Ask) -> list[Ask]:
        """Put one question; return the questions that its answer leads to."""
        request = FetchRequest(
            url=ask.url,
            method=ask.method,
            headers=ask.headers,
            secret_headers=self.secret,
            body=ask.body,
            party=self.agency.code,
        )
        for attempt in range(TRIES):
            answer = await fetcher.fetch(request)
            if isinstance(answer, Exchange):
                return self._read(answer, ask)
            record = self._failed(answer)
            if self.watch is not None and answer.failure.breakdown:
                await self.watch.look()
            if not answer.failure.transient or attempt == TRIES - 1:
                state: Literal["blocked", "unreachable"] = (
                    "blocked" if answer.failure in _BLOCKS else "unreachable"
                )
                self.healths.append(self._health(record, ask.topic, state, answer.detail))
                break
        return []

    def _read(self, exchange: Exchange, ask: Ask) -> list[Ask]:
        record = self.recorder.exchange(
            without(exchange, self.secret),
            agency=self.agency.code,
            source=SourceKey(self.source.key),
            run=self.run,
        )
        self.fetched += 1
        following: list[Ask] = []
        seen: list[Row] = []
        for answer in self.driver.read(self.source, self.agency, record, self.recorder.body(record.id), ask):
            if isinstance(answer, Ask):
                following.append(answer)
            elif isinstance(answer, ServiceHealth):
                self.healths.append(answer)
            else:
                seen.append(answer)
        self.recorder.observe(seen)
        self.observations += len(seen)
        if (earlier := self.pages.repeated(ask, record, seen, goes_on=bool(following))) is not None:
            said = f"trang {ask.page} lặp lại trang {earlier}: chưa đọc được phần còn lại"
            repeats = self._health(record, ask.topic, "ok", said)
            self.healths.append(replace(repeats, complete=False))
            return []
        return following

    def _failed(self, attempt: FailedAttempt) -> EvidenceRecord:
        if attempt.failure.refusal:
            self.refused += 1
        self.failures.append((attempt.url, attempt.failure))
        return self.recorder.failure(
            attempt, agency=self.agency.code, source=SourceKey(self.source.key), run=self.run
        )

    def _health(
        self,
        record: EvidenceRecord,
        topic: Topic,
        state: Literal["ok", "blocked", "unreachable", "unauthorised", "mapping-missing"],
        detail: str,
    ) -> ServiceHealth:
        return ServiceHealth(
            agency=self.agency.code,
            run=self.run,
            seen=Locator(record=record.id),
            source=self.source.key,
            topic=topic,
            state=state,
            detail=detail,
            taken_at=record.captured_at,
        )

    def report(self, began_at: datetime, ended_at: datetime, detail: str) -> VisitReport:
        """Return the account of the visit."""
        failed = len(self.failures) - self.refused
        state: Literal["ok", "blocked", "unreachable"] = "ok"
        if self.failures and not self.fetched:
            state = "blocked" if all(why in _BLOCKS for _, why in self.failures) else "unreachable"
        return VisitReport(
            agency=self.agency.code,
            run=self.run,
            source=SourceKey(self.source.key),
            scope="services",
            began_at=began_at,
            ended_at=ended_at,
            attempts=self.fetched + self.refused + failed,
            fetched=self.fetched,
            not_modified=0,
            refused=self.refused,
            failed=failed,
            items=self.observations,
            state=state,
            detail=detail,
            failure=self.failures[0][1] if state != "ok" else None,
            failures=tuple(self.failures[:_MOST_FAILURES_TOLD]),
            canaries=self.watch is None or self.watch.well,
            canary_checks=self.watch.checks if self.watch is not None else (),
        )

    def unasked(
        self,
        record: EvidenceRecord,
        topics: Iterable[Topic],
        state: Literal["unauthorised", "mapping-missing"],
        why: str,
    ) -> list[ServiceHealth]:
        """Return that these topics could not even be asked about."""
        return [self._health(record, topic, state, why) for topic in topics]


async def query(
    source: Source,
    driver: ServiceDriver,
    agency: Agency,
    period: Period,
    run: RunId,
    *,
    fetcher: Fetches,
    recorder: Recorder,
    clock: Clock,
    environ: Mapping[str, str] = os.environ,
    seconds: float | None = None,
    watch: Watch | None = None,
) -> VisitReport:
    """Ask a service system everything its driver asks about one agency; return the sealed account.

    The token is read from where `source` says. Nobody is asked when it is missing or when no identifier of
    the agency is mapped; both are said in the topics' health. What is not asked within so many seconds
    leaves its topic incomplete.
    """
    visit = _Visit(source, driver, agency, run, recorder, seconds=seconds, watch=watch)
    first = driver.asks(source, agency, period)
    return await _put(visit, first, _topics(source, driver, agency, period), fetcher, clock, environ)


async def survey(
    source: Source,
    driver: ServiceDriver,
    period: Period,
    run: RunId,
    *,
    fetcher: Fetches,
    recorder: Recorder,
    clock: Clock,
    environ: Mapping[str, str] = os.environ,
    seconds: float | None = None,
) -> VisitReport | None:
    """Ask a service system about the province as a whole; None where its driver has nothing to ask."""
    first = list(driver.surveys(source, period))
    if not first:
        return None
    visit = _Visit(source, driver, whole_province(), run, recorder, seconds=seconds)
    topics = list(dict.fromkeys(ask.topic for ask in first))
    return await _put(visit, first, topics, fetcher, clock, environ)


async def _put(
    visit: _Visit,
    first: Iterable[Ask],
    topics: Iterable[Topic],
    fetcher: Fetches,
    clock: Clock,
    environ: Mapping[str, str],
) -> VisitReport:
    """Put the first questions and all that follow; return the sealed account."""
    began_at = clock.now()
    recorder = visit.recorder
    state, why, visit.secret = _permission(visit.source, visit.agency, environ)
    unfinished: set[Topic] = set()
    if state is None:
        unfinished = await _ask_all(visit, fetcher, first)
    if visit.watch is not None and any(failure.breakdown for _, failure in visit.failures):
        await visit.watch.look(fresh=True)
    report = visit.report(began_at, clock.now(), why)
    # What was asked about is told before the account is sealed, so that it is sealed with it.
    recorder.observe(_by_topic(visit.healths, unfinished))
    record = recorder.visit(report, (), None)
    if state is not None:
        recorder.observe(visit.unasked(record, topics, state, why))
    recorder.commit()
    return replace(report, record=RecordId(record.id))


async def _ask_all(visit: _Visit, fetcher: Fetches, first: Iterable[Ask]) -> set[Topic]:
    """Ask until nothing is left, the cap is hit or time is up; return the topics that were cut short."""
    clock = asyncio.get_running_loop().time
    until = None if visit.seconds is None else clock() + visit.seconds
    waiting = deque(first)
    asked: set[tuple[str, bytes]] = set()
    while waiting and len(asked) < MAX_QUESTIONS and (until is None or clock() < until):
        ask = waiting.popleft()
        if (ask.url, ask.body) not in asked:
            asked.add((ask.url, ask.body))
            waiting.extend(await visit.ask(fetcher, ask))
    return {ask.topic for ask in waiting}


def _permission(
    source: Source, agency: Agency, environ: Mapping[str, str]
) -> tuple[Literal["unauthorised", "mapping-missing"] | None, str, Secret]:
    """Return why the agency may not be asked about, or the header that lets us."""
    if agency.code != PROVINCE and agency.identifier(source.key) is None:
        return "mapping-missing", f"chưa có mã của {agency.code} trong hệ thống {source.key}", ()
    secret, fault = secret_headers(source, environ)
    return ("unauthorised", fault, ()) if fault else (None, "", secret)


def _topics(source: Source, driver: ServiceDriver, agency: Agency, period: Period) -> list[Topic]:
    """Return what would be asked about, were the agency mapped."""
    mapped = replace(agency, identifiers=((source.key, "0"),))
    return list(dict.fromkeys(ask.topic for ask in driver.asks(source, mapped, period)))


def _by_topic(healths: Iterable[ServiceHealth], unfinished: set[Topic]) -> list[ServiceHealth]:
    """Return one health a topic: the worst of its answers, incomplete when any of them is."""
    topics: dict[Topic, list[ServiceHealth]] = {}
    for health in healths:
        topics.setdefault(health.topic, []).append(health)
    merged = []
    for topic, mine in topics.items():
        worst = min(mine, key=lambda health: (_WORST_FIRST.index(health.state), health.complete))
        complete = topic not in unfinished and all(health.complete for health in mine)
        detail = worst.detail or ("" if complete else "chưa hỏi hết các trang")
        merged.append(replace(worst, complete=complete, detail=detail))
    return merged
