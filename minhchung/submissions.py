"""What agencies and owners of shared systems say: figures with who said them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from minhchung.evidence import AgencyCode, Locator, RecordId
from minhchung.measurements import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedFigure:
    """An agency's claim about one component's inputs."""

    agency: AgencyCode
    component: str
    inputs: Mapping[str, Value]
    """By input name; a checklist is the set of claimed items."""

    proof: str = ""
    """The proof named beside the figure, as written."""

    seen: Locator
    """Workbook record and cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerFigure:
    """A figure of the owner of a shared system, or of the body that approves a list."""

    agency: AgencyCode
    component: str
    input: str
    """Name of the input it supplies."""

    value: Value | None
    """A number; None where the figure is a list."""

    codes: tuple[str, ...] = ()
    """For a list: procedure codes or dossier codes."""

    owner: AgencyCode | str
    """Who supplies it: an agency code where a rated agency owns the system."""

    document: str
    """Number and date of the letter or decision."""

    first: date
    last: date
    definition: str = ""
    seen: Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A file that came with a self-report as proof of one claim."""

    component: str
    name: str
    """Its path in what was handed in, as written."""

    record: RecordId
    words: str
    """What was found in it, Vietnamese: number, day, signatures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One imported workbook."""

    record: RecordId
    sha256: str
    """Hex digest of the workbook's bytes."""

    agency: AgencyCode
    """The agency that reports; `tinh` for an owner's workbook."""

    file_name: str
    imported_at: datetime
    """Aware, UTC."""

    sent_on: date | None
    figures: tuple[SubmittedFigure, ...] = ()
    owner_figures: tuple[OwnerFigure, ...] = ()
