"""How an owner's export is read, as a person has confirmed it: schema of `mappings/*.toml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal

SignatureState = Literal["valid", "invalid", "none", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMapping:
    """The confirmed reading of every export whose header has this digest."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    digest: str
    """SHA-256, hex, of the headings as read (their words, in order)."""

    title: str = ""
    """Name of the first file that was mapped, for people."""

    columns: dict[str, str]
    """Meaning of a figure -> heading of its column."""

    body: str
    """Heading of the column that names the body of a row."""

    procedure: str = ""
    """Heading of the column that holds procedure codes; empty: rows are of bodies as a whole."""

    printed: dict[str, str] = field(default_factory=dict)
    """Heading of a percentage -> the ratio it prints, as `resolved_on_time/resolved`."""

    total: tuple[str, ...] = ("Tổng", "Tổng cộng", "Tổng số", "Cộng")
    """Names of rows that sum all others."""

    agencies: dict[str, str] = field(default_factory=dict)
    """Body as written -> code of the agency, as a person has confirmed it."""

    definition: str = ""
    confirmed_by: str
    confirmed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveringLetter:
    """The letter with which an owner sent an export: what binds the figures to somebody's word."""

    number: str
    day: date
    signer: str
    signature: SignatureState = "unknown"
    """As whoever imports it has checked it; `unknown`: nobody has."""

    file_sha256: str = ""
    """Hex digest of the sealed letter; empty: the letter itself was not given."""

    marked: bool = False
    """The letter's file has the mark of a digital signature; what it is worth is looked at apart."""
