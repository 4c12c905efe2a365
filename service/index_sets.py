"""Index sets as files: read, checked, taken in from an annex, written as a workbook and back without loss."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collectors.annex_tables import WHOLE, read_tables
from collectors.sheets import seen
from minhchung.errors import ConfigError, SubmissionError
from minhchung.index_set import Component, IndexSet
from scoring.annex_rows import Imported, UnreadableAnnexError, read_annex
from scoring.numerals import comma
from scoring.set_check import SetFinding, check_set
from service import plugins
from service.config_files import parse, read_bytes
from service.render.characters import plain
from service.toml_text import as_toml

PRINTED: Final = "Phu luc"
_PIECE: Final = 8_000
"""Characters of one cell; a longer line goes on in the next column."""

_MOST_PIECES: Final = 12
"""Columns that are read back."""

_MOST_PRINTED: Final = 9_000
_GOES_ON: Final = f" … (đủ ở trang {WHOLE})"

HEADINGS: Final = (
    "STT",
    "Chỉ số, chỉ số thành phần",
    "Điểm tối đa",
    "Cách xác định và chấm điểm",
    "Minh chứng",
    "Nguồn số liệu",
    "Đơn vị thẩm định",
)
_WIDTHS: Final = (8, 48, 10, 52, 36, 24, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an annex became."""

    toml: str
    index_set: IndexSet
    imported: Imported | None
    """None where the file was one of our own exports: nothing had to be proposed."""


def read_set(path: Path) -> IndexSet:
    """Return an index set from a file, not yet checked; raises ConfigError."""
    return parse(str(path), read_bytes(path), IndexSet)


def findings(index_set: IndexSet) -> tuple[SetFinding, ...]:
    """Return everything that an operator should know of a set."""
    return tuple(check_set(index_set, _roles))


def _roles(name: str) -> tuple[str, ...] | None:
    try:
        return plugins.verifier(name).roles
    except ConfigError:
        return None


def schema() -> dict[str, Any]:
    """Return the JSON schema of an index set's file."""
    from pydantic import TypeAdapter

    made: dict[str, Any] = TypeAdapter(IndexSet).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def take_in(path: Path, *, set_id: str, title: str) -> Taken:
    """Return the set that an annex describes; raises SubmissionError where it cannot be read."""
    data = read_bytes(path)
    tables = read_tables(data, path.name)
    whole = [rows for name, rows in tables if name == WHOLE]
    if whole:
        return _own(path, whole[0], [rows for name, rows in tables if name != WHOLE])
    try:
        imported = read_annex([rows for _, rows in tables], set_id=set_id, title=title)
    except UnreadableAnnexError as error:
        remedy = "kiểm tra tiêu đề cột: STT, chỉ số, điểm tối đa, cách xác định"
        raise SubmissionError(path.name, "bảng", str(error), remedy) from error
    return Taken(toml=as_toml(imported.index_set), index_set=imported.index_set, imported=imported)


def _own(path: Path, whole: Sequence[Sequence[str]], printed: Sequence[Sequence[Sequence[str]]]) -> Taken:
    """Return the set of one of our own exports; what was edited by hand in the printed sheet is refused."""
    text = "\n".join("".join(row) for row in whole) + "\n"
    index_set = parse(path.name, text.encode(), IndexSet)
    expected = [tuple(map(printed_cell, row)) for row in printed_rows(index_set)]
    found = [tuple(row[: len(HEADINGS)]) for row in printed[0]] if printed else expected
    for number, (was, now) in enumerate(zip(expected, found, strict=False), start=1):
        if was != now:
            fault = f"khác với trang {WHOLE!r}"
            remedy = f"sửa ở tệp TOML rồi xuất lại, hoặc xóa trang {WHOLE!r} để đề xuất lại mọi cách tính"
            raise SubmissionError(path.name, f"{PRINTED}, dòng {number}", fault, remedy)
    if len(expected) != len(found):
        fault = f"có {len(found)} dòng, trang {WHOLE!r} có {len(expected)}"
        raise SubmissionError(path.name, PRINTED, fault, "xuất lại từ tệp TOML")
    return Taken(toml=text, index_set=index_set, imported=None)


def printed_rows(index_set: IndexSet) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the annex as provinces print them, the heading first."""
    yield HEADINGS
    for main in index_set.main_index:
        yield (main.code, main.title, comma(main.points), "", "", "", "")
        for component in main.component:
            yield _printed(component)


def _printed(component: Component) -> tuple[str, ...]:
    return (
        component.number or component.code,
        component.title,
        comma(component.points),
        component.method,
        "\n".join(component.evidence),
        component.data_source,
        component.verified_by,
    )


def printed_cell(text: str) -> str:
    """Return a text as the printed sheet holds it: without what a cell does not show, cut where too long."""
    whole = seen(plain("\n".join(text.splitlines())))
    return whole if len(whole) <= _MOST_PRINTED else seen(whole[:_MOST_PRINTED]) + _GOES_ON


def _pieces(line: str) -> list[str]:
    """Return a line of TOML as cells that are read back as they were written.

    What a cell does not keep (letters in parts, marks that are not seen) is written as TOML writes it.
    Raises SubmissionError for a line that no row holds.
    """
    kept = kept_line(line)
    pieces: list[str] = []
    while kept:
        end = len(kept) if len(kept) <= _PIECE else _PIECE
        while 0 < end < len(kept) and (kept[end - 1].isspace() or kept[end].isspace()):
            end -= 1
        if end == 0:
            break
        pieces.append(kept[:end])
        kept = kept[end:]
    if kept or len(pieces) > _MOST_PIECES:
        most = _PIECE * _MOST_PIECES
        fault = f"một dòng dài hơn {most} ký tự"
        raise SubmissionError(WHOLE, line[:40], fault, "rút gọn nội dung ở tệp TOML")
    return pieces


def kept_line(line: str) -> str:
    """Return a line of TOML with everything that an Office file might change written as TOML writes it."""
    return "".join(c if _survives(c) else f"\\u{ord(c):04x}" for c in line)


def _survives(character: str) -> bool:
    """Say whether a character is read back from a cell as it was; those beyond U+FFFF always are."""
    if ord(character) > 0xFFFF:
        return True
    if character == " ":
        return True
    if plain(character) != character:
        return False
    alone = unicodedata.normalize("NFC", character) == character and not unicodedata.combining(character)
    return alone and seen(f"a{character}a") == f"a{character}a" and not character.isspace()


def as_workbook(index_set: IndexSet) -> bytes:
    """Return the annex as a workbook that `take_in` reads back to the same set."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": index_set.title})
        head, body = (
            book.add_format({"text_wrap": True, "valign": "top", "border": 1, "bold": bold})
            for bold in (True, False)
        )
        sheet = book.add_worksheet(PRINTED)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        for number, row in enumerate(printed_rows(index_set)):
            for column, text in enumerate(row):
                sheet.write_string(
                    number, column, printed_cell(text), head if number == 0 or not row[3] else body
                )
        kept = book.add_worksheet(WHOLE)
        kept.set_column(0, 0, 120)
        lines = [line for line in as_toml(index_set).split("\n") if line]
        for number, line in enumerate(lines):
            for column, piece in enumerate(_pieces(line)):
                kept.write_string(number, column, piece)
    return out.getvalue()
