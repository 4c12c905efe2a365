"""The lists of one visit: every page that shows one is given to its pass, which says whether to go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from collectors.lists import ListPass, vanished
from collectors.platforms.interface import Link, ListFacts
from collectors.trip import PageRead, Trip
from minhchung.addresses import normalise
from minhchung.observations import (
    Article,
    Directive,
    Item,
    LegalDocument,
    ListCapture,
    NewsItem,
    Observation,
    Question,
    ScheduleEntry,
)

MOST_VANISHED: Final = 50
"""Vanished items of one list that a visit asks for; more of them at once is a migration."""

_AnyItem = NewsItem | LegalDocument | Directive | Article


class ListBook:
    """Passes by the first address of their lists."""

    def __init__(self, trip: Trip) -> None:
        """Begin a visit that has met no list."""
        self._trip = trip
        self._passes: dict[str, ListPass] = {}
        self._most = max((each.pagination.max_pages for each in trip.profile.list), default=200)

    def take(self, read: PageRead) -> Link | None:
        """Take a page that was asked for; return the next page of its list when that is wanted."""
        link, record = read.link, read.answer.record
        if not read.answer.usable or record is None:
            self._fail(read)
            return None
        if not read.facts:
            if link.role == "list":
                self._miss(read)
            return None
        further: Link | None = None
        for facts in read.facts:
            listed = self._pass_of(facts, link)
            if listed is None or not listed.take(record, facts, _rows_of(read, facts.list_key)):
                continue
            further = self._next(read, facts, listed) or further
        return further

    def _pass_of(self, facts: ListFacts, link: Link) -> ListPass | None:
        """Return the pass that a page belongs to; None when the list has been followed from elsewhere."""
        known = self._passes.get(facts.list_key)
        if known is None:
            listed = self._begin(facts.list_key, facts.heading, facts.item_kind)
            if link.page > 1:
                # A further page without its first: the list is seen in part only.
                listed.fail(facts.list_key, None, None)
            return listed
        goes_on = link.page > 1 and known.ended is None
        return known if goes_on else None

    def _begin(self, key: str, heading: str = "", kind: str = "") -> ListPass:
        trip = self._trip
        listed = ListPass(
            key,
            agency=trip.agency.code,
            run=trip.run,
            known=trip.recorder.known_identities(trip.agency.code, key),
            known_run=trip.terms.known_run,
            since=trip.since,
            heading=heading,
            kind=kind,
        )
        self._passes[key] = listed
        return listed

    def _next(self, read: PageRead, facts: ListFacts, listed: ListPass) -> Link | None:
        page = read.link.page
        if read.goes_on:
            return None  # it is here already
        if read.cut:
            listed.cut()
            return None
        pages = [
            each
            for each in read.links
            if each.role == "list" and each.page > page and each.list_key in ("", facts.list_key)
        ]
        if not pages:
            listed.run_out()
            return None
        if page >= self._most:
            listed.cut()
            return None
        return min(pages, key=lambda each: each.page)

    def _fail(self, read: PageRead) -> None:
        link, answer = read.link, read.answer
        if link.role != "list":
            return
        key = link.list_key or link.url
        listed = self._passes.get(key)
        if listed is None:
            before = self._trip.recorder.last_capture(self._trip.agency.code, key)
            listed = (
                self._begin(key, before.heading, before.item_kind)
                if before is not None
                else self._begin(key, link.text, link.kind)
            )
        if listed.ended is None:
            listed.fail(link.url, answer.failure, answer.record)

    def _miss(self, read: PageRead) -> None:
        """Note a list page on which the reader found no list."""
        link, record = read.link, read.answer.record
        key = link.list_key or link.url
        listed = self._passes.get(key)
        if listed is None:
            before = self._trip.recorder.last_capture(self._trip.agency.code, key)
            if before is None:
                return  # a menu word promised a list; the page is an ordinary one
            listed = self._begin(key, before.heading, before.item_kind)
        if record is not None and listed.ended is None:
            listed.change_layout(record)

    def captures(self) -> tuple[ListCapture, ...]:
        """Return the accounts of all passes."""
        made = (listed.capture() for listed in self._passes.values())
        return tuple(capture for capture in made if capture is not None)

    def show_news(self) -> bool:
        """Say whether a list of news showed an item."""
        return any(listed.kind == "news" and listed.identities for listed in self._passes.values())

    def show_items(self) -> bool:
        """Say whether any list showed an item."""
        return any(listed.identities for listed in self._passes.values())

    def all_changed(self) -> bool:
        """Say whether several lists that showed rows before were looked at and nothing looks like a list now.

        On a first visit nothing can have changed.
        """
        passes = self._passes.values()
        read_before = sum(1 for listed in passes if self._was_read(listed))
        return read_before > 1 and all(listed.ended == "layout" for listed in passes)

    def _was_read(self, listed: ListPass) -> bool:
        """Say whether an earlier visit met items on this list."""
        recorder, code = self._trip.recorder, self._trip.agency.code
        before = recorder.last_capture(code, listed.key)
        return before is not None and bool(before.identities or recorder.known_identities(code, listed.key))

    def vanished(self) -> Iterator[Link]:
        """Yield the items that a complete pass should have met and did not, to see how they answer now."""
        trip = self._trip
        for listed in self._passes.values():
            before = trip.recorder.last_capture(trip.agency.code, listed.key)
            if before is None:
                continue
            gone = frozenset(vanished(before, listed)[:MOST_VANISHED])
            if not gone:
                continue
            for item in self._items_of(before):
                if item.identity in gone and item.url and trip.own.hold(item.url):
                    yield Link(
                        url=item.url,
                        role="item",
                        text=item.title,
                        list_key=listed.key,
                        kind=item.kind,
                        identity=item.identity,
                    )

    def _items_of(self, capture: ListCapture) -> Iterator[_AnyItem]:
        for page in capture.pages:
            for seen in self._trip.recorder.observations_of(page):
                if isinstance(seen, _AnyItem) and seen.list_url == capture.list_url:
                    yield seen


def _rows_of(read: PageRead, list_key: str) -> tuple[Observation, ...]:
    if len(read.facts) == 1:
        return read.rows
    key = normalise(list_key)
    return tuple(
        row
        for row in read.rows
        if isinstance(row, Item | Question | ScheduleEntry) and normalise(row.list_url) == key
    )
