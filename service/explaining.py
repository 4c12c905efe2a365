"""`explain`: a score as a tree, from points down to records."""

from __future__ import annotations

from typing import Any

from minhchung.scores import Derivation
from scoring.explain import as_text, derive, derive_total
from service.standings import Concluded


def explain_component(concluded: Concluded, code: str, component: str) -> Derivation:
    """Return the derivation of one component of one agency."""
    return derive(concluded.score(code, component), concluded.index_set, concluded.records)


def explain_agency(concluded: Concluded, code: str) -> Derivation:
    """Return the derivation of an agency's total, every component under it."""
    total = concluded.place(code).total
    return derive_total(total, concluded.names()[code], concluded.index_set, concluded.records)


def tree_text(tree: Derivation) -> str:
    """Return the tree as indented lines."""
    return as_text(tree)


def tree_json(tree: Derivation) -> dict[str, Any]:
    """Return the tree as plain data."""
    children = [tree_json(child) for child in tree.children]
    return {"text": tree.text, "record": tree.record, "children": children}
