"""Timestamps on the log's heads: one token a head and authority, beside the head that it stamps.

`log/timestamps/<size>.checkpoint` is the signed head as it was, `<size>-<authority>.tsq` a request without an
answer yet, `<size>-<authority>.tsr` the token. A token is also sealed as a leaf, so that none can be altered
or taken away unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from minhchung.agencies import PROVINCE
from minhchung.errors import CollectionError, LogError, UsageError
from minhchung.ports import Post
from storage.anchors import roots_at
from storage.checkpoint import Checkpoint
from storage.disk import refusals, write_whole
from storage.faults import Fault, fault
from storage.home import Home
from storage.leaf import Leaf
from storage.log import LogFiles
from storage.recorded import payloads_of
from storage.rotation import keys_of, read_signed
from storage.stamping import StampError, imprint, judge, nonce_of, request
from storage.store import ACTS, Store

KIND: Final = "timestamp"
"""Kind of the leaf that keeps a token."""

URN: Final = "urn:minhchung:timestamp:"
"""Begins a token's address; size and authority follow."""

QUERY_TYPE: Final = "application/timestamp-query"
REPLY_TYPE: Final = "application/timestamp-reply"
_NAME: Final = re.compile(r"([1-9][0-9]*)(?:-([a-z0-9][a-z0-9-]{0,39}))?\.(checkpoint|tsq|tsr)")

State = Literal["stamped", "queued", "refused"]
"""A token is there and holds; none came yet; what came, or lies there, does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """An authority with the certificates that its chain must end in."""

    name: str
    url: str
    roots: bytes
    """PEM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """How it stands with one head and one authority."""

    size: int
    """Of the head."""

    authority: str
    state: State
    at: datetime | None = None
    """Aware, UTC: what the token says."""

    detail: str = ""


def is_timestamp(files: LogFiles, path: Path) -> bool:
    """Say whether a file of the log's folder bears the name of a timestamp, a request or a stamped head."""
    return path.parent == files.folder / "timestamps" and bool(_NAME.fullmatch(path.name))


def _place(files: LogFiles, size: int, authority: str, suffix: str) -> Path:
    name = f"{size}-{authority}" if authority else str(size)
    return files.folder / "timestamps" / f"{name}.{suffix}"


def _named(files: LogFiles, suffix: str) -> list[tuple[int, str, Path]]:
    """Return (size, authority, file) of every file of a kind, smallest head first."""
    found = []
    for path in (files.folder / "timestamps").glob(f"*.{suffix}"):
        parts = _NAME.fullmatch(path.name)
        if parts is not None:
            found.append((int(parts[1]), parts[2] or "", path))
    return sorted(found)


# --- asking ------------------------------------------------------------------------------------------


def queue(files: LogFiles, authorities: Sequence[Authority]) -> None:
    """Put a request for the last head in the queue of every authority, unless it is stamped already."""
    head = files.read_checkpoint()
    if head is None:
        raise UsageError(f"{files.folder}: the log has no signed checkpoint yet; collect first")
    signed = files.checkpoint.read_bytes()
    for authority in authorities:
        asked = [*_named(files, "tsq"), *_named(files, "tsr")]
        covered = [size for size, name, _ in asked if name == authority.name]
        if covered and _only_stamps_since(files, max(covered), head.size):
            continue
        with refusals(files.folder):
            kept = _place(files, head.size, "", "checkpoint")
            kept.parent.mkdir(exist_ok=True)
            if not kept.exists():
                write_whole(kept, signed)
            made = request(kept.read_bytes())
            write_whole(_place(files, head.size, authority.name, "tsq"), made.body)


def _only_stamps_since(files: LogFiles, size: int, end: int) -> bool:
    """Say whether nothing but tokens (and the first records of their files) was logged from a head on."""
    for number, entry in enumerate(files.lines(files.entries)):
        if number >= end:
            break
        if number >= size and Leaf.read(entry).kind not in (KIND, "warcinfo"):
            return False
    return True


def run(
    store: Store, authorities: Sequence[Authority], post: Post, now: Callable[[], datetime]
) -> tuple[Token, ...]:
    """Ask for what is queued, judge what comes, seal what holds; a request without a token stays queued."""
    files, known = LogFiles(store.home.log), {authority.name: authority for authority in authorities}
    _put_back(store, files)
    queue(files, authorities)
    done = []
    for size, name, path in _named(files, "tsq"):
        if name in known:
            done.append(_ask(store, files, size, known[name], path, post, now))
        else:
            done.append(Token(size=size, authority=name, state="queued", detail="not in timestamps.toml"))
    return tuple(done)


def _ask(
    store: Store,
    files: LogFiles,
    size: int,
    authority: Authority,
    query: Path,
    post: Post,
    now: Callable[[], datetime],
) -> Token:
    asked = query.read_bytes()
    try:
        reply = post.post(authority.url, asked, content_type=QUERY_TYPE)
    except CollectionError as exc:
        return Token(size=size, authority=authority.name, state="queued", detail=str(exc))
    try:
        signed = _place(files, size, "", "checkpoint").read_bytes()
        stamp = judge(reply, signed, authority.roots, nonce_of(asked))
    except (StampError, OSError) as exc:
        return Token(size=size, authority=authority.name, state="refused", detail=str(exc))
    store.resource(
        reply,
        url=f"{URN}{size}:{authority.name}",
        content_type=REPLY_TYPE,
        agency=PROVINCE,
        source=ACTS,
        run=store.begin_run("timestamp"),
        kind=KIND,
        captured_at=now(),
    )
    store.commit()
    with refusals(files.folder):
        write_whole(_place(files, size, authority.name, "tsr"), reply)
        query.unlink()
    return Token(size=size, authority=authority.name, state="stamped", at=stamp.at, detail=stamp.by)


def _put_back(store: Store, files: LogFiles) -> None:
    """Write the tokens that were sealed but not put in their place before a crash."""
    for record in store.records(kind=KIND):
        size, _, name = record.url.removeprefix(URN).partition(":")
        place = _place(files, int(size), name, "tsr")
        if not place.exists():
            with refusals(place):
                write_whole(place, store.body(record.id))
                place.with_suffix(".tsq").unlink(missing_ok=True)


# --- looking -----------------------------------------------------------------------------------------


def tokens(files: LogFiles, authorities: Sequence[Authority]) -> Iterator[Token]:
    """Yield every token, judged anew at its own instant, and every request that waits; oldest head first."""
    known = {authority.name: authority for authority in authorities}
    waiting = [(size, name, path) for size, name, path in _named(files, "tsq")]
    for size, name, path in sorted([*_named(files, "tsr"), *waiting]):
        if path.suffix == ".tsq":
            yield Token(size=size, authority=name, state="queued")
        elif name not in known:
            yield Token(size=size, authority=name, state="refused", detail="not in timestamps.toml")
        else:
            yield _judge_kept(files, size, known[name], path)


def _judge_kept(files: LogFiles, size: int, authority: Authority, path: Path) -> Token:
    try:
        signed = _place(files, size, "", "checkpoint").read_bytes()
        stamp = judge(path.read_bytes(), signed, authority.roots)
    except (StampError, OSError) as exc:
        return Token(size=size, authority=authority.name, state="refused", detail=str(exc))
    return Token(size=size, authority=authority.name, state="stamped", at=stamp.at, detail=stamp.by)


def stamped_to(files: LogFiles) -> int:
    """Return the size of the largest head that bears a token; 0 where none does."""
    return max((size for size, _, _ in _named(files, "tsr")), default=0)


def fully_stamped(files: LogFiles) -> bool:
    """Say whether everything under the last head, tokens apart, stands under a stamped one."""
    head = files.read_checkpoint()
    size = stamped_to(files)
    return head is not None and size > 0 and _only_stamps_since(files, size, head.size)


def check_timestamps(home: Home) -> Iterator[Fault]:
    """Yield every token or stamped head that is not as sealed, or does not fit the log."""
    files = LogFiles(home.log)
    sealed = payloads_of(files, KIND)
    heads, replies = _named(files, "checkpoint"), _named(files, "tsr")
    if not sealed and not heads and not replies:
        return
    for _, _, path in replies:
        if sealed.pop(sha256(path.read_bytes()).hexdigest(), None) is None:
            yield fault("timestamp", path, "leaf")
    for url in sealed.values():
        yield fault("timestamp", files.folder / "timestamps", url)
    roots = roots_at(files, [size for size, _, _ in heads])
    for size, _, path in heads:
        head = _head_of(files, path)
        if head is None or head.size != size or roots.get(size) != head.root:
            yield fault("timestamp", path)
    for size, _, path in replies:
        kept = _place(files, size, "", "checkpoint")
        # The token is as sealed and was judged whole before; what it stamps must be the head that is kept.
        if not kept.exists() or imprint(kept.read_bytes()) not in path.read_bytes():
            yield fault("timestamp", path, "imprint")


def _head_of(files: LogFiles, path: Path) -> Checkpoint | None:
    try:
        return read_signed(path.read_bytes(), keys_of(files))
    except LogError:
        return None
