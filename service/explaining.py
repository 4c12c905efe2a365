"""`explain`: a score as a tree, from points down to records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from minhchung.evidence import RecordId
from minhchung.scores import Derivation
from scoring.explain import as_text, derive, derive_checks, derive_total
from service.file_words import sentence
from service.standings import Concluded

MOST_RECORDS: Final = 10
"""Records shown under one line of the tree."""


def explain_component(concluded: Concluded, code: str, component: str) -> Derivation:
    """Return the derivation of one component of one agency."""
    index_set = concluded.set_of(concluded.place(code).total.bloc)
    score = concluded.score(code, component)
    tree = derive(score, index_set, concluded.records, concluded.unproven, concluded.proofs)
    notes = concluded.checks.get(score.agency, {}).get(component, ())
    checks = (derive_checks(notes, concluded.records),) if notes else ()
    return _with_files(replace(tree, children=(*tree.children, *checks)), concluded)


def explain_agency(concluded: Concluded, code: str) -> Derivation:
    """Return the derivation of an agency's total, every component under it."""
    total = concluded.place(code).total
    index_set, name = concluded.set_of(total.bloc), concluded.names()[code]
    tree = derive_total(total, name, index_set, concluded.records, concluded.unproven, concluded.proofs)
    return _with_files(tree, concluded)


def _with_files(tree: Derivation, concluded: Concluded) -> Derivation:
    """Return the tree with what was found in files beside their records, and citizens' data masked."""
    file = concluded.files.get(RecordId(tree.record)) if tree.record else None
    told = sentence(file) if file is not None else ""
    text = f"{tree.text} [{told}]" if told else tree.text
    return replace(
        tree,
        text=concluded.masked(text),
        children=tuple(_with_files(child, concluded) for child in tree.children),
    )


def tree_text(tree: Derivation, most: int = MOST_RECORDS) -> str:
    """Return the tree as indented lines; of a long list of records the first ones and how many more."""
    return as_text(_shortened(tree, most) if most else tree)


def _shortened(tree: Derivation, most: int) -> Derivation:
    records = [child for child in tree.children if child.record]
    if len(records) <= most:
        return replace(tree, children=tuple(_shortened(child, most) for child in tree.children))
    kept = {id(child) for child in records[:most]}
    shown = [_shortened(c, most) for c in tree.children if not c.record or id(c) in kept]
    more = f"… và {len(records) - most} bản ghi nữa (xem đủ: --all hoặc --json)"
    return replace(tree, children=(*shown, Derivation(text=more)))


def tree_json(tree: Derivation) -> dict[str, Any]:
    """Return the tree as plain data."""
    children = [tree_json(child) for child in tree.children]
    return {"text": tree.text, "record": tree.record, "children": children}
