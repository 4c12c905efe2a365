"""Pages of known items asked for once more, a few each visit: so an edit inside one is noticed in time.

Which ones is drawn by the visit's seed and day: over the visits of a round every page has its turn, and a
portal cannot know whose it is. What is unchanged costs an answer without a body where it has validators.
Those that a feed or sitemap calls changed since come beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Final

from collectors.platforms.interface import Link
from collectors.trip import PageRead, Trip
from minhchung.addresses import normalise
from minhchung.evidence import PORTAL
from minhchung.holdings import Change
from minhchung.observations import Article, Directive, LegalDocument, NewsItem, SitePage
from minhchung.periods import local_day
from minhchung.text_keys import k1

ITEM_KINDS: Final = ("news", "legal_document", "directive", "article")
TELLING: Final = 60
"""Letters of a block whose change is an edit; shorter ones hold counters, clocks and days of the week."""

_LEAST: Final = 10
"""Pages that may be asked for on a feed's word, however few a share of all is."""

_AHEAD: Final = timedelta(days=1)
"""A change that lies further ahead than clocks and zones differ is none."""

_Item = NewsItem | LegalDocument | Directive | Article
_FIELDS: Final = ("number", "issued", "effective", "issuer", "doc_type", "signer", "attachments")
_DIGITS: Final = re.compile(r"\d+")


class SecondLook:
    """The draw of one visit, and what it found."""

    def __init__(self, trip: Trip) -> None:
        """Begin a visit that has looked at nothing again."""
        self._trip = trip
        self._before: dict[str, _Item] = {}
        self.changes: list[Change] = []

    def links(self) -> Iterator[Link]:
        """Yield the pages to be asked for again: a share of those read before, none on a first visit."""
        trip, pages = self._trip, self._pages()
        own = [url for url, item in pages.items() if trip.own.hold(item.url)]
        most = min(trip.terms.second_look_most, len(own) * trip.terms.second_look_percent // 100)
        draw = f"{trip.seed}/{local_day(trip.clock.now())}/"

        def drawn(url: str) -> bytes:
            return sha256(f"{draw}{pages[url].identity}".encode()).digest()

        for url in sorted(own, key=drawn)[:most]:
            yield self._link(url, pages[url])

    def told(self) -> Iterator[Link]:
        """Yield the pages that a feed or sitemap calls changed since it was last read.

        They come beside the draw, which nobody can steer, and are as few: a portal may say so of every page.
        """
        trip = self._trip
        pages = self._pages() if trip.changed else {}
        seen = [v for v in trip.recorder.visits_of(trip.agency.code, PORTAL) if v.scope == "host"]
        if not pages or not seen:
            return
        since, latest = seen[-1].began_at, trip.clock.now() + _AHEAD
        share = len(pages) * trip.terms.second_look_percent // 100
        told = sorted(trip.changed.items(), key=lambda each: each[1], reverse=True)
        found = [
            (url, pages[url])
            for url, when in told
            if url in pages and since < when <= latest and trip.own.hold(pages[url].url)
        ]
        for url, item in found[: min(trip.terms.second_look_most, max(_LEAST, share))]:
            yield self._link(url, item)

    def _pages(self) -> dict[str, _Item]:
        """Return the items' pages that earlier visits read, by address; none where none is asked again."""
        trip, pages = self._trip, dict[str, _Item]()
        if not trip.answered or not trip.terms.second_look_percent:
            return pages
        for each in trip.recorder.kept(trip.agency.code, ITEM_KINDS):
            if isinstance(each, _Item) and each.part == "page" and each.run != trip.run:
                pages[normalise(each.url)] = each
        return pages

    def _link(self, url: str, item: _Item) -> Link:
        self._before[url] = item
        return Link(
            url=item.url,
            role="item",
            text=item.title,
            list_key=item.list_url,
            kind=item.kind,
            identity=item.identity,
        )

    def take(self, read: PageRead) -> None:
        """Hold a page that was asked for again against what it showed before."""
        was = self._before.pop(normalise(read.link.url), None)
        if was is None or read.page is None or read.missing:
            return
        now = next(
            (each for each in read.rows if isinstance(each, _Item) and each.identity == was.identity), None
        )
        if now is not None and (differs := self._differs(was, now, read.page)) is not None:
            self.changes.append(
                Change(what="edited", identity=was.identity, before=differs[0], now=differs[1])
            )

    def _differs(self, was: _Item, now: _Item, page: SitePage) -> tuple[str, str] | None:
        """Return before and now of the first thing that differs."""
        if k1(was.title) != k1(now.title):
            return was.title, now.title
        if was.published != now.published:
            return str(was.published or ""), str(now.published or "")
        for name in _FIELDS:
            if getattr(was, name) != getattr(now, name):
                return _told(getattr(was, name)), _told(getattr(now, name))
        before = self._trip.recorder.observations_of(was.seen.record)
        former = next((each for each in before if isinstance(each, SitePage)), None)
        if former is None or (old := _said(former)) == (new := _said(page)):
            return None
        return f"{sum(map(len, old))} ký tự", f"{sum(map(len, new))} ký tự"


def _said(page: SitePage) -> tuple[str, ...]:
    """Return the paragraphs of a page's own text, figures apart: what is linked is another page's matter."""
    own = (each for each in page.blocks if each.region == "main" and not each.link_text)
    return tuple(_DIGITS.sub("0", each.text) for each in own if len(each.text) >= TELLING)


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")
