"""A recorder that keeps nothing: what a crawl costs without evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from minhchung.evidence import (
    AgencyCode,
    EvidenceRecord,
    Exchange,
    FailedAttempt,
    RecordId,
    RunId,
    SourceKey,
)
from minhchung.holdings import VisitReport
from minhchung.observations import ListCapture, Observation, Walk


class Unkept:
    """Gives numbers to what is fetched, and forgets it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.pages: set[str] = set()
        self._count = 0

    def _record(self, url: str, kind: str, **said: Any) -> EvidenceRecord:
        self._count += 1
        return EvidenceRecord(id=RecordId(f"urn:{self._count}"), url=url, kind=kind, leaf=self._count, **said)

    def begin_run(self, note: str = "") -> RunId:
        """Begin a run."""
        return RunId(note)

    def keep_config(self, name: str, content: bytes) -> str:
        """Keep no configuration."""
        return sha256(content + name.encode()).hexdigest()

    def exchange(
        self,
        exchange: Exchange,
        *,
        agency: AgencyCode,
        source: SourceKey,
        run: RunId,
        refers_to: EvidenceRecord | None = None,
    ) -> EvidenceRecord:
        """Count an exchange."""
        if exchange.status == 200:
            self.pages.add(exchange.url)
        return self._record(
            exchange.url,
            "revisit" if refers_to is not None else "response",
            agency=agency,
            source=source,
            run=run,
            captured_at=exchange.begun_at,
            status=exchange.status,
            content_type=exchange.header("content-type") or "",
        )

    def failure(
        self, attempt: FailedAttempt, *, agency: AgencyCode, source: SourceKey, run: RunId
    ) -> EvidenceRecord:
        """Count a failure."""
        return self._record(
            attempt.url, "failure", agency=agency, source=source, run=run, captured_at=attempt.begun_at
        )

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
        """Count a resource."""
        return self._record(url, kind, agency=agency, source=source, run=run, captured_at=captured_at)

    def observe(self, observations: Iterable[Observation]) -> None:
        """Forget what was seen."""

    def visit(
        self, report: VisitReport, captures: Iterable[ListCapture], walk: Walk | None
    ) -> EvidenceRecord:
        """Count an account."""
        agency, at = AgencyCode(report.agency), report.ended_at
        return self._record(
            "urn:visit", "visit", agency=agency, source=report.source, run=report.run, captured_at=at
        )

    def commit(self) -> None:
        """Seal nothing."""

    def latest(self, agency: AgencyCode, source: SourceKey, url: str) -> EvidenceRecord | None:
        """Return nothing."""
        return None

    def body(self, record: RecordId) -> bytes:
        """Hold no body."""
        raise KeyError(record)

    def observations_of(self, record: RecordId) -> tuple[Observation, ...]:
        """Return nothing."""
        return ()

    def known_identities(self, agency: AgencyCode, list_url: str) -> frozenset[str]:
        """Return nothing."""
        return frozenset()

    def answered_addresses(self, agency: AgencyCode, source: SourceKey) -> frozenset[str]:
        """Return nothing."""
        return frozenset()

    def kept(self, agency: AgencyCode, kinds: tuple[str, ...]) -> tuple[Observation, ...]:
        """Return nothing."""
        return ()

    def last_capture(self, agency: AgencyCode, list_url: str) -> ListCapture | None:
        """Return nothing."""
        return None

    def visits_of(self, agency: AgencyCode, source: SourceKey) -> tuple[VisitReport, ...]:
        """Return nothing."""
        return ()
