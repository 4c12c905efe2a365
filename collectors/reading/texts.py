"""Text as it is kept: NFC, blanks collapsed, without control characters and direction marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from minhchung.observations import Block

_DROPPED: Final = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def tidy(text: str) -> str:
    """Return the text as it is kept and compared: nothing invisible, one blank between words."""
    joined = " ".join(text.split())
    if joined.isascii() and joined.isprintable():
        return joined
    if not unicodedata.is_normalized("NFC", joined):
        joined = unicodedata.normalize("NFC", joined)
    kept = _DROPPED.sub("", joined)
    return kept if kept is joined else unicodedata.normalize("NFC", " ".join(kept.split()))


@lru_cache(maxsize=8192)
def letters(text: str) -> int:
    """Return how many letters and digits a text has."""
    return sum(map(str.isalnum, text))


def outside_links(block: Block) -> str:
    """Return a block's text without the part inside links."""
    if not block.link_text:
        return block.text
    if block.link_text == block.text:
        return ""
    if block.link_text in block.text:
        return tidy(block.text.replace(block.link_text, " ", 1))
    left, kept = block.link_text.split(), []
    for word in block.text.split():
        if left and word == left[0]:
            left.pop(0)
        else:
            kept.append(word)
    return block.text if left else " ".join(kept)
