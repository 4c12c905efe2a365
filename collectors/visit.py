"""One visit to one portal: home, lists with their items and files, then the walk and what hangs on it.

The loop is the same for every portal; what a page holds and where it leads is the platform's word. Work is
done in waves: a wave ends when nothing is left to ask for, so that depths of the walk are exact.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from collectors import refreshes
from collectors.addresses import absolute, is_file
from collectors.answers import Answer
from collectors.chains import COMPLETED
from collectors.feed_step import ask_feed, ask_sitemap
from collectors.files import MOST_IMAGES, ask_attachment, ask_image, keep_attachment, wide_images
from collectors.first_look import State, judge_home
from collectors.frontier import Frontier
from collectors.handshakes import check_transport
from collectors.list_step import ListBook
from collectors.platforms.interface import Link
from collectors.probes import learn_not_found, probe_search
from collectors.rendering import Renderer
from collectors.second_look import SecondLook
from collectors.sections import items_named, lists_named
from collectors.soft404 import main_text
from collectors.trip import PageRead, Trip
from collectors.unnamed import Unnamed
from collectors.walk import WalkBook
from minhchung.addresses import normalise
from minhchung.evidence import PORTAL, Locator, TlsVerdict
from minhchung.observations import (
    Directive,
    Item,
    LegalDocument,
    PageImage,
    SitePage,
    Walk,
)
from minhchung.sites import SiteProfile

_HOME_TRIES: Final = 2
_LIST_TRIES: Final = 2
_MOST_PAGE_FILES: Final = 100
"""Files linked from site pages, as opposed to items, that a visit asks for."""


class Visit:
    """Asks for what a portal holds, in the order that a platform and a scope say."""

    def __init__(self, trip: Trip, workers: int, renderer: Renderer) -> None:
        """Prepare a visit with so many requests at once."""
        self.trip = trip
        self._renderer = renderer
        self.lists = ListBook(trip)
        self.second = SecondLook(trip)
        self._workers = workers
        self._frontier = Frontier()
        self._walk = WalkBook(own=trip.own, near=trip.near, item_address=_item_address(trip.profile))
        self._images: dict[str, PageImage] = {}
        self._feeds: list[Link] = []
        self._unnamed = Unnamed()
        self._mapped: tuple[str, ...] = ()
        self._item_feeds: frozenset[str] = frozenset()
        self._page_files = 0
        self._busy = 0
        self._capped = False
        self._home_states: tuple[PageRead, ...] = ()
        self._stir = asyncio.Event()
        self.home: PageRead | None = None
        self.home_url = trip.agency.portal

    async def go(self) -> tuple[State, str]:
        """Visit the portal; return how it answered as a whole."""
        trip = self.trip
        entrances = list(trip.platform.entrances(trip.agency, trip.profile))
        first = next((link for link in entrances if link.role == "home"), None)
        home = await self._read_home(first or Link(url=trip.agency.portal, role="home"))
        self.home, self.home_url = home, home.link.url
        state, detail = judge_home(trip, home)
        if trip.scope == "host":
            await check_transport(trip, home)
        if state != "ok":
            return state, detail
        if (closed := await trip.asker.closed(home.answer.final)) is not None:
            return closed
        for link in entrances:
            self._add(link)
        for read in (home, *self._home_states):
            self._follow(read)
        await self._drain()
        await self._read_unnamed()
        await self._read_home_feeds(home)
        await self._read_site_map()
        for link in (*self.lists.vanished(), *self.second.links()):
            self._frontier.add(link)
        await self._drain()
        if trip.scope == "host":
            await self._go_round()
        if self.lists.all_changed():
            return "layout-changed", "không danh sách nào đã đọc trước đây còn hiện các dòng"
        return state, detail

    async def _read_unnamed(self) -> None:
        """Read the items of lists that no heading names, in the order that their waiting room says."""
        while links := self._unnamed.next():
            for link in links:
                self._frontier.add(link)
            await self._drain()

    async def _read_home_feeds(self, home: PageRead) -> None:
        """Read what the home page's own interface, else its feeds, tell where no list shows news."""
        if self.lists.show_news():
            return
        for link in home.links:
            if link.role == "interface" and self.trip.own.hold(link.url):
                self._frontier.add(replace(link, role="list"))
        await self._drain()
        if self.lists.show_news():
            return
        feeds = [link for link in home.links if link.role == "feed" and self.trip.own.hold(link.url)]
        self._item_feeds = frozenset(link.url for link in feeds)
        for link in feeds:
            self._frontier.add(link)
        await self._drain()

    async def _read_site_map(self) -> None:
        """Read the lists, else the items, that the addresses of a sitemap name, where no list shows any."""
        trip = self.trip
        if self.lists.show_items() or self._walk.items:
            return
        for link in self._site_maps():
            self._frontier.add(link)
        await self._drain()
        for link in lists_named(self._mapped, trip.own, trip.terms):
            self._add(link)
        await self._drain()
        if not self.lists.show_items():
            for link in items_named(self._mapped, trip.own, trip.terms):
                self._add(link)
            await self._drain()

    async def _go_round(self) -> None:
        """Do what only a whole visit does: the walk, feeds and sitemaps, images, search."""
        trip = self.trip
        await learn_not_found(trip)
        asked, capped = 0, False
        for depth in range(1, trip.terms.walk_depth + 1):
            feeds = {normalise(link.url) for link in self._feeds}  # asked for below, as what they are
            links = [
                link
                for link in self._walk.links_asked(self.home_url, depth)
                if normalise(link.url) not in feeds
            ]
            if asked + len(links) > trip.terms.walk_pages:
                links, capped = links[: trip.terms.walk_pages - asked], True
            asked += len(links)
            for link in links:
                self._frontier.add(link)
            await self._drain()
        await self._read_unnamed()
        for image in list(self._images.values())[:MOST_IMAGES]:
            self._frontier.add(Link(url=image.url, role="image"))
        for link in self._more_entrances():
            self._frontier.add(link)
        await self._drain()
        for link in self.second.told():
            self._frontier.add(link)
        await self._drain()
        home = self.home
        if home is not None:
            await probe_search(trip, home)
        self._capped = capped or self._walk.cut_short()

    def _more_entrances(self) -> Iterator[Link]:
        """Yield feeds and sitemaps that the profile, robots.txt or custom name."""
        trip = self.trip
        home = self.home_url
        yield from self._feeds
        for url in trip.profile.feeds:
            yield Link(url=absolute(home, url), role="feed")
        yield from self._site_maps()

    def _site_maps(self) -> Iterator[Link]:
        """Yield the sitemaps that robots.txt or custom name: of a sub-site the one in its own folder."""
        trip, home = self.trip, self.home_url
        folder = trip.agency.portal.partition("?")[0].partition("#")[0].rstrip("/") + "/"
        custom = (absolute(home, "/sitemap.xml"), absolute(folder, "sitemap.xml"))
        for url in dict.fromkeys((*trip.asker.sitemaps(home), *custom)):
            if trip.own.hold(url):
                yield Link(url=url, role="sitemap")

    def walk(self) -> Walk | None:
        """Return the account of the walk; None when no home page began one."""
        home, trip = self.home, self.trip
        if trip.scope != "host" or home is None or home.answer.record is None or home.page is None:
            return None
        record = home.answer.record
        return Walk(
            agency=trip.agency.code,
            run=trip.run,
            seen=Locator(record=record.id),
            began_at=record.captured_at,
            pages=self._walk.pages(self.home_url, trip.terms.walk_depth),
            capped=self._capped,
        )

    def notes(self) -> tuple[str, ...]:
        """Return what the report should say besides its state."""
        return (*self._unverified(), *self._frontier.traps.notes())

    def _unverified(self) -> tuple[str, ...]:
        """Say that the portal was read although nobody vouches for whose it is."""
        tls = self.home.answer.tls if self.home is not None and self.home.answer.usable else None
        if tls is None or tls.verdict is TlsVerdict.VALID or COMPLETED in tls.detail:
            return ()
        return (f"chứng thư {tls.verdict.value}: nội dung đọc khi chưa xác minh được danh tính máy chủ",)

    # --- the home page ----------------------------------------------------------------------------------

    async def _read_home(self, link: Link) -> PageRead:
        answer = await self._ask_home(link)
        for _ in range(refreshes.MOST):
            target = (
                refreshes.leads_to(answer.body, answer.content_type, answer.final) if answer.usable else ""
            )
            if not target or not self.trip.near.hold(target) or self._frontier.has(target):
                break
            link = replace(link, url=target)
            answer = await self._ask_home(link)
        read, *states = await self._read(answer, link)
        self._home_states = tuple(states)
        if read.page is not None:
            self.trip.not_found.learn(read.page)
        return read

    async def _ask_home(self, link: Link) -> Answer:
        self._frontier.note(link.url)
        return await self.trip.ask(link, retries=_HOME_TRIES, within=self.trip.near, opening=True)

    # --- waves ------------------------------------------------------------------------------------------

    async def _drain(self) -> None:
        """Work until nothing is left to ask for."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._workers):
                    group.create_task(self._work())
        except BaseExceptionGroup as raised:
            # One worker's storage failure ends the wave; the others were only cancelled.
            raise raised.exceptions[0] from None

    async def _work(self) -> None:
        while True:
            link = self._frontier.pop()
            if link is None:
                if not self._busy:
                    self._stir.set()
                    return
                self._stir.clear()
                await self._stir.wait()
                continue
            self._busy += 1
            try:
                await self._handle(link)
            finally:
                self._busy -= 1
                self._stir.set()

    async def _handle(self, link: Link) -> None:
        match link.role:
            case "attachment":
                await ask_attachment(self.trip, link)
            case "image":
                await ask_image(self.trip, link)
            case "feed":
                self._take_feed(link, await ask_feed(self.trip, link))
            case "sitemap":
                further, pages = await ask_sitemap(self.trip, link)
                self._mapped += pages
                for each in further:
                    self._frontier.add(each)
            case _:
                await self._page(link)

    async def _page(self, link: Link) -> None:
        trip = self.trip
        tries = _LIST_TRIES if link.role == "list" else 1
        answer = await trip.ask(link, retries=tries, within=trip.near)
        for read in await self._read(answer, link):
            if read.file:
                await keep_attachment(trip, link, answer)
            self._follow(read)

    async def _read(self, answer: Answer, link: Link) -> tuple[PageRead, ...]:
        """Return what a page shows; of a list that was turned on in the browser every page."""
        trip = self.trip
        read = trip.read(answer, link, hold=True)
        if read.page is None or link.method != "GET":
            return (read,)
        if read.page.shell or trip.profile.renderer == "browser":
            return await self._renderer.render(trip, read)
        if any(facts.more_behind_scripts for facts in read.facts):
            return await self._renderer.turn_on(trip, read)
        return (read,)

    # --- where pages lead -------------------------------------------------------------------------------

    def _follow(self, read: PageRead) -> None:
        """Take what a page leads to."""
        self.second.take(read)
        further = self.lists.take(read)
        if further is not None:
            if further.method == "GET":  # a postback asks the list's own address, which stays in the walk
                self._walk.note_further(further.url)
            self._frontier.add(further)
        for link in read.links:
            self._add(link)
        for row in read.rows:
            if isinstance(row, Item):
                self._take_item(row)
        if read.link.role not in ("item", "search"):
            self._walk.note(read)
        if read.link.role == "site" and read.page is not None and not read.missing:
            if "=" in read.link.url:
                self._frontier.traps.learn(read.link.url, main_text(read.page))
            self._take_site_page(read.page)

    def _take_item(self, row: Item) -> None:
        trip = self.trip
        if row.url:
            self._walk.items.add(normalise(row.url))
        files = row.attachments
        if row.part == "row" and isinstance(row, LegalDocument | Directive) and trip.was_answered(row.url):
            files = (*files, *_files_of(trip, row.url))
        for url in files:
            if not trip.was_answered(url):
                self._frontier.add(Link(url=url, role="attachment"))

    def _take_feed(self, feed: Link, items: list[Link]) -> None:
        """Queue what a feed leads to that no list has shown."""
        if feed.url in self._item_feeds:
            for item in items:
                if normalise(item.url) not in self._walk.items:
                    self._add(item)

    def _take_site_page(self, page: SitePage) -> None:
        for image in wide_images(page):
            self._images.setdefault(normalise(image.url), image)
        for link in page.links:
            if link.region not in ("main", "aside") or not is_file(link.url):
                continue
            if self._page_files < _MOST_PAGE_FILES and not self.trip.was_answered(link.url):
                self._page_files += self._frontier.add(Link(url=link.url, role="attachment", text=link.text))

    def _add(self, link: Link) -> None:
        """Queue a link that the scope wants; further list pages come by their lists alone."""
        trip = self.trip
        match link.role:
            case "list":
                if link.page == 1 and link.method == "GET" and trip.own.hold(link.url):
                    self._frontier.add(link)
            case "item":
                self._walk.items.add(normalise(link.url))
                wanted = trip.profile.item.follow == "always" and trip.own.hold(link.url)
                if not wanted or trip.was_answered(link.url):
                    return
                if link.kind == "article":
                    self._unnamed.wait(link)
                else:
                    self._frontier.add(link)
            case "attachment":
                if not trip.was_answered(link.url):
                    self._frontier.add(link)
            case "sitemap" | "image":
                if trip.scope == "host":
                    self._frontier.add(link)
            case "feed":
                self._feeds.append(link)  # asked for when the lists have been read
            case _:
                return


def _item_address(profile: SiteProfile) -> re.Pattern[str] | None:
    """Return the profile's own rule on which addresses are items."""
    return re.compile(profile.item.url_regex) if profile.item.url_regex else None


def _files_of(trip: Trip, url: str) -> tuple[str, ...]:
    """Return the files that a document's page, read in an earlier visit, offers."""
    latest = trip.recorder.latest(trip.agency.code, PORTAL, url)
    if latest is None:
        return ()
    seen = trip.recorder.observations_of(latest.id)
    return tuple(file for each in seen if isinstance(each, Item) for file in each.attachments)
