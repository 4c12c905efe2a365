"""The acts about a sighting: who may begin one, the second signature, giving one up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from minhchung.agencies import Agency
from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.evidence import AgencyCode, RecordId
from minhchung.index_set import Component
from minhchung.measurements import Value
from minhchung.periods import local_day
from minhchung.round_acts import RULING_STAGES, Stage
from minhchung.rounds import Round
from minhchung.sightings import Countersignature, SightingAbandoned, Witness, Witnessed
from scoring.conflicts import conflict
from scoring.inputs import complaint
from service.applicant_data import applicants
from service.config_drift import digests
from service.people import known_person
from service.round_book import Book, refuse_changed
from service.settings import Settings
from service.sighting_records import Sitting, seal, sittings
from storage.store import Store

STAGES: Final = RULING_STAGES | {Stage.OPEN}
"""Where a sighting may be made and countersigned."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at."""

    round: Round
    agency: Agency
    component: Component


def subject(settings: Settings, agency: str, component: str, round_name: str = "") -> Subject:
    """Return the component of an agency in a round; raises UsageError."""
    round_ = settings.checked_round(round_name)
    rated = settings.agency(agency)
    index_set = settings.own_sets(round_).get(rated.bloc, settings.index_set(round_))
    try:
        return Subject(round_, rated, index_set.component(component))
    except KeyError as error:
        known = ", ".join(each.code for each in index_set.components())
        raise UsageError(f"no component has the code {component!r}; the set has: {known}") from error


def witness(settings: Settings, store: Store, of: Subject, person: str) -> Witness:
    """Return who sees or signs; raises UsageError where they may not, or the round's stage has passed."""
    book = Book.of(store, of.round)
    stage = book.stage
    if stage not in STAGES:
        told = ", ".join(sorted(STAGES))
        raise UsageError(f"round {of.round.id} is {stage}: a sighting is made while it is {told}")
    refuse_changed(book, digests(settings), "observe")
    known = known_person(settings.people, person)
    owners = store.holdings(of.agency).owner_figures
    platforms = settings.registry.shared_platform
    why = conflict(known, of.agency, of.component, owners, tuple(settings.sources), platforms)
    if why:
        raise UsageError(f"{known.id} may not observe {of.agency.code} {of.component.code}: {why}")
    return Witness(id=known.id, name=known.name, unit=known.unit, agency=known.agency)


def refuse_values(component: Component, inputs: Mapping[str, Value]) -> None:
    """Raise UsageError where the values cannot be this component's inputs."""
    unknown = sorted(set(inputs) - {spec.name for spec in component.inputs})
    wrong = complaint(component, inputs)
    if wrong or unknown:
        names = ", ".join(spec.name for spec in component.inputs)
        raise UsageError(f"{component.code}: {wrong or f'no input {unknown[0]!r}'}; give {names}")


def find(store: Store, round_id: str, name: str) -> Sitting:
    """Return a sighting by its sitting or by the record of what was seen; raises UsageError."""
    known = sittings(store, round_id)
    for each in known:
        seen = each.witnessed.record if each.witnessed is not None else ""
        if name in (each.begun.sitting, seen):
            return each
    listed = ", ".join(each.begun.sitting for each in known) or "none yet"
    raise UsageError(f"no sighting {name!r} in round {round_id}; `minhchung observe list`: {listed}")


def countersign(
    settings: Settings, store: Store, clock: Clock, *, round_name: str, name: str, by: str, note: str = ""
) -> Witnessed:
    """Seal a second person's signature; raises UsageError where it may not be given."""
    round_ = settings.checked_round(round_name)
    sitting = find(store, round_.id, name)
    seen = sitting.witnessed
    if seen is None or sitting.state != "unsigned":
        raise UsageError(f"{name} is {sitting.state}: only a finished sighting is countersigned, and once")
    begun = sitting.begun
    second = witness(settings, store, subject(settings, begun.agency, begun.component, round_.id), by)
    if second.id == begun.by.id:
        raise UsageError(f"{by} made this sighting; a second, different person countersigns")
    act = Countersignature(
        round=round_.id,
        sighting=seen.record,
        by=second,
        day=local_day(clock.now()),
        note=_without_applicants(settings, note),
    )
    return seen.signed(act, _keep(store, clock, act, begun.agency))


def abandon(
    settings: Settings, store: Store, clock: Clock, *, round_name: str, name: str, by: str, why: str
) -> RecordId:
    """Seal that a sighting is given up or withdrawn; raises UsageError where it is past that."""
    round_ = settings.checked_round(round_name)
    sitting = find(store, round_.id, name)
    if sitting.state not in ("unfinished", "unsigned"):
        raise UsageError(f"{name} is {sitting.state}: it can no longer be abandoned")
    if not why.strip():
        raise UsageError("abandoning a sighting needs its reason (--why)")
    begun = sitting.begun
    person = witness(settings, store, subject(settings, begun.agency, begun.component, round_.id), by)
    act = SightingAbandoned(
        round=round_.id,
        sitting=begun.sitting,
        by=person,
        day=local_day(clock.now()),
        why=_without_applicants(settings, why),
    )
    return _keep(store, clock, act, begun.agency)


def _keep(
    store: Store, clock: Clock, act: Countersignature | SightingAbandoned, agency: AgencyCode
) -> RecordId:
    """Seal an act and wait until it is on the disk; return its record."""
    record = seal(store, act, agency, store.begin_run("acts"), clock.now())
    store.commit()
    return record.id


def _without_applicants(settings: Settings, text: str) -> str:
    """Return what a person wrote about a sighting without what may be an applicant's."""
    return applicants(settings).hidden(text)[0]
