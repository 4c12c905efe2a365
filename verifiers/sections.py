"""Sections: pages reached from the home page whose own or whose link's heading names them (G5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from minhchung.evidence import Locator
from minhchung.observations import SitePage, WalkedPage
from verifiers.addresses import normal, page_key
from verifiers.blocks import FRAME_REGIONS, key_of
from verifiers.headings import HeadingMatch, TermList, match_heading, title_heading
from verifiers.sites import FRAMES, Candidate, Heading, Lead, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page that a component's terms name, as one visit saw it."""

    site: Site
    page: SitePage
    match: HeadingMatch
    path: tuple[Locator, ...]
    """The link on each step from the home page, the page, and the heading where it stands on the page."""

    addresses: frozenset[str]
    """Page keys under which the page was asked for and answered."""


def find_sections(site: Site, terms: TermList) -> tuple[Section, ...]:
    """Return the pages of one visit that the terms name, nearest to the home page first."""
    portal = site.portal
    known: dict[str, HeadingMatch | None] = {}
    found: dict[str, Section] = {}
    for candidate in _candidates(site):
        for heading, lead in candidate.names:
            text = heading.text
            if text not in known:
                known[text] = match_heading(text, terms, portal.names, portal.common)
            match = known[text]
            if match is not None:
                if not (site.is_home(candidate.page) or site.is_error_page(candidate.page)):
                    section = _section(site, candidate, match, heading, lead)
                    found.setdefault(candidate.page.seen.record, section)
                break
    return tuple(found.values())


def _candidates(site: Site) -> list[Candidate]:
    if not site.candidates:
        site.candidates.extend(_find_candidates(site))
    return site.candidates


def _find_candidates(site: Site) -> Iterator[Candidate]:
    """Yield the walked pages by depth, then item pages to which links of the walk lead."""
    walked: set[str] = set()
    for step, depth in site.reached():
        page = site.page_of(step) if depth else None
        if page is not None and step.answered:
            keys = frozenset((page_key(step.url), page_key(page.url)))
            walked |= keys
            yield Candidate(step=step, page=page, keys=keys, names=tuple(_names(site, page, keys)))
    for key, leads in site.leads.items():
        if key not in walked and key in site.portal.item_kinds:
            page = site.portal.item_page(leads[0].link.url, site.visit)
            if page is not None:
                keys = frozenset((page_key(page.url),))
                yield Candidate(step=None, page=page, keys=keys, names=tuple(_names(site, page, keys)))


def _names(site: Site, page: SitePage, keys: frozenset[str]) -> Iterator[tuple[Heading, Lead | None]]:
    items = site.portal.item_kinds
    kind = next((items[key] for key in sorted(keys) if key in items), None)
    for key in sorted(keys):
        for lead in site.leads.get(key, ()):
            if _leads(site, lead, kind):
                yield Heading(lead.link.text, None), lead
    if kind is None:
        for heading in page_headings(site, page):
            yield heading, None


def _section(
    site: Site, candidate: Candidate, match: HeadingMatch, heading: Heading, lead: Lead | None
) -> Section:
    page = candidate.page
    canonical = frozenset((page_key(page.canonical),)) if page.canonical else frozenset[str]()
    return Section(
        site=site,
        page=page,
        match=match,
        path=tuple(_path(site, candidate.step, page, lead, heading)),
        addresses=candidate.keys | canonical,
    )


def _leads(site: Site, lead: Lead, kind: str | None) -> bool:
    """Say whether a link may name its target: one to a dated item is a news title outside the frame.

    A box of the latest news stands on every page and is no menu, so what is repeated names an item's page
    only when the item is no news.
    """
    if kind is None or lead.link.region in FRAMES:
        return True
    return kind != "news" and normal(lead.link.url) in site.repeated.sure.targets


def _path(
    site: Site, step: WalkedPage | None, page: SitePage, lead: Lead | None, heading: Heading
) -> Iterator[Locator]:
    if lead is not None:
        yield from site.path_to(lead.step)
        yield Locator(record=lead.page.seen.record, path=lead.link.path)
    elif step is not None:
        yield from site.path_to(step)
    yield Locator(record=page.seen.record)
    if heading.where is not None:
        yield heading.where


def page_headings(site: Site, page: SitePage) -> Iterator[Heading]:
    """Yield the headings of a page that are its own: no repeated box, no title of an item it links to."""
    record = page.seen.record
    title = title_heading(page.title)
    repeated = site.repeated.strict.texts
    if key_of(title) not in repeated:
        yield Heading(title, Locator(record=record, path="title"))
    if page.breadcrumb:
        yield Heading(page.breadcrumb[-1], Locator(record=record, path="breadcrumb"))
    titles = item_titles(site, page)
    for block in page.headings:
        key = key_of(block.text)
        if block.region not in FRAME_REGIONS and key not in repeated and key not in titles:
            yield Heading(block.text, Locator(record=record, path=block.path))


def item_titles(site: Site, page: SitePage) -> set[str]:
    """Return k2 of the link texts that lead to dated items: titles of news, not words of the page."""
    items = site.portal.item_kinds
    return {key_of(link.text) for link in page.links if page_key(link.url) in items}


def linked_pages(site: Site, page: SitePage) -> Iterator[SitePage]:
    """Yield the agency's own pages one link below, by links that are not repeated over the site."""
    met: set[str] = {page_key(page.url)}
    for link in page.links:
        key = page_key(link.url)
        if key in met or link.region in FRAMES or normal(link.url) in site.repeated.strict.targets:
            continue
        met.add(key)
        below = site.page(link.url)
        if below is not None and not site.is_home(below) and not site.is_error_page(below):
            yield below
