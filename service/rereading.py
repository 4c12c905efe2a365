"""Reading sealed pages once more: what today's readers see in them, without asking anybody.

A reader is told more than a page's bytes: in which role it was asked for, as which page of which list. That
is not sealed, because it follows from the pages that led there; here it is followed again, record after
record in the order of the log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from collectors.addresses import absolute
from collectors.blocked import look, status_failure
from collectors.feed_step import MOST_SITEMAP_BYTES, feed_items
from collectors.feeds import read_feed, read_sitemap
from collectors.interface import Ask, ServiceDriver
from collectors.platforms.interface import Link, ListFacts, PageContext, Platform
from collectors.probes import search_form
from collectors.reading.profiles import lay_over
from collectors.sections import items_named, lists_named
from collectors.sniff import kind_of
from collectors.soft404 import NotFound
from collectors.trip import MOST_PAGE_BYTES
from collectors.whole import glance_of
from minhchung.addresses import normalise
from minhchung.agencies import PROVINCE, Agency, whole_province
from minhchung.errors import LogError, UnrecognisedError
from minhchung.evidence import PORTAL, WHOLE, EvidenceRecord, Exchange, Locator, RunId
from minhchung.observations import FeedRead, Item, Observation, SitemapRead, SitePage
from minhchung.periods import Period
from minhchung.places import Places, own_places
from minhchung.sites import SiteProfile
from minhchung.sources import Source
from service import plugins
from storage.excerpt import SealedLog, opened
from storage.home import Home

if TYPE_CHECKING:
    from service.settings import Settings

_READER_FAULTS: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What a reader may raise on a page made to break it: nothing was seen on it then."""

_NONSENSE: Final = re.compile(r"/zq[0-9a-f]{10}$")
"""The address that cannot exist, by which a portal's "not found" is learnt."""

DOM_SNAPSHOT: Final = "resource"
"""Kind under which a rendered page comes back: among resources only those are given to readers."""


@dataclass(slots=True)
class _Portal:
    """What has been followed of one agency's portal so far."""

    agency: Agency
    platform: Platform
    profile: SiteProfile
    own: Places
    not_found: NotFound = field(default_factory=NotFound)
    links: dict[str, Link] = field(default_factory=dict)
    """Normal address -> the first link of the present run that led there."""

    before: dict[str, Link] = field(default_factory=dict)
    """The same of all earlier runs."""

    redirected: list[Link] = field(default_factory=list)
    """Links whose address answered by naming another one."""

    run: RunId | None = None
    items_shown: bool = False
    """A list showed an item in the present run."""

    news_shown: bool = False
    """A list of news showed an item in the present run."""

    home_feeds: frozenset[str] = frozenset()
    """Addresses of the feeds that the home page of the present run names."""

    search: str = ""
    """Address of the portal's search, without its question."""


class Rereader:
    """Reads records again, in the order of the log; a `storage.rereading.Reader`."""

    def __init__(self, settings: Settings, period: Period | None) -> None:
        """Read with the readers and profiles of `settings`; `period` is what services were asked about."""
        self._settings = settings
        self._period = period
        self._agencies = {agency.code: agency for agency in settings.registry.agency}
        self._portals: dict[str, _Portal] = {}
        self._asked: dict[tuple[str, str, str], list[Ask]] = {}
        self._log: SealedLog | None = None

    def __call__(self, record: EvidenceRecord, body: bytes) -> Iterable[Observation]:
        """Return what is seen in a record; nothing for one of an agency that config does not name."""
        agency = whole_province() if record.agency == PROVINCE else self._agencies.get(record.agency)
        if agency is None:
            return ()
        if record.source == PORTAL:
            return tuple(self._portal_page(agency, record, body))
        if record.source == WHOLE:
            return tuple(self._kept_whole(agency, record, body))
        source = self._settings.sources.get(record.source)
        return tuple(self._answer(source, agency, record, body)) if source is not None else ()

    def _kept_whole(self, agency: Agency, record: EvidenceRecord, body: bytes) -> Iterator[Observation]:
        if not 200 <= (record.status or 0) < 300 or _in_the_way(self._portal(agency), record, body):
            return
        seen = glance_of(record, body)
        if seen is not None:
            yield seen.observation(record)

    # --- portals ---------------------------------------------------------------------------------------

    def _portal(self, agency: Agency) -> _Portal:
        known = self._portals.get(agency.code)
        if known is None:
            profile = self._settings.site(agency)
            platform = plugins.platform(profile.platform if profile else "generic")
            default = platform.profile()
            laid = lay_over(default, profile) if profile is not None else default
            own = own_places(agency, self._settings.registry.agency)
            known = self._portals[agency.code] = _Portal(agency, platform, laid, own)
        return known

    def _portal_page(self, agency: Agency, record: EvidenceRecord, body: bytes) -> Iterator[Observation]:
        portal = self._portal(agency)
        if portal.run != record.run:
            portal.before |= portal.links
            portal.links, portal.redirected, portal.run = {}, [], record.run
            portal.items_shown, portal.news_shown, portal.home_feeds = False, False, frozenset()
            _note(portal, portal.platform.entrances(agency, portal.profile))
        link = _link_to(portal, record)
        if record.status is not None and 300 <= record.status < 400:
            portal.redirected.append(link)
            return
        if record.status is not None and status_failure(record.status) is not None:
            yield from _unanswered(record, link)
            return
        match link.role:
            case "feed":
                entries, fault, _ = read_feed(body, record.url)
                if link.url in portal.home_feeds and not portal.news_shown:
                    _note(portal, feed_items(entries, portal.own))
                yield FeedRead(
                    agency=record.agency,
                    run=record.run,
                    seen=Locator(record=record.id),
                    url=link.url,
                    entries=entries,
                    fault=fault,
                )
            case "sitemap":
                addresses, index, fault, _ = read_sitemap(body, record.url, MOST_SITEMAP_BYTES)
                if index:
                    _note(portal, (Link(url=url, role="sitemap", page=2) for url in addresses))
                elif not portal.items_shown:
                    terms = self._settings.terms
                    _note(portal, lists_named(addresses, portal.own, terms))
                    _note(portal, items_named(addresses, portal.own, terms))
                yield SitemapRead(
                    agency=record.agency,
                    run=record.run,
                    seen=Locator(record=record.id),
                    url=link.url,
                    addresses=addresses,
                    fault=fault,
                )
            case "attachment" | "image":
                return  # what is read from a file is sealed with the account of its visit
            case _:
                if not _in_the_way(portal, record, body):
                    yield from self._page(portal, record, body, link)

    def _page(
        self, portal: _Portal, record: EvidenceRecord, body: bytes, link: Link
    ) -> Iterator[Observation]:
        if kind_of(body) not in ("html", "text", "unknown") or len(body) > MOST_PAGE_BYTES:
            return
        context = PageContext(
            agency=portal.agency,
            profile=portal.profile,
            terms=self._settings.terms,
            role=link.role,
            list_key=link.list_key,
            page=link.page,
            kind=link.kind,
            identity=link.identity,
            text=link.text,
        )
        try:
            found = list(portal.platform.read(record, body, context))
        except (UnrecognisedError, *_READER_FAULTS):
            return
        seen = [each for each in found if not isinstance(each, Link | ListFacts)]
        page = next((each for each in reversed(seen) if isinstance(each, SitePage)), None)
        if page is not None and _NONSENSE.search(link.url):
            portal.not_found.learn(page)
            return
        if page is not None and link.role in ("site", "item") and portal.not_found.is_missing(page):
            return
        if page is not None and not portal.own.hold(page.url):
            yield replace(page, role="foreign")
            return
        links = [each for each in found if isinstance(each, Link)]
        _note(portal, links)
        lists = [each for each in found if isinstance(each, ListFacts)]
        portal.items_shown |= any(each.identities for each in lists)
        portal.news_shown |= any(each.item_kind == "news" and each.identities for each in lists)
        _note(portal, (_file(url) for each in seen if isinstance(each, Item) for url in each.attachments))
        if page is not None and link.role == "home":
            portal.not_found.learn(page)
            portal.home_feeds = frozenset(each.url for each in links if each.role == "feed")
            form = search_form(page)
            if form is not None:
                portal.search = normalise(_action(page, form.action))
        rendered = record.kind == DOM_SNAPSHOT
        if page is None or rendered or not (page.shell or portal.profile.renderer == "browser"):
            yield from seen

    # --- service systems -------------------------------------------------------------------------------

    def _answer(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes
    ) -> Iterator[Observation]:
        driver = plugins.driver(source.kind, source.driver)
        if not driver.capabilities(source).queries:
            sent = driver.read(source, agency, record, body, Ask(url=record.url, topic="dossiers"))
            yield from (answer for answer in sent if not isinstance(answer, Ask))
            return
        waiting = self._questions(source, driver, agency, record)
        fitting = [each for each in waiting if each.url == record.url]
        if len(fitting) > 1 and record.method == "POST":
            # All questions have one address: the sealed request tells which of them was asked.
            asked = self._request_body(record)
            fitting = [each for each in fitting if each.body == asked] or fitting
        if not fitting:
            return
        waiting.remove(fitting[0])
        for answer in driver.read(source, agency, record, body, fitting[0]):
            if isinstance(answer, Ask):
                waiting.append(answer)
            else:
                yield answer

    def _questions(
        self, source: Source, driver: ServiceDriver, agency: Agency, record: EvidenceRecord
    ) -> list[Ask]:
        key = (agency.code, source.key, record.run)
        known = self._asked.get(key)
        if known is None:
            first: Iterable[Ask] = ()
            if self._period is not None and agency.code == PROVINCE:
                first = driver.surveys(source, self._period)
            elif self._period is not None:
                first = driver.asks(source, agency, self._period)
            known = self._asked[key] = list(first)
        return known

    def _request_body(self, record: EvidenceRecord) -> bytes:
        """Return the body of the sealed request that a record answers; empty beyond the signed log."""
        if self._log is None:
            try:
                self._log = SealedLog(Home(self._settings.home))
            except LogError:
                return b""
        if record.leaf is None or record.leaf >= len(self._log.leaves):
            return b""
        one = self._log.leaves[record.leaf]
        parts = zip(one.leaf.members, self._log.members(one), strict=True)
        requests = [opened(part) for member, part in parts if member.type == "request"]
        return requests[0].payload() if requests else b""


def _in_the_way(portal: _Portal, record: EvidenceRecord, body: bytes) -> bool:
    """Say whether a page that answered well is a block page; it was told as a failure then."""
    exchange = Exchange(
        method=record.method,
        url=record.url,
        request_headers=(),
        status=record.status or 200,
        headers=(("Content-Type", record.content_type),),
        wire=b"",
        begun_at=record.captured_at,
        elapsed=0.0,
    )
    return bool(look(exchange, body, portal.profile if portal.own.hold(record.url) else None))


def _note(portal: _Portal, links: Iterable[Link]) -> None:
    for link in links:
        address = normalise(link.url)
        known = portal.links.setdefault(address, link)
        if link.role != "item" or known is link:
            continue
        # Items of unnamed lists, and such as a sitemap names, waited until the named lists had been read.
        if known.kind == "article" != link.kind or (link.list_key and not known.list_key):
            portal.links[address] = link


def _file(url: str) -> Link:
    return Link(url=url, role="attachment")


def _link_to(portal: _Portal, record: EvidenceRecord) -> Link:
    """Return the link by which a page was asked for; one that nothing led to is a page of the site."""
    address = normalise(record.url)
    found = portal.links.get(address) or portal.before.get(address)
    if found is not None:
        return found
    if _NONSENSE.search(record.url):
        return Link(url=record.url, role="home")
    path = address.partition("?")[0]
    if path.endswith("/sitemap.xml"):
        return Link(url=record.url, role="sitemap")
    if path.endswith("/robots.txt"):
        return Link(url=record.url, role="attachment")
    asked = portal.profile.search.partition("?")[0]
    if (portal.search and path == portal.search) or (asked and path.endswith(asked)):
        return Link(url=record.url, role="search")
    if portal.redirected:
        return portal.redirected.pop(0)
    return Link(url=record.url, role="site")


def _action(page: SitePage, action: str) -> str:
    return (absolute(page.url, action) or page.url).partition("?")[0]


def _unanswered(record: EvidenceRecord, link: Link) -> Iterator[Observation]:
    """Yield what a feed or sitemap that was refused is kept as."""
    failure = status_failure(record.status or 0)
    seen = Locator(record=record.id)
    if link.role == "feed":
        yield FeedRead(
            agency=record.agency, run=record.run, seen=seen, url=link.url, entries=(), fault=str(failure)
        )
    elif link.role == "sitemap":
        yield SitemapRead(
            agency=record.agency, run=record.run, seen=seen, url=link.url, addresses=(), fault=str(failure)
        )
