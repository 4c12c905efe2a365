"""A workbook that somebody sent us, turned into plain rows: every limit on hostile XLSX stands here.

Formulas are not computed and not trusted: a formula stays a `Formula`. Nothing outside the file is loaded.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from minhchung.errors import SubmissionError

MAX_FILE_BYTES: Final = 10_000_000
MAX_PART_BYTES: Final = 20_000_000
"""Decompressed size of one part of the archive."""

MAX_TOTAL_BYTES: Final = 40_000_000
MAX_PARTS: Final = 500
MAX_ROWS: Final = 5_000
"""Last row that may hold anything."""

MAX_TEXT: Final = 10_000
"""Characters of one cell."""

_ROW_HORIZON: Final = 100_000
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_DTD: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCRYPTED: Final = 0x1
_NEEDED: Final = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, EOFError, KeyError, IndexError,
    ValueError, TypeError, AttributeError, OverflowError, OSError, RuntimeError,
)  # fmt: skip
"""What openpyxl, its XML parser (a SyntaxError) and zipfile raise on files damaged or made to hurt."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula instead of a value."""

    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that holds an error such as #N/A."""

    text: str


Value = str | Fraction | bool | date | Formula | Fault | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds something."""

    number: int
    """Counted from 1, as Excel shows it."""

    cells: tuple[Value, ...]

    def cell(self, column: int) -> Value:
        """Return the cell of a column counted from 0, None beyond the last one."""
        return self.cells[column] if column < len(self.cells) else None


def refuse(file: str, where: str, fault: str, remedy: str) -> SubmissionError:
    """Return the error that tells a sender what to mend."""
    return SubmissionError(file, where, fault, remedy)


def read_sheets(data: bytes, file: str, columns: Mapping[str, int]) -> Mapping[str, Sequence[Row]]:
    """Return the rows of the named sheets that the workbook has, empty rows left out.

    `columns` says how many columns of each sheet are of interest. Raises SubmissionError.
    """
    inspect(data, file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out, which is none of ours
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        except BROKEN as error:
            raise _unreadable(file, "tệp", error) from error
        try:
            named = {s.title: s for s in book.worksheets}
            for sheet in named.values():
                sheet.reset_dimensions()  # the size a file states of itself would hide rows from us
            return {
                name: tuple(_rows(named[name], file, width))
                for name, width in columns.items()
                if name in named
            }
        finally:
            book.close()


def sheet_names(data: bytes, file: str) -> tuple[str, ...]:
    """Return the names of a workbook's sheets in order, those that Excel does not show at the end.

    What nobody sees in the file is never taken for its first table. Raises SubmissionError.
    """
    inspect(data, file)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except BROKEN as error:
        raise _unreadable(file, "tệp", error) from error
    try:
        shown = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
        return tuple(sheet.title for sheet in shown)
    finally:
        book.close()


def inspect(data: bytes, file: str, needed: frozenset[str] = _NEEDED, what: str = "bảng tính .xlsx") -> None:
    """Refuse what is no Office file of this kind or is made to hurt, before anything is decompressed for use.

    Raises SubmissionError.
    """
    if len(data) > MAX_FILE_BYTES:
        raise refuse(
            file, "tệp", f"lớn hơn {MAX_FILE_BYTES // 1_000_000} MB", "chỉ gửi biểu mẫu, không kèm ảnh"
        )
    if data.startswith(_OLD_EXCEL):
        fault = "là tệp .xls đời cũ hoặc có mật khẩu"
        raise refuse(file, "tệp", fault, "mở bằng Excel, bỏ mật khẩu, lưu lại dạng .xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _inspect_parts(archive, file, needed, what)
    except BROKEN as error:
        raise refuse(file, "tệp", f"không phải {what}", f"lưu lại đúng dạng {what}") from error


def _inspect_parts(archive: zipfile.ZipFile, file: str, needed: frozenset[str], what: str) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise refuse(file, "tệp", f"có {len(parts)} phần bên trong", "chép số liệu sang biểu mẫu mới")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise refuse(file, "tệp", "có mật khẩu", "bỏ mật khẩu rồi gửi lại")
    if sum(p.file_size for p in parts) > MAX_TOTAL_BYTES or any(p.file_size > MAX_PART_BYTES for p in parts):
        raise refuse(file, "tệp", "giải nén ra quá lớn", "chép số liệu sang biểu mẫu mới")
    if not {part.filename for part in parts} >= needed:
        raise refuse(file, "tệp", f"không phải {what}", f"lưu lại đúng dạng {what}")
    for part in parts:
        # Any part may be read as XML, whatever its name; without NULs UTF-16 is searched as well.
        if not part.filename.startswith(("xl/media/", "word/media/")) and _DTD.search(
            archive.read(part).replace(b"\0", b"")
        ):
            raise refuse(file, "tệp", "chứa khai báo DTD", "chép số liệu sang biểu mẫu mới")


def _rows(sheet: Any, file: str, width: int) -> Iterator[Row]:
    """Yield the rows that hold something."""
    number = 0
    try:
        for number, cells in enumerate(sheet.iter_rows(max_col=width), start=1):
            if number > _ROW_HORIZON:
                raise _too_long(file, sheet.title)
            if all(cell.value is None for cell in cells):
                continue
            if number > MAX_ROWS:
                raise _too_long(file, sheet.title)
            yield Row(number, tuple(_value(cell, file, sheet.title) for cell in cells))
    except BROKEN as error:
        raise _unreadable(file, f"{sheet.title}, sau dòng {number}", error) from error


def _too_long(file: str, sheet: str) -> SubmissionError:
    return refuse(file, sheet, f"có dữ liệu sau dòng {MAX_ROWS}", "xóa các dòng thừa ở cuối trang tính")


def _unreadable(file: str, where: str, error: Exception) -> SubmissionError:
    why = f"không đọc được ({type(error).__name__})"
    return refuse(file, where, why, "mở bằng Excel, lưu lại dạng .xlsx; nếu vẫn lỗi thì dùng biểu mẫu mới")


def _value(cell: Any, file: str, sheet: str) -> Value:
    value = cell.value
    match cell.data_type if value is not None else "none":
        case "none":
            return None
        case "f":
            return Formula(str(value)[:100])
        case "e":
            return Fault(str(value)[:20])
        case _:
            return _plain(value, f"{sheet}!{cell.coordinate}", file)


def _plain(value: Any, where: str, file: str) -> Value:
    match value:
        case bool():
            return value
        case int():
            return Fraction(value)
        case float():
            if not math.isfinite(value):
                raise refuse(file, where, "là số vô hạn", "nhập một số thường")
            return Fraction(Decimal(repr(value)))
        case datetime():
            return value.date()
        case date():
            return value
        case str():
            return _text(value, where, file)
        case time():
            return Fault(value.isoformat())
        case _:
            return Fault(type(value).__name__)


def _text(value: str, where: str, file: str) -> str | None:
    if len(value) > MAX_TEXT:
        raise refuse(file, where, f"dài hơn {MAX_TEXT} ký tự", "rút gọn nội dung ô")
    return seen(value) or None


def seen(value: str) -> str:
    """Return a cell's text as it is read: composed, without marks that are not seen and blanks around it."""
    kept = "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return unicodedata.normalize("NFC", kept).strip()
