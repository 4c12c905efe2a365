"""The workbooks that the simulated agencies and owners send in."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest

from simulator.agencies import agencies
from simulator.service_truth import service_truth
from simulator.submissions import AGENCY_HEADER, OWNER_HEADER, all_claims, workbooks
from simulator.submitted import CHECKLISTS, Claims, submitted_claims

SEED = 3234
CRAWLED: Mapping[str, Claims] = {
    "so-y-te": {
        "HD.1": {"muc_gioi_thieu": ["lien_he_dau_moi", "so_do_co_cau"]},
        "HD.2": {"so_tin_tu_bien_tap_moi_tuan": "1309/365", "ty_le_tuan_co_tin": "40/51"},
        "TC.6": {"so_tin_bai_chuyen_doi_so": "8"},
    }
}


def rows(data: bytes, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows()]


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return dict(workbooks(SEED, CRAWLED))


def test_the_same_workbooks_have_the_same_bytes_at_another_time(made: dict[str, bytes]) -> None:
    time.sleep(2.1)  # a ZIP's own clock ticks every two seconds

    assert dict(workbooks(SEED, CRAWLED)) == made


def test_every_agency_sends_one_and_three_owners_do(made: dict[str, bytes]) -> None:
    expected = [f"tu-danh-gia-{agency.code}.xlsx" for agency in agencies(SEED)]

    assert list(made)[:32] == expected
    assert sum(name.startswith("chu-quan-") for name in made) == 3


def test_an_agencys_workbook_says_whose_it_is(made: dict[str, bytes]) -> None:
    facts = dict(rows(made["tu-danh-gia-so-y-te.xlsx"], "ThongTin"))

    assert facts["mau"] == "minhchung-tu-danh-gia/1"
    assert (facts["co_quan"], facts["dot"]) == ("so-y-te", "2021")


def test_claims_stand_under_the_header_one_row_an_input_or_item(made: dict[str, bytes]) -> None:
    table = rows(made["tu-danh-gia-so-y-te.xlsx"], "TuDanhGia")

    values = {(row[0], row[2]): row[4] for row in table[1:]}
    assert table[0] == AGENCY_HEADER
    assert len(values) == len(table) - 1
    assert [values["HD.1", f"muc_gioi_thieu.{item}"] for item in CHECKLISTS["HD.1"][1]] == [
        "có", "không", "không", "không", "có",
    ]  # fmt: skip
    assert values["HD.2", "so_tin_tu_bien_tap_moi_tuan"] == "1309/365"
    assert values["TC.6", "so_tin_bai_chuyen_doi_so"] == 8
    claim = service_truth(SEED)["so-y-te"]["HD.15"]["claim"]
    assert values["HD.15", "ho_so_dung_han"] == int(claim["ho_so_dung_han"])


def test_an_agency_without_procedures_claims_nothing_about_them() -> None:
    claims = all_claims(SEED)["thanh-tra-tinh"]

    assert not [code for code in claims if code in service_truth(SEED)["thanh-tra-tinh"]]
    assert len(claims) == 25


def test_25_components_are_reported_and_the_strong_report_more() -> None:
    claims = submitted_claims(SEED)

    assert {len(mine) for mine in claims.values()} == {25}
    strong, weak = claims["so-thong-tin-truyen-thong"], claims["huyen-ta-van-son"]
    assert strong["TC.1"]["truong_ban"] == "nguoi_dung_dau"
    assert weak["TC.1"]["truong_ban"] == "khong"
    assert str(strong["TC.7"]["ngay_gui_bao_cao"]) <= "2021-10-30" < str(weak["TC.7"]["ngay_gui_bao_cao"])


def test_the_owners_supply_a_register_a_list_and_fees(made: dict[str, bytes]) -> None:
    register = rows(made["chu-quan-so-theo-doi-ho-so.xlsx"], "SoLieu")
    listed = rows(made["chu-quan-danh-muc-muc-do-4.xlsx"], "SoLieu")
    fees = rows(made["chu-quan-ho-so-co-phi.xlsx"], "SoLieu")

    assert register[0] == listed[0] == fees[0] == OWNER_HEADER
    assert {row[0] for row in fees[1:]} == {"so-y-te", "huyen-nam-suong"}
    assert "so-ngoai-vu" not in {row[0] for row in register}
    assert all(row[3] is None and row[4].count(".H99") >= 2 for row in listed[1:])
