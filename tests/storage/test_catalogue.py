"""The schema is what the migrations make, and a row is its value's shadow."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from minhchung.errors import StorageError, UsageError
from minhchung.evidence import Run, RunId
from storage.catalogue import Catalogue, add, alembic_config, create, upgrade
from storage.check import check
from storage.codec import TYPES
from storage.sqlite_file import HEAD
from storage.tables import (
    ClaimRow,
    ObservationRow,
    RecordRow,
    RunRow,
    SubmissionRow,
    Table,
    UtcDateTime,
    VisitRow,
)

pytestmark = pytest.mark.database


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A connection to an empty database."""
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_migrations_make_the_tables_of_the_models(connection: Connection) -> None:
    upgrade(connection)

    context = MigrationContext.configure(connection, opts={"compare_type": True})

    assert compare_metadata(context, Table.metadata) == []


def test_a_new_catalogue_has_the_schema_to_which_all_migrations_lead(tmp_path: Path) -> None:
    """A new database skips the migrations; it must not differ from one that went through them."""
    made: list[dict[str, list[str]]] = []
    for name, make in (("new", create), ("migrated", upgrade)):
        engine = create_engine(f"sqlite:///{tmp_path / name}")
        with engine.connect() as connection:
            make(connection)
            assert connection.exec_driver_sql("SELECT * FROM alembic_version").all() == [(HEAD,)]
            seen = inspect(connection)
            made.append(
                {
                    table: sorted(
                        repr(part)
                        for part in (
                            *seen.get_columns(table),
                            seen.get_pk_constraint(table),
                            *seen.get_foreign_keys(table),
                            *seen.get_unique_constraints(table),
                            *seen.get_indexes(table),
                        )
                    )
                    for table in seen.get_table_names()
                }
            )
        engine.dispose()

    assert len(made[0]) == len(Table.metadata.tables) + 1
    assert made[0] == made[1]


def test_constraints_have_the_names_of_the_convention(connection: Connection) -> None:
    upgrade(connection)
    made = inspect(connection)

    for table in Table.metadata.sorted_tables:
        named = {index["name"] for index in made.get_indexes(table.name)}
        assert named == {index.name for index in table.indexes}
        unique = {constraint["name"] for constraint in made.get_unique_constraints(table.name)}
        assert all(name is not None and name.startswith(f"uq_{table.name}_") for name in unique)


def test_migrations_go_down_as_they_went_up(connection: Connection) -> None:
    from alembic import command

    upgrade(connection)
    command.downgrade(alembic_config(connection), "base")

    assert inspect(connection).get_table_names() == ["alembic_version"]


def test_the_newest_migration_is_the_one_the_catalogue_asks_for(connection: Connection) -> None:
    scripts = ScriptDirectory.from_config(alembic_config(connection))

    assert scripts.get_heads() == [HEAD]


def test_a_catalogue_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "c.sqlite3", writer=True)
    with catalogue.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    catalogue.close()

    for writer in (True, False):
        with pytest.raises(UsageError, match="newer version"):
            Catalogue(tmp_path / "c.sqlite3", writer=writer)


def test_a_reader_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        Catalogue(tmp_path / "c.sqlite3", writer=False)
    (tmp_path / "c.sqlite3").write_bytes(b"")
    with pytest.raises(UsageError, match="older version"):
        Catalogue(tmp_path / "c.sqlite3", writer=False)


def test_instants_keep_their_zone(connection: Connection) -> None:
    """SQLite keeps none: UTC goes in, UTC comes out, a naive instant is refused."""
    kind, dialect = UtcDateTime(), connection.dialect
    hanoi = datetime(2021, 10, 4, 8, 0, tzinfo=timezone(timedelta(hours=7)))

    stored = kind.process_bind_param(hanoi, dialect)

    assert stored == hanoi.astimezone(UTC).replace(tzinfo=None)
    assert kind.process_result_value(stored, dialect) == hanoi
    with pytest.raises(ValueError, match="has no zone"):
        kind.process_bind_param(hanoi.replace(tzinfo=None), dialect)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty catalogue."""
    catalogue = Catalogue(tmp_path / "c.sqlite3", writer=True)
    with catalogue.session() as session:
        yield session
    catalogue.close()


def kept(session: Session, row: Any, key: Any) -> Any:
    """Write a row, forget it, and return it as read back."""
    session.add(row)
    session.commit()
    session.expunge_all()
    return session.get(type(row), key)


def test_a_run_comes_back_as_it_was(session: Session) -> None:
    run = Run(id=RunId("20211004T010000Z-1"), began_at=datetime(2021, 10, 4, 1, tzinfo=UTC), note="đợt một")

    assert kept(session, RunRow.of(run), run.id).run() == run


def test_records_of_every_kind_come_back_as_they_were(
    session: Session, open_store: Any, captures: Any, mine: Any
) -> None:
    store = open_store()
    run = store.begin_run()
    first = store.exchange(captures.exchange(), **mine(run))
    sound = [
        first,
        store.exchange(captures.unchanged(), **mine(run), refers_to=first),
        store.failure(captures.failed(), **mine(run)),
        store.visit(captures.report(run), [], None),
    ]

    for record in sound:
        kind = "visit" if record.kind == "resource" else record.kind
        row = RecordRow.of(record, kind=kind, place=("a.warc.gz", 7, 9))
        assert kept(session, row, record.leaf).record() == record


def test_observations_come_back_as_they_were(
    session: Session, open_store: Any, captures: Any, mine: Any
) -> None:
    record = open_store().exchange(captures.exchange(), **mine("r"))
    kept(session, RecordRow.of(record, kind="response", place=("a.warc.gz", 7, 9)), record.leaf)
    sound = [
        captures.page(record),
        captures.news(record, "1"),
        captures.tls_check(record),
        captures.list_capture(record, "1", "2"),
        captures.walk(record),
    ]

    for number, observation in enumerate(sound, start=1):
        row = kept(session, ObservationRow.of(observation, record.leaf), number)
        assert row.observation() == observation
        assert (row.kind, TYPES[row.kind]) == (observation.kind, type(observation))


def test_a_visit_comes_back_as_it_was(session: Session, open_store: Any, captures: Any, agency: Any) -> None:
    store = open_store()
    run = store.begin_run()
    record = store.visit(captures.report(run), [], None)
    kept(session, RecordRow.of(record, kind="visit", place=("a.warc.gz", 7, 9)), record.leaf)
    (report,) = store.holdings(agency).visits

    assert report.record == record.id
    assert kept(session, VisitRow.of(report, record.leaf), record.leaf).report() == report


def test_a_submission_comes_back_as_it_was(session: Session, open_store: Any, captures: Any) -> None:
    store = open_store()
    sound = captures.submission(store, 3)
    record = store.record(sound.record)
    kept(session, RecordRow.of(record, kind="submission", place=("a.warc.gz", 7, 9)), record.leaf)

    assert kept(session, SubmissionRow.of(sound, record.leaf), record.leaf).submission() == sound


def test_a_due_run_has_one_claim_whoever_asks(session: Session, open_store: Any, captures: Any) -> None:
    store = open_store()
    run = store.begin_run()
    for leaf in (1, 2):
        record = replace(store.visit(captures.report(run), [], None), leaf=leaf)
        kept(session, RecordRow.of(record, kind="claim", place=("a.warc.gz", 7, 9)), leaf)
    due = datetime(2021, 10, 4, 1, tzinfo=UTC)
    claims = [ClaimRow(leaf=leaf, schedule="hang-ngay", fire_at=due, claimed_at=due) for leaf in (1, 2)]

    row = kept(session, claims[0], 1)

    assert (row.schedule, row.fire_at, row.claimed_at) == ("hang-ngay", due, due)
    with pytest.raises(IntegrityError, match="UNIQUE"):
        kept(session, claims[1], 2)


def test_rows_are_added_in_bulk(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "c.sqlite3", writer=True)
    rows = [{"id": f"r{n}", "began_at": datetime(2021, 1, 1, tzinfo=UTC), "note": ""} for n in range(1234)]
    with catalogue.writing() as connection:
        add(connection, RunRow, rows)

    with catalogue.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM run").scalar() == 1234
    catalogue.close()


def test_a_disk_that_fills_during_the_migration_leaves_no_half_schema(connection: Connection) -> None:
    """https://www.sqlite.org/pragma.html#pragma_max_page_count: the database is full from that page on."""
    refused: list[str] = []
    for pages in range(1, 200):
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.rollback()
        try:
            upgrade(connection)
        except OperationalError as error:
            refused.append(str(error.orig))
        else:
            break
        left = inspect(connection).get_table_names()
        connection.rollback()
        assert left == []

    assert set(refused) == {"database or disk is full"}
    assert len(refused) > 5
    assert set(Table.metadata.tables) < set(inspect(connection).get_table_names())


HALF = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32))",
    "CREATE TABLE run (id VARCHAR NOT NULL, began_at DATETIME, note VARCHAR)",
)


def test_a_half_made_catalogue_is_made_anew_by_a_writer(
    home: Any, open_store: Any, captures: Any, mine: Any, database: Any
) -> None:
    """The catalogue is derived: half a schema, junk and a cut file are thrown away, never a dead end."""
    store = open_store()
    kept = store.exchange(captures.exchange(), **mine(store.begin_run("một")))
    store.close()
    whole = home.catalogue.read_bytes()

    for spoilt in (b"", b"no database at all" * 100, whole[: len(whole) // 2]):
        home.catalogue.write_bytes(spoilt)
        if not spoilt:
            database(home, *HALF)
        store = open_store()

        assert [record.id for record in store.records()] == [kept.id]
        assert [record.id for record in store.unread()] == [kept.id]
        assert [run.note for run in store.runs()] == ["một"]
        store.close()
        assert [found.code for found in check(home)] == []


def test_an_unreadable_catalogue_tells_a_reader_to_rebuild_it(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite3").write_bytes(b"no database at all" * 100)

    with pytest.raises(StorageError, match="not a database; what was sealed is safe: run `minhchung storage"):
        Catalogue(tmp_path / "c.sqlite3", writer=False)
