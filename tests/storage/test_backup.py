"""A backup is a home of its own: incremental, broken off at any point, and whole when it is restored."""

import random
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from minhchung.errors import LogError, StorageError, UsageError
from storage.access import NAME as ACCESSES
from storage.access import note_access
from storage.backup import back_up, restore
from storage.check import check
from storage.home import Home

BACK_UP = """
import sys
from pathlib import Path
from storage.backup import back_up
from storage.home import Home
print("go", flush=True)
back_up(Home(sys.argv[1]), Path(sys.argv[2]))
"""


def faults(home: Home) -> list[str]:
    """Return the faults of a home; that the catalogue is to be rebuilt is none."""
    return [found.code for found in check(home) if found.severity == "fault"]


@pytest.fixture
def filled(open_store: Any, captures: Any, mine: Any) -> Any:
    """A store with three files of records and a configuration file."""
    store = open_store(roll_bytes=4000)
    run = store.begin_run()
    store.keep_config("x", b"a = 1\n")
    for number in range(30):
        store.exchange(captures.exchange(f"/{number}", str(number).encode() * 400), **mine(run))
    store.commit()
    return store


def test_what_is_restored_is_whole_and_has_no_private_key(filled: Any, home: Home, tmp_path: Path) -> None:
    """The key goes apart, or nowhere: who steals a backup cannot sign."""
    done = back_up(home, tmp_path / "copy")
    restored = Home(tmp_path / "other")
    restore(tmp_path / "copy", restored)

    assert done.leaves == len((home.log / "entries").read_bytes().splitlines())
    assert faults(restored) == []
    assert not list((tmp_path / "copy").rglob("log.key"))
    assert not list(restored.keys.iterdir())


def test_who_read_what_goes_with_the_backup_and_is_not_forgotten(
    filled: Any, home: Home, tmp_path: Path
) -> None:
    """An access log that was shortened after a backup does not shorten the backup's."""
    copy, other = tmp_path / "copy", tmp_path / "other"
    for who in ("một", "hai"):
        note_access(home.path, datetime(2021, 11, 2, tzinfo=UTC), way="web", who=who, what="x", shown="whole")
    first = (home.path / ACCESSES).read_bytes()
    back_up(home, copy)
    note_access(home.path, datetime(2021, 11, 3, tzinfo=UTC), way="web", who="ba", what="y", shown="masked")
    back_up(home, copy)

    assert (copy / ACCESSES).read_bytes() == (home.path / ACCESSES).read_bytes()

    (home.path / ACCESSES).write_bytes(first.splitlines(keepends=True)[1])
    back_up(home, copy)
    restore(copy, Home(other))

    assert (other / ACCESSES).read_bytes() == (home.path / ACCESSES).read_bytes()
    [kept] = copy.glob(f"{ACCESSES}.*")
    assert kept.read_bytes().startswith(first)


def test_keys_kept_apart_make_the_restored_home_writable(
    filled: Any, home: Home, tmp_path: Path, open_store: Any
) -> None:
    back_up(home, tmp_path / "copy", tmp_path / "safe")
    restored = Home(tmp_path / "other")
    restore(tmp_path / "copy", restored, tmp_path / "safe")

    assert stat.S_IMODE((tmp_path / "safe" / "log.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((restored.keys / "log.key").stat().st_mode) == 0o600
    assert (restored.keys / "log.key").read_bytes() == (home.keys / "log.key").read_bytes()


def test_the_second_backup_copies_what_is_new_alone(
    filled: Any, home: Home, tmp_path: Path, captures: Any, mine: Any
) -> None:
    """While the writer still holds the home."""
    first = back_up(home, tmp_path / "copy")
    again = back_up(home, tmp_path / "copy")
    run = filled.begin_run("further")
    filled.exchange(captures.exchange("/further", b"further"), **mine(run))
    filled.commit()
    second = back_up(home, tmp_path / "copy")

    assert again.copied == 1, "the checkpoint alone"
    assert second.leaves == first.leaves + 2
    assert second.copied_bytes < first.copied_bytes / 3
    restore(tmp_path / "copy", Home(tmp_path / "other"))
    assert faults(Home(tmp_path / "other")) == []


def test_what_is_not_signed_yet_is_left_out(
    filled: Any, home: Home, tmp_path: Path, captures: Any, mine: Any
) -> None:
    """What lies beyond the checkpoint when the backup begins was never called sealed."""
    with (home.log / "entries").open("ab") as entries:
        entries.write(b"{half an entry")
    back_up(home, tmp_path / "copy")
    restore(tmp_path / "copy", Home(tmp_path / "other"))

    assert faults(Home(tmp_path / "other")) == []


def test_nothing_else_is_written_over(filled: Any, home: Home, tmp_path: Path, open_store: Any) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Kính gửi", "utf-8")
    with pytest.raises(UsageError, match="something else"):
        back_up(home, tmp_path / "full")
    with pytest.raises(UsageError, match="home itself"):
        back_up(home, home.path)
    back_up(home, tmp_path / "copy")
    with pytest.raises(UsageError, match="holds a home already"):
        restore(tmp_path / "copy", home)


def test_a_home_older_than_its_backup_is_refused(filled: Any, home: Home, tmp_path: Path) -> None:
    """Somebody put an older log in place: the backup must not follow."""
    older = (home.log / "checkpoint").read_bytes()
    run = filled.begin_run("further")
    filled.keep_config("y", b"b = 2\n")
    filled.commit()
    back_up(home, tmp_path / "copy")
    assert run
    (home.log / "checkpoint").write_bytes(older)

    with pytest.raises(LogError, match="older than the backup"):
        back_up(home, tmp_path / "copy")


def test_a_copy_that_was_altered_is_not_added_to(
    filled: Any, home: Home, tmp_path: Path, captures: Any, mine: Any
) -> None:
    back_up(home, tmp_path / "copy")
    newest = sorted((tmp_path / "copy" / "archive").iterdir())[-1]
    newest.write_bytes(bytes(newest.stat().st_size))
    filled.exchange(captures.exchange("/further", b"further"), **mine(filled.runs()[-1].id))
    filled.exchange(captures.exchange("/more", b"more"), **mine(filled.runs()[0].id))
    filled.commit()

    with pytest.raises(StorageError, match="no copy of"):
        back_up(home, tmp_path / "copy")


@pytest.mark.fault
def test_a_backup_killed_at_any_moment_is_gone_on_with(filled: Any, home: Home, tmp_path: Path) -> None:
    """Twelve seeded moments, one folder: the next run ends what was begun."""
    moments = random.Random(20)
    copy = tmp_path / "copy"
    for _ in range(12):
        command = [sys.executable, "-c", BACK_UP, str(home.path), str(copy)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(moments.random() / 60)
            process.send_signal(signal.SIGKILL)
    back_up(home, copy)
    restore(copy, Home(tmp_path / "other"))

    assert faults(Home(tmp_path / "other")) == []
