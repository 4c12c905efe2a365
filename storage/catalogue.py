"""The catalogue: a SQLite database derived from archive and log, for quick answers.

Commits come after the log's, so the catalogue never knows more than the log; a crash can leave it behind, and
then it is topped up. Deleting it loses nothing that `storage.rebuild` cannot bring back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from minhchung.errors import StorageError, UsageError
from storage.tables import Table

HEAD: Final = "0001"
"""Newest revision under `storage/migrations/versions`; a test holds it."""

BUSY_MILLISECONDS: Final = 10_000
BATCH: Final = 500
"""Rows a statement, at most."""


class Catalogue:
    """An open catalogue."""

    def __init__(self, path: Path, *, writer: bool) -> None:
        self._path = path
        if not writer and not path.exists():
            raise UsageError(f"{path}: is not there; run `minhchung check`, then rebuild the catalogue")
        self._engine: Engine = create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", _writing if writer else _reading)
        with self.refusals():
            self._migrate(writer=writer)

    def _migrate(self, *, writer: bool) -> None:
        with self._engine.connect() as connection:
            found = _revision(connection)
        if found == HEAD:
            return
        if found is not None and found > HEAD:
            raise UsageError(f"{self._path}: was written by a newer version; update this product to read it")
        if not writer:
            raise UsageError(
                f"{self._path}: is of an older version; any command that writes brings it up to date"
            )
        with self._engine.connect() as connection:
            upgrade(connection)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn what the database refuses into one sentence."""
        try:
            yield
        except DBAPIError as exc:
            raise StorageError(
                f"{self._path}: {exc.orig}; what was sealed is safe: make room, then run again"
            ) from exc

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for queries."""
        with self.refusals(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session for reading rows as table objects."""
        with self.refusals(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose statements are committed together at the end."""
        with self.refusals(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def add(connection: Connection, table: type[Table], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows in bulk: the ORM costs ten times as much."""
    for start in range(0, len(rows), BATCH):
        connection.execute(insert(table), list(rows[start : start + BATCH]))


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring a database to a revision of the schema."""
    from alembic import command

    command.upgrade(alembic_config(connection), revision)
    connection.commit()


def alembic_config(connection: Connection) -> Any:
    """Return alembic's configuration: the scripts lie beside us, in a checkout as in a wheel."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _writing(raw: Any, _record: object) -> None:
    cursor = raw.cursor()
    # A page as read is packed into about 4 kB: SQLite's own page size wastes a sixth of the file.
    cursor.execute("PRAGMA page_size = 16384")
    cursor.execute("PRAGMA journal_mode = WAL")
    # The log is what must survive; after a power cut the catalogue is topped up from it.
    cursor.execute("PRAGMA synchronous = NORMAL")
    _common(cursor)


def _reading(raw: Any, _record: object) -> None:
    cursor = raw.cursor()
    cursor.execute("PRAGMA query_only = ON")
    _common(cursor)


def _common(cursor: Any) -> None:
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
