"""Rows that nobody described: the repeated siblings of a page that look most like the items of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from collectors.addresses import is_file
from collectors.reading.markup import Node, attribute, select
from collectors.reading.page import Page
from collectors.reading.rows import (
    HEADED,
    TITLE_LETTERS,
    Row,
    opened,
    row_is_dated,
    row_of,
    title_link,
    with_columns,
)
from collectors.reading.texts import letters
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
_MENU: Final = 22  # letters of an average title, below which undated links are a menu
_CROWD: Final = 8  # different addresses in an average row, above which it is no row
_ROW_TAGS: Final = frozenset(
    ("li", "tr", "article", "div", "section", "dl", "p", "a", "h2", "h3", "h4", "dt", "table")
)
_RUNS: Final = frozenset(("h2", "h3", "h4", "dt", "a"))
"""Tags that only begin a row: it lasts until the next of them."""

_WHEN: Final = re.compile(
    r"\b(?:ngay|thang|nam|quy|tuan|thu|hai|ba|tu|sau|bay|chu|nhat|hom|nay|qua|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?"
    r"|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|\d{1,4})\b"
)
"""Words (k2) of a heading that only tells when what follows was published."""

_CONTENT: Final = frozenset(("main", "form"))


@dataclass(slots=True)
class _Siblings:
    """Children of one element that have one tag and each hold a link."""

    parent: Node
    nodes: list[Node]

    def rows(self, page: Page) -> list[Row]:
        rows = [row_of(page, node) for node in self.nodes]
        return _runs(page, self.parent, rows) if self.nodes[0].tag in _RUNS else rows


def found_rows(page: Page, *, least: int = 2) -> list[Row]:
    """Return the rows that look most like the items of a list; none where nothing does."""
    best: list[Row] = []
    chosen: _Siblings | None = None
    most = 0.0
    families = _families(page)
    for siblings in families:
        if len(siblings.nodes) < least:
            continue
        rows = siblings.rows(page)
        score = _score(rows)
        if score > most:
            best, chosen, most = rows, siblings, score
    if chosen is None:
        return []
    inner = _inner_rows(page, best, families)
    found = inner if _score(inner) >= most else _with_cousins(page, best, chosen, families)
    return with_columns(page, found)


def _inner_rows(page: Page, rows: Sequence[Row], families: Sequence[_Siblings]) -> list[Row]:
    """Return the rows inside of what looks like rows and is a list each: months, columns."""
    if sum(len({link.url for link in row.links if not is_file(link.url)}) > 1 for row in rows) < 1:
        return []
    inside = tuple(f"{row.path}>" for row in rows)
    levels: dict[tuple[str | None, int], list[_Siblings]] = {}
    for each in families:
        path = page.path(each.nodes[0])
        if path.startswith(inside):
            levels.setdefault((each.nodes[0].tag, path.count(">")), []).append(each)
    best: list[Row] = []
    for level in levels.values():
        if len(level) > 1 and sum(len(each.nodes) for each in level) > len(rows):
            for run in _runs_of_cousins(page, level):
                found = [row for each in run for row in each.rows(page)]
                best = max(best, found, key=_score)
    return best


def _runs_of_cousins(page: Page, level: Sequence[_Siblings]) -> list[list[_Siblings]]:
    """Return families of one shape that follow each other with nothing but times between them."""
    runs: list[list[_Siblings]] = []
    for each in sorted(level, key=lambda each: page.span(each.nodes[0])[0]):
        last = runs[-1][-1] if runs else None
        if last is not None and _shape(last) == _shape(each) and _goes_on(page, last, each):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def dated_addresses(page: Page) -> frozenset[str]:
    """Return the addresses that dated rows lead to, each row to one: items, whatever their titles say."""
    found: set[str] = set()
    for siblings in _families(page):
        if len(siblings.nodes) < 2:
            continue
        for row in siblings.rows(page):
            pages = {link.url for link in row.links if not is_file(link.url)}
            if len(pages) == 1 and row_is_dated(row):
                found |= pages
    return frozenset(found)


def _families(page: Page) -> list[_Siblings]:
    """Return sets of sibling elements that each hold a link which names something."""
    held: dict[int, tuple[Node, dict[int, Node]]] = {}
    for link in select(page.tree, "a[href]")[:_MOST_LINKS]:
        if page.region(link) in _CONTENT and page.path(link):
            _climb(link, held)
    families = []
    for parent, children in held.values():
        by_tag: dict[str, list[Node]] = {}
        for child in children.values():
            if child.tag in _ROW_TAGS:
                by_tag.setdefault(child.tag or "", []).append(child)
        families += [_Siblings(parent, nodes) for nodes in by_tag.values()]
    return families


def _with_cousins(page: Page, rows: list[Row], chosen: _Siblings, families: Sequence[_Siblings]) -> list[Row]:
    """Return the rows and those of their like around them: a list set in columns, or by year and month."""
    depth, tag = rows[0].path.count(">"), chosen.nodes[0].tag
    level = [e for e in families if e.nodes[0].tag == tag and page.path(e.nodes[0]).count(">") == depth]
    if len(level) == 1:
        return rows
    run = next(run for run in _runs_of_cousins(page, level) if any(each is chosen for each in run))
    return [row for each in run for row in (rows if each is chosen else each.rows(page))]


def _shape(siblings: _Siblings) -> list[tuple[str | None, str]]:
    """Return tags and classes of a row and the elements around it."""
    shape, node = [], siblings.nodes[0]
    for _ in range(_LAYERS):
        shape.append((node.tag, attribute(node, "class")))
        if node.parent is None:
            break
        node = node.parent
    return shape


def _goes_on(page: Page, one: _Siblings, other: _Siblings) -> bool:
    """Say whether nothing but a day, a month or a year stands between two sets of rows."""
    (end, *_), (begin, *_) = page.span(one.nodes[-1])[1], page.span(other.nodes[0])[0]
    return all(_WHEN.sub("", k2(block.text)).strip() == "" for block in page.outline.blocks[end:begin])


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
        extended.append(opened(Row(row.node, row.path, *found, {})))
    return extended


def _score(rows: Sequence[Row]) -> float:
    """Say how much siblings look like the items of a list; 0 for what cannot be one."""
    seen: set[str] = set()
    total, named, plain, in_all = 0.0, 0, 0, 0
    for row in rows:
        link = title_link(row)
        if link is None or link.url in seen:
            continue
        seen.add(link.url)
        length = letters(link.text)
        headed, dated = HEADED.search(link.path) is not None, row_is_dated(row)
        if length < TITLE_LETTERS and not headed and not dated:
            continue
        named += 1
        total += 3.0 if dated else 1.0
        plain += not dated and not headed
        in_all += length
    pages = {url for url in seen if not is_file(url)}
    count = len(rows)
    if not named or named * 2 < count or named < min(count, 2) or (count > 1 and len(pages) == 1):
        return 0.0  # hardly any names, or the cells of one row
    if plain == named and in_all < _MENU * plain:
        total *= 0.1  # short, undated, no headings: a menu
    if count == 1:
        total *= _single(rows[0])
    if len({link.url for row in rows for link in row.links}) > _CROWD * count:
        total *= 0.3  # each "row" is itself a list
    return total * (0.15 if stands_aside(rows[0].node) else 1.0)


def _single(row: Row) -> float:
    """Say how much an element without siblings looks like the only row of a list."""
    if any(block.tag == "h1" for block in row.blocks) or all(is_file(link.url) for link in row.links):
        return 0.0
    named = _ROW_CLASS.search(attribute(row.node, "class")) is not None
    return 2.0 if named or row.node.tag in {"tr", "article"} else 1.0


def stands_aside(row: Node) -> bool:
    """Say whether names of the elements around a row tell that it is none of the page's main matter."""
    node: Node | None = row
    for _ in range(_LAYERS):
        if node is None or node.tag in {"body", "html", "main", "form"}:
            return False
        if _ASIDE.search(f"{attribute(node, 'class')} {attribute(node, 'id')}"):
            return True
        node = node.parent
    return False
