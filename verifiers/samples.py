"""Seeded samples: which few of many are looked at, so that nobody chooses them (G16)."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from verifiers.interface import Context


def seed(context: Context, agency: str, verifier: str) -> str:
    """Return the seed of a verifier's samples of one agency in one round."""
    return f"{context.round}/{agency}/{verifier}"


def draw(candidates: Iterable[str], seed: str, count: int) -> tuple[str, ...]:
    """Return the first candidates by the SHA-256 of seed, slash and candidate, each once."""
    ranked = sorted(set(candidates), key=lambda each: sha256(f"{seed}/{each}".encode()).digest())
    return tuple(ranked[:count])
