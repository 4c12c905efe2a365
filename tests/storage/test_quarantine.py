"""A stamp is a line of its own in capitals near the head; the word in a sentence is none."""

import unicodedata

import pytest

from minhchung.stamps import HEAD_LINES, STAMPS
from storage.quarantine import stamp_of


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize(
    "page",
    [
        "<p>UBND TỈNH</p><p>{}</p><p>Số: 01/BC</p>",
        "<td><b>{}</b></td>",
        "<p>\n  ( {} )\n</p>",
        "UBND TỈNH\n{}\nSố: 01/BC\n",
    ],
)
def test_a_stamped_document_is_known(stamp: str, page: str) -> None:
    """As the stamp is printed: alone, in capitals; letters composed or not."""
    text = page.format(stamp)

    assert stamp_of(text.encode()) == stamp
    assert stamp_of(unicodedata.normalize("NFD", text).encode()) == stamp


@pytest.mark.parametrize(
    "page",
    [
        "<p>Bảo vệ bí mật nhà nước</p>",
        "<p>Danh mục tài liệu TUYỆT MẬT của tỉnh</p>",
        "<p>Mật</p>",
        "<p>tối mật</p>",
        "<script>\nMẬT\n</script><p>Tin</p>",
        "<!-- MẬT --><p>Tin</p>",
        "<p>Dòng</p>" * HEAD_LINES + "<p>MẬT</p>",
        "",
    ],
)
def test_the_word_alone_is_no_stamp(page: str) -> None:
    """News about state secrets is news."""
    assert stamp_of(page.encode()) == ""


@pytest.mark.parametrize("stamp", STAMPS)
def test_tcvn3_has_one_letter_for_small_and_capital(stamp: str) -> None:
    """TCVN 5712 leaves it to the font to show `MËT` as MẬT: decoded, its accented letters are small."""
    written = "".join(letter if letter.isascii() else letter.lower() for letter in stamp)

    assert stamp_of(f"<p>{written}</p><p>Kế hoạch</p>".encode()) == stamp
    assert stamp_of(f"<p>{stamp.capitalize()}</p><p>Kế hoạch</p>".encode()) == ""
