"""Selectors that lead back to what was found by looking: short, without positions where names will do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from collectors.reading.lists import ListPage
from collectors.reading.markup import Node, attribute
from collectors.reading.page import Page
from collectors.reading.rows import Row, chosen_rows

_NAME: Final = re.compile(r"^[A-Za-z_][\w-]{1,60}$")
_PASSING: Final = re.compile(
    r"^(?:first|last|odd|even|active|current|hidden|show|in|fade|clearfix|row\d+|item-?\d+|post-\d+)$"
)
_AROUND: Final = 4  # elements around a row whose names are tried
_MOST: Final = 60  # selectors tried for one field


def rows_selector(lists: Sequence[ListPage]) -> str:
    """Return a selector that gives the rows of every page of a list and nothing else; empty: none does."""
    first = lists[0]
    for candidate in _row_candidates(first.rows):
        if all(_paths(chosen_rows(each.page, candidate)) == _paths(each.rows) for each in lists):
            return candidate
    return ""


def _paths(rows: Sequence[Row]) -> list[str]:
    return [row.path for row in rows]


def _row_candidates(rows: Sequence[Row]) -> Iterator[str]:
    tag = rows[0].node.tag or ""
    shared = [name for name in names_of(rows[0].node) if all(name in names_of(row.node) for row in rows)]
    own = [f"{tag}.{name}" for name in shared] + ([f"{tag}.{'.'.join(shared)}"] if len(shared) > 1 else [])
    yield from own
    for outer, joint in _named_ancestors(rows[0].node):
        yield from (f"{outer}{joint}{child}" for child in (*own, tag))
    parent = rows[0].node.parent
    if parent is not None:
        yield f"{parent.tag} > {tag}"


def _named_ancestors(node: Node) -> Iterator[tuple[str, str]]:
    """Yield selectors of the elements around, nearest first, and how a child is joined to them."""
    joint, around = " > ", node.parent
    for _ in range(_AROUND):
        if around is None or around.tag in {"body", "html"}:
            return
        tag = around.tag or ""
        if _NAME.match(identity := attribute(around, "id")) and not identity[-1].isdigit():
            yield f"#{identity}", joint
        yield from ((f"{tag}.{name}", joint) for name in names_of(around))
        joint, around = " ", around.parent


def names_of(node: Node) -> list[str]:
    """Return the class names of an element that say what it is, not where it stands."""
    return [n for n in attribute(node, "class").split() if _NAME.match(n) and not _PASSING.match(n)]


def inside_candidates(page: Page, path: str, top: str) -> Iterator[str]:
    """Yield selectors, shortest first, for the element at a path below another element's path."""
    if path == top:
        yield ":self"
        return
    node = page.tree.css_first(path)
    if node is None or not path.startswith(top):
        return
    tag = node.tag or ""
    yield from islice(_candidates(node, tag, path[len(top) :].strip(">")), _MOST)


def _candidates(node: Node, tag: str, below: str) -> Iterator[str]:
    names = names_of(node)
    if _NAME.match(identity := attribute(node, "id")) and not identity[-1].isdigit():
        yield f"#{identity}"
    if tag in {"time", "h1"}:
        yield tag
    yield from (f".{name}" for name in names)
    yield from (f"{tag}.{name}" for name in names)
    outer: Node | None = node.parent
    for _ in range(3):
        if outer is None or outer.tag in {"body", "html"}:
            break
        yield from (f".{name} {tag}" for name in names_of(outer))
        if outer.tag in {"h1", "h2", "h3", "h4", "h5", "dt", "dd", "td"}:
            yield f"{outer.tag} {tag}"
        outer = outer.parent
    yield tag
    if below:
        yield below.split(">")[-1]
        yield " > ".join(below.split(">")[-2:])
        yield " > ".join(below.split(">"))
