"""Lists of which a page shows the beginning alone: a box under a heading with a link to all of it, or the
entries below the page's own in the menu.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from collectors.addresses import absolute, is_file
from collectors.platforms.interface import Link, PageContext
from collectors.reading.kinds import Words, bare_heading, kind_of_link, names_of
from collectors.reading.markup import Node, attribute, select
from collectors.reading.page import Page
from collectors.reading.texts import tidy
from minhchung.addresses import host_of, normalise
from minhchung.sites import ListKind
from minhchung.text_keys import k2

MOST: Final = 12
"""Lists that one page branches into, at most."""

_ALL: Final = frozenset(
    (
        "xem tat ca", "tat ca", "xem toan bo", "toan bo", "xem them", "xem tiep", "xem them tin", "them",
        "xem chi tiet", "chi tiet", "cac tin khac", "tin khac", "xem cac tin khac", "view all", "see all",
        "more", "xem tat ca tin", "xem them tin tuc", "tat ca tin",
    )
)  # fmt: skip
"""What the link to all of a box says (k2)."""

_HEADINGS: Final = "h1,h2,h3,h4,h5,h6,[class*=title],[class*=tieude],[class*=tieu-de],[class*=heading]"
_LONGEST: Final = 80  # characters of a box's heading
_CLIMB: Final = 5  # elements around the link that may be the box
_LEAST: Final = 2  # other addresses that a box holds: an item's own "more" stands beside its title alone


def boxes(page: Page) -> Iterator[tuple[str, str]]:
    """Yield (heading, address of all of it) of the boxes that a page shows, each address once."""
    met = {normalise(page.url)}
    for node in select(page.body, "a[href]"):
        if k2(tidy(node.text()) or attribute(node, "title")) not in _ALL:
            continue
        url = absolute(page.base, attribute(node, "href"))
        if not url or is_file(url) or host_of(url) != host_of(page.url) or normalise(url) in met:
            continue
        if heading := _heading_over(page, node, url):
            met.add(normalise(url))
            yield heading, url


def _heading_over(page: Page, node: Node, url: str) -> str:
    """Return the heading of the smallest box around a link; empty where there is none."""
    holder = node.parent
    for _ in range(_CLIMB):
        if holder is None or holder.tag in {"body", "main", "form", "html"}:
            return ""
        others = {normalise(link.url) for link in page.links_in(holder)} - {normalise(url)}
        heading = next((h for h in select(holder, _HEADINGS) if tidy(h.text())), None)
        if heading is not None and len(others) >= _LEAST:
            told = tidy(heading.text())
            return told if len(told) <= _LONGEST else ""
        holder = holder.parent
    return ""


def named_boxes(page: Page, words: Words, context: PageContext) -> Iterator[Link]:
    """Yield the lists behind boxes whose headings name a kind of list."""
    for heading, url in boxes(page):
        kind = kind_of_link(heading, words, context.agency)
        if kind is not None:
            yield Link(url=url, role="list", text=heading, list_key=url, kind=kind)


def branches(
    page: Page, kind: ListKind, words: Words, context: PageContext, items: frozenset[str] = frozenset()
) -> Iterator[Link]:
    """Yield the lists into which a list divides that goes on nowhere itself: they are of its kind, or of the
    one that their own words name.

    `items` are the addresses of the list's own items: a menu that holds them below the list names no lists.
    """
    found = list(boxes(page)) or list(_entries_below(page))
    if any(normalise(url) in items for _, url in found):
        return
    for heading, url in found[:MOST]:
        told = kind_of_link(heading, words, context.agency)
        if (
            told is None
            and kind == "news"
            and words.is_no_news(bare_heading(heading, names_of(context.agency)))
        ):
            continue
        yield Link(url=url, role="list", text=heading, list_key=url, kind=told or kind)


def _entries_below(page: Page) -> Iterator[tuple[str, str]]:
    """Yield text and address of the menu's entries below the one that leads to this page."""
    met = {here := normalise(page.url)}
    for node in select(page.body, "li > a[href]"):
        entry = node.parent
        if entry is None or normalise(absolute(page.base, attribute(node, "href"))) != here:
            continue
        for below in select(entry, "li > a[href]"):
            url, text = absolute(page.base, attribute(below, "href")), tidy(below.text())
            if url and text and host_of(url) == host_of(page.url) and normalise(url) not in met:
                met.add(normalise(url))
                yield text, url
