"""Reads a portal by a profile, and by looking where the profile is silent: every platform builds on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin

from collectors.addresses import absolute
from collectors.charset import text as decoded
from collectors.platforms.interface import Link, ListFacts, PageContext
from collectors.reading import interfaces
from collectors.reading.branches import branches, named_boxes
from collectors.reading.data_lists import data_list, read_data_list
from collectors.reading.item_pages import own_blocks, page_title, read_item_page
from collectors.reading.kinds import kind_of_link, words_of
from collectors.reading.list_words import identity_of_address, known_kind
from collectors.reading.lists import open_home_list, open_list, read_list
from collectors.reading.markup import attribute, select
from collectors.reading.own_kind import own_kind, sections
from collectors.reading.page import Page, PageRole
from collectors.reading.profiles import lay_over
from collectors.reading.questions import read_question_page
from collectors.reading.row_groups import dated_addresses
from collectors.reading.row_items import Hand
from collectors.reading.schedules import read_entries, schedule_rows
from minhchung.addresses import host_of, normalise
from minhchung.agencies import Agency
from minhchung.evidence import EvidenceRecord
from minhchung.observations import Item, Observation
from minhchung.sites import Identity, ListProfile, SiteProfile

Seen = Observation | Link | ListFacts

_DIVIDED: Final = frozenset({"news", "legal_document", "directive"})
"""Kinds of lists that portals divide into lists by subject."""

_FEEDS: Final = "link[rel=alternate][type*=rss], link[rel=alternate][type*=atom]"
_PAGES: Final[dict[str, PageRole]] = {"home": "home", "search": "search", "item": "item", "list": "list"}


class ProfileReader:
    """A platform that is described by its default profile."""

    def __init__(self, default: SiteProfile) -> None:
        """Take the system's default profile."""
        self._default = default

    def profile(self) -> SiteProfile:
        """Return the system's default profile."""
        return self._default

    def entrances(self, agency: Agency, profile: SiteProfile) -> Iterator[Link]:
        """Yield the home page, declared lists, declared feeds, the sitemap."""
        site = lay_over(self._default, profile)
        if not agency.portal:
            return
        yield Link(url=agency.portal, role="home", text=agency.name)
        for declared in site.list:
            if declared.url:
                url = absolute(agency.portal, declared.url)
                kind = "" if declared.kind == "by_heading" else declared.kind
                yield Link(url=url, role="list", text=declared.heading, list_key=url, kind=kind)
        for feed in site.feeds:
            yield Link(url=absolute(agency.portal, feed), role="feed")
        yield Link(url=urljoin(agency.portal, "/sitemap.xml"), role="sitemap")

    def read(self, record: EvidenceRecord, body: bytes, context: PageContext) -> Iterator[Seen]:
        """Yield what the page holds; raises UnrecognisedError when the bytes are no page at all."""
        site = lay_over(self._default, context.profile)
        match context.role:
            case "feed" | "sitemap" | "attachment" | "image":
                return  # no page: the crawl reads these itself
            case _ if (declared := data_list(context, site, record.url)) is not None:
                yield from read_data_list(record, body, context, site, declared)
            case _:
                page = Page(decoded(body, record.content_type).replace("\x00", ""), record.url)
                yield from self.read_page(page, record, context, site)

    def read_page(
        self, page: Page, record: EvidenceRecord, context: PageContext, site: SiteProfile
    ) -> Iterator[Seen]:
        """Yield what a parsed page holds."""
        match context.role:
            case "item":
                yield page.observation(record, "item")
                yield from self.read_item(page, record, context, site)
            case "list" | "site":
                opened = open_list(page, record, context, site)
                yield page.observation(record, "list" if opened is not None else "site")
                if opened is not None:
                    seen = list(read_list(opened))
                    yield from seen
                    goes_on = context.page > 1 or any(isinstance(e, Link) and e.role == "list" for e in seen)
                    if context.role == "list" and not goes_on and opened.kind in _DIVIDED:
                        items = frozenset(normalise(e.url) for e in seen if isinstance(e, Item))
                        yield from branches(page, opened.kind, words_of(context.terms), context, items)
                yield from self.discover(page, context, site)
            case "home":
                yield page.observation(record, "home")
                announced = list(self.discover(page, context, site))
                leads_on = any(link.role == "list" for link in announced)
                opened = open_home_list(page, record, context, site, leads_on=leads_on)
                if opened is not None:
                    yield from read_list(opened)
                yield from announced
            case _:
                yield page.observation(record, _PAGES.get(context.role, "site"))

    def discover(self, page: Page, context: PageContext, site: SiteProfile) -> Iterator[Link]:
        """Yield the lists that the page's links announce by their words, and its feeds."""
        met: set[str] = {normalise(page.url)}
        words = words_of(context.terms)
        items = dated_addresses(page) if context.role == "home" else frozenset()
        for link in page.outline.links:
            if host_of(link.url) != host_of(page.url) or (address := normalise(link.url)) in met:
                continue
            if link.region == "main" and context.role != "home":
                continue  # menus announce lists; what stands in the text of a page is its own matter
            if link.region == "main" and link.url in items:
                continue  # a title may hold any word
            kind = kind_of_link(link.text, words, context.agency)
            if kind is None:
                continue
            met.add(address)
            yield Link(url=link.url, role="list", text=link.text, list_key=link.url, kind=kind)
        if context.role == "home":
            for box in named_boxes(page, words, context):
                if (address := normalise(box.url)) not in met:
                    met.add(address)
                    yield box
        for node in select(page.tree, _FEEDS)[:8]:
            url = absolute(page.base, attribute(node, "href"))
            if url and host_of(url) == host_of(page.url):
                yield Link(url=url, role="feed")
        if context.role == "home":
            yield from interfaces.announced(page)

    def read_item(
        self, page: Page, record: EvidenceRecord, context: PageContext, site: SiteProfile
    ) -> Iterator[Seen]:
        """Yield the item that a page is about, and its files."""
        kind = known_kind(context.kind)
        hand = Hand(order=site.dates[0] if site.dates else "dmy", captured_at=record.captured_at)
        identity = context.identity or identity_of_address(page.url, _identity(site))
        if kind == "question":
            title, _ = page_title(page, context.text)
            blocks = own_blocks(page, site.item, context.text)
            question = read_question_page(page, blocks, record, hand, title, identity)
            yield replace(question, list_url=context.list_key)
            return
        if kind == "schedule_entry":
            rows = schedule_rows(page, ListProfile(key="week"))
            for entry, _ in read_entries(page, rows, record, hand, context.list_key, ""):
                yield entry
            return
        facts = read_item_page(page, site.item, kind, hand, context.text)
        if kind == "article":
            kind = own_kind(page, facts, context)
            if kind != "article":
                facts = read_item_page(page, site.item, kind, hand, context.text)
            yield from sections(page, context)
        place = dict(facts.places).get("title", "")
        yield facts.item(
            kind,
            record,
            identity=identity,
            part="page",
            path=place,
            list_url=context.list_key,
            order=hand.order,
        )
        for url in facts.attachments:
            yield Link(url=url, role="attachment", list_key=context.list_key, kind=kind, identity=identity)


def _identity(site: SiteProfile) -> Identity:
    """Return the identity rule that the site's lists share, the plain address where they differ."""
    rules = {profile.identity for profile in site.list}
    return rules.pop() if len(rules) == 1 else Identity()
