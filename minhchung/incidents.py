"""Incidents: when something could not be seen, whose matter that was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from minhchung.evidence import AgencyCode, RecordId, RunId, SourceKey

IncidentKind = Literal["ours", "platform", "portal"]
"""Our own side; something that several agencies share; one agency's portal alone."""

IncidentOutcome = Literal["left-out", "told", "charged", "once"]
"""Its visits do not count; told, and the points stay open; the agency's own; nobody's yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One visit that an incident spoilt."""

    agency: AgencyCode
    run: RunId
    source: SourceKey
    day: date
    """Local, on which it began."""

    record: RecordId | None
    """The sealed account of the visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A stretch of time in which visits failed together, or one portal failed alone."""

    id: str
    """Kind, what failed and the local day on which it began: `platform-10.1.2.3-20211102`."""

    kind: IncidentKind
    what: str
    """What failed: `canaries`, `limits`, the key of a shared platform or service system, an address,
    `everybody`, an agency's code."""

    cause: Literal["breakdown", "refusal"] = "breakdown"
    """Nobody answered, or who answers for all of them refused us."""

    began_at: datetime
    """Aware, UTC: when the first of the visits began."""

    ended_at: datetime
    """Aware, UTC: when the last of them ended."""

    members: tuple[Member, ...]
    """Oldest visit first."""

    ground: str
    """Why it is one, for people, Vietnamese."""

    excused: bool
    """Its visits are left out of scoring."""

    charged: bool = False
    """Of one portal: seen on two days, so that it may count against the agency."""

    evidence: tuple[RecordId, ...] = ()
    """Accounts of the visits, then what the canaries answered."""

    @property
    def agencies(self) -> tuple[AgencyCode, ...]:
        """Return whose visits it spoilt, by code: who was visited first is chance."""
        return tuple(sorted({member.agency for member in self.members}))

    @property
    def outcome(self) -> IncidentOutcome:
        """Return what came of it."""
        if self.excused:
            return "left-out"
        if self.kind == "platform":
            return "told"
        return "charged" if self.charged else "once"

    @property
    def name(self) -> str:
        """Return what people call it, Vietnamese."""
        return f"{_NAMES[self.kind]} {self.id}"


_NAMES: Final[dict[IncidentKind, str]] = {
    "ours": "sự cố phía thu thập",
    "platform": "sự cố nền tảng dùng chung",
    "portal": "sự cố riêng của một cổng",
}
