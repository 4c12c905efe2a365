"""What kind of list a heading announces, by the terms of `crawl.toml`.

Headings are compared on k2, without the agency's own names and filler words at their ends, up to twelve
words; a term that begins with "=" must be the whole heading. A term of twelve letters or more may differ
by one slip of typing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from minhchung.agencies import Agency
from minhchung.sites import ListKind
from minhchung.sources import CrawlTerms
from minhchung.text_keys import holds, k2

_SEPARATORS: Final = re.compile(r" [-|–—] | :: |\s*»\s*")
_FILLERS: Final = ("chuyen muc", "thong tin ve", "cac", "muc", "trang", "danh sach")
_MOST_WORDS: Final = 12
_MOST_MORE: Final = 4  # words that a menu entry has beside its term; a title has more
_SLIP_LETTERS: Final = 12
_REMEMBERED: Final = 20_000  # headings


@lru_cache(maxsize=8192)
def bare_heading(heading: str, names: tuple[str, ...]) -> str:
    """Return the k2 of a heading without fillers and names at its ends; empty when it is too long."""
    key = k2(heading)
    ends = [*names, *_FILLERS]
    changed = True
    while changed:
        changed = False
        for end in ends:
            if key.startswith(f"{end} ") and len(key) > len(end) + 1:
                key, changed = key[len(end) + 1 :], True
            if end not in _FILLERS and key.endswith(f" {end}"):
                key, changed = key[: -len(end) - 1], True
    return key if key.count(" ") < _MOST_WORDS else ""


@lru_cache(maxsize=512)
def names_of(agency: Agency) -> tuple[str, ...]:
    """Return the k2 of the agency's names, longest first."""
    keys = {k2(name) for name in (agency.name, agency.abbreviation, *agency.aliases) if name}
    return tuple(sorted(keys, key=len, reverse=True))


def first_part(title: str) -> str:
    """Return a page title up to its first separator."""
    return _SEPARATORS.split(title, maxsplit=1)[0].strip()


def title_parts(title: str) -> list[str]:
    """Return the parts of a page title between its separators."""
    return [part.strip() for part in _SEPARATORS.split(title) if part.strip()]


class Words:
    """The terms of every kind of list, on their keys; remembers what headings told."""

    def __init__(self, terms: CrawlTerms) -> None:
        """Take the configured terms."""
        told: dict[ListKind, tuple[str, ...]] = {
            "schedule_entry": terms.schedule_entry,
            "question": terms.question,
            "directive": terms.directive,
            "legal_document": terms.legal_document,
            "news": terms.news,
        }
        self._terms = [(kind, _term(text)) for kind, texts in told.items() for text in texts]
        self._not_news = [_term(text) for text in terms.not_news]
        self._told: dict[tuple[str, int], ListKind | None] = {}

    def kind(self, key: str, most: int) -> ListKind | None:
        """Return the kind whose longest term a heading's key holds, with at most so many words beside it."""
        if not key:
            return None
        asked = (key, most)
        if asked not in self._told:
            if len(self._told) > _REMEMBERED:
                self._told.clear()
            self._told[asked] = self._find(key, most)
        return self._told[asked]

    def is_no_news(self, key: str) -> bool:
        """Say whether a heading's key names what is dated and is no news: notices, tenders, …"""
        return any(_match(key, term) for term in self._not_news)

    def _find(self, key: str, most: int) -> ListKind | None:
        best: ListKind | None = None
        longest = 0
        for kind, term in self._terms:
            length = _match(key, term)
            if length > longest and key.count(" ") - term.count(" ") <= most:
                best, longest = kind, length
        if best == "news" and self.is_no_news(key):
            return None
        return best


@lru_cache(maxsize=8)
def words_of(terms: CrawlTerms) -> Words:
    """Return the terms, ready to be compared."""
    return Words(terms)


def kind_of_link(text: str, words: Words, agency: Agency) -> ListKind | None:
    """Return the kind of list that a link's text announces; None for the title of an item."""
    return words.kind(bare_heading(text, names_of(agency)), _MOST_MORE)


def kind_of(headings: Iterable[str], words: Words, agency: Agency) -> tuple[ListKind | None, str]:
    """Return the kind that the first telling heading announces, and that heading; None when none tells."""
    names = names_of(agency)
    for heading in headings:
        kind = words.kind(bare_heading(heading, names), _MOST_WORDS)
        if kind is not None:
            return kind, heading
    return None, ""


def _term(text: str) -> str:
    return f"={k2(text[1:])}" if text.startswith("=") else k2(text)


def _match(key: str, term: str) -> int:
    """Return the length of a term that the heading holds, 0 when it does not."""
    if term.startswith("="):
        return len(term) if key == term[1:] else 0
    if holds(key, term):
        return len(term)
    return len(term) - 1 if _slipped(key, term) else 0


def _slipped(key: str, term: str) -> bool:
    """Say whether the words hold the term but for one slip of typing."""
    if len(term) < _SLIP_LETTERS or len(key) < len(term) - 1:
        return False
    words, count = key.split(" "), term.count(" ") + 1
    runs = (" ".join(words[n : n + count]) for n in range(len(words) - count + 1))
    return any(OSA.distance(run, term, score_cutoff=1) <= 1 for run in runs)
