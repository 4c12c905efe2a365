"""`explain`: a score as a tree, from points down to records."""

from __future__ import annotations

from typing import Any

from scoring.explain import as_text, derive

from minhchung.scores import Derivation
from scoring.numerals import half_up
from service.standings import Concluded


def explain_component(concluded: Concluded, code: str, component: str) -> Derivation:
    """Return the derivation of one component of one agency."""
    return derive(concluded.score(code, component), concluded.index_set, concluded.records)


def explain_agency(concluded: Concluded, code: str) -> Derivation:
    """Return the derivation of an agency's total, every component under it."""
    total = concluded.place(code).total
    ends = (
        f"{total.published_low}"
        if total.low == total.high
        else f"{total.published_low}–{total.published_high}"
    )
    exact = half_up(total.low, concluded.index_set.component_decimals)
    children = tuple(derive(score, concluded.index_set, concluded.records) for score in total.scores)
    return Derivation(
        text=f"{concluded.names()[code]}: {ends} điểm (chưa làm tròn từ {exact})", children=children
    )


def tree_text(tree: Derivation) -> str:
    """Return the tree as indented lines."""
    return as_text(tree)


def tree_json(tree: Derivation) -> dict[str, Any]:
    """Return the tree as plain data."""
    return {
        "text": tree.text,
        "record": tree.record,
        "children": [tree_json(child) for child in tree.children],
    }
