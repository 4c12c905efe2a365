"""Pages stamped as a state secret: kept, told, and never handed on."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from minhchung.stamps import stamp_in

HEAD_BYTES: Final = 200_000

_RAW: Final = tuple(
    unicodedata.normalize(form, word).encode() for form in ("NFC", "NFD") for word in ("MẬT", "MậT")
)
_ENTITIES: Final = re.compile(rb"M&#(?:7852|x1eac);T", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->")
_INLINE: Final = re.compile(r"(?i)</?(?:b|i|u|em|strong|span|font|a)\b[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")


def stamp_of(payload: bytes) -> str:
    """Return the stamp that a page or text bears at its head, nothing where it bears none.

    `payload` is decoded, UTF-8; files are looked into as they are collected.
    """
    head = payload[:HEAD_BYTES]
    if not any(raw in head for raw in _RAW) and not _ENTITIES.search(head):
        return ""
    text = unicodedata.normalize("NFC", head.decode("utf-8", "replace"))
    text = text.replace("&#7852;", "Ậ").replace("&#x1EAC;", "Ậ").replace("&nbsp;", " ")
    text = _TAG.sub("\n", _INLINE.sub("", _HIDDEN.sub("\n", text)))
    return stamp_in(text.splitlines())
