"""Workbooks: the template round trip, and everything that is refused with one sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors import sheets
from collectors.claims import expectations
from collectors.submissions import PROVINCE, read_workbook
from collectors.template import AGENCY_HEADER, AGENCY_TEMPLATE, OWNER_HEADER, OWNER_TEMPLATE, write_template
from minhchung.agencies import Agency, Bloc
from minhchung.errors import SubmissionError, UsageError
from minhchung.evidence import AgencyCode, RecordId
from minhchung.index_set import ChecklistItem, Component, Formula, IndexSet, InputSpec, MainIndex
from minhchung.measurements import Origin
from minhchung.periods import Period
from minhchung.rounds import Band, Round
from minhchung.submissions import Submission
from simulator.service_truth import service_truth
from simulator.services import books
from simulator.submissions import workbooks

RECORD = RecordId("urn:uuid:00000000-0000-0000-0000-000000000007")
AT = datetime(2021, 11, 1, 3, 0, tzinfo=UTC)
SUBMITTED, OWNED = (Origin.SUBMITTED,), (Origin.OWNER, Origin.SUBMITTED)


def component(code: str, formula: Formula, *inputs: InputSpec) -> Component:
    return Component(
        code=code,
        title=f"Thành phần {code}",
        points=Decimal(2),
        kind="submitted_proof",
        formula=formula,
        inputs=inputs,
    )


RATIO = component(
    "HT.1",
    Formula(type="ratio"),
    InputSpec(role="num", name="may", origins=SUBMITTED, title="Số máy"),
    InputSpec(role="den", name="nguoi", origins=OWNED, title="Số người"),
)
YES_NO = component(
    "HT.3", Formula(type="boolean"), InputSpec(role="value", name="co_hop", origins=SUBMITTED, title="Có họp")
)
CHECKLIST = component(
    "HT.5",
    Formula(
        type="checklist",
        items=(
            ChecklistItem(id="qlvb", points=Decimal(1), name="Quản lý văn bản"),
            ChecklistItem(id="mcdt", points=Decimal(1)),
        ),
    ),
    InputSpec(role="items", name="he_thong", origins=SUBMITTED),
)
CHOICE = component(
    "NL.1",
    Formula(
        type="choice",
        options=(
            ChecklistItem(id="phu_trach", points=Decimal(1), name="Phụ trách"),
            ChecklistItem(id="khong", points=Decimal(0), name="Không"),
        ),
    ),
    InputSpec(role="value", name="can_bo", origins=SUBMITTED),
)
DEADLINE = component(
    "TC.2",
    Formula(type="deadline_steps", thresholds=((Decimal(0), Decimal(2)),)),
    InputSpec(role="date", name="ngay", origins=SUBMITTED),
    InputSpec(role="due", name="han", origins=SUBMITTED),
)
SET = IndexSet(
    id="thu",
    title="=Bộ chỉ số thử nghiệm",
    status="reconstruction",
    warning="Bản tái dựng, không phải văn bản.",
    scale=Decimal(10),
    main_index=(
        MainIndex(
            code="HT",
            title="Hạ tầng",
            points=Decimal(10),
            component=(RATIO, YES_NO, CHECKLIST, CHOICE, DEADLINE),
        ),
    ),
)
ROUND = Round(
    id="2021",
    title="Đợt thử",
    index_set="thu",
    registry="thu",
    period=Period(date(2020, 11, 1), date(2021, 10, 31)),
    freeze=date(2021, 11, 10),
    blocs=(Bloc(code="provincial", name="Sở"),),
    bands=(Band(code="tot", name="Tốt", min=Decimal(85)),),
    report_due=date(2021, 10, 30),
)
AGENCIES = (
    Agency(code=AgencyCode("so-xay-dung"), name="Sở Xây dựng", bloc="provincial"),
    Agency(code=AgencyCode("so-y-te"), name="Sở Y tế", bloc="provincial"),
)

FACTS: Sequence[tuple[Any, ...]] = (
    ("mau", AGENCY_TEMPLATE),
    ("co_quan", "so-y-te"),
    ("dot", "2021"),
    ("ngay_gui", date(2021, 10, 28)),
)
OWNER_FACTS: Sequence[tuple[Any, ...]] = (
    ("mau", OWNER_TEMPLATE),
    ("chu_quan", "Trung tâm Phục vụ hành chính công"),
    ("van_ban", "45/TTPVHCC ngày 03/11/2021"),
    ("tu_ngay", date(2020, 11, 1)),
    ("den_ngay", "2021-10-31"),
)


def row(code: Any, name: Any, value: Any, proof: Any = None) -> tuple[Any, ...]:
    return code, "", name, "", value, proof


def workbook(pages: dict[str, Iterable[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in pages.items():
        sheet = book.create_sheet(title)
        for cells in rows:
            sheet.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(*rows: Sequence[Any], facts: Sequence[Sequence[Any]] = FACTS) -> bytes:
    return workbook({"ThongTin": facts, "TuDanhGia": [AGENCY_HEADER, *rows]})


def owned(*rows: Sequence[Any], facts: Sequence[Sequence[Any]] = OWNER_FACTS) -> bytes:
    return workbook({"ThongTin": facts, "SoLieu": [OWNER_HEADER, *rows]})


def read(data: bytes, name: str = "bao-cao.xlsx") -> Submission:
    return read_workbook(data, name, SET, AGENCIES, "2021", RECORD, AT)


def refusal(data: bytes) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(data)
    text = str(caught.value)
    assert text.startswith("bao-cao.xlsx: ")
    assert "\n" not in text
    assert caught.value.remedy
    return text


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


# --- files that are made to hurt ----------------------------------------------------------------------


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return the workbook with bytes of one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for info in source.infolist():
            body = source.read(info)
            if info.filename == part:
                assert old in body
                body = body.replace(old, new)
            made.writestr(info.filename, body)
    return out.getvalue()


def with_part(data: bytes, name: str, body: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, body)
    return out.getvalue()


GOOD = sent(row("HT.3", "co_hop", "có"))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "không phải bảng tính"),
        (b"co quan;gia tri\n", "không phải bảng tính"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "đời cũ hoặc có mật khẩu"),
        (GOOD[: len(GOOD) // 2], "không phải bảng tính"),
        (b"PK\x05\x06" + bytes(18), "không phải bảng tính"),
        (bytes(sheets.MAX_FILE_BYTES + 1), "lớn hơn 10 MB"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, says: str) -> None:
    assert says in refusal(data)


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", "<a/>")

    assert "không phải bảng tính" in refusal(out.getvalue())


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_part(GOOD, "xl/media/image1.png", bytes(sheets.MAX_PART_BYTES + 1))

    assert len(bomb) < 100_000
    assert "giải nén ra quá lớn" in refusal(bomb)


def test_many_small_parts_are_refused() -> None:
    data = GOOD
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as made:
        for number in range(sheets.MAX_PARTS):
            made.writestr(f"xl/media/{number}.png", b"")

    assert "phần bên trong" in refusal(out.getvalue())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_whatever_their_encoding(encoding: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'

    assert "DTD" in refusal(with_part(GOOD, "xl/hidden.bin", text.encode(encoding)))


def test_an_encrypted_part_is_refused() -> None:
    start = GOOD.rindex(b"PK\x01\x02")
    marked = bytearray(GOOD)
    marked[start + 8] |= 1

    assert "có mật khẩu" in refusal(bytes(marked))


def test_a_stray_cell_far_down_is_refused_and_empty_rows_are_not() -> None:
    filler: list[Sequence[Any]] = [[]] * (sheets.MAX_ROWS + 5)
    long = [row("HT.3", "co_hop", "có"), *filler]

    far = changed(GOOD, "xl/worksheets/sheet2.xml", b'<row r="2"', b'<row r="900000000"')

    assert read(sent(*long)).figures
    assert f"sau dòng {sheets.MAX_ROWS}" in refusal(sent(*long, row("HT.1", "may", 5)))
    assert f"sau dòng {sheets.MAX_ROWS}" in refusal(far)


def test_a_stated_size_that_lies_hides_no_row() -> None:
    data = sent(row("HT.3", "co_hop", "có"), row("HT.1", "may", "chữ"))

    lying = changed(data, "xl/worksheets/sheet2.xml", b'<dimension ref="A1:F3"', b'<dimension ref="A1:F2"')

    assert "TuDanhGia!E3" in refusal(lying)


def test_an_endless_text_is_refused() -> None:
    text = refusal(sent(row("HT.3", "co_hop", "có", "x" * (sheets.MAX_TEXT + 1))))

    assert "TuDanhGia!F2" in text


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet2.xml", b"<row", b"<row r='x'"),
        ("xl/worksheets/sheet2.xml", b"</sheetData>", b""),
        ("xl/worksheets/sheet2.xml", b't="inlineStr"', b't="d"'),
        ("xl/worksheets/sheet2.xml", b't="n"><v>57', b't="s"><v>9999'),
        ("xl/worksheets/sheet2.xml", b"<v>57", b"<v>NaN"),
        ("xl/workbook.xml", b"<sheets>", b"<sheets><sheet/>"),
        ("xl/_rels/workbook.xml.rels", b"sheet2.xml", b"sheet9.xml"),
        ("[Content_Types].xml", b"<Types", b"<Typos"),
        ("xl/styles.xml", b"<cellXfs", b"<cellXf"),
    ],
)
def test_damaged_parts_are_refused_with_a_sentence(part: str, old: bytes, new: bytes) -> None:
    data = sent(row("HT.1", "may", 57), row("HT.1", "nguoi", 60))

    text = refusal(changed(data, part, old, new))

    assert text.count("; ") >= 1


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
@settings(max_examples=150)
def test_no_flipped_byte_raises_anything_but_a_refusal(place: int, mask: int) -> None:
    """A workbook is hostile until proven otherwise: it is read, or refused, and nothing else happens."""
    bent = bytearray(GOOD)
    bent[place] ^= mask
    try:
        outcome: Submission | SubmissionError = read(bytes(bent))
    except SubmissionError as error:
        outcome = error

    assert isinstance(outcome, Submission | SubmissionError)


# --- the template -------------------------------------------------------------------------------------


def template(agency: Agency | None = AGENCIES[1], index_set: IndexSet = SET) -> bytes:
    out = io.BytesIO()
    write_template(index_set, ROUND, agency, out)
    return out.getvalue()


def fill(data: bytes, fill_in: Callable[[str, str], Any]) -> bytes:
    """Return the template with the values of `fill_in(component, name)`."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cells in book["TuDanhGia"].iter_rows(min_row=2):
        cells[4].value = fill_in(cells[0].value, cells[2].value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


VALUES: dict[str, Any] = {
    "may": 57,
    "nguoi": 60,
    "co_hop": "có",
    "he_thong.qlvb": "có",
    "he_thong.mcdt": "không",
    "can_bo": "khong",
    "ngay": date(2021, 1, 20),
    "han": date(2021, 1, 31),
}


def test_a_template_that_is_filled_in_is_read_back() -> None:
    read_back = read(fill(template(), lambda _, name: VALUES[name]))

    assert read_back.agency == "so-y-te"
    assert {f.component: dict(f.inputs) for f in read_back.figures} == {
        "HT.1": {"may": Fraction(57), "nguoi": Fraction(60)},
        "HT.3": {"co_hop": True},
        "HT.5": {"he_thong": frozenset({"qlvb"})},
        "NL.1": {"can_bo": "khong"},
        "TC.2": {"ngay": "2021-01-20", "han": "2021-01-31"},
    }


def test_a_template_without_an_agency_asks_for_it() -> None:
    assert "thiếu mục 'co_quan'" in refusal(fill(template(None), lambda _, name: VALUES[name]))


def test_an_empty_template_is_refused_as_empty() -> None:
    assert "chưa có số liệu nào" in refusal(template())


def test_the_same_template_has_the_same_bytes() -> None:
    assert template() == template()


def test_the_template_guides_warns_and_offers_lists() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))

    guide = [cell.value for cell in book["HuongDan"]["A"]]
    table = book["TuDanhGia"]
    offered = {v.formula1 for v in table.data_validations.dataValidation if v.type == "list"}
    assert book.sheetnames == ["HuongDan", "ThongTin", "TuDanhGia"]
    assert "CẢNH BÁO: Bản tái dựng, không phải văn bản." in guide
    assert "Hạn gửi báo cáo: 30/10/2021." in guide
    assert offered == {'"có,không"', '"phu_trach,khong"'}
    assert table.freeze_panes == "D2"
    assert [cell.value for cell in table[1]] == list(AGENCY_HEADER)


def test_a_title_that_begins_like_a_formula_stays_a_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))

    cell = book["HuongDan"]["A1"]
    assert (cell.value, cell.data_type) == ("=Bộ chỉ số thử nghiệm", "s")


def test_a_template_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_template(SET, ROUND, None, tmp_path / "missing" / "a.xlsx")

    write_template(SET, ROUND, None, tmp_path / "a.xlsx")

    assert (tmp_path / "a.xlsx").read_bytes() == template(None)


def test_a_row_is_asked_for_every_input_and_item() -> None:
    assert [list(expectations(c)) for c in SET.components()] == [
        ["may", "nguoi"],
        ["co_hop"],
        ["he_thong.qlvb", "he_thong.mcdt"],
        ["can_bo"],
        ["ngay", "han"],
    ]


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
