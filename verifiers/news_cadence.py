"""HD.2: how many self-made news items the portal published per week of the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Grade, Input, Measurement, Note, Origin, Reason, Result, Unmeasured
from minhchung.periods import DAYS_A_WEEK, SATURDAY, Period, WorkCalendar
from verifiers.absence import absent_twice
from verifiers.bounds import settles
from verifiers.captures import Coverage, History, cover, histories, under
from verifiers.duplicates import clusters
from verifiers.evidence_of_posting import read_lists
from verifiers.interface import Context, Verifier
from verifiers.item_pages import ItemPages, SourceTerms, declared_repost
from verifiers.items import Whole, in_lists, own_items
from verifiers.migrations import ask_about_migration, migrated
from verifiers.oddities.news import Odd, ask_about_news
from verifiers.passes import assessed_period, portal_visits, refusal
from verifiers.publication import Posting, posting
from verifiers.zeros import seen_once

HOLIDAYS_THAT_EMPTY_A_WEEK: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/news_cadence.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    lists: tuple[str, ...]
    """Headings of news lists."""

    source_begins: tuple[str, ...]
    source_own: tuple[str, ...]
    source_not_begins: tuple[str, ...] = ()
    burst_days: int = 14
    burst_percent: int = 25
    day_burst: int = 10
    short_characters: int = 400
    """Half of the items are shorter than this: asked about."""

    title_series: int = 10
    """Titles that differ in their figures alone, from so many on: asked about."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The items that count, and those that do not, by reason."""

    items: tuple[tuple[Whole, Posting], ...]
    unread: tuple[Whole, ...]
    """Items in the period whose page was not read: stub or repost, nobody knows."""

    undated: tuple[Whole, ...]
    notes: tuple[Note, ...]
    questions: tuple[Note, ...] = ()


def news_cadence(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure 7·N/D and the share of active weeks, over the covered days of the period."""
    period = assessed_period(holdings.agency, context.period)
    if (refused := refusal(holdings, portal_visits(holdings, context))) is not None or period is None:
        return refused or Unmeasured(reason=Reason.COVERAGE_BELOW, detail="Cơ quan không hoạt động trong kỳ.")
    if context.calendar is None:
        return Unmeasured(reason=Reason.CALENDAR_MISSING, detail="Thiếu lịch ngày nghỉ của các năm trong kỳ.")
    lists = under(histories(holdings, context), tuple(settings.lists), holdings, context)
    if not lists:
        return _no_list(holdings, context, settings, period)
    coverage = cover(tuple(lists.values()), period, context)
    contents = ItemPages(holdings, context.common)
    counted = _count(holdings, context, settings, lists, contents, period)
    if coverage.window is None or coverage.reason is not None:
        return _bounded(context, counted, coverage, period)
    counted = replace(counted, notes=(*counted.notes, read_lists(lists)))
    result = _settle(context, counted, coverage.window, Fraction(coverage.share))
    if isinstance(result, Measurement) and not counted.items and not result.bounded:
        return seen_once(lists.values(), context, result.inputs) or result
    return result


def _no_list(holdings: Holdings, context: Context, settings: Settings, period: Period) -> Result:
    said = absent_twice(holdings, context, tuple(settings.lists))
    if isinstance(said, Unmeasured):
        return said
    return Measurement(
        inputs=_inputs(context, 0, period, 0, _weeks(period, context.calendar)),
        grade=Grade.VERIFIED,
        window=period,
        basis=said,
        notes=(Note(key="no-list", text="Hai lượt đi hết trang không thấy chuyên mục tin tức nào."),),
    )


def _count(
    holdings: Holdings,
    context: Context,
    settings: Settings,
    lists: Mapping[str, History],
    contents: ItemPages,
    period: Period,
) -> Counted:
    seen = in_lists(own_items(holdings, context.registry), lists)
    moved = migrated(seen, lists, context)
    posted = {item.identity: posting(item, lists, moved=moved) for item in seen}
    days = {identity: p.day for identity, p in posted.items()}
    texts = {item.identity: contents.text(item) for item in seen}
    groups = clusters(seen, texts, days, jaccard=context.common.dup_jaccard_percent, documents=False)
    terms = SourceTerms(
        begins=settings.source_begins, own=settings.source_own, not_begins=settings.source_not_begins
    )
    kept: list[tuple[Whole, Posting]] = []
    out: dict[str, list[Locator]] = {"duplicates": [i.seen for g in groups for i in g[1:]]}
    unread: list[Whole] = []
    undated: list[Whole] = []
    for item in (group[0] for group in groups):
        where = posted[item.identity]
        if where.future:
            out.setdefault("future-dated", []).append(item.where("published"))
        elif where.day is None:
            undated.append(item)
        elif where.day not in period:
            out.setdefault("outside-period", []).append(item.where("published"))
        elif (page := contents.page(item)) is None:
            unread.append(item)
        elif (line := declared_repost(page, holdings.agency, terms)) is not None:
            out.setdefault("reposts", []).append(line.seen)
        elif contents.is_stub(item):
            out.setdefault("stubs", []).append(page.seen)
        else:
            kept.append((item, where))
    if undated:
        out["undated"] = [item.seen for item in undated]
    odd = Odd(tuple(kept), contents, period.last)
    questions = (*ask_about_news(odd, settings), *ask_about_migration(seen, moved))
    return Counted(tuple(kept), tuple(unread), tuple(undated), _notes(len(seen), out), questions)


_WORDS: Final = {
    "duplicates": "Tin trùng, chỉ tính một lần",
    "reposts": "Tin đăng lại có ghi nguồn",
    "stubs": "Tin không có nội dung riêng",
    "future-dated": "Tin ghi ngày sau thời điểm thu thập",
    "outside-period": "Tin ngoài kỳ đánh giá",
    "undated": "Tin không rõ ngày đăng",
}


def _notes(seen: int, out: Mapping[str, list[Locator]]) -> tuple[Note, ...]:
    left = [
        Note(key=key, text=f"{_WORDS[key]}: {len(places)}.", count=len(places), basis=tuple(places))
        for key, places in out.items()
        if places
    ]
    return (Note(key="seen", text=f"Số địa chỉ tin đã thấy: {seen}.", count=seen), *left)


def _weeks(window: Period, calendar: WorkCalendar | None) -> list[Period]:
    """Return the ISO weeks that are not emptied by public holidays."""
    if calendar is None:
        return []
    return [
        week
        for week in window.weeks()
        if sum(d in calendar.holidays and d.weekday() < SATURDAY for d in week.days())
        < HOLIDAYS_THAT_EMPTY_A_WEEK
    ]


def _inputs(
    context: Context, count: int, window: Period, active: int, weeks: Sequence[Period]
) -> dict[str, Input]:
    names = {spec.role: spec.name for spec in context.component.inputs}
    rate = Fraction(DAYS_A_WEEK * count, len(window))
    found = {names["value"]: Input(value=rate, origin=Origin.CRAWL)}
    if "share" in names:
        share = Fraction(active, len(weeks)) if weeks else Fraction(0)
        found[names["share"]] = Input(value=share, origin=Origin.CRAWL)
    return found


def _of(context: Context, days: Sequence[date], window: Period, extra: int = 0) -> dict[str, Input]:
    """Return the inputs for news on these days; `extra` items may stand on any day."""
    weeks = _weeks(window, context.calendar)
    active = sum(any(d in week for d in days) for week in weeks)
    inside = sum(d in window for d in days)
    return _inputs(context, inside + extra, window, min(len(weeks), active + extra), weeks)


def _days(counted: Counted) -> list[date]:
    return [where.day for _, where in counted.items if where.day is not None]


def _settle(context: Context, counted: Counted, window: Period, coverage: Fraction) -> Result:
    days = _days(counted)
    low = _of(context, days, window)
    unknown = len(counted.unread) + len(counted.undated)
    high = _of(context, days, window, unknown)
    if unknown and not settles(context, low, high):
        reason = Reason.NOT_READ if counted.unread else Reason.COVERAGE_BELOW
        detail = f"{len(counted.unread)} tin chưa đọc được trang, {len(counted.undated)} tin không rõ ngày."
        return Unmeasured(reason=reason, detail=detail, low=low, high=high, notes=counted.notes)
    witnessed = sum(where.witnessed for _, where in counted.items)
    return Measurement(
        inputs=low,
        grade=Grade.VERIFIED,
        window=window,
        coverage=coverage,
        basis=tuple(item.where("published") for item, _ in counted.items),
        notes=(
            *counted.notes,
            Note(key="counted", text=f"Tin tự biên tập trong kỳ: N = {len(days)}.", count=len(days)),
            Note(
                key="witnessed", text=f"Tin có lượt thu thập trước chứng kiến: {witnessed}.", count=witnessed
            ),
        ),
        questions=counted.questions,
        bounded=bool(unknown),
        high=high if unknown else None,
    )


def _bounded(context: Context, counted: Counted, coverage: Coverage, period: Period) -> Result:
    """A list was not seen whole: what was seen is a lower bound, and there is no upper one."""
    low = _of(context, _days(counted), period)
    high = _of(context, _days(counted), period, len(period) * 10)
    if settles(context, low, high):
        return Measurement(
            inputs=low,
            grade=Grade.VERIFIED,
            window=period,
            coverage=coverage.share,
            basis=tuple(item.where("published") for item, _ in counted.items),
            notes=counted.notes,
            questions=counted.questions,
            bounded=True,
        )
    reason = coverage.reason or Reason.COVERAGE_BELOW
    return Unmeasured(reason=reason, detail=coverage.detail, low=low, high=high, notes=counted.notes)


VERIFIER: Final = Verifier(
    name="news_cadence", version=2, settings=Settings, roles=("value", "share"), measure=news_cadence
)
