"""The reading half of a store: what was kept, found again; it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from threading import RLock
from typing import Any

import sqlmodel
from sqlalchemy import select

from minhchung.agencies import Agency
from minhchung.errors import FixityError, PrunedError
from minhchung.evidence import AgencyCode, EvidenceRecord, RecordId, Run, RunId, SourceKey
from minhchung.holdings import Holdings, VisitReport
from minhchung.observations import ListCapture, Observation
from minhchung.observed import OF_A_VISIT
from minhchung.submissions import Submission
from storage import shelf
from storage.catalogue import BATCH, Catalogue
from storage.home import Home
from storage.members import MemberError, record_at
from storage.tables import RECORD, SUBMISSION, RunRow, record_of


class Reading:
    """A home as its catalogue shows it; a writer's store puts what is in flight before it."""

    def __init__(self, home: Home, catalogue: Catalogue) -> None:
        self.home = home
        self._catalogue = catalogue
        self._guard = RLock()
        self._captures: dict[tuple[AgencyCode, str], list[ListCapture]] = {}

    def _settle(self) -> None:
        """Bring what is in flight where queries see it; a reader has nothing in flight."""

    def _hand_over(self, record: str) -> None:
        """Bring a record's bytes where they can be read back."""

    def _row(self, record: str) -> dict[str, Any]:
        """Return the columns of a record; raises KeyError for an unknown one."""
        with self._catalogue.reading() as connection:
            row = connection.execute(select(RECORD).where(RECORD.c.id == record)).mappings().first()
        if row is None:
            raise KeyError(record)
        return dict(row)

    def body(self, record: RecordId) -> bytes:
        """Return the decoded payload of a record, of the one it refers to for a revisit."""
        with self._guard:
            row = self._row(record)
            if row["refers_to"] is not None:
                row = self._row(row["refers_to"])
            self._hand_over(row["id"])
        if not row["length"]:
            raise PrunedError(row["id"])
        try:
            stored = record_at(self.home.archive / row["file"], row["offset"], row["length"])
        except (MemberError, OSError) as exc:
            raise FixityError(row["id"], sealed=row["body_sha256"], found=f"nothing ({exc})") from exc
        body = stored.payload()
        found = sha256(body).hexdigest()
        if row["body_sha256"] and found != row["body_sha256"]:
            raise FixityError(row["id"], sealed=row["body_sha256"], found=found)
        return body

    def is_pruned(self, record: RecordId) -> bool:
        """Say whether a record was taken out of the archive; raises KeyError for an unknown one."""
        with self._guard:
            return not self._row(record)["length"]

    def head(self, record: RecordId) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return first line and headers of a stored HTTP response, its own for a revisit; nothing for others.

        Raises KeyError for an unknown record, FixityError where the archive does not hold it.
        """
        with self._guard:
            row = self._row(record)
            if row["kind"] not in {"response", "revisit"}:
                return "", ()
            self._hand_over(row["id"])
        if not row["length"]:
            raise PrunedError(row["id"])
        try:
            stored = record_at(self.home.archive / row["file"], row["offset"], row["length"])
        except (MemberError, OSError) as exc:
            raise FixityError(row["id"], sealed=row["body_sha256"], found=f"nothing ({exc})") from exc
        first, headers, _ = stored.http()
        return first, tuple(headers)

    def observations_of(self, record: RecordId) -> tuple[Observation, ...]:
        """Return what readers saw in a record, or in the one it refers to (under its own run then)."""
        with self._guard:
            self._settle()
            row = self._row(record)
            held = row if row["refers_to"] is None else self._row(row["refers_to"])
            with self._catalogue.reading() as connection:
                seen = tuple(shelf.observations_in(connection, held["leaf"]))
            if held is row:
                return seen
            revisit = record_of(row)
            return tuple(shelf.repeated(o, revisit) for o in seen if o.kind not in OF_A_VISIT)

    def known_identities(self, agency: AgencyCode, list_url: str) -> frozenset[str]:
        """Return the item identities of earlier complete captures of this list."""
        captures = self._complete_captures(agency, list_url)
        return frozenset(identity for capture in captures for identity in capture.identities)

    def last_capture(self, agency: AgencyCode, list_url: str) -> ListCapture | None:
        """Return the newest complete capture of this list, or None."""
        captures = self._complete_captures(agency, list_url)
        return captures[-1] if captures else None

    def answered_addresses(self, agency: AgencyCode, source: SourceKey) -> frozenset[str]:
        """Return the addresses, as asked for, that were answered below 400 in any run so far."""
        with self._guard:
            self._settle()
            with self._catalogue.reading() as connection:
                return shelf.answered(connection, agency, source)

    def kept(self, agency: AgencyCode, kinds: tuple[str, ...]) -> tuple[Observation, ...]:
        """Return the agency's observations of these kinds kept so far, oldest first."""
        with self._guard:
            self._settle()
            with self._catalogue.reading() as connection:
                return shelf.kept(connection, agency, kinds)

    def visits_of(self, agency: AgencyCode, source: SourceKey) -> tuple[VisitReport, ...]:
        """Return the accounts of earlier visits, oldest first."""
        with self._guard:
            self._settle()
            with self._catalogue.reading() as connection:
                return tuple(shelf.visits_of(connection, agency, source))

    def runs(self) -> tuple[Run, ...]:
        """Return all runs, oldest first."""
        with self._catalogue.session() as session:
            rows = session.exec(sqlmodel.select(RunRow)).all()
        return tuple(sorted((row.run() for row in rows), key=lambda run: (run.began_at, run.id)))

    def holds_submission(self, agency: AgencyCode, digest: str) -> bool:
        """Say whether a workbook of this SHA-256 has been imported for the agency."""
        with self._guard:
            self._settle()
            with self._catalogue.reading() as connection:
                query = select(SUBMISSION.c.leaf).where(
                    SUBMISSION.c.agency == agency, SUBMISSION.c.sha256 == digest
                )
                return connection.execute(query).first() is not None

    def submissions(self, agency: AgencyCode | None = None) -> tuple[Submission, ...]:
        """Return submissions, oldest import first: an agency's last one is in force."""
        with self._guard:
            self._settle()
            with self._catalogue.reading() as connection:
                return tuple(shelf.submissions_of(connection, () if agency is None else (agency,)))

    # --- reading ---------------------------------------------------------------------------------------

    def holdings(self, agency: Agency, until: datetime | None = None) -> Holdings:
        """Return everything sealed and read about an agency, up to a freeze."""
        with self._guard:
            self._settle()
            with self._catalogue.reading() as connection:
                return shelf.holdings(connection, agency, until)

    def accounts(self, until: datetime | None = None) -> Mapping[AgencyCode, Sequence[VisitReport]]:
        """Return the accounts of every visit, by agency, oldest first."""
        found: dict[AgencyCode, list[VisitReport]] = {}
        with self._guard:
            self._settle()
            with self._catalogue.reading() as connection:
                for report in shelf.accounts(connection, until):
                    found.setdefault(AgencyCode(report.agency), []).append(report)
        return found

    def said_of(self, agency: AgencyCode, until: datetime | None = None) -> Sequence[dict[str, Any]]:
        """Return the observations of `holdings`, in its order, as JSON of the version that read them."""
        with self._guard:
            self._settle()
            with self._catalogue.reading() as connection:
                return shelf.said_of(connection, agency, until)

    def record(self, record: RecordId) -> EvidenceRecord:
        """Return a record; raises KeyError for an unknown one."""
        with self._guard:
            return record_of(self._row(record))

    def records(
        self,
        *,
        agency: AgencyCode | None = None,
        run: RunId | None = None,
        kind: str | None = None,
    ) -> Iterator[EvidenceRecord]:
        """Yield records in the order of the log; `kind` as there, e.g. `visit`."""
        query = select(RECORD.c.leaf).where(RECORD.c.kind != "warcinfo").order_by(RECORD.c.leaf)
        for column, wanted in ((RECORD.c.agency, agency), (RECORD.c.run, run), (RECORD.c.kind, kind)):
            if wanted is not None:
                query = query.where(column == wanted)
        with self._guard:
            self._settle()
            with self._catalogue.reading() as connection:
                leaves = connection.execute(query).scalars().all()
        return self._records_of(leaves)

    def _records_of(self, leaves: Sequence[int]) -> Iterator[EvidenceRecord]:
        """Yield the records of leaves; only some of them are in memory at a time."""
        for start in range(0, len(leaves), BATCH):
            some = RECORD.c.leaf.in_(leaves[start : start + BATCH])
            with self._guard, self._catalogue.reading() as connection:
                rows = connection.execute(select(RECORD).where(some).order_by(RECORD.c.leaf)).mappings().all()
            yield from map(record_of, rows)

    def _complete_captures(self, agency: AgencyCode, list_url: str) -> list[ListCapture]:
        with self._guard:
            found = self._captures.get((agency, list_url))
            if found is None:
                self._settle()
                with self._catalogue.reading() as connection:
                    found = list(shelf.captures_of(connection, agency, list_url))
                self._captures[agency, list_url] = found
            return found
