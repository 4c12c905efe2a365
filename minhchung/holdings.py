"""All that is held about one agency: the value verifiers read and tests build by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from minhchung.agencies import Agency
from minhchung.evidence import EvidenceRecord, Failure, RecordId, RunId, SourceKey
from minhchung.measurements import Reason
from minhchung.observations import Observation
from minhchung.submissions import OwnerFigure, SubmittedFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one item since the visit before."""

    what: Literal["retitled", "redated", "withdrawn", "back-dated", "edited"]
    identity: str
    before: str
    now: str
    """Title, day (ISO) or field, as shown; of a text how long it was; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryCheck:
    """What the canaries said at one instant."""

    at: datetime
    """Aware, UTC."""

    well: bool
    """At least one of them answered as it should."""

    records: tuple[RecordId, ...]
    """Sealed answers and failed attempts, kept in the name of the province."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReport:
    """One agency, one source, one run: what was attempted and how it ended; itself a sealed record."""

    agency: str
    run: RunId
    source: SourceKey
    scope: Literal["lists", "host", "whole", "services", "probe", "snapshot"]
    began_at: datetime
    """Aware, UTC."""

    ended_at: datetime
    """Aware, UTC."""

    attempts: int
    fetched: int
    not_modified: int
    refused: int
    failed: int
    gone: int = 0
    """Of the failed: addresses that the portal says are not there."""

    items: int = 0
    dated: int = 0
    """Items in lists that bear a day."""

    undated: int = 0
    """Items in lists that bear none."""

    newest: date | None = None
    """The newest day in lists, but for two that may be slips."""

    fields: tuple[tuple[str, int, int], ...] = ()
    """(field, items in lists that bear it, those that could): titles; numbers and issuers of documents."""

    state: Literal[
        "ok",
        "unreachable",
        "blocked",
        "robots-refused",
        "needs-browser",
        "identity-unverified",
        "no-portal",
        "layout-changed",
        "needs-person",
        "incident",
        "platform-incident",
    ] = "ok"
    """How the portal as a whole answered; `ok` when its home page was read and no monitor is breached.

    No visit is sealed as a `platform-incident`: only beside those of other agencies can it be told as one.
    """

    failure: Failure | None = None
    """Why its first page, or a service system, did not come."""

    addresses: tuple[str, ...] = ()
    """What the portal's host resolved to; empty where it did not resolve, or a proxy resolves."""

    detail: str = ""
    failures: tuple[tuple[str, Failure], ...] = ()
    """(address, why), at most the first 200."""

    changes: tuple[Change, ...] = ()
    """What became of items since the visit before, at most the first 200."""

    canaries: bool = True
    """False: our own side was sick, the visit proves nothing."""

    canary_checks: tuple[CanaryCheck, ...] = ()
    """What the canaries said from just before the visit to its end; empty where none is configured."""

    cut: bool = False
    """Our own budget ended it before everything was asked."""

    record: RecordId | None = None
    """The sealed report itself."""

    def __post_init__(self) -> None:
        if self.attempts != self.fetched + self.not_modified + self.refused + self.failed:
            msg = f"{self.agency}: attempts {self.attempts} are not the sum of their outcomes"
            raise ValueError(msg)

    @property
    def reason(self) -> Reason | None:
        """Return why nothing may be concluded from the visit, or None."""
        return None if self.state == "ok" else _REASONS[self.state]


_REASONS: Mapping[str, Reason] = {
    "unreachable": Reason.UNREACHABLE,
    "blocked": Reason.BLOCKED,
    "robots-refused": Reason.ROBOTS_REFUSED,
    "needs-browser": Reason.NEEDS_BROWSER,
    "identity-unverified": Reason.IDENTITY_UNVERIFIED,
    "no-portal": Reason.NO_PORTAL_CONFIRMED,
    "layout-changed": Reason.LAYOUT_CHANGED,
    "needs-person": Reason.NEEDS_PERSON,
    "incident": Reason.INCIDENT,
    "platform-incident": Reason.PLATFORM_INCIDENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Everything sealed and read about one agency, up to a freeze."""

    agency: Agency
    visits: tuple[VisitReport, ...] = ()
    """Oldest first."""

    observations: tuple[Observation, ...] = ()
    """Oldest run first; a 304 repeats the observations of the record it refers to, under its own run."""

    records: Mapping[RecordId, EvidenceRecord] = field(default_factory=dict)
    submitted: tuple[SubmittedFigure, ...] = ()
    """Of the newest workbook only."""

    owner_figures: tuple[OwnerFigure, ...] = ()
