"""HD.4: the share of posted documents that show every required attribute and a file that opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Grade, Input, Measurement, Note, Origin, Reason, Result, Unmeasured
from minhchung.periods import Period
from verifiers.absence import absent_twice
from verifiers.bounds import settles
from verifiers.captures import Coverage, History, cover, histories
from verifiers.documents import (
    Document,
    FieldState,
    Found,
    abstract_state,
    document_lists,
    effective_state,
    file_state,
    find_documents,
    form,
    is_normative,
    issuer,
)
from verifiers.evidence_of_posting import read_lists
from verifiers.field_rates import vanished
from verifiers.interface import Context, Verifier
from verifiers.item_pages import ItemPages
from verifiers.migrations import ask_about_migration
from verifiers.oddities.documents import ask_about_documents
from verifiers.oddities.sequences import ask_what_is_missing
from verifiers.passes import assessed_period, portal_visits, refusal
from verifiers.zeros import seen_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/documents_complete.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    lists: tuple[str, ...]
    """Headings of lists of documents."""

    not_lists: tuple[str, ...] = ()
    """Headings of lists that are left out: drafts."""

    effective_date_for: tuple[str, ...] = ("normative",)
    """Classes of documents that must show the day of effect: `normative`, `all`."""

    placeholder_files: tuple[str, ...] = ("template.pdf",)


@dataclass(frozen=True, slots=True)
class Judged:
    """One document and the state of its fields, by the name of the field."""

    document: Document
    fields: tuple[tuple[str, FieldState], ...]

    @property
    def complete(self) -> bool:
        """Every field is there."""
        return all(state == "there" for _, state in self.fields)

    @property
    def open(self) -> bool:
        """Nothing is absent, but something could not be settled."""
        return not self.complete and all(state != "absent" for _, state in self.fields)


def documents_complete(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure complete documents / documents, issue day in the period, over every list of documents."""
    period = assessed_period(holdings.agency, context.period)
    if (refused := refusal(holdings, portal_visits(holdings, context))) is not None or period is None:
        return refused or Unmeasured(reason=Reason.COVERAGE_BELOW, detail="Cơ quan không hoạt động trong kỳ.")
    known = histories(holdings, context)
    lists = document_lists(known, holdings, context, tuple(settings.lists), tuple(settings.not_lists))
    if not lists:
        said = absent_twice(holdings, context, tuple(settings.lists))
        return said if isinstance(said, Unmeasured) else nothing(context, period, said)
    contents = ItemPages(holdings, context.common)
    found = find_documents(holdings, context, lists, contents, period)
    coverage = cover(tuple(lists.values()), period, context)
    gone = vanished(holdings, lists, context)
    judged = [_judge(document, contents, context, settings, gone) for document in found.documents]
    if not judged and coverage.reason is None and coverage.window is not None:
        return empty_twice(lists, context, period)
    questions = tuple(_questions(judged, found, holdings, context, contents))
    result = _settle(context, judged, found, coverage, period, questions, gone)
    if isinstance(result, Measurement):
        result = replace(result, notes=(*result.notes, read_lists(lists)))
    if isinstance(result, Measurement) and not any(j.complete for j in judged):
        return seen_once(lists.values(), context, result.inputs) or result
    return result


def nothing(context: Context, period: Period, basis: Sequence[Locator]) -> Measurement:
    """Return the measurement 0 of 0: complete captures on two days hold no document."""
    return Measurement(
        inputs=ratio_inputs(context, 0, 0),
        grade=Grade.VERIFIED,
        window=period,
        basis=tuple(basis),
        notes=(
            Note(key="none", text="Các danh sách đầy đủ của hai ngày không có văn bản nào của kỳ.", count=0),
        ),
    )


def empty_twice(lists: dict[str, History], context: Context, period: Period) -> Result:
    """Return 0 of 0 when every list was complete on two days; else one measurement is not enough."""
    once = seen_once(lists.values(), context)
    return once or nothing(context, period, [c.seen for h in lists.values() for c in h.complete()])


def ratio_inputs(context: Context, num: int, den: int) -> dict[str, Input]:
    """Return numerator and denominator, both seen by the crawl, under the index set's names."""
    names = {spec.role: spec.name for spec in context.component.inputs}
    return {
        names["num"]: Input(value=Fraction(num), origin=Origin.CRAWL),
        names["den"]: Input(value=Fraction(den), origin=Origin.CRAWL),
    }


def _there(said: bool) -> FieldState:
    return "there" if said else "absent"


def _judge(
    document: Document, contents: ItemPages, context: Context, settings: Settings, gone: frozenset[str]
) -> Judged:
    item = document.item
    fields: list[tuple[str, FieldState]] = [
        ("loai_van_ban", _there(bool(form(document)))),
        ("co_quan_ban_hanh", _there(bool(issuer(document, context.registry)))),
        ("so_ky_hieu", _there(document.number is not None)),
        ("ngay_ban_hanh", _there(item.issued is not None)),
        ("trich_yeu", abstract_state(document)),
        ("tep_dinh_kem", file_state(document, contents, context, settings.placeholder_files)),
    ]
    wanted = set(settings.effective_date_for)
    if "all" in wanted or (is_normative(document) and "normative" in wanted):
        fields.append(("ngay_hieu_luc", effective_state(document)))
    if item.page is None and any(state == "absent" for _, state in fields):
        # Its own page was never read: what its row lacks may stand there.
        fields = [(name, "open" if state == "absent" else state) for name, state in fields]
    # What the list no longer shows of any document was lost by a change of layout, not left out.
    fields = [(name, "open" if name in gone and state == "absent" else state) for name, state in fields]
    return Judged(document, tuple(fields))


def _settle(
    context: Context,
    judged: Sequence[Judged],
    found: Found,
    coverage: Coverage,
    period: Period,
    questions: tuple[Note, ...],
    gone: frozenset[str],
) -> Result:
    complete = sum(j.complete for j in judged)
    opened = [j for j in judged if j.open]
    partial = coverage.reason is not None or coverage.window is None
    unknown = len(found.unseen)
    low = ratio_inputs(context, complete, len(judged) + unknown)
    high = ratio_inputs(context, complete + len(opened) + unknown, len(judged) + unknown)
    basis = tuple(j.document.item.where("number") for j in judged)
    notes = _notes(judged, found)
    if partial:
        return _partial(context, coverage, low, notes, basis)
    if low != high and not settles(context, low, high):
        return Unmeasured(
            reason=Reason.LAYOUT_CHANGED if gone else Reason.NOT_READ,
            detail=f"{len(opened)} văn bản chưa đủ căn cứ kết luận ({_why_open(gone)}).",
            basis=tuple(j.document.item.seen for j in opened),
            low=low,
            high=high,
            notes=notes,
        )
    return Measurement(
        inputs=low,
        grade=Grade.VERIFIED,
        window=coverage.window or period,
        coverage=coverage.share,
        basis=basis,
        notes=notes,
        questions=questions,
        bounded=low != high,
    )


def _partial(
    context: Context,
    coverage: Coverage,
    seen: dict[str, Input],
    notes: tuple[Note, ...],
    basis: tuple[Locator, ...],
) -> Unmeasured:
    """A list was not seen whole: the unseen documents may be as many, and as bad or good, as can be."""
    return Unmeasured(
        reason=coverage.reason or Reason.COVERAGE_BELOW,
        detail=coverage.detail or "danh sách văn bản chưa đọc được trọn vẹn",
        basis=basis,
        notes=notes,
    )


def _notes(judged: Sequence[Judged], found: Found) -> tuple[Note, ...]:
    lacking: dict[str, list[Locator]] = {}
    for each in judged:
        for name, state in each.fields:
            if state == "absent":
                lacking.setdefault(name, []).append(each.document.item.where("number"))
    notes = [
        Note(
            key=f"lacks-{name}",
            text=f"Thiếu {_NAMES[name]}: {len(places)}.",
            count=len(places),
            basis=tuple(places),
        )
        for name, places in sorted(lacking.items())
    ]
    twins = len(found.duplicates)
    return (
        Note(
            key="documents", text=f"Văn bản của kỳ: {len(judged)}; trùng đã bỏ: {twins}.", count=len(judged)
        ),
        *notes,
    )


_NAMES: Final = {
    "loai_van_ban": "loại văn bản",
    "co_quan_ban_hanh": "cơ quan ban hành",
    "so_ky_hieu": "số, ký hiệu",
    "ngay_ban_hanh": "ngày ban hành",
    "ngay_hieu_luc": "ngày có hiệu lực",
    "trich_yeu": "trích yếu",
    "tep_dinh_kem": "tệp đính kèm mở được",
}


def _why_open(gone: frozenset[str]) -> str:
    lost = ", ".join(_NAMES[name] for name in sorted(gone))
    return f"danh sách không còn hiện {lost}" if lost else "tệp hoặc trang chưa đọc được"


def _questions(
    judged: Sequence[Judged], found: Found, holdings: Holdings, context: Context, contents: ItemPages
) -> Iterator[Note]:
    if len(judged) == 1 and judged[0].complete:
        yield Note(key="question-only-one", text="Cả kỳ chỉ có một văn bản, và văn bản đó đầy đủ.")
    documents = [j.document for j in judged]
    yield from ask_about_documents(documents, contents)
    yield from ask_what_is_missing(documents, holdings, context)
    yield from ask_about_migration([d.item for d in documents], found.moved)


VERIFIER: Final = Verifier(
    name="documents_complete", version=2, settings=Settings, roles=("num", "den"), measure=documents_complete
)
