"""HD.3: whether four kinds of direction information are published and alive (docs/reference/verifiers)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Reason, Result
from minhchung.observations import Question, ScheduleEntry, SitePage
from verifiers.blocks import Boilerplate, letters, own_blocks
from verifiers.checklists import conclude, terms_of_set
from verifiers.contents import UNMET, Proof, has_characters, opened, tested
from verifiers.dated_sections import Asked, Contents, Entry, ask, find_alive, nothing_read, read_dated
from verifiers.headings import TermList, text_holds
from verifiers.interface import Context, Verifier
from verifiers.items import Whole
from verifiers.oddities.schedules import ask_about_late_schedules
from verifiers.passes import assessed_period
from verifiers.sections import Section

INPUT: Final = "muc_chi_dao_dieu_hanh"
_DOCUMENTS: Final = ("legal_document", "directive")
_DAY_OR_HOUR: Final = re.compile(
    r"\b\d{1,2}\s*(?:[:h]\s*\d{0,2}|giờ|/\s*\d{1,2})|\b(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|"
    r"sáng|chiều|ngày\s+\d{1,2})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/direction_sections.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    terms: Mapping[str, TermList]
    """Heading terms of each item."""

    order_words: TermList
    """Words of a title that make it a text of the head or a deputy."""

    answer_words: TermList
    min_dated: int = 1
    min_answer_chars: int = 100
    min_entry_chars: int = 15


def measure(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Return which kinds of direction information had an item of the period."""
    contents = read_dated(holdings, context)
    days = assessed_period(holdings.agency, context.period) or context.period
    judges: Mapping[str, Callable[[Contents, Settings, Entry], Proof]] = {
        "y_kien_chi_dao": _is_order,
        "xu_ly_kien_nghi": _is_answered,
        "lich_lam_viec_lanh_dao": _is_schedule,
    }
    asked = {
        key: Asked(
            terms=terms,
            days=days,
            judge=_judge(judges.get(key, _is_item), contents, settings),
            least=settings.min_dated,
        )
        for key, terms in terms_of_set(settings.terms, context).items()
    }
    settled, met = find_alive(contents, asked, context)
    return nothing_read(contents, settled, context) or conclude(
        INPUT,
        settled,
        context,
        days,
        label=VERIFIER.label,
        questions=(
            *ask(contents, met, context),
            *ask_about_late_schedules(_schedules(holdings), contents.lists, days),
        ),
    )


def _schedules(holdings: Holdings) -> Iterator[ScheduleEntry]:
    """Yield the entries of published schedules, over all visits."""
    return (each for each in holdings.observations if isinstance(each, ScheduleEntry))


def _judge(
    judge: Callable[[Contents, Settings, Entry], Proof], contents: Contents, settings: Settings
) -> Callable[[Section, Entry], Proof]:
    judged = partial(judge, contents, settings)
    return lambda section, entry: judged(entry)


def _is_item(contents: Contents, settings: Settings, entry: Entry) -> Proof:
    """Accept a document, and any other item that is no stub: one whose page was not read may be one."""
    if not isinstance(entry, Whole):
        return UNMET
    seen = Proof(state="met", basis=(entry.where("title"),))
    if entry.kind in _DOCUMENTS or letters(entry.summary) >= contents.portal.common.min_item_chars:
        return seen
    if contents.pages.has_file(entry):
        return replace(seen, basis=(entry.where("attachments"),))
    page = contents.pages.page(entry)
    if page is None:
        return opened(Reason.NOT_READ)
    test = partial(has_characters, page, least=contents.portal.common.min_item_chars)
    return tested(page, contents.portal.repeated(page.run), test)


def _is_order(contents: Contents, settings: Settings, entry: Entry) -> Proof:
    """Accept a text of the head or a deputy: signed, or named so by its title."""
    if not isinstance(entry, Whole):
        return UNMET
    named = bool(entry.signer) or any(
        text_holds(text, settings.order_words)
        for text in (entry.title, entry.doc_type, entry.summary)
        if text
    )
    return _is_item(contents, settings, entry) if named else UNMET


def _is_answered(contents: Contents, settings: Settings, entry: Entry) -> Proof:
    """Accept a petition with an answer part that says something, or with a file."""
    if isinstance(entry, Question):
        enough = entry.answer_chars >= settings.min_answer_chars
        return Proof(state="met", basis=(entry.seen,)) if enough else UNMET
    if not isinstance(entry, Whole):
        return UNMET
    if contents.pages.has_file(entry):
        return Proof(state="met", basis=(entry.where("attachments"),))
    page = contents.pages.page(entry)
    if page is None:
        return opened(Reason.NOT_READ)
    repeated = contents.portal.repeated(page.run)
    return tested(page, repeated, lambda known: _answers(page, known, entry, settings))


def _answers(page: SitePage, boilerplate: Boilerplate, entry: Whole, settings: Settings) -> Proof:
    started = text_holds(entry.title, settings.answer_words) is not None
    record, count, place = page.seen.record, 0, ""
    for block in own_blocks(page, boilerplate):
        if block.tag in ("h1", "title"):
            continue
        if not started and text_holds(block.text, settings.answer_words):
            started, place = True, block.path
        if started:
            count += letters(block.text)
    if count < settings.min_answer_chars:
        return UNMET
    return Proof(state="met", basis=(Locator(record=record, path=place),), said=f"trả lời {count} ký tự")


def _is_schedule(contents: Contents, settings: Settings, entry: Entry) -> Proof:
    """Accept a week or day with an entry beside a day or hour, or with a file of its own."""
    if isinstance(entry, ScheduleEntry):
        filed = bool(entry.attachment) and contents.portal.own_file(entry.attachment) is not None
        said = len(entry.text) >= settings.min_entry_chars
        return Proof(state="met", basis=(entry.seen,)) if said or filed else UNMET
    if not isinstance(entry, Whole):
        return UNMET
    if contents.pages.has_file(entry):
        return Proof(state="met", basis=(entry.where("attachments"),))
    page = contents.pages.page(entry)
    if page is None:
        return opened(Reason.NOT_READ)
    repeated = contents.portal.repeated(page.run)
    return tested(page, repeated, lambda known: _says_when(page, known, settings))


def _says_when(page: SitePage, boilerplate: Boilerplate, settings: Settings) -> Proof:
    for block in own_blocks(page, boilerplate):
        if len(block.text) >= settings.min_entry_chars and _DAY_OR_HOUR.search(block.text):
            return Proof(state="met", basis=(Locator(record=page.seen.record, path=block.path),))
    return UNMET


VERIFIER: Final = Verifier(
    name="direction_sections", version=2, settings=Settings, roles=("items",), measure=measure
)
