"""Outages of one portal alone: visit after visit, until it answers again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from minhchung.holdings import VisitReport
from minhchung.incidents import Incident
from minhchung.periods import local_day
from verifiers.incidents.fallen import cause_of, down, incident_of
from verifiers.interface import CommonSettings
from verifiers.passes import apart


def outages(visits: Iterable[VisitReport], common: CommonSettings) -> Iterator[Incident]:
    """Yield each portal's outages; one is charged when it lasted over two days, far enough apart (G10).

    `visits`, oldest first, are those in no other incident. A portal that comes and goes has many outages, and
    one that answered in between is charged with none of them: it was met.
    """
    by_agency: dict[str, list[VisitReport]] = defaultdict(list)
    for visit in visits:
        by_agency[visit.agency].append(visit)
    for code, mine in by_agency.items():
        for outage in _unbroken(mine):
            charged = apart((visit.began_at for visit in outage), common)
            yield incident_of(
                "portal", code, outage, _ground(outage, charged), excused=False, charged=charged
            )


def _unbroken(visits: Iterable[VisitReport]) -> Iterator[list[VisitReport]]:
    outage: list[VisitReport] = []
    for visit in visits:
        if down(visit):
            outage.append(visit)
        elif outage:
            yield outage
            outage = []
    if outage:
        yield outage


def _ground(outage: list[VisitReport], charged: bool) -> str:
    days = sorted({local_day(visit.began_at) for visit in outage})
    causes = sorted({cause.value for visit in outage if (cause := cause_of(visit)) is not None})
    told = ", ".join(f"{day:%d/%m/%Y}" for day in days)
    said = f"riêng cổng này không đọc được ngày {told} ({', '.join(causes) or 'không rõ'})"
    return said if charged else f"{said}; chưa đủ hai ngày cách nhau nên chưa tính cho cơ quan"
