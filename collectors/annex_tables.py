"""The annex of an index set as provinces write it, XLSX or DOCX, turned into plain rows of text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Final

from collectors.sheets import BROKEN, Fault, Formula, Value, inspect, read_sheets, refuse, sheet_names

TextRow = tuple[str, ...]

COLUMNS: Final = 12
"""Columns of a sheet that are read."""

MAX_TABLE_ROWS: Final = 5_000
WHOLE: Final = "minhchung"
"""Sheet of a workbook, or part of a document, that holds the set itself where we wrote the file."""

NAMESPACE: Final = "urn:minhchung:index-set"
_KEPT_PARTS: Final = "customXml/item"
_WORD_PARTS: Final = frozenset({"[Content_Types].xml", "word/document.xml"})


def read_tables(data: bytes, file: str) -> tuple[tuple[str, tuple[TextRow, ...]], ...]:
    """Return every table of a file as (where, rows); raises SubmissionError for what cannot be read."""
    if file.casefold().endswith(".docx"):
        return tuple(_word_tables(data, file))
    if file.casefold().endswith(".xlsx"):
        names = sheet_names(data, file)
        sheets = read_sheets(data, file, dict.fromkeys(names, COLUMNS))
        return tuple(
            (name, tuple(tuple(_text(cell) for cell in row.cells) for row in rows))
            for name, rows in sheets.items()
        )
    raise refuse(file, "tệp", "không phải .xlsx hay .docx", "lưu phụ lục lại dưới một trong hai dạng")


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case Formula(text=text) | Fault(text=text) | str(text):
            return text.strip()
        case bool():
            return "có" if value else "không"
        case date():
            return value.isoformat()
        case Fraction():
            return _number(value)


def _number(value: Fraction) -> str:
    """Return a number as an annex prints it; a fraction without an end is left as one."""
    for places in range(7):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = f"{abs(scaled.numerator):0{places + 1}d}"
            whole, rest = (digits[:-places], digits[-places:]) if places else (digits, "")
            return ("-" if value < 0 else "") + whole + (f",{rest}" if rest else "")
    return str(value)


def _word_tables(data: bytes, file: str) -> Iterator[tuple[str, tuple[TextRow, ...]]]:
    import docx

    inspect(data, file, _WORD_PARTS, "văn bản .docx")
    try:
        if whole := _kept(data):
            yield WHOLE, tuple((line,) for line in whole.split("\n") if line)
        document = docx.Document(io.BytesIO(data))
        for number, table in enumerate(document.tables, start=1):
            if len(table.rows) > MAX_TABLE_ROWS:
                raise refuse(file, f"bảng {number}", f"dài hơn {MAX_TABLE_ROWS} dòng", "chia nhỏ bảng")
            yield f"bảng {number}", tuple(_word_rows(table.rows))
    except BROKEN as error:
        fault = f"không đọc được ({type(error).__name__})"
        raise refuse(file, "tệp", fault, "mở bằng Word, lưu lại dạng .docx") from error


def _kept(data: bytes) -> str:
    """Return the set that a document of ours carries in a part of its own; empty where there is none."""
    from docx.oxml import parse_xml

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith(_KEPT_PARTS) and name.endswith(".xml"):
                root = parse_xml(archive.read(name))
                if root.tag == f"{{{NAMESPACE}}}set":
                    return root.text or ""
    return ""


def _word_rows(rows: Any) -> Iterator[TextRow]:
    """Yield the texts of rows; a cell merged over columns or rows stands once, as in a workbook."""
    above: list[Any] = []
    for row in rows:
        cells = [(cell._tc, cell.text.strip()) for cell in row.cells]
        here = [cell for cell, _ in cells]
        yield tuple(
            "" if cell in here[:column] or cell in above[column : column + 1] else text
            for column, (cell, text) in enumerate(cells)
        )
        above = here
