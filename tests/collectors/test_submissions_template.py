"""The workbook that agencies fill in: a round trip, its guide, its lists, its bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from collectors.claims import expectations
from collectors.template import AGENCY_HEADER, write_template
from minhchung.agencies import Agency
from minhchung.errors import UsageError
from minhchung.index_set import IndexSet
from tests.collectors.workbooks import (
    AGENCIES,
    ROUND,
    SET,
    read,
    refusal,
)

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
