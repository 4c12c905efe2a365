"""What a proof file says of itself: number, day, signer, and whether a signature covers all of it.

A signature is found, not trusted: whether its certificate is valid is for whoever has the authority's roots.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from minhchung.document_numbers import find
from minhchung.errors import UsageError
from service.printed import pdf_text

Signature = Literal["none", "covers-all", "changed-after", "unreadable", "not-a-pdf"]

_DAY: Final = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_NAME: Final = re.compile(rb"/Type\s*/Sig\b.{0,4000}?/Name\s*\(([^)]{1,200})\)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFacts:
    """What was read in a proof file."""

    number: str = ""
    day: date | None = None
    signer: str = ""
    """The name in the signature, where there is one."""

    signature: Signature = "not-a-pdf"
    scanned: bool = False
    """A PDF without any text: only a picture, read by nobody."""


def facts_of(body: bytes, kind: str) -> ProofFacts:
    """Return what a proof file says of itself; only PDF and plain text are read."""
    if kind == "text":
        return _told(body.decode("utf-8", "replace"), ProofFacts())
    if kind != "pdf":
        return ProofFacts()
    text = _pdf_text(body)
    if text is None:
        return ProofFacts(signature="unreadable")
    signed = ProofFacts(signature=signature_of(body), signer=_signer(body), scanned=not text.strip())
    return _told(text, signed)


def _told(text: str, facts: ProofFacts) -> ProofFacts:
    return ProofFacts(
        number=find(text[:3000]),
        day=_day(text[:3000]),
        signer=facts.signer,
        signature=facts.signature,
        scanned=facts.scanned,
    )


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    if found is None:
        return None
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def signature_of(body: bytes) -> Signature:
    """Return whether the last signature of a PDF covers all of it, but for the signature itself."""
    ranges = _RANGE.findall(body)
    if not ranges:
        return "none"
    start, _, second, length = map(int, ranges[-1])
    return "covers-all" if start == 0 and second + length == len(body.rstrip(b"\0")) else "changed-after"


def _signer(body: bytes) -> str:
    found = _NAME.search(body)
    return found.group(1).decode("utf-8", "replace").strip() if found else ""


def _pdf_text(body: bytes) -> str | None:
    """Return the text of a PDF; None where it could not be read."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(body)
        file.flush()
        try:
            return pdf_text(Path(file.name))
        except UsageError:
            return None
