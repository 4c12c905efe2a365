"""What stands in the way of an official round: all of it, so that nobody has to ask twice."""

from __future__ import annotations

from collections.abc import Iterator

from minhchung.rounds import Round
from scoring.standing import valid_during
from service.index_sets import findings
from service.legal import law_obstacles
from service.settings import Settings


def obstacles(settings: Settings, round_: Round) -> tuple[str, ...]:
    """Return why a round may not be opened officially, one sentence each; empty where it may."""
    return (
        *_sets(settings, round_),
        *law_obstacles(settings, round_),
        *_agencies(settings, round_),
        *_people(settings),
    )


def _sets(settings: Settings, round_: Round) -> Iterator[str]:
    own = settings.own_sets(round_)
    for index_set in {one.id: one for one in (settings.index_set(round_), *own.values())}.values():
        if index_set.status != "official":
            yield f"index set {index_set.id} is a {index_set.status}, not the text of a decision"
        for found in findings(index_set):
            yield f"index set {index_set.id}, {found.where}: {found.text}"


def _agencies(settings: Settings, round_: Round) -> Iterator[str]:
    registry = settings.registries[round_.registry]
    if registry.simulated:
        yield f"registry {round_.registry} is a simulated province"
    if not registry.canaries:
        yield f"registry {round_.registry} names no canaries: no failure could be told to be ours"
    missing = [
        agency.code for agency in registry.agency if not agency.portal and valid_during(agency, round_.period)
    ]
    if missing:
        yield f"{len(missing)} agencies have no confirmed portal: {', '.join(missing)}"


def _people(settings: Settings) -> Iterator[str]:
    people = settings.people
    if people is None or len(people.person) < 2:
        yield "people.toml names fewer than two persons who may rule and countersign"
