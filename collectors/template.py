"""Writes the workbook that an agency fills in: instructions, who reports, and one row for every input.

Texts are written as texts, never as formulas or links, whatever they begin with.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, BinaryIO, Final

from xlsxwriter import Workbook

from collectors.claims import LARGEST, NO, YES, Expected, expectations
from minhchung.agencies import Agency
from minhchung.errors import UsageError
from minhchung.index_set import Component, IndexSet
from minhchung.rounds import Round

AGENCY_TEMPLATE: Final = "minhchung-tu-danh-gia/1"
OWNER_TEMPLATE: Final = "minhchung-chu-quan/1"
FACTS: Final = "ThongTin"
TABLE: Final = "TuDanhGia"
GUIDE: Final = "HuongDan"
AGENCY_HEADER: Final = ("Mã", "Thành phần", "Mã số liệu", "Nội dung", "Giá trị", "Minh chứng")
OWNER_HEADER: Final = ("Mã cơ quan", "Mã", "Mã số liệu", "Giá trị", "Danh sách", "Định nghĩa")

_WIDTHS: Final = (8, 46, 40, 50, 18, 48)
_VALUE: Final = 4
_MESSAGE: Final = 250
_STEPS: Final = (
    "1. Trang ThongTin: kiểm tra mã cơ quan (co_quan), ghi ngày gửi (ngay_gui).",
    "2. Trang TuDanhGia: chỉ điền hai cột màu vàng (Giá trị, Minh chứng); giữ nguyên phần còn lại.",
    "3. Số: nhập số thường, từ 0 trở lên; không nhập chữ, không dùng công thức (dán dạng giá trị).",
    f'4. Có/không: chọn "{YES}" hoặc "{NO}" trong danh sách. Lựa chọn: chọn mã trong danh sách.',
    "5. Ngày: nhập dạng ngày của Excel hoặc yyyy-mm-dd.",
    "6. Để trống Giá trị là không báo cáo số liệu đó; thiếu một số liệu thì thành phần coi như chưa báo cáo.",
    "7. Minh chứng: ghi số, ký hiệu, ngày, trích yếu văn bản hoặc đường dẫn.",
    "8. Lưu dạng .xlsx, không đặt mật khẩu. Gửi lại tệp mới nếu sửa: tệp mới thay tệp cũ.",
)


def write_template(
    index_set: IndexSet, round_: Round, agency: Agency | None, out: Path | str | BinaryIO
) -> None:
    """Write the workbook of a round, its agency filled in where one is given; UsageError if it cannot be."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(made, options) as book:
        written = datetime.combine(round_.period.last, time(), tzinfo=UTC)
        book.set_properties({"title": index_set.title, "subject": round_.title, "created": written})
        formats = _formats(book)
        _write_guide(book, formats, index_set, round_)
        _write_facts(book, formats, round_, agency)
        _write_table(book, formats, index_set)
    if not isinstance(out, str | Path):
        out.write(made.getvalue())
        return
    try:
        Path(out).write_bytes(made.getvalue())
    except OSError as error:
        raise UsageError(f"{out}: the template cannot be written: {error.strerror}") from error


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
    framed = {**base, "border": 1, "border_color": "#B0B0B0", "text_wrap": True}
    fill = {**framed, "bg_color": "#FFF8DC"}
    looks = {
        "title": {**base, "bold": True, "font_size": 15, "text_wrap": True},
        "text": {**base, "text_wrap": True},
        "warning": {**base, "bold": True, "font_color": "#B00000", "text_wrap": True},
        "header": {**framed, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "align": "center"},
        "code": {**framed, "bold": True},
        "plain": framed,
        "name": {**framed, "font_color": "#606060", "font_name": "Consolas", "font_size": 9},
        "number": {**fill, "num_format": "#,##0.####", "align": "right"},
        "day": {**fill, "num_format": "dd/mm/yyyy", "align": "right"},
        "words": {**fill, "num_format": "@"},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _write_guide(book: Any, formats: dict[str, Any], index_set: IndexSet, round_: Round) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 110)
    lines = [(index_set.title, "title"), (round_.title, "text")]
    if index_set.status == "reconstruction":
        said = index_set.warning or "Bộ chỉ số này là bản tái dựng, không phải văn bản chính thức."
        lines.append((f"CẢNH BÁO: {said}", "warning"))
    elif index_set.status == "simulated":
        lines.append(("Dữ liệu mô phỏng.", "warning"))
    span = f"{round_.period.first:%d/%m/%Y} đến {round_.period.last:%d/%m/%Y}"
    lines.append((f"Kỳ đánh giá: {span} (tính cả hai ngày).", "text"))
    if round_.report_due is not None:
        lines.append((f"Hạn gửi báo cáo: {round_.report_due:%d/%m/%Y}.", "text"))
    lines += [("", "text"), *((step, "text") for step in _STEPS)]
    for number, (text, look) in enumerate(lines):
        sheet.write_string(number, 0, text, formats[look])


def _write_facts(book: Any, formats: dict[str, Any], round_: Round, agency: Agency | None) -> None:
    sheet = book.add_worksheet(FACTS)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 2, 48)
    rows = (
        ("mau", AGENCY_TEMPLATE, "plain", "Tên mẫu, không sửa"),
        ("co_quan", agency.code if agency else "", "words", agency.name if agency else "Mã cơ quan báo cáo"),
        ("dot", round_.id, "plain", "Mã đợt đánh giá, không sửa"),
        ("ngay_gui", "", "day", "Ngày gửi báo cáo"),
    )
    for number, (key, value, look, note) in enumerate(rows):
        sheet.write_string(number, 0, key, formats["code"])
        if value:
            sheet.write_string(number, 1, str(value), formats[look])
        else:
            sheet.write_blank(number, 1, None, formats[look])
        sheet.write_string(number, 2, note, formats["text"])


def _write_table(book: Any, formats: dict[str, Any], index_set: IndexSet) -> None:
    sheet = book.add_worksheet(TABLE)
    for column, (title, width) in enumerate(zip(AGENCY_HEADER, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, formats["header"])
    line = 1
    for component in index_set.components():
        for name, expected in expectations(component).items():
            _write_row(sheet, formats, line, component, name, expected)
            line += 1
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, line - 1, len(AGENCY_HEADER) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_row(
    sheet: Any, formats: dict[str, Any], line: int, component: Component, name: str, expected: Expected
) -> None:
    sheet.write_string(line, 0, component.code, formats["code"])
    sheet.write_string(line, 1, component.title, formats["plain"])
    sheet.write_string(line, 2, name, formats["name"])
    sheet.write_string(line, 3, expected.title, formats["plain"])
    look = {"number": "number", "day": "day"}.get(expected.kind, "words")
    sheet.write_blank(line, _VALUE, None, formats[look])
    sheet.write_blank(line, _VALUE + 1, None, formats["words"])
    sheet.data_validation(line, _VALUE, line, _VALUE, _validation(expected))


def _validation(expected: Expected) -> dict[str, Any]:
    match expected.kind:
        case "yes-no":
            return {"validate": "list", "source": [YES, NO]}
        case "option":
            told = "\n".join(f"{option}: {name}" for option, name in expected.options)
            return {
                "validate": "list",
                "source": [option for option, _ in expected.options],
                "input_title": "Chọn mã",
                "input_message": told[:_MESSAGE],
            }
        case "day":
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": datetime(1990, 1, 1, tzinfo=UTC).date(),
                "maximum": datetime(2100, 12, 31, tzinfo=UTC).date(),
                "error_title": "Không phải ngày",
                "error_message": "Nhập ngày dạng dd/mm/yyyy.",
            }
        case "number":
            return {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": LARGEST,
                "error_title": "Không phải số",
                "error_message": "Nhập một số từ 0 trở lên.",
            }
