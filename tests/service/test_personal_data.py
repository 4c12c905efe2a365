"""Which pages a public bundle withholds: citizens' data, not the agency's own telephone."""

import pytest

from service.held_lines import without_persons
from service.personal_data import found_in, masked

FOOTER = "<footer>UBND huyện Thử. Điện thoại: 0212 385 1234. Email: vanphong@thu.example.vn</footer>"
ASKED = "<p>Người hỏi: Lò Văn Thử</p><p>ĐT: 0912.345.678, email lo.van.thu@thu.example.vn</p>"


@pytest.mark.parametrize(
    ("page", "questions", "expected"),
    [
        (FOOTER, False, ()),
        (FOOTER, True, ("phone", "email")),
        (ASKED, False, ("phone", "email")),
        ("<p>Người hỏi: Lò Văn Thử</p>" + "<p>tin</p>" * 200 + FOOTER, False, ()),
        ("<td>Số CCCD: 014085001234</td>", False, ("identity",)),
        ("<td>Mã hồ sơ: 014085001234</td>", False, ()),
        ("<script>var nguoiHoi = '0912345678'</script>", False, ()),
        ('{"Họ tên": "Lò Văn Thử", "sdt": "+84912345678"}', False, ("phone",)),
        ("<p>Người gửi: 1234/QĐ-UBND ngày 04/10/2021</p>", False, ()),
    ],
)
def test_the_rule(page: str, questions: bool, expected: tuple[str, ...]) -> None:
    """docs/reference/bundle.md, what public withholds."""
    assert found_in(page.encode(), "text/html; charset=utf-8", questions=questions) == expected


def test_a_file_is_not_read() -> None:
    """A published document is the agency's; its pages are not searched."""
    assert found_in(ASKED.encode(), "application/pdf", questions=True) == ()


def test_a_masked_text_keeps_its_length() -> None:
    """Places in the text stay places in the text."""
    text = "Gọi 0912.345.678 hoặc a@b.vn, CCCD 014085001234"

    assert masked(text) == "Gọi ****.***.*** hoặc *@*.**, CCCD ************"


def test_what_names_things_is_never_masked() -> None:
    """An address or identifier that was changed would point at nothing."""
    said = {"url": "http://x.vn/0912345678", "identity": "0912345678", "title": "Hỏi 0912345678", "n": 5}

    assert without_persons(said) == {**said, "title": "Hỏi **********"}
