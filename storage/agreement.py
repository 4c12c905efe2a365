"""The catalogue against the log: row by row, in step with the audit's walk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from sqlalchemy import select

from minhchung.errors import StorageError, UsageError
from minhchung.evidence import RecordId
from storage.audit import Audited
from storage.catalogue import Catalogue
from storage.codec import dump, load_visit, unpack
from storage.faults import Fault, fault
from storage.home import Home
from storage.leaf import stamp
from storage.tables import RECORD, SUBMISSION, VISIT

ROWS_AHEAD = 1000
"""Rows fetched at once."""


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
        query = select(RECORD).order_by(RECORD.c.leaf).execution_options(yield_per=ROWS_AHEAD)
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
        if row.leaf == audited.number:
            self._ahead = next(self._rows, None)
        wrong = [name for name, said in _columns(audited).items() if getattr(row, name) != said]
        if stamp(row.captured_at) != audited.entry.leaf.fetched_at:
            wrong.append("captured_at")
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
                self.faults.append(fault("catalogue-ahead", self._home.catalogue, f"leaf {self._ahead.leaf}"))
        self._stack.close()


def _columns(audited: Audited) -> dict[str, Any]:
    """Return what a leaf says of its row."""
    leaf, first = audited.entry.leaf, audited.entry.leaf.members[0]
    said: dict[str, Any] = {
        "leaf": audited.number,
        "id": first.id,
        "agency": leaf.agency,
        "source": leaf.source,
        "run": leaf.run,
        "url": leaf.url,
        "kind": leaf.kind,
        "status": leaf.status,
        "failure": leaf.failure or None,
        "body_sha256": first.payload_sha256,
        "length": 0 if audited.gone else first.length,
    }
    if audited.entry.file:
        said |= {"file": audited.entry.file, "offset": audited.entry.offset}
    return said
