"""`index-set`: an operator checks, compares, takes in and hands out index sets."""

import io
import itertools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import docx
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.annex_tables import read_tables
from minhchung.errors import SubmissionError
from minhchung.index_set import IndexSet
from scoring.set_differences import changes
from service.config_files import parse
from service.index_sets import PRINTED, as_workbook, findings, printed_rows, read_set, schema, take_in
from service.render.index_set_docx import as_docx
from service.toml_text import as_toml
from tests.scoring.making import CONFIG, set_of
from tests.scoring.test_proposals import rows
from tests.scoring.test_round_choices import with_sections
from tests.scoring.test_rule_types import CENTRE, LATE, TWO_PARTS
from tests.service.calling import Call, caller


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(capsys)


SON_LA = CONFIG / "index_sets" / "son-la-2021.toml"
SET = read_set(SON_LA)
SMALL = set_of([CENTRE])


def written(index_set: IndexSet) -> IndexSet:
    return parse("x.toml", as_toml(index_set).encode(), IndexSet)


@pytest.mark.parametrize("index_set", [SET, set_of([CENTRE]), set_of([LATE, TWO_PARTS]), with_sections()])
def test_a_set_written_as_toml_is_read_back_equal(index_set: IndexSet) -> None:
    assert written(index_set) == index_set


def test_the_product_set_has_a_producer_for_every_input() -> None:
    assert findings(SET) == ()


def workbook(table: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Phụ lục I")
        for number, row in enumerate(table):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return out.getvalue()


def word(table: Sequence[Sequence[str]]) -> bytes:
    document = docx.Document()
    document.add_paragraph("PHỤ LỤC")
    made = document.add_table(rows=0, cols=len(table[0]))
    for row in table:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("suffix", "make"), [("xlsx", workbook), ("docx", word)])
def test_an_annex_of_either_kind_becomes_the_same_proposed_set(
    tmp_path: Path, suffix: str, make: Callable[[Sequence[Sequence[str]]], bytes]
) -> None:
    path = tmp_path / f"phu-luc.{suffix}"
    path.write_bytes(make(rows()))

    taken = take_in(path, set_id="thu", title="Bộ thử")

    assert parse("x", taken.toml.encode(), IndexSet) == taken.index_set
    assert [c.formula.type for c in taken.index_set.components()] == ["steps", "boolean"]
    assert [(f.severity, f.where) for f in findings(taken.index_set)] == [("remark", "1.1, 1.2")]


def test_cells_merged_over_rows_and_columns_are_read_alike_in_either_kind(tmp_path: Path) -> None:
    """A number or unit printed once for several lines is no second component, in Word as in a workbook."""
    table = [*rows(), ("", "", "", "Không: 0 điểm", "", "", "")]
    last = len(table) - 1
    book, paper = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet("Phụ lục I")
        for number, row in enumerate(table):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
        for column in (0, 1, 2):
            sheet.merge_range(last - 1, column, last, column, table[last - 1][column])
        sheet.merge_range(0, 0, 0, 6, table[0][0])
    document = docx.Document(io.BytesIO(word(table)))
    grid = document.tables[0]
    for column in (0, 1, 2):
        grid.cell(last - 1, column).merge(grid.cell(last, column)).text = table[last - 1][column]
    grid.cell(0, 0).merge(grid.cell(0, 6)).text = table[0][0]
    document.save(paper)

    ((_, from_book),) = read_tables(book.getvalue(), "a.xlsx")
    ((_, from_paper),) = read_tables(paper.getvalue(), "a.docx")

    assert [row[:7] for row in from_book] == [row[:7] for row in from_paper]
    assert from_paper[last][:4] == ("", "", "", "Không: 0 điểm")


def test_an_exported_set_comes_back_without_loss(tmp_path: Path) -> None:
    made: list[tuple[str, Callable[[IndexSet], bytes]]] = [("bo.xlsx", as_workbook), ("bo.docx", as_docx)]
    for index_set, (name, write) in itertools.product((SMALL, with_sections()), made):
        path = tmp_path / name
        path.write_bytes(write(index_set))

        taken = take_in(path, set_id="other", title="other")

        assert taken.index_set == index_set
        assert taken.imported is None


WORDS = st.text(
    alphabet=st.one_of(
        st.sampled_from("abc ='\"\\\n\t\r\u2028\u0085\ufeff\u0301\u00a0\x0c\x01ẹ😀"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)


@settings(max_examples=25)
@given(title=WORDS, method=WORDS, note=WORDS, evidence=st.lists(WORDS, max_size=3), times=st.integers(1, 400))
def test_whatever_a_set_says_comes_back_from_its_workbook_and_its_document(
    title: str, method: str, note: str, evidence: list[str], times: int
) -> None:
    """Letters in parts, line separators, invisible marks, formulas, texts longer than a cell."""
    main = SMALL.main_index[0]
    component = replace(
        main.component[0], title=title, method=method * times, note=note * times, evidence=tuple(evidence)
    )
    said = replace(SMALL, main_index=(replace(main, component=(component, *main.component[1:])),))
    with tempfile.TemporaryDirectory() as folder:
        for name, made in (("bo.xlsx", as_workbook(said)), ("bo.docx", as_docx(said))):
            path = Path(folder, name)
            path.write_bytes(made)

            assert take_in(path, set_id="x", title="x").index_set == said


def test_a_printed_document_edited_by_hand_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "bo.docx"
    document = docx.Document(io.BytesIO(as_docx(SMALL)))
    document.tables[0].cell(2, 2).text = "99"
    document.save(str(path))

    with pytest.raises(SubmissionError, match="Phu luc, dòng 3"):
        take_in(path, set_id="x", title="x")


def test_a_set_taken_in_from_a_document_goes_out_and_comes_back(tmp_path: Path) -> None:
    """From DOCX to a set to XLSX to the same set, with every column of the annex word for word."""
    paper, sheet = tmp_path / "phu-luc.docx", tmp_path / "bo.xlsx"
    paper.write_bytes(word(rows()))
    taken = take_in(paper, set_id="thu", title="Bộ thử").index_set

    sheet.write_bytes(as_workbook(taken))

    assert take_in(sheet, set_id="x", title="x").index_set == taken
    printed = {text for row in rows()[2:] for text in row if text}
    assert printed <= {text for row in printed_rows(taken) for text in row}


def test_a_text_that_no_row_holds_is_refused_before_anything_is_written() -> None:
    main = SET.main_index[0]
    component = replace(main.component[0], note="x" * 100_000)
    with pytest.raises(SubmissionError, match="một dòng dài hơn 96000 ký tự"):
        as_workbook(replace(SET, main_index=(replace(main, component=(component,)),)))


def test_a_printed_sheet_edited_by_hand_is_refused_by_line(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "bo.xlsx"
    path.write_bytes(as_workbook(SET))
    book = openpyxl.load_workbook(path)
    book[PRINTED]["C3"] = "99"
    book.save(path)

    with pytest.raises(SubmissionError, match="Phu luc, dòng 3"):
        take_in(path, set_id="x", title="x")


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx", "a.pdf"])
def test_a_file_that_is_none_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"no archive")

    with pytest.raises(SubmissionError):
        take_in(path, set_id="x", title="x")


def test_differences_are_told_in_words() -> None:
    text = SON_LA.read_text("utf-8").replace("cap = 1", "")
    other = parse(
        "x", text.replace('title = "Hạ tầng và nền tảng số"', 'title = "Hạ tầng số"').encode(), IndexSet
    )

    found = list(changes(SET, other))

    assert [change.where for change in found] == ["HT"]
    assert found[0].vi == "Chỉ số chính HT: tên từ «Hạ tầng và nền tảng số» thành «Hạ tầng số»"
    assert list(changes(SET, SET)) == []


def test_a_component_that_comes_or_goes_is_named_with_its_points() -> None:
    found = [change.en for change in changes(set_of([TWO_PARTS]), set_of([LATE]))]

    assert any("rule from type «weighted_ratio»" in text for text in found)
    gone = [change.en for change in changes(with_sections(), set_of([TWO_PARTS]))]
    assert "Gone: B.1 Chỉ số thử, at most 2 points" in gone


def test_the_schema_names_every_key_of_a_component() -> None:
    made = schema()

    assert {"points", "formula", "inputs", "verifier", "on_unmeasured"} <= set(
        made["$defs"]["Component"]["properties"]
    )
    assert made["additionalProperties"] is False


def test_check_exits_1_on_a_fault_and_names_the_component(tmp_path: Path, call: Call) -> None:
    path = tmp_path / "bo.toml"
    text = SON_LA.read_text("utf-8")
    path.write_text(text.replace('verifier = "news_cadence"', 'verifier = "tin_tuc"'), "utf-8")

    said = call("index-set", "check", path, "--json")

    assert said.code == 1
    assert [(one["where"], one["text"]) for one in said.json["findings"]] == [
        ("HD.2", "there is no verifier 'tin_tuc'")
    ]
    assert call("index-set", "check", SON_LA).code == 0


def test_a_verifier_that_produces_something_else_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "bo.toml"
    text = SON_LA.read_text("utf-8")
    path.write_text(text.replace('verifier = "services_used"', 'verifier = "news_cadence"'), "utf-8")

    assert [finding.text for finding in findings(read_set(path))] == [
        "news_cadence produces value, share; nobody produces num, den"
    ]


def test_import_and_export_write_files_and_say_what_a_person_must_confirm(tmp_path: Path, call: Call) -> None:
    annex, out, back = tmp_path / "phu-luc.xlsx", tmp_path / "bo.toml", tmp_path / "ra.xlsx"
    annex.write_bytes(workbook(rows()))

    said = call("index-set", "import", annex, "--out", out, "--title", "Bộ thử")

    assert said.code == 0
    assert "1.1: steps (2 bậc theo tỷ lệ)" in said.out
    assert call("index-set", "export", out, "--out", back).code == 0
    assert take_in(back, set_id="", title="").index_set == read_set(out)
    assert call("index-set", "diff", out, SON_LA).code == 1
