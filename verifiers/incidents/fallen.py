"""How one visit failed, and the incident that several of them are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from minhchung.evidence import AgencyCode, Failure
from minhchung.holdings import VisitReport
from minhchung.incidents import Incident, IncidentKind, Member
from minhchung.periods import local_day

_FEW: Final = 5
"""Breakdowns within a visit that make it one that broke off; fewer happen on any day."""


def sick(visit: VisitReport) -> bool:
    """Say whether our own side was sick, or our own limits kept us from asking."""
    return not visit.canaries or visit.state == "incident"


def cause_of(visit: VisitReport) -> Failure | None:
    """Return why the first page did not come; in accounts without it, why the first request failed."""
    if visit.failure is None and visit.failures:
        return visit.failures[0][1]
    return visit.failure


def fell(visit: VisitReport) -> bool:
    """Say whether nobody answered, from the beginning or from some point of the visit on."""
    if visit.state == "unreachable":
        cause = cause_of(visit)
        return cause is not None and cause.breakdown
    if visit.state != "needs-person":
        return False
    broken = sum(failure.breakdown for _, failure in visit.failures)
    return broken >= _FEW and 2 * broken > len(visit.failures)


def refused(visit: VisitReport) -> bool:
    """Say whether the portal told us not to."""
    return visit.state in ("robots-refused", "blocked")


def down(visit: VisitReport) -> bool:
    """Say whether the portal itself could not be reached; an address that we may not ask is our matter."""
    return visit.state == "unreachable" and cause_of(visit) is not Failure.ADDRESS_FORBIDDEN


def incident_of(
    kind: IncidentKind,
    what: str,
    visits: Sequence[VisitReport],
    ground: str,
    *,
    excused: bool,
    charged: bool = False,
) -> Incident:
    """Return the incident that visits, oldest first, are together."""
    began = visits[0].began_at
    accounts = [visit.record for visit in visits if visit.record is not None]
    answers = [record for visit in visits for check in visit.canary_checks for record in check.records]
    return Incident(
        id=f"{kind}-{what}-{local_day(began):%Y%m%d}",
        kind=kind,
        what=what,
        began_at=began,
        ended_at=max(visit.ended_at for visit in visits),
        members=tuple(
            Member(
                agency=AgencyCode(visit.agency),
                run=visit.run,
                source=visit.source,
                day=local_day(visit.began_at),
                record=visit.record,
            )
            for visit in visits
        ),
        ground=ground,
        excused=excused,
        charged=charged,
        evidence=tuple(dict.fromkeys((*accounts, *answers))),
    )
