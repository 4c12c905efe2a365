"""The log in parts, each walked by a process of its own where there are cores for them, and put together.

A part begins at a whole tile, so what its process hands back is one hash a tile: the tree over all of them
has the same root as the one over the leaves.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from storage.audit import Audit, FileUnderAudit, Found, Part, check_tile
from storage.checkpoint import Checkpoint
from storage.faults import Fault, fault
from storage.home import Home
from storage.log import TILE_WIDTH, LogFiles, Tiles
from storage.merkle import Frontier
from storage.pruned import Layout

WORTH_A_PROCESS: Final = 2048
"""Leaves in a part, at least: a copy of the process costs as much as looking at some hundreds."""

MOST_PARTS: Final = 8
MOST_NAMED: Final = 50
"""Entries named, at most: a line put in or taken out puts all that follow out of step."""

CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Child:
    """A copy of this process that walks a part."""

    number: int
    pipe: int
    """To be read: what it found."""


def walk_all(
    home: Home,
    checkpoint: Checkpoint | None,
    layout: Layout,
    *,
    cores: int | None = None,
    least: int = WORTH_A_PROCESS,
) -> tuple[Found, Frontier]:
    """Walk the whole log; return what was found, and the tree over its entries."""
    files = LogFiles(home.log)
    signed = checkpoint.size if checkpoint is not None else None
    whole = Part(signed=signed)
    first, *others = divide(files, whole, cores, least)
    children = deque((part, _begin(home, part, layout)) for part in others)
    try:
        founds = [Audit(home, first, layout).walk()]
        while children:
            part, child = children.popleft()
            # A copy that came to grief said nothing: its part is walked here.
            founds.append(_end(child) or Audit(home, part, layout).walk())
    finally:
        for _, child in children:
            _stop(child)
    return _together(files, founds)


def divide(
    files: LogFiles, whole: Part, cores: int | None = None, least: int = WORTH_A_PROCESS
) -> list[Part]:
    """Return the parts in which a log is walked: as many as there are cores, or as are worth it."""
    cores = cores if cores is not None else _cores()
    size = whole.signed or 0
    count = min(cores, MOST_PARTS, size // least)
    starts = [size * each // count // TILE_WIDTH * TILE_WIDTH for each in range(1, count)]
    places = zip(starts, _offsets(files.entries, starts), _offsets(files.index, starts), strict=False)
    parts = [whole]
    for start, entries_at, index_at in places:
        parts[-1] = replace(parts[-1], stop=start)
        parts.append(replace(whole, first=start, entries_at=entries_at, index_at=index_at))
    return parts


def _cores() -> int:
    """Return how many processors this process may use; one where it cannot be copied.

    A copy of a process with threads may hold a lock for ever that another thread had taken.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _offsets(path: Path, numbers: Iterable[int]) -> Iterator[int]:
    """Yield where lines begin, by their numbers, ascending; ends where the file has fewer."""
    seen = at = 0
    chunk = b""
    with path.open("rb") as file:
        for number in numbers:
            while seen + (held := chunk.count(b"\n")) < number:
                seen, at = seen + held, at + len(chunk)
                if not (chunk := file.read(CHUNK)):
                    return
            past = 0
            for _ in range(number - seen):
                past = chunk.index(b"\n", past) + 1
            seen, at, chunk = number, at + past, chunk[past:]
            yield at


def _begin(home: Home, part: Part, layout: Layout) -> Child:
    """Have a copy of this process walk a part: it has read everything that a new one would read first."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    number = os.fork()
    if number:
        os.close(writing)
        return Child(number, reading)
    try:  # in the copy, which must leave by _exit alone: what the parent has open is the parent's to close
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(Audit(home, part, layout).walk()))
        os._exit(0)
    finally:
        os._exit(1)


def _end(child: Child) -> Found | None:
    """Wait for a copy; return what it found, None where it came to grief."""
    with os.fdopen(child.pipe, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child.number, 0)
    if status:
        return None
    found: Found = pickle.loads(said)
    return found


def _stop(child: Child) -> None:
    """End a copy whose part nobody waits for any more."""
    os.close(child.pipe)
    os.kill(child.number, signal.SIGKILL)
    os.waitpid(child.number, 0)


def _together(files: LogFiles, founds: list[Found]) -> tuple[Found, Frontier]:
    """Return what all parts came to, and the tree over them."""
    tiles, frontier, whole = Tiles(), Frontier(), Found()
    for found in founds:
        for root in found.roots:
            frontier.append(root, TILE_WIDTH)
            for level, number, content in tiles.append(root, level=1):
                whole.faults.extend(check_tile(files, level, number, content))
        for hashed in found.rest:
            frontier.append(hashed)
        whole.leaves += found.leaves
        whole.unsigned += found.unsigned
        whole.extra_lines += found.extra_lines
        whole.faults.extend(found.faults)
        whole.row_faults.extend(each for each in found.row_faults if each not in whole.row_faults)
        whole.suspects.extend(found.suspects)
        whole.bad_lines.extend(found.bad_lines)
        whole.missing |= found.missing
        for kind, kept in found.kept_beside.items():
            whole.kept_beside[kind] |= kept
        whole.visits.extend(found.visits)
        whole.gone |= found.gone
        for name, file in found.archives.items():
            whole.archives[name] = _joined(whole.archives.get(name), file)
    return whole, frontier


def _joined(before: FileUnderAudit | None, file: FileUnderAudit) -> FileUnderAudit:
    """Return a file as both parts that walked through it have it."""
    expected = before.at if before is not None else 0
    return FileUnderAudit(
        size=file.size,
        first=before.first if before is not None else file.first,
        at=file.at,
        damaged=[*(before.damaged if before is not None else ()), *file.damaged],
        out_of_step=file.out_of_step or file.first != expected or (before is not None and before.out_of_step),
    )


def check_log(
    files: LogFiles, found: Found, frontier: Frontier, checkpoint: Checkpoint | None, *, being_written: bool
) -> Iterator[Fault]:
    """Yield what is wrong with the log as a whole, once all of it was walked."""
    if checkpoint is not None and frontier.size < checkpoint.size:
        yield fault("log-short", files.entries, f"{frontier.size} < {checkpoint.size}")
    if checkpoint is not None and frontier.root() != checkpoint.root:
        yield fault("root", files.entries)
        for number, name in found.suspects[:MOST_NAMED]:
            yield fault("entry", files.entries, f"leaf {number}, {name}")
    elif found.bad_lines or (found.extra_lines > found.unsigned and not being_written):
        lines = ", ".join(str(number + 1) for number in found.bad_lines[:MOST_NAMED])
        yield fault("index", files.index, lines or f"+{found.extra_lines}")
    if being_written:
        return
    for number in range(found.unsigned):
        yield fault("entry-unsigned", files.entries, f"leaf {found.leaves + number}")
    if not _ends_with_newline(files.entries):
        yield fault("entry-unsigned", files.entries, "torn line")


def _ends_with_newline(path: Path) -> bool:
    if not path.exists() or path.stat().st_size == 0:
        return True
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"
