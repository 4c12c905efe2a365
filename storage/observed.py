"""The marks of what the catalogue holds of observations."""

from __future__ import annotations

from typing import Any

from minhchung.blinding import blinded, words_of
from minhchung.observed import mark_of
from storage.codec import unpack


def mark_of_row(row: Any, seed: bytes = b"") -> bytes:
    """Return the mark of a row of the catalogue, under the secret of a visit that was sealed with one.

    Raises InflateError where its payload cannot be unpacked.
    """
    said = unpack(row["payload"])
    if seed:
        words = words_of(row["key"], said.decode("utf-8", "surrogatepass"))
        return blinded(seed, row["record"], row["kind"], words)
    return mark_of(row["record"], row["kind"], row["key"], said)
