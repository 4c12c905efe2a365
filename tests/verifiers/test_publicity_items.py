"""TC.6, as docs/reference/verifiers/publicity_items.md defines it."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from minhchung.measurements import Unmeasured
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers.publicity_items import VERIFIER, matching_words

DAY = date(2021, 6, 1)


def shelf_of(*titles: str) -> s.Shelf:
    shelf = s.Shelf()
    for n, title in enumerate(titles):
        shelf.item(f"t{n}", DAY + timedelta(days=n), title=title)
    shelf.captures()
    return shelf


def count(shelf: s.Shelf) -> Fraction:
    found: Fraction = s.values(s.measure(VERIFIER, "TC.6", shelf.held()))[0]
    return found


def test_the_worked_example_gives_0_80() -> None:
    """14 addresses match; 2 duplicates, 3 of another year, 1 future: 8 x 0.1."""
    shelf = s.Shelf()
    for n in range(8):
        shelf.item(f"t{n}", DAY + timedelta(days=n), title=f"Chuyển đổi số ở bản {n}")
    for n in range(2):
        shelf.item(
            f"lai{n}", DAY + timedelta(days=n), title=f"Chuyển đổi số ở bản {n}", text=s.prose(f"t{n}")
        )
    for n in range(3):
        shelf.item(f"cu{n}", date(2019, 5, 1 + n), title="Chính quyền số")
    shelf.item("sau", date(2021, 12, 20), title="Kinh tế số")
    shelf.captures()

    result = s.measure(VERIFIER, "TC.6", shelf.held())

    assert s.values(result) == [8]
    assert s.score("TC.6", result) == Fraction(8, 10)


def test_ten_pass_and_none_fails() -> None:
    ten = shelf_of(*(f"Kỹ năng số cho xã {n}" for n in range(10)))
    none = shelf_of("Hội nghị tổng kết", "Trồng rừng")

    assert s.score("TC.6", s.measure(VERIFIER, "TC.6", ten.held())) == 1
    assert s.score("TC.6", s.measure(VERIFIER, "TC.6", none.held())) == 0


@pytest.mark.parametrize(
    "title",
    [
        "Chuyển đổi số điện thoại 11 số",
        "Chuyển đổi số thuê bao",
        "Chuyển đổi số lượng lớn",
        "Chuyển đổi số hiệu văn bản",
        "chuyen doi so huu nha nuoc",
        "chuyen doi so ho khau",
        "Chuyển đổi mô hình",
    ],
)
def test_other_numbers_are_no_digital_transformation(title: str) -> None:
    """Not when the next words make it a telephone number, an amount, a serial, property."""
    assert count(shelf_of(title)) == 0


@pytest.mark.parametrize(
    "title",
    [
        "Chuyển đổi số hiệu quả",
        "Đẩy mạnh chuyễn đổi số",
        "CHUYỂN ĐỔI SỐ NGÀNH GIÁO DỤC",
        "chuyen doi so nganh y te",
        "Kế hoạch CĐS năm 2021",
        "Sổ tay “CĐS”: hỏi và đáp",
        "Xây dựng xã hội số, công dân số",
    ],
)
def test_spellings_of_digital_transformation_count(title: str) -> None:
    assert count(shelf_of(title)) == 1


def test_the_summary_counts_like_the_title() -> None:
    shelf = s.Shelf()
    shelf.item("a", DAY, title="Hội nghị", summary="Bàn về chính quyền số.")
    shelf.captures()

    assert count(shelf) == 1


def test_a_short_item_and_a_document_do_not_count() -> None:
    """C16: at least 200 letters of its own; lists of documents are another component's."""
    shelf = s.Shelf()
    shelf.item("a", DAY, title="Chuyển đổi số", text="Một dòng.")
    shelf.item(
        "b",
        DAY,
        title="Kế hoạch chuyển đổi số",
        kind="legal_document",
        list_url=b.HOME + "vb",
        heading="Văn bản",
    )
    shelf.captures()

    assert count(shelf) == 0


def test_declared_reposts_count() -> None:
    """Publicity may repeat (C16)."""
    shelf = s.Shelf()
    shelf.item("a", DAY, title="Chuyển đổi số", last="Nguồn: Báo Mô Phỏng")
    shelf.captures()

    assert count(shelf) == 1


def test_ten_seen_settle_it_whatever_is_unseen() -> None:
    """G11: 10 items seen = pass whatever is unseen; 9 leave it open."""
    for number, settled in ((10, True), (9, False)):
        shelf = s.Shelf()
        for n in range(number):
            shelf.item(f"t{n}", DAY + timedelta(days=n), title="Chính phủ số")
        shelf.captures(ended="failed", failed_pages=("x",))
        result = s.measure(VERIFIER, "TC.6", shelf.held())
        assert isinstance(result, Unmeasured) is not settled


@pytest.mark.parametrize("state", ["blocked", "unreachable", "robots-refused"])
def test_a_portal_that_refuses_us_measures_nothing(state: str) -> None:
    assert s.reason(s.measure(VERIFIER, "TC.6", shelf_of("Chuyển đổi số").held(state=state))) == state


def test_a_list_that_stopped_parsing_is_an_error_of_ours() -> None:
    shelf = s.Shelf()
    for day in b.CLOSE:
        shelf.capture(day, [], ended="layout", empty_marker=False)

    assert s.reason(s.measure(VERIFIER, "TC.6", shelf.held())) == "layout-changed"


@pytest.mark.parametrize(
    ("day", "page", "says"), [(None, True, "coverage-below"), (DAY, False, "not-read")], ids=["day", "page"]
)
def test_a_day_that_is_not_printed_is_not_our_reader_s_failure(
    day: date | None, page: bool, says: str
) -> None:
    """The portal hides the day, or we did not read the page: the points are open, by different causes."""
    shelf = s.Shelf()
    shelf.item("a", day, title="Chuyển đổi số", page=page)
    shelf.captures()

    assert s.reason(s.measure(VERIFIER, "TC.6", shelf.held())) == says


def test_it_is_never_not_applicable() -> None:
    """A portal without any list of items published nothing about it."""
    shelf = s.Shelf()
    shelf.walks()

    assert s.values(s.measure(VERIFIER, "TC.6", shelf.held())) == [0]


def test_words_are_whole_words() -> None:
    settings = b.settings(VERIFIER)

    assert matching_words("siêu chuyển đổi sống", settings) == ""
    assert matching_words("Ngày hội Chuyển đổi số", settings) == "chuyển đổi số"
