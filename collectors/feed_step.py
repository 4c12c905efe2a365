"""The step of a visit that reads feeds and sitemaps; they are hints, never proof of completeness."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Final

from collectors.answers import Ask
from collectors.feeds import read_feed, read_sitemap
from collectors.platforms.interface import Link
from collectors.trip import Trip
from minhchung.evidence import Locator
from minhchung.observations import FeedRead, SitemapRead
from minhchung.places import Places

MOST_SITEMAPS: Final = 20
"""Sitemap files a visit reads."""

MOST_SITEMAP_BYTES: Final = 50_000_000
"""The sitemap protocol's own limit for one file, unpacked."""

MOST_FEED_ITEMS: Final = 200
"""Items of a feed that a visit reads where no list shows news."""

_MOST_BYTES: Final = 5_000_000


async def ask_feed(trip: Trip, link: Link) -> list[Link]:
    """Ask for a feed, keep its entries, or why there are none, and return the own pages it leads to."""
    answer = await trip.asker.ask(Ask(url=link.url, page=False, probe=True, max_bytes=_MOST_BYTES))
    if answer.record is None:
        return []
    if answer.usable:
        entries, fault, changed = read_feed(answer.body, answer.final)
        trip.note_changed(changed)
    else:
        entries, fault = (), str(answer.failure)
    if not answer.kept:
        trip.recorder.observe(
            [
                FeedRead(
                    agency=trip.agency.code,
                    run=trip.run,
                    seen=Locator(record=answer.record.id),
                    url=link.url,
                    entries=entries,
                    fault=fault,
                )
            ]
        )
    return feed_items(entries, trip.own)


def feed_items(entries: Iterable[tuple[str, date | None]], own: Places) -> list[Link]:
    """Return the items that a feed names, on the agency's own places: what a portal's feed tells is news."""
    links = (Link(url=url, role="item", kind="news") for url, _ in entries if own.hold(url))
    return list(islice(links, MOST_FEED_ITEMS))


async def ask_sitemap(trip: Trip, link: Link) -> tuple[list[Link], tuple[str, ...]]:
    """Ask for a sitemap, keep its addresses; return the further sitemaps of an index, or its pages."""
    answer = await trip.asker.ask(Ask(url=link.url, page=False, probe=True))
    if answer.record is None:
        return [], ()
    addresses: tuple[str, ...] = ()
    fault, index = str(answer.failure or ""), False
    if answer.usable:
        cap = min(trip.asker.most_decoded, MOST_SITEMAP_BYTES)
        addresses, index, fault, changed = read_sitemap(answer.body, answer.final, cap)
        if not index:
            trip.note_changed(changed)
    if not answer.kept:
        trip.recorder.observe(
            [
                SitemapRead(
                    agency=trip.agency.code,
                    run=trip.run,
                    seen=Locator(record=answer.record.id),
                    url=link.url,
                    addresses=addresses,
                    fault=fault,
                )
            ]
        )
    if not index:
        return [], addresses
    if link.page > 1:
        return [], ()  # an index within an index is no sitemap protocol
    further = addresses[:MOST_SITEMAPS]
    return [Link(url=url, role="sitemap", page=2) for url in further if trip.own.hold(url)], ()
