"""The catalogue's tables: shadows of values, never the values themselves.

A table class validates nothing, so the checked type is the dataclass and a row translates to and from it.
Everything here can be made anew from archive and log.
"""

from __future__ import annotations

from datetime import UTC, datetime
from sys import intern
from typing import Any, Final

from sqlalchemy import (
    DateTime,
    Dialect,
    Index,
    LargeBinary,
    MetaData,
    RowMapping,
    TypeDecorator,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from minhchung.evidence import AgencyCode, EvidenceRecord, Failure, RecordId, Run, RunId, SourceKey
from minhchung.holdings import VisitReport
from minhchung.observations import Observation
from minhchung.observed import key_of
from minhchung.submissions import Submission
from storage.codec import dump, dump_submission, load, load_report, load_submission, pack, unpack

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are named, so that a migration can name them too."""

RECORD_KINDS: Final = frozenset({"response", "revisit", "failure", "warcinfo"})
"""Kinds of leaves that are no resources."""


def as_kept(instant: datetime) -> str:
    """Return an aware instant as SQLite keeps it: UTC without its zone; refuses a naive one."""
    if instant.tzinfo is not UTC:
        if instant.tzinfo is None:
            raise ValueError(f"{instant.isoformat()} has no zone")
        instant = instant.astimezone(UTC)
    return instant.replace(tzinfo=None).isoformat(" ", "microseconds")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite keeps no zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC without its zone; refuses a naive instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class Table(SQLModel):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMES)


class RunRow(Table, table=True):
    """One pass over agencies."""

    __tablename__ = "run"

    id: str = Field(primary_key=True)
    began_at: datetime = Field(sa_type=UtcDateTime)
    note: str

    @classmethod
    def of(cls, run: Run) -> RunRow:
        """Return the row of a run."""
        return cls(id=run.id, began_at=run.began_at, note=run.note)

    def run(self) -> Run:
        """Return the run."""
        return Run(id=RunId(self.id), began_at=self.began_at, note=self.note)


class RecordRow(Table, table=True):
    """One leaf of the log; the record itself lies in a WARC file."""

    __tablename__ = "record"
    __table_args__ = (
        Index(None, "agency", "source", "url"),
        Index(None, "run", "agency"),
    )

    leaf: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: str = Field(unique=True)
    agency: str
    source: str
    run: str
    url: str
    method: str
    captured_at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    """As in the log: a resource keeps its own word, e.g. `submission`."""

    status: int | None
    failure: str | None
    content_type: str
    etag: str
    last_modified: str
    body_sha256: str
    refers_to: str | None
    wire_sha256: str
    """Hex digest of the payload as transferred: two that agree make a revisit."""

    conditional: bool
    """A later request may be made conditional on it: it was answered whole, and read."""

    unread: bool
    """Brought back from the archive, and what readers see in it is not here yet."""

    file: str
    offset: int
    length: int
    """Stored bytes of its own member; what was captured with it follows."""

    @classmethod
    def values(
        cls,
        record: EvidenceRecord,
        *,
        kind: str,
        place: tuple[str, int, int],
        wire_sha256: str = "",
        conditional: bool = False,
        unread: bool = False,
    ) -> dict[str, Any]:
        """Return the columns for a bulk insert."""
        return {
            "leaf": record.leaf,
            "id": record.id,
            "agency": record.agency,
            "source": record.source,
            "run": record.run,
            "url": record.url,
            "method": record.method,
            "captured_at": record.captured_at,
            "kind": kind,
            "status": record.status,
            "failure": record.failure.value if record.failure is not None else None,
            "content_type": record.content_type,
            "etag": record.etag,
            "last_modified": record.last_modified,
            "body_sha256": record.body_sha256,
            "refers_to": record.refers_to,
            "wire_sha256": wire_sha256,
            "conditional": conditional,
            "unread": unread,
            "file": place[0],
            "offset": place[1],
            "length": place[2],
        }

    @classmethod
    def of(cls, record: EvidenceRecord, *, kind: str, place: tuple[str, int, int]) -> RecordRow:
        """Return the row of a record."""
        return cls(**cls.values(record, kind=kind, place=place))

    def record(self) -> EvidenceRecord:
        """Return the record."""
        return record_of(self.model_dump())


def record_of(row: RowMapping | dict[str, Any]) -> EvidenceRecord:
    """Return the record of the columns of `record`.

    What thousands of records have in common is held once: a round of many agencies keeps all that it cites.
    """
    return EvidenceRecord(
        id=RecordId(row["id"]),
        agency=AgencyCode(intern(row["agency"])),
        source=SourceKey(intern(row["source"])),
        run=RunId(intern(row["run"])),
        url=row["url"],
        method=intern(row["method"]),
        captured_at=row["captured_at"],
        kind=intern(row["kind"]) if row["kind"] in RECORD_KINDS else "resource",
        status=row["status"],
        failure=Failure(row["failure"]) if row["failure"] is not None else None,
        content_type=intern(row["content_type"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_sha256=row["body_sha256"],
        refers_to=RecordId(row["refers_to"]) if row["refers_to"] is not None else None,
        leaf=row["leaf"],
    )


class ObservationRow(Table, table=True):
    """What a reader saw, as packed JSON."""

    __tablename__ = "observation"
    __table_args__ = (Index(None, "agency", "kind", "key"),)

    seq: int | None = Field(default=None, primary_key=True)
    record: int = Field(foreign_key="record.leaf", index=True)
    """The leaf it came from: the page it was read in, the sealed account for what a visit says of itself."""

    agency: str
    run: str
    kind: str
    key: str
    """Identity of an item, list of a capture, else the address."""

    payload: bytes = Field(sa_type=LargeBinary)

    @classmethod
    def values(cls, observation: Observation, record: int, said: bytes | None = None) -> dict[str, Any]:
        """Return the columns for a bulk insert; `said` is its JSON, where that is at hand."""
        return {
            "record": record,
            "agency": observation.agency,
            "run": observation.run,
            "kind": observation.kind,
            "key": key_of(observation),
            "payload": pack(dump(observation) if said is None else said),
        }

    @classmethod
    def of(cls, observation: Observation, record: int) -> ObservationRow:
        """Return the row of an observation."""
        return cls(**cls.values(observation, record))

    def observation(self) -> Observation:
        """Return the observation."""
        return load(self.kind, unpack(self.payload))


class VisitRow(Table, table=True):
    """One agency, one source, one run: how it went."""

    __tablename__ = "visit"
    __table_args__ = (Index(None, "agency", "run", "source"),)

    leaf: int = Field(primary_key=True, foreign_key="record.leaf", sa_column_kwargs={"autoincrement": False})
    record: str
    agency: str
    source: str
    run: str
    began_at: datetime = Field(sa_type=UtcDateTime)
    state: str
    payload: bytes = Field(sa_type=LargeBinary)

    @classmethod
    def values(cls, report: VisitReport, leaf: int) -> dict[str, Any]:
        """Return the columns for a bulk insert."""
        return {
            "leaf": leaf,
            "record": report.record,
            "agency": report.agency,
            "source": report.source,
            "run": report.run,
            "began_at": report.began_at,
            "state": report.state,
            "payload": pack(dump(report)),
        }

    @classmethod
    def of(cls, report: VisitReport, leaf: int) -> VisitRow:
        """Return the row of a report."""
        return cls(**cls.values(report, leaf))

    def report(self) -> VisitReport:
        """Return the report."""
        return load_report(unpack(self.payload), RecordId(self.record))


class SubmissionRow(Table, table=True):
    """One imported workbook, as read; the newest leaf of an agency is in force."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("agency", "sha256"),)

    leaf: int = Field(primary_key=True, foreign_key="record.leaf", sa_column_kwargs={"autoincrement": False})
    record: str
    agency: str
    sha256: str
    imported_at: datetime = Field(sa_type=UtcDateTime)
    payload: bytes = Field(sa_type=LargeBinary)

    @classmethod
    def of(cls, submission: Submission, leaf: int) -> SubmissionRow:
        """Return the row of a submission; `leaf` is that of the sealed reading."""
        return cls(
            leaf=leaf,
            record=submission.record,
            agency=submission.agency,
            sha256=submission.sha256,
            imported_at=submission.imported_at,
            payload=pack(dump_submission(submission)),
        )

    def submission(self) -> Submission:
        """Return the submission."""
        return load_submission(unpack(self.payload))


class ClaimRow(Table, table=True):
    """A due run that somebody has taken; nobody else may."""

    __tablename__ = "claim"
    __table_args__ = (UniqueConstraint("schedule", "fire_at"),)

    leaf: int = Field(primary_key=True, foreign_key="record.leaf", sa_column_kwargs={"autoincrement": False})
    schedule: str
    fire_at: datetime = Field(sa_type=UtcDateTime)
    claimed_at: datetime = Field(sa_type=UtcDateTime)


RUN: Final = Table.metadata.tables["run"]
RECORD: Final = Table.metadata.tables["record"]
OBSERVATION: Final = Table.metadata.tables["observation"]
VISIT: Final = Table.metadata.tables["visit"]
SUBMISSION: Final = Table.metadata.tables["submission"]
CLAIM: Final = Table.metadata.tables["claim"]
