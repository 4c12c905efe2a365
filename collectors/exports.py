"""An owner's export, xlsx or csv, as headings and rows: what every reading of it begins with.

The limits on hostile workbooks are those of `collectors.sheets`. A formula is refused: what it would give
depends on who opens it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from collectors.decode import text as characters
from collectors.sheets import (
    MAX_FILE_BYTES,
    MAX_ROWS,
    Fault,
    Formula,
    Row,
    Value,
    read_sheets,
    refuse,
    sheet_names,
)
from minhchung.text_keys import clean, k2

_MOST_COLUMNS: Final = 120
_MOST_HEADER_ROWS: Final = 12
_NUMBER: Final = re.compile(r"\d{1,3}(?:[.,\u00a0 ]\d{3})+|\d+(?:[.,]\d+)? ?%?")


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row under the headings."""

    number: int
    """Counted from 1, as Excel shows it."""

    cells: tuple[str, ...]
    """As printed; empty where nothing stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One sheet of an owner's file."""

    sheet: str
    headings: tuple[str, ...]
    """Of each column from the top, joined by ` / `."""

    rows: tuple[ExportRow, ...]

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of the headings' words in order: by it a mapping is remembered."""
        return hashlib.sha256("\n".join(map(k2, self.headings)).encode()).hexdigest()

    def column(self, heading: str) -> int | None:
        """Return the place of a heading, None where it is not there, or stands twice."""
        places = [n for n, each in enumerate(self.headings) if k2(each) == k2(heading)]
        return places[0] if len(places) == 1 else None


def read_export(data: bytes, file: str, sheet: str = "") -> Export:
    """Return the first sheet, or the named one, that has headings and rows. Raises SubmissionError."""
    sheets = read_rows(data, file)
    chosen = {name: rows for name, rows in sheets.items() if not sheet or name == sheet}
    if not chosen:
        raise refuse(file, "tệp", f"không có trang tính {sheet!r}", f"dùng một trong: {', '.join(sheets)}")
    for name, rows in chosen.items():
        heads = _header(rows)
        if heads is not None:
            return _export(name, rows, heads, file)
    raise refuse(
        file,
        "tệp",
        "không thấy dòng tiêu đề nào ở trên các dòng có số",
        "xóa phần đầu trang, giữ bảng số liệu",
    )


def read_rows(data: bytes, file: str) -> Mapping[str, Sequence[Row]]:
    """Return the rows of every sheet; a csv is one sheet. Raises SubmissionError."""
    if file.casefold().endswith(".csv"):
        return {"csv": _csv(data, file)}
    return read_sheets(data, file, dict.fromkeys(sheet_names(data, file), _MOST_COLUMNS))


def _csv(data: bytes, file: str) -> list[Row]:
    if len(data) > MAX_FILE_BYTES:
        raise refuse(file, "tệp", f"lớn hơn {MAX_FILE_BYTES // 1_000_000} MB", "chỉ gửi bảng số liệu")
    text = characters(data.removeprefix(b"\xef\xbb\xbf"), "text/csv")
    head = text.splitlines()[:20]
    delimiter = max(";,\t", key=lambda mark: sum(line.count(mark) for line in head))
    rows = []
    try:
        lines = io.StringIO(text, newline=None)  # old systems end their lines with CR alone
        # Strict: a quotation mark that is never closed would swallow every row after it.
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), start=1):
            if number > MAX_ROWS:
                raise refuse(file, "tệp", f"có dữ liệu sau dòng {MAX_ROWS}", "chia thành nhiều tệp")
            if any(cell.strip() for cell in cells):
                rows.append(Row(number, tuple(clean(cell) or None for cell in cells[:_MOST_COLUMNS])))
    except csv.Error as error:
        raise refuse(file, "tệp", f"không phải CSV ({error})", "lưu lại dạng CSV UTF-8") from error
    return rows


def _header(rows: Sequence[Row]) -> tuple[int, int] | None:
    """Return (first, end) of the heading rows by place; nothing where no row of numbers follows any."""
    for place, row in enumerate(rows[: _MOST_HEADER_ROWS * 3]):
        numbers = sum(1 for cell in row.cells if _is_number(cell))
        if numbers >= 2 and any(isinstance(cell, str) and not _is_number(cell) for cell in row.cells):
            first = place
            while first > 0 and place - first < _MOST_HEADER_ROWS and _is_heading(rows[first - 1]):
                first -= 1
            return (first, place) if first < place else None
    return None


def _is_number(cell: Value) -> bool:
    return isinstance(cell, Fraction) or (isinstance(cell, str) and bool(_NUMBER.fullmatch(cell.strip())))


def _is_heading(row: Row) -> bool:
    return sum(1 for cell in row.cells if isinstance(cell, str)) >= 2


def _export(name: str, rows: Sequence[Row], heads: tuple[int, int], file: str) -> Export:
    first, end = heads
    width = max(_used(row) for row in rows[first:])
    levels = [_spread(row, width, last=row is rows[end - 1]) for row in rows[first:end]]
    headings = tuple(_joined([level[n] for level in levels]) for n in range(width))
    kept = [
        ExportRow(row.number, tuple(_printed(row.cell(n), row.number, n, name, file) for n in range(width)))
        for row in rows[end:]
    ]
    return Export(sheet=name, headings=headings, rows=tuple(kept))


def _used(row: Row) -> int:
    return max((n for n, cell in enumerate(row.cells, start=1) if cell is not None), default=0)


def _spread(row: Row, width: int, *, last: bool) -> list[str]:
    """Return the texts of a heading row; one over several columns (a merged cell) stands over all of them."""
    texts = [cell if isinstance(cell, str) else "" for cell in (row.cell(n) for n in range(width))]
    if last:
        return texts
    current, spread = "", []
    for text in texts:
        current = text or current
        spread.append(current)
    return spread


def _joined(texts: Sequence[str]) -> str:
    kept: list[str] = []
    for text in texts:
        if text and (not kept or kept[-1] != text):
            kept.append(clean(text))
    return " / ".join(kept)


def _printed(cell: Value, row: int, column: int, sheet: str, file: str) -> str:
    match cell:
        case None:
            return ""
        case Fraction():
            return str(cell) if cell.denominator == 1 else str(round(float(cell), 6))
        case date():
            return cell.isoformat()
        case bool():
            return "có" if cell else "không"
        case Formula():
            where = f"{sheet}, dòng {row}, cột {column + 1}"
            raise refuse(file, where, "là công thức", "chép rồi dán dạng giá trị (Paste Values)")
        case Fault(text=text):
            return text
        case _:
            return str(cell)
