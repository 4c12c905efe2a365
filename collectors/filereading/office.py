"""Office files that are zips of XML: text, properties, sheets; nothing is unpacked beyond a cap."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat

from collectors.charset import text as decoded
from collectors.filereading.texts import MOST_CHARS, TooMuchError, measured

MOST_PART: Final = 60_000_000
"""Bytes that one part may unpack to."""

MOST_PARTS: Final = 400
_CHUNK: Final = 1 << 16
_BLOCKS: Final = frozenset({"p", "tr", "si", "row", "h", "table-cell", "c"})
_TEXTS: Final = {
    "docx": lambda name: name == "word/document.xml",
    "xlsx": lambda name: name == "xl/sharedStrings.xml" or name.startswith("xl/worksheets/sheet"),
    "odt": lambda name: name == "content.xml",
    "ods": lambda name: name == "content.xml",
}


def plain(body: bytes) -> dict[str, Any]:
    """Return what a text file says."""
    return measured(decoded(body, "")[:MOST_CHARS])


def look(body: bytes, kind: str) -> dict[str, Any]:
    """Return what an office file says; raises ValueError for one that is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return _look(packed, kind)
    except TooMuchError:
        return {"unread": "limits"}
    except (zipfile.BadZipFile, expat.ExpatError) as exc:
        raise ValueError("no office file") from exc
    except RuntimeError as exc:  # a password, or a way of packing that nobody uses
        return {"unread": "encrypted" if "password" in str(exc) else "damaged"}


def _look(packed: zipfile.ZipFile, kind: str) -> dict[str, Any]:
    names = packed.namelist()
    if len(names) > MOST_PARTS * 10:
        raise TooMuchError("too many parts")
    wanted = [name for name in names if _TEXTS[kind](name)][:MOST_PARTS]
    text: list[str] = []
    for name in wanted:
        text += _texts(packed, name)
    found = measured("".join(text))
    said: dict[str, str] = {}
    for name in ("docProps/core.xml", "docProps/app.xml", "meta.xml"):
        if name in names:
            said |= _properties(packed, name)
    pages = said.get("Pages", "")
    found["pages"] = int(pages) if pages.isdecimal() and len(pages) < 7 else None
    if kind == "xlsx":
        found["pages"] = sum(name.startswith("xl/worksheets/sheet") for name in wanted)
    found["producer"] = (said.get("Application") or said.get("generator") or "")[:200]
    found["created"] = (said.get("created") or said.get("creation-date") or "")[:40]
    return found


def _parts(packed: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part of the zip, never more than a part may hold: its header may lie about its size."""
    left = MOST_PART
    with packed.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise TooMuchError(name)
            yield chunk


def _parser() -> expat.XMLParserType:
    """Return a parser that refuses what can define entities: office files have no need of it."""

    def refuse(*_: object) -> None:
        raise ValueError("a document type in an office file")

    parser = expat.ParserCreate(namespace_separator="|")
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _texts(packed: zipfile.ZipFile, name: str) -> list[str]:
    found: list[str] = []
    left = MOST_CHARS

    def take(data: str) -> None:
        nonlocal left
        left -= len(data)
        if left < 0:
            raise TooMuchError(name)
        found.append(data)

    def ends(tag: str) -> None:
        if tag.rpartition("|")[2] in _BLOCKS:
            found.append("\n")

    parser = _parser()
    parser.CharacterDataHandler = take
    parser.EndElementHandler = ends
    for chunk in _parts(packed, name):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return found


def _properties(packed: zipfile.ZipFile, name: str) -> dict[str, str]:
    said: dict[str, str] = {}
    inside: list[str] = []

    def take(data: str) -> None:
        if inside and len(said) < MOST_PARTS:
            said[inside[-1]] = (said.get(inside[-1], "") + data)[:400]

    parser = _parser()
    parser.StartElementHandler = lambda tag, _: inside.append(tag.rpartition("|")[2])
    parser.EndElementHandler = lambda _: inside.pop()
    parser.CharacterDataHandler = take
    for chunk in _parts(packed, name):
        parser.Parse(chunk, False)
    return said
