"""Sections that must be alive: found from the home page, with an item of a kind on a stated day (G5, G8).

What is there is read back over all visits: an item seen once and withdrawn since still counts. What is
not there is said only of the visits at the period's end, and only where the list was read to its end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from minhchung.agencies import Agency
from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Note, Reason, Result
from minhchung.observations import ListCapture, Question, ScheduleEntry
from minhchung.periods import Period
from minhchung.text_keys import k1
from verifiers.addresses import normal, page_key
from verifiers.captures import History, histories, why_partial
from verifiers.checklists import Look, Settled, look_for, settle
from verifiers.contents import UNMET, Proof, opened
from verifiers.headings import TermList
from verifiers.interface import Context
from verifiers.item_pages import ItemPages
from verifiers.items import Whole, own_items
from verifiers.migrations import migrated
from verifiers.passes import assessed_period, day_of, last_day, refusal, snapshot_window, within
from verifiers.portals import Portal, read_portal
from verifiers.publication import Posting, first_sight, posting
from verifiers.sections import Section
from verifiers.sites import read_sites

CLOSE_DAYS: Final = 14
"""A section filled in the last days before the period's end is asked about."""

Entry = Whole | Question | ScheduleEntry
Judge = Callable[[Entry], Proof]
"""Says whether an entry of a section is an item of the kind that the section needs."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What stood in the lists of one portal, over all visits."""

    portal: Portal
    lists: Mapping[str, History]
    pages: ItemPages

    @cached_property
    def _entries(self) -> Mapping[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for item in own_items(self.portal.holdings, self.portal.context.registry):
            for url in item.lists:
                found[page_key(url)].append(item)
        for each in self.portal.holdings.observations:
            if isinstance(each, Question | ScheduleEntry):
                found[page_key(each.list_url)].append(each)
        return {key: tuple(entries) for key, entries in found.items()}

    @cached_property
    def _lists(self) -> Mapping[str, History]:
        return {page_key(url): history for url, history in self.lists.items()}

    def entries(self, section: Section) -> Iterator[Entry]:
        """Yield what stood in the lists of a section, in order of first sight."""
        for key in sorted(section.addresses):
            yield from self._entries.get(key, ())

    def histories(self, section: Section) -> tuple[History, ...]:
        """Return the lists that stand on the section's page."""
        return tuple(self._lists[key] for key in sorted(section.addresses) if key in self._lists)

    def posted(self, item: Whole) -> Posting:
        """Return the published day of an item."""
        return posting(item, self.lists, not_before=item.issued, moved=self._moved)

    @cached_property
    def _moved(self) -> frozenset[str]:
        seen = (each for entries in self._entries.values() for each in entries)
        items = {each.identity: each for each in seen if isinstance(each, Whole)}
        return migrated(tuple(items.values()), self.lists, self.portal.context)


def read_contents(portal: Portal) -> Contents:
    """Return what stood in the lists of a portal."""
    holdings = portal.holdings
    return Contents(
        portal=portal,
        lists=histories(holdings, portal.context),
        pages=ItemPages(holdings, portal.common),
    )


def days_of(entry: Entry, contents: Contents) -> Period | None:
    """Return the days an entry stands for, or None when it shows none that counts."""
    match entry:
        case ScheduleEntry():
            return Period(entry.first, max(entry.first, entry.last))
        case Question():
            day = entry.answered or entry.asked
        case Whole():
            day = contents.posted(entry).day
    return None if day is None else Period(day, day)


def alive(section: Section, contents: Contents, days: Period, judge: Judge, least: int) -> Proof:
    """Test a section for dated items of its kind on the days asked for."""
    found: dict[object, tuple[Entry, Proof]] = {}
    unread: Proof | None = None
    undated = False
    for entry in contents.entries(section):
        stands = days_of(entry, contents)
        if stands is not None and stands.meet(days) is None:
            continue
        proof = judge(entry)
        if proof.state == "open":
            unread = unread or proof
        elif proof.state == "met" and stands is None:
            undated = undated or not _is_future(entry, contents)
        elif proof.state == "met":
            found.setdefault(_sameness(entry), (entry, proof))
    if len(found) >= least:
        return _shown(found.values(), contents)
    partial = _partial(section, contents)
    if unread is not None:
        return unread
    if partial is not None or undated:
        return opened(partial or Reason.COVERAGE_BELOW)
    return replace(
        UNMET, said=f"{len(found)} mục tin trong khoảng {days.first:%d/%m/%Y}–{days.last:%d/%m/%Y}"
    )


def _is_future(entry: Entry, contents: Contents) -> bool:
    return isinstance(entry, Whole) and contents.posted(entry).future


def _sameness(entry: Entry) -> object:
    """Return what makes two entries one: an item repeated under two addresses fills no section."""
    match entry:
        case Whole():
            return (k1(entry.title), entry.published)
        case Question():
            return entry.identity
        case ScheduleEntry():
            return (entry.first, entry.last)


def _shown(found: Iterable[tuple[Entry, Proof]], contents: Contents) -> Proof:
    entries = list(found)
    entry, proof = entries[0]
    basis = [*_places(entry), *proof.basis]
    if isinstance(entry, Whole):
        _, first = first_sight(entry, contents.lists)
        basis += [first.seen] if first else []
    return Proof(state="met", basis=tuple(basis), said=f"{len(entries)} mục tin đúng kỳ")


def _places(entry: Entry) -> Iterator[Locator]:
    yield entry.seen
    if isinstance(entry, Whole):
        yield entry.where("published")


def _partial(section: Section, contents: Contents) -> Reason | None:
    """Say why a visit did not read the section's list to its end; None: it did, or there is no list."""
    for history in contents.histories(section):
        run = section.site.visit.run
        if not any(whole for capture, whole in _captures(history) if capture.run == run):
            return why_partial(history)
    return None


def _captures(history: History) -> Iterator[tuple[ListCapture, bool]]:
    return zip(history.captures, history.whole, strict=True)


# --- over all visits -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One section a component asks for."""

    terms: TermList
    days: Period
    judge: Callable[[Section, Entry], Proof]
    least: int = 1
    beside: Callable[[Section], Proof] | None = None
    """Another way for the section to have content."""


def find_alive(
    contents: Contents, asked: Mapping[str, Asked], context: Context
) -> tuple[dict[str, Settled], list[Section]]:
    """Return what all visits say of each section, and the sections that were met."""
    portal = contents.portal
    window = snapshot_window(portal.agency, context)
    since = Period(min(window.first, context.period.first), window.last)
    sites = read_sites(portal, within(portal.visits, since))
    refused = refusal(portal.holdings, within(portal.visits, window))
    settled: dict[str, Settled] = {}
    met: list[Section] = []
    for key, wanted in asked.items():
        looks: list[Look] = []
        for site in sites:
            content = _content(wanted, contents, met)
            look = look_for(site, wanted.terms, content)
            if look.state == "met" or day_of(site.visit) in window:
                looks.append(_within_coverage(look, day_of(site.visit), portal.agency, context))
        settled[key] = settle(looks, context.common, refused.reason if refused else Reason.COVERAGE_BELOW)
    return settled, met


def _content(wanted: Asked, contents: Contents, met: list[Section]) -> Callable[[Section], Proof]:
    def content(section: Section) -> Proof:
        proof = alive(
            section, contents, wanted.days, lambda entry: wanted.judge(section, entry), wanted.least
        )
        if proof.state != "met" and wanted.beside is not None:
            other = wanted.beside(section)
            proof = other if other.state == "met" or proof.state == "unmet" else proof
        if proof.state == "met":
            met.append(section)
        return proof

    return content


def _within_coverage(look: Look, day: date, agency: Agency, context: Context) -> Look:
    """Leave open what a visit too long before the period's end did not show (G9)."""
    period = assessed_period(agency, context.period) or context.period
    covered = (min(day, period.last) - period.first).days + 1
    enough = covered * 100 >= context.common.min_coverage_percent * len(period)
    if look.state in ("empty", "absent") and not enough:
        return replace(look, state="open", reason=Reason.COVERAGE_BELOW)
    return look


def nothing_read(contents: Contents, settled: Mapping[str, Settled], context: Context) -> Result | None:
    """Return why nothing at all may be said: no visit of the window was read and no item is proven."""
    if any(item.state == "met" for item in settled.values()):
        return None
    portal = contents.portal
    return refusal(portal.holdings, within(portal.visits, snapshot_window(portal.agency, context)))


# --- what is asked about ---------------------------------------------------------------------------


def ask(contents: Contents, met: Sequence[Section], context: Context) -> Iterator[Note]:
    """Yield what only looks odd: sections filled at the close, one file under several sections."""
    sections = {min(section.addresses): section for section in met}
    last = last_day(contents.portal.agency, context)
    late = [s for s in sections.values() if _filled_late(s, contents, last)]
    if late:
        headings = ", ".join(f"“{s.match.heading}”" for s in late)
        yield Note(
            key="question-filled-late",
            text=f"Mọi tin của chuyên mục {headings} chỉ xuất hiện trong {CLOSE_DAYS} ngày cuối kỳ.",
            count=len(late),
            basis=tuple(s.path[-1] for s in late),
        )
    holders: dict[str, set[str]] = defaultdict(set)
    for key, section in sections.items():
        for entry in contents.entries(section):
            for url in entry.attachments if isinstance(entry, Whole) else ():
                holders[normal(url)].add(key)
    shared = sorted(url for url, keys in holders.items() if len(keys) > 1)
    if shared:
        yield Note(
            key="question-shared-file",
            text=f"{len(shared)} tệp đứng trong nhiều chuyên mục.",
            count=len(shared),
            basis=tuple(sections[key].path[-1] for key in sorted(set().union(*(holders[u] for u in shared)))),
        )


def _filled_late(section: Section, contents: Contents, last: date) -> bool:
    items = [e for e in contents.entries(section) if isinstance(e, Whole)]
    lefts = [contents.posted(item) for item in items]
    return bool(items) and all(
        p.witnessed and p.day is not None and p.day > last - timedelta(days=CLOSE_DAYS) for p in lefts
    )


def read_dated(holdings: Holdings, context: Context) -> Contents:
    """Return the contents of the agency's portal, for one verifier's question."""
    return read_contents(read_portal(holdings, context))
