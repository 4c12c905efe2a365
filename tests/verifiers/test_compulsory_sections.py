"""HD.7, as docs/reference/verifiers/compulsory_sections.md defines it."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhchung.measurements import Reason, Result
from minhchung.observations import FormControl
from tests.verifiers.builders import (
    CLOSE,
    PERIOD,
    component,
    context,
    measured,
    met_items,
    settings,
    unmeasured,
    visit,
)
from tests.verifiers.scenes import LONG, Row, Scene, row
from verifiers.compulsory_sections import INPUT, VERIFIER, days_back

HEADINGS = {
    "tuyen_truyen_phap_luat": "Phổ biến giáo dục pháp luật",
    "thong_ke_bao_cao": "Thống kê",
    "chien_luoc_quy_hoach": "Qui hoạch, kế hoạch",
    "du_an_dau_thau_mua_sam": "Dự án đầu tư",
    "lay_y_kien_gop_y": "Lấy ý kiến góp ý",
}
ITEMS = tuple(HEADINGS)
HD7 = component("HD.7", "2", **dict.fromkeys(ITEMS, "0.4"))
SPRING = date(2021, 3, 1)


def scene(*leave_out: str) -> Scene:
    """A portal with all five sections filled, but for some."""
    built = Scene().fill()
    for key, heading in HEADINGS.items():
        if key not in leave_out:
            built.listed(key, heading, (row(f"{key}-1", SPRING),))
    return built


def judge(built: Scene, **held: Any) -> Result:
    """Measure a scene walked on the two days of the close."""
    return VERIFIER.measure(built.held(**held), context(HD7), settings(VERIFIER))


def test_five_filled_sections_meet_five() -> None:
    """Result, pass: 5."""
    assert measured(judge(scene())).inputs[INPUT].value == frozenset(ITEMS)


def test_the_example_of_the_definition_meets_three() -> None:
    """Law, plans, statistics met; projects found but empty; no consultation, twice: 3 x 0.4 = 1.20."""
    built = scene("du_an_dau_thau_mua_sam", "lay_y_kien_gop_y").listed("da", "Danh mục dự án", ())

    result = measured(judge(built))

    assert result.inputs[INPUT].value == frozenset(ITEMS[:3])
    assert [n.key for n in result.notes] == ["item-met"] * 3 + ["item-found-empty", "item-not-found"]


def test_a_portal_without_sections_meets_none() -> None:
    """Result, fail: 0."""
    assert measured(judge(Scene().fill())).inputs[INPUT].value == frozenset()


@pytest.mark.parametrize(
    ("item", "heading", "rows"),
    [
        ("du_an_dau_thau_mua_sam", "Dự án", []),
        ("du_an_dau_thau_mua_sam", "Dự án", [row("a", SPRING, texts=("Đang cập nhật",))]),
        ("du_an_dau_thau_mua_sam", "Dự án", [row("a", date(2022, 1, 5))]),
        ("thong_ke_bao_cao", "Báo cáo", [row("a", date(2020, 10, 31))]),
        ("chien_luoc_quy_hoach", "Quy hoạch", [row("a", date(2016, 10, 31))]),
        ("lay_y_kien_gop_y", "Thăm dò ý kiến", [row("a", SPRING)]),
    ],
)
def test_an_empty_old_or_future_section_is_not_met(item: str, heading: str, rows: list[Row]) -> None:
    """Must not count: an empty section, "đang cập nhật", a future day, a poll, days out of range."""
    assert measured(judge(scene(item).listed("muc", heading, rows))).inputs[INPUT].value == frozenset(
        ITEMS
    ) - {item}


@pytest.mark.parametrize(
    ("item", "heading", "day"),
    [
        ("thong_ke_bao_cao", "Báo cáo thống kê", date(2020, 11, 1)),
        ("chien_luoc_quy_hoach", "Định hướng phát triển", date(2016, 11, 1)),
        ("du_an_dau_thau_mua_sam", "Kế hoạch lựa chọn nhà thầu", date(2017, 2, 1)),
    ],
)
def test_ranges_are_counted_back_from_the_periods_end(item: str, heading: str, day: date) -> None:
    """Days are counted back from the period's end, 365 or 1826 of them."""
    assert item in met_items(judge(scene(item).listed("muc", heading, [row("a", day)])))


def test_the_last_365_days_are_the_period_itself() -> None:
    """Both ends in."""
    assert days_back(PERIOD.last, 365) == PERIOD


def test_an_own_file_stands_for_text() -> None:
    """An item is an own page of 200 characters, or an own attachment."""
    short = row("a", SPRING, texts=("Xem tệp.",), files=("bc.pdf",))
    built = scene("thong_ke_bao_cao").listed("muc", "Báo cáo", [short])

    assert unmeasured(judge(built)).reason is Reason.NOT_READ
    assert "thong_ke_bao_cao" in met_items(judge(built.file("bc.pdf")))
    built.files["bc.pdf"] = ("html", 30_000)
    assert "thong_ke_bao_cao" not in met_items(judge(built))
    assert measured(judge(built)).coverage == 1


def test_a_form_beside_a_draft_is_a_consultation_and_a_poll_is_none() -> None:
    """A form with at least one draft counts."""
    controls = {"controls": (FormControl(name="y_kien", type="textarea", labelled=True),)}
    built = scene("lay_y_kien_gop_y")
    built.page("gy", "Góp ý dự thảo", ("Xin mời góp ý.",), files=("dt.docx",), more=controls)

    assert "lay_y_kien_gop_y" in met_items(judge(built.file("dt.docx", "docx")))
    without = scene("lay_y_kien_gop_y").page("gy", "Góp ý dự thảo", ("Xin mời góp ý.",), more=controls)
    assert measured(judge(without)).inputs[INPUT].value == frozenset(ITEMS[:4])


def test_a_news_title_with_the_word_is_no_section() -> None:
    """Must not count: a news title with "dự án"."""
    built = scene("du_an_dau_thau_mua_sam").listed("tin", "Tin tức", [row("t", SPRING, "Dự án đầu tư mới")])

    assert "du_an_dau_thau_mua_sam" not in met_items(judge(built))


def test_one_item_under_two_addresses_fills_a_section_once() -> None:
    """Must not count: a section filled by one repeated item, where two are asked for."""
    twice = [row("a", SPRING, "Báo cáo quý I"), row("b", SPRING, "Báo cáo quý I")]
    built = scene("thong_ke_bao_cao").listed("muc", "Báo cáo", twice)
    held, wanted = built.held(), settings(VERIFIER, min_dated=2)

    assert "thong_ke_bao_cao" not in met_items(VERIFIER.measure(held, context(HD7), wanted))


def test_one_file_under_two_sections_is_asked_about() -> None:
    """Questions: one file under several sections."""
    built = scene("thong_ke_bao_cao", "chien_luoc_quy_hoach").file("kh.pdf")
    built.listed("tk", "Báo cáo", [row("a", SPRING, files=("kh.pdf",))])
    built.listed("qh", "Quy hoạch", [row("b", SPRING, files=("kh.pdf",))])

    result = measured(judge(built))

    assert result.inputs[INPUT].value == frozenset(ITEMS)
    assert [q.key for q in result.questions] == ["question-shared-file"]


def test_a_partial_list_is_open() -> None:
    """Unmeasured: as HD.3."""
    built = scene("thong_ke_bao_cao").listed("tk", "Báo cáo", [], ended="blocked")

    result = unmeasured(judge(built))

    assert result.reason is Reason.BLOCKED
    assert result.high is not None
    assert result.high[INPUT].value == frozenset(ITEMS)


@pytest.mark.parametrize("state", ["blocked", "unreachable", "robots-refused", "needs-browser"])
def test_a_portal_that_was_not_read_is_unmeasured_and_never_not_applicable(state: str) -> None:
    """None of the reasons is a zero."""
    assert unmeasured(judge(scene(), visits=[visit(d, state=state) for d in CLOSE])).reason == Reason(state)


def test_one_day_of_looking_proves_no_absence() -> None:
    """G10."""
    assert unmeasured(judge(scene(*ITEMS), days=CLOSE[:1])).reason is Reason.SINGLE_MEASUREMENT


def test_a_day_between_the_passes_is_not_enough_when_it_is_one_day() -> None:
    """G10: two local days, twenty hours apart."""
    built = scene("thong_ke_bao_cao")
    visits = [visit(CLOSE[0], hour=1), visit(CLOSE[0] + timedelta(days=1), hour=1)]

    days = [CLOSE[0], CLOSE[0] + timedelta(days=1)]

    assert measured(judge(built, days=days, visits=visits)).inputs[INPUT].value == frozenset(ITEMS) - {
        "thong_ke_bao_cao"
    }


PATHS = [*ITEMS[:3], "khac-1", "khac-2", "khac-3", "dt", "dt/a", "dt/b"]


@given(refused=st.sets(st.sampled_from(PATHS)))
def test_refusing_pages_never_adds_a_point(refused: set[str]) -> None:
    """Property: beginning to refuse the collector never adds a point."""
    built = scene("du_an_dau_thau_mua_sam", "lay_y_kien_gop_y")
    rows = [
        row("a", SPRING, texts=LONG),
        row("b", SPRING, texts=LONG),
        row("c", date(2012, 1, 1), texts=LONG),
    ]
    built.listed("dt", "Đấu thầu", rows)

    assert met_items(judge(built, refuse=sorted(refused))) <= met_items(judge(built))
