"""Which pages hold personal data of citizens: the rule by which a public bundle withholds them.

The rule reads text alone. Telephone numbers and e-mail addresses stand on every portal, in the footer, and
are the agency's own; they are a citizen's where words about an asker stand close by, and anywhere on a page
on which a reader saw a citizen's question. A number that is named as an identity card's is personal anywhere.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

ASKER_TERMS: Final = (
    "người hỏi", "người gửi", "người đặt câu hỏi", "người phản ánh", "người kiến nghị", "họ và tên", "họ tên",
    "bạn đọc", "công dân hỏi", "người nộp đơn",
)  # fmt: skip
"""Words about the person who asks."""

IDENTITY_TERMS: Final = (
    "cmnd", "cccd", "cmtnd", "chứng minh nhân dân", "chứng minh thư", "căn cước", "số định danh", "hộ chiếu",
)  # fmt: skip
"""Words that name an identity document."""

NEAR: Final = 300
"""Characters between a term and what it is about."""

MOST_BYTES: Final = 5_000_000
"""A larger payload is no page; it is searched only this far."""

PHONE: Final = re.compile(r"(?<![\w.+/-])(?:\+?84|0)(?:[ .-]?\d){8,10}(?![\w/-])")
EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
IDENTITY: Final = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")

MARK: Final = "*"
"""Stands for every letter and digit of what was masked, so that lengths and places stay."""

_TAGS: Final = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]{0,20000}>")
_ASKERS: Final = re.compile("|".join(map(re.escape, ASKER_TERMS)))
_IDENTITIES: Final = re.compile("|".join(map(re.escape, IDENTITY_TERMS)))
_TEXTUAL: Final = ("text/", "application/json", "application/xhtml", "application/xml")


def found_in(payload: bytes, content_type: str, *, questions: bool) -> tuple[str, ...]:
    """Return what kinds of personal data a payload holds: `phone`, `email`, `identity`; files are not read.

    `questions`: a reader saw a citizen's question on this page.
    """
    if content_type and not content_type.casefold().startswith(_TEXTUAL):
        return ()
    text = payload[:MOST_BYTES].decode("utf-8", "replace")
    text = html.unescape(_TAGS.sub(" ", text))
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).casefold()
    askers = _places(_ASKERS, text)
    kinds = []
    for kind, pattern in (("phone", PHONE), ("email", EMAIL)):
        if any(questions or _near(match, askers) for match in pattern.finditer(text)):
            kinds.append(kind)
    named = _places(_IDENTITIES, text)
    if any(_near(match, named) for match in IDENTITY.finditer(text)):
        kinds.append("identity")
    return tuple(kinds)


def masked(text: str) -> str:
    """Return a text with every telephone number, address and identity number made unreadable."""
    for pattern in (EMAIL, PHONE, IDENTITY):
        text = pattern.sub(lambda match: re.sub(r"\w", MARK, match.group()), text)
    return text


def _places(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _near(match: re.Match[str], places: list[tuple[int, int]]) -> bool:
    first, last = match.span()
    return any(last + NEAR >= begin and end + NEAR >= first for begin, end in places)
