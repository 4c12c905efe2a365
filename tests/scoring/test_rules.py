"""Points of every formula type; the worked examples of the twenty measured components."""

from decimal import Decimal
from fractions import Fraction

import pytest

from minhchung.index_set import ChecklistItem
from minhchung.measurements import Input, Origin
from scoring.numerals import half_up
from scoring.rules import NO_POINTS, points, worth
from tests.scoring.making import component, given, index_set_2021, number

SET = index_set_2021()

INTRODUCTION = frozenset({"so_do_co_cau", "chuc_nang_nhiem_vu", "lanh_dao_nhiem_vu", "lien_he_dau_moi"})
DIRECTION = frozenset({"y_kien_chi_dao", "khen_thuong_xu_phat", "lich_lam_viec_lanh_dao"})
SECTIONS = frozenset({"tuyen_truyen_phap_luat", "chien_luoc_quy_hoach", "thong_ke_bao_cao"})


@pytest.mark.parametrize(
    ("code", "values", "published"),
    [
        ("HD.1", (INTRODUCTION,), "1.60"),
        ("HD.2", ("1309/365", "40/51"), "1.00"),
        ("HD.3", (DIRECTION,), "1.50"),
        ("HD.4", (36, 48), "2.25"),
        ("HD.4", (1, 1), "0.30"),
        ("HD.4", (0, 0), "0.00"),
        ("HD.5", (31, 40), "2.58"),
        ("HD.6", (frozenset({"danh_muc_tthc"}),), "0.50"),
        ("HD.7", (SECTIONS,), "1.20"),
        ("HD.8", (frozenset({"tim_kiem", "so_do_trang_rss"}),), "0.50"),
        ("HD.9", (15, 18), "0.83"),
        ("HD.9", (0, 0), "0.00"),
        ("HD.13", (287, 312), "1.84"),
        ("HD.14", (6940, 7120), "2.92"),
        ("HD.15", (7840, 8021), "3.00"),
        ("HD.15", (7840, 7960), "4.00"),
        ("HD.16", (118, 312), "1.51"),
        ("HD.17", (61, 96), "1.91"),
        ("HD.18", (41, 112), "1.46"),
        ("HD.18", (41, 118), "1.39"),
        ("HD.18", (0, 0), "0.00"),
        ("HD.19", (1906, 7315), "2.08"),
        ("HD.19", (1906, 9020), "1.69"),
        ("HD.20", (471, 6940), "0.68"),
        ("HD.21", (236, 1180), "0.67"),
        ("AT.4", (frozenset({"https", "chuyen_huong_http"}),), "1.50"),
        ("TC.6", (8,), "0.80"),
        ("TC.6", (14,), "1.00"),
    ],
)
def test_worked_examples_of_the_measured_components(
    code: str, values: tuple[str | int | frozenset[str], ...], published: str
) -> None:
    """The examples that stand beside each component's definition."""
    scored = SET.component(code)
    inputs = {
        spec.name: Input(value=number(value), origin=Origin.CRAWL)
        for spec, value in zip(scored.inputs, values, strict=True)
    }

    found = points(scored, inputs)

    assert found.low == found.high
    assert half_up(found.low, 2) == Decimal(published)


def test_a_ratio_is_capped() -> None:
    found = points(component("ratio"), given(num=9, den=8))

    assert found.low == 3
    assert found.steps == ("Tỷ lệ = 9 / 8 = 9/8 (≈ 1,13)", "Tính tối đa 1", "Điểm = 1 × 3 = 3")


def test_a_ratio_below_its_cut_off_earns_the_points_of_below() -> None:
    """Like the sheet of administrative reform: 80 to 100 % by formula, below 80 % nothing."""
    scored = component("ratio_cutoff", "2", cutoff=Decimal("0.8"))

    assert points(scored, given(num=79, den=100)).low == 0
    assert points(scored, given(num=80, den=100)).low == Fraction(8, 5)


@pytest.mark.parametrize(
    ("rule", "low", "high", "applicable"),
    [("zero", 0, 0, True), ("full", 3, 3, True), ("unmeasured", 0, 3, True), ("not_applicable", 0, 0, False)],
)
def test_what_a_denominator_of_zero_is_worth_is_declared(
    rule: str, low: int, high: int, applicable: bool
) -> None:
    found = points(component("ratio", if_den_zero=rule), given(num=0, den=0))

    assert found.low == low
    assert found.high == high
    assert found.applicable is applicable


def test_steps_are_compared_as_fractions() -> None:
    """0.98 exactly is reached; one part in 8021 less is not."""
    scored = component(
        "steps", "4", thresholds=((Decimal("0.98"), Decimal(4)), (Decimal("0.95"), Decimal(3)))
    )

    assert points(scored, given(value="49/50")).low == 4
    assert points(scored, given(value="7860/8021")).low == 3


def test_a_step_needs_both_bounds_else_the_next_lower_one_that_holds() -> None:
    """News: 6 a week, but active in 70 % of weeks only: the step of 1 point holds."""
    scored = SET.component("HD.2")
    inputs = {
        "so_tin_tu_bien_tap_moi_tuan": Input(value=Fraction(6), origin=Origin.CRAWL),
        "ty_le_tuan_co_tin": Input(value=Fraction(7, 10), origin=Origin.CRAWL),
    }

    assert points(scored, inputs).low == 1


def test_open_items_count_at_the_high_end_only() -> None:
    scored = component("checklist", "2", items=tuple(ChecklistItem(id=i, points=Decimal(1)) for i in "ab"))

    found = points(
        scored,
        {"items": Input(value=frozenset({"a"}), origin=Origin.CRAWL, open_items=frozenset({"b"}))},
    )

    assert found.low == 1
    assert found.high == 2
    assert found.steps[-1] == "Tổng: từ 1 đến 2 điểm"


def test_an_unknown_item_never_adds_a_point() -> None:
    scored = component("checklist", "1", items=(ChecklistItem(id="a", points=Decimal(1)),))

    found = points(scored, given(items=frozenset({"z"})))

    assert found.low == 0
    assert found.high == 0


def test_days_late_are_counted_from_the_due_day() -> None:
    """Self-reports were due on 30/10/2021 (Decision 3234/QĐ-UBND): in time 1, up to 5 days late 0.5."""
    scored = SET.component("TC.7")
    worths = [
        points(scored, {"ngay_gui_bao_cao": Input(value=day, origin=Origin.SUBMITTED)}).low
        for day in ("2021-10-12", "2021-10-30", "2021-10-31", "2021-11-04", "2021-11-05")
    ]

    assert worths == [1, 1, Fraction(1, 2), Fraction(1, 2), 0]


def test_a_choice_and_a_boolean_earn_what_they_say() -> None:
    scored = component(
        "choice",
        "2",
        options=(
            ChecklistItem(id="dung_dau", points=Decimal(2)),
            ChecklistItem(id="cap_pho", points=Decimal(1)),
        ),
    )

    assert points(scored, given(value="cap_pho")).low == 1
    assert points(component("boolean"), given(value=True)).low == 3
    assert points(component("boolean"), given(value=False)).low == 0


def test_missing_inputs_leave_the_points_open() -> None:
    """Nothing given is neither zero nor full."""
    for kind in (
        "ratio",
        "steps",
        "steps_all",
        "capped_count",
        "checklist",
        "boolean",
        "choice",
        "deadline_steps",
    ):
        found = points(component(kind), {})

        assert found.low == 0, kind
        assert found.high == 3, kind


def test_an_end_without_points_equals_no_other() -> None:
    """A bound with nothing to divide by must not look like a bound of zero points."""
    scored = component("ratio", if_den_zero="not_applicable")

    assert worth(scored, given(num=0, den=0)) == NO_POINTS
    assert worth(scored, given(num=0, den=4)) == 0
