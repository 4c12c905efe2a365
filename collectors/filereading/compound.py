"""Files of Word and Excel up to 2003: a container of streams, in them pieces of text or records of cells."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import olefile

from collectors.charset import unfont
from collectors.filereading.texts import MOST_CHARS, TooMuchError, measured

_WORD: Final = 0xA5EC
_WORD_97: Final = 101
"""Of its format's numbers: earlier ones keep their text otherwise."""

_ENCRYPTED: Final = 0x0100
_SECOND_TABLE: Final = 0x0200
_PIECES: Final = 418
"""Where the head of the text's stream says where the table of pieces is ([MS-DOC] 2.5.7, fcClx)."""

_NARROW: Final = 1 << 30
_FIELD_BEGINS, _FIELD_SHOWS, _FIELD_ENDS = "\x13", "\x14", "\x15"
_LETTERS: Final = str.maketrans(
    {"\r": "\n", "\x07": "\n", "\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\xa0": " "}
    | dict.fromkeys("\x01\x02\x03\x04\x05\x08\x1f\x00", "")
)
_ZERO: Final = 1601
"""The year in which the container's clock begins: nothing was said."""

_MOST_STREAM: Final = 60_000_000
_MOST_CELLS: Final = 2_000_000


def look(body: bytes, kind: str) -> dict[str, Any]:
    """Return what an old file of Word or Excel says; raises ValueError for one that is damaged."""
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as packed:
            found = _word(packed) if kind == "doc" else _excel(packed, body)
            if not found.get("unread"):
                found |= _properties(packed)
    except TooMuchError:
        return {"unread": "limits"}
    except (struct.error, OSError, AssertionError) as exc:
        raise ValueError("no file of Word or Excel") from exc
    return found


def _stream(packed: olefile.OleFileIO, name: str) -> bytes:
    if packed.get_size(name) > _MOST_STREAM:
        raise TooMuchError(name)
    return bytes(packed.openstream(name).read())


def _word(packed: olefile.OleFileIO) -> dict[str, Any]:
    main = _stream(packed, "WordDocument")
    mark, version = struct.unpack_from("<HH", main)
    flags, length = struct.unpack_from("<H", main, 10)[0], struct.unpack_from("<i", main, 76)[0]
    if mark != _WORD or version < _WORD_97:
        return {"unread": "old-format"}
    if flags & _ENCRYPTED:
        return {"unread": "encrypted"}
    if length > MOST_CHARS:
        raise TooMuchError("text")
    table = _stream(packed, "1Table" if flags & _SECOND_TABLE else "0Table")
    start, size = struct.unpack_from("<ii", main, _PIECES)
    text = "".join(_pieces(main, table[start : start + size], length))
    return measured(unfont(_shown(text).translate(_LETTERS)))


def _pieces(main: bytes, told: bytes, length: int) -> Iterator[str]:
    """Yield the pieces of the text in their order; `told` is the table of pieces ([MS-DOC] 2.9.38)."""
    at = 0
    while told[at : at + 1] == b"\x01":  # what changes the look of pieces
        at += 3 + struct.unpack_from("<h", told, at + 1)[0]
    if told[at : at + 1] != b"\x02":
        raise ValueError("no table of pieces")
    size = struct.unpack_from("<i", told, at + 1)[0]
    count, at = (size - 4) // 12, at + 5
    if not 0 < count <= MOST_CHARS:
        raise ValueError("no pieces")
    bounds = struct.unpack_from(f"<{count + 1}i", told, at)
    left = length
    for number in range(count):
        letters = min(bounds[number + 1] - bounds[number], left)
        place = struct.unpack_from("<I", told, at + 4 * (count + 1) + 8 * number + 2)[0]
        if letters <= 0:
            continue
        left -= letters
        if place & _NARROW:
            begin = (place ^ _NARROW) // 2
            yield main[begin : begin + letters].decode("cp1252", "replace")
        else:
            yield main[place : place + 2 * letters].decode("utf-16-le", "replace")


def _shown(text: str) -> str:
    """Return the text without the instructions of its fields, which Word does not print."""
    if _FIELD_BEGINS not in text:
        return text
    shown: list[str] = []
    instructing: list[bool] = []
    for letter in text:
        if letter == _FIELD_BEGINS:
            instructing.append(True)
        elif letter == _FIELD_SHOWS and instructing:
            instructing[-1] = False
        elif letter == _FIELD_ENDS and instructing:
            instructing.pop()
        elif not any(instructing):
            shown.append(letter)
    return "".join(shown)


def _excel(packed: olefile.OleFileIO, body: bytes) -> dict[str, Any]:
    import xlrd
    from xlrd.compdoc import CompDocError

    name = "Workbook" if packed.exists("Workbook") else "Book"
    if packed.get_size(name) > _MOST_STREAM:
        raise TooMuchError(name)
    quiet = io.StringIO()
    try:
        with xlrd.open_workbook(file_contents=body, on_demand=True, ragged_rows=True, logfile=quiet) as book:
            return measured(unfont("\n".join(_cells(book)))) | {"pages": book.nsheets}
    except (xlrd.XLRDError, CompDocError) as exc:
        if "ncrypted" in str(exc):
            return {"unread": "encrypted"}
        raise ValueError("no workbook") from exc


def _cells(book: Any) -> Iterator[str]:
    """Yield the rows of every sheet as text."""
    left, room = _MOST_CELLS, MOST_CHARS
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        for row in range(sheet.nrows):
            values = [str(value) for value in sheet.row_values(row) if value != ""]
            left -= len(values) + 1
            room -= sum(map(len, values))
            if left < 0 or room < 0:
                raise TooMuchError("cells")
            yield " ".join(values)
        book.unload_sheet(number)


def _properties(packed: olefile.OleFileIO) -> dict[str, Any]:
    """Return what the container says of the file; nothing where that part is damaged."""
    try:
        said = packed.get_metadata()
    except (struct.error, OSError, ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return {}
    program, written = said.creating_application, said.create_time
    found: dict[str, Any] = {
        "producer": program.decode("utf-8", "replace")[:200] if isinstance(program, bytes) else "",
        "created": written.isoformat() if isinstance(written, datetime) and written.year > _ZERO else "",
    }
    if isinstance(said.num_pages, int) and 0 < said.num_pages < 1_000_000:
        found["pages"] = said.num_pages
    return found
