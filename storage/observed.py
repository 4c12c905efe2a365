"""The digest of what readers saw in one visit: sealed with its account, counted again from the catalogue.

The catalogue alone holds what was seen in pages, so a row that is taken out or altered would change scores
unnoticed. Every observation gives one SHA-256, over its place (leaf, kind, key) and its JSON; the digest of
many is the SHA-256 over these in ascending order, so it does not depend on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

from storage.codec import unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """How many observations there are, and what they are."""

    count: int
    sha256: str
    """Hex."""

    @classmethod
    def of(cls, marks: Iterable[bytes]) -> Self:
        """Return the digest of many observations by their marks."""
        ordered = sorted(marks)
        return cls(count=len(ordered), sha256=sha256(b"".join(ordered)).hexdigest())

    @classmethod
    def read(cls, said: Any) -> Self | None:
        """Return the digest of a sealed account's JSON, None where it was sealed without."""
        if not isinstance(said, dict):
            return None
        return cls(count=said["count"], sha256=said["sha256"])

    def __str__(self) -> str:
        return f"{self.count}, {self.sha256}"


def mark_of(leaf: int, kind: str, key: str, said: bytes) -> bytes:
    """Return the mark of one observation: the leaf it was seen in, its words for look-up, its JSON."""
    place = f"{leaf}\n{kind}\n{key}\n".encode("utf-8", "surrogatepass")
    return sha256(place + said).digest()


def mark_of_row(row: Any) -> bytes:
    """Return the mark of a row of the catalogue; raises InflateError where its payload cannot be unpacked."""
    return mark_of(row["record"], row["kind"], row["key"], unpack(row["payload"]))
