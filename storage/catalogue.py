"""The catalogue: a SQLite database derived from archive and log, for quick answers.

Commits come after the log's, so the catalogue never knows more than the log; a crash can leave it behind, and
then it is topped up. Deleting it loses nothing that `storage.rebuild` cannot bring back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from minhchung.errors import UsageError
from storage.sqlite_file import (
    BUSY_MILLISECONDS,
    HEAD,
    is_unreadable,
    is_writable,
    judge_revision,
    read_only,
    refusal,
)
from storage.tables import Table, UtcDateTime, as_kept

NEEDED: Final = frozenset(Table.metadata.tables)
"""Tables without which a catalogue is half made."""

BATCH: Final = 500
"""Rows a statement, at most."""


class Catalogue:
    """An open catalogue."""

    def __init__(self, path: Path, *, writer: bool) -> None:
        self._path = path
        if not writer and not path.exists():
            raise UsageError(f"{path}: is not there; run `minhchung check`, then rebuild the catalogue")
        if writer and self._is_spoilt():
            # Nothing is lost: whoever opens the log next to it fills the new one from log and archive.
            remove(path)
        self._engine = _engine(path, writer=writer)
        with self.refusals():
            self._migrate(writer=writer)

    def _is_spoilt(self) -> bool:
        """Say whether the file is half made or no database, so that nothing can be asked of it."""
        if not self._path.exists():
            return False
        engine = _engine(self._path, writer=False)
        try:
            with engine.connect() as connection:
                tables = set(inspect(connection).get_table_names())
                return bool(tables) and (_revision(connection) is None or not tables >= NEEDED)
        except DBAPIError as exc:
            if is_unreadable(exc.orig):
                return True
            raise refusal(self._path, exc.orig) from exc
        finally:
            engine.dispose()

    def _migrate(self, *, writer: bool) -> None:
        with self._engine.connect() as connection:
            found = _revision(connection)
        if found == HEAD:
            return
        if not writer or (found is not None and found > HEAD):
            judge_revision(self._path, found)
        with self._engine.connect() as connection:
            (create if found is None else upgrade)(connection)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn what the database refuses into one sentence."""
        try:
            yield
        except DBAPIError as exc:
            raise refusal(self._path, exc.orig) from exc

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
    """Insert rows of equal columns in bulk, in SQLite's own words: the ORM costs ten times as much."""
    if not rows:
        return
    kept, names = Table.metadata.tables[str(table.__tablename__)], list(rows[0])
    instants = [place for place, name in enumerate(names) if isinstance(kept.c[name].type, UtcDateTime)]
    columns, marks = ", ".join([f'"{name}"' for name in names]), ", ".join("?" * len(names))
    statement = f'INSERT INTO "{kept.name}" ({columns}) VALUES ({marks})'
    said = [[row[name] for name in names] for row in rows]
    for values in said:
        for place in instants:
            values[place] = as_kept(values[place])
    for start in range(0, len(rows), BATCH):
        connection.exec_driver_sql(statement, [tuple(values) for values in said[start : start + BATCH]])


def remove(path: Path) -> None:
    """Delete a catalogue with what SQLite keeps beside it; nobody may have it open."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def create(connection: Connection) -> None:
    """Make the newest schema in an empty database, wholly or not at all.

    A test holds that it is the one to which all migrations lead; alembic would take longer than a crawl of
    two hundred pages.
    """
    with _wholly(connection):
        Table.metadata.create_all(connection)
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version ("
            "version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring a database to a revision of the schema, wholly or not at all."""
    from alembic import command

    with _wholly(connection):
        command.upgrade(alembic_config(connection), revision)


@contextmanager
def _wholly(connection: Connection) -> Iterator[None]:
    raw: Any = connection.connection.driver_connection
    # The driver would end its transaction before every CREATE, and a full disk would leave half a schema.
    legacy, raw.isolation_level = raw.isolation_level, None
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        connection.commit()
    finally:
        connection.rollback()
        raw.isolation_level = legacy


def alembic_config(connection: Connection) -> Any:
    """Return alembic's configuration: the scripts lie beside us, in a checkout as in a wheel."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _engine(path: Path, *, writer: bool) -> Engine:
    if writer or is_writable(path):
        engine = create_engine(f"sqlite:///{path}")
    else:
        engine = create_engine("sqlite://", creator=lambda: read_only(path), poolclass=QueuePool)
    event.listen(engine, "connect", _writing if writer else _reading)
    return engine


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
