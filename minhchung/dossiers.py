"""What service systems answer: dossiers, services, procedures, workflows, and how well they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from minhchung.seen import Seen

Topic = Literal[
    "dossiers", "procedures", "workflows", "services", "reports", "digitisation", "agencies", "scores"
]
"""What a system is asked about; `reports` are figures beside those of record, e.g. a portal's own counts."""

HealthState = Literal[
    "ok", "unauthorised", "blocked", "schema-changed", "unreachable", "mapping-missing", "empty"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierTally(Seen):
    """One row of dossier statistics; a missing figure is None, never 0."""

    kind: Literal["dossier_tally"] = "dossier_tally"
    source: str
    first: date
    last: date
    basis: Literal["received", "resolved", "snapshot"]
    procedure: str = ""
    """National procedure code; empty: all of the agency's."""

    is_total: bool = False
    """The row sums other rows that are also given."""

    whose: Literal["agency", "unit", "province"] = "agency"
    """A unit's row is part of the agency's; the province's row sums every agency."""

    body: str = ""
    """Code of the row's body in the source, where it is not the agency's own."""

    group: str = ""
    """Another breakdown of the row, as printed: a service level, a field; empty: everything."""

    report: str = ""
    """Name of a report beside the source's figures of record; empty: the figures of record."""

    taken_at: datetime
    """Aware, UTC: when the system answered."""

    figures: tuple[tuple[str, int | None], ...]
    """By the meanings of `MEANINGS`."""

    labels: tuple[tuple[str, str], ...] = ()
    """(meaning, label in the source)."""

    printed: tuple[tuple[str, str], ...] = ()
    """Texts printed beside the figures, e.g. percentages, as printed."""

    rates: tuple[tuple[str, str, str], ...] = ()
    """(label of a printed percentage, meanings of its numerator joined by `+`, those of its denominator)."""

    definition: str = ""

    def figure(self, meaning: str) -> int | None:
        """Return the figure of this meaning, or None when the source does not give it."""
        return dict(self.figures).get(meaning)


MEANINGS: Final = frozenset(
    {
        "carried_over", "received", "received_online", "received_direct", "received_postal", "must_process",
        "resolved", "resolved_early", "resolved_on_time", "resolved_overdue", "resolved_in_time", "open",
        "open_in_time", "open_overdue", "paused", "supplement", "returned", "withdrawn", "returned_postal",
        "postal_either", "fee_bearing", "paid_online", "online_full", "online_partial", "synchronised",
        "received_digitised", "resolved_digitised",
    }
)  # fmt: skip
"""What a figure of dossiers may mean; docs/reference/service-drivers.md defines each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageTally(Seen):
    """How many procedures a source says are offered online, by level; missing is None, never 0."""

    kind: Literal["coverage_tally"] = "coverage_tally"
    source: str
    as_of: date
    figures: tuple[tuple[str, int | None], ...]
    """Meanings: procedures level_1 level_2 level_3 level_4 full partial."""

    labels: tuple[tuple[str, str], ...] = ()
    printed: tuple[tuple[str, str], ...] = ()
    definition: str = ""
    taken_at: datetime
    """Aware, UTC."""

    def figure(self, meaning: str) -> int | None:
        """Return the figure of this meaning, or None when the source does not give it."""
        return dict(self.figures).get(meaning)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexScore(Seen):
    """One body's scores by a published index of service quality, as printed."""

    kind: Literal["index_score"] = "index_score"
    source: str
    index: str
    """Which index, e.g. `766`."""

    body: str
    """Code of the scored body in the source."""

    name: str = ""
    first: date
    last: date
    scores: tuple[tuple[str, str], ...]
    """(code of the group, score as printed)."""

    maxima: tuple[tuple[str, str], ...] = ()
    total: str = ""
    """As printed."""

    labels: tuple[tuple[str, str], ...] = ()
    definition: str = ""
    taken_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAgency(Seen):
    """One body as a source names it."""

    kind: Literal["source_agency"] = "source_agency"
    source: str
    identifier: str
    """By which the source is asked, e.g. MA_COQUAN."""

    name: str
    level: str = ""
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    taken_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOffer(Seen):
    """One online service of the public-service system."""

    kind: Literal["service_offer"] = "service_offer"
    source: str
    procedure: str
    """National code, province suffix cut."""

    level: int | None
    """1 to 4; None: not shown."""

    level_text: str = ""
    open: bool = True
    opened_on: date | None = None
    taken_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure(Seen):
    """One procedure of the published catalogue."""

    kind: Literal["procedure"] = "procedure"
    source: str
    code: str
    """National code, province suffix cut."""

    name: str = ""
    valid: bool = True
    fee_always: bool | None = None
    taken_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow(Seen):
    """One electronic workflow of the one-stop-shop system."""

    kind: Literal["workflow"] = "workflow"
    source: str
    procedure: str
    active: bool
    steps: int | None = None
    created_on: date | None = None
    taken_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHealth(Seen):
    """How a service system answered one kind of question for one agency."""

    kind: Literal["service_health"] = "service_health"
    source: str
    topic: Topic
    state: HealthState
    complete: bool = True
    """False: paging stopped at a cap."""

    detail: str = ""
    taken_at: datetime
    """Aware, UTC."""
