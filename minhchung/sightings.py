"""Sightings: what a person saw in a browser under their own login, sealed, and countersigned by a second one.

They stand for what only a person can see. One that nobody countersigned never counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Literal

from minhchung.evidence import AgencyCode, RunId, SourceKey
from minhchung.measurements import Value

MANUAL: Final = SourceKey("manual-observation")
"""Source of everything that is sealed during a sighting: nothing in it is read by a reader."""

Window = Literal["screen", "none"]
"""Whether a person could see the browser; without a window the sighting is a rehearsal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Somebody who saw or countersigned, as `people.toml` named them that day."""

    id: str
    name: str
    unit: str = ""
    agency: str = ""
    """Code of the rated agency that they belong to; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingBegun:
    """A sighting begins: who looks at what, where; sealed before the browser opens."""

    round: str
    agency: AgencyCode
    component: str
    sitting: RunId
    by: Witness
    place: str
    """Where the person sits (địa điểm)."""

    asked: str
    """What was to be found out, in words."""

    url: str
    """Address that the browser opened first, redacted."""

    window: Window
    rehearsal: bool
    """Made without a window in a province that is not simulated: it never counts."""

    began_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """One page as it was sealed."""

    url: str
    """Redacted."""

    at: datetime
    """Aware, UTC."""

    dom: str
    """Record of the document."""

    dom_sha256: str
    picture: str = ""
    """Record of the picture; empty: it was withheld."""

    picture_sha256: str = ""
    withheld: str = ""
    """Why there is no picture, Vietnamese."""

    redacted: Mapping[str, int] = field(default_factory=dict)
    """How often something was taken out of it and of the exchanges before: credential, name, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSealed:
    """That a page of a sitting was sealed: what stays where the sitting ends by an accident."""

    sitting: RunId
    page: SeenPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What was seen: a value for each input of the component, and the pages that show it."""

    begun: SightingBegun
    ended_at: datetime
    """Aware, UTC."""

    day: date
    """Local day of the end."""

    inputs: Mapping[str, Value]
    seen: str = ""
    """Remarks of the observer."""

    pages: tuple[SeenPage, ...] = ()
    exchanges: int = 0
    """HTTP exchanges that were sealed."""

    redacted: Mapping[str, int] = field(default_factory=dict)
    """The sum over its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersignature:
    """A second person's word that the sealed pages show what the observer says."""

    round: str
    sighting: str
    """Its record."""

    by: Witness
    day: date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingAbandoned:
    """A sighting that will not be finished, or that is withdrawn: what was sealed of it stays."""

    round: str
    sitting: RunId
    by: Witness
    day: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """A sighting with its record and the second signature, where there is one."""

    record: str
    sighting: Sighting
    second: Countersignature | None = None
    second_record: str = ""

    def fault(self) -> str:
        """Return why it does not count, Vietnamese; empty where it does."""
        begun = self.sighting.begun
        if begun.rehearsal:
            return "tập dượt, không có cửa sổ trình duyệt"
        if self.second is None or self.second.sighting != self.record:
            return "chưa có người thứ hai đồng ký"
        if self.second.by.id == begun.by.id:
            return "người đồng ký chính là người quan sát"
        if begun.agency in (begun.by.agency, self.second.by.agency):
            return "người quan sát hoặc người đồng ký thuộc chính cơ quan được quan sát"
        return ""

    def signed(self, second: Countersignature, record: str) -> Witnessed:
        """Return it with a second signature."""
        return replace(self, second=second, second_record=record)
