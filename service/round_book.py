"""A round's book: its acts in order, where it stands, and what is refused at each step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from minhchung.periods import local_day
from minhchung.round_acts import SCORED, Event, RoundAct, Stage, possible, stage_after, version
from minhchung.rounds import Round
from minhchung.rulings import Answer, Comment
from minhchung.scores import Standing
from scoring.printed import printed_standing, printed_total
from scoring.standing import closing_obstacles
from scoring.version_changes import Former
from service.act_records import JSON, Desk, acts_of
from service.config_drift import changed_files, drift, moving_files
from service.official import obstacles
from service.people import known_person
from service.rules_change import what_moves
from service.settings import Settings
from service.standings import Concluded, conclude
from service.versions import CONTENT_TYPES, PUBLISHING, former_of, forms, printed_head
from storage.home import Home
from storage.store import Store

FINAL: Final = frozenset({Event.CLOSE, Event.ANNEX, Event.NEW_VERSION})
"""Events that nothing unsettled may pass."""


ENDS: Final = frozenset({Event.CLOSE, Event.NO_CHANGE, Event.NEW_VERSION})
"""Events before which every comment has its answer."""


@dataclass(frozen=True, slots=True)
class Book:
    """The acts of one round so far."""

    round: Round
    acts: tuple[tuple[RecordId, RoundAct], ...]

    @classmethod
    def of(cls, store: Store, round_: Round) -> Book:
        """Read a round's acts from the archive."""
        return cls(round_, tuple(acts_of(store, RoundAct, round_.id)))

    @property
    def stage(self) -> Stage:
        """Where the round stands."""
        return stage_after(act for _, act in self.acts)

    @property
    def version(self) -> int:
        """Which published version is in force, 0 before the first annex."""
        return version(act for _, act in self.acts)

    @property
    def official(self) -> bool:
        """Whether it was opened to be published."""
        return any(act.official for _, act in self.acts if act.event is Event.OPEN)

    def last(self, *events: Event) -> RoundAct | None:
        """Return the newest act of these events, or None."""
        return next((act for _, act in reversed(self.acts) if act.event in events), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person enters with an act."""

    event: Event
    number: str
    day: date
    by: str
    file: Path | None = None
    note: str = ""
    official: bool = False


def enter(settings: Settings, store: Store, clock: Clock, round_: Round, said: Said) -> RoundAct:
    """Seal the next act of a round; raises UsageError for every act that may not follow, and why."""
    book = Book.of(store, round_)
    _refuse(book, said, local_day(clock.now()))
    if said.event is Event.OPEN and said.official:
        _refuse_official(settings, store, round_)
    files = {name: store.keep_config(name, data) for name, data in moving_files(settings).items()}
    _refuse_changed(book, said, files)
    _refuse_unanswered(store, book, said.event)
    desk = Desk.begin(store, clock)
    act = RoundAct(
        round=round_.id,
        event=said.event,
        number=said.number,
        day=said.day,
        by=said.by,
        note=said.note,
        official=said.official,
        config=files,
    )
    if said.event in SCORED:
        second = said.event is not Event.FIRST_SCORING
        concluded = conclude(settings, store, round_.id, stage="second" if second else "first")
        _refuse_unsettled(said.event, concluded.standing)
        _refuse_same(store, book, said.event, concluded)
        body = json.dumps(result_of(concluded), ensure_ascii=False, sort_keys=True).encode()
        result = desk.keep(body, JSON, "standing")
        act = replace(
            act,
            result=result.id,
            inputs_digest=concluded.standing.inputs_digest,
            unapproved=concluded.standing.unapproved,
        )
        if said.event in PUBLISHING:
            act = replace(act, annexes=_sealed_forms(desk, settings, book, concluded, act))
    if said.event is Event.NO_CHANGE:
        _refuse_moved(store, book, conclude(settings, store, round_.id, stage="second"))
    if said.event is Event.RULES_CHANGE:
        moved = _moved(settings, store, book, files)
        _refuse_own_cause(settings, said.by, moved)
        body = json.dumps(moved, ensure_ascii=False, sort_keys=True).encode()
        act = replace(act, result=desk.keep(body, JSON, "rules-diff").id)
    if said.file is not None:
        document = desk.document(said.file)
        act = replace(act, document=document.id, document_sha256=document.body_sha256 or "")
    desk.seal(act)
    store.commit()
    return act


def _sealed_forms(
    desk: Desk, settings: Settings, book: Book, concluded: Concluded, act: RoundAct
) -> Mapping[str, str]:
    """Seal the annex in every form as it is published; return the records by format."""
    before = former_of(desk.store, [one for _, one in book.acts]) if act.event is Event.NEW_VERSION else None
    made = forms(concluded, printed_head(Home(settings.home)), before)
    return {name: desk.keep(body, CONTENT_TYPES[name], "annex").id for name, body in made.items()}


def _refuse_same(store: Store, book: Book, event: Event, concluded: Concluded) -> None:
    """Refuse a new version that rests on the same inputs as the one in force."""
    if event is not Event.NEW_VERSION:
        return
    before = former_of(store, [act for _, act in book.acts])
    if before is not None and before.inputs_digest == concluded.standing.inputs_digest:
        raise UsageError(
            f"new-version: rests on the same inputs as version {before.version}; "
            "make the ruling first, or enter no-change"
        )


def _refuse_moved(store: Store, book: Book, concluded: Concluded) -> None:
    """Refuse to say that nothing changed where a score or place did."""
    before = former_of(store, [act for _, act in book.acts])
    if before is None:
        return
    now = Former.of(result_of(concluded), version=0, number="", day=before.day)
    moved = [
        agency
        for agency in dict.fromkeys([*before.places, *now.places])
        if before.places.get(agency) != now.places.get(agency)
        or _points(before, agency) != _points(now, agency)
    ]
    if moved:
        raise UsageError(
            f"no-change: scores or places differ from version {before.version} at {', '.join(moved[:5])}; "
            "enter new-version"
        )


def _points(version_: Former, agency: str) -> dict[str, tuple[str, str]]:
    components = version_.totals.get(agency, {}).get("components", {})
    return {code: (said["low"], said["high"]) for code, said in components.items()}


def _refuse_own_cause(settings: Settings, by: str, moved: Mapping[str, Any]) -> None:
    """Refuse a change of rules by nobody who may rule, or by somebody whose own agency it moves."""
    known = known_person(settings.people, by)
    if known.agency and any(each["agency"] == known.agency for each in moved["moved"]):
        raise UsageError(
            f"rules-change: {known.id} belongs to {known.agency}, which it moves; name somebody else"
        )


def _refuse_unanswered(store: Store, book: Book, event: Event) -> None:
    """Refuse to end a round while an agency that commented has had no answer."""
    answered = {said.comment for _, said in acts_of(store, Answer)}
    waiting = [said for record, said in acts_of(store, Comment, book.round.id) if record not in answered]
    if event in ENDS and waiting:
        told = ", ".join(f"{said.agency} {said.component} ({said.number})" for said in waiting[:3])
        raise UsageError(
            f"{event}: comments without an answer: {told}; answer them with `minhchung comment answer`"
        )


def _moved(settings: Settings, store: Store, book: Book, files: Mapping[str, str]) -> dict[str, Any]:
    frozen = book.last(Event.RULES_CHANGE, Event.FREEZE)
    before = frozen.config if frozen is not None else {}
    if not changed_files(before, files):
        raise UsageError("rules-change: no configuration file differs from the frozen ones; nothing to enter")
    return what_moves(settings, store, book.round.id, before, files)


def result_of(concluded: Concluded) -> dict[str, Any]:
    """Return a standing with every agency's points, as it is sealed with an act."""
    totals = [printed_total(place.total) for bloc in concluded.standing.blocs for place in bloc.places]
    return {"standing": printed_standing(concluded.standing), "totals": totals}


def _refuse(book: Book, said: Said, today: date) -> None:
    stage = book.stage
    following = possible(stage)
    if said.event not in following:
        told = ", ".join(following)
        msg = f"round {book.round.id} is {stage}: {said.event} may not follow; possible: {told}"
        raise UsageError(msg)
    if not said.number.strip() or not said.by.strip():
        raise UsageError(f"{said.event}: name the document (--number) and the person (--by) of the act")
    if said.day > today:
        raise UsageError(f"{said.event}: {said.day} lies ahead; enter the act on its day or later")
    before = book.acts[-1][1] if book.acts else None
    if before is not None and said.day < before.day:
        msg = f"{said.event}: {said.day} lies before {before.event} ({before.number}, {before.day})"
        raise UsageError(f"{msg}; correct the day")
    if said.event is Event.FREEZE and said.day < book.round.freeze:
        raise UsageError(f"freeze: the round's freeze is {book.round.freeze}; enter it then or later")


def _refuse_official(settings: Settings, store: Store, round_: Round) -> None:
    found = [*obstacles(settings, round_), *_unapproved(settings, store)]
    if found:
        listed = "".join(f"\n  - {each}" for each in found)
        raise UsageError(
            f"round {round_.id} may not be opened officially; settle these or open a trial round:{listed}"
        )


def _unapproved(settings: Settings, store: Store) -> Iterator[str]:
    found = drift(settings, store)
    if found is None:
        yield "the configuration has not been approved by anybody: `minhchung config approve`"
    for each in found or ():
        yield f"{each.name} is {each.how} since the configuration was approved"


def _refuse_unsettled(event: Event, standing: Standing) -> None:
    found = closing_obstacles(standing) if event in FINAL else ()
    if found:
        more = f" (và {len(found) - 3} cơ quan nữa)" if len(found) > 3 else ""
        raise UsageError(f"{event}: points are not settled; rule on them first: {'; '.join(found[:3])}{more}")


def _refuse_changed(book: Book, said: Said, files: Mapping[str, str]) -> None:
    """Refuse to score by other rules than those that were frozen, or changed by a document since."""
    if said.event in SCORED:
        refuse_changed(book, files, said.event)


def refuse_changed(book: Book, files: Mapping[str, str], what: str) -> None:
    """Raise UsageError where files (name to digest) are not as frozen, or as changed by a document since."""
    frozen = book.last(Event.RULES_CHANGE, Event.FREEZE)
    changed = changed_files(frozen.config, files) if frozen is not None else ()
    if changed:
        raise UsageError(
            f"{what}: changed since the freeze without a document: {', '.join(changed)}; "
            "restore them or enter `round record rules-change` with its document"
        )
