"""RTF: the text that is shown, by the charset of each font; groups that hold anything else are passed by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from collectors.charset import unfont
from collectors.filereading.texts import MOST_CHARS, TooMuchError, measured

_DEEPEST: Final = 1_000
_TOKEN: Final = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,10})? ?"
    rb"|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_CHARSETS: Final = {
    163: "cp1258", 161: "cp1253", 162: "cp1254", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    238: "cp1250", 222: "cp874", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950",
}  # fmt: skip
"""`\\fcharset` -> what its bytes mean; fonts of every other number are read by `\\ansicpg`."""

_HIDDEN: Final = frozenset(
    (
        b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"fldinst", b"header", b"footer",
        b"headerl", b"headerr", b"headerf", b"footerl", b"footerr", b"footerf", b"listtable", b"xmlnstbl",
        b"revtbl", b"themedata", b"datastore", b"bkmkstart", b"bkmkend",
    )
)  # fmt: skip
_SHOWN: Final = {
    b"par": "\n", b"line": "\n", b"cell": "\n", b"row": "\n", b"page": "\n", b"sect": "\n", b"tab": " ",
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•",
}  # fmt: skip
_PARTS: Final = (b"yr", b"mo", b"dy", b"hr", b"min")


@dataclass(frozen=True, slots=True)
class _Group:
    """What a group of braces takes over from the one around it."""

    hidden: bytes = b""
    """The word that says what else it holds; empty: text."""

    skip: int = 1
    """Letters that stand after `\\u` for readers who do not know it."""

    font: int = -1


@dataclass(slots=True)
class _Said:
    """What the file says outside its text."""

    codepage: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    pages: int | None = None
    producer: str = ""
    created: dict[bytes, int] = field(default_factory=dict)


def look(body: bytes) -> dict[str, Any]:
    """Return what an RTF file says; raises ValueError for one that is damaged."""
    said = _Said()
    try:
        text = "".join(_texts(body, said))
    except TooMuchError:
        return {"unread": "limits"}
    found = measured(unfont(text))
    found["pages"] = said.pages
    found["producer"] = said.producer.strip(" ;")[:200]
    if all(said.created.get(part) for part in _PARTS[:3]):
        year, month, day, hour, minute = (said.created.get(part, 0) for part in _PARTS)
        found["created"] = f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}"
    return found


def _texts(body: bytes, said: _Said) -> Iterator[str]:
    """Yield the text that is shown, in runs of one charset."""
    groups, run, room = [_Group()], bytearray(), MOST_CHARS
    at, pending, starred = 0, 0, False
    while (token := _TOKEN.match(body, at)) is not None:
        at = token.end()
        here = groups[-1]
        letters, wide = token["text"] or b"", ""
        if token["hex"]:
            letters = bytes((int(token["hex"], 16),))
        elif token["brace"] == b"{":
            groups.append(here)
            if len(groups) > _DEEPEST:
                raise ValueError("groups inside one another without end")
        elif token["brace"] == b"}":
            if len(groups) > 1:
                groups.pop()
            pending = 0
        elif (word := token["word"]) is not None:
            number = int(token["number"]) if token["number"] else None
            if word == b"bin":
                at += max(0, number or 0)
            elif word == b"u" and number is not None:
                wide, pending = _letter(number), here.skip
            else:
                groups[-1], wide = _told(here, word, number, said, starred=starred)
        elif token["sign"] in (b"~", b"_"):
            wide = " " if token["sign"] == b"~" else "-"
        elif token["sign"] in (b"\\", b"{", b"}"):
            letters = token["sign"]
        starred = token["sign"] == b"*"
        if letters and pending:
            pending, letters = max(0, pending - len(letters)), letters[pending:]
        if here.hidden:
            if here.hidden == b"generator":
                said.producer = (said.producer + letters.decode("latin-1"))[:400]
            continue
        if run and (wide or groups[-1].font != here.font):
            yield _decoded(bytes(run), here.font, said)
            run.clear()
        run += letters
        room -= len(letters) + len(wide)
        if room < 0:
            raise TooMuchError("text")
        if wide:
            yield wide
    yield _decoded(bytes(run), groups[-1].font, said)


def _letter(number: int) -> str:
    """Return the letter of `\\uN`, which is a signed number of 16 bits; halves of pairs are none."""
    code = number & 0xFFFF
    return "" if 0xD800 <= code < 0xE000 else chr(code)


def _told(here: _Group, word: bytes, number: int | None, said: _Said, *, starred: bool) -> tuple[_Group, str]:
    """Return the group as a word leaves it, and what the word shows."""
    if starred or word in _HIDDEN:
        return replace(here, hidden=here.hidden if here.hidden and not starred else word), ""
    if here.hidden == b"fonttbl":
        if word == b"f" and number is not None:
            return replace(here, font=number), ""
        if word == b"fcharset" and number in _CHARSETS and len(said.fonts) < _DEEPEST:
            said.fonts[here.font] = _CHARSETS[number]
    elif here.hidden == b"info":
        if word == b"creatim":
            return replace(here, hidden=word), ""
        if word == b"nofpages" and number is not None:
            said.pages = number if 0 < number < 1_000_000 else None
    elif here.hidden == b"creatim":
        if word in _PARTS and number is not None:
            said.created[word] = number
    elif not here.hidden:
        if word == b"ansicpg" and number is not None:
            said.codepage = f"cp{number}" if number in range(37, 2000) else said.codepage
        elif word == b"uc" and number is not None:
            return replace(here, skip=min(max(number, 0), 10)), ""
        elif word == b"f" and number is not None:
            return replace(here, font=number), ""
        return here, _SHOWN.get(word, "")
    return here, ""


def _decoded(run: bytes, font: int, said: _Said) -> str:
    try:
        return run.decode(said.fonts.get(font, said.codepage), "replace")
    except LookupError:
        return run.decode("cp1252", "replace")
