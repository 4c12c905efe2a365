"""Heads of HTTP/1.1 messages as nearly everybody writes them, made and taken apart in one look.

What is not exactly so is not judged here: h11 reads it at ten times the cost, and says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

Raw = list[tuple[bytes, bytes]]

_TOKEN: Final = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]"
_SHOWN: Final = rb"[\x21-\x7e\x80-\xff]"
_FIELD: Final = rb"(?:" + _SHOWN + rb"(?:[ \t\x21-\x7e\x80-\xff]*" + _SHOWN + rb")?)?"
_NAME_AND_VALUE: Final = re.compile(_TOKEN + rb"+: " + _FIELD)
_TARGET: Final = re.compile(rb"[\x21-\x7e]+")
_HEAD: Final = re.compile(
    rb"HTTP/1\.1 [2-5][0-9][0-9](?: [\t\x20-\x7e\x80-\xff]*+)?"
    rb"(?:\r\n" + _TOKEN + rb"++:[\t\x20-\x7e\x80-\xff]*+)*+\r\n\r\n"
)
"""A final answer (RFC 9112, 4 and 5): no folded line, no bare line end, no control character."""

_LENGTH: Final = re.compile(rb"[0-9]{1,18}")
_BODILESS: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an answer whose body's length is known beforehand, on a connection that stays open."""

    status: int
    reason: bytes
    raw: Raw
    length: int
    """Bytes of the body."""


def written(method: str, target: bytes, fields: Iterable[tuple[bytes, bytes]]) -> bytes | None:
    """Return a request without a body as it goes out; None where h11 has to look at it."""
    if method != "GET" or _TARGET.fullmatch(target) is None:
        return None
    lines = [b"GET %b HTTP/1.1" % target]
    for name, value in fields:
        line = _line(name, value)
        if line is None:
            return None
        lines.append(line)
    lines.append(b"\r\n")
    return b"\r\n".join(lines)


@lru_cache(maxsize=1024)
def _line(name: bytes, value: bytes) -> bytes | None:
    """Return a header line; None for one that would say more than a field of this name."""
    line = b"%b: %b" % (name, value)
    if _NAME_AND_VALUE.fullmatch(line) is None:
        return None
    return None if name.lower() in (b"content-length", b"transfer-encoding", b"upgrade") else line


def taken(data: bytes) -> tuple[Head, bytes] | None:
    """Return the head that an answer begins with, and what follows it; None where h11 has to look at it."""
    found = _HEAD.match(data)
    if found is None:
        return None
    end = found.end()
    first, *lines = data[: end - 4].split(b"\r\n")
    raw: Raw = []
    length: int | None = None
    for line in lines:
        name, _, value = line.partition(b":")
        value = value.strip(b" \t")
        raw.append((name, value))
        known = name.lower()
        if known == b"content-length":
            if length is not None or _LENGTH.fullmatch(value) is None:
                return None
            length = int(value)
        elif known == b"transfer-encoding" or (known == b"connection" and value.lower() != b"keep-alive"):
            return None
    status = int(first[9:12])
    if status in _BODILESS:
        length = 0
    return None if length is None else (Head(status, first[13:], raw, length), data[end:])
