"""Rulings: never changed; four eyes where a place or a band moves, and nobody in their own cause."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from minhchung.index_set import Component
from minhchung.measurements import Value
from minhchung.periods import local_day
from minhchung.round_acts import RULING_STAGES, Event
from minhchung.rulings import Comment, Ruling
from scoring.conflicts import conflict
from scoring.inputs import complaint
from service.act_records import Desk, acts_of
from service.config_drift import digests
from service.people import known_person
from service.round_book import Book, refuse_changed
from service.settings import Settings
from service.standings import Concluded, conclude
from storage.store import Store

_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:[.][0-9]{1,15}|/0*[1-9][0-9]{0,14})?")
"""Without an exponent: one of millions would fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a ruling does to one agency."""

    agency: str
    before: str
    after: str


def rule(settings: Settings, store: Store, clock: Clock, ruling: Ruling) -> tuple[RecordId, tuple[Move, ...]]:
    """Seal a ruling; raises UsageError where it may not be made. Returns its record and what it moves."""
    round_ = settings.checked_round(ruling.round)
    agency = settings.agency(ruling.agency)
    index_set = settings.own_sets(round_).get(agency.bloc, settings.index_set(round_))
    try:
        component = index_set.component(ruling.component)
    except KeyError as error:
        raise UsageError(f"no component has the code {ruling.component!r}") from error
    _refuse(settings, store, clock, ruling, component)
    before, moves = moved(settings, store, ruling)
    if moves and not ruling.countersigned_by:
        told = "; ".join(f"{move.agency}: {move.before} → {move.after}" for move in moves[:3])
        raise UsageError(f"the ruling moves places or bands ({told}); a second person must countersign")
    for person in filter(None, (ruling.by, ruling.countersigned_by)):
        _refuse_conflict(settings, before, ruling, component, person)
        _refuse_gain(settings, moves, person)
    desk = Desk.begin(store, clock)
    record = desk.seal(ruling)
    store.commit()
    return record.id, moves


def _refuse(settings: Settings, store: Store, clock: Clock, ruling: Ruling, component: Component) -> None:
    book = Book.of(store, settings.round(ruling.round))
    stage = book.stage
    if stage not in RULING_STAGES:
        told = ", ".join(sorted(RULING_STAGES))
        raise UsageError(f"round {ruling.round} is {stage}: a ruling is made while it is {told}")
    if ruling.day > local_day(clock.now()):
        raise UsageError(f"{ruling.day} lies ahead; enter the ruling on its day or later")
    frozen = book.last(Event.FREEZE)
    if frozen is not None and ruling.day < frozen.day:
        raise UsageError(f"{ruling.day} lies before the freeze ({frozen.day}); correct the day (--day)")
    refuse_changed(book, digests(settings), "ruling")
    if not ruling.why.strip():
        raise UsageError("a ruling needs its reason (--why)")
    wrong = complaint(component, ruling.inputs)
    unknown = sorted(set(ruling.inputs) - {spec.name for spec in component.inputs})
    if wrong or unknown:
        names = ", ".join(spec.name for spec in component.inputs)
        raise UsageError(f"{component.code}: {wrong or f'no input {unknown[0]!r}'}; give {names}")
    if ruling.by == ruling.countersigned_by:
        raise UsageError(f"{ruling.by} may not countersign their own ruling; name a second person")
    for record in (*ruling.records, *filter(None, (ruling.comment,))):
        try:
            store.record(RecordId(record))
        except KeyError as error:
            raise UsageError(f"there is no record {record}; `minhchung explain` names records") from error
    answered = {
        (said.agency, said.component): record
        for record, said in acts_of(store, Comment, ruling.round)
        if record == ruling.comment
    }
    if ruling.comment and (ruling.agency, ruling.component) not in answered:
        told = f"{ruling.comment} is no comment of {ruling.agency} on {ruling.component}"
        raise UsageError(f"{told}; `minhchung comment list` names them")


def _refuse_conflict(
    settings: Settings, concluded: Concluded, ruling: Ruling, component: Component, person: str
) -> None:
    known = known_person(settings.people, person)
    figure = concluded.score(ruling.agency, ruling.component).figure
    agency = settings.agency(ruling.agency)
    platforms = settings.registries[concluded.round.registry].shared_platform
    systems = tuple(settings.sources)
    why = conflict(known, agency, component, figure.owner_figures, systems, platforms)
    if why:
        raise UsageError(f"{known.id} may not rule on {ruling.agency} {component.code}: {why}")


def _refuse_gain(settings: Settings, moves: Sequence[Move], person: str) -> None:
    """Refuse a ruling on a rival by somebody whose own agency's place or band moves with it."""
    known = known_person(settings.people, person)
    for move in moves:
        if known.agency and known.agency == move.agency:
            told = f"it moves {move.agency}, their own agency: {move.before} → {move.after}"
            raise UsageError(f"{known.id} may not make this ruling: {told}; name somebody else")


def moved(settings: Settings, store: Store, ruling: Ruling) -> tuple[Concluded, tuple[Move, ...]]:
    """Return the result before a ruling, and what the ruling moves now or at the second scoring.

    What is unmeasured may be worth something else at the second scoring; a ruling that moves nothing yet may
    move a place then.
    """
    before = conclude(settings, store, ruling.round)
    moves = {
        move.agency: move for move in _moves(before, conclude(settings, store, ruling.round, extra=ruling))
    }
    if before.stage == "first" and _stages_differ(before):
        then = conclude(settings, store, ruling.round, stage="second")
        with_it = conclude(settings, store, ruling.round, extra=ruling, stage="second")
        moves = {**{move.agency: move for move in _moves(then, with_it)}, **moves}
    return before, tuple(moves.values())


def _stages_differ(concluded: Concluded) -> bool:
    sets = (concluded.index_set, *concluded.own_sets.values())
    own = any(component.on_unmeasured_second for one in sets for component in one.components())
    return own or bool(concluded.round.unmeasured_second)


def _moves(before: Concluded, after: Concluded) -> list[Move]:
    was, now = _places(before), _places(after)
    return [
        Move(agency=agency, before=was[agency], after=now[agency])
        for agency in was
        if was[agency] != now[agency]
    ]


def _places(concluded: Concluded) -> dict[str, str]:
    found: dict[str, str] = {}
    for place in (place for bloc in concluded.standing.blocs for place in bloc.places):
        ranks = str(place.best) if place.best == place.worst else f"{place.best}–{place.worst}"
        bands = place.band_low if place.band_low == place.band_high else f"{place.band_low}–{place.band_high}"
        found[place.agency] = f"{ranks} ({bands})"
    return found


def read_inputs(component: Component, words: Sequence[str]) -> Mapping[str, Value]:
    """Return inputs typed as `name=value`: numbers `31` or `31/40`, items `a,b`, có/không, days, options."""
    found: dict[str, Value] = {}
    for word in words:
        name, sign, text = word.partition("=")
        if not sign:
            raise UsageError(f"{word!r} is no name=value")
        spec = next((each for each in component.inputs if each.name == name), None)
        if spec is None:
            names = ", ".join(each.name for each in component.inputs)
            raise UsageError(f"{component.code} has no input {name!r}; give {names}")
        found[name] = _value(component, name, spec.role, text.strip())
    return found


def _value(component: Component, name: str, role: str, text: str) -> Value:
    if role == "items":
        return frozenset(each.strip() for each in text.split(",") if each.strip())
    if role in {"date", "due"}:
        return _day(text)
    kind = component.formula_of(name).type
    if kind == "boolean" and role == "value":
        if text.casefold() not in {"có", "không"}:
            raise UsageError(f"{name}: say có or không")
        return text.casefold() == "có"
    if kind == "choice" and role == "value":
        return text
    if _NUMBER.fullmatch(text) is None:
        raise UsageError(f"{name}: {text[:40]!r} is no number such as 31, 0.5 or 31/40")
    return Fraction(text)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{text!r} is no day such as 2021-10-30") from error
