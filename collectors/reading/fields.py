"""Fields as a profile's rules ask for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from collectors.addresses import absolute
from collectors.reading.labels import Value, labelled_by, strip_label
from collectors.reading.markup import Node, attribute, select
from collectors.reading.page import Page
from collectors.reading.texts import tidy
from minhchung.sites import FieldRule

_ADDRESSES: Final = frozenset(("href", "src", "data-href", "data-src"))


def apply_rules(page: Page, node: Node, rules: Mapping[str, FieldRule]) -> dict[str, tuple[Value, ...]]:
    """Return what every rule reads inside a node; rules that read nothing are left out."""
    read = ((name, apply_rule(page, node, rule)) for name, rule in rules.items())
    return {name: values for name, values in read if values}


def apply_rule(page: Page, node: Node, rule: FieldRule) -> tuple[Value, ...]:
    """Return what one rule reads, its first value alone unless it is for many."""
    if rule.label:
        value = labelled_by(page.blocks_in(node), rule.label)
        found = [value] if value is not None else []
    else:
        nodes = [node] if rule.css in {"", ":self"} else select(node, rule.css)
        found = [Value(_taken(page, n, rule.attr), page.path(n) or page.path(node)) for n in nodes]
    kept = [Value(text, v.path) for v in found if (text := first_group(v.text, rule.regex))]
    return tuple(kept if rule.many else kept[:1])


def _taken(page: Page, node: Node, attr: str) -> str:
    if not attr or attr == "text":
        return strip_label(page.text(node))
    given = tidy(attribute(node, attr))
    return absolute(page.base, given) if attr in _ADDRESSES else given


def first_group(text: str, pattern: str) -> str:
    """Return the first group of a pattern's match, the match where it has none; no pattern: the text."""
    if not pattern:
        return text
    match = _compiled(pattern).search(text)
    if match is None:
        return ""
    return tidy((match[1] if match.re.groups else match[0]) or "")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def first(values: Mapping[str, Sequence[Value]], name: str) -> Value | None:
    """Return the first value of a field, or None."""
    found = values.get(name)
    return found[0] if found else None
