"""TC.6: how many items about digital transformation the portal published in the period."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Grade, Input, Measurement, Note, Origin, Reason, Result, Unmeasured
from minhchung.periods import Period
from minhchung.text_keys import accented, k1, k2
from verifiers.absence import absent_twice
from verifiers.bounds import settles
from verifiers.captures import Coverage, History, cover, histories
from verifiers.duplicates import clusters
from verifiers.evidence_of_posting import read_lists
from verifiers.headings import match_heading, names_of
from verifiers.interface import Context, Verifier
from verifiers.item_pages import ItemPages, SourceTerms, declared_repost
from verifiers.items import Whole, in_lists, own_items
from verifiers.migrations import migrated
from verifiers.oddities.publicity import ask_about_publicity
from verifiers.passes import assessed_period, portal_visits, refusal
from verifiers.publication import posting
from verifiers.zeros import seen_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/publicity_items.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    terms: tuple[str, ...]
    exact: tuple[str, ...] = ()
    """Terms that count only in exactly this spelling, upper case included."""

    not_next: tuple[str, ...] = ()
    """Words after a term that make it something else: `điện thoại`, `thuê bao`."""

    not_next_unless: tuple[tuple[str, str], ...] = ()
    """(word, word after it that saves the term): `hiệu` but `hiệu quả`."""

    not_next_unaccented: tuple[str, ...] = ()
    """The same for text without accents: `huu`, `ho khau`."""

    section_terms: tuple[str, ...] = ()
    """Headings of sections whose items all count; empty: `terms`."""

    reposts_count: bool = True
    source_begins: tuple[str, ...] = ("nguồn", "theo báo", "theo trang", "theo cổng", "sưu tầm")
    """Where reposts do not count: beginnings of the line that declares one."""

    source_own: tuple[str, ...] = ("Ban Biên tập", "BBT", "CTV")
    day_burst: int = 5
    list_kinds: tuple[str, ...] = ("news", "article")


@dataclass(frozen=True, slots=True)
class Matched:
    """One item that counts, and the words that made it count."""

    item: Whole
    words: str


def publicity_items(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure the number of matching items published in the period, duplicates counted once."""
    period = assessed_period(holdings.agency, context.period)
    if (refused := refusal(holdings, portal_visits(holdings, context))) is not None or period is None:
        return refused or Unmeasured(reason=Reason.COVERAGE_BELOW, detail="Cơ quan không hoạt động trong kỳ.")
    lists = {
        url: h
        for url, h in histories(holdings, context).items()
        if h.captures[-1].item_kind in settings.list_kinds
    }
    if not lists:
        said = absent_twice(holdings, context, settings.section_terms or settings.terms)
        return said if isinstance(said, Unmeasured) else _measured(context, (), period, Fraction(1), said, ())
    pages = ItemPages(holdings, context.common)
    matched, doubtful, notes = _match(holdings, context, settings, lists, pages, period)
    coverage = cover(tuple(lists.values()), period, context)
    unread = any(posting(item, lists).day is not None for item in doubtful)
    asked = tuple(ask_about_publicity([m.item for m in matched], pages, settings.day_burst))
    notes = (*notes, read_lists(lists))
    result = _settle(context, asked, matched, doubtful, notes, coverage, period, unread=unread)
    if isinstance(result, Measurement) and not matched and not result.bounded:
        return seen_once(lists.values(), context, result.inputs) or result
    return result


def _match(
    holdings: Holdings,
    context: Context,
    settings: Settings,
    lists: Mapping[str, History],
    pages: ItemPages,
    period: Period,
) -> tuple[list[Matched], list[Whole], tuple[Note, ...]]:
    seen = [
        i for i in in_lists(own_items(holdings, context.registry), lists) if i.kind in settings.list_kinds
    ]
    hits = {i.identity: said for i in seen if (said := _said(i, holdings, context, settings))}
    mine = [i for i in seen if i.identity in hits]
    moved = migrated(seen, lists, context)
    posted = {i.identity: posting(i, lists, moved=moved) for i in mine}
    groups = clusters(
        mine,
        {i.identity: pages.text(i) for i in mine},
        {i.identity: posted[i.identity].day for i in mine},
        jaccard=context.common.dup_jaccard_percent,
        documents=False,
    )
    kept: list[Matched] = []
    doubtful: list[Whole] = []
    left: dict[str, list[Locator]] = {"duplicates": [i.seen for g in groups for i in g[1:]]}
    for item in (group[0] for group in groups):
        day = posted[item.identity].day
        if posted[item.identity].future:
            left.setdefault("future-dated", []).append(item.seen)
        elif day is not None and day not in period:
            left.setdefault("outside-period", []).append(item.seen)
        elif day is None or (counts := _counts(item, holdings, settings, pages)) is None:
            doubtful.append(item)
        elif counts:
            kept.append(Matched(item, hits[item.identity]))
        else:
            left.setdefault("too-short", []).append(item.seen)
    return kept, doubtful, _notes(left, doubtful)


def _said(item: Whole, holdings: Holdings, context: Context, settings: Settings) -> str:
    """Return the words by which an item counts: in its title, its summary, or its section's heading."""
    for text in (item.title, item.summary):
        if words := matching_words(text, settings):
            return words
    names = names_of(holdings.agency)
    terms = settings.section_terms or settings.terms
    for heading in item.headings:
        if match := match_heading(heading, terms, names, context.common):
            return match.heading
    return ""


def matching_words(text: str, settings: Settings) -> str:
    """Return the first term that a text holds and that nothing after it makes into something else."""
    words = _WORD.findall(text)
    for exact in settings.exact:
        if exact in words:
            return exact
    has_accents = accented(text)
    key = k1 if has_accents else k2
    said = f" {key(text)} "
    stops = [*settings.not_next, *(() if has_accents else settings.not_next_unaccented)]
    for term in settings.terms:
        at = said.find(f" {key(term)} ")
        while at >= 0:
            rest = said[at + len(key(term)) + 1 :].strip()
            if not _is_something_else(rest, [key(s) for s in stops], settings, key):
                return term
            at = said.find(f" {key(term)} ", at + 1)
    return ""


def _is_something_else(rest: str, stops: Sequence[str], settings: Settings, key: Any) -> bool:
    for word, saving in settings.not_next_unless:
        if f"{rest} ".startswith(f"{key(word)} "):
            return not f"{rest} ".startswith(f"{key(word)} {key(saving)} ")
    return any(f"{rest} ".startswith(f"{stop} ") for stop in stops)


def _counts(item: Whole, holdings: Holdings, settings: Settings, pages: ItemPages) -> bool | None:
    """Say whether an item has enough of its own to count; None when its page was not read."""
    page = pages.page(item)
    if page is None:
        return None
    if not settings.reposts_count:
        terms = SourceTerms(begins=settings.source_begins, own=settings.source_own)
        if declared_repost(page, holdings.agency, terms) is not None:
            return False
    return pages.characters(page) >= pages.common.min_item_chars or pages.has_picture(page)


_WORD: Final = re.compile(r"[^\W_]+")
_WORDS: Final = {
    "duplicates": "Bài trùng, chỉ tính một lần",
    "future-dated": "Bài ghi ngày sau thời điểm thu thập",
    "outside-period": "Bài ngoài kỳ đánh giá",
    "too-short": "Bài không đủ nội dung",
}


def _notes(left: Mapping[str, list[Locator]], doubtful: Sequence[Whole]) -> tuple[Note, ...]:
    notes = [
        Note(key=key, text=f"{_WORDS[key]}: {len(places)}.", count=len(places), basis=tuple(places))
        for key, places in left.items()
        if places
    ]
    if doubtful:
        places = tuple(i.seen for i in doubtful)
        text = f"Chưa rõ ngày đăng hoặc chưa đọc được trang: {len(doubtful)}."
        notes.append(Note(key="doubtful", text=text, count=len(doubtful), basis=places))
    return tuple(notes)


def _inputs(context: Context, count: int) -> dict[str, Input]:
    name = next(spec.name for spec in context.component.inputs if spec.role == "count")
    return {name: Input(value=Fraction(count), origin=Origin.CRAWL)}


def _measured(
    context: Context,
    matched: Sequence[Matched],
    window: Period,
    share: Fraction,
    basis: Sequence[Locator],
    notes: Sequence[Note],
    *,
    questions: Sequence[Note] = (),
    high: dict[str, Input] | None = None,
) -> Measurement:
    return Measurement(
        inputs=_inputs(context, len(matched)),
        grade=Grade.VERIFIED,
        window=window,
        coverage=share,
        basis=tuple(basis),
        notes=tuple(notes),
        questions=tuple(questions),
        bounded=high is not None,
        high=high,
    )


def _settle(
    context: Context,
    questions: tuple[Note, ...],
    matched: Sequence[Matched],
    doubtful: Sequence[Whole],
    notes: Sequence[Note],
    coverage: Coverage,
    period: Period,
    *,
    unread: bool,
) -> Result:
    basis = [m.item.where("title") for m in matched]
    words = [
        Note(key="counted", text=f"Bài được tính: {len(matched)}.", count=len(matched), basis=tuple(basis))
    ]
    whole = coverage.reason is None and coverage.window is not None
    low = _inputs(context, len(matched))
    high = _inputs(context, len(matched) + (len(doubtful) if whole else len(period)))
    if low == high or settles(context, low, high):
        return _measured(
            context,
            matched,
            coverage.window or period,
            coverage.share,
            basis,
            [*notes, *words],
            questions=questions,
            high=high if low != high else None,
        )
    # A day that the portal does not print is not our reader's failure.
    reason = Reason.NOT_READ if whole and unread else coverage.reason or Reason.COVERAGE_BELOW
    detail = coverage.detail or f"{len(doubtful)} bài chưa rõ ngày đăng hoặc chưa đọc được trang."
    return Unmeasured(
        reason=reason, detail=detail, basis=tuple(basis), low=low, high=high, notes=tuple(notes)
    )


VERIFIER: Final = Verifier(
    name="publicity_items", version=2, settings=Settings, roles=("count",), measure=publicity_items
)
