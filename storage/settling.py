"""Ending what a signed act of pruning began; every step can be made again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, delete, update

from storage.catalogue import Catalogue
from storage.disk import refusals, sync_folder, write_whole
from storage.home import Home
from storage.leaf import Leaf
from storage.log import LogFiles, place_line, read_place
from storage.merkle import leaf_hash
from storage.pruned import Layout
from storage.tables import OBSERVATION, RECORD

Moved = tuple[int, str, int, bool]
"""Leaf, file, offset; and whether its own record is gone."""


def settle(home: Home) -> None:
    """Put new files in place, then the index, the catalogue's rows; then delete the old files."""
    files = LogFiles(home.log)
    layout = Layout.of(files, home.archive)
    old = [name for name in sorted(layout.superseded()) if (home.archive / name).exists()]
    if not old:
        return
    renewed = layout.renewed()
    with refusals(home.archive):
        for name in old:
            fresh = home.archive / f"{renewed[name]}.new"
            if fresh.exists():
                fresh.replace(home.archive / renewed[name])
        sync_folder(home.archive)
        moved = _write_index(files, layout)
    if home.catalogue.exists():
        catalogue = Catalogue(home.catalogue, writer=True)
        try:
            with catalogue.writing() as connection:
                _move_rows(connection, moved)
        finally:
            catalogue.close()
    with refusals(home.archive):
        _delete(home.archive, old)


def _write_index(files: LogFiles, layout: Layout) -> list[Moved]:
    """Put the index in place that names the new files; return what lies elsewhere now."""
    names = frozenset(layout.renewed().values())
    lines: list[bytes] = []
    ends: dict[str, int] = {}
    moved: list[Moved] = []
    pairs = zip(files.lines(files.entries), files.lines(files.index), strict=False)
    for number, (entry, line) in enumerate(pairs):
        file, offset, _ = read_place(line)
        file = layout.newest(file)
        if file in names:
            leaf = Leaf.read(entry)
            offset = ends.get(file, 0)
            ends[file] = offset + layout.length(leaf, file)
            moved.append((number, file, offset, layout.is_gone(leaf, file)))
        lines.append(place_line(file, offset, leaf_hash(entry)))
    write_whole(files.index, b"".join(lines))
    return moved


def _delete(archive: Path, names: Iterable[str]) -> None:
    for name in names:
        (archive / name).unlink()
    sync_folder(archive)


def _move_rows(connection: Connection, moved: list[Moved]) -> None:
    for leaf, file, offset, gone in moved:
        values: dict[str, object] = {"file": file, "offset": offset}
        if gone:
            values |= {"length": 0, "conditional": False, "unread": False}
            # What readers saw in it goes with it: a catalogue made anew would not know it either.
            connection.execute(delete(OBSERVATION).where(OBSERVATION.c.record == leaf))
        connection.execute(update(RECORD).where(RECORD.c.leaf == leaf).values(values))
