"""HD.7: whether five further compulsory sections exist and are not empty (docs/reference/verifiers)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar, Final

from minhchung.holdings import Holdings
from minhchung.measurements import Reason, Result
from minhchung.periods import Period
from verifiers.checklists import conclude, terms_of_set
from verifiers.contents import UNMET, Proof, has_characters, has_file, opened, tested
from verifiers.dated_sections import Asked, Contents, Entry, ask, find_alive, nothing_read, read_dated
from verifiers.headings import TermList
from verifiers.interface import Context, Verifier
from verifiers.items import Whole
from verifiers.passes import last_day, snapshot_window
from verifiers.sections import Section

INPUT: Final = "chuyen_muc"
_CONSULTATION: Final = "lay_y_kien_gop_y"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/compulsory_sections.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    terms: Mapping[str, TermList]
    """Heading terms of each item."""

    dated_within_days: Mapping[str, int]
    """For each item: days, counted back from the period's end, in which an item must be dated."""

    min_dated: int = 1


def measure(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Return which compulsory sections stood on the portal and held an item recent enough."""
    contents = read_dated(holdings, context)
    last = last_day(holdings.agency, context)
    asked = {
        key: Asked(
            terms=terms,
            days=days_back(last, settings.dated_within_days[key]),
            judge=partial(_has_substance, contents),
            least=settings.min_dated,
            beside=_offers_draft if key == _CONSULTATION else None,
        )
        for key, terms in terms_of_set(settings.terms, context).items()
    }
    settled, met = find_alive(contents, asked, context)
    return nothing_read(contents, settled, context) or conclude(
        INPUT,
        settled,
        context,
        snapshot_window(holdings.agency, context),
        label=VERIFIER.label,
        questions=tuple(ask(contents, met, context)),
    )


def days_back(last: date, count: int) -> Period:
    """Return the last `count` days up to a day, both ends in."""
    return Period(last - timedelta(days=count - 1), last)


def _has_substance(contents: Contents, section: Section, entry: Entry) -> Proof:
    """Accept an item with a page of enough text of its own, or with a file of its own."""
    if not isinstance(entry, Whole):
        return UNMET
    pages = contents.pages
    if pages.has_file(entry):
        return Proof(state="met", basis=(entry.where("attachments"),))
    page = pages.page(entry)
    if page is None:
        return opened(Reason.NOT_READ)
    test = partial(has_characters, page, least=contents.portal.common.min_item_chars)
    proof = tested(page, contents.portal.repeated(page.run), test)
    if proof.state == "unmet" and any(not contents.portal.file_answered(url) for url in entry.attachments):
        return opened(Reason.NOT_READ)
    return proof


def _offers_draft(section: Section) -> Proof:
    """Accept a form to write in beside at least one draft to read; a poll has no draft."""
    page, portal = section.page, section.site.portal
    if not any(control.type == "textarea" for control in page.controls):
        return UNMET
    return tested(page, section.site.repeated, partial(has_file, page, portal=portal))


VERIFIER: Final = Verifier(
    name="compulsory_sections", version=2, settings=Settings, roles=("items",), measure=measure
)
