"""HD.9: the share of questions shown on the portal that were answered within the deadline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, ClassVar, Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import (
    Grade,
    Input,
    Measurement,
    NotApplicable,
    Note,
    Origin,
    Reason,
    Result,
    Unmeasured,
)
from minhchung.measurements import NotApplicableReason as Why
from minhchung.periods import Period, WorkCalendar
from verifiers.absence import absent_twice
from verifiers.bounds import settles
from verifiers.captures import Coverage, History, cover, histories, under
from verifiers.documents_complete import ratio_inputs
from verifiers.evidence_of_posting import read_lists
from verifiers.inquiries import Inquiry, inquiries
from verifiers.interface import Context, Verifier
from verifiers.oddities.inquiries import ask_about_inquiries
from verifiers.passes import assessed_period, portal_visits, refusal
from verifiers.zeros import seen_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/questions_answered.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    lists: tuple[str, ...]
    """Headings of sections of questions and answers."""

    not_lists: tuple[str, ...] = ()
    """Headings that are none: frequently asked questions."""

    deadline_days: int = 10
    """Calendar days, moved to the next working day; an assumption to be confirmed."""

    min_answer_chars: int = 30
    max_undated_percent: int = 20


def questions_answered(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure answered in time / shown, for questions whose deadline ended before the last capture."""
    period = assessed_period(holdings.agency, context.period)
    if (refused := refusal(holdings, portal_visits(holdings, context))) is not None or period is None:
        return refused or Unmeasured(reason=Reason.COVERAGE_BELOW, detail="Cơ quan không hoạt động trong kỳ.")
    if context.calendar is None:
        return Unmeasured(reason=Reason.CALENDAR_MISSING, detail="Thiếu lịch ngày nghỉ của các năm trong kỳ.")
    owned = _owner(holdings, context)
    if owned is not None:
        return owned
    lists = _lists(holdings, context, settings)
    if not lists:
        said = absent_twice(holdings, context, tuple(settings.lists))
        return said if isinstance(said, Unmeasured) else _no_section(context, period, said)
    coverage = cover(tuple(lists.values()), period, context)
    if coverage.reason is not None or coverage.window is None:
        return Unmeasured(reason=coverage.reason or Reason.COVERAGE_BELOW, detail=coverage.detail)
    last = min(h.covered_to() or period.last for h in lists.values())
    captures = tuple(c.seen for h in lists.values() if (c := h.last_complete()) is not None)
    asked = inquiries(holdings, lists, settings.min_answer_chars)
    result = _settle(asked, context, settings, context.calendar, coverage, period, last, captures)
    match result:
        case Measurement():
            shown = [q for q in asked if q.asked is not None and q.asked in period]
            result = replace(result, questions=tuple(ask_about_inquiries(shown, holdings, context)))
            in_time = result.inputs[next(i.name for i in context.component.inputs if i.role == "num")].value
            result = replace(result, notes=(*result.notes, read_lists(lists)))
            once = seen_once(lists.values(), context, result.inputs) if in_time == 0 else None
            return once or result
        case NotApplicable():
            return seen_once(lists.values(), context) or result
        case Unmeasured():
            return result


def _lists(holdings: Holdings, context: Context, settings: Settings) -> dict[str, History]:
    known = histories(holdings, context)
    faq = under(known, tuple(settings.not_lists), holdings, context) if settings.not_lists else {}
    found = under(known, tuple(settings.lists), holdings, context)
    return {url: history for url, history in found.items() if url not in faq}


def _owner(holdings: Holdings, context: Context) -> Measurement | None:
    """Return the operator's export of the inbox where there is one: both inputs come from it."""
    span = (context.period.first, context.period.last)
    mine = {
        f.input: f
        for f in holdings.owner_figures
        if f.component == context.component.code and (f.first, f.last) == span
    }
    names = [spec.name for spec in context.component.inputs]
    figures = [mine.get(name) for name in names]
    inputs = {
        f.input: Input(value=f.value, origin=Origin.OWNER)
        for f in figures
        if f is not None and isinstance(f.value, Fraction)
    }
    values = {spec.role: inputs[spec.name].value for spec in context.component.inputs if spec.name in inputs}
    num, den = values.get("num"), values.get("den")
    if not (isinstance(num, Fraction) and isinstance(den, Fraction) and 0 <= num <= den):
        return None
    rated = any(f is not None and f.owner == holdings.agency.code for f in figures)
    return Measurement(
        inputs=inputs,
        grade=Grade.PARTLY_VERIFIED if rated else Grade.VERIFIED,
        window=context.period,
        basis=tuple(f.seen for f in figures if f is not None),
    )


def _no_section(context: Context, period: Period, walks: tuple[Locator, ...]) -> Measurement:
    """No channel for questions in two complete walks: 0 of 0, which the set scores as nothing."""
    return Measurement(
        inputs=ratio_inputs(context, 0, 0),
        grade=Grade.VERIFIED,
        window=period,
        basis=walks,
        notes=(Note(key="no-section", text="Hai lượt đi hết trang không thấy chuyên mục hỏi đáp."),),
    )


def _due(asked: date, calendar: WorkCalendar, settings: Settings) -> date | None:
    last = asked + timedelta(days=settings.deadline_days)
    try:
        return calendar.next_working_day(last)
    except ValueError:
        return None  # no calendar covers it: the question is not due as far as we can say


def _settle(
    asked: list[Inquiry],
    context: Context,
    settings: Settings,
    calendar: WorkCalendar,
    coverage: Coverage,
    period: Period,
    last: date,
    captures: tuple[Locator, ...],
) -> Result:
    inside = [q for q in asked if q.asked is not None and q.asked in period]
    undated = [q for q in asked if q.asked is None]
    basis = tuple(q.seen for q in inside)
    if not inside and not undated:
        return NotApplicable(
            reason=Why.NO_QUESTIONS,
            detail="Có chuyên mục hỏi đáp, đọc trọn vẹn, không có câu hỏi nào trong kỳ.",
            basis=captures,
        )
    if len(undated) * 100 > settings.max_undated_percent * (len(inside) + len(undated)):
        detail = f"{len(undated)} trên {len(inside) + len(undated)} câu hỏi không rõ ngày hỏi."
        return Unmeasured(reason=Reason.COVERAGE_BELOW, detail=detail, basis=tuple(q.seen for q in undated))
    due = {q.identity: d for q in inside if q.asked and (d := _due(q.asked, calendar, settings))}
    ended = [q for q in inside if q.identity in due and due[q.identity] < last]
    good = [q for q in ended if q.answered is not None and q.answered <= due[q.identity]]
    unread = [q for q in ended if q.unread]
    if not ended:
        return Unmeasured(
            reason=Reason.COVERAGE_BELOW, detail="Chưa câu hỏi nào của kỳ hết hạn trả lời.", basis=basis
        )
    low = ratio_inputs(context, len(good), len(ended))
    high = ratio_inputs(context, len(good) + len(unread), len(ended))
    if unread and not settles(context, low, high):
        detail = f"{len(unread)} câu hỏi chưa đọc được trang có câu trả lời."
        places = tuple(q.seen for q in unread)
        return Unmeasured(reason=Reason.NOT_READ, detail=detail, basis=places, low=low, high=high)
    return Measurement(
        inputs=low,
        bounded=bool(unread),
        high=high if unread else None,
        grade=Grade.PARTLY_VERIFIED,
        window=coverage.window or period,
        coverage=coverage.share,
        basis=tuple(q.seen for q in ended),
        notes=(
            Note(key="shown", text=f"Câu hỏi hiển thị trong kỳ: {len(inside)}.", count=len(inside)),
            Note(
                key="undated", text=f"Câu hỏi không rõ ngày, không tính: {len(undated)}.", count=len(undated)
            ),
            Note(
                key="not-due",
                text=f"Chưa hết hạn trả lời: {len(inside) - len(ended)}.",
                count=len(inside) - len(ended),
            ),
            Note(key="unseen", text="Câu hỏi đã tiếp nhận nhưng không hiển thị thì không quan sát được."),
        ),
    )


VERIFIER: Final = Verifier(
    name="questions_answered", version=2, settings=Settings, roles=("num", "den"), measure=questions_answered
)
