"""The day of publication that an item's page tells: by label, mark-up, head, a day by itself, its address.

The page's clock, days inside the story and days of other items are none of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from typing import Final
from urllib.parse import urlsplit

from collectors.reading.dates import Day, find_days, read_day
from collectors.reading.facts import Facts, free_blocks, loose_day
from collectors.reading.markup import Node, attribute, select
from collectors.reading.page import Page
from collectors.reading.row_items import Hand
from collectors.reading.texts import letters, tidy
from minhchung.observations import Block

Found = tuple[Day, str]
"""A day and the CSS path of where it stands; `head` for what is not shown, `address` for the address."""

_JSON_DAY: Final = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_META_DAYS: Final = (
    "article:published_time", "datePublished", "og:published_time", "dc.date.issued", "DC.date.issued",
    "pubdate", "publishdate", "publish-date", "article:published",
)  # fmt: skip
_MARKED: Final = "[itemprop~=datePublished],abbr.published[title],abbr[class*=date][title]"
_IN_ADDRESS: Final = re.compile(r"/((?:19|20)\d\d)([/-])(\d{1,2})\2(\d{1,2})(?=/|$)")
_YEAR: Final = re.compile(r"20\d\d")
_SHOWN: Final = frozenset(("main", "form"))
_NEAR: Final = 5  # blocks after the title among which a loose day is looked for
_LAST: Final = 4  # blocks at the end of the story that may hold it
_HEADINGS: Final = frozenset(("h2", "h3", "h4", "h5"))
_LINKED, _LINKED_ROW = 25, 12  # letters of a link in a text, in a row, that is another item's title
_HEADER: Final = re.compile(r"^.*?>header:nth-child\(\d+\)>")
_ROW_DEPTH: Final = 5  # elements around a time that may be a row of other items
_MOST_TIMES: Final = 100  # of a page
_SHORT: Final = 60  # characters of a block under the story that holds nothing but it
_MOST_GUESSED: Final = 400_000  # characters of a page that is worth a guess


def publish(
    page: Page, blocks: Sequence[Block], before: Sequence[Block], title: str, facts: Facts, hand: Hand, *,
    guess: bool,
) -> None:  # fmt: skip
    """Find the printed day of the item whose own blocks these are; `before` stand above its title, whose
    path `title` is.

    With `guess`, a page that tells none in the ways known here is given to htmldate.
    """
    value = facts.values.pop("published", None)
    told = read_day(value.text, hand.order, hand.captured_at) if value is not None else None
    if value is not None and told is not None and told.reason != "none":
        facts.published = told
        facts.places.append(("published", value.path))
        return
    found = _timed(page, title, hand) or _declared(page, hand) or _loose(blocks, before, facts, hand)
    found = found or _by_address(page.url) or (_guessed(page, (*before, *blocks), hand) if guess else None)
    if found is not None:
        facts.published = found[0]
        facts.places.append(("published", found[1]))
    elif value is not None:
        facts.published = told
        facts.places.append(("published", value.path))


def _timed(page: Page, title: str, hand: Hand) -> Found | None:
    header = _header_of(title)
    shown = [
        time for time in page.outline.times
        if time.region in _SHOWN or (header and time.path.startswith(header))
    ]  # fmt: skip
    others = _times_of_rows(page, title) if len(shown) > 1 else frozenset()
    for time in shown:
        day = read_day(time.declared or time.printed, hand.order, hand.captured_at)
        if day.day is not None and time.path not in others:
            return Day(day=day.day, printed=time.printed or time.declared), time.path
    return None


def _header_of(title: str) -> str:
    """Return the path of the page's header where the title stands in it, with ">" behind; else empty."""
    at = _HEADER.search(title)
    return title[: at.end()] if at is not None else ""


def _times_of_rows(page: Page, title: str) -> frozenset[str]:
    """Return the paths of times in rows of a list: elements of one tag side by side, all with time and link.

    The row that holds the page's own title is none.
    """
    found = set()
    for time in select(page.body, "time")[:_MOST_TIMES]:
        row: Node | None = time
        for _ in range(_ROW_DEPTH):
            row = row.parent if row is not None else None
            if row is None or row.tag in {"body", "main"} or title.startswith(page.path(row)):
                break
            if _beside_its_like(row):
                found.add(page.path(time))
                break
    return frozenset(found)


def _beside_its_like(row: Node) -> bool:
    """Say whether an element and another child of its parent with its tag hold a time and a link each."""
    parent = row.parent
    like = [node for node in parent.iter() if node.tag == row.tag] if parent is not None else []
    if len(like) < 2 or not _timed_link(row):
        return False
    return any(node.mem_id != row.mem_id and _timed_link(node) for node in like)


def _timed_link(node: Node) -> bool:
    return node.css_first("time") is not None and node.css_first("a[href]") is not None


def _declared(page: Page, hand: Hand) -> Found | None:
    text, place = page.meta(*_META_DAYS), "head"
    if not text:
        scripts = page.tree.css('script[type="application/ld+json"]')
        match = next((m for s in scripts[:10] if (m := _JSON_DAY.search(s.text()[:100_000]))), None)
        text = tidy(match[1]) if match is not None else ""
    if not text and (marked := select(page.body, _MARKED)):
        given = (attribute(marked[0], name) for name in ("content", "datetime", "title"))
        text, place = next(filter(None, given), "") or page.text(marked[0]), page.path(marked[0])
    if not text:
        return None
    day = read_day(text, hand.order)
    return (Day(day=day.day, printed=tidy(text)), place) if day.day is not None else None


def _loose(blocks: Sequence[Block], before: Sequence[Block], facts: Facts, hand: Hand) -> Found | None:
    blocks = [block for block in blocks if not _of_another(block)]
    own = list(takewhile(lambda block: block.tag not in _HEADINGS, blocks[_NEAR:]))
    last = [block for block in own[-_LAST:] if len(block.text) <= _SHORT and not block.link_text]
    for some in (blocks[:_NEAR], before, last):
        found = loose_day(free_blocks(some, facts.values), hand.order, hand.captured_at)
        if found is not None:
            return found[0], found[1].path
    return None


def _of_another(block: Block) -> bool:
    """Say whether a text is a title that leads elsewhere, with the day of what it leads to."""
    return letters(block.link_text) >= (_LINKED_ROW if block.tag == "li" else _LINKED)


def _by_address(url: str) -> Found | None:
    match = _IN_ADDRESS.search(urlsplit(url).path)
    if match is None:
        return None
    day = read_day(f"{match[1]}-{match[3]}-{match[4]}")
    return (Day(day=day.day, printed=match[0].strip("/")), "address") if day.day is not None else None


def _guessed(page: Page, blocks: Sequence[Block], hand: Hand) -> Found | None:
    """Return the day that htmldate finds, if a short text of the item's own prints it and no clock does."""
    own = takewhile(lambda block: block.tag not in _HEADINGS, blocks)
    shown = [b for b in own if len(b.text) <= _SHORT and not b.link_text and _YEAR.search(b.text)]
    if not shown:
        return None
    html = page.tree.html or ""
    if len(html) > _MOST_GUESSED:
        return None
    from htmldate import find_date  # brings lxml and a calendar of the world's languages

    latest = hand.captured_at.date().isoformat()
    guess = find_date(html, url=page.url, original_date=True, extensive_search=False, max_date=latest)
    if not guess:
        return None
    wanted = date.fromisoformat(guess)
    for block in shown:
        for day in find_days(block.text, hand.order):
            if day.day == wanted and not day.clock:
                return day, block.path
    return None
