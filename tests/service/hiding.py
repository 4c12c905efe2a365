"""An agency's holdings as they would be, had its portal begun to refuse the collector."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from minhchung.evidence import PORTAL
from minhchung.holdings import Holdings, VisitReport

Way = Literal["blocked", "robots-refused", "unreachable"]


def passes(held: Holdings) -> list[VisitReport]:
    """Return the visits of the portal, oldest first."""
    return [visit for visit in held.visits if visit.source == PORTAL]


def hidden(held: Holdings, since: int, way: Way) -> Holdings:
    """Return the holdings where the portal refuses from its visit number `since` on (0: always)."""
    runs = {visit.run for visit in passes(held)[since:]}

    def refused(visit: VisitReport) -> VisitReport:
        if visit.source != PORTAL or visit.run not in runs:
            return visit
        return replace(visit, state=way, attempts=1, fetched=0, not_modified=0, refused=0, failed=1, items=0)

    return replace(
        held,
        visits=tuple(map(refused, held.visits)),
        observations=tuple(
            each
            for each in held.observations
            if each.run not in runs or held.records[each.seen.record].source != PORTAL
        ),
    )
