"""Lists that go on behind a control of the page, which only a browser can press."""

from __future__ import annotations

import re
from typing import Final

from collectors.page_turns import MORE_WORDS
from collectors.reading.markup import Node, attribute, select
from collectors.reading.page import Page
from collectors.reading.texts import tidy
from minhchung.text_keys import k2

_CONTROLS: Final = "button, a, input[type=button], [role=button]"
_NOWHERE: Final = re.compile(r"(?:|#|#[^/!].*|javascript:.*)", re.IGNORECASE | re.DOTALL)
_MOST: Final = 3
"""More of them stand one to a row, and open the row."""


def more_behind_scripts(page: Page) -> bool:
    """Say whether the page has a "Xem thêm" that leads to no address."""
    if page.tree.css_first("script") is None:
        return False
    found = [node for node in select(page.body, _CONTROLS) if _asks_for_more(node)]
    return 0 < len(found) <= _MOST


def _asks_for_more(node: Node) -> bool:
    said = k2(tidy(node.text()) or attribute(node, "value") or attribute(node, "aria-label"))
    if not any(said == word or (word != "more" and said.startswith(f"{word} ")) for word in MORE_WORDS):
        return False
    leads = attribute(node, "href").strip() if node.tag == "a" else ""
    return len(said) < 40 and _NOWHERE.fullmatch(leads) is not None and not _framed(node)


def _framed(node: Node) -> bool:
    """Say whether an element stands in the page's frame."""
    holder: Node | None = node.parent
    while holder is not None:
        if holder.tag in {"header", "footer", "nav", "aside"}:
            return True
        holder = holder.parent
    return False
