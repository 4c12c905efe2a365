"""From a list page to its items, what it says of the list, and where to go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from collectors.addresses import absolute
from collectors.platforms.interface import Link, ListFacts, PageContext
from collectors.reading.emptiness import has_empty_marker
from collectors.reading.facts import Facts
from collectors.reading.fields import apply_rule
from collectors.reading.kinds import first_part, kind_of, words_of
from collectors.reading.lead_rows import lead_rows
from collectors.reading.list_words import KINDS, holds_required, identity_of_address, unnamed_kind
from collectors.reading.menus import is_menu, titled
from collectors.reading.more import more_behind_scripts
from collectors.reading.next_links import Turn
from collectors.reading.page import Page
from collectors.reading.paging import next_turn
from collectors.reading.questions import question_rows, read_question
from collectors.reading.row_groups import found_rows
from collectors.reading.row_items import Hand, own_page, read_row
from collectors.reading.row_kinds import row_kind
from collectors.reading.rows import Row, chosen_rows, row_is_dated, title_link
from collectors.reading.schedules import read_entries, schedule_rows
from minhchung.addresses import host_of, normalise
from minhchung.document_numbers import parse
from minhchung.evidence import EvidenceRecord
from minhchung.observations import Observation
from minhchung.sites import FieldRule, ListKind, ListProfile, SiteProfile
from minhchung.text_keys import k2

FOUND: Final = ListProfile(key="found")
"""A list of which nothing was declared."""

_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5"))
_HOME_ROWS: Final = 5  # dated rows by which a home page that leads to no list is one
_MAIN: Final = frozenset(("main", "form"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page known to be one of a list."""

    page: Page
    record: EvidenceRecord
    context: PageContext
    site: SiteProfile
    profile: ListProfile
    kind: ListKind
    heading: str
    rows: Sequence[Row]
    named: bool = True
    """False: no heading tells the kind; the page of each item may."""

    @property
    def item_kind(self) -> ListKind:
        """Return what its rows are taken for."""
        return self.kind if self.named else "article"

    @property
    def key(self) -> str:
        """Return the list's first address."""
        return self.context.list_key or self.page.url

    @property
    def hand(self) -> Hand:
        """Return how its days are read."""
        order = self.profile.dates if self.profile.dates != ("dmy",) else self.site.dates
        return Hand(order=order[0] if order else "dmy", captured_at=self.record.captured_at)

    def turn(self, items: int) -> Turn | None:
        """Return how the page after this one, which showed so many items, is asked for."""
        taken = frozenset(link.url for row in self.rows if (link := title_link(row)) is not None)
        rules = self.profile.pagination
        return next_turn(self.page, rules, self.context.page, self.key, items, taken)


def open_list(page: Page, record: EvidenceRecord, context: PageContext, site: SiteProfile) -> ListPage | None:
    """Return the list that a page shows, or None where it shows none.

    A page that was asked for as a list is one even without a row; any other must look like one.
    """
    profile = _declared(page, context, site)
    rows = chosen_rows(page, profile.rows, profile.exclude) if profile.rows else []
    kind, heading = _kind(page, context, profile, rows)
    if not rows and kind not in {"question", "schedule_entry"}:
        rows = found_rows(page)
        if not rows and (context.role == "list" or kind is not None) and not has_empty_marker(page, ""):
            rows = found_rows(page, least=1)
        rows = [] if is_menu(page, rows) and not (context.role == "list" and titled(rows)) else rows
        if rows and not (profile.kind != "by_heading" or profile.heading):
            kind, heading = _kind(page, context, profile, rows)  # a row's own title is no heading
        if len(rows) > 1 and context.role == "list" and context.page == 1:
            rows = [*lead_rows(page, rows), *rows]
    if kind == "question":
        rows = question_rows(page, profile)
    elif kind == "schedule_entry":
        rows = schedule_rows(page, profile)
    opened = ListPage(
        page=page, record=record, context=context, site=site, profile=profile,
        kind=kind if kind not in {None, "article"} else unnamed_kind(context),
        heading=heading, rows=rows, named=kind not in {None, "article"},
    )  # fmt: skip
    if context.role == "list" or profile.url:
        return opened
    if not rows:
        return opened if kind is not None or has_empty_marker(page, profile.empty_marker, said=True) else None
    judged = kind is not None or context.role == "home"  # what a home page shows is judged by open_home_list
    return opened if judged or _looks_like_list(opened) else None


def open_home_list(
    page: Page, record: EvidenceRecord, context: PageContext, site: SiteProfile, *, leads_on: bool = False
) -> ListPage | None:
    """Return the list that a home page itself is: item-like, dated rows.

    They go on over further pages; or no link of the page leads to a list, and they stand under a heading
    that names a kind of list, or are many. A box of latest titles goes on nowhere beside menus that do.
    """
    opened = open_list(page, record, context, site)
    if opened is None or sum(map(row_is_dated, opened.rows)) * 2 < len(opened.rows):
        return None
    goes_on = opened.turn(len(opened.rows)) is not None
    alone = goes_on and not leads_on and len(opened.rows) >= _HOME_ROWS  # under any heading: "Latest"
    if not alone and not _looks_like_list(opened):
        return None
    if goes_on:
        return opened
    if leads_on or any(each.url for each in site.list):
        return None
    named = kind_of([opened.heading], words_of(context.terms), context.agency)[0] is not None
    return opened if named or len(opened.rows) >= _HOME_ROWS else None


def read_list(opened: ListPage) -> Iterator[Observation | Link | ListFacts]:
    """Yield items, links to their pages and files, the list's facts, and its next page."""
    identities: dict[str, None] = {}
    match opened.kind:
        case "question":
            yield from _questions(opened, identities)
        case "schedule_entry":
            yield from _entries(opened, identities)
        case _:
            yield from _items(opened, identities)
    turn = opened.turn(len(identities))
    short = 0 < len(identities) < opened.profile.pagination.page_size
    if opened.context.page == 1 and len(identities) < opened.profile.expect_min:
        identities, turn = {}, None  # what was met is kept, the capture is not one of this list
    empty = not identities and has_empty_marker(opened.page, opened.profile.empty_marker)
    yield ListFacts(
        list_key=opened.key,
        heading=opened.heading,
        item_kind=opened.kind,
        identities=tuple(identities),
        last_page=turn is None or short,
        ended="short-page" if short and turn is not None else "no-next",
        declared_total=_total(opened),
        empty_marker=empty,
        required_text=holds_required(opened.page, opened.site.required_text, opened.profile.required_text),
        rows_expected=opened.context.page == 1 and not empty,
        more_behind_scripts=bool(identities) and turn is None and more_behind_scripts(opened.page),
    )
    if turn is not None and not short:
        yield _next_link(opened, turn)


def _next_link(opened: ListPage, turn: Turn) -> Link:
    return Link(
        url=turn.url,
        role="list",
        text=opened.heading,
        method="POST" if turn.body else "GET",
        body=turn.body,
        list_key=opened.key,
        page=opened.context.page + 1,
        kind=opened.item_kind,
    )


def _items(opened: ListPage, identities: dict[str, None]) -> Iterator[Observation | Link]:
    merged: dict[str, tuple[Facts, Row, ListKind]] = {}
    declared = opened.profile.kind != "by_heading"
    for row in opened.rows:
        kind = opened.item_kind
        facts = read_row(opened.page, row, opened.profile, kind, opened.hand)
        if facts is not None and (own := row_kind(kind, facts, declared=declared)) != kind:
            kind, facts = own, read_row(opened.page, row, opened.profile, own, opened.hand)
        if facts is None:
            continue
        facts.url = facts.url or opened.key
        identity = identity_of(opened, row, facts)
        if identity in merged:
            _complete(merged[identity][0], facts)
        elif identity:
            merged[identity] = (facts, row, kind)
    for identity, (facts, row, kind) in merged.items():
        identities[identity] = None
        yield facts.item(
            kind, opened.record, identity=identity, part="row", path=row.path,
            list_url=opened.key, list_heading=opened.heading, order=opened.hand.order,
        )  # fmt: skip
        if own_page(facts) and facts.url != opened.key and opened.site.item.follow == "always":
            yield _item_link(opened, facts.url, identity, facts.title, kind)
        for url in facts.attachments:
            yield Link(url=url, role="attachment", list_key=opened.key, kind=kind, identity=identity)


def _item_link(opened: ListPage, url: str, identity: str, text: str, kind: str = "") -> Link:
    kind = kind or opened.item_kind
    return Link(url=url, role="item", text=text, list_key=opened.key, kind=kind, identity=identity)


def _complete(first: Facts, other: Facts) -> None:
    """Fill what the first copy of an item lacks from another copy on the same page."""
    for name, value in other.values.items():
        first.values.setdefault(name, value)
    if first.published is None:
        first.published = other.published
    if len(other.title) > len(first.title):
        first.title = other.title
    first.attachments = tuple(dict.fromkeys((*first.attachments, *other.attachments)))


def _questions(opened: ListPage, identities: dict[str, None]) -> Iterator[Observation | Link]:
    for row in opened.rows:
        told = read_question(opened.page, row, opened.profile, opened.record, opened.hand)
        if told is None or told[0].identity in identities:
            continue
        question, url = told
        identities[question.identity] = None
        yield replace(question, list_url=opened.key, list_heading=opened.heading)
        if url and host_of(url) == host_of(opened.page.url):
            yield _item_link(opened, url, question.identity, question.title)


def _entries(opened: ListPage, identities: dict[str, None]) -> Iterator[Observation | Link]:
    for entry, url in read_entries(
        opened.page, opened.rows, opened.record, opened.hand, opened.key, opened.heading
    ):
        identity = normalise(url) if url else f"{normalise(opened.key)}#{entry.first}..{entry.last}"
        identities[identity] = None
        yield entry
        if url:
            yield _item_link(opened, url, identity, entry.text)


def identity_of(opened: ListPage, row: Row, facts: Facts) -> str:
    """Return what an item is known by: by the profile, else its address; empty where nothing tells."""
    rule = opened.profile.identity
    if rule.source == "attr":
        asked = FieldRule(css=rule.css, attr=rule.attr, regex=rule.regex)
        values = apply_rule(opened.page, row.node, asked)
        return values[0].text if values else ""
    if facts.url == opened.key:
        number = parse(facts.text("number"))
        return f"{normalise(opened.key)}#{number.normalised}" if number is not None else ""
    return identity_of_address(facts.url, rule)


def _declared(page: Page, context: PageContext, site: SiteProfile) -> ListProfile:
    """Return the profile of this list: the one of its address, else the first shape with a row here."""
    here = {normalise(page.url), normalise(context.list_key)}
    shapes: list[tuple[int, ListProfile]] = []
    for profile in site.list:
        if profile.url:
            if normalise(_absolute(page, context, profile.url)) in here:
                return profile
        elif profile.rows and (count := len(chosen_rows(page, profile.rows, profile.exclude))):
            shapes.append((count, profile))
    return max(shapes, key=lambda shape: shape[0])[1] if shapes else FOUND


def _absolute(page: Page, context: PageContext, url: str) -> str:
    return absolute(context.agency.portal or page.url, url)


def _kind(
    page: Page, context: PageContext, profile: ListProfile, rows: Sequence[Row]
) -> tuple[ListKind | None, str]:
    """Return the kind of the list and its heading."""
    headings = _headings(page, profile, rows, context)
    shown = next((h for h in headings if h), "")
    if profile.kind != "by_heading":
        return profile.kind, profile.heading or shown
    kind, telling = kind_of(headings, words_of(context.terms), context.agency)
    if kind is not None:
        return kind, telling
    asked = next((k for k in KINDS if k == context.kind), None)
    return asked, (context.text if context.page > 1 and context.text else shown)


def _headings(page: Page, profile: ListProfile, rows: Sequence[Row], context: PageContext) -> list[str]:
    """Return what may be the list's heading, most telling first."""
    first = rows[0].path if rows else ""
    own = k2(context.agency.name)
    above: list[str] = []
    for heading in page.outline.headings:
        if first and heading.path.startswith(first):
            break
        if heading.region in _MAIN and k2(heading.text) != own:
            above.append(heading.text)
    crumb = page.outline.breadcrumb[-1:]
    title = first_part(page.title)
    titled = [title] if k2(title) != own else []
    return [h for h in (profile.heading, *above[:1], *crumb, *titled, context.text, *above[1:3]) if h]


def _looks_like_list(opened: ListPage) -> bool:
    """Say whether a page that nobody called a list is one: item-like rows under the page's own heading."""
    rows = opened.rows
    links = [link for row in rows if (link := title_link(row)) is not None]
    if opened.profile is not FOUND:
        return bool(links)
    if len(links) < 2 or not _under_heading(opened):
        return False
    if is_menu(opened.page, rows):
        return False
    if sum(map(row_is_dated, rows)) * 2 >= len(rows):
        return True
    shown = sum(len(b.text) for b in opened.page.outline.blocks if b.region in _MAIN)
    inside = sum(len(block.text) for row in rows for block in row.blocks)
    return titled(rows) and inside * 5 >= shown * 3


def _under_heading(opened: ListPage) -> bool:
    """Say whether the heading nearest above the rows is the page's own, not that of a box."""
    first = opened.rows[0].path
    blocks = opened.page.outline.blocks
    at = next((n for n, block in enumerate(blocks) if block.path.startswith(first)), 0)
    for block in reversed(blocks[:at]):
        if block.tag in _HEADINGS and block.region in _MAIN:
            own = opened.context.role == "home" and k2(block.text) == k2(opened.context.agency.name)
            return own or k2(block.text) == k2(opened.heading)
    return True


def _total(opened: ListPage) -> int | None:
    css = opened.profile.pagination.total_css
    if not css:
        return None
    values = apply_rule(opened.page, opened.page.body, FieldRule(css=css, regex=r"([\d.,]+)"))
    digits = "".join(filter(str.isdigit, values[0].text)) if values else ""
    return int(digits) if 0 < len(digits) < 9 else None
