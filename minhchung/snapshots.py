"""Captures of pages that findings cite: which pages, and what could be kept of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from minhchung.evidence import RecordId

Form = Literal["picture", "parts", "text-only", "none"]
"""What there is of a page: with its parts and a picture of the whole; with its parts; alone; no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPage:
    """A page on which a finding rests."""

    url: str
    record: RecordId
    sha256: str
    """Of the payload that the finding rests on; empty for a failed attempt."""

    components: tuple[str, ...]
    """Codes of the components whose findings cite it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCapture:
    """What was kept of a cited page; itself a sealed record of kind `snapshot`."""

    cited: CitedPage
    form: Form
    page: RecordId | None = None
    """The answer of now."""

    picture: RecordId | None = None
    dom: RecordId | None = None
    parts: tuple[tuple[str, RecordId | None], ...] = ()
    """(address, record) of images, styles and scripts; no record: not let out, or not answered."""

    same: bool | None = None
    """The page still says what was cited, byte for byte; None where one of the two has no payload."""

    why: str = ""
    """Why there is no more, for people."""


def urn_of(cited: RecordId) -> str:
    """Return the address under which the capture of a cited record is sealed."""
    return f"urn:minhchung:snapshot:{cited.removeprefix('urn:uuid:')}"
