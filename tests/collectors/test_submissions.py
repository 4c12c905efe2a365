"""Workbooks: what is read, and rows, cells and sheets that are refused with one sentence."""

from __future__ import annotations

import unicodedata
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from collectors.submissions import read_workbook
from collectors.template import AGENCY_HEADER, AGENCY_TEMPLATE
from minhchung.agencies import PROVINCE, Agency
from minhchung.evidence import AgencyCode
from simulator.service_truth import service_truth
from simulator.services import books
from simulator.submissions import workbooks
from tests.collectors.workbooks import (
    AT,
    FACTS,
    OWNER_FACTS,
    RECORD,
    changed,
    owned,
    read,
    refusal,
    row,
    sent,
    workbook,
)

# --- what is read -------------------------------------------------------------------------------------


def test_every_kind_of_value_is_read_with_the_place_of_its_cell() -> None:
    data = sent(
        row("HT.1", "may", 57, "Báo cáo 12/BC"),
        row("HT.1", "nguoi", 60.5, "Báo cáo 12/BC"),
        row("HT.3", "co_hop", "Có"),
        row("HT.5", "he_thong.qlvb", "có"),
        row("HT.5", "he_thong.mcdt", "KHÔNG"),
        row("NL.1", "can_bo", "phu_trach"),
        row("TC.2", "ngay", date(2021, 1, 20)),
        row("TC.2", "han", "31/01/2021"),
    )

    read_back = read(data)

    assert (read_back.agency, read_back.sent_on, read_back.record) == ("so-y-te", date(2021, 10, 28), RECORD)
    assert {figure.component: dict(figure.inputs) for figure in read_back.figures} == {
        "HT.1": {"may": Fraction(57), "nguoi": Fraction(121, 2)},
        "HT.3": {"co_hop": True},
        "HT.5": {"he_thong": frozenset({"qlvb"})},
        "NL.1": {"can_bo": "phu_trach"},
        "TC.2": {"ngay": "2021-01-20", "han": "2021-01-31"},
    }
    assert read_back.figures[0].proof == "Báo cáo 12/BC"
    assert [figure.seen.path for figure in read_back.figures] == [f"TuDanhGia!E{n}" for n in (2, 4, 5, 7, 8)]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (0, Fraction(0)),
        (0.1, Fraction(1, 10)),
        (3.59, Fraction(359, 100)),
        ("1309/365", Fraction(1309, 365)),
        ("40 / 51", Fraction(40, 51)),
        (10**12, Fraction(10**12)),
    ],
)
def test_numbers_are_exact(cell: Any, value: Fraction) -> None:
    read_back = read(sent(row("HT.1", "may", cell), row("HT.1", "nguoi", 1)))

    assert read_back.figures[0].inputs["may"] == value


def test_a_component_with_an_input_left_empty_is_no_claim() -> None:
    data = sent(
        row("HT.1", "may", 57),
        row("HT.1", "nguoi", None),
        row("HT.5", "he_thong.qlvb", None),
        row("HT.5", "he_thong.mcdt", None),
        row("HT.3", "co_hop", "không"),
    )

    assert [(f.component, dict(f.inputs)) for f in read(data).figures] == [("HT.3", {"co_hop": False})]


def test_a_checklist_with_one_answer_is_a_claim_of_what_is_answered_yes() -> None:
    data = sent(row("HT.5", "he_thong.qlvb", "không"), row("HT.5", "he_thong.mcdt", None))

    assert dict(read(data).figures[0].inputs) == {"he_thong": frozenset()}


def test_texts_are_normalised_and_control_characters_fall_out() -> None:
    data = sent(row("HT.3", "co_hop", "co\u0301", "  Quy\u0301 3 \u202e/BC "))

    figure = read(data).figures[0]

    assert figure.inputs["co_hop"] is True
    assert figure.proof == "Quý 3 /BC"


def test_a_round_typed_as_a_number_is_that_round() -> None:
    facts = [*FACTS[:2], ("dot", 2021)]

    read_back = read(sent(row("HT.3", "co_hop", "có"), facts=facts))

    assert read_back.sent_on is None


def test_an_owners_figures_carry_owner_document_span_and_definition() -> None:
    data = owned(
        ("so-y-te", "HT.1", "nguoi", 120, None, "Mọi người"),
        ("so-xay-dung", "HT.1", "nguoi", None, "1.000948; 2.000111;\n1.000948 ;", None),
    )

    read_back = read(data)

    first, second = read_back.owner_figures
    assert read_back.agency == PROVINCE
    assert (first.agency, first.value, first.definition) == ("so-y-te", Fraction(120), "Mọi người")
    assert (first.owner, first.document) == (
        "Trung tâm Phục vụ hành chính công",
        "45/TTPVHCC ngày 03/11/2021",
    )
    assert (first.first, first.last) == (date(2020, 11, 1), date(2021, 10, 31))
    assert (second.value, second.codes) == (None, ("1.000948", "2.000111"))
    assert second.seen.path == "SoLieu!D3"


def test_an_owner_that_is_itself_rated_is_known_by_its_code() -> None:
    facts = [(key, "so-xay-dung" if key == "chu_quan" else value) for key, value in OWNER_FACTS]

    read_back = read(owned(("so-y-te", "HT.1", "nguoi", 120), facts=facts))

    assert read_back.owner_figures[0].owner == AgencyCode("so-xay-dung")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/báo cáo.xlsx", "báo cáo.xlsx"),
        ("C:\\Users\\x\\bao-cao.xlsx", "bao-cao.xlsx"),
        ("a\n\x1b[31mb.xlsx", "a[31mb.xlsx"),
        ("", "workbook.xlsx"),
    ],
)
def test_a_file_name_is_kept_without_folders_and_control_characters(name: str, kept: str) -> None:
    assert read(sent(row("HT.3", "co_hop", "có")), name).file_name == kept


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("nhiều", "'nhiều' không phải số"),
        ("57", "'57' không phải số"),
        ("3,59", "không phải số"),
        ("1/0", "không phải số"),
        (-1, "số âm hoặc quá lớn"),
        (1e300, "số âm hoặc quá lớn"),
        (date(2021, 4, 3), "là ngày, không phải số"),
        (True, "không phải số"),
        ("=1+1", "là công thức"),
        ("#N/A", "là ô lỗi #N/A"),
    ],
)
def test_a_number_cell_holds_a_number(cell: Any, says: str) -> None:
    text = refusal(sent(row("HT.1", "may", cell), row("HT.1", "nguoi", 60)))

    assert "TuDanhGia!E2" in text
    assert says in text


def test_an_infinite_number_is_refused_in_its_cell() -> None:
    data = sent(row("HT.1", "may", 57), row("HT.1", "nguoi", 12345))

    text = refusal(changed(data, "xl/worksheets/sheet2.xml", b"<v>12345</v>", b"<v>1e999</v>"))

    assert "TuDanhGia!E3" in text
    assert "vô hạn" in text


@pytest.mark.parametrize(
    ("code", "name", "cell", "says"),
    [
        ("HT.3", "co_hop", "chắc có", 'không phải "có" hoặc "không"'),
        ("HT.3", "co_hop", 1, 'không phải "có" hoặc "không"'),
        ("NL.1", "can_bo", "Phụ trách", "một trong: phu_trach, khong"),
        ("TC.2", "ngay", "hôm qua", "không phải ngày"),
        ("TC.2", "ngay", "31/02/2021", "không phải ngày"),
        ("TC.2", "ngay", 44200.5, "không phải ngày"),
        ("TC.2", "ngay", date(1950, 12, 31), "năm 1950"),
        ("HT.5", "he_thong.qlvb", "x", 'không phải "có" hoặc "không"'),
    ],
)
def test_other_cells_hold_what_is_asked_for(code: str, name: str, cell: Any, says: str) -> None:
    text = refusal(sent(row(code, name, cell)))

    assert "TuDanhGia!E2" in text
    assert says in text


@pytest.mark.parametrize(
    ("rows", "where", "says"),
    [
        ([row("HT.9", "may", 1)], "TuDanhGia!A2", "không có chỉ số thành phần mã 'HT.9'"),
        ([row(None, "may", 1)], "TuDanhGia!A2", "(trống)"),
        ([row("HT.1", "xe", 1)], "TuDanhGia!C2", "HT.1 không có mã số liệu 'xe'"),
        ([row("HT.1", None, 1)], "TuDanhGia!C2", "Mã số liệu"),
        ([row("HT.5", "he_thong", "có")], "TuDanhGia!C2", "he_thong.qlvb"),
        ([row("HT.5", "he_thong.xyz", "có")], "TuDanhGia!C2", "không có mã số liệu"),
        (
            [row("HT.1", "may", 1), row("HT.3", "co_hop", "có"), row("HT.1", "may", 1)],
            "TuDanhGia!C4",
            "đã có ở dòng 2",
        ),
        ([], "TuDanhGia", "chưa có số liệu nào"),
        ([row("HT.1", "may", None)], "TuDanhGia", "chưa có số liệu nào"),
    ],
)
def test_rows_name_what_the_index_set_asks_for_once(rows: Any, where: str, says: str) -> None:
    text = refusal(sent(*rows))

    assert f" {where}: " in text
    assert says in text


@pytest.mark.parametrize(
    ("key", "value", "where", "says"),
    [
        ("co_quan", "so-la", "ThongTin!B2", "không có cơ quan mã 'so-la'"),
        ("co_quan", None, "ThongTin", "thiếu mục 'co_quan'"),
        ("dot", "2020", "ThongTin!B3", "đợt '2020' không phải đợt '2021'"),
        ("mau", "minhchung-tu-danh-gia/2", "ThongTin!B1", "minhchung-tu-danh-gia/1"),
        ("mau", None, "ThongTin", "thiếu mục 'mau'"),
        ("mau", 1.5, "ThongTin!B1", "phải là chữ"),
        ("ngay_gui", "mai", "ThongTin!B4", "không phải ngày"),
        ("mau", "=A1", "ThongTin!B1", "phải là chữ"),
    ],
)
def test_the_first_sheet_says_who_reports_on_what(key: str, value: Any, where: str, says: str) -> None:
    facts = [(k, value if k == key else v) for k, v in FACTS]

    text = refusal(sent(row("HT.3", "co_hop", "có"), facts=facts))

    assert f" {where}: " in text
    assert says in text


def test_a_fact_told_twice_is_refused() -> None:
    assert "lặp lại" in refusal(sent(row("HT.3", "co_hop", "có"), facts=[*FACTS, ("dot", "2020")]))


@pytest.mark.parametrize(
    ("pages", "says"),
    [
        ({"Sheet1": []}, "không có trang tính 'ThongTin'"),
        ({"Sheet1": [("mau", AGENCY_TEMPLATE)]}, "không có trang tính 'ThongTin'"),
        ({"ThongTin": []}, "thiếu mục 'mau'"),
        ({"ThongTin": FACTS}, "không có trang tính 'TuDanhGia'"),
        ({"ThongTin": FACTS, "TuDanhGia": []}, "dòng đầu phải là"),
        ({"ThongTin": FACTS, "TuDanhGia": [AGENCY_HEADER[:-1]]}, "dòng đầu phải là"),
        ({"ThongTin": FACTS, "TuDanhGia": [[], AGENCY_HEADER]}, "dòng đầu phải là"),
        ({"ThongTin": OWNER_FACTS, "TuDanhGia": [AGENCY_HEADER]}, "không có trang tính 'SoLieu'"),
    ],
)
def test_sheets_and_headers_stand_as_they_were_given_out(pages: Any, says: str) -> None:
    assert says in refusal(workbook(pages))


@pytest.mark.parametrize(
    ("rows", "where", "says"),
    [
        ([("so-la", "HT.1", "nguoi", 1)], "SoLieu!A2", "không có cơ quan"),
        ([("so-y-te", "HT.9", "nguoi", 1)], "SoLieu!B2", "không có chỉ số"),
        ([("so-y-te", "HT.1", "may", 1)], "SoLieu!C2", "không nhận 'may' từ đơn vị chủ quản"),
        ([("so-y-te", "HT.1", "nguoi", "1")], "SoLieu!D2", "không phải số"),
        ([("so-y-te", "HT.1", "nguoi", None, 7)], "SoLieu!E2", "phải là chữ"),
        ([("so-y-te", "HT.1", "nguoi", None, "a b")], "SoLieu!E2", "mã không hợp lệ"),
        ([("so-y-te", "HT.1", "nguoi", None, " ; ")], "SoLieu!E2", "không có giá trị"),
        ([("so-y-te", "HT.1", "nguoi", 1), ("so-y-te", "HT.1", "nguoi", 2)], "SoLieu!C3", "đã có ở dòng 2"),
        ([], "SoLieu", "chưa có số liệu nào"),
    ],
)
def test_an_owners_rows_are_held_to_the_same(rows: Any, where: str, says: str) -> None:
    text = refusal(owned(*rows))

    assert f" {where}: " in text
    assert says in text


def test_an_owners_span_does_not_end_before_it_begins() -> None:
    facts = [(key, date(2022, 1, 1) if key == "tu_ngay" else value) for key, value in OWNER_FACTS]

    assert "trước tu_ngay" in refusal(owned(("so-y-te", "HT.1", "nguoi", 1), facts=facts))


@pytest.mark.parametrize(
    "name",
    [
        "so-y-te",
        "SỞ  Y TẾ",
        "Sở Y tế tỉnh Thử",
        unicodedata.normalize("NFD", "Sở Y tế"),
        "Ѕở Y tế",
        "Phòng Một, Sở Y tế",
    ],
)
def test_an_owner_that_is_itself_rated_is_known_however_it_writes_its_name(name: str) -> None:
    """Its figures about itself are partly verified and listed as a conflict: not by choice of spelling."""
    facts = [(key, name if key == "chu_quan" else value) for key, value in OWNER_FACTS]

    (figure,) = read(owned(("so-y-te", "HT.1", "nguoi", 1), facts=facts)).owner_figures

    assert figure.owner == "so-y-te"


# --- the simulated province's workbooks, by the product's index set -----------------------------------


def test_every_simulated_workbook_is_read_and_says_what_the_agency_claims() -> None:
    from tests.scoring.making import index_set_2021

    index_set = index_set_2021()
    known = tuple(
        Agency(code=AgencyCode(code), name=book.agency.name, bloc=book.agency.bloc)
        for code, book in books(3234).items()
    )
    truth = service_truth(3234)

    for name, data in workbooks(3234, {}).items():
        read_back = read_workbook(data, name, index_set, known, "2021", RECORD, AT)
        if name.startswith("chu-quan"):
            assert read_back.owner_figures
            continue
        claims = {f.component: {k: str(v) for k, v in f.inputs.items()} for f in read_back.figures}
        expected = {c: e["claim"] for c, e in truth[read_back.agency].items() if e["claim"]}
        assert {c: claims[c] for c in expected} == expected
        assert len(claims) == len(expected) + 25
