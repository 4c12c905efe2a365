"""Citizens' data in what is derived: masked by one rule; the agency's own telephone is no secret."""

import json
from pathlib import Path

import pytest

from minhchung.personal import PersonalData
from service.config_files import parse
from service.held_lines import without_persons
from service.personal_data import PersonalRule, legible, masked
from service.places import product_config

FOOTER = "<footer>UBND huyện Thử. Điện thoại: 0212 385 1234. Email: vanphong@thu.example.vn</footer>"
ASKED = "<p>Người hỏi: Lò Văn Thử</p><p>ĐT: 0912.345.678, email lo.van.thu@thu.example.vn</p>"
TCVN3 = (
    b"<p>Ng\xad\xeai g\xf6i ki\xd5n ngh\xde: B\xb9c V\xa8n M\xea, \xaei\xd6n tho\xb9i 0943 210 987,"
    b" th\xad mo@thu.example.vn; \xae\xd2 ngh\xde \xf1y ban nh\xa9n d\xa9n huy\xd6n tr\xb6 l\xeai"
    b" \xae\xf3ng th\xeai h\xb9n cho c\xabng d\xa9n</p>"
)
"""As the fonts of the TCVN 5712:1993 table wrote it."""


@pytest.fixture(scope="module")
def rule() -> PersonalRule:
    """The rule by the product's own words."""
    file = product_config() / "personal_data.toml"
    return PersonalRule(parse(str(file), file.read_bytes(), PersonalData))


@pytest.mark.parametrize(
    ("page", "questions", "expected"),
    [
        (FOOTER, False, ()),
        (FOOTER, True, ("phone", "email")),
        (ASKED, False, ("phone", "email", "name")),
        ("<p>Người hỏi: Lò Văn Thử</p>" + "<p>tin</p>" * 200 + FOOTER, False, ()),
        ("<p>Người hỏi: Lò Văn Thử</p>", True, ("name",)),
        ("<td>Số CCCD: 014085001234</td>", False, ("identity",)),
        ("<td>Mã hồ sơ: 014085001234</td>", False, ()),
        ("<script>var nguoiHoi = '0912345678'</script>", False, ()),
        ('{"Họ tên": "Lò Văn Thử", "sdt": "+84912345678"}', False, ("phone", "name")),
        ("<p>Người gửi: 1234/QĐ-UBND ngày 04/10/2021</p>", False, ()),
    ],
)
def test_the_rule(rule: PersonalRule, page: str, questions: bool, expected: tuple[str, ...]) -> None:
    """docs/reference/bundle.md, what public withholds."""
    assert rule.found_in(page.encode(), "text/html; charset=utf-8", questions=questions) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://thu.example.vn/tra-cuu?sdt=0912345678", ("phone", "field")),
        ("https://thu.example.vn/quen?email=lo.van.thu%40thu.example.vn&x=1", ("email", "field")),
        ("https://thu.example.vn/tin?id=0912&trang=84", ()),
        ("https://thu.example.vn/0912345678/tin", ()),
        ("https://thu.example.vn/tra-cuu?so=014085001234", ("identity",)),
        ("https://thu.example.vn/tra-cuu?soCCCD=&cmnd=150123456", ("field",)),
        ("https://thu.example.vn/tra-cuu?ho_ten=Lo+Van+Thu;nam=2021", ("field",)),
        ("https://thu.example.vn/ho-so?ma=014985001234&trang=123456789", ()),
    ],
)
def test_an_address_that_was_asked_with_somebody_s_data(
    rule: PersonalRule, url: str, expected: tuple[str, ...]
) -> None:
    """Decree 137/2015, article 13: province, century and sex (0 to 3 until 2099), year, six digits."""
    assert rule.found_in_address(url) == expected


@pytest.mark.parametrize("declared", ["text/html", "text/html; charset=utf-8"])
def test_a_page_in_an_old_charset_is_read_as_its_readers_read_it(rule: PersonalRule, declared: str) -> None:
    """TCVN 5712:1993 and windows-1258 are no UTF-8: read as such, no word of them would be recognised."""
    windows = "Người hỏi: Lò Văn Thử".encode("cp1258")

    assert rule.found_in(windows + b" 0912345678 " * 2, declared, questions=False) == ("phone", "name")
    assert rule.found_in(TCVN3, declared, questions=False) == ("phone", "email", "name")


def test_json_is_read_with_its_letters_as_letters(rule: PersonalRule) -> None:
    """Many systems write every letter beyond ASCII as an escape (RFC 8259, 7)."""
    said = json.dumps({"Người hỏi": "Lò Văn Thử", "sdt": "0912345678"})
    assert "\\u" in said

    assert rule.found_in(said.encode(), "application/json", questions=False) == ("phone", "name")
    assert rule.named_in(said.encode(), "application/json") == {"Lò Văn Thử"}


def test_a_file_is_not_read(rule: PersonalRule) -> None:
    """A published document is the agency's; its pages are not searched."""
    assert rule.found_in(ASKED.encode(), "application/pdf", questions=True) == ()


def test_a_masked_text_keeps_its_length() -> None:
    """Places in the text stay places in the text."""
    text = "Gọi 0912.345.678 hoặc a@b.vn, CCCD 014085001234"

    assert masked(text) == "Gọi ****.***.*** hoặc *@*.**, CCCD ************"


@pytest.mark.parametrize(
    ("text", "citizens", "shown"),
    [
        ("Người hỏi: Lò Văn Thử, 0912345678", False, "Người hỏi: ** *** ***, **********"),
        ("<b>Họ và tên:</b> Ầm Thị Ỷ hỏi", False, "<b>Họ và tên:</b> ** *** * hỏi"),
        ("Ông Lò Văn Thử ở bản Mường hỏi về đất", True, "Ông ** *** *** ở bản Mường hỏi về đất"),
        ("Ông Lò Văn Thử, Giám đốc Sở, chủ trì", False, "Ông Lò Văn Thử, Giám đốc Sở, chủ trì"),
        ("Đường dây nóng 0212 385 1234", False, "Đường dây nóng 0212 385 1234"),
        (
            "Quyết định 123456789/QĐ-UBND của ông chủ tịch",
            False,
            "Quyết định 123456789/QĐ-UBND của ông chủ tịch",
        ),
    ],
)
def test_names_are_masked_where_they_are_a_citizens(
    rule: PersonalRule, text: str, citizens: bool, shown: str
) -> None:
    """After a label anywhere; after a form of address only in what citizens write: officials are public."""
    assert rule.masked(text, citizens=citizens) == shown


def test_lists_in_which_citizens_speak_are_told_by_their_headings(rule: PersonalRule) -> None:
    """Compared without accents, as whole words."""
    assert rule.of_citizens("Tin tức", "Phản ánh, kiến nghị")
    assert rule.of_citizens("HOI DAP")
    assert not rule.of_citizens("Tin tức - Sự kiện", "")


def test_what_names_things_is_never_masked(rule: PersonalRule) -> None:
    """An address or identifier that was changed would point at nothing."""
    said = {"url": "http://x.vn/0912345678", "identity": "0912345678", "title": "Hỏi 0912345678", "n": 5}

    assert without_persons(said, rule) == {**said, "title": "Hỏi **********"}


def test_letters_written_as_numbers_are_masked_too(rule: PersonalRule) -> None:
    """Entities of markup and escapes of JSON hide nothing from the rule."""
    page = legible("Ng&#432;&#7901;i h&#7887;i: L&ograve; V&#259;n Th&#7917;", "text/html")
    data = legible(json.dumps({"Họ tên": "Lò Văn Thử"}), "application/json")

    assert rule.masked(page, citizens=True) == "Người hỏi: ** *** ***"
    assert "Thử" in data
    assert "Thử" not in rule.masked(data, citizens=True)


def test_the_words_are_configuration(tmp_path: Path) -> None:
    """Another province may have other words; none at all mask nothing."""
    words = parse("x.toml", b'asker_terms = ["nguoi to cao"]\nidentity_terms = []\n', PersonalData)
    other = PersonalRule(words)

    assert other.masked("nguoi to cao: Lò Văn Thử") == "nguoi to cao: ** *** ***"
    assert other.masked("Người hỏi: Lò Văn Thử") == "Người hỏi: Lò Văn Thử"
