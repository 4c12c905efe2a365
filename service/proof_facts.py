"""What a proof file says of itself: number and day, and whether it is only a picture.

Its signatures are looked at apart (`service.signatures`).
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from minhchung.document_numbers import find
from minhchung.errors import UsageError
from service.printed import pdf_text

_DAY: Final = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFacts:
    """What was read in a proof file."""

    number: str = ""
    day: date | None = None
    scanned: bool = False
    """A PDF without any text: only a picture, read by nobody."""

    unreadable: bool = False
    """A PDF that no reader could open."""


def facts_of(body: bytes, kind: str) -> ProofFacts:
    """Return what a proof file says of itself; only PDF and plain text are read."""
    if kind == "text":
        return _told(body.decode("utf-8", "replace"))
    if kind != "pdf":
        return ProofFacts()
    text = _pdf_text(body)
    if text is None:
        return ProofFacts(unreadable=True)
    return _told(text) if text.strip() else ProofFacts(scanned=True)


def _told(text: str) -> ProofFacts:
    return ProofFacts(number=find(text[:3000]), day=_day(text[:3000]))


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    if found is None:
        return None
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _pdf_text(body: bytes) -> str | None:
    """Return the text of a PDF; None where it could not be read."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(body)
        file.flush()
        try:
            return pdf_text(Path(file.name))
        except UsageError:
            return None
