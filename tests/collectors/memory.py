"""A recorder that keeps everything in memory, to see what the crawl loop seals."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from collectors.decode import payload
from collectors.lists import COMPLETE
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


@dataclass
class Memory:
    """Implements `minhchung.ports.Recorder` with dictionaries."""

    records: dict[RecordId, EvidenceRecord] = field(default_factory=dict)
    exchanges: dict[RecordId, Exchange] = field(default_factory=dict)
    attempts: dict[RecordId, FailedAttempt] = field(default_factory=dict)
    bodies: dict[RecordId, bytes] = field(default_factory=dict)
    seen: list[Observation] = field(default_factory=list)
    by_record: dict[RecordId, list[Observation]] = field(default_factory=lambda: defaultdict(list))
    reports: list[VisitReport] = field(default_factory=list)
    captures: list[ListCapture] = field(default_factory=list)
    walks: list[Walk] = field(default_factory=list)
    commits: int = 0

    def exchange(
        self,
        exchange: Exchange,
        *,
        agency: AgencyCode,
        source: SourceKey,
        run: RunId,
        refers_to: EvidenceRecord | None = None,
    ) -> EvidenceRecord:
        """Keep an exchange."""
        body = payload(exchange, 1 << 30) if refers_to is None else b""
        record = EvidenceRecord(
            id=self._id(),
            agency=agency,
            source=source,
            run=run,
            url=exchange.url,
            method=exchange.method,
            captured_at=exchange.begun_at,
            kind="revisit" if refers_to else "response",
            status=exchange.status,
            content_type=exchange.header("content-type") or "",
            etag=exchange.header("etag") or "",
            last_modified=exchange.header("last-modified") or "",
            body_sha256=refers_to.body_sha256 if refers_to else hashlib.sha256(body).hexdigest(),
            refers_to=refers_to.id if refers_to else None,
        )
        self.exchanges[record.id] = exchange
        if refers_to is None:
            self.bodies[record.id] = body
        return self._keep(record)

    def failure(
        self, attempt: FailedAttempt, *, agency: AgencyCode, source: SourceKey, run: RunId
    ) -> EvidenceRecord:
        """Keep a failed attempt."""
        record = EvidenceRecord(
            id=self._id(),
            agency=agency,
            source=source,
            run=run,
            url=attempt.url,
            method=attempt.method,
            captured_at=attempt.begun_at,
            kind="failure",
            failure=attempt.failure,
        )
        self.attempts[record.id] = attempt
        return self._keep(record)

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
        """Keep what is no exchange."""
        record = EvidenceRecord(
            id=self._id(),
            agency=agency,
            source=source,
            run=run,
            url=url,
            captured_at=captured_at,
            kind="resource",
            content_type=content_type,
            body_sha256=hashlib.sha256(body).hexdigest(),
        )
        self.bodies[record.id] = body
        return self._keep(record)

    def observe(self, observations: Iterable[Observation]) -> None:
        """Keep observations."""
        for each in observations:
            self.seen.append(each)
            self.by_record[each.seen.record].append(each)

    def visit(
        self, report: VisitReport, captures: Iterable[ListCapture], walk: Walk | None
    ) -> EvidenceRecord:
        """Keep the account of a visit."""
        captures = tuple(captures)
        self.captures += captures
        self.walks += [walk] if walk else []
        self.observe([*captures, *([walk] if walk else [])])
        record = self.resource(
            json.dumps({"agency": report.agency, "attempts": report.attempts}).encode(),
            url="urn:visit",
            content_type="application/json",
            agency=AgencyCode(report.agency),
            source=report.source,
            run=report.run,
            kind="visit",
            captured_at=report.ended_at,
        )
        self.by_record[record.id] += [*captures, *([walk] if walk else [])]
        self.reports.append(replace(report, record=record.id))
        return record

    def commit(self) -> None:
        """Count."""
        self.commits += 1

    def latest(self, agency: AgencyCode, source: SourceKey, url: str) -> EvidenceRecord | None:
        """Return the newest response with validators."""
        for record in reversed(self.records.values()):
            mine = (record.agency, record.source, record.url) == (agency, source, url)
            if mine and record.kind == "response" and record.status == 200:
                return record if record.etag or record.last_modified else None
        return None

    def body(self, record: RecordId) -> bytes:
        """Return a body, of the record referred to for a revisit."""
        return self.bodies[self.records[record].refers_to or record]

    def observations_of(self, record: RecordId) -> tuple[Observation, ...]:
        """Return what was seen in a record."""
        return tuple(self.by_record[self.records[record].refers_to or record])

    def known_identities(self, agency: AgencyCode, list_url: str) -> frozenset[str]:
        """Return identities of complete captures."""
        mine = (c for c in self.captures if c.agency == agency and c.list_url == list_url and _complete(c))
        return frozenset(identity for capture in mine for identity in capture.identities)

    def answered_addresses(self, agency: AgencyCode, source: SourceKey) -> frozenset[str]:
        """Return addresses answered below 400."""
        return frozenset(
            r.url
            for r in self.records.values()
            if (r.agency, r.source) == (agency, source) and r.status is not None and r.status < 400
        )

    def kept(self, agency: AgencyCode, kinds: tuple[str, ...]) -> tuple[Observation, ...]:
        """Return the observations of these kinds."""
        return tuple(each for each in self.seen if each.agency == agency and each.kind in kinds)

    def last_capture(self, agency: AgencyCode, list_url: str) -> ListCapture | None:
        """Return the newest complete capture."""
        mine = [c for c in self.captures if c.agency == agency and c.list_url == list_url and _complete(c)]
        return mine[-1] if mine else None

    def visits_of(self, agency: AgencyCode, source: SourceKey) -> tuple[VisitReport, ...]:
        """Return the accounts of earlier visits."""
        return tuple(each for each in self.reports if (each.agency, each.source) == (agency, source))

    def of(self, kind: type[Any]) -> list[Any]:
        """Return the observations of one type."""
        return [each for each in self.seen if isinstance(each, kind)]

    def _keep(self, record: EvidenceRecord) -> EvidenceRecord:
        self.records[record.id] = record
        return record

    def _id(self) -> RecordId:
        return RecordId(f"urn:uuid:00000000-0000-4000-8000-{len(self.records):012d}")


def _complete(capture: ListCapture) -> bool:
    return capture.ended in COMPLETE and not capture.failed_pages
