"""An index set as a Word annex that is read back: the table for people, the set in a part of its own."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Mm, Pt

from collectors.annex_tables import NAMESPACE
from minhchung.index_set import IndexSet
from service.index_sets import kept_line, printed_cell, printed_rows
from service.render.characters import plain
from service.render.paper import (
    TITLE_SIZE,
    centred,
    set_header,
    set_letters,
    set_page,
    set_properties,
    table_of,
    timeless,
)
from service.render.sections import Grid
from service.toml_text import as_toml

_WIDTH = Mm(297 - 30 - 15)
_WIDTHS = (7, 25, 8, 26, 14, 10, 10)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"


def as_docx(index_set: IndexSet) -> bytes:
    """Return the annex as the bytes of a DOCX file."""
    document = Document()
    set_page(document)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    set_letters(document)
    set_header(document, simulated=index_set.status == "simulated")
    centred(document, "PHỤ LỤC", bold=True, size=TITLE_SIZE)
    centred(document, plain(index_set.title), bold=True, after=Pt(8))
    head, *rows = (tuple(map(printed_cell, row)) for row in printed_rows(index_set))
    table_of(document, Grid(head=head, rows=tuple(rows), widths=_WIDTHS, numbers=frozenset({0, 2})), _WIDTH)
    lines = "\n".join(kept_line(line) for line in as_toml(index_set).split("\n"))
    body = f'<?xml version="1.0" encoding="UTF-8"?><set xmlns="{NAMESPACE}">{escape(lines)}</set>'
    package = document.part.package
    part = Part(PackURI("/customXml/item9.xml"), "application/xml", body.encode(), package)
    document.part.relate_to(part, _RELATION)
    set_properties(document, index_set.title, "Phụ lục bộ chỉ số")
    out = io.BytesIO()
    document.save(out)
    return timeless(out.getvalue())
