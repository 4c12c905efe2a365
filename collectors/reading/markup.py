"""From text to a tree, also for markup made to hurt: a parser pays the square of a page's depth."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from minhchung.errors import UnrecognisedError

Node = LexborNode
Tree = LexborHTMLParser

DEEPEST: Final = 400
"""Elements inside one another that are kept; browsers stop near 512."""

LONGEST: Final = 12_000_000
"""Characters of one page that are read."""

_UNSEEN: Final = "script, style, template, noscript"
_SUSPECT: Final = 3 * DEEPEST
_STRETCH: Final = 4096
"""Characters between two looks at how deep the markup stands."""

_CROWD: Final = 32_768
"""Characters of a page below which no tag can be crowded enough to hurt."""

_CROWDED: Final = re.compile(
    r"""<[a-zA-Z][^\s/>]*+(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?+){300}"""
)
"""A tag of 300 attributes: the parser compares each with all before it."""

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_VOID: Final = frozenset(
    (
        "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
        "option", "p", "param", "source", "td", "th", "tr", "track", "wbr",
    )
)  # fmt: skip
"""Elements that end by themselves, or that the next one of their kind ends."""


def parse(text: str) -> Tree:
    """Return the tree of a page; raises UnrecognisedError when the text is no markup at all."""
    text = text[:LONGEST]
    if "<" not in text:
        raise UnrecognisedError("the answer holds no markup; look at the record")
    if len(text) > _CROWD and _CROWDED.search(text) is not None:
        raise UnrecognisedError("a tag has 300 attributes or more; look at the record")
    if _is_deep(text):
        text = flatten(text)
    try:
        tree = LexborHTMLParser(text)
    except (SelectolaxError, UnicodeError, ValueError) as error:
        raise UnrecognisedError(f"the markup cannot be parsed ({error}); look at the record") from error
    return tree


def _is_deep(text: str) -> bool:
    """Say whether far more elements begin than end, up to any point of the markup."""
    if text.count("<") <= _SUSPECT:
        return False
    left, stretch = 0, max(_STRETCH, len(text) // 256)
    for at in range(0, len(text), stretch):
        left += text.count("<", at, at + stretch) - 2 * text.count("</", at, at + stretch)
        if left > _SUSPECT:
            return True
    return False


def flatten(text: str) -> str:
    """Return the markup without the tags that open or close below the greatest kept depth."""
    depth = 0

    def judge(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _VOID:
            return tag[0]
        if tag[1]:
            depth = max(depth - 1, 0)
            return tag[0] if depth < DEEPEST else ""
        depth += 1
        return tag[0] if depth <= DEEPEST else ""

    return _TAG.sub(judge, text)


def select(node: Node | Tree, selector: str) -> list[Node]:
    """Return the elements a selector matches; none for an empty or a wrong selector."""
    if not selector:
        return []
    try:
        return list(node.css(selector))
    except (SelectolaxError, ValueError):
        return []


def attribute(node: Node, name: str) -> str:
    """Return an attribute's value; empty where it is absent or has none."""
    return node.attributes.get(name) or ""


def visible_text(node: Node) -> str:
    """Return the text inside an element without that of scripts and styles."""
    if node.css_first(_UNSEEN) is None:
        return node.text()
    hidden = {text.mem_id for each in select(node, _UNSEEN) for text in each.traverse(include_text=True)}
    return "".join(
        each.text_content or ""
        for each in node.traverse(include_text=True)
        if each.is_text_node and each.mem_id not in hidden
    )
