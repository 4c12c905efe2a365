"""What kind of list a heading announces, by the terms of `crawl.toml`.

Headings are compared on k2, without the agency's own names and filler words at their ends, up to twelve
words; a term that begins with "=" must be the whole heading. A term of twelve letters or more may differ
by one slip of typing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
_ORDER: Final[tuple[ListKind, ...]] = ("schedule_entry", "question", "directive", "legal_document", "news")


@lru_cache(maxsize=8192)
def bare_heading(heading: str, names: tuple[str, ...]) -> str:
    """Return the k2 of a heading without fillers and names at its ends; empty when it is too long to be one."""
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


def kind_of_link(text: str, terms: CrawlTerms, agency: Agency) -> ListKind | None:
    """Return the kind of list that a link's text announces; None for the title of an item."""
    key = bare_heading(text, names_of(agency))
    return _kind(key, terms, most=_MOST_MORE) if key else None


def kind_of(headings: Iterable[str], terms: CrawlTerms, agency: Agency) -> tuple[ListKind | None, str]:
    """Return the kind that the first telling heading announces, and that heading; None when none tells."""
    names = names_of(agency)
    for heading in headings:
        if heading and (kind := _kind(bare_heading(heading, names), terms)) is not None:
            return kind, heading
    return None, ""


def _kind(key: str, terms: CrawlTerms, most: int = _MOST_WORDS) -> ListKind | None:
    """Return the kind whose longest term a key holds, with at most so many words beside it."""
    if not key:
        return None
    best, longest = None, 0
    for kind in _ORDER:
        for term in _terms(terms, kind):
            length = _match(key, term)
            if length > longest and key.count(" ") - term.count(" ") <= most:
                best, longest = kind, length
    if best == "news" and any(_match(key, term) for term in _keys(terms.not_news)):
        return None
    return best


def _match(key: str, term: str) -> int:
    """Return the length of a term that the heading holds, 0 when it does not."""
    if term.startswith("="):
        return len(term) if key == term[1:] else 0
    if holds(key, term):
        return len(term)
    return len(term) - 1 if _slipped(key, term) else 0


def _slipped(key: str, term: str) -> bool:
    """Say whether the words hold the term but for one slip of typing."""
    if len(term) < _SLIP_LETTERS:
        return False
    words, count = key.split(" "), term.count(" ") + 1
    runs = (" ".join(words[n : n + count]) for n in range(len(words) - count + 1))
    return any(OSA.distance(run, term, score_cutoff=1) <= 1 for run in runs)


def _terms(terms: CrawlTerms, kind: ListKind) -> Sequence[str]:
    match kind:
        case "news":
            return _keys(terms.news)
        case "legal_document":
            return _keys(terms.legal_document)
        case "directive":
            return _keys(terms.directive)
        case "question":
            return _keys(terms.question)
        case "schedule_entry":
            return _keys(terms.schedule_entry)
        case "article":
            return ()


@lru_cache(maxsize=64)
def _keys(terms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"={k2(term[1:])}" if term.startswith("=") else k2(term) for term in terms)
