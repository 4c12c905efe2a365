"""Documents that a self-report names, looked for on the portal by number, day and signer (cross-checks).

What is found, what differs and what is not there is shown beside the claim and never scores by itself: a
document may be issued and not published, and that is for a person to say. Nothing is called missing before
every list of documents was read whole on two days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from minhchung.document_numbers import find_all, normalise
from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.index_set import Component
from minhchung.measurements import Note, Value
from minhchung.submissions import Proof, SubmittedFigure
from minhchung.text_keys import clean, holds, k2
from verifiers.captures import histories
from verifiers.interface import Context
from verifiers.items import Whole, wholes
from verifiers.zeros import seen_once

_KINDS: Final = frozenset({"legal_document", "directive", "article"})
_LISTS: Final = frozenset({"legal_document", "directive"})
_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_AFTER: Final = 60
"""Characters after a number in which its day is looked for."""

_SIGNED_BY: Final = re.compile(r"(?:người ký|do|ký bởi)\s*:?\s*((?:[A-ZĐÀ-Ỹ][^\W\d_]*\s*){2,5})")


Checks = Mapping[str, tuple[Note, ...]]
"""What the portal says of claims, by component."""

NO_CHECKS: Final[Checks] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One document as a self-report names it."""

    number: str
    """As written."""

    day: date | None
    signer: str


def cited_in(text: str) -> tuple[Cited, ...]:
    """Return the documents that a text names, each number once, with the day and the signer beside it."""
    found: dict[str, Cited] = {}
    text = clean(text)
    numbers = find_all(text)
    ends = [*(start for _, start in numbers), len(text)][1:]
    for (number, start), end in zip(numbers, ends, strict=True):
        beside = text[start + len(number) : min(end, start + len(number) + _AFTER)]
        signer = _SIGNED_BY.search(text[start + len(number) : end])
        cited = Cited(number=number, day=_day(beside), signer=signer[1].strip() if signer else "")
        found.setdefault(normalise(number), cited)
    return tuple(found.values())


def _day(text: str) -> date | None:
    for each in _DAY.finditer(text):
        try:
            return date(int(each[3]), int(each[2]), int(each[1]))
        except ValueError:
            continue
    return None


def check_claim(
    holdings: Holdings, context: Context, claim: SubmittedFigure, proofs: Sequence[Proof] = ()
) -> tuple[Note, ...]:
    """Return what the portal says of the documents that a claim names, and of its days and counts.

    `proofs` are files handed in for it, whose numbers and days were read.
    """
    cited = cited_in("; ".join((claim.proof, *(proof.words for proof in proofs))))
    if not cited or not holdings.observations:
        return ()
    posted = _posted(holdings)
    found = {each.number: posted.get(normalise(each.number)) for each in cited}
    missing = [each for each in cited if found[each.number] is None]
    notes = [note for each in cited if (item := found[each.number]) for note in _found(each, item, context)]
    notes += _missing(missing, holdings, context, claim)
    there = [item for item in found.values() if item is not None]
    notes += _days(context.component, claim, there)
    notes += _counts(context.component, claim, len(cited), len(there))
    return tuple(notes)


def _posted(holdings: Holdings) -> dict[str, Whole]:
    """Return what the portal shows by document number; an item whose title bears the number is one too."""
    found: dict[str, Whole] = {}
    for item in wholes(holdings.observations):
        if item.kind in _KINDS:
            numbers = [item.number] if item.number else [number for number, _ in find_all(item.title)[:1]]
            for number in numbers:
                found.setdefault(normalise(number), item)
    return found


def _found(cited: Cited, item: Whole, context: Context) -> Iterator[Note]:
    told = ", ".join(
        filter(
            None,
            (
                f"ban hành {item.issued:%d/%m/%Y}" if item.issued else "không rõ ngày ban hành",
                f"người ký {item.signer}" if item.signer else "",
                item.url,
            ),
        )
    )
    places = (item.where("number"),)
    yield Note(key="check-found", text=f"Văn bản {cited.number}: có trên cổng, {told}.", basis=places)
    if cited.day is not None and item.issued is not None and cited.day != item.issued:
        days = f"báo cáo ghi ngày {cited.day:%d/%m/%Y}, trên cổng ghi {item.issued:%d/%m/%Y}"
        text = f"Văn bản {cited.number}: {days}."
        yield Note(key="check-day-differs", text=text, basis=(item.where("issued"),))
    if item.issued is not None and item.issued not in context.period:
        text = f"Văn bản {cited.number}: ban hành {item.issued:%d/%m/%Y}, ngoài kỳ đánh giá."
        yield Note(key="check-outside-period", text=text, basis=(item.where("issued"),))
    if cited.signer and item.signer and not _same_person(cited.signer, item.signer):
        text = f"Văn bản {cited.number}: báo cáo ghi người ký {cited.signer}, trên cổng ghi {item.signer}."
        yield Note(key="check-signer-differs", text=text, basis=(item.where("signer"),))


def _same_person(one: str, other: str) -> bool:
    return holds(k2(one), k2(other)) or holds(k2(other), k2(one))


def _missing(
    missing: Sequence[Cited], holdings: Holdings, context: Context, claim: SubmittedFigure
) -> Iterator[Note]:
    """Say what is not on the portal: only where every list of documents was read whole on two days."""
    if not missing:
        return
    lists = [h for h in histories(holdings, context).values() if h.captures[-1].item_kind in _LISTS]
    named = "; ".join(each.number for each in missing)
    if not lists or seen_once(lists, context) is not None:
        text = f"Chưa thấy trên cổng; danh sách văn bản chưa đọc trọn vẹn trong hai ngày: {named}."
        yield Note(key="check-not-read", text=text, count=len(missing), basis=(claim.seen,))
        return
    places = tuple(c.seen for h in lists if (c := h.last_complete()) is not None)
    text = f"Không thấy trên cổng trong {len(lists)} danh sách văn bản đã đọc trọn vẹn: {named}."
    yield Note(key="check-not-found", text=text, count=len(missing), basis=(claim.seen, *places))


def _days(component: Component, claim: SubmittedFigure, found: Sequence[Whole]) -> Iterator[Note]:
    """Hold a claimed day of issue against the days of issue of the documents found."""
    days = sorted({item.issued for item in found if item.issued is not None})
    for spec in component.inputs:
        said = _as_day(claim.inputs.get(spec.name)) if spec.role == "date" else None
        if said is not None and days and said not in days:
            shown = ", ".join(f"{day:%d/%m/%Y}" for day in days)
            text = f"{spec.title or spec.name}: báo cáo {said:%d/%m/%Y}, văn bản trên cổng ban hành {shown}."
            yield Note(key="check-claimed-day", text=text, basis=(claim.seen, *_places(found)))


def _as_day(value: Value | None) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _counts(component: Component, claim: SubmittedFigure, cited: int, found: int) -> Iterator[Note]:
    """Hold a claimed number of documents against how many are named and how many of them are there."""
    for spec in component.inputs:
        said = claim.inputs.get(spec.name)
        count = len(said) if isinstance(said, frozenset) else said
        if spec.role not in {"num", "count", "items"} or not isinstance(count, int | Fraction):
            continue
        if count > cited or cited > found:
            text = f"{spec.title or spec.name}: báo cáo {count}, nêu {cited} văn bản, thấy trên cổng {found}."
            yield Note(key="check-count", text=text, count=found, basis=(claim.seen,))


def _places(found: Sequence[Whole]) -> tuple[Locator, ...]:
    return tuple(item.where("issued") for item in found)


def cross_checked(component: Component) -> bool:
    """Say whether a component rests on a report that something here can be held against."""
    return component.kind == "submitted_crosschecked" and not component.verifier
