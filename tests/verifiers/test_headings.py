"""G2: when a heading names a thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from tests.verifiers.builders import AGENCY, common
from verifiers.headings import (
    match_heading,
    names_of,
    text_begins,
    text_holds,
    title_heading,
    within_distance,
)

TERMS = ("sơ đồ tổ chức", "cơ cấu tổ chức", "=liên hệ", "=lãnh đạo", "hoạt động của sở", "thủ tục hành chính")
NAMES = names_of(AGENCY)


@pytest.mark.parametrize(
    ("heading", "term"),
    [
        ("SƠ ĐỒ TỔ CHỨC BỘ MÁY", "sơ đồ tổ chức"),
        ("Sơ đồ tổ chưc", "sơ đồ tổ chức"),
        ("Cơ cấu tố chức", "cơ cấu tổ chức"),
        ("Liên hệ", "liên hệ"),
        ("Liên hệ Sở Thí dụ", "liên hệ"),
        ("Chuyên mục: Lãnh đạo Sở Thí dụ tỉnh Mô Phỏng", "lãnh đạo"),
        ("Hoạt động của Sở Thí dụ", "hoạt động của sở"),
        ("Trang thông tin về thủ tục hành chính", "thủ tục hành chính"),
    ],
)
def test_a_heading_matches_whatever_its_accents_case_and_fillers(heading: str, term: str) -> None:
    """Match on k2; own names and fillers are cut from both ends; `=` must then equal the whole."""
    match = match_heading(heading, TERMS, NAMES, common())

    assert match is not None
    assert match.term == term
    assert not match.slip


@pytest.mark.parametrize(
    "heading",
    [
        "Liên hệ với chúng tôi",
        "Sở Thí dụ",
        "Sơ đồ",
        "Một hai ba bốn năm sáu bảy tám chín mười mười một sơ đồ tổ chức",
        "",
    ],
)
def test_a_heading_that_says_more_less_or_too_much_does_not_match(heading: str) -> None:
    """At most twelve words; `=` equals the whole; the agency's own name says nothing."""
    assert match_heading(heading, TERMS, NAMES, common()) is None


def test_words_inside_the_agencys_own_name_name_no_section() -> None:
    """A project board's name holds "dự án đầu tư" on every page."""
    names = ((*(["ban", "quan", "li", "du", "an", "dau", "tu"]),),)

    assert match_heading("Ban Quản lý dự án đầu tư", ("dự án đầu tư",), names, common()) is None
    assert match_heading("Danh mục dự án đầu tư công", ("dự án đầu tư",), names, common()) is not None


@pytest.mark.parametrize(
    ("heading", "matched"),
    [
        ("Thủ tục hành chánh", True),
        ("Thủ tục hnàh chính", True),
        ("Thủ tục hành chính", True),
        ("Thủ tục hành chnnhh", False),
        ("Liên hê.", True),
        ("Liên hẹn", False),
    ],
)
def test_one_slip_is_forgiven_in_a_long_term_only(heading: str, matched: bool) -> None:
    """Terms of at least 12 folded letters, distance at most 1 over the same number of words."""
    assert (match_heading(heading, TERMS, NAMES, common()) is not None) is matched


def test_a_slip_is_said() -> None:
    """The record says so."""
    match = match_heading("Thủ tục hành chánh", TERMS, NAMES, common())

    assert match is not None
    assert match.slip


@given(st.text("abc", max_size=9), st.text("abc", max_size=9), st.integers(0, 3))
def test_the_distance_is_the_optimal_string_alignment(one: str, other: str, most: int) -> None:
    """An independent implementation says the same."""
    assert within_distance(one, other, most) is (OSA.distance(one, other) <= most)


def test_a_title_is_read_up_to_its_first_separator() -> None:
    """`<title>` up to the first ` - `, ` | `, ` :: `."""
    assert title_heading("Liên hệ | Sở Thí dụ - Cổng") == "Liên hệ"
    assert title_heading("Hỏi-đáp") == "Hỏi-đáp"


def test_text_of_items_keeps_its_accents_where_it_has_any() -> None:
    """Item text matches on k1 when it holds an accented letter, otherwise on k2."""
    assert text_holds("Kết quả giải quyết kiến nghị", ("kết quả giải quyết",)) == "kết quả giải quyết"
    assert text_holds("Ket qua giai quyet", ("kết quả giải quyết",)) == "kết quả giải quyết"
    assert text_holds("Kêt quà giải quyết", ("kết quả giải quyết",)) is None
    assert text_begins("Bản Thí Dụ", ("ban",)) is None
    assert text_begins("Ban Tổ chức", ("ban",)) == "ban"
