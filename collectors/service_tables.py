"""Published statistics pages as grids: headings that span, rows, and tables that are only lines of text.

Sans-I/O. A column is named by its whole path of headings, joined by ` / `, so that two columns that are both
called "Trễ" are told apart by what stands above them. Numbers stay as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from minhchung.errors import UnrecognisedError
from minhchung.text_keys import clean, k2

MOST_SPAN: Final = 200
"""Columns or rows that one cell may cover: a page made to hurt claims millions."""

MOST_CELLS: Final = 200_000
_NUMBER: Final = r"\d{1,3}(?:[.\u00a0]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_TOKEN: Final = re.compile(rf"(?:{_NUMBER}) ?%?")
_NARROWS: Final = re.compile(r" (ma|co ngay) ")
"""Words by which a definition says that it is of a part of another figure."""

_BULLET: Final = re.compile(r"^[\s\u2022+*\-–]+")


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its label and its cells by path of headings."""

    label: str
    cells: dict[str, str]
    """`column_key` of the path -> text as printed."""

    path: str
    """CSS path, or number of the line."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a page says that one of its figures means."""

    label: str
    parent: str
    """The figure it is a part of, as the definition itself says; empty: none."""

    text: str


def column_key(name: str) -> str:
    """Return what a column is compared by: its words, a percent sign being one of them."""
    return k2(name.replace("%", " phần trăm "))


def tables(body: bytes, heading: str, header_rows: int) -> Iterator[list[GridRow]]:
    """Yield the tables under a heading (any, if empty); raises UnrecognisedError for a broken grid."""
    page = LexborHTMLParser(body)
    for number, table in enumerate(page.css("table"), start=1):
        if heading and not _stands_under(table, k2(heading)):
            continue
        yield _rows(table, number, header_rows)


def _stands_under(table: LexborNode, wanted: str) -> bool:
    """Say whether caption, or the nearest text before a table, holds the wanted heading."""
    caption = table.css_first("caption")
    if caption is not None and wanted in k2(caption.text()):
        return True
    node: LexborNode | None = table
    for _ in range(6):
        before = node.prev if node is not None else None
        while before is not None:
            text = k2(before.text())
            if text:
                if wanted in text:
                    return True
                break
            before = before.prev
        node = node.parent if node is not None else None
        if node is None or node.tag in ("body", "html"):
            break
    return False


def _rows(table: LexborNode, number: int, header_rows: int) -> list[GridRow]:
    grid = _grid(table)
    heads = header_rows or _leading_heads(table)
    if not heads or heads >= len(grid):
        raise UnrecognisedError("bảng không có dòng tiêu đề, hoặc không có dòng số liệu")
    width = max(len(row) for row in grid)
    names = [_path([row[n] if n < len(row) else "" for row in grid[:heads]]) for n in range(width)]
    seen = [column_key(name) for name in names]
    twice = sorted({name for name in seen if name and seen.count(name) > 1})
    rows = []
    for place, row in enumerate(grid[heads:], start=heads + 1):
        label = row[0] if row else ""
        cells = {seen[n]: text for n, text in enumerate(row) if seen[n] not in twice}
        rows.append(GridRow(label, cells, f"table:nth-of-type({number}) tr:nth-child({place})"))
    return rows


def _grid(table: LexborNode) -> list[list[str]]:
    """Return the cells of a table where they stand, spanning ones repeated."""
    filled: dict[tuple[int, int], str] = {}
    height = 0
    for y, row in enumerate(table.css("tr")):
        x = 0
        for cell in row.iter():
            if cell.tag not in ("td", "th"):
                continue
            while (y, x) in filled:
                x += 1
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            text = clean(cell.text(separator=" ", strip=True))
            for dy in range(high):
                for dx in range(wide):
                    filled[y + dy, x + dx] = text
            if len(filled) > MOST_CELLS:
                raise UnrecognisedError("bảng quá lớn")
            x += wide
        height = y + 1
    return [
        [filled.get((y, x), "") for x in range(1 + max((c for r, c in filled if r == y), default=-1))]
        for y in range(height)
    ]


def _span(cell: LexborNode, name: str) -> int:
    said = cell.attributes.get(name) or ""
    return min(MOST_SPAN, max(1, int(said))) if said.isascii() and said.isdecimal() else 1


def _leading_heads(table: LexborNode) -> int:
    """Return how many leading rows are headings: those in thead, or of th alone."""
    count = 0
    for row in table.css("tr"):
        cells = [cell.tag for cell in row.iter() if cell.tag in ("td", "th")]
        in_head = row.parent is not None and row.parent.tag == "thead"
        if not (in_head or (cells and set(cells) == {"th"})):
            break
        count += 1
    return count


def _path(texts: Sequence[str]) -> str:
    """Return a column's headings from the top, a repeated one (it spans rows) once."""
    kept: list[str] = []
    for text in texts:
        if text and (not kept or kept[-1] != text):
            kept.append(text)
    return " / ".join(kept)


def lines(text: str, labels: Sequence[str]) -> Iterator[tuple[str, list[str], int]]:
    """Yield (label, numbers and percentages as printed, line number) of lines that begin with a label."""
    wanted = {k2(label): label for label in labels}
    for number, line in enumerate(text.splitlines(), start=1):
        bare = clean(line).strip()
        for key, label in sorted(wanted.items(), key=lambda pair: -len(pair[0])):
            end = _after(bare, key)
            if end is not None:
                yield label, [token.strip() for token in _TOKEN.findall(bare[end:])], number
                break


def _after(line: str, key: str) -> int | None:
    """Return where a line goes on behind a label's words, None where it does not begin with them."""
    words = len(key.split())
    ends = [match.end() for match in re.finditer(r"[^\W_]+", line)]
    if words == 0 or len(ends) < words or k2(line[: ends[words - 1]]) != key:
        return None
    return ends[words - 1]


def definitions(text: str) -> list[Definition]:
    """Return the definitions that a page prints as lines of `label: text` or `ratio = rule`, in order.

    Of two equal labels each is told apart by the figure that its own definition says to be a part of.
    """
    found: list[Definition] = []
    for line in text.splitlines():
        if not _BULLET.match(line):
            continue
        whole = _BULLET.sub("", clean(line))
        label, sign, said = whole.partition(":" if ":" in whole else "=")
        if not (sign and said.strip() and len(label) <= 60):
            continue
        if sign == ":":
            found.append(Definition(label.strip(), _parent(said, found), said.strip()))
        else:
            found.append(Definition(label.strip(), "", f"= {said.strip()}"))
    return found


def _parent(said: str, before: Sequence[Definition]) -> str:
    key = k2(said)
    for earlier in reversed(before):
        if not earlier.parent and key.startswith(f"so ho so {k2(earlier.label)} ") and _NARROWS.search(key):
            return earlier.label
    return ""
