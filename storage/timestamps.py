"""Timestamps on the log's heads: one token a head and authority, beside the head that it stamps.

`log/timestamps/<size>.checkpoint` is the signed head as it was, `<size>-<authority>.tsq` a request without an
answer yet, `<size>-<authority>.tsr` the token. A token is also sealed as a leaf, so that none can be altered
or taken away unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from minhchung.agencies import PROVINCE
from minhchung.errors import CollectionError, UsageError
from minhchung.ports import Post
from storage.disk import refusals, write_whole
from storage.leaf import Leaf
from storage.log import LogFiles
from storage.stamping import StampError, judge, nonce_of, request
from storage.store import ACTS, Store
from storage.tokens import KIND, URN, named, place_of

QUERY_TYPE: Final = "application/timestamp-query"
REPLY_TYPE: Final = "application/timestamp-reply"

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


# --- asking ------------------------------------------------------------------------------------------


def queue(files: LogFiles, authorities: Sequence[Authority]) -> None:
    """Put a request for the last head in the queue of every authority, unless it is stamped already."""
    head = files.read_checkpoint()
    if head is None:
        raise UsageError(f"{files.folder}: the log has no signed checkpoint yet; collect first")
    signed = files.checkpoint.read_bytes()
    for authority in authorities:
        asked = [*named(files, "tsq"), *named(files, "tsr")]
        covered = [size for size, name, _ in asked if name == authority.name]
        if covered and _only_stamps_since(files, max(covered), head.size):
            continue
        with refusals(files.folder):
            kept = place_of(files, head.size, "", "checkpoint")
            kept.parent.mkdir(exist_ok=True)
            if not kept.exists():
                write_whole(kept, signed)
            made = request(kept.read_bytes())
            write_whole(place_of(files, head.size, authority.name, "tsq"), made.body)


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
    for size, name, path in named(files, "tsq"):
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
        signed = place_of(files, size, "", "checkpoint").read_bytes()
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
        write_whole(place_of(files, size, authority.name, "tsr"), reply)
        query.unlink()
    return Token(size=size, authority=authority.name, state="stamped", at=stamp.at, detail=stamp.by)


def _put_back(store: Store, files: LogFiles) -> None:
    """Write the tokens that were sealed but not put in their place before a crash."""
    for record in store.records(kind=KIND):
        size, _, name = record.url.removeprefix(URN).partition(":")
        place = place_of(files, int(size), name, "tsr")
        if not place.exists():
            with refusals(place):
                write_whole(place, store.body(record.id))
                place.with_suffix(".tsq").unlink(missing_ok=True)


# --- looking -----------------------------------------------------------------------------------------


def tokens(files: LogFiles, authorities: Sequence[Authority]) -> Iterator[Token]:
    """Yield every token, judged anew at its own instant, and every request that waits; oldest head first."""
    known = {authority.name: authority for authority in authorities}
    waiting = [(size, name, path) for size, name, path in named(files, "tsq")]
    for size, name, path in sorted([*named(files, "tsr"), *waiting]):
        if path.suffix == ".tsq":
            yield Token(size=size, authority=name, state="queued")
        elif name not in known:
            yield Token(size=size, authority=name, state="refused", detail="not in timestamps.toml")
        else:
            yield _judge_kept(files, size, known[name], path)


def _judge_kept(files: LogFiles, size: int, authority: Authority, path: Path) -> Token:
    try:
        signed = place_of(files, size, "", "checkpoint").read_bytes()
        stamp = judge(path.read_bytes(), signed, authority.roots)
    except (StampError, OSError) as exc:
        return Token(size=size, authority=authority.name, state="refused", detail=str(exc))
    return Token(size=size, authority=authority.name, state="stamped", at=stamp.at, detail=stamp.by)


def stamped_to(files: LogFiles) -> int:
    """Return the size of the largest head that bears a token; 0 where none does."""
    return max((size for size, _, _ in named(files, "tsr")), default=0)


def fully_stamped(files: LogFiles) -> bool:
    """Say whether everything under the last head, tokens apart, stands under a stamped one."""
    head = files.read_checkpoint()
    size = stamped_to(files)
    return head is not None and size > 0 and _only_stamps_since(files, size, head.size)
