"""Where the rooms meet: protocols that one room keeps and another uses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

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


class Recorder(Protocol):
    """Seals what was fetched; storage keeps it, collectors use it.

    Nothing is sealed before `commit` returns: WARC fsync, then log fsync, then catalogue commit. Every
    method raises StorageError when the disk or the catalogue refuses.
    """

    def exchange(
        self,
        exchange: Exchange,
        *,
        agency: AgencyCode,
        source: SourceKey,
        run: RunId,
        refers_to: EvidenceRecord | None = None,
    ) -> EvidenceRecord:
        """Append a request and its response; a 304, or an equal payload, with `refers_to` as a revisit."""
        ...

    def failure(
        self, attempt: FailedAttempt, *, agency: AgencyCode, source: SourceKey, run: RunId
    ) -> EvidenceRecord:
        """Append a failed or refused attempt."""
        ...

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
        """Append something that is no HTTP exchange: a workbook, a screenshot, a config file, an act.

        `url` is a `urn:` or the address it belongs to; `kind` names it in the log, e.g. `submission`.
        """
        ...

    def observe(self, observations: Iterable[Observation]) -> None:
        """Keep what readers saw; derived, so it lives in the catalogue alone."""
        ...

    def visit(
        self, report: VisitReport, captures: Iterable[ListCapture], walk: Walk | None
    ) -> EvidenceRecord:
        """Seal the account of one visit (as JSON) and keep its captures and walk as observations."""
        ...

    def commit(self) -> None:
        """Seal everything appended so far."""
        ...

    def latest(self, agency: AgencyCode, source: SourceKey, url: str) -> EvidenceRecord | None:
        """Return the newest record of this address that holds a body and validators, to ask conditionally."""
        ...

    def body(self, record: RecordId) -> bytes:
        """Return the decoded payload of a record, of the one it refers to for a revisit; checks its digest.

        Raises FixityError when the stored bytes are not what was sealed, KeyError for an unknown record.
        """
        ...

    def observations_of(self, record: RecordId) -> tuple[Observation, ...]:
        """Return what readers saw in a record (of the one it refers to, for a revisit)."""
        ...

    def known_identities(self, agency: AgencyCode, list_url: str) -> frozenset[str]:
        """Return the item identities of earlier complete captures of this list."""
        ...

    def answered_addresses(self, agency: AgencyCode, source: SourceKey) -> frozenset[str]:
        """Return the addresses, as asked for, that were answered below 400 in any run so far.

        Failed attempts and resources do not count; a revisit does, and a route that a browser showed.
        """
        ...

    def kept(self, agency: AgencyCode, kinds: tuple[str, ...]) -> tuple[Observation, ...]:
        """Return the agency's observations of these kinds kept so far, oldest first."""
        ...

    def last_capture(self, agency: AgencyCode, list_url: str) -> ListCapture | None:
        """Return the newest complete capture of this list kept so far, or None."""
        ...

    def visits_of(self, agency: AgencyCode, source: SourceKey) -> tuple[VisitReport, ...]:
        """Return the accounts of earlier visits, oldest first."""
        ...


class Post(Protocol):
    """Sends something to an address on the network; collectors do it, storage needs it for timestamps."""

    def post(self, url: str, body: bytes, *, content_type: str) -> bytes:
        """Return the body of a 200; raises CollectionError for anything else."""
        ...


class Get(Protocol):
    """Reads from an address on the network; storage needs it to follow a published log."""

    def get(self, url: str) -> bytes | None:
        """Return the body of a 200, None for a 404; raises CollectionError for anything else."""
        ...
