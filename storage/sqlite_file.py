"""A catalogue's file, opened for reading with nothing but the standard library."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from minhchung.errors import StorageError, UsageError

HEAD: Final = "0001"
"""Newest revision under `storage/migrations/versions`; a test holds it."""

BUSY_MILLISECONDS: Final = 10_000

UNREADABLE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""What SQLite says of a file that no room on the disk would mend."""


def is_writable(path: Path) -> bool:
    """Say whether SQLite can make what it keeps beside a database."""
    return os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)


def read_only(path: Path) -> sqlite3.Connection:
    """Open a database on a medium that cannot be written: SQLite cannot make its shared memory there.

    Nobody can change the file there either, but rows that wait in a write-ahead log must not be passed over.
    """
    waiting = path.with_name(f"{path.name}-wal")
    settled = not waiting.exists() or not waiting.stat().st_size
    address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if settled else ''}"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def open_rows(path: Path) -> sqlite3.Connection:
    """Open a catalogue of this version for plain queries; raises StorageError or UsageError."""
    if not path.exists():
        raise UsageError(f"{path}: is not there; run `minhchung check`, then rebuild the catalogue")
    connection = sqlite3.connect(path) if is_writable(path) else read_only(path)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        judge_revision(path, _revision(connection))
    except sqlite3.Error as exc:
        connection.close()
        raise refusal(path, exc) from exc
    except UsageError:
        connection.close()
        raise
    return connection


def _revision(connection: sqlite3.Connection) -> str | None:
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return str(found[0]) if found else None


def judge_revision(path: Path, found: str | None) -> None:
    """Raise UsageError for a catalogue that this version does not read as it is."""
    if found is not None and found > HEAD:
        raise UsageError(f"{path}: was written by a newer version; update this product to read it")
    if found != HEAD:
        raise UsageError(f"{path}: is of an older version; any command that writes brings it up to date")


def is_unreadable(exc: BaseException | None) -> bool:
    """Say whether SQLite took a file for no sound database."""
    return getattr(exc, "sqlite_errorcode", 0) & 0xFF in UNREADABLE


def refusal(path: Path, exc: BaseException | None) -> StorageError:
    """Return what SQLite refused, in one sentence."""
    remedy = "run `minhchung storage rebuild`" if is_unreadable(exc) else "make room, then run again"
    return StorageError(f"{path}: {exc}; what was sealed is safe: {remedy}")
