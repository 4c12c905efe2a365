"""What a writer does first: read the whole log, and cut what a crash left behind it.

Everything under a signed checkpoint must be there and is never touched: where it is not, the home is
refused and nothing is changed. What lies behind it was never called sealed: whole leaves whose members are
on the disk are kept and signed, everything after them is cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from minhchung.errors import LogError
from storage.archive import SUFFIX
from storage.checkpoint import Signer
from storage.disk import DiskFile, OpenFile, truncate, write_whole
from storage.leaf import Leaf
from storage.log import Log, LogFiles, Tiles, place_line, read_place
from storage.members import MemberError, walk
from storage.merkle import Frontier, leaf_hash
from storage.pruned import Layout, is_marked, read_act

MOST_UNLOGGED: Final = 700
"""Gzip members that a crash can leave unlogged; more means that the log itself was rolled back."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What the entries file holds, as far as it can be kept."""

    frontier: Frontier
    tiles: Tiles
    entries_length: int
    index_length: int
    ends: dict[str, int]
    """Archive file -> where its logged bytes end."""

    full_tiles: list[tuple[int, int, bytes]]


def open_log(
    folder: Path, archive: Path, signer: Signer, open_file: OpenFile = DiskFile, *, at_least: int = 0
) -> Log:
    """Return the log, ready to grow; raises LogError where what was signed is not there any more.

    `at_least` is the number of leaves somebody else remembers: a log with fewer was rolled back.
    """
    files = LogFiles(folder)
    if files.entries.exists() and _count_lines(files.index) < _count_lines(files.entries):
        rebuild_index(files, archive)
    head = _read(files, archive)
    if head.frontier.size < at_least:
        raise LogError(
            f"{folder}: has {head.frontier.size} leaves but the catalogue {at_least}; restore the log"
        )
    _cut_archive(archive, head.ends)
    for path, length in ((files.entries, head.entries_length), (files.index, head.index_length)):
        if path.exists() and path.stat().st_size != length:
            truncate(path, length)
    for level, number, content in head.full_tiles:
        place = files.tile(level, number)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, content, open_file)
        elif place.read_bytes() != content:
            raise LogError(f"{place}: is damaged; run `minhchung check` and restore it from a backup")
    log = Log(files, signer, head.frontier, head.tiles, open_file)
    signed = files.read_checkpoint()
    if head.frontier.size and (signed is None or signed.size < head.frontier.size):
        log.sign()
    return log


def _read(files: LogFiles, archive: Path) -> _Head:
    signed = files.read_checkpoint()
    size = signed.size if signed else 0
    frontier, tiles = Frontier(), Tiles()
    full_tiles: list[tuple[int, int, bytes]] = []
    layout = Layout.of(files, archive)
    entries_length = index_length = 0
    last: dict[str, tuple[int, bytes]] = {}
    for entry, line in zip(files.lines(files.entries), files.lines(files.index), strict=False):
        file, offset, _ = read_place(line)
        if frontier.size >= size and not _is_stored(archive / file, offset, entry):
            break
        hashed = leaf_hash(entry)
        frontier.append(hashed)
        # Tiles that are there need not be kept in mind: memory must not grow with the log.
        full_tiles.extend(tile for tile in tiles.append(hashed) if not _is_there(files, tile))
        entries_length += len(entry) + 1
        index_length += len(line) + 1
        last[file] = (offset, entry)
        if frontier.size == size and signed and frontier.root() != signed.root:
            raise LogError(f"{files.entries}: is not what was signed; run `minhchung check`")
    if frontier.size < size:
        raise LogError(
            f"{files.entries}: holds {frontier.size} leaves of {size} signed; restore the log from a backup"
        )
    ends = {file: offset + layout.length(Leaf.read(entry), file) for file, (offset, entry) in last.items()}
    return _Head(frontier, tiles, entries_length, index_length, ends, full_tiles)


def _is_there(files: LogFiles, tile: tuple[int, int, bytes]) -> bool:
    level, number, content = tile
    place = files.tile(level, number)
    return place.exists() and place.read_bytes() == content


def _is_stored(path: Path, offset: int, entry: bytes) -> bool:
    """Say whether the members of an unsigned leaf are on the disk, whole."""
    try:
        leaf = Leaf.read(entry)
        with path.open("rb") as file:
            file.seek(offset)
            return all(sha256(file.read(m.length)).hexdigest() == m.sha256 for m in leaf.members)
    except (LogError, OSError):
        return False


def _cut_archive(archive: Path, ends: dict[str, int]) -> None:
    """Cut every file at the end of its logged bytes; files without any go."""
    torn: list[tuple[Path, int]] = []
    unlogged = 0
    for path in sorted(archive.glob(f"*{SUFFIX}")):
        end = ends.get(path.name, 0)
        size = path.stat().st_size
        if size < end:
            raise LogError(f"{path}: ends at byte {size} but {end} are logged; restore it from a backup")
        if size > end or end == 0:
            torn.append((path, end))
            unlogged += sum(1 for _ in _whole_members(path, end))
    missing = [name for name in ends if not (archive / name).exists()]
    if missing:
        raise LogError(f"{archive / missing[0]}: is gone; restore it from a backup")
    if unlogged > MOST_UNLOGGED:
        raise LogError(
            f"{archive}: the log does not know {unlogged} of its members, so it is an older log; restore it"
        )
    for path, end in torn:
        if end:
            truncate(path, end)
        else:
            path.unlink()


def _whole_members(path: Path, start: int) -> Iterator[int]:
    try:
        for stored in walk(path, start):
            yield stored.offset
    except MemberError:
        return


def rebuild_index(files: LogFiles, archive: Path) -> None:
    """Write `log/index` anew from entries and archive."""
    places: dict[str, tuple[str, int]] = {}
    for path in sorted(archive.glob(f"*{SUFFIX}")):
        try:
            for stored in walk(path):
                places.setdefault(stored.sha256, (path.name, stored.offset))
        except MemberError:
            continue  # a torn tail: what lies before it has been noted
    layout = _layout_by(places, files, archive)
    lines: list[bytes] = []
    ends: dict[str, int] = {}
    for entry in files.lines(files.entries):
        leaf = Leaf.read(entry)
        place = next((places[m.sha256] for m in leaf.members if m.sha256 in places), None)
        file = layout.home_of(leaf)
        if file is not None:
            place = (file, ends.get(file, 0))
        if place is None:
            break
        ends[place[0]] = place[1] + layout.length(leaf, place[0])
        lines.append(place_line(*place, leaf_hash(entry)))
    write_whole(files.index, b"".join(lines))


def _layout_by(places: dict[str, tuple[str, int]], files: LogFiles, archive: Path) -> Layout:
    """Return the layout without an index, by the digests of the acts' records."""
    layout = Layout()
    for entry in files.lines(files.entries):
        place = places.get(Leaf.read(entry).members[0].sha256) if is_marked(entry) else None
        act = read_act(entry, *place, archive) if place is not None else None
        if act is not None:
            layout.add(act)
    return layout


def _count_lines(path: Path) -> int:
    if not path.exists():
        return 0
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
