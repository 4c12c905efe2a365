"""Feeds and sitemaps: what they list; hints only, never proof that something is absent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Final

import feedparser

from collectors.charset import text as decoded
from collectors.reading.dates import read_day
from collectors.reading.texts import tidy
from minhchung.evidence import EvidenceRecord, Locator
from minhchung.observations import FeedRead, SitemapRead

_LOC: Final = re.compile(
    r"<(?:\w+:)?loc\b[^>]*>\s*(?:<!\[CDATA\[)?\s*([^<\]\s][^<\]]*?)\s*(?:\]\]>)?\s*</", re.IGNORECASE
)
_SITEMAP: Final = re.compile(r"<(?:\w+:)?(urlset|sitemapindex)\b", re.IGNORECASE)
_MOST: Final = 50_000  # addresses, the format's own limit
_ENTITIES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)


def read_feed(record: EvidenceRecord, body: bytes) -> Iterator[FeedRead]:
    """Yield the feed, with a fault where it is none or defines entities of its own."""
    entries: tuple[tuple[str, date | None], ...] = ()
    if _ENTITIES.search(body[:2000]):
        fault = "the feed defines entities or a document type"
    else:
        parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
        entries = tuple((tidy(str(e.get("link", ""))), _day(e)) for e in parsed.entries if e.get("link"))
        fault = "" if parsed.version else "no feed"
    yield FeedRead(
        agency=record.agency,
        run=record.run,
        seen=Locator(record=record.id),
        url=record.url,
        entries=entries,
        fault=fault,
    )


def _day(entry: feedparser.FeedParserDict) -> date | None:
    printed = entry.get("published") or entry.get("updated") or ""
    return read_day(str(printed)).day


def read_sitemap(record: EvidenceRecord, body: bytes) -> Iterator[SitemapRead]:
    """Yield the sitemap's addresses, with a fault where it is none; an index lists its parts."""
    text = decoded(body, record.content_type)
    is_map = _SITEMAP.search(text[:4000]) is not None
    found = [unescape(tidy(match[1])) for match in _LOC.finditer(text)] if is_map else []
    yield SitemapRead(
        agency=record.agency,
        run=record.run,
        seen=Locator(record=record.id),
        url=record.url,
        addresses=tuple(found[:_MOST]),
        fault="" if is_map else "no sitemap",
    )
