"""The annex as a Word document in the dress of an official paper; the same annex gives the same bytes."""

from __future__ import annotations

import io

from docx import Document
from docx.shared import Pt

from scoring.annex import Annex
from service.render import sections
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


def as_docx(annex: Annex, head: str = "") -> bytes:
    """Return the annex as the bytes of a DOCX file; `head` is the log's head in print, empty: none."""
    document = Document()
    set_page(document)
    set_letters(document)
    set_header(document, simulated=sections.is_simulated(annex))
    letterhead(document)
    centred(document, "PHỤ LỤC", bold=True, size=TITLE_SIZE, before=Pt(14))
    centred(document, plain(annex.title), bold=True)
    centred(document, sections.ENCLOSED, italic=True, after=Pt(8))
    for warning in annex.warnings:
        paragraph = document.add_paragraph()
        letters(paragraph.add_run(plain(warning)), bold=True, colour=RED)
    for section in sections.sections(annex):
        heading = document.add_heading(section.heading, level=2)
        heading.paragraph_format.keep_with_next = True
        for text in section.paragraphs:
            document.add_paragraph(text).paragraph_format.keep_with_next = bool(section.grids)
        for grid in section.grids:
            table_of(document, grid)
    digest = document.add_paragraph()
    digest.paragraph_format.space_before = Pt(12)
    said = f"Đợt {plain(annex.round)}. Mã băm SHA-256 của mọi số liệu đầu vào: {annex.inputs_digest}"
    letters(digest.add_run(said), size=Pt(10))
    if head:
        print_head(document, head)
    set_properties(document, annex.title, "Phụ lục kèm theo quyết định")
    out = io.BytesIO()
    document.save(out)
    return timeless(out.getvalue())
