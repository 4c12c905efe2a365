"""A log walked in parts, by as many processes, is judged as if it were walked in one."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.audit import NO_END, Audit, Found, Part
from storage.checkpoint import Checkpoint
from storage.home import Home
from storage.log import LogFiles
from storage.parts import check_log, divide, walk_all
from storage.pruned import Layout

LEAST = 256


@pytest.fixture
def tall(open_store: Any, captures: Any, mine: Any) -> Home:
    """A home of some 900 leaves in two files, with a configuration and a visit in its last part."""
    store = open_store()
    for run in (store.begin_run("một"), store.begin_run("hai")):
        for number in range(440):
            store.failure(captures.failed(f"/{number}"), **mine(run))
    store.keep_config("rounds/2021.toml", b"id = '2021'\n")
    page = store.exchange(captures.exchange(), **mine(run))
    store.visit(captures.report(run), [captures.list_capture(page, "1")], captures.walk(page))
    store.close()
    home: Home = store.home
    return home


def head(home: Home) -> Checkpoint:
    """Return a home's signed head."""
    signed = LogFiles(home.log).read_checkpoint()
    assert signed is not None
    return signed


def verdict(home: Home, cores: int) -> tuple[Any, ...]:
    """Return all that the walk finds, in so many processes."""
    files, checkpoint = LogFiles(home.log), head(home)
    layout = Layout.of(files, home.archive)
    found, frontier = walk_all(home, checkpoint, layout, cores=cores, least=LEAST)
    log = list(check_log(files, found, frontier, checkpoint, being_written=False))
    faults = sorted(
        (fault.code, fault.where, fault.text) for fault in (*found.faults, *log, *found.row_faults)
    )
    archives = {
        name: (file.at, file.damaged, file.out_of_step) for name, file in sorted(found.archives.items())
    }
    visits = [visit.key for visit in found.visits]
    return found.leaves, frontier.root(), faults, archives, visits, found.kept_beside, found.gone


def test_parts_begin_at_whole_tiles_and_leave_nothing_out(tall: Home) -> None:
    """RFC 9162, 2.1: a complete subtree of 256 leaves stands in the tree by its hash."""
    files, size = LogFiles(tall.log), head(tall).size
    entries, index = files.entries.read_bytes(), files.index.read_bytes()

    several = divide(files, Part(signed=size), cores=3, least=LEAST)

    assert len(several) == 3
    assert [part.first % 256 for part in several] == [0, 0, 0]
    assert [part.stop for part in several] == [*(part.first for part in several[1:]), NO_END]
    for part in several:
        assert entries[: part.entries_at].count(b"\n") == index[: part.index_at].count(b"\n") == part.first
        assert entries[: part.entries_at][-1:] in (b"", b"\n")


def test_a_small_log_is_walked_in_one(tall: Home) -> None:
    assert divide(LogFiles(tall.log), Part(signed=head(tall).size), cores=8) == [Part(signed=head(tall).size)]


def test_several_processes_find_a_sound_home_sound(tall: Home) -> None:
    whole = verdict(tall, 1)

    assert whole[:3] == (head(tall).size, head(tall).root, [])
    assert verdict(tall, 3) == whole


@pytest.mark.parametrize(
    "damage",
    [
        lambda home: flip(sorted(home.archive.iterdir())[1], 40_000),
        lambda home: flip(home.log / "entries", 150_000),
        lambda home: flip(home.log / "index", 40_000),
        lambda home: flip(home.log / "tile" / "0" / "001", 9),
        lambda home: os.truncate(home.log / "entries", 120_000),
        lambda home: os.truncate(home.log / "index", 30_000),
        lambda home: sorted(home.archive.iterdir())[1].unlink(),
    ],
)
def test_several_processes_find_what_one_finds(tall: Home, damage: Callable[[Home], object]) -> None:
    damage(tall)

    whole = verdict(tall, 1)

    assert whole[2] or any(file[1] for file in whole[3].values()) or len(whole[3]) == 1
    assert verdict(tall, 3) == whole


def test_rows_are_compared_in_every_part(tall: Home, database: Any) -> None:
    database(tall, "UPDATE record SET status = 1 WHERE leaf IN (3, 300, 800)")

    whole = verdict(tall, 1)

    assert [code for code, _, _ in whole[2]] == ["catalogue-row"] * 3
    assert verdict(tall, 3) == whole


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the numbers of the copies that are made of this process."""
    made, fork = [], os.fork

    def counted() -> int:
        number = fork()
        made.append(number)
        return number

    monkeypatch.setattr(os, "fork", counted)
    return made


def test_a_process_that_comes_to_grief_is_done_without(
    tall: Home, copies: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed, or out of memory: its part is walked by the parent, and nothing of it is left behind."""
    ours, walk = os.getpid(), Audit.walk

    def walk_or_die(audit: Audit) -> Found:
        if os.getpid() != ours:
            os.kill(os.getpid(), signal.SIGKILL)
        return walk(audit)

    monkeypatch.setattr(Audit, "walk", walk_or_die)

    assert verdict(tall, 3) == verdict(tall, 1)
    assert copies
    for number in copies:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_an_interrupted_walk_leaves_no_process_behind(
    tall: Home, copies: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the parent walks its own part."""
    ours, walk = os.getpid(), Audit.walk

    def walk_or_stop(audit: Audit) -> Found:
        if os.getpid() == ours:
            raise KeyboardInterrupt
        return walk(audit)

    monkeypatch.setattr(Audit, "walk", walk_or_stop)

    with pytest.raises(KeyboardInterrupt):
        verdict(tall, 3)
    assert copies
    for number in copies:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_a_process_with_threads_walks_alone(tall: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """POSIX, fork: a copy of a process with threads may hold a lock that nobody will ever give back."""
    monkeypatch.setattr(threading, "active_count", lambda: 2)

    assert len(divide(LogFiles(tall.log), Part(signed=head(tall).size), least=LEAST)) == 1


def flip(path: Path, position: int) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)
