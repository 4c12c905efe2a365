"""Who may not rule on what: nobody on their own agency, nor on a system that they run; and rated owners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from minhchung.addresses import host_of
from minhchung.agencies import Agency, SharedPlatform
from minhchung.bodies import same
from minhchung.evidence import AgencyCode
from minhchung.index_set import Component
from minhchung.measurements import Origin
from minhchung.rulings import Person
from minhchung.scores import Place
from minhchung.submissions import OwnerFigure


def conflict(
    person: Person,
    agency: Agency,
    component: Component,
    owners: Iterable[OwnerFigure],
    systems: Iterable[str],
    platforms: Iterable[SharedPlatform] = (),
) -> str:
    """Return why a person may not rule on a component of an agency, Vietnamese; empty where they may.

    `systems` are the keys of the service systems that the component may rest on.
    """
    if person.agency and person.agency in (agency.code, *agency.predecessors):
        return f"{person.name} thuộc chính cơ quan {agency.code}"
    rests = {origin for spec in component.inputs for origin in spec.origins}
    if Origin.SERVICE in rests:
        for system in systems:
            if _runs(person, system):
                return f"{person.name} vận hành hệ thống {system} mà {component.code} dựa vào"
    if Origin.CRAWL in rests:
        for platform in platforms:
            mine = _runs(person, platform.key) or _answers_for(person, platform.owner)
            if mine and agency.portal and platform.holds(host_of(agency.portal)):
                return f"{person.name} vận hành nền tảng {platform.key} mà cổng của {agency.code} dùng chung"
    for figure in owners:
        if figure.component == component.code and _answers_for(person, figure.owner):
            return f"{person.name} thuộc đơn vị chủ quản {figure.owner} đã cung cấp số liệu {figure.input}"
    return ""


def _runs(person: Person, key: str) -> bool:
    return any(same(each, key) for each in person.runs)


def _answers_for(person: Person, owner: str) -> bool:
    return same(person.agency, owner) or _runs(person, owner)


def rated_owners(places: Iterable[Place]) -> Iterator[tuple[AgencyCode, str, str]]:
    """Yield (owner, agency, component) where the owner of a system that gave a figure is itself rated."""
    listed = list(places)
    rated = {place.agency for place in listed}
    for place in listed:
        for score in place.total.scores:
            for figure in score.figure.owner_figures:
                if figure.owner in rated:
                    yield AgencyCode(figure.owner), place.agency, score.component
