"""The catalogue against the log: row by row, in step with the audit's walk.

Plain SQL: loading the ORM would cost more than all of the comparison.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

from minhchung.errors import StorageError, UsageError
from minhchung.evidence import RecordId
from storage.faults import Fault, fault
from storage.home import Home
from storage.leaf import Leaf
from storage.sqlite_file import open_rows, refusal

Row = tuple[Any, ...]

COLUMNS: Final = (
    "leaf", "id", "agency", "source", "run", "url", "kind", "status", "failure", "body_sha256", "length",
    "file", "offset", "captured_at",
)  # fmt: skip
"""What a leaf says of its row; an instant as SQLite keeps it."""

ROWS: Final = (
    "SELECT leaf, id, agency, source, run, url, kind, status, failure, body_sha256, length, file, offset,"
    " captured_at FROM record WHERE leaf >= ? AND leaf < ? ORDER BY leaf"
)
NEWEST: Final = "SELECT max(leaf) FROM record"
BEYOND: Final = "SELECT leaf FROM record WHERE leaf < 0 OR leaf >= ? ORDER BY leaf LIMIT 1"
ACTS: Final = {
    "visit": "SELECT payload FROM visit WHERE leaf = ?",
    "figures": "SELECT payload FROM submission WHERE leaf = ?",
}
"""By kind: where the catalogue repeats what was sealed."""

NO_ROW: Final[Row] = (-1,)
ANY: Final = object()
"""Stands for what cannot be said without the index."""


class RowsUnderAudit:
    """The catalogue's rows of some leaves, read in step with the log."""

    def __init__(self, home: Home, first: int, stop: int) -> None:
        self._home = home
        self._rows: Iterator[Row] = iter(())
        self.ahead: Row = NO_ROW
        """The next row."""

        self.newest = -1
        """The last leaf that has a row, anywhere in the catalogue; -1 where it cannot be read."""

        self.faults: list[Fault] = []
        try:
            self._connection: sqlite3.Connection | None = open_rows(home.catalogue)
        except (StorageError, UsageError):
            self._connection = None  # `check_catalogue` says so
            return
        try:
            newest = self._connection.execute(NEWEST).fetchone()[0]
            self._rows = self._connection.execute(ROWS, (first, stop))
        except sqlite3.Error as exc:
            self._give_up(exc)
            return
        self.newest = newest if newest is not None else -1
        self.advance()

    def advance(self) -> None:
        """Go on to the next row, where there are any."""
        try:
            self.ahead = next(self._rows, NO_ROW)
        except sqlite3.Error as exc:
            self._give_up(exc)

    def compare(
        self, number: int, leaf: Leaf, place: tuple[str, int], gone: bool, block: bytes | None
    ) -> None:
        """Hold one leaf against its row, and what it seals (where that is sound) against the act's own."""
        if number > self.newest:
            return
        while NO_ROW[0] < self.ahead[0] < number:
            self.advance()  # the row of an entry that could not be read
        row = self.ahead
        where = f"{self._home.catalogue}: {leaf.members[0].id}"
        if row[0] != number:
            self.faults.append(fault("catalogue-row", where, ", ".join(COLUMNS)))
            return
        self.advance()
        pairs = zip(COLUMNS, row, columns_of(number, leaf, place, gone=gone), strict=True)
        wrong = [name for name, kept, said in pairs if kept != said and said is not ANY]
        if wrong or not self._act_agrees(number, leaf, block):
            self.faults.append(fault("catalogue-row", where, ", ".join(wrong)))

    def _act_agrees(self, number: int, leaf: Leaf, block: bytes | None) -> bool:
        """Say whether a visit's or workbook's row is what was sealed."""
        if block is None or leaf.kind not in ACTS or self._connection is None:
            return True
        from storage.codec import load_report, load_visit, unpack
        from storage.payloads import InflateError

        try:
            row = self._connection.execute(ACTS[leaf.kind], (number,)).fetchone()
            kept = unpack(row[0]) if row is not None else None
        except (sqlite3.Error, InflateError):
            return False
        if leaf.kind == "figures":
            return kept == block
        record = RecordId(leaf.members[0].id)
        try:
            # Both as this version reads them: the one that wrote either may have known fewer fields.
            return kept is not None and load_report(kept, record) == load_visit(block, record)[0]
        except ValueError:
            return False

    def _give_up(self, exc: sqlite3.Error) -> None:
        """Compare no more: the database cannot be read on."""
        self.newest, self.ahead, self._rows = -1, NO_ROW, iter(())
        self.faults.append(fault("catalogue", self._home.catalogue, str(refusal(self._home.catalogue, exc))))

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()


def columns_of(number: int, leaf: Leaf, place: tuple[str, int], *, gone: bool) -> Row:
    """Return what a leaf says of its row, in the order of COLUMNS."""
    first, at, (file, offset) = leaf.members[0], leaf.fetched_at, place
    return (
        number,
        first.id,
        leaf.agency,
        leaf.source,
        leaf.run,
        leaf.url,
        leaf.kind,
        leaf.status,
        leaf.failure or None,
        first.payload_sha256,
        0 if gone else first.length,
        file or ANY,
        offset if file else ANY,
        f"{at[:10]} {at[11:26]}",
    )


def check_catalogue(home: Home, size: int, *, being_written: bool) -> Iterator[Fault]:
    """Yield what is wrong with the catalogue as a whole, beside a log of so many leaves."""
    if not home.catalogue.exists():
        yield fault("catalogue-missing", home.catalogue)
        return
    try:
        with closing(open_rows(home.catalogue)) as connection:
            newest = connection.execute(NEWEST).fetchone()[0]
            beyond = connection.execute(BEYOND, (size,)).fetchone()
    except (StorageError, UsageError) as exc:
        yield fault("catalogue", home.catalogue, str(exc))
        return
    except sqlite3.Error as exc:
        yield fault("catalogue", home.catalogue, str(refusal(home.catalogue, exc)))
        return
    behind = size - 1 - (newest if newest is not None else -1)
    if being_written:
        return
    if behind > 0:
        yield fault("catalogue-behind", home.catalogue, str(behind))
    if beyond is not None:
        yield fault("catalogue-ahead", home.catalogue, f"leaf {beyond[0]}")
