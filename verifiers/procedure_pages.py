"""What pages show of procedures and of levels of online services, on the portal and behind its links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from minhchung.evidence import Locator
from minhchung.measurements import Reason
from minhchung.observations import Block, PageLink, SitePage
from verifiers.addresses import host_of, normal, page_key
from verifiers.blocks import FRAME_REGIONS, Boilerplate, key_of, own_blocks
from verifiers.contents import UNMET, Proof, best, opened, tested
from verifiers.headings import TermList, text_begins, text_holds
from verifiers.sections import item_titles
from verifiers.sites import Site, why_unread

CODE: Final = re.compile(r"(?<![\d.])(\d\.\d{6})(?:\.[A-Z]\d{2})?(?!\d)")
"""A national procedure code; a province's suffix is cut."""

_ROW_TAGS: Final = frozenset({"td", "th", "li", "dt", "a"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """One visit's view of the portal and of the service portal's pages that its links led to."""

    site: Site
    procedure_words: TermList
    """Words with which a row or link of a procedure begins, where it shows no code."""

    levels: TermList
    """Names of the levels that count, by the law in force."""

    services: Mapping[str, SitePage]
    """Pages of the service portal that this visit read, by page key."""

    link_within: int
    """Links from the home page to the service portal."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the hosts of the service portal in force."""
        return self.site.portal.context.service_portal_hosts


def shown_procedures(page: SitePage, boilerplate: Boilerplate, view: ServiceView) -> Mapping[str, str]:
    """Return the procedures a page shows with a place each: by code, else by the words of row or link.

    Where codes are shown, rows are told by them alone: their names are the same procedures again.
    """
    coded: dict[str, str] = {}
    named: dict[str, str] = {}
    for block in _said_by(page, boilerplate, view):
        for code in CODE.findall(block.text):
            coded.setdefault(code, block.path)
        if block.tag in _ROW_TAGS and text_begins(block.text, view.procedure_words):
            named.setdefault(block.text.casefold(), block.path)
    for link in page.links:
        if link.region in FRAME_REGIONS or normal(link.url) in boilerplate.targets:
            continue
        if (
            text_begins(link.text, view.procedure_words)
            and page_key(link.url) not in view.site.portal.item_kinds
        ):
            named.setdefault(link.text.casefold(), link.path)
    return coded or named


def _said_by(page: SitePage, boilerplate: Boilerplate, view: ServiceView) -> Iterator[Block]:
    """Yield the page's own blocks that are no titles of items it links to."""
    titles = item_titles(view.site, page)
    return (block for block in own_blocks(page, boilerplate) if key_of(block.text) not in titles)


def filtered_list(view: ServiceView, url: str) -> Proof:
    """Test a list of the service portal: it must be the agency's own and answer with a procedure."""
    page = view.services.get(page_key(url))
    if page is None:
        return _unread(view, url)
    found = _first(_service_blocks(page), lambda text: CODE.search(text) is not None)
    if found is None or not _is_filtered(view, page):
        return UNMET
    basis = (Locator(record=page.seen.record, path=found.path),)
    return Proof(state="met", basis=basis, said="danh sách của cơ quan trên cổng dịch vụ công")


def _is_filtered(view: ServiceView, page: SitePage) -> bool:
    return _names_agency(view, page.url) or view.site.portal.is_named_on(page)


def _names_agency(view: ServiceView, url: str) -> bool:
    return any(identifier and identifier in url for _, identifier in view.site.portal.agency.identifiers)


def _unread(view: ServiceView, url: str) -> Proof:
    """Return what an unread page of the service portal says: nothing, unless it is no list of the agency."""
    if not _names_agency(view, url):
        return UNMET
    step = view.site.steps.get(page_key(url))
    return opened(Reason.NOT_READ if step is None else why_unread(step, Reason.UNREACHABLE))


def _service_blocks(page: SitePage) -> Iterator[Block]:
    return (block for block in page.blocks if block.region not in FRAME_REGIONS)


# --- the link to the service portal ----------------------------------------------------------------


def service_links(view: ServiceView) -> tuple[tuple[PageLink, SitePage], ...]:
    """Return the links to the service portal near enough to the home page, each target once."""
    found: dict[str, tuple[PageLink, SitePage]] = {}
    for step, depth in view.site.reached():
        page = view.site.page_of(step) if depth < view.link_within else None
        if page is not None:
            for link in page.links:
                if host_of(link.url) in view.hosts:
                    found.setdefault(normal(link.url), (link, page))
    return tuple(found.values())


def answers(view: ServiceView, link: PageLink, page: SitePage) -> Proof:
    """Test whether what a link leads to answered; a silent service portal is never the agency's fault."""
    place = Locator(record=page.seen.record, path=link.path)
    read = view.services.get(page_key(link.url))
    step = view.site.steps.get(page_key(link.url))
    if read is not None:
        return Proof(state="met", basis=(place, read.seen))
    if step is not None and step.answered and step.record is not None:
        return Proof(state="met", basis=(place, Locator(record=step.record)))
    for record in view.site.portal.holdings.records.values():
        same = record.run == view.site.visit.run and normal(record.url) == normal(link.url)
        if same and record.status is not None and record.status < 400:
            return Proof(state="met", basis=(place, Locator(record=record.id)))
    reason = Reason.NOT_READ if step is None else why_unread(step, Reason.UNREACHABLE)
    return Proof(state="open", reason=reason, basis=(place,))


# --- levels ----------------------------------------------------------------------------------------


def shows_levels(view: ServiceView, links: Iterable[tuple[PageLink, SitePage]]) -> Proof:
    """Test for a service with its level: on the portal's own pages, or on a filtered list they link to."""
    return best((*_own_levels(view), *(_linked_level(view, link.url) for link, _ in links)))


def _own_levels(view: ServiceView) -> Iterator[Proof]:
    site = view.site
    for step, _ in site.reached():
        page = site.page_of(step)
        if page is None or page.role == "item" or page_key(page.url) in site.portal.item_kinds:
            continue
        if any(_is_level(view, block.text) for block in page.blocks):
            yield _level_on(view, page)


def _level_on(view: ServiceView, page: SitePage) -> Proof:
    """Test one own page: a level said in general, beside no service, is a banner."""

    def test(boilerplate: Boilerplate) -> Proof:
        level = _first(_said_by(page, boilerplate, view), lambda text: _is_level(view, text))
        services = shown_procedures(page, boilerplate, view)
        if level is None or not services:
            return UNMET
        places = (level.path, next(iter(services.values())))
        basis = tuple(Locator(record=page.seen.record, path=path) for path in places)
        return Proof(state="met", basis=basis, said=f"dịch vụ có ghi “{level.text[:60]}”")

    return tested(page, view.site.repeated, test)


def _linked_level(view: ServiceView, url: str) -> Proof:
    page = view.services.get(page_key(url))
    if page is None:
        return _unread(view, url)
    level = _first(_service_blocks(page), lambda text: _is_level(view, text))
    if level is None or not _is_filtered(view, page):
        return UNMET
    basis = (Locator(record=page.seen.record, path=level.path),)
    return Proof(state="met", basis=basis, said=f"trang dịch vụ công có ghi “{level.text[:60]}”")


def _is_level(view: ServiceView, text: str) -> bool:
    return text_holds(text, view.levels) is not None


def _first(blocks: Iterable[Block], test: Callable[[str], bool]) -> Block | None:
    return next((block for block in blocks if test(block.text)), None)
