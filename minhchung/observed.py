"""The digest of what readers saw in one visit: sealed with its account, counted again by whoever doubts it.

Observations of pages lie in no record of their own, so one that is taken out, altered or put in would change
scores unnoticed. Every observation gives one SHA-256, over its place (leaf, kind, key) and its JSON; the
digest of many is the SHA-256 over these in ascending order, so the order of the rows does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Self

from minhchung.observations import Observation

IN_ACCOUNTS: Final = frozenset({"list_capture", "walk"})
"""Kinds that stand word for word in a visit's account; the digest leaves them out."""

OF_A_VISIT: Final = frozenset({"list_capture", "walk", "tls_check", "redirect_chain"})
"""What a visit says of itself: it is never repeated by a later 304."""

_KEYS: Final = ("identity", "list_url", "url", "procedure", "code", "query", "topic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """How many observations there are, and what they are."""

    count: int
    sha256: str
    """Hex."""

    is_blinded: bool = False
    """Its marks are those of `minhchung.blinding`: an account that says nothing of it was sealed earlier."""

    @classmethod
    def of(cls, marks: Iterable[bytes], *, is_blinded: bool = False) -> Self:
        """Return the digest of many observations by their marks."""
        ordered = sorted(marks)
        digest = sha256(b"".join(ordered)).hexdigest()
        return cls(count=len(ordered), sha256=digest, is_blinded=is_blinded)

    @classmethod
    def read(cls, said: Any) -> Self | None:
        """Return the digest of a sealed account's JSON, None where it was sealed without."""
        if not isinstance(said, dict):
            return None
        return cls(count=said["count"], sha256=said["sha256"], is_blinded=said.get("blinded") is True)

    def as_json(self) -> dict[str, Any]:
        """Return what an account says of it."""
        said: dict[str, Any] = {"count": self.count, "sha256": self.sha256}
        return {**said, "blinded": True} if self.is_blinded else said

    def __str__(self) -> str:
        return f"{self.count}, {self.sha256}"


def mark_of(leaf: int, kind: str, key: str, said: bytes) -> bytes:
    """Return the mark of one observation: the leaf it was seen in, its words for look-up, its JSON."""
    place = f"{leaf}\n{kind}\n{key}\n".encode("utf-8", "surrogatepass")
    return sha256(place + said).digest()


def key_of(observation: Observation) -> str:
    """Return the word by which an observation is looked up."""
    return next((str(value) for name in _KEYS if (value := getattr(observation, name, ""))), "")


def key_in(said: Mapping[str, Any]) -> str:
    """Return the same of an observation's plain data."""
    return next((str(value) for name in _KEYS if (value := said.get(name))), "")
