"""A home has one writer, any number of readers, and says in one sentence why it cannot be used."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from minhchung.errors import BusyError, UsageError
from storage.home import FORMAT, Home, WriterLock

HOLD = """
import sys
from storage.home import FORMAT, Home, WriterLock
home = Home(sys.argv[1])
home.prepare()
lock = WriterLock(home)
print("held", flush=True)
sys.stdin.read()
"""
"""A process that holds the lock until its standard input ends."""


def test_a_second_writer_is_told_who_the_first_is(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"

        with pytest.raises(BusyError, match=f"process {other.pid} is writing") as refused:
            WriterLock(home)

        assert refused.value.pid == other.pid
        assert home.writer_pid() == other.pid
        other.communicate()
    assert home.writer_pid() is None


def test_a_writer_that_let_go_leaves_no_trace_and_one_that_did_not_does(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()

    first = WriterLock(home)
    first.release()
    second = WriterLock(home)
    second.abandon()
    third = WriterLock(home)
    third.release()

    assert (first.after_crash, second.after_crash, third.after_crash) == (False, False, True)


def test_readers_are_free_while_somebody_writes(open_store: Any) -> None:
    writer = open_store()
    run = writer.begin_run("đợt")

    reader = open_store(writer=False)

    assert [r.id for r in reader.runs()] == [run]
    with pytest.raises(UsageError, match="was opened for reading"):
        reader.begin_run("không được")


def test_a_folder_without_a_home_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no home yet"):
        Home(tmp_path).require()


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(UsageError, match="is a file, not a home"):
        Home(tmp_path / "file").prepare()
    with pytest.raises(UsageError, match="is a file, not a home"):
        Home(tmp_path / "file").require()


def test_a_home_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(UsageError, match="cannot be written"):
        Home(tmp_path / "file" / "home").prepare()


def test_a_home_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    home.format.write_bytes(b"minhchung-home 2\n")

    with pytest.raises(UsageError, match="newer version"):
        home.require()


def test_private_keys_lie_in_a_folder_of_their_own(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()

    assert home.keys.stat().st_mode & 0o777 == 0o700
    assert os.access(home.keys, os.R_OK | os.W_OK)


@pytest.mark.parametrize("half", [b"", FORMAT[:7]])
def test_a_format_file_that_a_full_disk_cut_is_written_again(tmp_path: Path, half: bytes) -> None:
    """Nothing was sealed yet, so nothing bars the home; one that holds a checkpoint is judged."""
    home = Home(tmp_path)
    home.prepare()
    home.format.write_bytes(half)

    home.prepare()

    assert home.format.read_bytes() == FORMAT
    (home.log / "checkpoint").write_bytes(b"signed")
    home.format.write_bytes(half)
    with pytest.raises(UsageError, match="is damaged"):
        home.prepare()
