"""The step of a visit that lets a page's scripts run, and reads what they made of it.

The answer without scripts, every request of the scripts, the document they made and a picture of it are all
sealed; readers are given the document. A list that shows more on demand is turned on until it brings nothing
new. Where there is no browser that is said, and the page counts as not seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from collectors.browser import Browser, BrowserError, Look, Worth
from collectors.browser_record import seal_browser
from collectors.chromium import find_browser
from collectors.page_requests import PageRequests
from collectors.sharing import Shared
from collectors.tab import State, shows_page
from collectors.trip import PageRead, Trip
from minhchung.addresses import route_of
from minhchung.evidence import PORTAL, EvidenceRecord, Failure
from minhchung.sources import BrowserLimits

_HTML: Final = "text/html; charset=utf-8"
_MORE: Final = "có danh sách còn tiếp sau nút bấm mà chưa có trình duyệt để bấm"
_ROUTES: Final = re.compile(rb'<a\b[^<>]*\shref="[^"<>#]*#!?/')
_PICTURED: Final = frozenset({"home", "list"})
"""Roles of pages of which a picture is sealed in every visit."""


class SharedBrowser(Shared):
    """The one browser of all visits of a run."""

    def __init__(self, limits: BrowserLimits) -> None:
        """Open nothing yet."""
        super().__init__()
        self._limits = limits
        self._browser: Browser | None = None

    def get(self) -> Browser | None:
        """Return the browser; None where this machine has none."""
        if self._browser is None and (found := find_browser()) is not None:
            self._browser = Browser(found, self._limits)
        return self._browser

    async def close(self) -> None:
        """Close the browser where one was opened."""
        browser, self._browser = self._browser, None
        if browser is not None:
            await browser.close()


class Renderer:
    """Renders pages for one visit."""

    def __init__(self, browsers: SharedBrowser, limits: BrowserLimits) -> None:
        """Use the browser that is lent."""
        self._browsers, self._limits = browsers, limits
        self._requests: PageRequests | None = None
        self._pages = 0
        self._named = ("", "")
        """The browser that a record of this visit names."""

    async def render(self, trip: Trip, read: PageRead) -> tuple[PageRead, ...]:
        """Return the page as its scripts make it, a list page by page; or as it came, marked as not seen."""
        browser = self._browsers.get()
        if browser is None:
            return self._unseen(
                trip, read, Failure.NO_BROWSER, "trang cần chạy mã kịch bản mà máy này không có trình duyệt"
            )
        if self._pages >= self._limits.pages_per_visit:
            return self._unseen(
                trip, read, Failure.BUDGET, "quá nhiều trang của lượt này cần chạy mã kịch bản"
            )
        self._pages += 1
        self._requests = self._requests or PageRequests(trip.asker)
        seen = _Seen(trip, read)
        listed = read.link.role in _PICTURED
        look = Look(see=seen.see, picture="screen" if listed else "", press=listed)
        url, picture, cut = _address(read), b"", True
        try:
            give = self._requests.giver(read.answer)
            shown = await browser.render(url, trip.asker.user_agent, give, look, visitor=trip.agency.code)
        except BrowserError as exc:
            if not seen.states:
                return self._unseen(trip, read, Failure.NO_BROWSER, str(exc))
        else:
            picture, cut = shown.picture, shown.cut
        self._name(trip, read, browser)
        return _sealed(trip, read, seen, picture=picture, cut=cut)  # also what a page showed before it broke

    def _name(self, trip: Trip, read: PageRead, browser: Browser) -> None:
        """Seal which browser shows the pages of this visit, once."""
        page = read.answer.record
        if page is not None and browser.software != self._named:
            self._named = browser.software
            now = trip.clock.now()
            seal_browser(trip.recorder, self._named, page, source=PORTAL, run=trip.run, now=now)

    async def turn_on(self, trip: Trip, read: PageRead) -> tuple[PageRead, ...]:
        """Return a list that goes on behind a control, page by page; cut where no browser can press it."""
        if self._browsers.get() is not None and self._pages < self._limits.pages_per_visit:
            shown = await self.render(trip, read)
            if shown[0].answer.usable:
                return shown
        if _MORE not in trip.asker.notes:
            trip.asker.notes.append(_MORE)
        return (replace(going_on(read), cut=True),)

    def _unseen(self, trip: Trip, read: PageRead, failure: Failure, detail: str) -> tuple[PageRead, ...]:
        trip.recorder.observe(read.held)
        trip.asker.refuse(read.answer.final, failure, detail)
        return (replace(read, held=(), answer=replace(read.answer, failure=failure, detail=detail)),)


@dataclass(slots=True)
class _Seen:
    """The states of a page that are worth keeping, and which items they have shown."""

    trip: Trip
    read: PageRead
    states: list[State] = field(default_factory=list)
    _met: set[str] = field(default_factory=set)
    _known_run: int = 0
    """Identities in a row, as they stand, that earlier captures hold."""

    _last: frozenset[str] = frozenset()

    def see(self, state: State) -> Worth:
        """Take what the page shows; a state that holds all rows of the one before takes its place."""
        facts = self.trip.facts(self._record(state), state.dom, self.read.link)
        shown = {identity for each in facts for identity in each.identities}
        fresh = shown - self._met
        if self.states and not fresh:
            return "nothing"
        if self.states and self._last <= shown:
            self.states.pop()
        self.states.append(state)
        self._met |= shown
        self._last = frozenset(shown)
        if not facts or not shown:
            return "enough"
        for each in facts:
            known = self._known(each.list_key)
            for identity in each.identities:
                if identity in fresh:
                    self._known_run = self._known_run + 1 if identity in known else 0
        return "enough" if self._known_run >= self.trip.terms.known_run else "more"

    def _known(self, list_key: str) -> frozenset[str]:
        return self.trip.recorder.known_identities(self.trip.agency.code, list_key)

    def _record(self, state: State) -> EvidenceRecord:
        """Return what stands for the record until the state is sealed."""
        record = self.read.answer.record
        if record is None:  # only pages that answered are rendered
            raise ValueError(f"{self.read.answer.final}: a page without a record was rendered")
        return replace(record, kind="resource", url=_shown_address(self.read, state), content_type=_HTML)


def _sealed(trip: Trip, read: PageRead, seen: _Seen, *, picture: bytes, cut: bool) -> tuple[PageRead, ...]:
    """Seal the states of a page and return what readers see in each."""
    if picture:
        _seal(trip, read, picture, url=_shown_address(read, seen.states[0]), kind="screenshot")
    reads: list[PageRead] = []
    for number, state in enumerate(seen.states, start=1):
        address = _shown_address(read, state)
        record = _seal(trip, read, state.dom, url=address, kind="dom-snapshot")
        answer = replace(read.answer, record=record, body=state.dom, kept=False, final=address)
        found = trip.read_body(answer, record, state.dom, read.link, observe=True)
        if number > 1:
            key = reads[0].facts[0].list_key if reads[0].facts else read.link.list_key
            found = replace(found, link=replace(read.link, role="list", page=number, list_key=key))
        reads.append(found)
    whole = [replace(going_on(each), goes_on=True) for each in reads[:-1]]
    return (*whole, replace(going_on(reads[-1]), cut=True) if cut else reads[-1])


def going_on(read: PageRead) -> PageRead:
    """Return a page of a list that goes on although no link of the page says so."""
    return replace(read, facts=tuple(replace(facts, last_page=False) for facts in read.facts))


def _seal(trip: Trip, read: PageRead, body: bytes, *, url: str, kind: str) -> EvidenceRecord:
    return trip.recorder.resource(
        body,
        url=url,
        content_type=_HTML if kind == "dom-snapshot" else "image/jpeg",
        agency=trip.agency.code,
        source=PORTAL,
        run=trip.run,
        kind=kind,
        captured_at=trip.clock.now(),
        concurrent_to=read.answer.record.id if read.answer.record is not None else None,
    )


def _address(read: PageRead) -> str:
    """Return the address to open: where the answer came from, at the route that was asked for."""
    route = route_of(read.link.url.partition("#")[2])
    return f"{read.answer.final}#{route}" if route else read.answer.final


def _shown_address(read: PageRead, state: State) -> str:
    """Return the address the page stands at, as the page itself shows it where that is one of the web.

    A page that leads to routes and stands at none is at its first one: only there are its links routes.
    """
    address = state.url if shows_page(state.url) else _address(read)
    return f"{address}#/" if "#" not in address and _ROUTES.search(state.dom) else address
