"""Documents stamped as a state secret: kept, told, and never handed on.

A stamp stands on a line of its own, in capitals, near the head of a document, as the rules on state secrets
have it printed. The word inside a sentence is no stamp, nor is it in small letters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

STAMPS: Final = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")

HEAD_LINES: Final = 40
"""Lines with text among which a stamp is looked for."""

HEAD_BYTES: Final = 200_000

_RAW: Final = tuple(unicodedata.normalize(form, "MẬT").encode() for form in ("NFC", "NFD"))
_ENTITIES: Final = re.compile(rb"M&#(?:7852|x1eac);T", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->")
_INLINE: Final = re.compile(r"(?i)</?(?:b|i|u|em|strong|span|font|a)\b[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")


def stamp_of(payload: bytes) -> str:
    """Return the stamp that a page or text bears at its head, nothing where it bears none.

    `payload` is decoded, UTF-8; of other files (PDF, images) nothing can be told from here.
    """
    head = payload[:HEAD_BYTES]
    if not any(raw in head for raw in _RAW) and not _ENTITIES.search(head):
        return ""
    text = unicodedata.normalize("NFC", head.decode("utf-8", "replace"))
    text = text.replace("&#7852;", "Ậ").replace("&#x1EAC;", "Ậ").replace("&nbsp;", " ")
    text = _TAG.sub("\n", _INLINE.sub("", _HIDDEN.sub("\n", text)))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    shown = [line for line in lines if line][:HEAD_LINES]
    return next((line.strip("()[]: ") for line in shown if line.strip("()[]: ") in STAMPS), "")
