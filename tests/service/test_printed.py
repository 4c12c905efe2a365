"""A head in print: on the annex, and read back from text, Word and PDF."""

import io
import zipfile
from pathlib import Path
from unicodedata import normalize

import pytest
from docx import Document
from pypdf import PdfReader

from collectors.printing import as_pdf
from minhchung.errors import UsageError
from scoring.annex import annex
from service.printed import anchors_in, text_of
from service.render import qr
from service.render.annex_docx import as_docx
from service.render.annex_html import as_html
from storage.anchors import Anchor
from tests.auditor.boards import board

ANCHOR = Anchor(origin="minhchung/log/0123456789abcdef", size=1234, root=bytes(range(32)))


def annex_html(head: str) -> str:
    shown = board()
    return as_html(annex(shown.standing, shown.index_set, shown.round, shown.registry), head)


def annex_docx(head: str) -> bytes:
    shown = board()
    return as_docx(annex(shown.standing, shown.index_set, shown.round, shown.registry), head)


def pdf(lines: list[str]) -> bytes:
    """Return a PDF of one page with these lines in Helvetica; the middle dot is octal 267 there."""
    shown = [line.replace("·", "\\267").replace("(", "").replace(")", "") for line in lines]
    text = "".join(f"({line}) Tj T* " for line in shown)
    stream = f"BT /F1 9 Tf 12 TL 40 780 Td {text}ET".encode("ascii")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, part in enumerate(parts, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    start = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def test_the_annex_bears_the_head_with_its_code(tmp_path: Path) -> None:
    """Line and QR code, in both forms; read back by `check --against`."""
    page, paper = tmp_path / "annex.html", tmp_path / "annex.docx"
    page.write_text(annex_html(ANCHOR.line()), "utf-8")
    paper.write_bytes(annex_docx(ANCHOR.line()))

    assert anchors_in(page) == anchors_in(paper) == (ANCHOR,)
    assert page.read_text("utf-8").count("<svg") == 1
    assert qr.as_squares(ANCHOR.line()).path in page.read_text("utf-8")
    pictures = [
        part for part in Document(str(paper)).part.package.iter_parts() if part.content_type == "image/png"
    ]
    assert [part.blob for part in pictures] == [qr.as_png(ANCHOR.line())]
    assert qr.as_png(ANCHOR.line()).startswith(b"\x89PNG")


def test_an_annex_without_a_head_shows_none_and_one_with_it_is_the_same_twice() -> None:
    """Equal annexes under equal heads are equal files."""
    assert "<svg" not in annex_html("")
    assert annex_html(ANCHOR.line()) == annex_html(ANCHOR.line())
    assert annex_docx(ANCHOR.line()) == annex_docx(ANCHOR.line())


def test_a_head_is_read_from_a_pdf(tmp_path: Path) -> None:
    """Broken over lines, as a narrow column prints it."""
    file, groups = tmp_path / "a.pdf", ANCHOR.groups()
    file.write_bytes(pdf(["Phu luc", f"{ANCHOR.origin} · 1234 ·", groups[:30], groups[30:].strip(), "Het"]))

    assert anchors_in(file) == (ANCHOR,)


@pytest.mark.browser
def test_the_annex_printed_by_a_browser_bears_the_head_on_paper_of_a4(tmp_path: Path) -> None:
    """ISO 216: A4 is 210 x 297 mm; what a person prints is what `check --against` reads."""
    file = tmp_path / "annex.pdf"
    file.write_bytes(as_pdf(annex_html(ANCHOR.line())))
    [page, *_] = PdfReader(file).pages

    assert anchors_in(file) == (ANCHOR,)
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    assert "PHỤ LỤC" in normalize("NFC", page.extract_text())


def test_without_a_browser_no_pdf_is_written_and_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINHCHUNG_BROWSER", "/nowhere/chromium")

    with pytest.raises(UsageError, match="MINHCHUNG_BROWSER, or use --format docx"):
        as_pdf(annex_html(""))


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.4\ntrailer << /Root 1 0 R >>\n%%EOF",
        b"PK\x03\x04 nothing",
        b"",
        b"\xff\xfe\x00",
    ],
)
def test_a_file_that_says_nothing_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    """Broken, empty or binary: exit 2 with what, where and a remedy."""
    file = tmp_path / "x"
    file.write_bytes(content)

    with pytest.raises(UsageError, match=str(file)):
        anchors_in(file)


def test_a_document_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    """A Word file is a ZIP from anybody."""
    file = tmp_path / "bomb.docx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", bytes(70 * 1024 * 1024))

    with pytest.raises(UsageError, match="unpacks to more"):
        text_of(file)
