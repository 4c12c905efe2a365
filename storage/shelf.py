"""The shelf: everything sealed and read about one agency, taken from the catalogue up to a freeze."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

from pydantic_core import from_json
from sqlalchemy import Connection, RowMapping, Select, and_, or_, select

from minhchung.agencies import PROVINCE, Agency
from minhchung.evidence import AgencyCode, EvidenceRecord, Failure, RecordId, RunId, SourceKey
from minhchung.holdings import Holdings, VisitReport
from minhchung.observations import ListCapture, Observation, Walk
from minhchung.observed import OF_A_VISIT
from minhchung.submissions import OwnerFigure, Submission
from storage.codec import load, load_report, load_submission, unpack
from storage.tables import OBSERVATION, RECORD, SUBMISSION, VISIT, record_of

T = TypeVar("T")

COMPLETE_ENDS: Final = frozenset({"no-next", "short-page", "total", "older", "known-run"})
"""Ends by which a capture of a list stops of itself."""

LEANING_ENDS: Final = frozenset({"older", "known-run"})
"""Ends after which the rest of a newest-first list is not asked for."""


def holdings(connection: Connection, agency: Agency, until: datetime | None) -> Holdings:
    """Return what is held of an agency; nothing captured or imported after `until` is in it."""
    records = list(_rows(connection, _records_query(agency.code, until)))
    submissions = list(submissions_of(connection, (agency.code, PROVINCE), until))
    visits = tuple(_visits(connection, agency.code, until))
    observations = tuple(_observations(connection, agency.code, records))
    own = [submission for submission in submissions if submission.agency == agency.code]
    submitted = own[-1].figures if own else ()
    owner_figures = tuple(
        figure for figure in _owner_figures_in_force(submissions) if figure.agency == agency.code
    )
    referred = _referred(visits, observations)
    return Holdings(
        agency=agency,
        visits=visits,
        observations=observations,
        records={RecordId(row["id"]): record_of(row) for row in records if row["id"] in referred},
        submitted=submitted,
        owner_figures=owner_figures,
    )


def _rows(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    yield from connection.execute(query).mappings()


def _records_query(agency: AgencyCode, until: datetime | None) -> Select[Any]:
    table = RECORD
    query = select(table).where(table.c.agency == agency).order_by(table.c.run, table.c.leaf)
    return query if until is None else query.where(table.c.captured_at <= until)


def _visits(connection: Connection, agency: AgencyCode, until: datetime | None) -> Iterator[VisitReport]:
    table = VISIT
    query = (
        select(table.c.payload, table.c.record)
        .where(table.c.agency == agency)
        .order_by(table.c.began_at, table.c.leaf)
    )
    for payload, record in connection.execute(query):
        report = load_report(unpack(payload), RecordId(record))
        if until is None or report.ended_at <= until:
            yield report


def visits_of(connection: Connection, agency: AgencyCode, source: SourceKey) -> Iterator[VisitReport]:
    """Yield the accounts of visits to one source, oldest first."""
    table = VISIT
    query = (
        select(table.c.payload, table.c.record)
        .where(table.c.agency == agency, table.c.source == source)
        .order_by(table.c.began_at, table.c.leaf)
    )
    for payload, record in connection.execute(query):
        yield load_report(unpack(payload), RecordId(record))


def accounts(connection: Connection, until: datetime | None) -> Iterator[VisitReport]:
    """Yield the accounts of every visit to anybody that ended by `until`, oldest first."""
    table = VISIT
    query = select(table.c.payload, table.c.record).order_by(table.c.began_at, table.c.leaf)
    for payload, record in connection.execute(query):
        report = load_report(unpack(payload), RecordId(record))
        if until is None or report.ended_at <= until:
            yield report


def _observations(
    connection: Connection, agency: AgencyCode, records: Iterable[Any]
) -> Iterator[Observation]:
    """Yield observations in the order of their records; a revisit repeats those it refers to."""
    held: dict[int, list[tuple[str, Observation]]] = {}
    for leaf, kind, payload in connection.execute(_observations_query(agency)):
        held.setdefault(leaf, []).append((kind, load(kind, unpack(payload))))
    return _in_order(held, records, lambda observation, row: repeated(observation, record_of(row)))


def said_of(connection: Connection, agency: AgencyCode, until: datetime | None) -> Sequence[dict[str, Any]]:
    """Return the observations of `holdings`, in its order, as JSON of the version that read them."""
    held: dict[int, list[tuple[str, dict[str, Any]]]] = {}
    for leaf, kind, payload in connection.execute(_observations_query(agency)):
        held.setdefault(leaf, []).append((kind, from_json(unpack(payload))))
    return list(_in_order(held, list(_rows(connection, _records_query(agency, until))), _said_again))


def _said_again(said: dict[str, Any], row: Any) -> dict[str, Any]:
    return {**said, "run": row["run"], "seen": {**said["seen"], "record": row["id"]}}


def _observations_query(agency: AgencyCode) -> Select[Any]:
    table, record = OBSERVATION, RECORD
    return (
        select(table.c.record, table.c.kind, table.c.payload)
        .join(record, record.c.leaf == table.c.record)
        .where(record.c.agency == agency)
        .order_by(table.c.seq)
    )


def _in_order(
    held: Mapping[int, Sequence[tuple[str, T]]], records: Iterable[Any], again: Callable[[T, Any], T]
) -> Iterator[T]:
    """Yield what is held by leaf in the order of the records; `again` is how a revisit shows it."""
    leaves: dict[str, int] = {}
    for row in records:
        leaves[row["id"]] = row["leaf"]
        for _, seen in held.get(row["leaf"], ()):
            yield seen
        if row["kind"] != "revisit":
            continue
        for kind, seen in held.get(leaves.get(row["refers_to"], -1), ()):
            if kind not in OF_A_VISIT:
                yield again(seen, row)


def repeated(observation: Observation, revisit: EvidenceRecord) -> Observation:
    """Return an observation as a revisit shows it again."""
    return replace(observation, run=revisit.run, seen=replace(observation.seen, record=revisit.id))


def _referred(visits: Iterable[VisitReport], observations: Iterable[Observation]) -> set[str]:
    wanted: set[str] = {visit.record for visit in visits if visit.record is not None}
    for observation in observations:
        wanted.add(observation.seen.record)
        match observation:
            case ListCapture(pages=pages):
                wanted.update(pages)
            case Walk(pages=steps):
                wanted.update(step.record for step in steps if step.record is not None)
            case _:
                pass
    return wanted


def submissions_of(
    connection: Connection, agencies: Sequence[AgencyCode] = (), until: datetime | None = None
) -> Iterator[Submission]:
    """Yield these agencies' submissions in the order of their import; nobody named asks for everybody's."""
    table = SUBMISSION
    query = select(table.c.payload).order_by(table.c.leaf)
    if agencies:
        query = query.where(table.c.agency.in_(agencies))
    if until is not None:
        query = query.where(table.c.imported_at <= until)
    for (payload,) in connection.execute(query):
        yield load_submission(unpack(payload))


def _owner_figures_in_force(submissions: Iterable[Submission]) -> Iterator[OwnerFigure]:
    """Yield owners' figures; a newer workbook of the same owner and period replaces the older one whole."""
    newest: dict[tuple[str, object, object], Submission] = {}
    for submission in submissions:
        for figure in submission.owner_figures:
            newest[figure.owner, figure.first, figure.last] = submission
    for submission in dict.fromkeys(newest.values()):
        for figure in submission.owner_figures:
            if newest[figure.owner, figure.first, figure.last] is submission:
                yield figure


def complete(capture: ListCapture, *, after_complete: bool) -> bool:
    """Say whether a capture saw its whole list; `after_complete`: an earlier one did."""
    if capture.ended not in COMPLETE_ENDS or capture.failed_pages or not capture.required_text:
        return False
    if capture.ended == "known-run" and not after_complete:
        return False
    if capture.ended in LEANING_ENDS:
        return capture.newest_first
    if not capture.identities:
        return capture.empty_marker
    return capture.declared_total in (None, len(capture.identities))


def captures_of(connection: Connection, agency: AgencyCode, list_url: str) -> Iterator[ListCapture]:
    """Yield the complete captures of a list, oldest first."""
    table = OBSERVATION
    query = (
        select(table.c.payload)
        .where(table.c.agency == agency, table.c.kind == "list_capture", table.c.key == list_url)
        .order_by(table.c.seq)
    )
    found = False
    for (payload,) in connection.execute(query):
        capture = load("list_capture", unpack(payload))
        if isinstance(capture, ListCapture) and complete(capture, after_complete=found):
            found = True
            yield capture


def observations_in(connection: Connection, leaf: int) -> Iterator[Observation]:
    """Yield what readers saw in the record of a leaf."""
    table = OBSERVATION
    query = select(table.c.kind, table.c.payload).where(table.c.record == leaf).order_by(table.c.seq)
    for kind, payload in connection.execute(query):
        yield load(kind, unpack(payload))


def answered(connection: Connection, agency: AgencyCode, source: str) -> frozenset[str]:
    """Return the addresses that were answered below 400, routes that a browser showed among them.

    What answered with scripts alone, and no browser has shown since, is not among them.
    """
    table = RECORD
    asked = and_(table.c.kind.in_(("response", "revisit")), table.c.status < 400)
    routed = and_(table.c.kind == "dom-snapshot", table.c.url.contains("#", autoescape=True))
    query = (
        select(table.c.url)
        .where(table.c.agency == agency, table.c.source == source)
        .where(or_(asked, routed))
        .distinct()
    )
    found = frozenset(url for (url,) in connection.execute(query))
    mine = select(table.c.url).where(table.c.agency == agency, table.c.source == source).distinct()
    unseen = mine.where(table.c.kind == "failure", table.c.failure == Failure.NO_BROWSER.value)
    missing = {url for (url,) in connection.execute(unseen)}
    if missing:
        missing -= {url for (url,) in connection.execute(mine.where(table.c.kind == "dom-snapshot"))}
    return found - missing


def kept(connection: Connection, agency: AgencyCode, kinds: tuple[str, ...]) -> tuple[Observation, ...]:
    """Return an agency's observations of these kinds, oldest first; revisits repeat nothing here."""
    query = (
        select(OBSERVATION.c.kind, OBSERVATION.c.payload)
        .join(RECORD, RECORD.c.leaf == OBSERVATION.c.record)
        .where(RECORD.c.agency == agency, OBSERVATION.c.kind.in_(kinds))
        .order_by(OBSERVATION.c.seq)
    )
    return tuple(load(kind, unpack(payload)) for kind, payload in connection.execute(query))


def conditional_rows(connection: Connection, agency: AgencyCode) -> Sequence[RowMapping]:
    """Return the rows that conditional requests may be made on, oldest first."""
    table = RECORD
    query = select(table).where(table.c.agency == agency, table.c.conditional).order_by(table.c.leaf)
    return connection.execute(query).mappings().all()


def observed_in(connection: Connection, agency: str, run: RunId, source: SourceKey) -> Sequence[RowMapping]:
    """Return the rows of what was seen in the records of a run; its visits' own accounts are not among it."""
    query = (
        select(OBSERVATION)
        .join(RECORD, RECORD.c.leaf == OBSERVATION.c.record)
        .where(RECORD.c.run == run, OBSERVATION.c.run == run, OBSERVATION.c.agency == agency)
        .where(RECORD.c.source == source, RECORD.c.kind != "visit")
    )
    return connection.execute(query).mappings().all()
