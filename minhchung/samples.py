"""Looking up a few dossiers of an agency's own list: who allowed it, what is kept, what may differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, Literal

from minhchung.evidence import AgencyCode, RecordId

DATES: Final = ("received", "due", "completed")
FIELDS: Final = ("code", "status", *DATES)
"""All that is ever kept of a dossier: nothing about whoever submitted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Table `[sampling]` of a source; without it no dossier is ever looked up."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    authorised_by: str
    """Number and day of the document that allows dossiers to be looked up."""

    authorised_until: date
    path: str
    """Address of one dossier below the source's, with `{code}` in it."""

    rows: str = ""
    """Dotted path of the list of dossiers in an answer; empty: the answer itself."""

    fields: dict[str, str]
    """Of `code` (needed), `status`, `received`, `due`, `completed` -> dotted path in a row."""

    most: int = 30
    """Dossiers of one sample at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFacts:
    """What is known of one dossier; absent facts are empty or None."""

    code: str
    status: str = ""
    received: date | None = None
    due: date | None = None
    completed: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDifference:
    """One fact on which list and system do not agree."""

    code: str
    what: Literal["not-found", "code-form", "status", "received", "due", "completed"]
    listed: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOutcome:
    """What one sealed sample came to, and the records that say so."""

    source: str
    agency: AgencyCode
    draw: RecordId
    """Holds the drawn dossiers as the agency's list has them."""

    outcome: RecordId
    drawn: tuple[str, ...]
    looked_up: Mapping[str, RecordId]
    """Code -> the sealed answer about it."""

    differences: tuple[SampleDifference, ...]
