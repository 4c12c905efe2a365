"""When two identities are one item: the same text, the same document, or the same news twice (G6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from minhchung.document_numbers import normalise
from minhchung.text_keys import k1, k2
from verifiers.items import Whole

MIN_TEXT = 200
"""Letters and digits below which equal texts prove nothing."""

SHINGLE = 5
"""Words of one shingle."""


def shingles(text: str) -> frozenset[str]:
    """Return the runs of five words of a k2 text; a shorter text is one shingle."""
    words = text.split()
    return frozenset(" ".join(words[n : n + SHINGLE]) for n in range(max(1, len(words) - SHINGLE + 1)))


def jaccard_percent(one: frozenset[str], other: frozenset[str]) -> int:
    """Return the share of common shingles, in percent rounded down."""
    return 100 * len(one & other) // max(1, len(one | other))


def clusters(
    items: Sequence[Whole],
    texts: Mapping[str, str],
    days: Mapping[str, object],
    *,
    jaccard: int,
    documents: bool,
) -> list[list[Whole]]:
    """Return the items grouped into wholes, the earliest seen first in each group.

    `texts` holds k2 of each item's main text, `days` its published day, both by identity; `jaccard` is a
    percentage. Sameness is closed transitively.
    """
    parent = {item.identity: item.identity for item in items}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for one, other in _pairs(items, texts, days, jaccard=jaccard, documents=documents):
        parent[root(other)] = root(one)
    grouped: dict[str, list[Whole]] = {}
    for item in items:
        grouped.setdefault(root(item.identity), []).append(item)
    return [sorted(group, key=lambda i: (i.runs[:1], i.identity)) for group in grouped.values()]


def _pairs(
    items: Sequence[Whole],
    texts: Mapping[str, str],
    days: Mapping[str, object],
    *,
    jaccard: int,
    documents: bool,
) -> Iterable[tuple[str, str]]:
    """Yield pairs of identities that are one item; only items that share a key are compared."""
    long = {i.identity: t for i in items if _letters(t := texts.get(i.identity, "")) >= MIN_TEXT}
    yield from _equal((text, identity) for identity, text in long.items())
    if documents:
        yield from _equal(
            (f"{normalise(i.number)}|{i.issued}|{k2(i.issuer)}", i.identity)
            for i in items
            if i.number and i.issued is not None
        )
    by_title: dict[tuple[str, object], list[str]] = {}
    for item in items:
        day = days.get(item.identity)
        if day is not None and texts.get(item.identity):
            by_title.setdefault((k1(item.title), day), []).append(item.identity)
    for group in by_title.values():
        sets = {identity: shingles(texts[identity]) for identity in group} if len(group) > 1 else {}
        for one, other in combinations(sorted(sets), 2):
            if jaccard_percent(sets[one], sets[other]) >= jaccard:
                yield one, other


def _equal(keyed: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    first: dict[str, str] = {}
    for key, identity in keyed:
        if key in first:
            yield first[key], identity
        else:
            first[key] = identity


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
