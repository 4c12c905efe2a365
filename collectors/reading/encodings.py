"""From bytes to text: charset of HTTP, byte order mark, meta element, UTF-8, and what guesses are left.

A declared charset is not believed where the bytes are valid UTF-8 that no legacy encoding would produce.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

_HTTP: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_XML: Final = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD: Final = 4096  # bytes in which a page declares its charset


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a page or feed; undecodable bytes become U+FFFD, NUL is dropped."""
    return _text(body, content_type).replace("\x00", "")


def _text(body: bytes, content_type: str) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for name in _declared(body, content_type):
        try:
            return body.decode(name, "replace" if _is_utf8(name) else "strict")
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("utf-8", "replace")


def _declared(body: bytes, content_type: str) -> list[str]:
    names = [m[1] for m in [_HTTP.search(content_type)] if m]
    head = body[:_HEAD]
    names += [m[1].decode("ascii", "replace") for m in (_META.search(head), _XML.search(head)) if m]
    # A few broken bytes in a page that says UTF-8 are broken bytes; a page that says nothing may be older.
    return names if any(map(_is_utf8, names)) else [*names, "windows-1258"]


def _is_utf8(name: str) -> bool:
    return name.lower().replace("_", "-") in {"utf-8", "utf8"}
