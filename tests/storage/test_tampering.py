"""The tamper campaign: thousands of seeded changes to every kind of byte, all found and named.

A change is undone before the next, so one small home serves all of them. A change that leaves the bytes as
they were (two equal stretches exchanged) is drawn again: it is none.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from isal import isal_zlib
from sqlalchemy import create_engine, select, update

from storage.check import check
from storage.home import Home
from storage.leaf import Leaf
from storage.log import LogFiles, read_place
from storage.tables import RECORD

MUTATIONS: Final = 2200
TILE_MUTATIONS: Final = 100
UNTOUCHED: Final = 200
SEED: Final = 3234


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some bytes of one class: where they lie, and what a finding must name."""

    path: Path
    start: int
    end: int
    names: tuple[str, ...]
    """Any one of these in the finding's place."""


Change = Callable[[random.Random, bytes, Stretch], bytes]


def flip(chance: random.Random, content: bytes, at: Stretch) -> bytes:
    """Flip one bit."""
    bit = chance.randrange(at.start * 8, at.end * 8)
    return content[: bit // 8] + bytes([content[bit // 8] ^ 1 << bit % 8]) + content[bit // 8 + 1 :]


def delete(chance: random.Random, content: bytes, at: Stretch) -> bytes:
    """Take some bytes out."""
    first = chance.randrange(at.start, at.end)
    return content[:first] + content[chance.randrange(first, at.end) + 1 :]


def duplicate(chance: random.Random, content: bytes, at: Stretch) -> bytes:
    """Put some bytes in once more."""
    first = chance.randrange(at.start, at.end)
    last = chance.randrange(first, at.end) + 1
    return content[:last] + content[first:last] + content[last:]


def reorder(chance: random.Random, content: bytes, at: Stretch) -> bytes:
    """Exchange two neighbouring parts."""
    if at.end - at.start < 2:
        return content
    middle = chance.randrange(at.start + 1, at.end)
    return content[: at.start] + content[middle : at.end] + content[at.start : middle] + content[at.end :]


def truncate(chance: random.Random, content: bytes, at: Stretch) -> bytes:
    """Cut the file off."""
    return content[: chance.randrange(at.start, at.end)]


CHANGES: Final[tuple[Change, ...]] = (flip, delete, duplicate, reorder, truncate)


def repack(path: Path, offset: int, length: int, alter: Callable[[bytes], bytes]) -> bytes:
    """Return a file in which one member was unpacked, altered and packed again, as a forger would."""
    content = path.read_bytes()
    plain = isal_zlib.decompress(content[offset : offset + length], 31)
    packed = isal_zlib.compress(alter(plain), 1, 31)
    return content[:offset] + packed + content[offset + length :]


def members(home: Home) -> Iterator[tuple[Path, int, int, str]]:
    """Yield file, offset, length and record of every stored member."""
    files = LogFiles(home.log)
    for entry, line in zip(files.lines(files.entries), files.lines(files.index), strict=True):
        name, offset, _ = read_place(line)
        for member in Leaf.read(entry).members:
            yield home.archive / name, offset, member.length, member.id
            offset += member.length


def stored_classes(home: Home) -> dict[str, list[Stretch]]:
    """Return the stretches of every class of bytes as they lie on the disk."""
    classes: dict[str, list[Stretch]] = {"gzip header": [], "deflate data": [], "gzip trailer": []}
    for path, offset, length, record in members(home):
        end = offset + length
        # What moves the bytes after it may be told by any later record of the same file.
        named = (record, path.name)
        classes["gzip header"].append(Stretch(path, offset, offset + 10, named))
        classes["deflate data"].append(Stretch(path, offset + 10, end - 8, named))
        classes["gzip trailer"].append(Stretch(path, end - 8, end, named))
    files = LogFiles(home.log)
    at, entries = 0, []
    for line in files.entries.read_bytes().splitlines(keepends=True):
        entries.append(Stretch(files.entries, at, at + len(line), ("log/entries",)))
        at += len(line)
    classes["log entry"] = entries
    if tiles := [path for path in sorted((home.log / "tile").rglob("*")) if path.is_file()]:
        classes["tile"] = [whole(path) for path in tiles]
    classes["checkpoint"] = [whole(files.checkpoint)]
    classes["public key"] = [whole(files.key)]
    classes["kept configuration"] = [whole(path) for path in sorted(home.configs.iterdir())]
    classes["format"] = [whole(home.format)]
    return classes


def whole(path: Path) -> Stretch:
    """Return a whole file as one stretch."""
    return Stretch(path, 0, path.stat().st_size, (path.name,))


def blames(home: Home, names: tuple[str, ...]) -> str:
    """Return what is wrong with the way a change was found: nothing, where a finding names its object."""
    found = [fault for fault in check(home) if fault.severity == "fault"]
    if not found:
        return "not found"
    if not any(name in fault.where for fault in found for name in names):
        return f"found elsewhere: {[(f.code, f.where) for f in found[:3]]}"
    return ""


def missed(home: Home, stretch: Stretch, content: bytes, changed: bytes) -> str:
    """Make a change, ask check, undo it; return what was wrong with the answer."""
    stretch.path.write_bytes(changed)
    try:
        return blames(home, stretch.names)
    finally:
        stretch.path.write_bytes(content)


@pytest.fixture
def small(open_store: Any, captures: Any, mine: Any) -> Home:
    """A home with a record of every kind, several files and a catalogue."""
    return filled(open_store(roll_bytes=3000), captures, mine, 3)


@pytest.fixture
def tall(open_store: Any, captures: Any, mine: Any) -> Home:
    """The same with so many leaves that there is a full tile."""
    return filled(open_store(), captures, mine, 256)


def filled(store: Any, captures: Any, mine: Any, failures: int) -> Home:
    """Fill a store and close it."""
    run = store.begin_run("campaign")
    store.keep_config("rounds/x.toml", b"id = 'x'\n")
    first = store.exchange(captures.exchange("/", b"<p>Trang</p>" * 30), **mine(run))
    store.observe([captures.page(first)])
    store.exchange(captures.unchanged("/"), refers_to=first, **mine(run))
    store.failure(captures.failed("/x"), **mine(run))
    store.visit(captures.report(run), [captures.list_capture(first, "1")], None)
    store.keep_submission(captures.submission(store, 3))
    for number in range(failures):
        store.failure(captures.failed(f"/{number}"), **mine(run))
    store.close()
    home: Home = store.home
    return home


def campaign(home: Home, classes: dict[str, list[Stretch]], mutations: int) -> list[str]:
    """Change every class in turn, by every way; return what was not found, or found at the wrong place."""
    chance, wrong = random.Random(SEED), []
    for number in range(mutations):
        kind = list(classes)[number % len(classes)]
        change = CHANGES[number // len(classes) % len(CHANGES)]
        stretch = chance.choice(classes[kind])
        content = changed = stretch.path.read_bytes()
        while changed == content:
            changed = change(chance, content, stretch)
        if change is flip:
            stretch = replace(stretch, names=stretch.names[:1])
        if why := missed(home, stretch, content, changed):
            wrong.append(f"{number} {kind}, {change.__name__}: {why}")
    return wrong


@pytest.mark.fault
def test_every_change_of_stored_bytes_is_found_and_named(small: Home) -> None:
    """Every class of bytes by every way of changing them, as often as the campaign allows."""
    classes = stored_classes(small)

    assert "tile" not in classes
    assert len(classes) * len(CHANGES) * 40 <= MUTATIONS
    assert campaign(small, classes, MUTATIONS) == []
    assert [found.code for found in check(small)] == []


@pytest.mark.fault
def test_every_change_of_a_tile_is_found_and_named(tall: Home) -> None:
    """Tiles are derived from the entries: both are read and compared."""
    classes = {"tile": stored_classes(tall)["tile"]}

    assert campaign(tall, classes, TILE_MUTATIONS) == []
    assert [found.code for found in check(tall)] == []


@pytest.mark.fault
@pytest.mark.parametrize("part", ["warc header", "http header", "body"])
def test_a_record_packed_anew_is_found_and_named(small: Home, part: str) -> None:
    """A forger unpacks, alters and packs again: gzip is sound then, and the log is not."""
    chance, wrong = random.Random(SEED), []
    stored = [each for each in members(small) if b"WARC-Type: warcinfo" not in head_of(*each[:3])][:40]
    for path, offset, length, record in stored:
        content = path.read_bytes()
        plain = isal_zlib.decompress(content[offset : offset + length], 31)
        start, end = part_of(plain, part)
        for change in CHANGES[:4]:
            stretch = Stretch(path, start, end, (record, path.name))
            altered = change(chance, plain, stretch)
            if altered == plain:
                continue
            changed = repack(path, offset, length, always(altered))
            if why := missed(small, stretch, content, changed):
                wrong.append(f"{record} {change.__name__}: {why}")

    assert wrong == []


def always(content: bytes) -> Callable[[bytes], bytes]:
    """Return the change that puts these bytes in place of any."""
    return lambda _: content


def head_of(path: Path, offset: int, length: int) -> bytes:
    """Return the first bytes of a member's record."""
    plain: bytes = isal_zlib.decompress(path.read_bytes()[offset : offset + length], 31)
    return plain[:80]


def part_of(plain: bytes, part: str) -> tuple[int, int]:
    """Return where a part of a record begins and ends; a record without HTTP has its block for both."""
    block = plain.index(b"\r\n\r\n") + 4
    end = len(plain) - 4
    if part == "warc header":
        return 0, block - 4
    inside = plain.find(b"\r\n\r\n", block, end)
    if inside < 0:
        return block, end
    return (block, inside) if part == "http header" or inside + 4 == end else (inside + 4, end)


@pytest.mark.fault
def test_whole_members_taken_out_put_in_or_exchanged_are_named(small: Home) -> None:
    """Each member on its own: gone, twice, or in its neighbour's place."""
    wrong = []
    stored = list(members(small))
    for (path, offset, length, record), after in pairwise(stored):
        content = path.read_bytes()
        one, rest = content[offset : offset + length], content[offset + length :]
        ways = {"gone": content[:offset] + rest, "twice": content[: offset + length] + one + rest}
        if after[0] == path and after[1] == offset + length:
            two = content[after[1] : after[1] + after[2]]
            ways["exchanged"] = content[:offset] + two + one + content[after[1] + after[2] :]
        for way, changed in ways.items():
            stretch = Stretch(path, offset, offset + length, (record, after[3]))
            if why := missed(small, stretch, content, changed):
                wrong.append(f"{record} {way}: {why}")

    assert wrong == []


@pytest.mark.fault
def test_every_altered_row_of_the_catalogue_is_named(small: Home) -> None:
    """Each column that says what a record is; the log is the truth, the row is not."""
    values: dict[str, object] = dict.fromkeys(
        ("agency", "source", "run", "url", "kind", "failure", "body_sha256", "file"), "x"
    )
    values |= {"status": 7, "length": 1, "offset": 1, "captured_at": datetime(2001, 1, 1, tzinfo=UTC)}
    chance, wrong = random.Random(SEED), []
    engine = create_engine(f"sqlite:///{small.catalogue}")
    with engine.connect() as connection:
        rows = connection.execute(select(RECORD)).mappings().all()
    for column, value in values.items():
        for row in chance.sample(rows, 5):
            of_row = update(RECORD).where(RECORD.c.leaf == row["leaf"])
            with engine.begin() as connection:
                connection.execute(of_row.values({column: value}))
            if row[column] != value and (why := blames(small, (row["id"],))):
                wrong.append(f"{column}: {why}")
            with engine.begin() as connection:
                connection.execute(of_row.values({column: row[column]}))
    engine.dispose()

    assert wrong == []
    assert [found.code for found in check(small)] == []


@pytest.mark.fault
def test_two_hundred_untouched_archives_give_no_alarm(tmp_path: Path, captures: Any, mine: Any) -> None:
    """Homes of every shape: how many records, of which kinds, in how many groups and files, is drawn."""
    from storage.store import Store

    chance, alarms = random.Random(SEED), []
    for number in range(UNTOUCHED):
        home = Home(tmp_path / str(number))
        with Store(home, captures.clock, Ids(), writer=True, roll_bytes=chance.choice((900, 9000))) as store:
            run = store.begin_run()
            for step in range(chance.randrange(1, 9)):
                grow(store, captures, mine(run), chance, step)
        alarms += [(number, found.code, found.where) for found in check(home)]

    assert alarms == []


def grow(store: Any, captures: Any, whose: dict[str, Any], chance: random.Random, step: int) -> None:
    """Add something to a store."""
    match chance.randrange(5):
        case 0:
            store.exchange(captures.exchange(f"/{step}", chance.randbytes(chance.randrange(900))), **whose)
        case 1:
            store.failure(captures.failed(f"/{step}"), **whose)
        case 2:
            store.keep_config(f"{step}.toml", chance.randbytes(20))
        case 3:
            page = store.exchange(captures.exchange(f"/{step}", b"<p>Tin</p>"), **whose)
            store.exchange(captures.unchanged(f"/{step}"), refers_to=page, **whose)
        case _:
            store.commit()


class Ids:
    """Gives identifiers in order."""

    count = 0

    def next(self) -> str:
        """Return the next one."""
        Ids.count += 1
        return f"urn:uuid:00000000-0000-4000-a000-{Ids.count:012x}"
