"""Pages that are no more than a sign to another: a refresh at once, or a script that goes there.

They answer 200 and show nothing, so no HTTP redirect tells. A page that shows text of its own is a page.
"""

from __future__ import annotations

import re
from typing import Final

from collectors.addresses import absolute
from collectors.charset import text
from collectors.reading.markup import attribute, parse, visible_text
from minhchung.errors import UnrecognisedError

MOST: Final = 3
"""Such pages that are followed one after another."""

_AT_ONCE: Final = 5.0  # seconds; what waits longer shows its page for reading
_MOST_BYTES: Final = 20_000
_MOST_LETTERS: Final = 200  # visible ones: "you are being redirected"
_CONTENT: Final = re.compile(r"\s*(\d{1,3}(?:\.\d*)?)\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.IGNORECASE)
_SCRIPT: Final = re.compile(
    r"(?:\blocation(?:\.href)?\s*=(?!=)|\blocation\.(?:replace|assign)\s*\()\s*[\"']([^\"'\s]{1,2000})[\"']"
)


def leads_to(body: bytes, content_type: str, url: str) -> str:
    """Return the absolute address that such a page leads to; empty for any other page."""
    if len(body) > _MOST_BYTES:
        return ""
    try:
        tree = parse(text(body, content_type))
    except UnrecognisedError:
        return ""
    root = tree.body
    if root is None or sum(map(str.isalpha, visible_text(root))) > _MOST_LETTERS:
        return ""
    for node in tree.css("meta[http-equiv]"):
        if attribute(node, "http-equiv").strip().casefold() == "refresh":
            told = _CONTENT.match(attribute(node, "content"))
            if told is not None and float(told[1]) <= _AT_ONCE:
                return absolute(url, told[2].strip())
    scripts = " ".join(node.text() for node in tree.css("script:not([src])"))
    found = _SCRIPT.search(scripts)
    return absolute(url, found[1]) if found is not None else ""
