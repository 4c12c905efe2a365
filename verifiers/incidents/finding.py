"""Ours, theirs or everybody's: from the accounts of all agencies' visits to named incidents (G12).

Pure: the same accounts, registry and thresholds give the same incidents, whoever works them out. A visit
that belongs to an incident of ours or of what is shared is left out; one that failed alone is the portal's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from minhchung.evidence import PORTAL, SNAPSHOT, WHOLE, AgencyCode, RunId, SourceKey
from minhchung.holdings import Holdings, VisitReport
from minhchung.incidents import Incident, Member
from minhchung.periods import local_day
from minhchung.sources import AgenciesFile
from verifiers.incidents.fallen import fell, incident_of, refused, sick
from verifiers.incidents.outages import outages
from verifiers.incidents.together import Fall, Group, clusters, groups_of, together
from verifiers.interface import CommonSettings, IncidentSettings

VisitKey = tuple[AgencyCode, RunId, SourceKey]
Accounts = Mapping[AgencyCode, Sequence[VisitReport]]
"""By agency, oldest first: the accounts of visits up to the freeze."""


def find_incidents(
    accounts: Accounts, registry: AgenciesFile, common: CommonSettings
) -> tuple[Incident, ...]:
    """Return every incident, in the order in which they began."""
    settings = common.incidents
    known = {agency.code for agency in registry.agency}
    visits = sorted(
        (
            visit
            for code, mine in accounts.items()
            if code in known
            for visit in mine
            if visit.source not in (WHOLE, SNAPSHOT) and visit.scope != "probe" and visit.state != "no-portal"
        ),
        key=lambda visit: (visit.began_at, visit.agency, visit.source),
    )
    found = [*_ours(visits, settings.together_minutes)]
    last = {agency.code: agency.valid_to for agency in registry.agency}
    well = [visit for visit in visits if not sick(visit) and not _outlived(visit, last)]
    taken: set[VisitKey] = set()
    for group in groups_of(well, registry):
        if group.is_everybody:
            # Whoever fell alone must not hide among those whose fall is explained already.
            group = replace(group, visits=tuple(v for v in group.visits if key_of_visit(v) not in taken))
        for incident in _shared(group, common):
            members = tuple(each for each in incident.members if key_of(each) not in taken)
            if members:
                taken.update(map(key_of, members))
                found.append(_narrowed(incident, members))
    excused = {key_of(member) for each in found if each.excused for member in each.members}
    alone = [visit for visit in well if visit.source == PORTAL and key_of_visit(visit) not in excused]
    found += outages(alone, common)
    return _told_apart(sorted(found, key=lambda each: (each.began_at, each.id)))


def _told_apart(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Return the incidents with a number behind the name of what failed again on the same day."""
    met: Counter[str] = Counter()
    named = []
    for each in incidents:
        met[each.id] += 1
        named.append(each if met[each.id] == 1 else replace(each, id=f"{each.id}-{met[each.id]}"))
    return tuple(named)


def _outlived(visit: VisitReport, last: Mapping[AgencyCode, date | None]) -> bool:
    """Say whether a portal that is not read has outlived its agency.

    Portals go when their agencies do, many on one day: that is nobody's failure, and excuses nobody.
    """
    day = last.get(AgencyCode(visit.agency))
    gone = visit.source == PORTAL and visit.state != "ok"
    return gone and day is not None and local_day(visit.began_at) > day


def key_of(member: Member) -> VisitKey:
    """Return by what a member's visit is known."""
    return member.agency, member.run, member.source


def key_of_visit(visit: VisitReport) -> VisitKey:
    """Return by what a visit is known."""
    return AgencyCode(visit.agency), visit.run, visit.source


def _ours(visits: Sequence[VisitReport], minutes: int) -> Iterator[Incident]:
    """Yield the stretches in which our own side was sick, or our own limits kept us from asking."""
    for what, ground, mine in (
        (
            "canaries",
            "không địa chỉ kiểm tra nào trả lời trong lúc thu thập",
            [visit for visit in visits if not visit.canaries],
        ),
        (
            "limits",
            "giới hạn hoặc lỗi của chính hệ thống thu thập (giờ, hạn mức, proxy, trang không đọc nổi)",
            [visit for visit in visits if visit.canaries and visit.state == "incident"],
        ),
    ):
        for cluster in clusters(mine, minutes):
            yield incident_of("ours", what, cluster, ground, excused=True)


def _shared(group: Group, common: CommonSettings) -> Iterator[Incident]:
    """Yield the incidents of what one group shares."""
    for found in together(group, fell, "cùng không đọc được", common.incidents):
        yield incident_of("platform", group.key, found.visits, found.ground, excused=True)
    if not group.is_everybody:
        yield from _refusals(group, common)


def _refusals(group: Group, common: CommonSettings) -> Iterator[Incident]:
    """Yield the stretches in which the same agencies were refused together: a state more than an event."""
    stretches: list[list[Fall]] = []
    for fall in together(group, refused, "cùng từ chối thu thập", common.incidents, most_only=True):
        if stretches and _agencies(stretches[-1][-1]) == _agencies(fall):
            stretches[-1].append(fall)
        else:
            stretches.append([fall])
    for falls in stretches:
        visits = [visit for fall in falls for visit in fall.visits]
        plain = incident_of("platform", group.key, visits, falls[-1].ground, excused=False)
        yield replace(plain, id=f"{plain.id}-refusal", cause="refusal")


def _agencies(fall: Fall) -> frozenset[str]:
    return frozenset(visit.agency for visit in fall.visits)


def _narrowed(incident: Incident, members: tuple[Member, ...]) -> Incident:
    """Return an incident with those of its visits that a nearer group has not explained."""
    if members == incident.members:
        return incident
    gone = {each.record for each in incident.members} - {each.record for each in members}
    evidence = tuple(record for record in incident.evidence if record not in gone)
    return replace(incident, members=members, evidence=evidence)


def moving(incidents: Iterable[Incident], settings: IncidentSettings) -> Mapping[str, Any]:
    """Return what of incidents can move a point, with the thresholds that made them; nothing where none can.

    Runs and records are left out: the same evidence sealed elsewhere says the same.
    """
    left_out = [
        {
            "kind": each.kind,
            "what": each.what,
            "visits": [[member.agency, member.source, member.day.isoformat()] for member in each.members],
        }
        for each in incidents
        if each.excused
    ]
    return {"rule": settings, "left_out": left_out} if left_out else {}


def without(holdings: Holdings, incidents: Iterable[Incident]) -> Holdings:
    """Return the holdings whose visits in incidents prove nothing, each with the incident's name."""
    code = holdings.agency.code
    mine = {
        key_of(member): incident
        for incident in incidents
        if incident.excused
        for member in incident.members
        if member.agency == code
    }
    if not mine:
        return holdings
    return replace(holdings, visits=tuple(_spoilt(visit, mine) for visit in holdings.visits))


def _spoilt(visit: VisitReport, mine: Mapping[VisitKey, Incident]) -> VisitReport:
    incident = mine.get(key_of_visit(visit))
    if incident is None:
        return visit
    detail = f"{incident.name} ({incident.ground})"
    if incident.kind == "ours":
        return replace(visit, state="incident", detail=detail)
    return replace(visit, state="platform-incident", detail=detail)
