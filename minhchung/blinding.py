"""Marks of observations that outsiders can check though texts are masked: each text has its commitment.

A digest over a masked text gives it away: telephone numbers are soon guessed. So a mark is not over an
observation's texts but over salted commitments to them. The salts follow from one secret of the visit; who is
given a text is given its salt, who is given a masked one, the commitment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256, shake_256
from json.encoder import encode_basestring
from typing import Any, Final

SALT_BYTES: Final = 16

_STRING: Final = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"')
"""A string of JSON, keys included; what it holds is left as JSON writes it."""

_FREE: Final = re.compile(r"[\s@\\]|^\+?[08][\d.-]{8,}$|^\d{9}(?:\d{3})?$")
"""What a text holds that may be masked: a blank, an @, an escape; or it is a number as of a telephone."""

_BEGIN_NUMBERS: Final = frozenset("+0123456789")

MARK: Final = "*"
"""Stands for every letter and digit of what was masked, so that lengths and places stay."""

Told = list[list[Any]]
"""Of each text that may be masked `[number, salt]`, or `[number, "", commitment]` of one that is; in hex."""


def seed_of(identifiers: Iterable[str]) -> bytes:
    """Return the secret that fresh identifiers make; two hold 148 bits that nobody can guess."""
    return sha256("\n".join(identifiers).encode()).digest()


def words_of(key: str, said: str) -> str:
    """Return an observation as it is marked: its word for look-up, as JSON writes it, before its JSON."""
    return encode_basestring(key) + said


def blinded(seed: bytes, leaf: int, kind: str, said: str) -> bytes:
    """Return the mark of one observation by its words, the secret at hand."""
    parts = _STRING.split(said)
    numbers = _free(parts)
    salts = _salts(seed, leaf, said, len(numbers))
    shut = [_commitment(salt, parts[2 * n + 1]) for n, salt in zip(numbers, salts, strict=True)]
    return _mark(leaf, kind, parts, numbers, shut)


def told(seed: bytes, leaf: int, said: str, shown: str) -> Told:
    """Return what goes with an observation that is shown, perhaps masked, to who has no secret.

    Raises ValueError where a text was masked of which nobody thought that it might be.
    """
    parts, others = _STRING.split(said), _STRING.split(shown)
    numbers = _free(parts)
    if _emptied(parts, numbers) != _emptied(others, numbers):
        raise ValueError(f"more was masked than texts: {shown:.200}")
    entries: Told = []
    for n, salt in zip(numbers, _salts(seed, leaf, said, len(numbers)), strict=True):
        text = parts[2 * n + 1]
        same = text == others[2 * n + 1]
        entries.append([n, salt.hex()] if same else [n, "", _commitment(salt, text).hex()])
    return entries


def mark_told(entries: Sequence[Any], leaf: int, kind: str, shown: str) -> bytes:
    """Return the mark of an observation as it is shown; raises ValueError for entries that open nothing.

    A commitment may stand for a text alone in which something is masked: no other can be shown otherwise.
    """
    parts = _STRING.split(shown)
    numbers: list[int] = []
    shut: list[bytes] = []
    for entry in entries:
        match entry:
            case [int(n), str(salt)] if 0 <= n < len(parts) // 2 and len(salt) == 2 * SALT_BYTES:
                shut.append(_commitment(bytes.fromhex(salt), parts[2 * n + 1]))
            case [int(n), "", str(digest)] if 0 <= n < len(parts) // 2 and MARK in parts[2 * n + 1]:
                shut.append(bytes.fromhex(digest))
            case _:
                raise ValueError(f"{entry!r:.80} opens nothing")
        numbers.append(n)
    return _mark(leaf, kind, parts, numbers, shut)


def _free(parts: Sequence[str]) -> list[int]:
    """Return the numbers of the strings that may be masked one day."""
    # Most strings are judged without the expression, which would cost as much as all the rest.
    return [
        n for n, text in enumerate(parts[1::2]) if " " in text or (_doubtful(text) and _FREE.search(text))
    ]


def _doubtful(text: str) -> bool:
    return text[:1] in _BEGIN_NUMBERS or "@" in text or "\\" in text or not text.isascii()


def _salts(seed: bytes, leaf: int, said: str, count: int) -> list[bytes]:
    """Return a salt for each text: another one wherever anything about the observation is another."""
    if not count:
        return []
    stream = shake_256(seed + f"{leaf}\n{said}".encode("utf-8", "surrogatepass")).digest(SALT_BYTES * count)
    return [stream[at : at + SALT_BYTES] for at in range(0, len(stream), SALT_BYTES)]


def _commitment(salt: bytes, text: str) -> bytes:
    return sha256(salt + text.encode("utf-8", "surrogatepass")).digest()


def _emptied(parts: Sequence[str], numbers: Sequence[int]) -> str:
    """Return the JSON with these strings empty."""
    left = list(parts)
    for n in numbers:
        left[2 * n + 1] = ""
    return '"'.join(left)


def _mark(leaf: int, kind: str, parts: Sequence[str], numbers: list[int], shut: list[bytes]) -> bytes:
    """Return the digest over place, JSON without its texts, and their commitments."""
    said = f"{leaf}\n{kind}\n{numbers}\n{_emptied(parts, numbers)}\n"
    return sha256(said.encode("utf-8", "surrogatepass") + b"".join(shut)).digest()
