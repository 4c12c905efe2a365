"""The unfinished end of a writer that was cut off is a remark; anything else that is too much is a fault."""

import os
from pathlib import Path
from typing import Any

import pytest

from storage.check import check
from storage.home import Home
from storage.members import walk
from storage.store import Store


@pytest.fixture
def filled(open_store: Any, captures: Any, mine: Any) -> Home:
    """A home with two archive files, closed in order."""
    store = open_store()
    for note in ("một", "hai"):
        run = store.begin_run(note)
        for path in ("/a", "/b"):
            store.exchange(captures.exchange(path, body=f"<p>{note}{path}</p>".encode()), **mine(run))
        store.commit()
    store.close()
    home: Home = store.home
    return home


class Ids:
    """Gives identifiers that the test's home does not have."""

    count = 0

    def next(self) -> str:
        """Return the next one."""
        Ids.count += 1
        return f"urn:uuid:00000000-0000-4000-a000-{Ids.count:012x}"


@pytest.fixture
def record(tmp_path: Path, clock: Any, captures: Any, mine: Any) -> bytes:
    """A whole packed record of another home."""
    home = Home(tmp_path / "other")
    with Store(home, clock, Ids(), writer=True) as store:
        store.exchange(captures.exchange("/c"), **mine(store.begin_run()))
    return [stored.raw for stored in walk(next(home.archive.iterdir()))][1]


def append(path: Path, content: bytes) -> None:
    """Append behind the product's back."""
    with path.open("ab") as file:
        file.write(content)


def cut_off(home: Home) -> None:
    """Leave the lock as a writer does that was killed."""
    home.lock_file.write_bytes(f"{os.getpid()}\n".encode())


def found(home: Home) -> list[tuple[str, str]]:
    """Return code and severity of what `check` finds."""
    return [(each.code, each.severity) for each in check(home)]


def files(home: Home) -> list[Path]:
    """Return the archive files, oldest first."""
    return sorted(home.archive.iterdir())


@pytest.mark.parametrize("share", [0.001, 0.3, 0.999, 1, 1.5, 2])
def test_the_end_of_a_killed_writer_is_a_remark_that_counts_its_bytes(
    filled: Home, record: bytes, share: float, open_store: Any
) -> None:
    """Whole records and the beginning of another one: what the next writer cuts."""
    torn = (record * 2)[: max(1, int(len(record) * share))]
    before = files(filled)[-1].read_bytes()
    append(files(filled)[-1], torn)
    cut_off(filled)

    (remark,) = check(filled)

    assert (remark.code, remark.severity) == ("unfinished-tail", "remark")
    assert f"byte {len(before)}, {len(torn)} bytes" in remark.english
    open_store().close()
    assert files(filled)[-1].read_bytes() == before
    assert found(filled) == []


@pytest.mark.fault
def test_a_record_may_be_torn_at_any_byte(filled: Home, record: bytes, open_store: Any) -> None:
    """In the gzip header, in a table of codes, in a stored block, in the trailer."""
    last = files(filled)[-1]
    before = last.read_bytes()
    for length in range(1, len(record) + 1):
        last.write_bytes(before + record[:length])
        cut_off(filled)

        assert found(filled) == [("unfinished-tail", "remark")], length
        if length % 9 == 0 or length in (1, len(record)):
            open_store().close()
            assert last.read_bytes() == before


def test_a_file_begun_and_never_logged_is_a_remark(filled: Home, record: bytes) -> None:
    append(filled.archive / "20991231T000000Z-1-00000.warc.gz", record[:-1])
    cut_off(filled)

    assert found(filled) == [("unfinished-tail", "remark")]


def test_bytes_after_a_writer_that_let_go_are_a_fault(filled: Home, record: bytes) -> None:
    """A home that was closed in order has no unfinished end: somebody appended to it."""
    append(files(filled)[-1], record)

    assert found(filled) == [("bytes-unlogged", "fault")]


def test_bytes_at_an_older_file_are_a_fault_always(filled: Home, record: bytes) -> None:
    append(files(filled)[0], record)
    cut_off(filled)

    assert found(filled) == [("bytes-unlogged", "fault")]


@pytest.mark.parametrize(
    "content", [b"junk", b"\x1f\x8b\x08junk and more of it, no packed stream", b"\0" * 99]
)
def test_bytes_that_begin_no_record_are_a_fault(filled: Home, record: bytes, content: bytes) -> None:
    append(files(filled)[-1], record + content)
    cut_off(filled)

    assert {severity for _, severity in found(filled)} == {"fault"}


def test_a_logged_record_that_stands_there_again_is_a_fault(filled: Home) -> None:
    raw = [stored.raw for stored in walk(files(filled)[-1])][-1]
    append(files(filled)[-1], raw)
    cut_off(filled)

    assert ("member-duplicated", "fault") in found(filled)


def test_a_configuration_file_that_waits_for_the_next_writer_is_a_remark(open_store: Any) -> None:
    store = open_store()
    digest = store.keep_config("x", b"a = 1\n")
    store.close()
    (store.home.configs / digest).unlink()
    assert found(store.home) == [("config-missing", "fault")]

    cut_off(store.home)
    assert found(store.home) == [("config-unwritten", "remark")]
    open_store().close()

    assert found(store.home) == []
