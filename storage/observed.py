"""The marks of what the catalogue holds of observations."""

from __future__ import annotations

from typing import Any

from minhchung.observed import mark_of
from storage.codec import unpack


def mark_of_row(row: Any) -> bytes:
    """Return the mark of a row of the catalogue; raises InflateError where its payload cannot be unpacked."""
    return mark_of(row["record"], row["kind"], row["key"], unpack(row["payload"]))
