"""From what each visit showed of each item to one result: two visits before "absent", bounds (G10, G11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final, Literal

from minhchung.evidence import Locator
from minhchung.measurements import Grade, Input, Measurement, Note, Origin, Reason, Result, Unmeasured
from minhchung.periods import Period, local_day
from verifiers.bounds import settles
from verifiers.contents import Proof
from verifiers.headings import TermList
from verifiers.interface import CommonSettings, Context
from verifiers.passes import apart, words
from verifiers.sections import Section, find_sections
from verifiers.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one visit showed of one item."""

    state: Literal["met", "empty", "absent", "open"]
    """`empty`: found, without content; `absent`: not found in a complete walk."""

    at: datetime
    """Aware, UTC."""

    reason: Reason | None = None
    """Why it is open."""

    basis: tuple[Locator, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What all visits together say of one item."""

    state: Literal["met", "empty", "absent", "open"]
    reason: Reason | None = None
    basis: tuple[Locator, ...] = ()
    said: str = ""
    wavering: tuple[Locator, ...] = ()
    """Places of the visits that did not show an item which others did."""


_SAID: Final[Mapping[str, str]] = {
    "met": "đạt",
    "empty": "không đạt: tìm thấy mục nhưng không có nội dung",
    "absent": "không đạt: không tìm thấy mục",
    "open": "chưa kết luận được",
}
_KEYS: Final = {
    "met": "item-met",
    "empty": "item-found-empty",
    "absent": "item-not-found",
    "open": "item-open",
}


def look_for(site: Site, terms: TermList, content: Callable[[Section], Proof]) -> Look:
    """Return what one visit showed of a section: the best proof of the pages that the terms name."""
    found = find_sections(site, terms)
    proofs = [(section, content(section)) for section in found]
    for section, proof in proofs:
        if proof.state == "met":
            return Look(state="met", at=site.at, basis=section.path + proof.basis, said=_told(section, proof))
    trail = tuple(place for section in found for place in section.path)
    for section, proof in proofs:
        if proof.state == "open":
            said = _told(section, proof)
            return Look(state="open", at=site.at, reason=proof.reason, basis=trail, said=said)
    gap = site.gap(terms)
    if gap is not None:
        return Look(state="open", at=site.at, reason=gap, basis=trail or (site.walk.seen,))
    if proofs:
        return Look(state="empty", at=site.at, basis=trail, said=_told(*proofs[0]))
    return Look(state="absent", at=site.at, basis=(site.walk.seen,))


def _told(section: Section, proof: Proof) -> str:
    match = section.match
    slip = " (sai lỗi gõ)" if match.slip else ""
    return f"tiêu đề “{match.heading}”{slip}" + (f", {proof.said}" if proof.said else "")


def settle(looks: Iterable[Look], common: CommonSettings, without: Reason = Reason.COVERAGE_BELOW) -> Settled:
    """Return what the visits together say: met once is met, not there needs two days (G10).

    `without` is the reason when no visit said anything.
    """
    seen = sorted(looks, key=lambda look: look.at)
    unmet = [look for look in seen if look.state in ("empty", "absent")]
    met = [look for look in seen if look.state == "met"]
    if met:
        last = met[-1]
        wavering = tuple(place for look in unmet for place in look.basis[-1:])
        return Settled(state="met", basis=last.basis, said=last.said, wavering=wavering)
    if apart((look.at for look in unmet), common):
        last = next((look for look in reversed(unmet) if look.state == "empty"), unmet[-1])
        days = ", ".join(sorted({f"{local_day(look.at):%d/%m/%Y}" for look in unmet}))
        basis = tuple(place for look in unmet for place in look.basis)
        return Settled(state=last.state, basis=basis, said="; ".join(filter(None, (last.said, days))))
    opened = [look for look in seen if look.state == "open"]
    if opened and not unmet:
        return Settled(state="open", reason=opened[-1].reason, basis=opened[-1].basis, said=opened[-1].said)
    if unmet:
        reason = Reason.SINGLE_MEASUREMENT
        return Settled(state="open", reason=reason, basis=unmet[-1].basis, said=unmet[-1].said)
    return Settled(state="open", reason=without)


def conclude(
    name: str,
    items: Mapping[str, Settled],
    context: Context,
    window: Period,
    *,
    label: str,
    questions: Sequence[Note] = (),
    coverage: Fraction = Fraction(1),
) -> Result:
    """Return the result of a checklist: open items make it a range unless they cannot move the points.

    What counts are the items of the index set; one that the configuration has no terms for is open.
    """
    items = _of_set(items, context)
    met = frozenset(key for key, item in items.items() if item.state == "met")
    left = frozenset(key for key, item in items.items() if item.state == "open")
    low = {name: Input(value=met, origin=Origin.CRAWL, open_items=left)}
    high = {name: Input(value=met | left, origin=Origin.CRAWL, open_items=left)}
    notes = tuple(_note(key, item, context) for key, item in items.items())
    basis = tuple(place for key in sorted(met) for place in items[key].basis)
    worth = {item.id: item.points for item in context.component.formula.items}
    if left and any(worth.get(key, 1) for key in left) and not settles(context, low, high):
        key = min(left)
        reason = items[key].reason or Reason.COVERAGE_BELOW
        detail = f"chưa kết luận được {len(left)} trên {len(items)} mục: " + "; ".join(
            f"{_title(each, context)}: {words(items[each].reason or reason)}" for each in sorted(left)
        )
        return Unmeasured(
            reason=reason, detail=detail, basis=basis, low=low, high=high, notes=notes, verifier=label
        )
    return Measurement(
        inputs=low,
        grade=Grade.VERIFIED,
        window=window,
        coverage=coverage,
        basis=basis,
        notes=notes,
        questions=(*_wavering(items, context), *questions),
        bounded=bool(left),
        verifier=label,
    )


def terms_of_set(terms: Mapping[str, TermList], context: Context) -> Mapping[str, TermList]:
    """Return the terms of the items that the index set asks for; all of them where it lists none."""
    listed = [item.id for item in context.component.formula.items]
    return {key: terms[key] for key in listed if key in terms} if listed else terms


def _of_set(items: Mapping[str, Settled], context: Context) -> Mapping[str, Settled]:
    listed = [item.id for item in context.component.formula.items]
    unknown = Settled(state="open", reason=Reason.MAPPING_MISSING)
    return {key: items.get(key, unknown) for key in listed} if listed else items


def _title(key: str, context: Context) -> str:
    return next((i.name for i in context.component.formula.items if i.id == key and i.name), key)


def _note(key: str, item: Settled, context: Context) -> Note:
    why = f" ({words(item.reason)})" if item.state == "open" and item.reason else ""
    text = f"{_title(key, context)}: {_SAID[item.state]}{why}" + (f"; {item.said}" if item.said else "")
    return Note(key=_KEYS[item.state], text=text, basis=item.basis)


def _wavering(items: Mapping[str, Settled], context: Context) -> Iterable[Note]:
    for key, item in items.items():
        if item.wavering:
            text = (
                f"{_title(key, context)}: lượt thấy, lượt không thấy; mục này có thường xuyên hiển thị không?"
            )
            yield Note(key="intermittent", text=text, count=len(item.wavering), basis=item.wavering)
