"""Official papers as Word documents: page, letters, head, tables, and a file without a time of its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from minhchung.periods import VIETNAM
from service.render import qr, sections
from service.render.characters import plain
from service.render.sections import Grid

FACE: Final = "Times New Roman"
BODY_SIZE: Final = Pt(13)
TABLE_SIZE: Final = Pt(12)
TITLE_SIZE: Final = Pt(14)
TEXT_WIDTH: Final = Mm(210 - 30 - 15)

WRITTEN: Final = datetime(2000, 1, 1, tzinfo=VIETNAM)
"""Stands for every time of writing, so that equal papers are equal files."""

RED: Final = RGBColor(0xA3, 0x20, 0x1A)
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)


def set_page(document: Any) -> None:
    """A4 with the margins of Decree 30/2020/NĐ-CP, Appendix I."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)


def set_letters(document: Any) -> None:
    """Set one face and size for everything, and the language."""
    for name in ("Normal", "Heading 2", "Caption"):
        style = document.styles[name]
        style.font.name = FACE
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.size = BODY_SIZE
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FACE)
        for kind in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    document.styles["Heading 2"].font.bold = True
    document.styles["Heading 2"].paragraph_format.space_before = Pt(12)
    document.styles["Caption"].font.italic = True
    document.styles["Caption"].font.bold = False
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def set_header(document: Any, *, simulated: bool) -> None:
    """Page number at the top in the middle, from the second page on; a simulated province on every page."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    if simulated:
        _mark(section.first_page_header.paragraphs[0])
    later = section.header.paragraphs[0]
    later.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(later, "PAGE")
    if simulated:
        _mark(section.header.add_paragraph())


def _mark(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    letters(paragraph.add_run("MÔ PHỎNG – không phải số liệu thật"), bold=True, size=Pt(16), colour=RED)


def _field(paragraph: Any, instruction: str) -> None:
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run(text if kind == "text" else "")
        if kind == "":
            told = OxmlElement("w:instrText")
            told.set(qn("xml:space"), "preserve")
            told.text = f" {text} "
            run._r.append(told)
        elif kind != "text":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def letters(
    run: Any,
    *,
    bold: bool = False,
    italic: bool = False,
    size: Pt = BODY_SIZE,
    colour: RGBColor | None = None,
) -> None:
    """Set the letters of a run."""
    run.bold, run.italic, run.font.size = bold, italic, size
    if colour is not None:
        run.font.color.rgb = colour


def centred(
    document: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: Pt = BODY_SIZE,
    before: Pt | None = None,
    after: Pt | None = None,
) -> None:
    """Add a line in the middle."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = before
    paragraph.paragraph_format.space_after = after or Pt(2)
    letters(paragraph.add_run(text), bold=bold, italic=italic, size=size)


def print_head(document: Any, head: str, label: str = sections.HEAD_LABEL) -> None:
    """Print the log's head and its QR code, on one page."""
    said = document.add_paragraph()
    said.paragraph_format.keep_with_next = True
    letters(said.add_run(f"{label}: {head}"), size=Pt(10))
    document.add_paragraph().add_run().add_picture(io.BytesIO(qr.as_png(head)), width=Mm(28))


def letterhead(document: Any, body: tuple[str, ...] = sections.BODY) -> None:
    """Print who issues the paper on the left, the nation's name on the right."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    _set_widths(table, [TEXT_WIDTH * share // 100 for share in (38, 62)])
    for cell, lines in zip(table.rows[0].cells, (body, sections.NATION), strict=True):
        for number, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(0)
            letters(paragraph.add_run(line), bold=True, size=Pt(12))
        _rule(cell.add_paragraph(), cell.width)


def _rule(paragraph: Any, width: int) -> None:
    """Draw the short line under a head: the top border of an empty, indented paragraph."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = width * 3 // 10
    paragraph.paragraph_format.space_before = Pt(3)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _set_widths(table: Any, widths: Sequence[int]) -> None:
    """Set the widths of the grid's columns and of the cells there are."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def table_of(document: Any, grid: Grid, width: int = TEXT_WIDTH) -> None:
    """Add a table of this width, its head repeated on every page."""
    table = document.add_table(rows=0, cols=len(grid.head), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = [width * share // 100 for share in grid.widths]
    _set_widths(table, widths)
    centred = frozenset(range(len(grid.head)))
    _row(table, grid.head, widths, centred, bold=True, repeated=True)
    for row in grid.rows:
        if grid.spans(row):
            _spanning_row(table, row[0], widths)
        else:
            _row(table, row, widths, grid.numbers)
    if grid.caption:
        caption = document.add_paragraph(grid.caption, style="Caption")
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.space_before = Pt(4)


def _row(
    table: Any,
    texts: Sequence[str],
    widths: Sequence[int],
    centred: frozenset[int],
    *,
    bold: bool = False,
    repeated: bool = False,
) -> None:
    row = table.add_row()
    _row_property(row, "w:cantSplit")
    if repeated:
        _row_property(row, "w:tblHeader")
    for column, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = width
        _write(cell, text, bold=bold, centre=column in centred)


def _spanning_row(table: Any, text: str, widths: Sequence[int]) -> None:
    row = table.add_row()
    _row_property(row, "w:cantSplit")
    cell = row.cells[0].merge(row.cells[-1])
    cell.width = sum(widths)
    _write(cell, text, bold=True, centre=False)
    cell.paragraphs[0].paragraph_format.keep_with_next = True


def _write(cell: Any, text: str, *, bold: bool, centre: bool) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    letters(paragraph.add_run(text), bold=bold, size=TABLE_SIZE)


def _row_property(row: Any, name: str) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement(name))


def set_properties(document: Any, title: str, subject: str) -> None:
    """Say what the file is, and nothing of when or where it was written."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = "minhchung"
    properties.title = plain(title)[:255]
    properties.subject = subject
    properties.comments = properties.keywords = properties.category = ""
    properties.language = "vi-VN"
    properties.revision = 1
    properties.created = properties.modified = properties.last_printed = WRITTEN.replace(tzinfo=None)


def timeless(packed: bytes) -> bytes:
    """Return the package with its parts in order and without the time of packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, 0o600 << 16
            new.writestr(info, old.read(name))
    return out.getvalue()
