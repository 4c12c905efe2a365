"""The record of a sighting (biên bản quan sát) as a Word document, to be signed by both persons."""

from __future__ import annotations

import io
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from minhchung.sightings import Witness
from scoring.inputs import told
from service.render.characters import plain
from service.render.paper import (
    RED,
    TITLE_SIZE,
    centred,
    letterhead,
    letters,
    print_head,
    set_header,
    set_letters,
    set_page,
    set_properties,
    table_of,
    timeless,
)
from service.render.sections import Grid
from service.sighting_records import Sitting
from service.sighting_words import instant, person, redacted
from service.sightings import Subject

_TITLE: Final = "Quan sát trực tiếp một chỉ số thành phần"
_HEAD: Final = "Điểm kiểm của nhật ký minh chứng khi in biên bản"


def as_docx(sitting: Sitting, of: Subject, head: str = "", *, simulated: bool = False) -> bytes:
    """Return the record as the bytes of a DOCX file; `head` is the log's head in print, empty: none."""
    document = Document()
    set_page(document)
    set_letters(document)
    set_header(document, simulated=simulated)
    unit = sitting.begun.by.unit
    letterhead(document, (plain(unit).upper() if unit else "ĐƠN VỊ ………………",))
    centred(document, "BIÊN BẢN", bold=True, size=TITLE_SIZE, before=Pt(14))
    centred(document, _TITLE, bold=True)
    centred(document, f"{of.component.code} {plain(of.component.title)}", italic=True, after=Pt(8))
    for warning in _warnings(sitting):
        letters(document.add_paragraph().add_run(warning), bold=True, colour=RED)
    _who_and_where(document, sitting, of)
    _what_was_seen(document, sitting, of)
    _what_was_sealed(document, sitting)
    _signatures(document, sitting)
    if head:
        print_head(document, head, _HEAD)
    set_properties(document, f"Biên bản quan sát {of.agency.code} {of.component.code}", "Biên bản quan sát")
    out = io.BytesIO()
    document.save(out)
    return timeless(out.getvalue())


def _warnings(sitting: Sitting) -> list[str]:
    seen = sitting.witnessed
    if sitting.abandoned is not None:
        return [f"LƯỢT QUAN SÁT NÀY ĐÃ BỎ: {plain(sitting.abandoned.why)}"]
    if seen is None:
        return ["LƯỢT QUAN SÁT NÀY CÒN DỞ DANG: chưa có kết quả."]
    return [f"CHƯA CÓ GIÁ TRỊ TÍNH ĐIỂM: {fault}."] if (fault := seen.fault()) else []


def _heading(document: Any, text: str) -> None:
    document.add_heading(text, level=2).paragraph_format.keep_with_next = True


def _line(document: Any, label: str, words: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(3)
    letters(paragraph.add_run(f"{label}: "), bold=True)
    letters(paragraph.add_run(plain(words)))


def _who_and_where(document: Any, sitting: Sitting, of: Subject) -> None:
    begun, seen = sitting.begun, sitting.witnessed
    _heading(document, "1. Thời gian, địa điểm, thành phần")
    _line(document, "Bắt đầu", instant(begun.began_at))
    if seen is not None:
        _line(document, "Kết thúc", instant(seen.sighting.ended_at))
    _line(document, "Địa điểm", begun.place)
    _line(document, "Người quan sát", person(begun.by))
    if seen is not None and seen.second is not None:
        second = seen.second
        _line(document, "Người đồng ký", f"{person(second.by)}, ngày {second.day:%d/%m/%Y}")
    _line(document, "Cơ quan được đánh giá", f"{of.agency.name}; đợt: {of.round.title}")
    window = "trên màn hình của người quan sát" if begun.window == "screen" else "không có cửa sổ để xem"
    _line(document, "Trình duyệt", f"Chromium, {window}; người quan sát tự đăng nhập bằng tài khoản của mình")


def _what_was_seen(document: Any, sitting: Sitting, of: Subject) -> None:
    _heading(document, "2. Nội dung và kết quả")
    _line(document, "Cần xem", sitting.begun.asked)
    seen = sitting.witnessed
    if seen is None:
        return
    inputs = seen.sighting.inputs
    rows = tuple(
        (str(n), plain(spec.title or spec.name), plain(told(of.component, spec.name, inputs[spec.name])))
        for n, spec in enumerate((s for s in of.component.inputs if s.name in inputs), start=1)
    )
    head = ("STT", "Số liệu", "Đã thấy")
    table_of(document, Grid(head=head, rows=rows, widths=(10, 55, 35), numbers=frozenset({0})))
    _line(document, "Nhận xét", seen.sighting.seen or "không")
    if seen.second is not None and seen.second.note:
        _line(document, "Ghi chú của người đồng ký", seen.second.note)


def _what_was_sealed(document: Any, sitting: Sitting) -> None:
    seen = sitting.witnessed
    if seen is None:
        return
    done = seen.sighting
    _heading(document, "3. Trang đã niêm phong")
    rows = tuple(
        (
            str(n),
            f"{instant(page.at)}\n{plain(page.url)}",
            f"tài liệu {page.dom_sha256}\n"
            + (f"hình {page.picture_sha256}" if page.picture else f"không có hình: {plain(page.withheld)}"),
        )
        for n, page in enumerate(done.pages, start=1)
    )
    head = ("STT", "Thời điểm, địa chỉ", "Mã băm SHA-256")
    table_of(document, Grid(head=head, rows=rows, widths=(8, 42, 50), numbers=frozenset({0})))
    _line(document, "Hỏi đáp HTTP đã niêm phong", f"{done.exchanges} lượt")
    _line(document, "Đã che trước khi niêm phong", redacted(done.redacted))
    _line(document, "Bản ghi trong nhật ký", f"{seen.record} (lượt {done.begun.sitting})")
    if seen.second_record:
        _line(document, "Bản ghi chữ ký thứ hai", seen.second_record)


def _signatures(document: Any, sitting: Sitting) -> None:
    seen = sitting.witnessed
    second = seen.second.by if seen is not None and seen.second is not None else None
    table = document.add_table(rows=1, cols=2)
    table.autofit = True
    for cell, (title, who) in zip(
        table.rows[0].cells, (("NGƯỜI QUAN SÁT", sitting.begun.by), ("NGƯỜI ĐỒNG KÝ", second)), strict=True
    ):
        _signature(cell, title, who)


def _signature(cell: Any, title: str, who: Witness | None) -> None:
    lines = (
        (title, True, False),
        ("(Ký, ghi rõ họ tên)", False, True),
        (plain(who.name) if who else "", True, False),
    )
    for number, (text, bold, italic) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Mm(6 if number == 0 else 22 if number == 2 else 0)
        letters(paragraph.add_run(text), bold=bold, italic=italic)
