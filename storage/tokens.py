"""Where the tokens on the log's heads lie, and whether they are as they were sealed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from minhchung.errors import LogError
from storage.anchors import roots_at
from storage.checkpoint import Checkpoint
from storage.faults import Fault, fault
from storage.home import Home
from storage.log import LogFiles
from storage.rotation import keys_of, read_signed

KIND: Final = "timestamp"
"""Kind of the leaf that keeps a token."""

URN: Final = "urn:minhchung:timestamp:"
"""Begins a token's address; size and authority follow."""

_NAME: Final = re.compile(r"([1-9][0-9]*)(?:-([a-z0-9][a-z0-9-]{0,39}))?\.(checkpoint|tsq|tsr)")


def is_timestamp(files: LogFiles, path: Path) -> bool:
    """Say whether a file of the log's folder bears the name of a timestamp, a request or a stamped head."""
    return path.parent == files.folder / "timestamps" and bool(_NAME.fullmatch(path.name))


def place_of(files: LogFiles, size: int, authority: str, suffix: str) -> Path:
    """Return where a head (without an authority), a request or a token lies."""
    name = f"{size}-{authority}" if authority else str(size)
    return files.folder / "timestamps" / f"{name}.{suffix}"


def named(files: LogFiles, suffix: str) -> list[tuple[int, str, Path]]:
    """Return (size, authority, file) of every file of a kind, smallest head first."""
    found = []
    for path in (files.folder / "timestamps").glob(f"*.{suffix}"):
        parts = _NAME.fullmatch(path.name)
        if parts is not None:
            found.append((int(parts[1]), parts[2] or "", path))
    return sorted(found)


def check_timestamps(home: Home, leaves: Mapping[str, str]) -> Iterator[Fault]:
    """Yield every token or stamped head that is not as sealed, or does not fit the log.

    `leaves` are the log's tokens: SHA-256 (hex) -> address.
    """
    files, sealed = LogFiles(home.log), dict(leaves)
    heads, replies = named(files, "checkpoint"), named(files, "tsr")
    if not sealed and not heads and not replies:
        return
    for _, _, path in replies:
        if sealed.pop(sha256(path.read_bytes()).hexdigest(), None) is None:
            yield fault("timestamp", path, "leaf")
    for url in sealed.values():
        yield fault("timestamp", files.folder / "timestamps", url)
    from storage.stamping import imprint

    roots = roots_at(files, [size for size, _, _ in heads])
    for size, _, path in heads:
        head = _head_of(files, path)
        if head is None or head.size != size or roots.get(size) != head.root:
            yield fault("timestamp", path)
    for size, _, path in replies:
        kept = place_of(files, size, "", "checkpoint")
        # The token is as sealed and was judged whole before; what it stamps must be the head that is kept.
        if not kept.exists() or imprint(kept.read_bytes()) not in path.read_bytes():
            yield fault("timestamp", path, "imprint")


def _head_of(files: LogFiles, path: Path) -> Checkpoint | None:
    try:
        return read_signed(path.read_bytes(), keys_of(files))
    except LogError:
        return None
