"""Feeds and sitemaps as parsed; nothing in them is believed beyond links and days."""

from __future__ import annotations

import io
import re
from calendar import timegm
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Final
from xml.parsers import expat

import feedparser

from collectors.addresses import absolute
from collectors.decode import DecodeBombError, gunzip
from minhchung.errors import UnrecognisedError
from minhchung.periods import local_day

MOST_ENTRIES: Final = 1_000
MOST_MALFORMED: Final = 200_000
"""Bytes of a feed that is no XML and is read all the same: mending it costs far more than reading."""

MOST_ADDRESSES: Final = 50_000
"""The sitemap protocol's own limit for one file."""

_FAULTS: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What feedparser raises on feeds made to break it: letters that are none, dates beyond all years."""

_ENTRY: Final = re.compile(rb"<(?:item|entry)[\s>/]")
_DANGER: Final = (b"<!ENTITY", b"<!entity")


def read_feed(body: bytes, url: str) -> tuple[tuple[tuple[str, date | None], ...], str]:
    """Return (link, local day) of each entry, and why the feed is none; empty when it is fine."""
    if any(mark in body for mark in _DANGER):
        return (), "declares entities"
    body = _shortened(body)
    if len(body) > MOST_MALFORMED and not _is_xml(body):
        return (), "malformed"
    try:
        parsed: Any = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except _FAULTS:
        return (), "malformed"
    if not parsed.get("version"):
        return (), "no feed"
    entries = []
    for entry in parsed.entries[:MOST_ENTRIES]:
        link = absolute(url, str(entry.get("link", "")))
        if link:
            entries.append((link, _day(entry.get("published_parsed") or entry.get("updated_parsed"))))
    return tuple(entries), "malformed" if parsed.get("bozo") and not entries else ""


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
    if parsed is None:
        return None
    try:
        return local_day(datetime.fromtimestamp(timegm(parsed), UTC))
    except (ValueError, OverflowError, OSError, TypeError):
        return None


class _RefusedError(Exception):
    """The document tries what no sitemap needs."""


class _Sitemap:
    """Collects the text of every `loc`, whatever its namespace."""

    def __init__(self) -> None:
        self.root = ""
        self.addresses: list[str] = []
        self._text: list[str] | None = None

    def start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2].casefold()
        self.root = self.root or local
        self._text = [] if local == "loc" else None

    def text(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def end(self, _: str) -> None:
        if self._text is not None:
            self.addresses.append("".join(self._text).strip())
            self._text = None
            if len(self.addresses) > MOST_ADDRESSES:
                raise _RefusedError("lists more than 50,000 addresses")


def read_sitemap(body: bytes, url: str, cap: int) -> tuple[tuple[str, ...], bool, str]:
    """Return the addresses, whether they are further sitemaps, and why the file is none.

    A gzip file is unpacked to at most `cap` bytes. Entities are refused before any is expanded.
    """
    if body.startswith(b"\x1f\x8b"):
        try:
            body = gunzip(body, cap)
        except DecodeBombError as exc:
            return (), False, str(exc)
        except UnrecognisedError as exc:
            return (), False, str(exc)
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
        return (), False, fault or "no sitemap"
    addresses = tuple(dict.fromkeys(a for a in (absolute(url, text) for text in found.addresses) if a))
    return addresses, found.root == "sitemapindex", fault


def _refuse(*_: object) -> None:
    raise _RefusedError("declares a document type or entities")
