"""Lists and items that a sitemap names, told by the words of their addresses: where links led to none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final
from urllib.parse import unquote, urlsplit

from collectors.addresses import is_file, is_media
from collectors.platforms.interface import Link
from collectors.reading.kinds import Words, words_of
from minhchung.places import Places
from minhchung.sites import ListKind
from minhchung.sources import CrawlTerms
from minhchung.text_keys import k2

MOST_LISTS: Final = 30
MOST_ITEMS: Final = 1_000
"""Items that a sitemap may name where no list shows any."""

_MORE: Final = 2  # words that a section's address has beside its term


def lists_named(addresses: Iterable[str], own: Places, terms: CrawlTerms) -> list[Link]:
    """Return the lists among addresses: those whose last part is a section's name, `/tin-tuc/`."""
    words = words_of(terms)
    found = (
        Link(url=url, role="list", list_key=url, kind=kind)
        for url, parts in _pages(addresses, own)
        if parts and (kind := _kind(parts[-1], words)) is not None
    )
    return list(islice(found, MOST_LISTS))


def items_named(addresses: Iterable[str], own: Places, terms: CrawlTerms) -> list[Link]:
    """Return the items among addresses: those below a section's name, `/tin-tuc/khai-mac-hoi-thi`."""
    words = words_of(terms)
    found = (
        Link(url=url, role="item", kind=kind)
        for url, parts in _pages(addresses, own)
        if len(parts) > 1
        and _kind(parts[-1], words) is None
        and (kind := next((k for part in parts[:-1] if (k := _kind(part, words)) is not None), None))
        is not None
    )
    return list(islice(found, MOST_ITEMS))


def _pages(addresses: Iterable[str], own: Places) -> Iterator[tuple[str, list[str]]]:
    for url in addresses:
        if own.hold(url) and not is_file(url) and not is_media(url):
            path = unquote(urlsplit(url).path)
            yield url, [part for part in path.split("/") if part]


def _kind(part: str, words: Words) -> ListKind | None:
    name = part.rpartition(".")[0] if part.endswith((".html", ".htm", ".aspx", ".php")) else part
    return words.kind(k2(name.replace("-", " ").replace("_", " ")), _MORE)
