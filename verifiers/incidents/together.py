"""Who shares what, and when those who share it failed together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from minhchung.addresses import host_of
from minhchung.evidence import PORTAL
from minhchung.holdings import VisitReport
from minhchung.sources import AgenciesFile
from verifiers.incidents.fallen import fell, refused
from verifiers.interface import IncidentSettings

EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Visits to what is one and the same thing behind several agencies."""

    key: str
    words: str
    """What it is, for people, Vietnamese."""

    visits: tuple[VisitReport, ...]
    """Oldest first."""

    @property
    def is_everybody(self) -> bool:
        """Say whether nothing but the way there is shared."""
        return self.key == EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """Visits of one group that failed together."""

    visits: tuple[VisitReport, ...]
    ground: str


def groups_of(visits: Sequence[VisitReport], registry: AgenciesFile) -> Iterator[Group]:
    """Yield what is shared, the nearest first: service system, declared platform, address, the way there."""
    systems: dict[str, list[VisitReport]] = defaultdict(list)
    portals: list[VisitReport] = []
    for visit in visits:
        if visit.source == PORTAL:
            portals.append(visit)
        else:
            systems[visit.source].append(visit)
    for key in sorted(systems):
        yield Group(key=key, words=f"hệ thống {key}", visits=tuple(systems[key]))
    places: dict[str, str] = {
        agency.code: host_of(agency.portal) for agency in registry.agency if agency.portal
    }
    for platform in registry.shared_platform:
        mine = tuple(v for v in portals if platform.holds(places.get(v.agency, "")))
        yield Group(key=platform.key, words=f"nền tảng {platform.title}", visits=mine)
    yield from _by_address(portals)
    yield Group(key=EVERYBODY, words="mạng chung", visits=tuple(portals))


def _by_address(portals: Iterable[VisitReport]) -> Iterator[Group]:
    """Yield the visits by what hosts resolved to; a name that does not resolve keeps its last address."""
    last: dict[str, tuple[str, ...]] = {}
    found: dict[str, list[VisitReport]] = defaultdict(list)
    for visit in portals:
        if visit.addresses:
            last[visit.agency] = visit.addresses
        for address in last.get(visit.agency, ()):
            found[address].append(visit)
    for address in sorted(found):
        yield Group(key=address, words=f"địa chỉ {address}", visits=tuple(found[address]))


def clusters(visits: Sequence[VisitReport], minutes: int) -> Iterator[tuple[VisitReport, ...]]:
    """Yield visits, oldest first, that overlap or follow each other within so many minutes."""
    cluster: list[VisitReport] = []
    for visit in visits:
        if cluster and visit.began_at - max(v.ended_at for v in cluster) > timedelta(minutes=minutes):
            yield tuple(cluster)
            cluster = []
        cluster.append(visit)
    if cluster:
        yield tuple(cluster)


def together(
    group: Group,
    failed: Callable[[VisitReport], bool],
    said: str,
    settings: IncidentSettings,
    *,
    most_only: bool = False,
) -> Iterator[Fall]:
    """Yield when so many of a group failed together that it is what they share.

    Where most of those asked failed, all who failed are meant. Where it was fewer, only those who had
    answered the time before: whoever has long been silent, or shuts us alone out, does not fall with others.
    """
    for cluster in clusters([visit for visit in group.visits if failed(visit)], settings.together_minutes):
        asked = len(_asked(group, cluster, settings.together_minutes))
        agencies = len({visit.agency for visit in cluster})
        if agencies < settings.together_min:
            continue
        if agencies * 100 >= settings.most_percent * asked:
            yield Fall(visits=cluster, ground=f"{agencies} trong {asked} cơ quan trên {group.words} {said}")
            continue
        fresh = tuple(visit for visit in cluster if _answered_before(group, visit, cluster))
        fallen = len({visit.agency for visit in fresh})
        enough = fallen >= settings.together_min and fallen * 100 >= settings.together_percent * asked
        if enough and not most_only and not group.is_everybody:
            ground = f"{fallen} trong {asked} cơ quan trên {group.words}, lượt trước còn trả lời, {said}"
            yield Fall(visits=fresh, ground=ground)


def _asked(group: Group, cluster: Sequence[VisitReport], minutes: int) -> set[str]:
    """Return the agencies of a group that were asked about the time when some of them failed."""
    slack = timedelta(minutes=minutes)
    first = cluster[0].began_at - slack
    last = max(visit.ended_at for visit in cluster) + slack
    return {visit.agency for visit in group.visits if visit.began_at <= last and visit.ended_at >= first}


def _answered_before(group: Group, visit: VisitReport, cluster: Sequence[VisitReport]) -> bool:
    before = [v for v in group.visits if v.agency == visit.agency and v.began_at < cluster[0].began_at]
    return bool(before) and not fell(before[-1]) and not refused(before[-1])
