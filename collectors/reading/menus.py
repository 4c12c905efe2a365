"""Rows that are a menu's entries and no items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from collectors.reading.page import Page
from collectors.reading.rows import Row, title_link
from collectors.reading.texts import letters

_TITLE: Final = 25  # letters of an average title; a menu's entries are shorter


def is_menu(page: Page, rows: Sequence[Row]) -> bool:
    """Say whether rows repeat the page's menus: a site map, or a menu in the middle of the page."""
    links = [link for row in rows if (link := title_link(row)) is not None]
    own = {link.path for row in rows for link in row.links}
    menu = {
        link.url
        for link in page.outline.links
        if link.region in {"nav", "header", "footer"} and link.path not in own
    }
    return sum(link.url in menu for link in links) * 3 > len(links)


def titled(rows: Sequence[Row]) -> bool:
    """Say whether the links of rows are as long as titles are; some menus hold the newest items."""
    links = [link for row in rows if (link := title_link(row)) is not None]
    return bool(links) and sum(letters(link.text) for link in links) >= _TITLE * len(links)
