"""Doubles for tests of a visit: a clock that ticks, a recorder in memory, a fetcher that asks a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

from collectors.fetcher import FetchRequest
from minhchung.evidence import (
    AgencyCode,
    EvidenceRecord,
    Exchange,
    FailedAttempt,
    Failure,
    RecordId,
    RunId,
    SourceKey,
)
from minhchung.holdings import VisitReport
from minhchung.observations import ListCapture, Observation, ServiceHealth, Walk
from simulator.http import Request, Response, Site
from tests.collectors.service_world import CLOSE, RUN

BEGAN = datetime(2021, 11, 2, 1, 0, tzinfo=UTC)


@dataclass
class Ticking:
    """A clock that moves a second whenever it is read."""

    instant: datetime = BEGAN

    def now(self) -> datetime:
        self.instant += timedelta(seconds=1)
        return self.instant


@dataclass
class Tape:
    """A recorder that keeps everything in memory."""

    exchanges: list[Exchange] = field(default_factory=list)
    failures: list[FailedAttempt] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    visits: list[VisitReport] = field(default_factory=list)
    commits: int = 0
    bodies: dict[RecordId, bytes] = field(default_factory=dict)

    def _record(self, url: str, kind: str, source: SourceKey, **more: Any) -> EvidenceRecord:
        number = len(self.exchanges) + len(self.failures) + len(self.visits)
        return EvidenceRecord(
            id=RecordId(f"urn:uuid:{number:032}"),
            agency=AgencyCode("so-tu-phap"),
            source=source,
            run=RUN,
            url=url,
            captured_at=BEGAN,
            kind=kind,
            **more,
        )

    def exchange(
        self,
        exchange: Exchange,
        *,
        agency: AgencyCode,
        source: SourceKey,
        run: RunId,
        refers_to: EvidenceRecord | None = None,
    ) -> EvidenceRecord:
        self.exchanges.append(exchange)
        kind = exchange.header("content-type") or ""
        digest = sha256(exchange.wire).hexdigest()
        told = {"status": exchange.status, "content_type": kind, "body_sha256": digest}
        record = self._record(exchange.url, "response", source, **told)
        self.bodies[record.id] = exchange.wire
        return record

    def failure(
        self, attempt: FailedAttempt, *, agency: AgencyCode, source: SourceKey, run: RunId
    ) -> EvidenceRecord:
        self.failures.append(attempt)
        return self._record(attempt.url, "failure", source, failure=attempt.failure)

    def resource(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str,
        agency: AgencyCode,
        source: SourceKey,
        run: RunId,
        kind: str,
        captured_at: datetime,
        concurrent_to: RecordId | None = None,
    ) -> EvidenceRecord:
        return self._record(url, "resource", source)

    def observe(self, observations: Iterable[Observation]) -> None:
        self.observations += list(observations)

    def visit(
        self, report: VisitReport, captures: Iterable[ListCapture], walk: Walk | None
    ) -> EvidenceRecord:
        self.visits.append(report)
        return self._record("urn:visit", "resource", report.source)

    def commit(self) -> None:
        self.commits += 1

    def latest(self, agency: AgencyCode, source: SourceKey, url: str) -> EvidenceRecord | None:
        return None

    def body(self, record: RecordId) -> bytes:
        return self.bodies[record]

    def observations_of(self, record: RecordId) -> tuple[Observation, ...]:
        return ()

    def known_identities(self, agency: AgencyCode, list_url: str) -> frozenset[str]:
        return frozenset()

    def answered_addresses(self, agency: AgencyCode, source: SourceKey) -> frozenset[str]:
        return frozenset()

    def kept(self, agency: AgencyCode, kinds: tuple[str, ...]) -> tuple[Observation, ...]:
        return ()

    def visits_of(self, agency: AgencyCode, source: SourceKey) -> tuple[VisitReport, ...]:
        return tuple(each for each in self.visits if (each.agency, each.source) == (agency, source))

    def last_capture(self, agency: AgencyCode, list_url: str) -> ListCapture | None:
        return None

    def healths(self) -> dict[str, ServiceHealth]:
        found = [o for o in self.observations if isinstance(o, ServiceHealth)]
        assert len({h.topic for h in found}) == len(found)
        return {h.topic: h for h in found}


@dataclass
class Asked:
    """A fetcher that puts questions to a function and remembers them."""

    answer: Callable[[FetchRequest], Response | Failure]
    requests: list[FetchRequest] = field(default_factory=list)

    async def fetch(self, request: FetchRequest) -> Exchange | FailedAttempt:
        self.requests.append(request)
        answer = self.answer(request)
        if isinstance(answer, Failure):
            return FailedAttempt(
                method=request.method,
                url=request.url,
                failure=answer,
                detail=f"it failed: {answer.value}",
                begun_at=BEGAN,
                elapsed=0.1,
            )
        return Exchange(
            method=request.method,
            url=request.url,
            request_headers=request.headers,
            request_body=request.body,
            status=answer.status,
            headers=(("Content-Type", answer.content_type),),
            wire=answer.body,
            begun_at=BEGAN,
            elapsed=0.1,
        )


def answering(site: Site) -> Callable[[FetchRequest], Response]:
    def answer(request: FetchRequest) -> Response:
        parts = urlsplit(request.url)
        asked = Request(
            method=request.method,
            path=unquote(parts.path),
            query=parts.query,
            headers={name.lower(): value for name, value in request.headers},
            body=request.body,
            day=CLOSE,
        )
        return site.handle(asked)

    return answer
