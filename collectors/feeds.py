"""Feeds and sitemaps as parsed; nothing in them is believed beyond links and days."""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any, Final, NamedTuple
from xml.parsers import expat

import feedparser

from collectors.addresses import absolute
from collectors.decode import gunzip
from minhchung.errors import UnrecognisedError
from minhchung.periods import VIETNAM, local_day

MOST_ENTRIES: Final = 1_000
MOST_MALFORMED: Final = 200_000
"""Bytes of a feed that is no XML and is read all the same: mending it costs far more than reading."""

MOST_ADDRESSES: Final = 50_000
"""The sitemap protocol's own limit for one file."""

_FAULTS: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What feedparser raises on feeds made to break it: letters that are none, dates beyond all years."""

_ENTRY: Final = re.compile(rb"<(?:item|entry)[\s>/]")
_DANGER: Final = (b"<!ENTITY", b"<!entity")


Changed = Mapping[str, datetime]
"""Address -> when it was changed, as a feed or sitemap says; aware. A day alone is its last second here."""


class FeedContent(NamedTuple):
    """What a feed tells."""

    entries: tuple[tuple[str, date | None], ...]
    """(link, local day)."""

    fault: str
    """Why the feed is none; empty when it is fine."""

    changed: Changed


class SitemapContent(NamedTuple):
    """What a sitemap tells."""

    addresses: tuple[str, ...]
    of_sitemaps: bool
    """The addresses are further sitemaps."""

    fault: str
    """Why the file is none."""

    changed: Changed


def read_feed(body: bytes, url: str) -> FeedContent:
    """Return what a feed tells."""
    if any(mark in body for mark in _DANGER):
        return FeedContent((), "declares entities", {})
    body = _shortened(body)
    if len(body) > MOST_MALFORMED and not _is_xml(body):
        return FeedContent((), "malformed", {})
    try:
        parsed: Any = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except _FAULTS:
        return FeedContent((), "malformed", {})
    if not parsed.get("version"):
        return FeedContent((), "no feed", {})
    entries, changed = [], dict[str, datetime]()
    for entry in parsed.entries[:MOST_ENTRIES]:
        link = absolute(url, str(entry.get("link", "")))
        if link:
            entries.append((link, _day(entry.get("published_parsed") or entry.get("updated_parsed"))))
            if "updated_parsed" in entry and (when := _instant(entry["updated_parsed"])) is not None:
                changed[link] = when
    return FeedContent(tuple(entries), "malformed" if parsed.get("bozo") and not entries else "", changed)


def _shortened(body: bytes) -> bytes:
    """Return a feed without the entries beyond the most that are read."""
    further = next(islice(_ENTRY.finditer(body), MOST_ENTRIES, None), None)
    if further is None:
        return body
    ending = b"</feed>" if b"<feed" in body[:2000] else b"</channel></rss>"
    return body[: further.start()] + ending


def _is_xml(body: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(body, True)
    except expat.ExpatError:
        return False
    return True


def _day(parsed: Any) -> date | None:
    instant = _instant(parsed)
    try:
        return None if instant is None else local_day(instant)
    except OverflowError:
        return None


def _instant(parsed: Any) -> datetime | None:
    try:
        return None if parsed is None else datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _stamped(text: str) -> datetime | None:
    """Return the instant of a W3C date; a day alone ends with it."""
    try:
        when = datetime.fromisoformat(text)
        if len(text) <= len("2021-11-04"):
            return datetime.combine(when.date(), time(23, 59, 59), VIETNAM)
        return when if when.tzinfo is not None else when.replace(tzinfo=VIETNAM)
    except (ValueError, OverflowError):
        return None


class _RefusedError(Exception):
    """The document tries what no sitemap needs."""


class _Sitemap:
    """Collects the text of every `loc` with the `lastmod` behind it, whatever their namespace."""

    def __init__(self) -> None:
        self.root = ""
        self.addresses: list[str] = []
        self.stamps: dict[str, str] = {}
        self._text: list[str] | None = None
        self._stamp = False

    def start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2].casefold()
        self.root = self.root or local
        self._stamp = local == "lastmod"
        self._text = [] if local == "loc" or self._stamp else None

    def text(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def end(self, _: str) -> None:
        if self._text is not None:
            said = "".join(self._text).strip()
            self._text = None
            if self._stamp:
                if self.addresses:
                    self.stamps[self.addresses[-1]] = said
                return
            self.addresses.append(said)
            if len(self.addresses) > MOST_ADDRESSES:
                raise _RefusedError("lists more than 50,000 addresses")


def read_sitemap(body: bytes, url: str, cap: int) -> SitemapContent:
    """Return what a sitemap tells.

    A gzip file is unpacked to at most `cap` bytes. Entities are refused before any is expanded.
    """
    if body.startswith(b"\x1f\x8b"):
        try:
            body = gunzip(body, cap)
        except UnrecognisedError as exc:
            return SitemapContent((), False, str(exc), {})
    found = _Sitemap()
    parser = expat.ParserCreate()
    parser.StartElementHandler = found.start
    parser.CharacterDataHandler = found.text
    parser.EndElementHandler = found.end
    parser.EntityDeclHandler = _refuse
    parser.StartDoctypeDeclHandler = _refuse
    fault = ""
    try:
        parser.Parse(body, True)
    except _RefusedError as exc:
        fault = str(exc)
    except expat.ExpatError as exc:
        fault = f"malformed: {exc}"
    if found.root not in ("urlset", "sitemapindex"):
        return SitemapContent((), False, fault or "no sitemap", {})
    places = {text: address for text in found.addresses if (address := absolute(url, text))}
    stamps = ((places.get(text, ""), _stamped(stamp)) for text, stamp in found.stamps.items())
    changed = {address: when for address, when in stamps if address and when is not None}
    return SitemapContent(tuple(dict.fromkeys(places.values())), found.root == "sitemapindex", fault, changed)


def _refuse(*_: object) -> None:
    raise _RefusedError("declares a document type or entities")
