"""Rows of a list: by a profile's selector, or found as the repeated siblings that look most like items."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from collectors.addresses import is_file
from collectors.reading.dates import find_days, is_relative
from collectors.reading.labels import field_of
from collectors.reading.markup import Node, attribute, select
from collectors.reading.outline import Time
from collectors.reading.page import Page
from collectors.reading.texts import letters, outside_links
from minhchung.observations import Block, PageLink
from minhchung.text_keys import k2

_ASIDE: Final = re.compile(
    r"side-?bar|widget|menu|\bnav|footer|header|banner|breadcrumb|pagina|pager|phan-?trang|related|lien-?quan"
    r"|tin-?khac|xem-?nhieu|most|popular|ticker|slide|carousel|login|search|cot-?phai|cot-?trai|col-?right|right-?col"
    r"|quang-?cao|lien-?ket|weblink|comment|binh-?luan|share|social|tag",
    re.IGNORECASE,
)
_ROW_CLASS: Final = re.compile(
    r"item|row|news|post|entry|\btin|\bvb|van-?ban|article|list-group", re.IGNORECASE
)
_LAYERS: Final = 4  # ancestors whose names are looked at
_MOST_LINKS: Final = 3000
_TITLE_LETTERS: Final = 8
_MENU: Final = 22  # letters of an average title, below which undated links are a menu
_CROWD: Final = 8  # different addresses in an average row, above which it is no row
_HEADED: Final = re.compile(r">h[1-6](?::[^>]*)?(?:>|$)")
_HEADING_TAGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
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

_LONG: Final = 400  # characters of a text in which a day tells nothing
_ROW_TAGS: Final = frozenset(
    ("li", "tr", "article", "div", "section", "dl", "p", "a", "h2", "h3", "h4", "dt", "table")
)
_RUNS: Final = frozenset(("h2", "h3", "h4", "dt", "a"))
"""Tags that only begin a row: it lasts until the next of them."""

_CONTENT: Final = frozenset(("main", "form"))


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


@dataclass(slots=True)
class _Group:
    parent: Node
    rows: list[Row]
    score: float = 0.0


def chosen_rows(page: Page, selector: str, exclude: Sequence[str] = ()) -> list[Row]:
    """Return the rows that a selector matches, header rows and excluded ones left out."""
    dropped = {node.mem_id for rule in exclude for node in select(page.tree, rule)}
    nodes = [node for node in select(page.tree, selector) if node.mem_id not in dropped]
    return _with_columns(page, [row_of(page, node) for node in nodes if page.path(node)])


def found_rows(page: Page, *, least: int = 2) -> list[Row]:
    """Return the rows that look most like the items of a list; none where nothing does."""
    best: _Group | None = None
    for group in _groups(page, least):
        group.score = _score(page, group)
        if group.score > 0 and (best is None or group.score > best.score):
            best = group
    return _with_columns(page, best.rows) if best is not None else []


def title_link(row: Row) -> PageLink | None:
    """Return the link that names the row's item: in a heading, else with most text; files come last."""
    pages = [link for link in row.links if not is_file(link.url)]
    own = [link for link in pages or row.links if _names(link.text)]
    if not own:
        return pages[0] if pages else None
    headed = [link for link in own if _HEADED.search(link.path[len(row.path) :] or link.path)]
    return max(headed or own, key=lambda link: letters(link.text))


def dated_addresses(page: Page) -> frozenset[str]:
    """Return the addresses that dated rows lead to, each row to one: items, whatever their titles say."""
    found: set[str] = set()
    for group in _groups(page, 2):
        for row in group.rows:
            pages = {link.url for link in row.links if not is_file(link.url)}
            if len(pages) == 1 and row_is_dated(row):
                found |= pages
    return frozenset(found)


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
    return _opened(Row(node, page.path(node), *parts, {}))


def _opened(row: Row) -> Row:
    """Return a row that is one link as if only its title were: the rest is text like any other row's."""
    link = title_link(row) if row.links and len(row.blocks) > 1 else None
    if link is None:
        return row
    held = [block for block in row.blocks if block.link_text == block.text and block.text in link.text]
    if len(held) < 2:
        return row
    named = [b for b in held if b.tag in _HEADING_TAGS] or [
        b for b in held if letters(b.text) >= _TITLE_LETTERS
    ]
    title = (named or held)[0]
    blocks = [replace(b, link_text="") if b in held and b is not title else b for b in row.blocks]
    return replace(row, blocks=blocks, title=title.text)


def _groups(page: Page, least: int) -> list[_Group]:
    """Return sets of sibling elements that each hold a link which names something."""
    held: dict[int, tuple[Node, dict[int, Node]]] = {}
    for link in select(page.tree, "a[href]")[:_MOST_LINKS]:
        if page.region(link) in _CONTENT and page.path(link):
            _climb(link, held)
    groups = []
    for parent, children in held.values():
        by_tag: dict[str, list[Node]] = {}
        for child in children.values():
            if child.tag in _ROW_TAGS:
                by_tag.setdefault(child.tag or "", []).append(child)
        for tag, nodes in by_tag.items():
            if len(nodes) < least:
                continue
            rows = [row_of(page, node) for node in nodes]
            groups.append(_Group(parent, _runs(page, parent, rows) if tag in _RUNS else rows))
    return groups


def _climb(link: Node, held: dict[int, tuple[Node, dict[int, Node]]]) -> None:
    child, parent = link, link.parent
    while parent is not None and parent.tag not in {"html", "-undef", "-document"}:
        _, children = held.setdefault(parent.mem_id, (parent, {}))
        if child.mem_id in children:
            return
        children[child.mem_id] = child
        child, parent = parent, parent.parent


def _runs(page: Page, parent: Node, rows: list[Row]) -> list[Row]:
    """Return rows that begin with a heading each and last until the next one."""
    outline = page.outline
    starts = [page.span(row.node)[0] for row in rows]
    ends = [*starts[1:], page.span(parent)[1]]
    extended = []
    for row, start, end in zip(rows, starts, ends, strict=True):
        blocks, links, times = (slice(a, b) for a, b in zip(start, end, strict=True))
        found = outline.blocks[blocks], outline.links[links], outline.times[times]
        extended.append(_opened(Row(row.node, row.path, *found, {})))
    return extended


def _score(page: Page, group: _Group) -> float:
    """Say how much a group looks like the items of a list; 0 for what cannot be one."""
    seen: set[str] = set()
    total, named, plain, in_all = 0.0, 0, 0, 0
    for row in group.rows:
        link = title_link(row)
        if link is None or link.url in seen:
            continue
        seen.add(link.url)
        length = letters(link.text)
        headed, dated = _HEADED.search(link.path) is not None, row_is_dated(row)
        if length < _TITLE_LETTERS and not headed and not dated:
            continue
        named += 1
        total += 3.0 if dated else 1.0
        plain += not dated and not headed
        in_all += length
    pages = {url for url in seen if not is_file(url)}
    count = len(group.rows)
    if named * 2 < count or named < min(count, 2) or (count > 1 and len(pages) == 1):
        return 0.0  # hardly any names, or the cells of one row
    if plain == named and in_all < _MENU * plain:
        total *= 0.1  # short, undated, no headings: a menu
    if count == 1:
        total *= _single(group.rows[0])
    if len({link.url for row in group.rows for link in row.links}) > _CROWD * count:
        total *= 0.3  # each "row" is itself a list
    return total * (0.15 if _stands_aside(group.rows[0].node) else 1.0)


def _single(row: Row) -> float:
    """Say how much an element without siblings looks like the only row of a list."""
    if any(block.tag == "h1" for block in row.blocks) or all(is_file(link.url) for link in row.links):
        return 0.0
    named = _ROW_CLASS.search(attribute(row.node, "class")) is not None
    return 2.0 if named or row.node.tag in {"tr", "article"} else 1.0


def _stands_aside(row: Node) -> bool:
    node: Node | None = row
    for _ in range(_LAYERS):
        if node is None or node.tag in {"body", "html", "main", "form"}:
            return False
        if _ASIDE.search(f"{attribute(node, 'class')} {attribute(node, 'id')}"):
            return True
        node = node.parent
    return False


def _with_columns(page: Page, rows: list[Row]) -> list[Row]:
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
    return bool(row.blocks) and all(_turns_page(part) for b in row.blocks for part in b.text.split())


def _head_row(row: Node) -> Node | None:
    """Return the first row of the table that a row stands in."""
    table = row.parent
    while table is not None and table.tag != "table":
        table = table.parent
    return table.css_first("tr") if table is not None else None
