"""Two published figures that do not agree: shown with both and their records, never mended."""

from __future__ import annotations

from dataclasses import dataclass

from minhchung.evidence import AgencyCode, Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One side of a contradiction: what was said, and where."""

    what: str
    """For people, Vietnamese."""

    value: str
    """As printed, or as added up."""

    seen: tuple[Locator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """One disagreement between figures that service systems published."""

    kind: str
    """Stable, kebab-case; docs/reference/service-drivers.md lists them."""

    agency: AgencyCode
    """`tinh` for what concerns the province as a whole."""

    about: str
    """Stable: source, period where there are several, and meaning or code, joined by `/`."""

    text: str
    """What it means, Vietnamese."""

    one: Said
    other: Said
