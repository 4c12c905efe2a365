"""The catalogue against the log: row by row, in step with the audit's walk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Final

from sqlalchemy import ColumnElement, String, select, type_coerce

from minhchung.errors import StorageError, UsageError
from minhchung.evidence import RecordId
from storage.audit import Audited
from storage.catalogue import Catalogue
from storage.codec import dump, load_visit, unpack
from storage.faults import Fault, fault
from storage.home import Home
from storage.tables import RECORD, SUBMISSION, VISIT

ROWS_AHEAD: Final = 1000
"""Rows fetched at once."""

COLUMNS: Final = (
    "leaf", "id", "agency", "source", "run", "url", "kind", "status", "failure", "body_sha256", "length",
    "file", "offset", "captured_at",
)  # fmt: skip
"""What a leaf says of its row."""

ANY: Final = object()
"""Stands for what cannot be said without the index."""


class CatalogueUnderAudit:
    """The catalogue's rows, read in step with the log."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._rows: Iterator[Any] = iter(())
        self._acts: dict[int, bytes] = {}
        self._stack = ExitStack()
        self._ahead: Any = None
        self._behind = 0
        self.faults: list[Fault] = []
        self.readable = False
        if not home.catalogue.exists():
            self.faults.append(fault("catalogue-missing", home.catalogue))
            return
        try:
            self._open()
            self.readable = True
        except (StorageError, UsageError) as exc:
            self.faults.append(fault("catalogue", home.catalogue, str(exc)))

    def _open(self) -> None:
        catalogue = Catalogue(self._home.catalogue, writer=False)
        self._stack.callback(catalogue.close)
        connection = self._stack.enter_context(catalogue.reading())
        for table in (VISIT, SUBMISSION):
            for leaf, payload in connection.execute(select(table.c.leaf, table.c.payload)):
                self._acts[leaf] = payload
        columns: list[ColumnElement[Any]] = [RECORD.c[name] for name in COLUMNS]
        # As SQLite keeps it: parsing an instant to print it again would cost a third of the comparison.
        columns[-1] = type_coerce(RECORD.c.captured_at, String)
        query = select(*columns).order_by(RECORD.c.leaf).execution_options(yield_per=ROWS_AHEAD)
        self._rows = iter(connection.execute(query))
        self._ahead = next(self._rows, None)

    def compare(self, audited: Audited) -> None:
        """Hold one leaf against its row."""
        if not self.readable:
            return
        row = self._ahead
        if row is None:
            self._behind += 1
            return
        if row[0] == audited.number:
            self._ahead = next(self._rows, None)
        said = _columns(audited)
        if tuple(row) == said and self._act_agrees(audited):
            return
        wrong = [name for name, a, b in zip(COLUMNS, row, said, strict=True) if a != b and b is not ANY]
        if wrong or not self._act_agrees(audited):
            where = f"{self._home.catalogue}: {audited.entry.leaf.members[0].id}"
            self.faults.append(fault("catalogue-row", where, ", ".join(wrong)))

    def _act_agrees(self, audited: Audited) -> bool:
        """Say whether a visit's or workbook's row is what was sealed."""
        kind, record = audited.entry.leaf.kind, audited.record
        if record is None or kind not in ("visit", "figures"):
            return True
        payload = self._acts.get(audited.number)
        if payload is None:
            return False
        if kind == "figures":
            return unpack(payload) == record.block
        return unpack(payload) == dump(load_visit(record.block, RecordId(record.id))[0])

    def end(self, *, being_written: bool) -> None:
        """Say what is left over on either side, and let go."""
        if self.readable and not being_written:
            if self._behind:
                self.faults.append(fault("catalogue-behind", self._home.catalogue, str(self._behind)))
            if self._ahead is not None:
                self.faults.append(fault("catalogue-ahead", self._home.catalogue, f"leaf {self._ahead[0]}"))
        self._stack.close()


def _columns(audited: Audited) -> tuple[Any, ...]:
    """Return what a leaf says of its row, in the order of COLUMNS."""
    leaf, entry, at = audited.entry.leaf, audited.entry, audited.entry.leaf.fetched_at
    first = leaf.members[0]
    return (
        audited.number,
        first.id,
        leaf.agency,
        leaf.source,
        leaf.run,
        leaf.url,
        leaf.kind,
        leaf.status,
        leaf.failure or None,
        first.payload_sha256,
        0 if audited.gone else first.length,
        entry.file or ANY,
        entry.offset if entry.file else ANY,
        f"{at[:10]} {at[11:26]}",
    )
