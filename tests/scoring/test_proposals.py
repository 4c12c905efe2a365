"""Rules proposed from the words of annexes; the words are those of the examples in published sets."""

from decimal import Decimal

import pytest

from minhchung.index_set import FormulaType
from scoring.annex_rows import UnreadableAnnexError, columns_of, read_annex
from scoring.proposals import propose
from scoring.soundness import faults

HEAD = (
    "STT",
    "Chỉ số thành phần",
    "Điểm tối đa",
    "Cách xác định và chấm điểm",
    "Tài liệu kiểm chứng",
    "Nguồn số liệu",
    "Đơn vị thẩm định",
)


@pytest.mark.parametrize(
    ("points", "method", "kind"),
    [
        ("20", "- Từ 4 cuộc họp: 20 điểm\n- Từ 3 cuộc: 15 điểm\n- Từ 2 cuộc: 10 điểm", "steps"),
        ("10", "≥ 90%: 10 điểm; ≥ 70%: 5 điểm; dưới 70%: 0 điểm", "steps"),
        ("5", "a/b × điểm tối đa; a: số chỉ thị do người đứng đầu ký; b: tổng số chỉ thị", "ratio"),
        ("2", "Tỷ lệ từ 80% đến 100%: a/b x điểm tối đa\nDưới 80%: 0 điểm", "ratio_cutoff"),
        ("4", "(Số hồ sơ trực tuyến / tổng số hồ sơ) / 50% × điểm tối đa", "ratio_target"),
        ("2", "Có mạng chuyên dùng: 2 điểm; không có: 0 điểm", "boolean"),
        ("5", "Mỗi ứng dụng trên mạng WAN 1 điểm, tối đa 5 điểm", "capped_count"),
        ("1", "Báo cáo muộn: trừ 0,25 điểm mỗi báo cáo\nKhông gửi: trừ 0,5 điểm", "deduction"),
        ("10", "Băng thông trên đầu người chia cho giá trị lớn nhất của các cơ quan", "best_peer"),
        ("4", "Người đứng đầu làm trưởng ban: 4 điểm\nCấp phó: 2 điểm\nKhông có: 0 điểm", "choice"),
        ("3", "- Tường lửa: 1 điểm\n- Quét lỗ hổng: 2 điểm", "checklist"),
        ("1", "Gửi đúng hạn: 1 điểm; chậm đến 5 ngày: 0,5 điểm", "deadline_steps"),
    ],
)  # fmt: skip
def test_the_words_of_an_annex_suggest_a_rule(points: str, method: str, kind: FormulaType) -> None:
    """Rules met in real sets: ratio × max, steps, choice, capped count, best peer, negative points."""
    found = propose("1.1", Decimal(points), method)

    assert (found.formula.type, found.recognised) == (kind, True), found.why


def test_words_that_fit_nothing_are_said_to_be_unrecognised() -> None:
    found = propose("1.1", Decimal(3), "Theo hướng dẫn của Tổ thẩm định")

    assert not found.recognised
    assert "không nhận ra" in found.why


STEPS = "≥ 90%: 10 điểm; ≥ 70%: 5 điểm"


def rows(*more: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [
        ("PHỤ LỤC", "", "", "", "", "", ""),
        HEAD,
        ("1", "Nhận thức số", "12", "", "", "", ""),
        ("1.1", "Người đứng đầu chủ trì", "10", STEPS, "Quyết định\nBiên bản", "Báo cáo", "Sở TTTT"),
        ("1.2", "Có chuyên mục", "2", "Có: 2 điểm; không: 0 điểm", "", "", ""),
        *more,
    ]  # fmt: skip


def test_lines_become_main_indices_and_components_with_every_column_kept() -> None:
    found = read_annex([rows(("", "Ghi chú ở chân bảng", "", "", "", "", ""))], set_id="thu", title="Bộ thử")

    main = found.index_set.main_index[0]
    first = main.component[0]
    assert main.code == "1"
    assert main.points == found.index_set.scale == 12
    assert first.evidence == ("Quyết định", "Biên bản")
    assert (first.data_source, first.verified_by, first.confirmed) == ("Báo cáo", "Sở TTTT", False)
    assert found.skipped == ("Ghi chú ở chân bảng",)
    assert list(faults(found.index_set)) == []


def test_a_heading_of_two_words_is_found_in_any_order_of_columns() -> None:
    assert columns_of(("Tiêu chí", "TT", "Thang điểm", "Cách tính")) == {
        "title": 0, "number": 1, "points": 2, "method": 3,
    }  # fmt: skip
    assert columns_of(("1", "Nhận thức", "12")) is None


def test_a_table_of_something_else_is_no_annex() -> None:
    with pytest.raises(UnreadableAnnexError, match="no table has a column"):
        read_annex([[("a", "b")]], set_id="x", title="x")
    with pytest.raises(UnreadableAnnexError, match="no line looks like a main index"):
        read_annex([[HEAD]], set_id="x", title="x")
