"""What service systems answer: dossiers, services, procedures, workflows, and how well they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from minhchung.seen import Seen


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

    taken_at: datetime
    """Aware, UTC: when the system answered."""

    figures: tuple[tuple[str, int | None], ...]
    """Meanings: received received_online received_direct received_postal returned_postal postal_either
    resolved resolved_early resolved_on_time resolved_overdue open open_overdue fee_bearing paid_online
    carried_over."""

    labels: tuple[tuple[str, str], ...] = ()
    """(meaning, label in the source)."""

    printed: tuple[tuple[str, str], ...] = ()
    """Texts printed beside the figures, e.g. percentages, as printed."""

    definition: str = ""

    def figure(self, meaning: str) -> int | None:
        """Return the figure of this meaning, or None when the source does not give it."""
        return dict(self.figures).get(meaning)


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
    topic: Literal["dossiers", "procedures", "workflows", "services"]
    state: Literal[
        "ok", "unauthorised", "blocked", "schema-changed", "unreachable", "mapping-missing", "empty"
    ]
    complete: bool = True
    """False: paging stopped at a cap."""

    detail: str = ""
    taken_at: datetime
    """Aware, UTC."""
