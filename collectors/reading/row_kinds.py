"""What an item is, told by itself: a document that stands among news is a document all the same.

Many portals post everything under *Tin tức*. A row is a document where its title begins with a number and
symbol, or with the name of a type and them (*Quyết định số 12/QĐ-UBND …*), or where a cell of its own holds
them. A title that goes on to tell what became of the document is news about it.
"""

from __future__ import annotations

import re
from typing import Final

from collectors.reading.facts import Facts
from collectors.reading.row_items import own_page
from minhchung.document_numbers import TYPES, find, parse
from minhchung.sites import ListKind
from minhchung.text_keys import clean, k2

_MIXED: Final = frozenset(("news", "article"))
"""Kinds whose lists hold anything; a list of documents says what its rows are."""

_NAMES: Final = frozenset(k2(name) for name in TYPES.values()) | {"van ban", "cong van", "quyet dinh", "vb"}
_MARKS: Final = re.compile(r"\bsố(?:\s+ký\s+hiệu)?\b\s*:?|[\s:–-]+$", re.IGNORECASE)
_NEWS: Final = frozenset(
    ("duoc", "da", "dang", "se", "co", "bi", "vao", "den", "di", "giup", "gop", "tao", "mang", "lam")
)
"""Words after the number by which a sentence goes on about the document."""


def row_kind(kind: ListKind, facts: Facts, *, declared: bool) -> ListKind:
    """Return what a row of a list of `kind` is; a kind that a profile declares stands.

    In a list that no heading names, a row that leads to a page of its own waits for what the page says.
    """
    if declared or kind not in _MIXED or (kind == "article" and own_page(facts)):
        return kind
    return "legal_document" if is_document(facts.title, facts.text("number")) else kind


def is_document(title: str, number: str = "") -> bool:
    """Say whether a title, or the cell for it, bears the number of what the row itself is."""
    if number and parse(number) is not None:
        return True
    text = clean(title)
    found = find(text)
    if not found:
        return False
    before, _, after = text.partition(found)
    name = k2(_MARKS.sub(" ", before))
    following = k2(after).split(" ", 1)[0]
    return (not name or name in _NAMES) and following not in _NEWS
