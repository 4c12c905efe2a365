"""`check` finds every change to what is stored, names it, and is silent about what is whole."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from minhchung.errors import UsageError
from storage.check import Fault, check
from storage.home import Home
from storage.leaf import Leaf
from storage.log import LogFiles, read_place

Damage = Callable[[Path], object]


@pytest.fixture
def sealed(open_store: Any, captures: Any, mine: Any) -> Home:
    """A home with a configuration, two runs, every kind of record, and more leaves than a tile is wide."""
    store = open_store()
    store.keep_config("rounds/2021.toml", b"id = '2021'\n")
    one = store.begin_run("một")
    first = store.exchange(captures.exchange(), **mine(one))
    store.observe([captures.page(first)])
    for number in range(300):
        store.failure(captures.failed(f"/{number}"), **mine(one))
    store.visit(captures.report(one), [captures.list_capture(first, "1")], captures.walk(first))
    two = store.begin_run("hai")
    store.exchange(captures.unchanged(), **mine(two), refers_to=first)
    store.exchange(captures.exchange("/b", body=os.urandom(400)), **mine(two))
    store.close()
    home: Home = store.home
    return home


def codes(home: Home) -> list[str]:
    """Return the codes of what check finds."""
    return [found.code for found in check(home)]


def members(home: Home) -> Iterator[tuple[Path, int, int, str]]:
    """Yield file, offset, length and record id of every member, by log and index."""
    files = LogFiles(home.log)
    for entry, line in zip(files.lines(files.entries), files.lines(files.index), strict=True):
        file, offset, _ = read_place(line)
        for member in Leaf.read(entry).members:
            yield home.archive / file, offset, member.length, member.id
            offset += member.length


def flip(path: Path, position: int, bit: int = 0) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    content[position] ^= 1 << bit
    path.write_bytes(content)


def test_an_untouched_home_has_no_fault(sealed: Home) -> None:
    assert codes(sealed) == []


def test_a_home_that_was_made_and_never_written_has_no_fault(open_store: Any) -> None:
    store = open_store()
    store.close()

    assert codes(store.home) == []


def test_where_there_is_no_home_check_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no home"):
        list(check(Home(tmp_path)))


def test_a_flipped_bit_of_a_record_names_the_record(sealed: Home) -> None:
    """Gzip header, body and trailer alike: ten bytes before, eight after, and everything between."""
    path, offset, length, record = list(members(sealed))[-3]
    for at in (0, 4, 8, 9, 10, length // 2, length - 8, length - 1):
        flip(path, offset + at)

        (found,) = check(sealed)

        assert (found.code, found.severity) == ("member", "fault")
        assert record in found.where
        assert path.name in found.where
        flip(path, offset + at)
    assert codes(sealed) == []


def test_a_missing_member_is_named(sealed: Home) -> None:
    path, offset, length, record = list(members(sealed))[40]
    content = path.read_bytes()
    path.write_bytes(content[:offset] + content[offset + length :])

    found = list(check(sealed))

    assert [(f.code, record in f.where) for f in found] == [("member-missing", True)]


def test_a_truncated_file_names_what_is_gone(sealed: Home) -> None:
    path, offset, length, record = list(members(sealed))[-1]
    os.truncate(path, offset + length - 1)

    assert [(f.code, record in f.where) for f in check(sealed)] == [("member", True)]
    os.truncate(path, offset)
    assert [(f.code, record in f.where) for f in check(sealed)] == [("member-missing", True)]


def test_members_that_changed_places_are_named(sealed: Home) -> None:
    path, offset, length, _ = list(members(sealed))[40]
    _, after, second, record = list(members(sealed))[41]
    content = path.read_bytes()
    swapped = content[after : after + second] + content[offset : offset + length]
    path.write_bytes(content[:offset] + swapped + content[after + second :])

    found = list(check(sealed))

    assert [f.code for f in found] == ["member-moved"]
    assert record in found[0].where or list(members(sealed))[40][3] in found[0].where


def test_a_member_that_stands_there_twice_is_named(sealed: Home) -> None:
    path, offset, length, record = list(members(sealed))[40]
    content = path.read_bytes()
    path.write_bytes(content + content[offset : offset + length])

    assert [(f.code, record in f.where) for f in check(sealed)] == [("member-duplicated", True)]


@pytest.mark.parametrize("extra", [b"x", b"\x1f\x8b\x08 no member", bytes(100)])
@pytest.mark.parametrize("at", [0, 500, None])
def test_bytes_that_belong_to_no_leaf_are_found(sealed: Home, extra: bytes, at: int | None) -> None:
    path, offset, _, _ = list(members(sealed))[40]
    content = path.read_bytes()
    position = len(content) if at is None else (0 if at == 0 else offset)
    path.write_bytes(content[:position] + extra + content[position:])

    found = list(check(sealed))

    assert [f.code for f in found] == ["bytes-unlogged"]
    assert f"byte {position}, {len(extra)} bytes" in found[0].text


def test_a_whole_archive_file_that_is_gone_is_named_with_its_records(sealed: Home) -> None:
    path = sorted(sealed.archive.iterdir())[-1]
    lost = {record for file, _, _, record in members(sealed) if file == path}
    path.unlink()

    found = list(check(sealed))

    assert ("file-missing", str(path)) in [(f.code, f.where) for f in found]
    assert all(any(record in f.where for f in found if f.code == "member-missing") for record in lost)


def test_an_archive_file_that_nobody_wrote_is_found(sealed: Home) -> None:
    (sealed.archive / "khac.warc.gz").write_bytes(b"x")
    (sealed.archive / "khac.txt").write_bytes(b"x")

    assert sorted(codes(sealed)) == ["bytes-unlogged", "stray"]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda log: flip(log / "entries", 5000), "entry"),
        (lambda log: os.truncate(log / "entries", 5000), "log-short"),
        (
            lambda log: (log / "entries").write_bytes((log / "entries").read_bytes() + b"{}\n"),
            "entry-unsigned",
        ),
        (lambda log: (log / "entries").write_bytes((log / "entries").read_bytes() + b"{"), "entry-unsigned"),
        (lambda log: flip(log / "tile" / "0" / "000", 77), "tile"),
        (lambda log: (log / "tile" / "0" / "000").unlink(), "tile"),
        (lambda log: shutil.copy(log / "tile" / "0" / "000", log / "tile" / "0" / "009"), "stray"),
        (lambda log: flip(log / "checkpoint", 30), "checkpoint"),
        (lambda log: (log / "checkpoint").unlink(), "checkpoint-missing"),
        (lambda log: flip(log / "key", 3), "key"),
        (lambda log: (log / "key").unlink(), "key"),
        (lambda log: flip(log / "index", 200), "index"),
        (lambda log: (log / "index").unlink(), "index"),
        (lambda log: os.truncate(log / "index", 1000), "index"),
        (lambda log: (log / "note").write_text("x"), "stray"),
        (lambda log: (log / "checkpoint.new").write_text("x"), "leftover"),
    ],
)
def test_damage_to_the_log_is_told_apart(sealed: Home, damage: Damage, expected: str) -> None:
    damage(sealed.log)

    assert expected in codes(sealed)


def test_entries_that_changed_places_do_not_hash_to_the_root(sealed: Home) -> None:
    entries = sealed.log / "entries"
    lines = entries.read_bytes().splitlines(keepends=True)
    lines[50], lines[51] = lines[51], lines[50]
    entries.write_bytes(b"".join(lines))

    found = list(check(sealed))

    assert {"root", "tile", "entry"} <= {f.code for f in found}
    assert any("leaf 50" in f.text for f in found)


@pytest.mark.parametrize("number", [0, 50, -1])
def test_an_entry_that_cannot_be_read_accuses_no_other_record(sealed: Home, number: int) -> None:
    """One damaged line of the log: the rows after it still agree with their own leaves."""
    entries = sealed.log / "entries"
    lines = entries.read_bytes().splitlines(keepends=True)
    lines[number] = b"[" + lines[number][1:]
    entries.write_bytes(b"".join(lines))

    found = list(check(sealed))

    assert {"root", "entry"} <= {f.code for f in found}
    assert not any(f.code.startswith("catalogue") for f in found)
    (entry,) = (f for f in found if f.code == "entry")
    assert f"leaf {number % len(lines)}" in entry.text


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE record SET leaf = -1 WHERE leaf = 9", "catalogue-row"),
        ("UPDATE record SET status = 500 WHERE leaf = 3", "catalogue-row"),
        ("UPDATE record SET url = url || 'x' WHERE leaf = 9", "catalogue-row"),
        ("UPDATE record SET captured_at = '2020-01-01 00:00:00.000000' WHERE leaf = 9", "catalogue-row"),
        ("DELETE FROM record WHERE leaf = 9", "catalogue-row"),
        ("UPDATE visit SET payload = (SELECT payload FROM observation LIMIT 1)", "catalogue-row"),
        ("DELETE FROM visit", "catalogue-row"),
    ],
)
def test_catalogue_rows_are_held_against_the_log(
    sealed: Home, statement: str, expected: str, database: Any
) -> None:
    database(sealed, "PRAGMA foreign_keys = OFF", statement)

    assert expected in codes(sealed)


def test_a_log_that_was_rolled_back_is_found_by_the_catalogue(sealed: Home, database: Any) -> None:
    database(
        sealed,
        "CREATE TEMP TABLE one AS SELECT * FROM record WHERE leaf = 9",
        "UPDATE one SET leaf = 1000, id = 'urn:uuid:x'",
        "INSERT INTO record SELECT * FROM one",
    )

    assert codes(sealed) == ["catalogue-ahead"]


def test_a_catalogue_may_be_gone_or_behind_but_not_damaged(sealed: Home, database: Any) -> None:
    database(sealed, "PRAGMA foreign_keys = OFF", "DELETE FROM record WHERE leaf > 300")
    behind = list(check(sealed))
    sealed.catalogue.write_bytes(b"no database" * 100)
    damaged = list(check(sealed))
    sealed.catalogue.unlink()
    gone = list(check(sealed))

    assert [(f.code, f.severity) for f in behind] == [("catalogue-behind", "remark")]
    assert [(f.code, f.severity) for f in damaged] == [("catalogue", "fault")]
    assert [(f.code, f.severity) for f in gone] == [("catalogue-missing", "remark")]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda kept: flip(kept, 3), "config"),
        (lambda kept: kept.unlink(), "config-missing"),
        (lambda kept: (kept.parent / f"{'0' * 64}").write_bytes(b"x"), "config"),
        (lambda kept: (kept.parent / "x.new").write_bytes(b"x"), "leftover"),
    ],
)
def test_kept_configuration_is_held_against_its_digest(sealed: Home, damage: Damage, expected: str) -> None:
    damage(next(sealed.configs.iterdir()))

    assert codes(sealed) == [expected]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda home: flip(home.format, 1), "format"),
        (lambda home: home.format.unlink(), "format"),
        (lambda home: (home.keys / "log.key").chmod(0o644), "key-rights"),
        (lambda home: flip(home.keys / "log.key", 60), "private-key"),
    ],
)
def test_format_and_keys_are_looked_at(sealed: Home, damage: Callable[[Home], object], expected: str) -> None:
    damage(sealed)

    assert codes(sealed) == [expected]


def test_a_writer_at_work_is_no_fault(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    run = store.begin_run()
    store.exchange(captures.exchange(), **mine(run))
    store.commit()
    record = store.exchange(captures.exchange("/b"), **mine(run))
    store.body(record.id)  # hands the bytes to the file, not yet sealed

    found = list(check(store.home))

    assert [(f.code, f.severity) for f in found] == [("in-flight", "remark")]


def test_findings_are_said_in_both_languages(sealed: Home) -> None:
    flip(sealed.log / "checkpoint", 30)

    found: Fault = next(check(sealed))

    assert found.text.startswith("điểm kiểm")
    assert found.english.startswith("the log's checkpoint")
    assert found.where.endswith("log/checkpoint")
