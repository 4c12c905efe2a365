"""From log and archive back to catalogue rows: what a crash left out, or all of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from minhchung.errors import FixityError, LogError
from minhchung.evidence import AgencyCode, EvidenceRecord, Failure, RecordId, Run, RunId, SourceKey
from minhchung.observations import Observation
from storage.catalogue import add
from storage.codec import load_submission, load_visit
from storage.leaf import Leaf, instant_of
from storage.log import Entry, LogFiles, read_place
from storage.members import MemberError, WarcRecord, record_at
from storage.pruned import Layout
from storage.tables import (
    OBSERVATION,
    RECORD,
    RUN,
    VISIT,
    ClaimRow,
    ObservationRow,
    RecordRow,
    RunRow,
    SubmissionRow,
    VisitRow,
    record_of,
)
from storage.warc import failure_of, plain

GROUP: Final = 500
"""Leaves read back between two statements."""

SEALED_WITH_A_VISIT: Final = frozenset(
    {"attachment", "image_file", "search_probe", "tls_check", "redirect_chain", "service_health"}
)
"""Kinds that no single page can be re-read for: the visit's sealed account holds them."""

READ_AGAIN: Final = frozenset({"response", "dom-snapshot", "export-rows"})
"""Kinds of leaves that readers are given: pages, what scripts made of one, rows of an owner's export."""

Reader = Callable[[EvidenceRecord, bytes], Iterable[Observation]]
"""Says what readers see in a record's payload; supplied by whoever knows the readers."""


@dataclass(frozen=True, slots=True)
class Reread:
    """One leaf read back from the archive."""

    record: EvidenceRecord
    kind: str
    """As in the log."""

    row: dict[str, Any]
    warc: WarcRecord


def entries_from(files: LogFiles, first: int) -> Iterator[tuple[int, Entry]]:
    """Yield (index, entry) from a leaf on, with where its members lie."""
    lines = zip(files.lines(files.entries), files.lines(files.index), strict=False)
    for number, (entry, line) in enumerate(islice(lines, first, None), start=first):
        file, offset, _ = read_place(line)
        yield number, Entry(Leaf.read(entry), file, offset)


def read_back(archive: Path, number: int, entry: Entry) -> Reread:
    """Return record and row of a leaf; raises FixityError where the archive does not hold it as sealed."""
    leaf, first = entry.leaf, entry.leaf.members[0]
    try:
        stored = record_at(archive / entry.file, entry.offset, first.length)
    except (MemberError, OSError) as exc:
        raise FixityError(first.id, sealed=first.sha256, found=f"nothing ({exc})") from exc
    content_type, etag, last_modified = _declared(leaf.kind, stored)
    failure = Failure(leaf.failure) if leaf.failure else None
    record = EvidenceRecord(
        id=RecordId(first.id),
        agency=AgencyCode(leaf.agency),
        source=SourceKey(leaf.source),
        run=RunId(leaf.run),
        url=leaf.url,
        method=_method(archive, entry, stored),
        captured_at=instant_of(leaf.fetched_at),
        kind=leaf.kind,
        status=leaf.status,
        failure=failure,
        content_type=content_type,
        etag=etag,
        last_modified=last_modified,
        body_sha256=first.payload_sha256,
        refers_to=RecordId(stored.field("warc-refers-to").strip("<>")) if leaf.kind == "revisit" else None,
        leaf=number,
    )
    wire = sha256(stored.wire()).hexdigest() if leaf.kind == "response" else ""
    row = RecordRow.values(
        record,
        kind=leaf.kind,
        place=(entry.file, entry.offset, first.length),
        wire_sha256=wire,
        unread=leaf.kind in READ_AGAIN,
    )
    return Reread(record, leaf.kind, row, stored)


def read_gone(number: int, entry: Entry) -> Reread:
    """Return record and row of a leaf whose record was taken out: what the log says, and no more."""
    leaf, first = entry.leaf, entry.leaf.members[0]
    record = EvidenceRecord(
        id=RecordId(first.id),
        agency=AgencyCode(leaf.agency),
        source=SourceKey(leaf.source),
        run=RunId(leaf.run),
        url=leaf.url,
        captured_at=instant_of(leaf.fetched_at),
        kind=leaf.kind,
        status=leaf.status,
        body_sha256=first.payload_sha256,
        leaf=number,
    )
    row = RecordRow.values(record, kind=leaf.kind, place=(entry.file, entry.offset, 0))
    return Reread(record, "gone", row, WarcRecord((), b""))


def _declared(kind: str, stored: WarcRecord) -> tuple[str, str, str]:
    """Return content type, etag and last-modified as the record shows them."""
    if kind not in ("response", "revisit"):
        return stored.field("content-type"), "", ""
    headers: dict[str, str] = {}
    for name, value in stored.http()[1]:
        headers.setdefault(name.casefold(), plain(value))
    return headers.get("content-type", ""), headers.get("etag", ""), headers.get("last-modified", "")


def _method(archive: Path, entry: Entry, stored: WarcRecord) -> str:
    if entry.leaf.kind == "failure":
        return failure_of(stored.block)["method"]
    offset = entry.offset
    for member in entry.leaf.members:
        if member.type == "request":
            return record_at(archive / entry.file, offset, member.length).http()[0].partition(" ")[0]
        offset += member.length
    return "" if entry.leaf.kind == "warcinfo" else "GET"


def top_up(connection: Connection, files: LogFiles, archive: Path) -> int:
    """Add what the log holds and the catalogue does not; return the number of leaves added.

    What pages showed is not among it: such records are marked unread, and no later request is conditional on
    them, until `read_again`.
    """
    newest = connection.execute(select(func.max(RECORD.c.leaf))).scalar()
    first = 0 if newest is None else newest + 1
    added = 0
    group: list[Reread] = []
    layout = Layout.of(files, archive)
    for number, entry in entries_from(files, first):
        gone = layout.is_gone(entry.leaf, entry.file)
        group.append(read_gone(number, entry) if gone else read_back(archive, number, entry))
        added += 1
        if len(group) == GROUP:
            _add(connection, group)
            group = []
    _add(connection, group)
    return added


def read_again(connection: Connection, archive: Path, reread: Reader) -> int:
    """Add what readers see in the records brought back by `top_up`; return their number."""
    done = 0
    while (
        rows := connection.execute(select(RECORD).where(RECORD.c.unread).order_by(RECORD.c.leaf).limit(GROUP))
        .mappings()
        .all()
    ):
        seen: list[dict[str, Any]] = []
        for row in rows:
            stored = _stored(archive, row)
            observations = reread(record_of(row), stored.payload())
            seen.extend(
                ObservationRow.values(o, row["leaf"])
                for o in observations
                if o.kind not in SEALED_WITH_A_VISIT
            )
            conditional = row["status"] == 200 and bool(row["etag"] or row["last_modified"])
            whole = not stored.field("warc-truncated")
            connection.execute(
                update(RECORD)
                .where(RECORD.c.leaf == row["leaf"])
                .values(unread=False, conditional=conditional and whole)
            )
        add(connection, ObservationRow, seen)
        done += len(rows)
    return done


def _stored(archive: Path, row: RowMapping) -> WarcRecord:
    try:
        return record_at(archive / row["file"], row["offset"], row["length"])
    except (MemberError, OSError) as exc:
        raise FixityError(row["id"], sealed=row["body_sha256"], found=f"nothing ({exc})") from exc


def _add(connection: Connection, group: list[Reread]) -> None:
    for item in group:
        if item.kind == "revisit":
            _complete_revisit(connection, group, item)
    add(connection, RecordRow, [item.row for item in group])
    for item in group:
        _add_act(connection, item)


def _complete_revisit(connection: Connection, group: list[Reread], item: Reread) -> None:
    """Give a revisit what its own headers left unsaid and the record it refers to says."""
    former: Any = next((other.row for other in group if other.record.id == item.record.refers_to), None)
    if former is None:
        query = select(RECORD).where(RECORD.c.id == item.record.refers_to)
        found = connection.execute(query).mappings().first()
        if found is None:
            raise LogError(f"record {item.record.id} refers to one that the log does not hold")
        former = dict(found)
    item.row["wire_sha256"] = former["wire_sha256"]
    for name in ("content_type", "etag", "last_modified"):
        item.row[name] = item.row[name] or former[name]


def _add_act(connection: Connection, item: Reread) -> None:
    """Add the rows of a sealed act beside its record."""
    leaf = item.row["leaf"]
    match item.kind:
        case "warcinfo":
            run = _run_of(item)
            known = select(RUN.c.id).where(RUN.c.id == run.id)
            if connection.execute(known).first() is None:
                connection.execute(insert(RunRow).values(RunRow.of(run).model_dump()))
        case "visit":
            report, observations = load_visit(item.warc.block, item.record.id)
            add(connection, VisitRow, [VisitRow.values(report, leaf)])
            rows = [ObservationRow.values(o, _leaf_seen(connection, o, leaf)) for o in observations]
            add(connection, ObservationRow, rows)
        case "figures":
            submission = load_submission(item.warc.block)
            add(connection, SubmissionRow, [SubmissionRow.of(submission, leaf).model_dump()])
        case "claim":
            said = json.loads(item.warc.block)
            row = {
                "leaf": leaf,
                "schedule": said["schedule"],
                "fire_at": instant_of(said["fire_at"]),
                "claimed_at": instant_of(said["claimed_at"]),
            }
            add(connection, ClaimRow, [row])
        case _:
            pass  # fetched pages and kept files have their record's row alone


def _leaf_seen(connection: Connection, observation: Observation, account: int) -> int:
    """Return the leaf of the record in which it was seen; what a visit says of itself is its account's."""
    if observation.kind not in SEALED_WITH_A_VISIT:
        return account
    query = select(RECORD.c.leaf).where(RECORD.c.id == observation.seen.record)
    found: int | None = connection.execute(query).scalar()
    return account if found is None else found


def _run_of(item: Reread) -> Run:
    lines = (line.partition(": ") for line in item.warc.block.decode().splitlines())
    said = {name: value for name, _, value in lines}
    return Run(
        id=item.record.run,
        began_at=instant_of(said["minhchung-run-began"]),
        note=said["minhchung-run-note"],
    )


def distrust_unfinished(connection: Connection) -> None:
    """After a crash: what an unfinished visit fetched and nobody read is to be fetched whole again."""
    finished = select(VISIT.c.leaf).where(
        VISIT.c.agency == RECORD.c.agency, VISIT.c.run == RECORD.c.run, VISIT.c.source == RECORD.c.source
    )
    read = select(OBSERVATION.c.seq).where(OBSERVATION.c.record == RECORD.c.leaf)
    connection.execute(
        update(RECORD)
        .where(RECORD.c.conditional, ~finished.exists(), ~read.exists())
        .values(conditional=False)
    )
