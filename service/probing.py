"""`sites probe`: a short visit to a portal of which only the address is known, and what was learnt from it.

The visit is an ordinary one, by the same guard, robots and pace; its home is thrown away afterwards.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collectors.charset import text as decoded
from collectors.crawl import Crawl
from collectors.fetcher import Fetcher
from collectors.platforms.interface import Link, PageContext
from collectors.reading.dates import find_days
from collectors.reading.kinds import title_parts
from collectors.reading.learned import Learned, LearnedList
from collectors.reading.learning import AnyItem, learn_pages, learn_rows
from collectors.reading.list_words import KINDS, holds_required, known_kind
from collectors.reading.lists import ListPage, open_list
from collectors.reading.observed_paging import observed
from collectors.reading.page import Page
from collectors.reading.selectors import rows_selector
from collectors.reading.signs import recognise
from minhchung.addresses import normalise
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode, EvidenceRecord, RecordId
from minhchung.holdings import Holdings, VisitReport
from minhchung.observations import Item, ListCapture, SitePage
from minhchung.sites import ListProfile, Pagination, SiteProfile
from minhchung.sources import AgenciesFile
from service import plugins
from service.settings import Settings
from service.workplace import RandomIds, SystemClock
from storage.home import Home
from storage.store import Store

MOST_PAGES: Final = 60
"""Requests of one probe."""

LIST_PAGES: Final = 3
"""Pages of each list that a probe asks for."""

_ITEM_PAGES: Final = 20
_KEY: Final = "probe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a probe found."""

    report: VisitReport
    learned: Learned
    feeds: tuple[str, ...]


def probe(settings: Settings, url: str, most: int = MOST_PAGES) -> Probe:
    """Visit a portal shortly and learn how it is laid out; nothing of it stays in the home."""
    agency = _agency(settings, url)
    profile = SiteProfile(
        key=_KEY,
        max_pages=most,
        list=(ListProfile(key=_KEY, pagination=Pagination(max_pages=LIST_PAGES)),),
    )
    with tempfile.TemporaryDirectory(prefix="minhchung-probe-") as scratch:
        store = Store(Home(Path(scratch, "home")), SystemClock(), RandomIds(), writer=True)
        try:
            report = asyncio.run(_visit(settings, store, agency, profile))
            return _learn(settings, store, agency, report)
        finally:
            store.close()


def _agency(settings: Settings, url: str) -> Agency:
    """Return the agency whose portal this is, by its own name; any other address stands for itself."""
    for known in (a for registry in settings.registries.values() for a in registry.agency):
        if known.portal and normalise(known.portal) == normalise(url):
            return Agency(code=AgencyCode(_KEY), name=known.name, bloc=known.bloc, portal=url)
    return Agency(code=AgencyCode(_KEY), name=url, bloc=_KEY, portal=url)


async def _visit(settings: Settings, store: Store, agency: Agency, profile: SiteProfile) -> VisitReport:
    clock = SystemClock()
    fetcher = Fetcher(settings.network, clock, extra_roots=settings.trust_roots())
    try:
        crawl = Crawl(
            fetcher=fetcher,
            recorder=store,
            clock=clock,
            network=settings.network,
            terms=settings.terms,
            registry=AgenciesFile(agency=(agency,)),
        )
        run = store.begin_run(_KEY)
        return await crawl.visit(agency, plugins.platform("generic"), profile, run, "lists")
    finally:
        await fetcher.close()


class _Sealed:
    """The pages of a probe, read once more."""

    def __init__(self, settings: Settings, store: Store, agency: Agency, held: Holdings) -> None:
        self._settings, self._store, self._agency, self._held = settings, store, agency, held

    def record(self, record: RecordId) -> EvidenceRecord:
        return self._store.record(record)

    def body(self, record: RecordId) -> str:
        return decoded(self._store.body(record), self.record(record).content_type).replace("\x00", "")

    def page(self, record: RecordId) -> Page:
        return Page(self.body(record), self.record(record).url)

    def lists(self, capture: ListCapture, order: str) -> list[ListPage]:
        """Return the pages of a list that show rows, opened by looking."""
        site = SiteProfile(key=_KEY, dates=(order,))
        opened = []
        at_home = normalise(capture.list_url) == normalise(self._agency.portal)
        kind = "" if at_home else capture.item_kind  # of the home page's own list, headings alone may tell
        for number, record in enumerate(capture.pages, start=1):
            context = PageContext(
                agency=self._agency, profile=site, terms=self._settings.terms, role="list",
                list_key=capture.list_url, page=number, kind=kind, text=capture.heading,
            )  # fmt: skip
            found = open_list(self.page(record), self.record(record), context, site)
            if found is not None and found.rows:
                opened.append(found)
        return opened

    def feeds(self) -> Iterator[str]:
        """Yield the feeds that the home page names."""
        home = next((each for each in self._held.observations if isinstance(each, SitePage)), None)
        if home is None:
            return
        record = home.seen.record
        context = PageContext(
            agency=self._agency, profile=SiteProfile(key=_KEY), terms=self._settings.terms, role="home"
        )
        read = plugins.platform("generic").read(self.record(record), self._store.body(record), context)
        yield from (each.url for each in read if isinstance(each, Link) and each.role == "feed")


def _learn(settings: Settings, store: Store, agency: Agency, report: VisitReport) -> Probe:
    held = store.holdings(agency, None)
    sealed = _Sealed(settings, store, agency, held)
    captures = [e for e in held.observations if isinstance(e, ListCapture) and e.pages and e.identities]
    captures.sort(key=lambda each: (KINDS.index(known_kind(each.item_kind)), each.list_url))
    items = [e for e in held.observations if isinstance(e, Item) and e.part == "page"][:_ITEM_PAGES]
    order = _order(page for capture in captures for page in sealed.lists(capture, "dmy"))
    pages = {item.identity: item for item in items}
    found = [_list(sealed.lists(capture, order), capture, pages, order) for capture in captures]
    learned = [each for each in found if each is not None]
    named = [each for each in learned if each.named]
    read = [(sealed.page(item.seen.record), item) for item in items]
    home = next((each for each in held.observations if isinstance(each, SitePage)), None)
    platform, sign = recognise(sealed.body(home.seen.record)) if home is not None else ("generic", "")
    known = Learned(
        lists=tuple(named or learned),
        unnamed=tuple(each.url for each in learned if named and not each.named),
        item_fields=learn_pages(read, order),
        item_pages=len(read),
        order=order,
        platform=platform,
        sign=sign,
        required_text=_required(home, [page for page, _ in read]),
    )
    return Probe(report=report, learned=known, feeds=tuple(sealed.feeds()))


def _list(
    opened: Sequence[ListPage], capture: ListCapture, pages: dict[str, AnyItem], order: str
) -> LearnedList | None:
    if not opened:
        return None
    turns = [turn for each in opened if (turn := each.turn(len(each.rows))) is not None]
    return LearnedList(
        url=capture.list_url,
        kind=known_kind(capture.item_kind),
        named=opened[0].named,
        heading=capture.heading,
        rows=rows_selector(opened),
        items=len(capture.identities),
        pages=len(capture.pages),
        further=observed(capture.list_url, turns[:2]),
        fields=learn_rows(opened, pages, order),
    )


def _order(lists: Iterable[ListPage]) -> str:
    """Return the order of day and month in which no printed day is impossible."""
    impossible = {"dmy": 0, "mdy": 0}
    for opened in lists:
        for block in (block for row in opened.rows for block in row.blocks):
            for order in impossible:
                impossible[order] += sum(day.reason == "impossible" for day in find_days(block.text, order))
    return "mdy" if impossible["dmy"] > 0 == impossible["mdy"] else "dmy"


def _required(home: SitePage | None, pages: Sequence[Page]) -> str:
    """Return a text of the home page's title that every page shows; empty where there is none."""
    if home is None or not pages:
        return ""
    for part in (*title_parts(home.title), *(h.text for h in home.headings if h.tag == "h1")):
        if len(part) >= 6 and all(holds_required(page, part) for page in pages):
            return part
    return ""
