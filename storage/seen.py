"""What readers saw, as it was sealed with every visit, against the catalogue's rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import from_json
from sqlalchemy import Connection, func, select

from minhchung.errors import StorageError, UsageError
from minhchung.evidence import RecordId
from minhchung.observed import IN_ACCOUNTS, Observed, key_of, mark_of
from storage.catalogue import Catalogue
from storage.codec import dump, load, load_visit, unpack
from storage.faults import Fault, fault
from storage.home import Home
from storage.observed import mark_of_row
from storage.payloads import InflateError
from storage.rereading import SEALED_WITH_A_VISIT
from storage.tables import OBSERVATION, RECORD

ANYWHERE: Final = -1
"""Stands for the leaf where it does not matter."""

Key = tuple[str, str, str]
"""Agency, run, source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedVisit:
    """What one sealed account says of observations."""

    leaf: int
    key: Key
    observed: Observed | None
    """None: sealed by a version that counted nothing."""

    seed: bytes
    """The secret under which it counted; empty where it had none, or where that cannot be read."""

    own: Observed
    probes: frozenset[bytes]
    """Marks, wherever it was seen, of what was sealed with the visit and stands at other records."""


def sealed_visit(leaf: int, record: str, block: bytes, seed: bytes) -> SealedVisit:
    """Return what the sealed account of a visit, with the secret beside it, says of observations."""
    report, observations = load_visit(block, RecordId(record))
    said = [(o.kind, key_of(o), dump(o)) for o in observations]
    return SealedVisit(
        leaf=leaf,
        key=(report.agency, report.run, report.source),
        observed=Observed.read(from_json(block).get("observations")),
        seed=seed,
        own=Observed.of(mark_of(leaf, *each) for each in said if each[0] in IN_ACCOUNTS),
        probes=frozenset(mark_of(ANYWHERE, *each) for each in said if each[0] in SEALED_WITH_A_VISIT),
    )


class ObservationsUnderAudit:
    """Holds the catalogue against what was sealed with the visits."""

    def __init__(self, home: Home, visits: Iterable[SealedVisit], gone: Set[Key]) -> None:
        self._home = home
        visits = sorted(visits, key=lambda visit: visit.leaf)
        self._visits = {visit.leaf: visit for visit in visits}
        self._gone = gone
        """Of whose observations some were taken out with their records, by an act that the log holds."""

        self._last = {visit.key: visit for visit in visits}
        self._seen: dict[Key, list[bytes]] = defaultdict(list)
        self._own: dict[int, list[bytes]] = defaultdict(list)
        self._probes: set[bytes] = set()

    def faults(self) -> Iterator[Fault]:
        """Yield what differs; a catalogue that cannot be read is named elsewhere."""
        if not self._visits or not self._home.catalogue.exists():
            return
        try:
            catalogue = Catalogue(self._home.catalogue, writer=False)
            try:
                with catalogue.reading() as connection:
                    newest = connection.execute(select(func.max(RECORD.c.leaf))).scalar()
                    unread = _unread(connection)
                    self._count(connection)
            finally:
                catalogue.close()
        except (StorageError, UsageError):
            return
        for key in sorted(unread):
            yield fault("observations-unread", self._where(key))
        for visit in self._visits.values():
            # What the catalogue is behind by is no fault; what was taken out or is unread cannot be counted.
            if newest is not None and visit.leaf <= newest:
                yield from self._one(
                    visit, countable=visit.key not in unread, last=self._last[visit.key] is visit
                )

    def _count(self, connection: Connection) -> None:
        """Take the marks of all rows; a row that cannot be unpacked has a mark that nothing sealed has."""
        table = OBSERVATION.c
        query = (
            select(
                table.record, table.agency, table.run, table.kind, table.key, table.payload,
                RECORD.c.source, RECORD.c.kind.label("seen_in"),
            )
            .join(RECORD, RECORD.c.leaf == table.record)
            .execution_options(yield_per=1000)
        )  # fmt: skip
        for row in connection.execute(query).mappings():
            if row["kind"] in SEALED_WITH_A_VISIT:
                self._probes.add(_mark_today(row, ANYWHERE))
            if row["seen_in"] != "visit":
                key = (row["agency"], row["run"], row["source"])
                self._seen[key].append(_mark(row, self._last[key].seed if key in self._last else b""))
            elif row["kind"] in IN_ACCOUNTS:
                self._own[row["record"]].append(_mark_today(row, row["record"]))

    def _one(self, visit: SealedVisit, *, countable: bool, last: bool) -> Iterator[Fault]:
        where = self._where(visit.key)
        own = Observed.of(self._own.get(visit.leaf, ()))
        if own != visit.own:
            yield fault("observations-differ", where, f"lists and walk: {visit.own} | {own}")
        lost = visit.probes - self._probes
        if lost and not any(gone[:2] == visit.key[:2] for gone in self._gone):
            yield fault("observations-differ", where, f"handshakes, files and probes: {len(lost)}")
        if visit.key in self._gone or not countable or not last or visit.observed is None:
            return
        if visit.observed.is_blinded and not visit.seed:
            return  # the record that holds the secret is damaged or gone, and named elsewhere
        found = Observed.of(self._seen.get(visit.key, ()), is_blinded=visit.observed.is_blinded)
        if found != visit.observed:
            yield fault("observations-differ", where, f"{visit.observed} | {found}")

    def _where(self, key: Key) -> str:
        return f"{self._home.catalogue}: {', '.join(key)}"


def _mark(row: Any, seed: bytes) -> bytes:
    """Return a row's mark over its JSON as it was kept."""
    try:
        return mark_of_row(row, seed)
    except InflateError:
        return b""


def _mark_today(row: Any, leaf: int) -> bytes:
    """Return a row's mark over its JSON as this version writes it, which may know more fields.

    What stands word for word in an account is read by this version too, so the two can be compared.
    """
    try:
        said = dump(load(row["kind"], unpack(row["payload"])))
    except (InflateError, ValueError, KeyError):
        return b""
    return mark_of(leaf, row["kind"], row["key"], said)


def _unread(connection: Connection) -> set[Key]:
    columns = (RECORD.c.agency, RECORD.c.run, RECORD.c.source)
    query = select(*columns).where(RECORD.c.unread).distinct()
    return {(agency, run, source) for agency, run, source in connection.execute(query)}
