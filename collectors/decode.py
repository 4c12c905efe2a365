"""From what was transferred to what readers see: content codings undone, within a cap.

Only gzip and deflate are ever asked for, so only those are decoded.
"""

from __future__ import annotations

import zlib
from typing import Final, cast

from isal import isal_zlib

from collectors.charset import text
from minhchung.errors import UnrecognisedError
from minhchung.evidence import Exchange

__all__ = ["ACCEPTED", "DecodeBombError", "gunzip", "payload", "text", "unpack"]

ACCEPTED: Final = "gzip, deflate"
"""What requests offer to accept."""

_MAX_CODINGS: Final = 3
_MOST_MEMBERS: Final = 4096
_WINDOW: Final = 1 << 16
"""Bytes given to each further member: the rest is copied by every one that ends."""

_GZIP: Final = b"\x1f\x8b"
_BROKEN: Final = cast("type[Exception]", isal_zlib.error)  # its stub calls the class an instance


class DecodeBombError(UnrecognisedError):
    """A small body unpacks to more than the cap."""


def unpack(wire: bytes, codings: str, cap: int) -> bytes:
    """Return the body without its content codings, at most `cap` bytes of it.

    Raises DecodeBombError above the cap, UnrecognisedError for a coding that was not asked for or is broken.
    """
    if not codings or not wire:
        return wire
    names = [name.strip().casefold() for name in codings.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > _MAX_CODINGS:
        raise DecodeBombError(f"{len(names)} content codings on top of each other")
    body = wire
    for name in reversed(names):
        if name in ("gzip", "x-gzip"):
            body = gunzip(body, cap)
        elif name == "deflate":
            body = _inflate(body, cap)
        else:
            raise UnrecognisedError(f"content coding {name!r} was not asked for")
    return body


def payload(exchange: Exchange, cap: int) -> bytes:
    """Return the decoded body of an exchange; raises as `unpack`."""
    return unpack(exchange.wire, exchange.header("content-encoding") or "", cap)


def gunzip(body: bytes, cap: int) -> bytes:
    """Return the content of every gzip member; raises as `unpack`."""
    whole, used = _member(body, cap)
    if used >= len(body):
        return whole
    parts, room = [whole], cap - len(whole)
    while body[used : used + 2] == _GZIP:  # padding after the last member is tolerated
        if len(parts) == _MOST_MEMBERS:
            raise DecodeBombError(f"more than {_MOST_MEMBERS} gzip members")
        window = _WINDOW
        while True:
            try:
                part, taken = _member(body[used : used + window], room)
                break
            except _UnendedError:
                if used + window >= len(body):
                    raise
                window *= 8
        parts.append(part)
        room, used = room - len(part), used + taken
    return b"".join(parts)


class _UnendedError(UnrecognisedError):
    """A member goes on behind the bytes at hand."""


def _member(body: bytes, room: int) -> tuple[bytes, int]:
    """Return the content of the first member and how many bytes it takes up."""
    stream = isal_zlib.decompressobj(31)
    try:
        part = stream.decompress(body, room + 1)
    except _BROKEN as exc:
        raise UnrecognisedError(f"gzip body is broken: {exc}") from exc
    if len(part) > room:
        raise DecodeBombError(f"unpacks to more than {room} bytes")
    if not stream.eof:
        raise _UnendedError("gzip body ends in the middle")
    return part, len(body) - len(stream.unused_data)


def _inflate(body: bytes, cap: int) -> bytes:
    # RFC 9110 says zlib format; many servers send the bare stream.
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        stream = zlib.decompressobj(window)
        try:
            unpacked = stream.decompress(body, cap + 1)
        except zlib.error:
            continue
        if len(unpacked) > cap:
            raise DecodeBombError(f"unpacks to more than {cap} bytes")
        if not stream.eof:
            raise UnrecognisedError("deflate body ends in the middle")
        return unpacked
    raise UnrecognisedError("deflate body is broken")
