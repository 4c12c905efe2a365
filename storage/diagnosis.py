"""The slow look at archive files that are not as logged: what was altered, taken out, put in or moved."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from isal import isal_zlib

from minhchung.errors import LogError
from storage.archive import SUFFIX
from storage.cutting import unfinished_tails
from storage.faults import Fault, fault
from storage.home import Home
from storage.leaf import Leaf
from storage.log import LogFiles, read_place
from storage.members import CHUNK, MAGIC
from storage.payloads import InflateError
from storage.pruned import Layout


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a file: one whole gzip member, or bytes that are in none."""

    offset: int
    length: int
    sha256: str
    """Empty: in no member."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One member as the log has it."""

    order: int
    id: str
    sha256: str
    length: int
    place: tuple[str, int] | None
    """File and offset, where the index can be trusted."""


def stretches(path: Path) -> Iterator[Stretch]:
    """Yield the whole of a file, members and what lies between them."""
    size = path.stat().st_size
    if not size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as bytes_:
        at = lost = 0
        while at < size:
            length = _member_length(bytes_, at, size)
            if length is None:
                following = bytes_.find(MAGIC, at + 1)
                at = size if following < 0 else following
                continue
            if lost < at:
                yield Stretch(lost, at - lost, "")
            yield Stretch(at, length, sha256(bytes_[at : at + length]).hexdigest())
            at = lost = at + length
        if lost < size:
            yield Stretch(lost, size - lost, "")


def _member_length(bytes_: mmap.mmap, at: int, size: int) -> int | None:
    """Return the stored length of the member that begins here, None where none does."""
    decoder, ahead = isal_zlib.decompressobj(31), at
    try:
        while ahead < size:
            chunk = bytes_[ahead : ahead + CHUNK]
            decoder.decompress(chunk)
            ahead += len(chunk)
            if decoder.eof:
                return ahead - len(decoder.unused_data) - at
    except InflateError:
        return None
    return None


def expected_members(home: Home, *, index_sound: bool) -> Iterator[Expected]:
    """Yield the members that the log knows, in its order."""
    files = LogFiles(home.log)
    lines = files.lines(files.index)
    layout = Layout.of(files, home.archive)
    order = 0
    for entry in files.lines(files.entries):
        line = next(lines, b"")
        try:
            leaf = Leaf.read(entry)
            file, offset, _ = read_place(line) if index_sound else ("", 0, b"")
        except LogError:
            continue
        for member in layout.kept(leaf, file):
            place = (file, offset) if index_sound else None
            yield Expected(order, member.id, member.sha256, member.length, place)
            offset += member.length
            order += 1


def diagnose(home: Home, *, index_sound: bool) -> Iterator[Fault]:
    """Yield what distinguishes the archive's files from what the log says of them."""
    tails = unfinished_tails(home) if index_sound else {}
    for name, (offset, length) in tails.items():
        yield fault("unfinished-tail", home.archive / name, f"byte {offset}, {length} bytes")
    wanted = {member.sha256: member for member in expected_members(home, index_sound=index_sound)}
    found: dict[str, int] = {}
    gaps: list[tuple[Path, Stretch]] = []
    shifted = 0
    faults: list[Fault] = []
    named = {member.place[0] for member in wanted.values() if member.place is not None}
    aside = Layout.of(LogFiles(home.log), home.archive).aside(home.archive, named)
    for path in sorted(home.archive.glob(f"*{SUFFIX}")):
        if path.name in aside:
            continue
        newest = -1
        for stretch in stretches(path):
            known = wanted.get(stretch.sha256)
            if known is None:
                if path.name not in tails or stretch.offset < tails[path.name][0]:
                    gaps.append((path, stretch))
                continue
            where = f"{path}: {known.id}"
            seen = found[known.sha256] = found.get(known.sha256, 0) + 1
            if seen > 1:
                faults.append(fault("member-duplicated", where, f"byte {stretch.offset}"))
            elif known.order < newest:
                faults.append(fault("member-moved", where, f"byte {stretch.offset}"))
            elif known.place not in (None, (path.name, stretch.offset)):
                shifted += 1
            newest = max(newest, known.order)
    lost = [member for member in wanted.values() if member.sha256 not in found]
    faults.extend(_missing_files(home, lost))
    faults.extend(_name_lost(home, lost, gaps))
    if shifted and not faults:
        # Everything is there and in order, so it is the index that is wrong.
        faults.append(fault("index", LogFiles(home.log).index, str(shifted)))
    yield from faults


def _missing_files(home: Home, lost: list[Expected]) -> Iterator[Fault]:
    names = dict.fromkeys(member.place[0] for member in lost if member.place is not None)
    for name in names:
        if not (home.archive / name).exists():
            yield fault("file-missing", home.archive / name)


def _name_lost(home: Home, lost: list[Expected], gaps: list[tuple[Path, Stretch]]) -> Iterator[Fault]:
    """Tell members that are gone from members that are there but altered."""
    unexplained = dict.fromkeys((path.name, stretch) for path, stretch in gaps)
    for member in lost:
        gap = _gap_of(member, list(unexplained))
        if gap is None:
            file = f"{home.archive / member.place[0]}: " if member.place is not None else ""
            yield fault("member-missing", f"{file}{member.id}")
            continue
        yield fault("member", f"{home.archive / gap[0]}: {member.id}", f"byte {gap[1].offset}")
        if gap[1].length <= member.length:
            del unexplained[gap]
    for name, stretch in unexplained:
        explained = any(_overlaps(member, name, stretch) for member in lost)
        if not explained:
            yield fault(
                "bytes-unlogged", home.archive / name, f"byte {stretch.offset}, {stretch.length} bytes"
            )


def _gap_of(member: Expected, gaps: list[tuple[str, Stretch]]) -> tuple[str, Stretch] | None:
    """Return the stretch in which a lost member's bytes are, altered."""
    for name, stretch in gaps:
        if member.place is not None:
            if _overlaps(member, name, stretch):
                return name, stretch
        elif stretch.length == member.length:
            return name, stretch
    return None


def _overlaps(member: Expected, name: str, stretch: Stretch) -> bool:
    if member.place is None or member.place[0] != name:
        return False
    begins = member.place[1]
    return begins < stretch.offset + stretch.length and stretch.offset < begins + member.length
