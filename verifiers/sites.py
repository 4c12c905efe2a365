"""The portal as one visit saw it: its home page, the paths from it, what its walk left unseen (G5, G12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from minhchung.evidence import Failure, Locator
from minhchung.holdings import VisitReport
from minhchung.measurements import Reason
from minhchung.observations import PageLink, SitePage, Walk, WalkedPage
from minhchung.text_keys import k2
from verifiers.addresses import page_key
from verifiers.blocks import FRAME_REGIONS, letters, looks_like_file, main_text
from verifiers.headings import TermList, match_heading, title_heading
from verifiers.passes import read_visits
from verifiers.portals import Portal, Repeated

_NOT_FOUND_WORDS: Final = ("không tìm thấy", "trang không tồn tại", "lỗi hệ thống", "page not found")
_NOT_FOUND: Final = tuple(k2(said) for said in _NOT_FOUND_WORDS)
FRAMES: Final = FRAME_REGIONS | {"breadcrumb"}
_SHORT: Final = 300
"""Letters of a main text that may be nothing but an error message."""

_WHY: Final[Mapping[Failure | None, Reason]] = {
    Failure.BLOCKED: Reason.BLOCKED,
    Failure.RATE_LIMITED: Reason.BLOCKED,
    Failure.ROBOTS: Reason.ROBOTS_REFUSED,
    Failure.NO_BROWSER: Reason.NEEDS_BROWSER,
}


@dataclass(frozen=True, slots=True)
class Lead:
    """A link of the walk that leads somewhere; of several with one text, the one nearest to the home page."""

    link: PageLink
    page: SitePage
    """The page it stands on."""

    step: WalkedPage
    """How that page was reached."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A text that may name a page, and where it stands when that is the page itself."""

    text: str
    where: Locator | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A page that may be a section, with every text that may name it."""

    step: WalkedPage | None
    """None: an item's page, to which a menu leads."""

    page: SitePage
    keys: frozenset[str]
    """Page keys under which it was asked for and answered."""

    names: tuple[tuple[Heading, Lead | None], ...]
    """Texts of links to it, then its own headings."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """One visit's view of the portal."""

    portal: Portal
    visit: VisitReport
    walk: Walk
    repeated: Repeated
    pages: Mapping[str, SitePage]
    """The agency's own pages of this visit by page key."""

    steps: Mapping[str, WalkedPage]
    """The steps of the walk by page key, both as asked for and as answered."""

    candidates: list[Candidate] = field(default_factory=list)
    """Filled by the first question for sections, the same for all of them."""

    @property
    def at(self) -> datetime:
        """Return when the visit began."""
        return self.visit.began_at

    @cached_property
    def home(self) -> SitePage | None:
        """The page at the first step of the walk."""
        first = next((step for step in self.walk.pages if step.depth == 0), None)
        return self.page_of(first) if first else None

    @cached_property
    def _ways(self) -> Ways:
        return _explore(self)

    @property
    def leads(self) -> Mapping[str, tuple[Lead, ...]]:
        """The links of pages near enough to the home page, by the page key of their target."""
        return self._ways.leads

    def reached(self) -> Iterator[tuple[WalkedPage, int]]:
        """Yield the steps to which links lead from the home page, with their depth, nearest first.

        What only a site map links to is not reached.
        """
        yield from self._ways.reached.values()

    @cached_property
    def _by_record(self) -> Mapping[str, SitePage]:
        return {page.seen.record: page for page in self.pages.values()}

    @cached_property
    def _home_text(self) -> str:
        return main_text(self.home) if self.home else ""

    def page_of(self, step: WalkedPage) -> SitePage | None:
        """Return the page a step of the walk brought, wherever redirects ended."""
        return self._by_record.get(step.record or "") or self.pages.get(page_key(step.url))

    def page(self, url: str) -> SitePage | None:
        """Return the page of an address; an item's page is read once, so an earlier visit may hold it."""
        step = self.steps.get(page_key(url))
        return (self.page_of(step) if step else self.pages.get(page_key(url))) or self.portal.item_page(
            url, self.visit
        )

    def is_home(self, page: SitePage) -> bool:
        """Say whether this is the home page again, by address or by its text."""
        if self.home is None:
            return False
        text = main_text(page)
        return page_key(page.url) == page_key(self.home.url) or (bool(text) and text == self._home_text)

    def is_error_page(self, page: SitePage) -> bool:
        """Say whether a page that answered well says that there is no such page (G12)."""
        said = [page.title, *(h.text for h in page.headings if h.tag == "h1")]
        text = main_text(page)
        if letters(text) < _SHORT:
            said.append(text)
        return any(f" {word} " in f" {k2(each)} " for each in said for word in _NOT_FOUND)

    @cached_property
    def own_steps(self) -> tuple[WalkedPage, ...]:
        """The steps on the agency's own places: the silence of another's host is not its gap."""
        return tuple(step for step in self.walk.pages if self.portal.is_near(step.url))

    def unseen(self) -> tuple[WalkedPage, ...]:
        """Return the steps of the walk that brought no answer."""
        return tuple(step for step in self.own_steps if not step.answered)

    def gap(self, terms: TermList = ()) -> Reason | None:
        """Say why nothing may be called absent here, or None when the walk is complete for these terms."""
        missing = self.unseen()
        portal = self.portal
        named = [step for step in missing if self._is_named(step, terms)]
        too_many = len(missing) * 100 > portal.common.max_unanswered_percent * len(self.own_steps)
        unasked = self._names_unasked(terms)
        if self.home is not None and not (self.walk.capped or too_many or named or unasked):
            return None
        return _why(named or missing)

    def _is_named(self, step: WalkedPage, terms: TermList) -> bool:
        texts = {step.text, *(lead.link.text for lead in self.leads.get(page_key(step.url), ()))}
        return any(self._matches(text, terms) for text in texts)

    def _matches(self, text: str, terms: TermList) -> bool:
        return match_heading(text, terms, self.portal.names, self.portal.common) is not None

    def _names_unasked(self, terms: TermList) -> bool:
        """Say whether a link that the terms name leads to a page of the agency that nobody asked for."""
        for key, leads in self.leads.items():
            url = leads[0].link.url
            known = key in self.steps or key in self.pages or key in self.portal.item_kinds
            if known or looks_like_file(url) or not self.portal.places.hold(url):
                continue
            if any(self._matches(lead.link.text, terms) for lead in leads):
                return True
        return False

    def path_to(self, step: WalkedPage) -> Iterator[Locator]:
        """Yield the link on each step from the home page to this one."""
        trail: list[Locator] = []
        via = self._ways.via.get(page_key(step.url))
        while via is not None:
            parent, path = via
            page = self.page_of(parent)
            if page is not None:
                trail.append(Locator(record=page.seen.record, path=path))
            via = self._ways.via.get(page_key(parent.url))
        yield from reversed(trail)


@dataclass(frozen=True, slots=True)
class Ways:
    """How the pages of a walk are reached from the home page."""

    reached: Mapping[str, tuple[WalkedPage, int]]
    """Steps with their depth, nearest first."""

    via: Mapping[str, tuple[WalkedPage, str]]
    """For each step the one before it, and the path of the link there."""

    leads: Mapping[str, tuple[Lead, ...]]


def _explore(site: Site) -> Ways:
    """Follow links and the walk's own account from the home page, but not through a site map."""
    children: dict[str, list[WalkedPage]] = defaultdict(list)
    for step in site.walk.pages:
        children[page_key(step.parent)].append(step)
    queue = [step for step in site.walk.pages if step.depth == 0]
    reached = {page_key(step.url): (step, 0) for step in queue}
    via: dict[str, tuple[WalkedPage, str]] = {}
    leads: dict[tuple[str, str, bool], Lead] = {}

    def take(step: WalkedPage | None, before: WalkedPage, path: str) -> None:
        if step is not None and page_key(step.url) not in reached:
            reached[page_key(step.url)] = (step, reached[page_key(before.url)][1] + 1)
            via[page_key(step.url)] = (before, path)
            queue.append(step)

    for step in queue:
        page, depth = site.page_of(step), reached[page_key(step.url)][1]
        if depth >= site.portal.common.max_links or (depth and _is_site_map(site, step, page)):
            continue
        for link in page.links if page else ():
            key = page_key(link.url)
            asked = (key, link.text, link.region in FRAMES)
            if asked not in leads and page is not None:
                leads[asked] = Lead(link, page, step)
                take(site.steps.get(key), step, link.path)
        for child in children[page_key(step.url)]:
            if child.depth != step.depth + 1:
                continue
            take(child, step, _link_path(page, child.url) if page else "")
    by_target: dict[str, list[Lead]] = defaultdict(list)
    for (key, _, _), lead in leads.items():
        by_target[key].append(lead)
    return Ways(reached, via, {key: tuple(found) for key, found in by_target.items()})


def _is_site_map(site: Site, step: WalkedPage, page: SitePage | None) -> bool:
    portal = site.portal
    own = (title_heading(page.title), *(h.text for h in page.headings if h.tag == "h1")) if page else ()
    return any(
        match_heading(text, portal.common.site_map_terms, portal.names, portal.common)
        for text in (step.text, *own)
    )


def _link_path(page: SitePage, url: str) -> str:
    key = page_key(url)
    return next((link.path for link in page.links if link.path and page_key(link.url) == key), "a")


def why_unread(step: WalkedPage, otherwise: Reason) -> Reason:
    """Return the reason that a step's failure gives."""
    return _WHY.get(step.failure, otherwise)


def _why(missing: Iterable[WalkedPage]) -> Reason:
    failures = Counter(step.failure for step in missing)
    if not failures:
        return Reason.COVERAGE_BELOW
    worst = max(failures, key=lambda failure: (failures[failure], str(failure)))
    return _WHY.get(worst, Reason.COVERAGE_BELOW)


def read_sites(portal: Portal, visits: Iterable[VisitReport]) -> tuple[Site, ...]:
    """Return the views of the visits that read the home page and walked on from it, oldest first."""
    found = []
    for visit in read_visits(visits):
        walk = portal.walks.get(visit.run)
        if walk is not None:
            found.append(_site(portal, visit, walk))
    return tuple(found)


def _site(portal: Portal, visit: VisitReport, walk: Walk) -> Site:
    pages = portal.pages.get(visit.run, ())
    by_record = {page.seen.record: page for page in pages}
    steps = {}
    for step in sorted(walk.pages, key=lambda step: -step.depth):
        steps[page_key(step.url)] = step
        answered = by_record.get(step.record) if step.record else None
        if answered is not None:
            steps[page_key(answered.url)] = step
    return Site(
        portal=portal,
        visit=visit,
        walk=walk,
        repeated=portal.repeated(visit.run),
        pages={page_key(page.url): page for page in pages},
        steps=steps,
    )
