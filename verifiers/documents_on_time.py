"""HD.5: the share of the agency's own documents posted within the deadline after issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final

from minhchung.holdings import Holdings
from minhchung.measurements import Grade, Measurement, Note, Reason, Result, Unmeasured
from minhchung.periods import Period, WorkCalendar, local_day
from verifiers.absence import absent_twice
from verifiers.bounds import settles
from verifiers.captures import Coverage, cover, histories
from verifiers.documents import DISTRICT_BODIES, Document, document_lists, find_documents, is_own
from verifiers.documents_complete import empty_twice, nothing, ratio_inputs
from verifiers.evidence_of_posting import late_documents, read_lists
from verifiers.field_rates import vanished
from verifiers.interface import Context, Verifier
from verifiers.item_pages import ItemPages
from verifiers.migrations import ask_about_migration
from verifiers.oddities.postings import ask_about_postings
from verifiers.passes import assessed_period, portal_visits, refusal
from verifiers.zeros import seen_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/documents_on_time.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    lists: tuple[str, ...]
    not_lists: tuple[str, ...] = ()
    deadline_working_days: int = 2
    """Working days after the day of issue, which is not counted; an assumption to be confirmed."""

    max_undated_percent: int = 20
    max_migrated_percent: int = 50
    district_bloc: str = "district"
    district_bodies: tuple[str, ...] = DISTRICT_BODIES
    """Issuers that are a district's own, whatever its name."""


@dataclass(frozen=True, slots=True)
class Timed:
    """The agency's own documents, by what can be said of their posting."""

    on_time: tuple[Document, ...]
    late: tuple[Document, ...]
    undated: tuple[Document, ...]

    @property
    def dated(self) -> tuple[Document, ...]:
        """Those with both days."""
        return (*self.on_time, *self.late)


def documents_on_time(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure posted in time / documents with issue day and published day, own documents only."""
    period = assessed_period(holdings.agency, context.period)
    if (refused := refusal(holdings, portal_visits(holdings, context))) is not None or period is None:
        return refused or Unmeasured(reason=Reason.COVERAGE_BELOW, detail="Cơ quan không hoạt động trong kỳ.")
    if context.calendar is None:
        return Unmeasured(reason=Reason.CALENDAR_MISSING, detail="Thiếu lịch ngày nghỉ của các năm trong kỳ.")
    known = histories(holdings, context)
    lists = document_lists(known, holdings, context, tuple(settings.lists), tuple(settings.not_lists))
    if not lists:
        said = absent_twice(holdings, context, tuple(settings.lists))
        return said if isinstance(said, Unmeasured) else nothing(context, period, said)
    found = find_documents(holdings, context, lists, ItemPages(holdings, context.common), period)
    coverage = cover(tuple(lists.values()), period, context)
    own = [
        d
        for d in found.documents
        if d.item.issued is not None
        and is_own(d, holdings.agency, settings.district_bloc, settings.district_bodies)
    ]
    last = max((local_day(c.captured_at) for h in lists.values() for c in h.complete()), default=period.last)
    timed = _time(own, context.calendar, settings, last)
    if timed is None:
        detail = "Thiếu lịch ngày nghỉ của năm có hạn đăng văn bản."
        return Unmeasured(reason=Reason.CALENDAR_MISSING, detail=detail)
    if not timed.dated and not timed.undated and coverage.reason is None and coverage.window is not None:
        return empty_twice(lists, context, period)
    moved = sum(d.item.identity in found.moved for d in own)
    result = _settle(context, settings, timed, coverage, period, moved)
    if not isinstance(result, Measurement):
        return result
    if "ngay_ban_hanh" in vanished(holdings, lists, context):
        detail = "Danh sách văn bản không còn hiện ngày ban hành như các lượt trước."
        return Unmeasured(reason=Reason.LAYOUT_CHANGED, detail=detail, basis=result.basis)
    asked = (
        *ask_about_postings(timed.dated, lists),
        *ask_about_migration([d.item for d in own], found.moved),
    )
    once = None if timed.on_time else seen_once(lists.values(), context, result.inputs)
    told = late_documents(timed.late, lists, context.calendar, settings.deadline_working_days)
    notes = (*result.notes, *told, read_lists(lists))
    return once or replace(result, notes=notes, questions=asked)


def _time(own: Sequence[Document], calendar: WorkCalendar, settings: Settings, last: date) -> Timed | None:
    """Sort the documents by when they were posted; None where a deadline's year has no calendar."""
    on_time: list[Document] = []
    late: list[Document] = []
    undated: list[Document] = []
    for document in own:
        issued = document.item.issued
        if issued is None:
            continue
        try:
            due = calendar.add_working_days(issued, settings.deadline_working_days)
        except ValueError:
            return None
        if due > last:
            continue
        day = document.posting.day
        (undated if day is None else on_time if day <= due else late).append(document)
    return Timed(tuple(on_time), tuple(late), tuple(undated))


def _settle(
    context: Context,
    settings: Settings,
    timed: Timed,
    coverage: Coverage,
    period: Period,
    moved: int,
) -> Result:
    dated, undated = len(timed.dated), len(timed.undated)
    inputs = ratio_inputs(context, len(timed.on_time), dated)
    notes = _notes(timed)
    basis = tuple(d.item.where("issued") for d in timed.dated)
    if coverage.reason is not None or coverage.window is None:
        reason = coverage.reason or Reason.COVERAGE_BELOW
        return Unmeasured(reason=reason, detail=coverage.detail, basis=basis, notes=notes)
    if undated * 100 > settings.max_undated_percent * (dated + undated):
        low = ratio_inputs(context, len(timed.on_time), dated + undated)
        high = ratio_inputs(context, len(timed.on_time) + undated, dated + undated)
        if not settles(context, low, high):
            detail = f"{undated} trên {dated + undated} văn bản không xác định được ngày đăng."
            return Unmeasured(
                reason=Reason.COVERAGE_BELOW, detail=detail, basis=basis, low=low, high=high, notes=notes
            )
    if dated and moved * 100 > settings.max_migrated_percent * dated:
        detail = f"{moved} trên {dated} văn bản mới xuất hiện cùng lúc: nghi chuyển đổi nền tảng."
        return Unmeasured(reason=Reason.MIGRATION, detail=detail, basis=basis, notes=notes)
    witnessed = sum(d.posting.witnessed for d in timed.dated)
    half = witnessed * 100 >= context.common.min_witnessed_percent * dated
    return Measurement(
        inputs=inputs,
        grade=Grade.VERIFIED if half else Grade.PARTLY_VERIFIED,
        window=coverage.window,
        coverage=coverage.share,
        basis=basis,
        notes=(
            *notes,
            Note(key="witnessed", text=f"Có lượt thu thập chứng kiến: {witnessed}.", count=witnessed),
        ),
    )


def _notes(timed: Timed) -> tuple[Note, ...]:
    said = [
        ("on-time", "Văn bản của cơ quan đăng đúng hạn", timed.on_time),
        ("late", "Văn bản đăng trễ hạn", timed.late),
        ("undated", "Văn bản không rõ ngày đăng, không tính", timed.undated),
    ]
    return tuple(
        Note(
            key=key,
            text=f"{words}: {len(documents)}.",
            count=len(documents),
            basis=tuple(d.item.where("published") for d in documents),
        )
        for key, words, documents in said
    )


VERIFIER: Final = Verifier(
    name="documents_on_time", version=2, settings=Settings, roles=("num", "den"), measure=documents_on_time
)
