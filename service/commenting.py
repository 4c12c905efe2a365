"""Comments on findings and their answers: typed, bound to what was found, with their counter-evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from minhchung.periods import local_day
from minhchung.round_acts import COMMENT_STAGES, Event
from minhchung.rulings import Answer, Comment
from service.act_records import Desk, acts_of
from service.round_book import Book
from service.settings import Settings
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with what was answered."""

    record: RecordId
    comment: Comment
    answers: tuple[Answer, ...]


def comment(
    settings: Settings, store: Store, clock: Clock, said: Comment, files: Sequence[Path] = ()
) -> RecordId:
    """Seal a comment and its counter-evidence; raises UsageError where none may be made."""
    round_ = settings.checked_round(said.round)
    agency = settings.agency(said.agency)
    index_set = settings.own_sets(round_).get(agency.bloc, settings.index_set(round_))
    if said.component not in {component.code for component in index_set.components()}:
        raise UsageError(f"no component has the code {said.component!r}")
    book = Book.of(store, round_)
    if book.stage not in COMMENT_STAGES:
        told = ", ".join(sorted(COMMENT_STAGES))
        raise UsageError(f"round {round_.id} is {book.stage}: comments come in while it is {told}")
    if said.day > local_day(clock.now()):
        raise UsageError(f"{said.day} lies ahead; enter the comment on its day or later")
    if not said.text.strip() or not said.number.strip():
        raise UsageError("a comment needs its text (--text) and the number of its letter (--number)")
    scored = book.last(Event.FIRST_SCORING, Event.SECOND_SCORING, Event.ANNEX, Event.NEW_VERSION)
    desk = Desk.begin(store, clock)
    evidence = tuple(str(desk.document(path).id) for path in files)
    bound = replace(said, finding=scored.inputs_digest if scored is not None else "", evidence=evidence)
    record = desk.seal(bound)
    store.commit()
    return record.id


def answer(store: Store, clock: Clock, said: Answer) -> RecordId:
    """Seal an answer; raises UsageError for a comment that does not exist or a day out of turn."""
    known = {str(record): asked for record, asked in acts_of(store, Comment)}
    asked = known.get(said.comment)
    if asked is None:
        raise UsageError(f"{said.comment} is no comment; `minhchung comment list` names them")
    if not said.text.strip():
        raise UsageError("an answer needs its text (--text)")
    if not asked.day <= said.day <= local_day(clock.now()):
        raise UsageError(f"{said.day}: an answer is of a day between its comment's ({asked.day}) and today")
    record = Desk.begin(store, clock).seal(said)
    store.commit()
    return record.id


def threads(store: Store, round_id: str) -> tuple[Thread, ...]:
    """Return the comments of a round with their answers, oldest first."""
    answers = [each for _, each in acts_of(store, Answer)]
    return tuple(
        Thread(record, said, tuple(each for each in answers if each.comment == record))
        for record, said in acts_of(store, Comment, round_id)
    )
