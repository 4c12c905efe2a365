"""Rows of a list: by a profile's selector, or found as the repeated siblings that look most like items."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from collectors.addresses import is_file
from collectors.reading.dates import find_days, is_relative
from collectors.reading.labels import field_of
from collectors.reading.markup import Node, select
from collectors.reading.outline import Time
from collectors.reading.page import Page
from collectors.reading.texts import letters, outside_links
from minhchung.observations import Block, PageLink
from minhchung.text_keys import k2

TITLE_LETTERS: Final = 8
HEADED: Final = re.compile(r">h[1-6](?::[^>]*)?(?:>|$)")
HEADING_TAGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MORE: Final = frozenset(
    (
        "xem chi tiet",
        "chi tiet",
        "xem them",
        "doc tiep",
        "doc them",
        "xem tiep",
        "read more",
        "xem",
        "tiep tuc doc",
    )
)
"""Texts (k2) of links that repeat the way to an item without naming it."""

_MORE_LENGTH: Final = 16  # characters

_PAGER: Final = re.compile(
    r"(?:(?:trang(?: số)?|page|đầu|cuối|trước|sau|tiếp|first|last|next|previous|prev)\b"
    r"|[\d\s«»‹›<>.…|→←:/\[\]()-])+",
    re.IGNORECASE,
)
"""What a row of page numbers says; where it is written without blanks, all of it is one word."""

_LONG: Final = 400  # characters of a text in which a day tells nothing
_MOST_PARTS: Final = 60  # blocks inside the one link that a row is


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list."""

    node: Node
    path: str
    blocks: Sequence[Block]
    links: Sequence[PageLink]
    times: Sequence[Time]
    cells: Mapping[str, str]
    """Field -> CSS path of the cell that stands in the column of that heading."""

    title: str = ""
    """Text of the title's block, where one link holds the whole row."""


def chosen_rows(page: Page, selector: str, exclude: Sequence[str] = ()) -> list[Row]:
    """Return the rows that a selector matches, header rows and excluded ones left out."""
    dropped = {node.mem_id for rule in exclude for node in select(page.tree, rule)}
    nodes = [node for node in select(page.tree, selector) if node.mem_id not in dropped]
    return with_columns(page, [row_of(page, node) for node in nodes if page.path(node)])


def title_link(row: Row) -> PageLink | None:
    """Return the link that names the row's item: in a heading, else with most text; files come last."""
    pages = [link for link in row.links if not is_file(link.url)]
    own = [link for link in pages or row.links if _names(link.text)]
    if not own:
        return pages[0] if pages else None
    headed = [link for link in own if HEADED.search(link.path[len(row.path) :] or link.path)]
    return max(headed or own, key=lambda link: letters(link.text))


def row_is_dated(row: Row) -> bool:
    """Say whether a day stands in a row, outside its link's text."""
    if row.times:
        return True
    texts = [rest for block in row.blocks if (rest := outside_links(block)) and len(rest) < _LONG]
    return any(next(find_days(text), None) is not None or is_relative(text) for text in texts)


def _names(text: str) -> bool:
    if letters(text) < 2 or _turns_page(text):
        return False
    return len(text) > _MORE_LENGTH or k2(text) not in _MORE


def _turns_page(text: str) -> bool:
    return text.isdigit() or text in {"«", "»", "‹", "›", "<", ">", "...", "…"}


def row_of(page: Page, node: Node) -> Row:
    """Return an element as a row."""
    parts = page.blocks_in(node), page.links_in(node), page.times_in(node)
    return opened(Row(node, page.path(node), *parts, {}))


def opened(row: Row) -> Row:
    """Return a row that is one link as if only its title were: the rest is text like any other row's."""
    link = title_link(row) if row.links and len(row.blocks) > 1 else None
    if link is None:
        return row
    held = [block for block in row.blocks if block.link_text == block.text and block.text in link.text]
    if not 2 <= len(held) <= _MOST_PARTS:
        return row
    named = [b for b in held if b.tag in HEADING_TAGS] or [
        b for b in held if letters(b.text) >= TITLE_LETTERS
    ]
    title = (named or held)[0]
    blocks = [replace(b, link_text="") if b in held and b is not title else b for b in row.blocks]
    return replace(row, blocks=blocks, title=title.text)


def with_columns(page: Page, rows: list[Row]) -> list[Row]:
    """Return the rows without header rows, each told which of its cells stand under which heading."""
    columns: dict[int, str] = {}
    kept: list[Row] = []
    for row in rows:
        if not columns and not kept and (found := _columns(page, row.node)):
            columns = found
        elif not _is_header(row) and not _is_pager(row):
            kept.append(row)
    if not columns and kept and kept[0].node.tag == "tr" and (head := _head_row(kept[0].node)) is not None:
        columns = _columns(page, head)
    if not columns:
        return kept
    return [_placed(page, row, columns) for row in kept]


def _placed(page: Page, row: Row, columns: Mapping[int, str]) -> Row:
    cells = _cells(row.node)
    found = {columns[n]: page.path(cell) for n, cell in enumerate(cells) if n in columns}
    return replace(row, cells=found)


def _cells(row: Node) -> list[Node]:
    cells = list(row.iter())
    while len(cells) == 1 and cells[0].tag in {"div", "ul"}:
        cells = list(cells[0].iter())
    return cells


def _columns(page: Page, head: Node) -> dict[int, str]:
    """Return the fields that the cells of a header row name; empty when it is none."""
    cells = _cells(head)
    if not 2 <= len(cells) <= 20:
        return {}
    fields = {n: field for n, cell in enumerate(cells) if (field := field_of(page.text(cell)))}
    if len(fields) < 2 or len(fields) * 2 < sum(1 for cell in cells if page.text(cell)):
        return {}
    return fields


def _is_header(row: Row) -> bool:
    cells = [block for block in row.blocks if block.text]
    if not cells or any(link.text for link in row.links):
        return False
    return len(cells) > 1 and all(block.tag == "th" or field_of(block.text) for block in cells)


def _is_pager(row: Row) -> bool:
    texts = [block.text for block in row.blocks] or [link.text for link in row.links]
    return bool(texts) and all(map(_PAGER.fullmatch, texts))


def _head_row(row: Node) -> Node | None:
    """Return the first row of the table that a row stands in."""
    table = row.parent
    while table is not None and table.tag != "table":
        table = table.parent
    return table.css_first("tr") if table is not None else None
