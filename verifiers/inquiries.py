"""Citizens' questions over all passes: what was asked, when, and whether it was answered (HD.9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from minhchung.evidence import Locator, RecordId
from minhchung.holdings import Holdings
from minhchung.observations import ListCapture, Question
from minhchung.periods import local_day
from minhchung.text_keys import k2
from verifiers.addresses import page_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """One question over all passes."""

    identity: str
    title: str
    asked: date | None
    answered: date | None
    """Printed, else the earliest day that captures allow; None: no answer was seen."""

    printed: bool
    """The day of the answer is printed."""

    unread: bool
    """No answer in the list, and its own page was never read: nobody knows."""

    seen: Locator


def inquiries(holdings: Holdings, lists: Mapping[str, object], least_letters: int) -> list[Inquiry]:
    """Return the questions of the lists, each once; an answer of fewer letters says nothing and is none."""
    grouped: dict[str, list[Question]] = {}
    mine = {each.identity for each in _questions(holdings) if each.list_url in lists}
    for each in _questions(holdings):
        if each.identity in mine:
            grouped.setdefault(each.identity, []).append(each)
    in_lists = frozenset(
        record for each in holdings.observations if isinstance(each, ListCapture) for record in each.pages
    )
    found = [_inquiry(sightings, holdings, least_letters, in_lists) for sightings in grouped.values()]
    return _once(found)


def _questions(holdings: Holdings) -> list[Question]:
    return [each for each in holdings.observations if isinstance(each, Question)]


def _inquiry(
    sightings: Sequence[Question], holdings: Holdings, least_letters: int, in_lists: frozenset[RecordId]
) -> Inquiry:
    asked = next((q.asked for q in reversed(sightings) if q.asked is not None), None)
    told = [q for q in sightings if q.answer_chars >= least_letters]
    printed = next((q.answered for q in reversed(told) if q.answered is not None), None)
    answered = printed
    if told and printed is None:
        answered = _proven_by(told[0], sightings, holdings)
    return Inquiry(
        identity=sightings[0].identity,
        title=next((q.title for q in reversed(sightings) if q.title), ""),
        asked=asked,
        answered=answered,
        printed=printed is not None,
        unread=not told and _is_unread(sightings, in_lists),
        seen=(told or sightings)[-1].seen,
    )


def _is_unread(sightings: Sequence[Question], in_lists: frozenset[RecordId]) -> bool:
    """Say whether the question has a page of its own and only its row was read."""
    own_page = any(q.list_url and page_key(q.url) != page_key(q.list_url) for q in sightings)
    return own_page and all(q.seen.record in in_lists for q in sightings)


def _proven_by(first: Question, sightings: Sequence[Question], holdings: Holdings) -> date | None:
    """Return the earliest day on which an answer without a printed day may have been given (G8).

    That is the day of the last capture that showed the question unanswered; without one, the question's own.
    """
    unanswered = [q for q in sightings if q.run < first.run and q.answer_chars == 0]
    if not unanswered:
        return first.asked
    record = holdings.records.get(unanswered[-1].seen.record)
    return None if record is None else local_day(record.captured_at)


def _once(found: Sequence[Inquiry]) -> list[Inquiry]:
    """Return each question once: the same words asked on the same day are one, and its best answer counts."""
    kept: dict[object, Inquiry] = {}
    for each in found:
        key: object = (k2(each.title), each.asked) if each.title and each.asked else each.identity
        other = kept.get(key)
        if other is None or _answer_day(each) < _answer_day(other):
            kept[key] = each
    return list(kept.values())


def _answer_day(inquiry: Inquiry) -> date:
    return inquiry.answered or date.max
