"""Who may not rule on what: nobody on their own agency, nor on a system that they run; and rated owners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from minhchung.evidence import AgencyCode
from minhchung.index_set import Component
from minhchung.measurements import Origin
from minhchung.rulings import Person
from minhchung.scores import Place
from minhchung.submissions import OwnerFigure


def conflict(
    person: Person,
    agency: AgencyCode,
    component: Component,
    owners: Iterable[OwnerFigure],
    systems: Iterable[str],
) -> str:
    """Return why a person may not rule on a component of an agency, Vietnamese; empty where they may.

    `systems` are the keys of the service systems that the component may rest on.
    """
    if person.agency and person.agency == agency:
        return f"{person.name} thuộc chính cơ quan {agency}"
    if any(spec.origins and Origin.SERVICE in spec.origins for spec in component.inputs):
        for system in systems:
            if system in person.runs:
                return f"{person.name} vận hành hệ thống {system} mà {component.code} dựa vào"
    for figure in owners:
        if figure.component == component.code and figure.owner in (person.agency, *person.runs):
            return f"{person.name} thuộc đơn vị chủ quản {figure.owner} đã cung cấp số liệu {figure.input}"
    return ""


def rated_owners(places: Iterable[Place]) -> Iterator[tuple[AgencyCode, str, str]]:
    """Yield (owner, agency, component) where the owner of a system that gave a figure is itself rated."""
    listed = list(places)
    rated = {place.agency for place in listed}
    for place in listed:
        for score in place.total.scores:
            for figure in score.figure.owner_figures:
                if figure.owner in rated:
                    yield AgencyCode(figure.owner), place.agency, score.component
