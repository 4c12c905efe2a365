"""What an item's own page holds: its text, its length, its source line (G4, G6, G16)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, Locator, RecordId, RunId
from minhchung.holdings import Holdings
from minhchung.observations import Attachment, Block, SitePage
from minhchung.text_keys import holds, k1, k2
from verifiers.addresses import host_of, normal
from verifiers.blocks import (
    Boilerplate,
    count_boilerplate,
    is_own_file,
    main_text,
    own_characters,
    own_images,
    text_blocks,
)
from verifiers.interface import CommonSettings
from verifiers.items import Whole
from verifiers.passes import healthy

LAST_BLOCKS: Final = 3
MAX_SOURCE_LINE: Final = 120
"""Characters: a longer block is a sentence, no source line."""

_SOURCE_CLASS: Final = re.compile(r"(^|[\s_-])(source|nguon|tacgia|tac-gia|nguon-tin)([\s_-]|$)", re.I)


@dataclass(frozen=True)
class ItemPages:
    """The item pages of one agency, with what each host repeats in each pass."""

    holdings: Holdings
    common: CommonSettings

    @cached_property
    def _pages(self) -> Mapping[RecordId, SitePage]:
        return {o.seen.record: o for o in self.holdings.observations if isinstance(o, SitePage)}

    @cached_property
    def _by_run(self) -> Mapping[tuple[RunId, str], list[SitePage]]:
        found: dict[tuple[RunId, str], list[SitePage]] = {}
        for page in self._pages.values():
            found.setdefault((page.run, host_of(page.url)), []).append(page)
        return found

    @cached_property
    def _boilerplates(self) -> dict[tuple[RunId, str], Boilerplate]:
        return {}

    @cached_property
    def files(self) -> Mapping[str, tuple[Attachment, ...]]:
        """Answers of every file asked for, by normal address, oldest first."""
        found: dict[str, list[Attachment]] = {}
        for each in self.holdings.observations:
            if isinstance(each, Attachment):
                found.setdefault(normal(each.url), []).append(each)
        return {url: tuple(answers) for url, answers in found.items()}

    @cached_property
    def spoilt(self) -> frozenset[RunId]:
        """Runs whose visit proves nothing."""
        visits = self.holdings.visits
        return frozenset(visit.run for visit in visits if visit.source == PORTAL and not healthy(visit))

    def page(self, item: Whole) -> SitePage | None:
        """Return the item's own page, or None when none was read."""
        return None if item.page is None else self._pages.get(item.page.record)

    def boilerplate(self, page: SitePage) -> Boilerplate:
        """Return what the page's host repeated in the page's pass."""
        key = (page.run, host_of(page.url))
        if key not in self._boilerplates:
            self._boilerplates[key] = count_boilerplate(self._by_run[key], self.common)
        return self._boilerplates[key]

    def characters(self, page: SitePage) -> int:
        """Return the letters and digits of the page's own text."""
        return own_characters(page, self.boilerplate(page))

    def text(self, item: Whole) -> str:
        """Return k2 of the main text of the item's page; empty when none was read."""
        page = self.page(item)
        return "" if page is None else main_text(page)

    def has_file(self, item: Whole) -> bool:
        """Say whether a file of the item answered with at least 1 KiB of a type that counts."""
        return any(is_own_file(a) for url in item.attachments for a in self.files.get(normal(url), ()))

    def has_picture(self, page: SitePage) -> bool:
        """Say whether the page has an own image with a caption."""
        return any((image.alt or "").strip() for image in own_images(page, self.boilerplate(page)))

    def is_stub(self, item: Whole) -> bool | None:
        """Say whether the item has neither text nor file of its own; None when its page was not read."""
        page = self.page(item)
        if page is None:
            return None
        return self.characters(page) < self.common.min_item_chars and not self.has_file(item)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTerms:
    """Words that begin a source line, and names that make it the agency's own."""

    begins: tuple[str, ...]
    own: tuple[str, ...]
    not_begins: tuple[str, ...] = ()
    """Beginnings that look like one and are none, e.g. `theo báo cáo`."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """The line by which a page declares itself a repost."""

    text: str
    seen: Locator


def declared_repost(page: SitePage, agency: Agency, terms: SourceTerms) -> SourceLine | None:
    """Return the line by which a page declares itself a repost of another body, or None (G16)."""
    if page.canonical and _absolute(page.canonical) and host_of(page.canonical) != host_of(page.url):
        return SourceLine(page.canonical, Locator(record=page.seen.record, path="link[rel=canonical]"))
    for block in _candidates(page):
        rest = _after_term(block.text, terms)
        if rest and not _own(rest, agency, terms.own):
            return SourceLine(block.text, Locator(record=page.seen.record, path=block.path))
    return None


def _absolute(url: str) -> bool:
    return bool(urlsplit(url).netloc)


def _candidates(page: SitePage) -> Iterable[Block]:
    blocks = list(text_blocks(page))
    marked = [b for b in blocks if _SOURCE_CLASS.search(b.classes)]
    last = [b for b in blocks if b.link_text != b.text][-LAST_BLOCKS:]
    return [b for b in (*marked, *last) if len(b.text) <= MAX_SOURCE_LINE]


def _after_term(text: str, terms: SourceTerms) -> str:
    """Return the words (k1) after the beginning of a source line; empty when it is none."""
    said = k1(text)
    if any(f"{said} ".startswith(f"{k1(term)} ") for term in terms.not_begins):
        return ""
    for term in sorted(map(k1, terms.begins), key=len, reverse=True):
        if f"{said} ".startswith(f"{term} "):
            return said[len(term) :].strip()
    return ""


def _own(rest: str, agency: Agency, own: Iterable[str]) -> bool:
    folded = k2(rest)
    names = (agency.name, agency.abbreviation, *agency.aliases, *own)
    return any(holds(folded, k2(name)) for name in names if name)
