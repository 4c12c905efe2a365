"""The first items of a list where they stand above its rows, large, in mark-up of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from collectors.addresses import is_file
from collectors.reading.page import Page
from collectors.reading.row_groups import stands_aside
from collectors.reading.rows import Row, row_is_dated, row_of
from collectors.reading.texts import letters

_MOST: Final = 3  # items above the rows
_TITLE: Final = 20  # letters of such an item's title at least
_CLIMB: Final = 5  # elements around the link that may be the item's own
_LINKS: Final = 6  # different addresses in the item's own element


def lead_rows(page: Page, rows: Sequence[Row]) -> list[Row]:
    """Return dated elements before the rows, each with one title that leads where the rows' titles lead."""
    begins = page.span(rows[0].node)[0][1]
    held = {link.url for row in rows for link in row.links}
    folders = {_folder(link.url) for row in rows for link in row.links if letters(link.text) >= _TITLE}
    found: dict[str, Row] = {}
    for link in page.outline.links[:begins]:
        if link.url in held or link.url in found or is_file(link.url) or letters(link.text) < _TITLE:
            continue
        if link.region not in {"main", "aside"} or _folder(link.url) not in folders:
            continue
        row = _around(page, link.path, rows)
        if row is not None:
            found[link.url] = row
        if len(found) == _MOST:
            break
    return list(found.values())


def _around(page: Page, path: str, rows: Sequence[Row]) -> Row | None:
    """Return the smallest dated element around a link that holds no row and few other links."""
    node = page.tree.css_first(path)
    for _ in range(_CLIMB):
        node = node.parent if node is not None else None
        if node is None or node.tag in {"body", "main", "form"}:
            return None
        own = page.path(node)
        if not own or any(row.path.startswith(f"{own}>") for row in rows):
            return None
        row = row_of(page, node)
        if len({link.url for link in row.links}) > _LINKS:
            return None
        if row_is_dated(row):
            return None if stands_aside(node) else row
    return None


def _folder(url: str) -> tuple[str, str]:
    """Return the folder and the ending of an address."""
    folder, _, name = urlsplit(url).path.rstrip("/").rpartition("/")
    return "".join("0" if sign.isdigit() else sign for sign in folder), name.rpartition(".")[
        2
    ] if "." in name else ""
