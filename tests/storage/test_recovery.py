"""What was sealed survives whatever cuts a writer off; what was not is cut, and the run resumes."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from minhchung.errors import LogError, StorageError
from minhchung.evidence import PORTAL
from storage.check import check
from storage.disk import AppendFile, DiskFile
from storage.log import LogFiles


class FullDisk:
    """Opens files on a disk with room for so many bytes more."""

    def __init__(self, room: int) -> None:
        self.room = room

    def __call__(self, path: Path) -> AppendFile:
        """Open a file on it."""
        return FileOnFullDisk(DiskFile(path), self)


class FileOnFullDisk:
    """Writes what there is room for, then fails as the system does."""

    def __init__(self, file: DiskFile, disk: FullDisk) -> None:
        self._file = file
        self._disk = disk
        self.sync, self.close = file.sync, file.close

    def write(self, content: bytes) -> None:
        """Write as much as fits."""
        fits = content[: self._disk.room]
        self._disk.room -= len(fits)
        self._file.write(fits)
        if len(fits) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def faults(store: Any) -> list[str]:
    """Return the codes of the faults of a store's home."""
    return [found.code for found in check(store.home) if found.severity == "fault"]


@pytest.mark.fault
@pytest.mark.parametrize("room", [0, 1, 300, 1000, 1500, 2500, 3100, 3400, 4500, 6000])
def test_a_full_disk_loses_nothing_sealed_and_the_run_resumes(
    open_store: Any, captures: Any, mine: Any, room: int
) -> None:
    """Wherever the writing stops: archive, index, entries, tile or checkpoint."""
    disk = FullDisk(10_000_000)
    store = open_store(open_file=disk)
    run = store.begin_run()
    sealed = store.exchange(captures.exchange(), **mine(run))
    store.commit()
    disk.room = room

    def go_on() -> None:
        for number in range(50):
            store.exchange(captures.exchange(f"/{number}"), **mine(run))
            store.commit()

    with pytest.raises(StorageError, match="No space left on device; what was sealed is safe"):
        go_on()
    with pytest.raises(StorageError, match="No space left"):
        store.commit()
    store.close()

    again = open_store()

    assert again.body(sealed.id) == b"<p>Tin</p>"
    again.exchange(captures.exchange("/sau"), **mine(run))
    again.close()
    assert faults(again) == []


@pytest.mark.fault
def test_a_full_catalogue_loses_nothing_sealed(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    run = store.begin_run()
    with store._catalogue.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    record = store.exchange(captures.exchange(), **mine(run))
    store.observe([captures.page(record, title="x" * 90_000 + str(n) * 5000) for n in range(60)])

    with pytest.raises(StorageError, match="full"):
        store.commit()
    store.close()

    again = open_store()
    assert again.record(record.id) == record
    assert [r.id for r in again.unread()] == [record.id]
    again.close()
    assert faults(again) == []


def tear(path: Path, tail: bytes) -> None:
    """Leave behind what a crash would."""
    with path.open("ab") as file:
        file.write(tail)


def crash(store: Any) -> None:
    """End a store as a killed process does: nothing in flight is written, the lock tells."""
    store._sealer.close()
    store._lock.abandon()
    store._sealer = store._lock = None
    store.close()


@pytest.mark.parametrize("tail", ["half a member", "a whole member"])
def test_a_torn_tail_is_cut(open_store: Any, captures: Any, mine: Any, tail: str) -> None:
    store = open_store()
    store.exchange(captures.exchange(), **mine(store.begin_run()))
    store.commit()
    crash(store)
    (path,) = store.home.archive.iterdir()
    whole = path.read_bytes()
    tear(path, whole[: len(whole) // 3] if tail == "half a member" else whole)
    assert "bytes-unlogged" in faults(store) or "member-duplicated" in faults(store)

    again = open_store()
    again.close()

    assert path.read_bytes() == whole
    assert faults(again) == []


def test_a_file_that_no_leaf_knows_goes(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    run = store.begin_run()
    store.exchange(captures.exchange(), **mine(run))
    store.body(store.exchange(captures.exchange("/b"), **mine(run)).id)
    crash(store)
    assert [path.stat().st_size > 0 for path in store.home.archive.iterdir()] == [True]

    open_store().close()

    assert list(store.home.archive.iterdir()) == []


def test_a_leaf_that_was_written_but_not_signed_is_kept(open_store: Any, captures: Any, mine: Any) -> None:
    """The order is archive, entries, checkpoint: cut off before the last, nothing need be lost."""
    store = open_store()
    run = store.begin_run()
    first = store.exchange(captures.exchange(), **mine(run))
    store.commit()
    signed = (store.home.log / "checkpoint").read_bytes()
    second = store.exchange(captures.exchange("/b"), **mine(run))
    store.commit()
    crash(store)
    (store.home.log / "checkpoint").write_bytes(signed)

    again = open_store()

    assert [r.id for r in again.records()] == [first.id, second.id]
    again.close()
    assert faults(again) == []


def test_a_configuration_file_sealed_but_not_written_is_put_in_place(open_store: Any) -> None:
    store = open_store()
    digest = store.keep_config("rounds/2021.toml", b"id = '2021'\n")
    assert list(store.home.configs.iterdir()) == []
    store.commit()
    crash(store)
    (store.home.configs / digest).unlink()

    again = open_store()
    again.close()

    assert (store.home.configs / digest).read_bytes() == b"id = '2021'\n"
    assert faults(again) == []


def test_half_a_log_line_is_cut(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    store.exchange(captures.exchange(), **mine(store.begin_run()))
    store.commit()
    crash(store)
    entries = LogFiles(store.home.log).entries
    whole = entries.read_bytes()
    tear(entries, b'{"agency":')

    again = open_store()
    again.close()

    assert entries.read_bytes() == whole
    assert faults(again) == []


def test_an_index_that_is_gone_is_made_anew(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    for path in ("/", "/b"):
        store.exchange(captures.exchange(path), **mine(store.begin_run()))
    store.close()
    index = LogFiles(store.home.log).index
    whole = index.read_bytes()
    index.unlink()

    open_store().close()

    assert index.read_bytes() == whole


@pytest.mark.parametrize(
    "gone", ["entries", "archive", "checkpoint and entries", "everything but the archive"]
)
def test_a_home_that_lost_what_was_signed_is_refused_and_left_alone(
    open_store: Any, captures: Any, mine: Any, gone: str
) -> None:
    store = open_store()
    run = store.begin_run()
    for number in range(900):
        store.failure(captures.failed(f"/{number}"), **mine(run))
    store.close()
    log, (path,) = store.home.log, store.home.archive.iterdir()
    match gone:
        case "entries":
            os.truncate(log / "entries", 700)
        case "archive":
            os.truncate(path, path.stat().st_size - 1)
        case "checkpoint and entries":
            (log / "checkpoint").unlink()
            os.truncate(log / "entries", 700)
            store.home.catalogue.unlink()
        case _:
            for part in ("checkpoint", "entries", "index"):
                (log / part).unlink()
    size = path.stat().st_size

    with pytest.raises((LogError, StorageError)):
        open_store()

    assert path.stat().st_size == size


def test_what_an_unfinished_visit_fetched_is_fetched_whole_again(
    open_store: Any, captures: Any, mine: Any
) -> None:
    """A page that was sealed but never read must not be answered by a 304: its items would be lost."""
    store = open_store()
    run = store.begin_run()
    read = store.exchange(captures.exchange("/doc"), **mine(run))
    store.observe([captures.page(read)])
    unread = store.exchange(captures.exchange("/chua-doc"), **mine(run))
    store.commit()
    crash(store)

    again = open_store()

    assert again.latest(read.agency, PORTAL, read.url) == read
    assert again.latest(read.agency, PORTAL, unread.url) is None


def test_a_catalogue_that_fell_behind_is_topped_up(
    open_store: Any, captures: Any, mine: Any, agency: Any, database: Any
) -> None:
    store = open_store()
    run = store.begin_run()
    record = store.exchange(captures.exchange(), **mine(run))
    store.observe([captures.page(record), captures.tls_check(record)])
    again = store.exchange(captures.unchanged(), **mine(run), refers_to=record)
    failed = store.failure(captures.failed(), **mine(run))
    visit = store.visit(captures.report(run), [captures.list_capture(record, "1")], captures.walk(record))
    store.keep_submission(captures.submission(store, 1))
    store.close()
    before = open_store(writer=False).holdings(agency)
    database(
        store.home,
        "DELETE FROM submission",
        "DELETE FROM visit",
        "DELETE FROM observation",
        "DELETE FROM record",
    )

    topped = open_store()
    read = topped.read_again(lambda r, body: [captures.page(r)] if body == b"<p>Tin</p>" else [])

    assert read == 1
    held = topped.holdings(agency)
    assert set(held.observations) == set(before.observations)
    assert (held.visits, held.submitted) == (before.visits, before.submitted)
    assert [r for r in topped.records() if r.id in (record.id, again.id, failed.id, visit.id)] == [
        record,
        again,
        failed,
        visit,
    ]
    assert topped.latest(record.agency, PORTAL, record.url) == record
    topped.close()
    assert faults(topped) == []
