"""A disk that is full at any write: one clear error, nothing sealed is lost, and it goes on."""

import errno
from pathlib import Path
from typing import Any

import pytest

from minhchung.errors import StorageError
from storage.check import check
from storage.disk import AppendFile, DiskFile
from storage.home import Home
from storage.store import Store

pytestmark = pytest.mark.fault


class Disk:
    """Counts writes and syncs of all its files, and refuses from one on."""

    def __init__(self, room: int) -> None:
        self.room = room

    def open(self, path: Path) -> AppendFile:
        """Open a file on this disk."""
        return File(self, path)

    def has_room(self) -> bool:
        """Say whether there is room for one more write or sync."""
        self.room -= 1
        return self.room >= 0


class File(DiskFile):
    """A file on a disk that fills up."""

    def __init__(self, disk: Disk, path: Path) -> None:
        super().__init__(path)
        self.disk = disk

    def write(self, content: bytes) -> None:
        """Write all of it, or half of it and fail."""
        if not self.disk.has_room():
            super().write(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        super().write(content)

    def sync(self) -> None:
        """Sync, or fail as a disk does that allocates late."""
        if not self.disk.has_room():
            raise OSError(errno.ENOSPC, "No space left on device")
        super().sync()


class Ids:
    """Gives identifiers in order."""

    count = 0

    def next(self) -> str:
        """Return the next one."""
        Ids.count += 1
        return f"urn:uuid:00000000-0000-4000-9000-{Ids.count:012x}"


def collect(store: Store, captures: Any, mine: Any, sealed: list[str]) -> None:
    """Write pages, a configuration file and a failure in two groups; note what commit() sealed."""
    run = store.begin_run()
    for group in range(2):
        store.keep_config("x", f"a = {group}\n".encode())
        taken = [store.exchange(captures.exchange(f"/{group}/{n}"), **mine(run)) for n in range(3)]
        taken.append(store.failure(captures.failed(), **mine(run)))
        store.commit()
        sealed.extend(record.id for record in taken)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path, clock: Any, captures: Any, mine: Any) -> None:
    """Every write and every sync of a run is refused in its turn, each in a home of its own."""
    refused = 0
    for room in range(500):
        home, disk = Home(tmp_path / str(room)), Disk(room)
        sealed: list[str] = []
        told = ""
        try:
            with Store(home, clock, Ids(), writer=True, open_file=disk.open, roll_bytes=2500) as store:
                collect(store, captures, mine, sealed)
        except StorageError as error:
            told = str(error)
        if not told:
            break
        refused += 1
        assert "No space left on device; what was sealed is safe: make room" in told
        if (home.log / "checkpoint").exists():
            # What could not be logged was cut before the writer ended: nothing is left to be repaired.
            left = {found.code for found in check(home)}
            assert left <= {"leftover", "catalogue-behind", "config-unwritten"}, f"write {room}"

        with Store(home, clock, Ids(), writer=True) as store:
            ids = [record.id for record in store.records()]
            assert len(ids) == len(set(ids))
            assert set(sealed) <= set(ids)
            collect(store, captures, mine, sealed)
            assert set(sealed) <= {record.id for record in store.records()}
        assert [found.code for found in check(home) if found.severity == "fault"] == [], f"write {room}"

    assert refused > 20
