"""A claim beside a measurement: agreed, an honest error, or false."""

from fractions import Fraction

import pytest

from minhchung.index_set import Component
from minhchung.measurements import Input, Origin, Value
from minhchung.scores import Finding
from scoring.comparison import compare
from tests.scoring.making import component, given, index_set_2021, number

SET = index_set_2021()


def judged(scored: Component, claimed: dict[str, Value | int], found: dict[str, Value | int]) -> Finding:
    claim = {name: number(value) for name, value in claimed.items()}
    inputs = {name: Input(value=number(value), origin=Origin.CRAWL) for name, value in found.items()}
    return compare(scored, claim, inputs).finding


@pytest.mark.parametrize(
    ("num", "den", "finding"),
    [
        (287, 312, Finding.AGREED),
        (574, 624, Finding.AGREED),
        (293, 312, Finding.HONEST_ERROR),
        (200, 312, Finding.HONEST_ERROR),
        (294, 312, Finding.FALSE_CLAIM),
        (312, 312, Finding.FALSE_CLAIM),
    ],
)
def test_a_ratio_is_false_beyond_two_hundredths_in_the_agencys_favour(
    num: int, den: int, finding: Finding
) -> None:
    """HD.13, tolerance 0.02: 287/312 was measured; 293/312 is 0.0192 more, 294/312 is 0.0224 more."""
    claimed: dict[str, Value | int] = {"tthc_co_quy_trinh_dien_tu": num, "tthc_thuoc_tham_quyen": den}
    found: dict[str, Value | int] = {"tthc_co_quy_trinh_dien_tu": 287, "tthc_thuoc_tham_quyen": 312}

    assert judged(SET.component("HD.13"), claimed, found) is finding


def test_the_quantity_is_compared_uncapped() -> None:
    """TC.6: 40 items claimed and 38 found are both full points, and still a false claim."""
    scored, name = SET.component("TC.6"), "so_tin_bai_chuyen_doi_so"

    assert judged(scored, {name: 40}, {name: 38}) is Finding.FALSE_CLAIM
    assert judged(scored, {name: 39}, {name: 38}) is Finding.HONEST_ERROR
    assert judged(scored, {name: 38}, {name: 38}) is Finding.AGREED


def test_each_half_of_a_two_part_step_has_its_own_tolerance() -> None:
    """HD.2: 0.2 items a week, 0.05 of the weeks."""
    scored = SET.component("HD.2")
    found: dict[str, Value | int] = {
        "so_tin_tu_bien_tap_moi_tuan": Fraction(1309, 365),
        "ty_le_tuan_co_tin": Fraction(4, 5),
    }

    assert judged(scored, {**found, "so_tin_tu_bien_tap_moi_tuan": Fraction("3.7")}, found) is (
        Finding.HONEST_ERROR
    )
    assert judged(scored, {**found, "so_tin_tu_bien_tap_moi_tuan": Fraction("3.8")}, found) is (
        Finding.FALSE_CLAIM
    )
    assert judged(scored, {**found, "ty_le_tuan_co_tin": Fraction("0.86")}, found) is Finding.FALSE_CLAIM


def test_an_extra_item_is_false_and_a_forgotten_one_is_honest() -> None:
    scored, name = SET.component("HD.3"), "muc_chi_dao_dieu_hanh"
    found: dict[str, Value | int] = {name: frozenset({"y_kien_chi_dao", "xu_ly_kien_nghi"})}

    assert judged(scored, {name: frozenset({"y_kien_chi_dao", "khen_thuong_xu_phat"})}, found) is (
        Finding.FALSE_CLAIM
    )
    assert judged(scored, {name: frozenset({"y_kien_chi_dao"})}, found) is Finding.HONEST_ERROR


def test_a_claimed_item_that_is_open_accuses_nobody() -> None:
    scored, name = SET.component("HD.3"), "muc_chi_dao_dieu_hanh"
    found = {
        name: Input(
            value=frozenset({"y_kien_chi_dao"}),
            origin=Origin.CRAWL,
            open_items=frozenset({"xu_ly_kien_nghi"}),
        )
    }

    comparison = compare(scored, {name: frozenset({"y_kien_chi_dao", "xu_ly_kien_nghi"})}, found)

    assert comparison.finding is Finding.UNVERIFIABLE
    assert comparison.text == "tự báo cáo có, chưa xác minh được: Xử lý, trả lời kiến nghị"


def test_ten_times_the_documents_at_the_same_ratio_is_a_claim_too() -> None:
    """HD.4: below 10 documents the number multiplies the points, so it may not be invented."""
    scored = SET.component("HD.4")

    assert judged(
        scored,
        {"van_ban_du_thuoc_tinh": 10, "van_ban_dang_tai": 10},
        {"van_ban_du_thuoc_tinh": 1, "van_ban_dang_tai": 1},
    ) is (Finding.FALSE_CLAIM)


def test_a_denominator_of_zero_is_compared_by_its_points() -> None:
    """HD.9: no question section at all is 0 points; only claiming answers there is false."""
    scored = SET.component("HD.9")
    none: dict[str, Value | int] = {"cau_hoi_tra_loi_dung_han": 0, "cau_hoi_cong_khai": 0}

    assert judged(scored, {"cau_hoi_tra_loi_dung_han": 4, "cau_hoi_cong_khai": 4}, none) is (
        Finding.FALSE_CLAIM
    )
    assert judged(scored, none, none) is Finding.AGREED


def test_an_earlier_day_than_the_true_one_is_false() -> None:
    scored, name = SET.component("TC.7"), "ngay_gui_bao_cao"

    assert judged(scored, {name: "2021-10-30"}, {name: "2021-11-02"}) is Finding.FALSE_CLAIM
    assert judged(scored, {name: "2021-11-05"}, {name: "2021-11-02"}) is Finding.HONEST_ERROR


def test_yes_where_it_is_no_is_false() -> None:
    scored = component("boolean")

    assert judged(scored, {"value": True}, {"value": False}) is Finding.FALSE_CLAIM
    assert judged(scored, {"value": False}, {"value": True}) is Finding.HONEST_ERROR


def test_the_difference_is_said_in_words() -> None:
    scored = component("ratio", tolerance="0.02")

    said = compare(scored, {"num": Fraction(48), "den": Fraction(48)}, given(num=36, den=48)).text

    assert said == "Tỷ lệ: tự báo cáo 1, xác định 0,75; có lợi cho cơ quan 0,25, vượt dung sai 0,02"
