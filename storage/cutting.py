"""The unfinished tail of the archive: cut by the writer that failed, told from an intrusion by `check`.

What a writer appended and could not log was never called sealed. Cutting needs no room on the disk, so a
writer that meets a full one leaves its home as the last signed checkpoint has it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from isal import isal_zlib

from storage.archive import SUFFIX
from storage.disk import sync_folder, truncate
from storage.home import Home
from storage.leaf import Leaf
from storage.log import TILE_WIDTH, LogFiles, read_place
from storage.members import MAGIC, MEMBER_CAP, MemberError, inflate_member, read_record, walk
from storage.payloads import InflateError
from storage.pruned import Layout
from storage.recovery import MOST_UNLOGGED

WARC: Final = b"WARC/1.1\r\n"

HEAD: Final = MAGIC + b"\0"
"""How a member begins that we packed: no name, no comment, no extra field."""

SILENT_BYTES: Final = 512
"""A packed stream may begin with a table of codes; after so many bytes it has said something."""

LEVELS: Final = 8
"""Levels of tiles, at most."""


def cut_unsigned(home: Home, names: Iterable[str]) -> None:
    """Cut log and the named archive files, which this process wrote, to what the checkpoint covers.

    Raises LogError or OSError where that cannot be told or done; the next writer does it then.
    """
    files = LogFiles(home.log)
    signed = files.read_checkpoint()
    size = signed.size if signed is not None else 0
    layout = Layout.of(files, home.archive)
    ends: dict[str, int] = {}
    seen = entries_length = index_length = 0
    pairs = zip(files.lines(files.entries), files.lines(files.index), strict=False)
    for entry, line in islice(pairs, size):
        file, offset, _ = read_place(line)
        ends[file] = offset + layout.length(Leaf.read(entry), file)
        entries_length += len(entry) + 1
        index_length += len(line) + 1
        seen += 1
    if seen < size:
        return
    for path, length in ((files.entries, entries_length), (files.index, index_length)):
        if path.exists() and path.stat().st_size > length:
            truncate(path, length)
    for level in range(LEVELS):
        files.tile(level, size // TILE_WIDTH ** (level + 1)).unlink(missing_ok=True)
    for name in names:
        _cut(home.archive / name, ends.get(name, 0))
    sync_folder(home.archive)


def _cut(path: Path, end: int) -> None:
    if not path.exists():
        return
    if not end:
        path.unlink()
    elif path.stat().st_size > end:
        truncate(path, end)


def unfinished_tails(home: Home) -> dict[str, tuple[int, int]]:
    """Return file -> (offset, length) of what a writer that was cut off left at the archive's end.

    Only where the last writer did not let go of the home, only in the newest file that the log knows or one
    begun after it, and only bytes that recovery would cut: whole records, and the beginning of another one.
    """
    if not was_cut_off(home):
        return {}
    newest, end = _logged_end(home)
    tails: dict[str, tuple[int, int]] = {}
    for path in sorted(home.archive.glob(f"*{SUFFIX}")):
        start = end if path.name == newest else 0
        length = path.stat().st_size - start
        if path.name >= newest and length > 0 and _is_unfinished(path, start):
            tails[path.name] = (start, length)
    return tails


def was_cut_off(home: Home) -> bool:
    """Say whether the last writer did not let go of the home: its number stands in the lock file."""
    return home.lock_file.exists() and bool(home.lock_file.read_bytes().strip())


def _logged_end(home: Home) -> tuple[str, int]:
    """Return the file in which the newest leaf lies, and where its logged bytes end."""
    files = LogFiles(home.log)
    layout = Layout.of(files, home.archive)
    last = deque(zip(files.lines(files.entries), files.lines(files.index), strict=False), maxlen=1)
    for entry, line in last:
        file, offset, _ = read_place(line)
        return file, offset + layout.length(Leaf.read(entry), file)
    return "", 0


def _is_unfinished(path: Path, start: int) -> bool:
    """Say whether a file goes on with whole records and ends right after them or within another one."""
    at, whole = start, 0
    try:
        for stored in walk(path, start):
            read_record(inflate_member(stored.raw))
            at, whole = stored.offset + len(stored.raw), whole + 1
    except MemberError:
        pass  # what follows may be the beginning of a record
    if whole > MOST_UNLOGGED or path.stat().st_size - at > MEMBER_CAP:
        return False
    with path.open("rb") as file:
        file.seek(at)
        return _is_beginning(file.read())


def _is_beginning(rest: bytes) -> bool:
    """Say whether bytes are the beginning of one packed record, and no more."""
    if len(rest) <= len(HEAD) or not rest.startswith(HEAD):
        return HEAD.startswith(rest)
    decoder = isal_zlib.decompressobj(31)
    try:
        content = decoder.decompress(rest, len(WARC))
    except InflateError:
        return False
    if decoder.eof or not WARC.startswith(content):
        return False
    return bool(content) or len(rest) < SILENT_BYTES
