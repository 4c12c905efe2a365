"""The annex as it is published: both forms say what the standing says, and nothing hostile acts in them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document

from auditor.desk import Board
from scoring.annex import Annex, annex
from service.render.annex_docx import as_docx
from service.render.annex_html import as_html
from service.render.characters import plain
from tests.auditor.boards import HOSTILE, board, settled_board


def annex_of(shown: Board) -> Annex:
    return annex(shown.standing, shown.index_set, shown.round, shown.registry)


def cells_of(docx: bytes) -> list[list[list[str]]]:
    """Return the text of every cell of every table, the letterhead's left out."""
    document: Any = Document(io.BytesIO(docx))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables[1:]]


class Tables(HTMLParser):
    """Collects the cells of every table row of a page, and every start tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self._cell = True
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[-1][-1][-1] += data


def unspanned(table: list[list[str]]) -> Iterator[list[str]]:
    """Yield a Word table's rows; a heading that spans all columns reads as one cell."""
    for row in table:
        yield row[:1] if len(row) > 1 and len(set(row)) == 1 else row


def test_the_word_tables_say_what_the_standing_says() -> None:
    """Decision 3234/QĐ-UBND: STT, name, place with score in brackets, grouped by level."""
    provincial, district, *_ = cells_of(as_docx(annex_of(board())))

    assert provincial[0][:3] == ["STT", "Tên cơ quan", "Xếp hạng (Tổng điểm)"]
    assert provincial[1][0] == "A. Mức tốt (02 sở, ngành)"
    assert provincial[2][:3] == ["1", "Sở Mây", "01–02 (96,0) tạm xếp"]
    assert provincial[4][0] == "B. Tạm xếp, chưa xác định mức (01 sở, ngành)"
    assert provincial[5][1:3] == ["Sở Tối", "01–03 (30,0–100,0) tạm xếp"]
    assert district[1][0] == "A. Mức trung bình (01 huyện)"
    assert district[2] == ["1", "UBND huyện Nắng", "01 (60,0)", "70,0%", "30,0%", "0,0%"]


@pytest.mark.parametrize("shown", [board(), settled_board()], ids=["provisional", "settled"])
def test_word_and_web_hold_the_same_tables(shown: Board) -> None:
    """One running order, two forms."""
    word = [list(unspanned(table)) for table in cells_of(as_docx(annex_of(shown)))]
    web = Tables(as_html(annex_of(shown))).tables

    assert web == word
    assert len(web) >= 3


def test_every_place_of_the_standing_is_in_its_table() -> None:
    """Nobody is lost between the standing and the paper."""
    shown = board()
    tables = cells_of(as_docx(annex_of(shown)))

    for bloc, table in zip(shown.standing.blocs, tables, strict=False):
        names = [row[1] for row in table if row[0].isdigit()]
        printed_order = [shown.agency(place.agency).name for place in bloc.places]
        assert sorted(names) == sorted(printed_order)
        assert [row[0] for row in table if row[0].isdigit()] == [str(n + 1) for n in range(len(names))]


def test_differences_and_open_points_are_listed_with_their_words() -> None:
    """A false claim is named with what was claimed and what was found."""
    text = as_html(annex_of(board()))

    assert "Khai vượt" in text
    assert "tự báo cáo" in text
    assert "Điểm chưa xác định" in text
    assert "không truy cập được" in text


def test_a_simulated_annex_is_marked_on_every_page() -> None:
    """A paper that was printed by mistake must not be taken for a result."""
    simulated, real = annex_of(board()), annex_of(settled_board())
    document: Any = Document(io.BytesIO(as_docx(simulated)))
    clean: Any = Document(io.BytesIO(as_docx(real)))
    headers = [document.sections[0].first_page_header, document.sections[0].header]

    assert all("MÔ PHỎNG" in "".join(p.text for p in header.paragraphs) for header in headers)
    assert '<div class="watermark"' in as_html(simulated)
    assert "MÔ PHỎNG" not in as_html(real)
    assert "MÔ PHỎNG" not in "".join(p.text for p in clean.paragraphs)


def test_warnings_stand_before_the_first_table() -> None:
    """Simulated, reconstructed, provisional."""
    text = as_html(annex_of(board()))
    first = text.index("<table")

    for words in ("MÔ PHỎNG:", "Bộ chỉ số tái dựng", "TẠM XẾP"):
        assert text.index(words) < first


def test_the_paper_wears_official_dress() -> None:
    """Decree 30/2020/NĐ-CP: A4, Times New Roman 13 to 14, page number at the top from the second on."""
    docx = as_docx(annex_of(board()))
    document: Any = Document(io.BytesIO(docx))
    section = document.sections[0]
    first = document.tables[0].rows[0].cells[1].text

    assert (section.page_width.mm, section.page_height.mm) == (
        pytest.approx(210, 0.01),
        pytest.approx(297, 0.01),
    )
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.styles["Normal"].font.size.pt == 13
    assert first.splitlines() == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert any("/QĐ-UBND" in p.text for p in document.paragraphs)
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml


def test_header_rows_repeat_and_rows_do_not_break() -> None:
    """A table of twenty agencies runs over a page."""
    document: Any = Document(io.BytesIO(as_docx(annex_of(board()))))

    for table in document.tables[1:]:
        assert "w:tblHeader" in table.rows[0]._tr.xml
        assert all("w:cantSplit" in row._tr.xml for row in table.rows)


def test_equal_annexes_are_equal_bytes() -> None:
    """Two runs of the same evidence must not differ by the time of packing."""
    first, second = as_docx(annex_of(board())), as_docx(annex_of(board()))

    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = ElementTree.fromstring(package.read("docProps/core.xml"))
    times = [each.text for each in core if each.tag.endswith(("created", "modified"))]
    assert times == ["2000-01-01T00:00:00Z"] * 2
    assert as_html(annex_of(board())) == as_html(annex_of(board()))


def test_nothing_from_the_web_acts_in_the_page() -> None:
    """A name with markup is printed as it is written."""
    page = Tables(as_html(annex_of(board())))

    assert not [tag for tag, _ in page.tags if tag in {"script", "img", "iframe", "link", "a"}]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert any(HOSTILE in cell for table in page.tables for row in table for cell in row)


def test_the_page_needs_nothing_else() -> None:
    """One file: it can be sent and opened anywhere."""
    text = as_html(annex_of(board()))

    assert re.search(r"https?://|url\(|@import|src=", text) is None


def test_control_characters_do_not_break_the_paper() -> None:
    """A name read from a portal may hold what XML forbids, and marks that turn the writing round."""
    assert plain("Sở\x00 Xây\x0b dựng\u202e 9,98\ud800") == "Sở Xây dựng 9,98"
    assert plain("dòng\nmới\tcột") == "dòng\nmới\tcột"
    assert plain("So\u031b\u0309") == "Sở"


def test_the_published_page_changes_only_in_sight(golden: Callable[[str, str | bytes], None]) -> None:
    """A changed annex is reviewed as a diff of its golden file."""
    golden("annex.html", as_html(annex_of(board())))
