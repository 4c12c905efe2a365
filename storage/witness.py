"""A second home follows a log, cosigns each head that continues the last, and reports one that does not.

`<home>/witness/<id>/` (the sixteen digits of the log's name) holds `checkpoint`, the last head cosigned,
`<size>.cosigned`, every head cosigned, `source`, where the log was read, and `fork-…`, both heads of a fork.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from minhchung.errors import LogError, UnreachableError, UsageError
from minhchung.ports import Get
from storage.anchors import Anchor, roots_at
from storage.checkpoint import Checkpoint
from storage.cosigning import Cosigner, CosignerKey, load_cosigner, read_cosigned
from storage.disk import refusals, write_whole
from storage.home import Home, WriterLock
from storage.log import LogFiles
from storage.rotation import keys_of, read_signed

MOST_ROTATIONS: Final = 1000
"""Rotations asked for at an address, at most."""

Verdict = Literal["first", "continues", "same", "forked", "rolled-back", "another-log"]
FAULTS: Final[frozenset[Verdict]] = frozenset({"forked", "rolled-back", "another-log"})
"""What a witness reports; it then cosigns nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What a witness found at a source."""

    verdict: Verdict
    head: Anchor
    """What the log says now."""

    before: Anchor | None
    """What the witness cosigned last."""

    kept: Path
    """Where it is kept: the cosigned head, or both heads of a fork."""


def log_at(source: Path) -> LogFiles:
    """Return the log of a home, or of a log folder that was copied alone; raises UsageError."""
    for folder in (source / "log", source):
        if (folder / "checkpoint").is_file() and (folder / "entries").is_file():
            return LogFiles(folder)
    raise UsageError(f"{source}: there is no signed log; name a home or its log folder")


def fetch_log(base: str, get: Get, folder: Path) -> LogFiles:
    """Copy a published log into an empty folder: key, rotations, checkpoint, then entries."""
    files = LogFiles(folder)
    base = base.rstrip("/")
    _fetch(get, f"{base}/key", files.key)
    (folder / "rotation").mkdir()
    for number in range(1, MOST_ROTATIONS):
        rotation = get.get(f"{base}/rotation/{number:04}")
        if rotation is None:
            break
        (folder / "rotation" / f"{number:04}").write_bytes(rotation)
    _fetch(get, f"{base}/checkpoint", files.checkpoint)
    _fetch(get, f"{base}/entries", files.entries)
    return files


def _fetch(get: Get, url: str, place: Path) -> None:
    content = get.get(url)
    if content is None:
        raise UnreachableError(f"{url}: is not there; publish the log folder there")
    place.write_bytes(content)


def follow(home: Home, files: LogFiles, source: str, now: Callable[[], datetime]) -> Followed:
    """Compare a log with what this home cosigned last, and cosign its head if it continues that.

    Raises LogError where the log is not even what its own checkpoint signs.
    """
    home.prepare()
    lock = WriterLock(home)
    try:
        with refusals(home.path):
            return _follow(home, files, source, now)
    finally:
        lock.release()


def _follow(home: Home, files: LogFiles, source: str, now: Callable[[], datetime]) -> Followed:
    cosigner = load_cosigner(home.keys / "witness.key")
    signed = files.checkpoint.read_bytes()
    head = read_signed(signed, keys_of(files))
    folder = home.path / "witness" / head.origin.rpartition("/")[2]
    last = _last(folder, cosigner.public)
    roots = roots_at(files, [head.size, last.size if last else 0])
    if roots.get(head.size) != head.root:
        raise LogError(f"{source}: the entries are not what the checkpoint signs; nothing was cosigned")
    verdict = _judge(home, folder, source, head, last, roots)
    if verdict in FAULTS:
        kept = _keep_fork(folder, signed, head)
    else:
        kept = _keep_head(folder, source, cosigner, signed, head, now, anew=verdict == "same")
    before = Anchor.of(last) if last is not None else _elsewhere(home, folder, source)
    return Followed(verdict=verdict, head=Anchor.of(head), before=before, kept=kept)


def _judge(
    home: Home,
    folder: Path,
    source: str,
    head: Checkpoint,
    last: Checkpoint | None,
    roots: dict[int, bytes],
) -> Verdict:
    if last is None:
        return "another-log" if _elsewhere(home, folder, source) is not None else "first"
    if head.size < last.size:
        return "rolled-back"
    if roots.get(last.size) != last.root:
        return "forked"
    return "same" if head.size == last.size else "continues"


def _last(folder: Path, key: CosignerKey) -> Checkpoint | None:
    """Return the head that was cosigned last, as our own cosignature vouches for it."""
    try:
        signed, _ = read_cosigned((folder / "checkpoint").read_bytes(), key)
    except FileNotFoundError:
        return None
    return _unjudged(signed)


def _unjudged(signed: bytes) -> Checkpoint:
    """Return what a note says whose log's signature was judged before."""
    said = Anchor.read_signed(signed)
    if said is None:
        raise LogError("a head that was cosigned cannot be read; restore <home>/witness from a backup")
    return Checkpoint(origin=said.origin, size=said.size, root=said.root)


def _elsewhere(home: Home, folder: Path, source: str) -> Anchor | None:
    """Return the head of another log that was followed at this very source, if there was one."""
    for other in sorted((home.path / "witness").glob("*/source")):
        if other.parent != folder and other.read_text("utf-8") == source:
            return Anchor.read_signed((other.parent / "checkpoint").read_bytes())
    return None


def _keep_head(
    folder: Path,
    source: str,
    cosigner: Cosigner,
    signed: bytes,
    head: Checkpoint,
    now: Callable[[], datetime],
    *,
    anew: bool,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{head.size}.cosigned"
    if not anew or not kept.exists():
        cosigned = cosigner.cosign(signed, now())
        write_whole(kept, cosigned)
        write_whole(folder / "checkpoint", cosigned)
        write_whole(folder / "source", source.encode())
    return kept


def _keep_fork(folder: Path, signed: bytes, head: Checkpoint) -> Path:
    """Keep the head that does not fit beside the one that was cosigned: together they are the proof."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"fork-{head.size}-{sha256(signed).hexdigest()[:8]}"
    cosigned = folder / "checkpoint"
    before = cosigned.read_bytes() if cosigned.exists() else b""
    write_whole(kept, before + b"\n" + signed if before else signed)
    return kept


def heads(home: Home) -> Iterator[tuple[Anchor, datetime, str]]:
    """Yield every log this home follows: the last head cosigned, when, and where it was read."""
    if not (home.keys / "witness.key").exists():
        return
    key = load_cosigner(home.keys / "witness.key").public
    for source in sorted((home.path / "witness").glob("*/source")):
        signed, at = read_cosigned((source.parent / "checkpoint").read_bytes(), key)
        last = _unjudged(signed)
        yield Anchor.of(last), at, source.read_text("utf-8")
