"""Whether a heading names a thing: terms as data, fillers and own names cut, slips of typing allowed (G2).

A term list is a tuple of strings as it stands in a configuration file; `=` before a term means that the
heading must equal it once the agency's names and the filler words are cut from both ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from minhchung.agencies import Agency
from minhchung.text_keys import accented, holds, k1, k2
from verifiers.interface import CommonSettings

TermList = tuple[str, ...]
"""Terms as configured, e.g. `("=liên hệ", "thông tin liên hệ")`."""

_FILLERS: Final = (("chuyen", "muc"), ("thong", "tin", "ve"), ("cac",), ("muc",), ("trang",))
_TITLE_ENDS: Final = (" - ", " | ", " :: ")
_OFTEN_WRITTEN: Final = (("ủy ban nhân dân", "ubnd"), ("hội đồng nhân dân", "hđnd"))

Words = tuple[str, ...]

key_of: Final = lru_cache(maxsize=262_144)(k2)
"""`k2` of a text, kept: the same boxes come back on every page of every pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One compiled term."""

    text: str
    """As configured, without the mark."""

    words: Words
    whole: bool
    """The heading must equal it."""

    key: str
    """Its words without blanks: what typing slips are measured on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingMatch:
    """A heading that matched, and how."""

    heading: str
    term: str
    slip: bool = False
    """True when it matched but for one slip of typing."""


@lru_cache(maxsize=1024)
def compile_terms(terms: TermList) -> tuple[Term, ...]:
    """Return the terms ready to match; an empty one is left out."""
    found = []
    for said in terms:
        text = said.removeprefix("=").strip()
        words = tuple(k2(text).split())
        if words:
            found.append(Term(text=text, words=words, whole=said.startswith("="), key="".join(words)))
    return tuple(found)


@lru_cache(maxsize=1024)
def names_of(agency: Agency) -> tuple[Words, ...]:
    """Return the words of the agency's name and aliases, long ones first, short forms included."""
    said = {agency.name, *agency.aliases}
    for long, short in _OFTEN_WRITTEN:
        said |= {k.replace(long, short) for k in (name.casefold() for name in said)}
        said |= {k.replace(short, long) for k in (name.casefold() for name in said)}
    keys = {tuple(k2(name).split()) for name in said}
    return tuple(sorted((k for k in keys if k), key=lambda k: (-len(k), k)))


def match_heading(
    text: str, terms: TermList, names: tuple[Words, ...], common: CommonSettings
) -> HeadingMatch | None:
    """Return how a heading matches the first of the terms that it matches, or None."""
    return _match(text, terms, names, common.max_heading_words, common.typo_min_letters, common.typo_distance)


@lru_cache(maxsize=262_144)
def _match(
    text: str, terms: TermList, names: tuple[Words, ...], max_words: int, min_letters: int, distance: int
) -> HeadingMatch | None:
    words = tuple(k2(text).split())
    first, last = _core(words, names)
    if first == last or last - first > max_words:
        return None
    compiled = compile_terms(terms)
    for term in compiled:
        if _stands_in(words, first, last, term):
            return HeadingMatch(heading=text, term=term.text)
    for term in compiled:
        if len(term.key) >= min_letters and _slips_in(words, first, last, term, distance):
            return HeadingMatch(heading=text, term=term.text, slip=True)
    return None


def _core(words: Words, names: tuple[Words, ...]) -> tuple[int, int]:
    """Return where the heading begins and ends once names and fillers are cut from both ends."""
    first, last = 0, len(words)
    cuts = (*names, *_FILLERS)
    moved = True
    while moved:
        moved = False
        for cut in cuts:
            size = len(cut)
            if size <= last - first and words[first : first + size] == cut:
                first, moved = first + size, True
            if size <= last - first and words[last - size : last] == cut:
                last, moved = last - size, True
    return first, last


def _windows(words: Words, first: int, last: int, term: Term) -> Iterator[Words]:
    """Yield the stretches of the heading that the term is compared with.

    A stretch may reach into what was cut ("hoạt động của sở"), but one that lies wholly in an agency's
    own name says nothing of the page.
    """
    size = len(term.words)
    if term.whole:
        if size == last - first:
            yield words[first:last]
        return
    for start in range(max(0, first - size + 1), min(last, len(words) - size + 1)):
        yield words[start : start + size]


def _stands_in(words: Words, first: int, last: int, term: Term) -> bool:
    return any(stretch == term.words for stretch in _windows(words, first, last, term))


def _slips_in(words: Words, first: int, last: int, term: Term, distance: int) -> bool:
    return any(
        within_distance("".join(stretch), term.key, distance)
        for stretch in _windows(words, first, last, term)
    )


@lru_cache(maxsize=262_144)
def within_distance(one: str, other: str, most: int) -> bool:
    """Say whether the optimal-string-alignment distance of two texts is at most `most`."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most


def title_heading(title: str) -> str:
    """Return a page title up to its first separator."""
    ends = [at for at in (title.find(mark) for mark in _TITLE_ENDS) if at >= 0]
    return title[: min(ends)] if ends else title


@lru_cache(maxsize=4096)
def _keyed(terms: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((term, k1(term), k2(term)) for term in terms)


def text_holds(text: str, terms: tuple[str, ...]) -> str | None:
    """Return the first term that stands in a text of an item: with accents where the text has any."""
    folded = key_of(text)
    found = [(term, exact) for term, exact, loose in _keyed(terms) if holds(folded, loose)]
    if not found or not accented(text):
        return found[0][0] if found else None
    said = k1(text)
    return next((term for term, exact in found if holds(said, exact)), None)


def text_begins(text: str, terms: tuple[str, ...]) -> str | None:
    """Return the first term with which a text of an item begins, compared as in `text_holds`."""
    folded = f"{key_of(text)} "
    found = [(term, exact) for term, exact, loose in _keyed(terms) if folded.startswith(f"{loose} ")]
    if not found or not accented(text):
        return found[0][0] if found else None
    said = f"{k1(text[:80])} "
    return next((term for term, exact in found if said.startswith(f"{exact} ")), None)
