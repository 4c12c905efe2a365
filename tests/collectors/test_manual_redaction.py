"""What is taken out of what a person was shown: by label, column, field, form, look; and what stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collectors.manual.bodies import answer_body, redacted_json, request_body
from collectors.manual.markup import redact
from collectors.manual.redactor import Redactor
from collectors.manual.secrets import REMOVED, is_secret_name, is_token
from service.applicant_data import applicants
from service.settings import load


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(applicants(load(Path("nowhere"), Path(__file__).resolve().parents[2] / "config")))


@pytest.mark.parametrize(
    ("markup", "gone"),
    [
        ("<table><tr><th>Họ tên</th><th>Việc</th></tr><tr><td>lò anh</td><td>x</td></tr></table>", "lò anh"),
        ("<table><tr><td>Người nộp</td><td>lò anh</td></tr></table>", "lò anh"),
        ("<dl><dt>Chủ hồ sơ</dt><dd>lò anh</dd></dl>", "lò anh"),
        ("<p>Họ và tên: <b>lò anh</b></p>", "lò anh"),
        ("<p>Họ và tên: lò anh</p>", "lò anh"),
        ("<div data-label='Họ tên'>x</div><td data-label='Họ tên'>lò anh</td>", "lò anh"),
        ("<p><b>Quàng</b> <i>Thị Pó</i></p>", "Thị Pó"),
        ("<p>QUANG THI PO</p>", "THI PO"),
        ("<p>ông Tú Anh đã nộp</p>", "Tú Anh"),
        ("<p>gọi 0912 345 678 hoặc 0212-3852-123</p>", "345"),
        ("<p>số 014 199 001 234</p>", "234"),
        ("<p>thư a.b@example.vn</p>", "a.b@"),
        ("<input name=q value='lò anh'><p>Tìm lò anh</p>", "lò anh"),
        ("<textarea>lò anh</textarea>", "lò anh"),
        ("<!-- lò anh --><script>var x='lò anh'</script><noscript>lò anh</noscript>", "lò anh"),
        ("<img alt='Quàng Thị Pó' src='data:image/png;base64,QUFB'>", "QUFB"),
        ("<a href='/x?ten=l%C3%B2+anh'>x</a>", "l%C3%B2"),
        ("<a onclick=\"open('lò anh')\">x</a>", "lò anh"),
        ("<div data-go='/ho-so?chu=l%C3%B2+anh'>x</div>", "l%C3%B2"),
        ("<meta http-equiv=refresh content='0; url=/x?ve=k7-mat'>", "k7-mat"),
        ("<svg><image xlink:href='data:image/png;base64,QUFB'/></svg>", "QUFB"),
        ("<iframe srcdoc='lò anh'></iframe>", "lò anh"),
        ("<p>0912<wbr>345<wbr>678</p>", "345"),
        ("<p>Quàng Thi\u0323 Pó</p>", "Pó"),
    ],
)  # fmt: skip
def test_no_way_of_showing_an_applicant_is_left(redactor: Redactor, markup: str, gone: str) -> None:
    """Written small or large, in markup, attribute, comment, field: what the rule names is unreadable."""
    said = redact(markup, redactor).html

    assert gone not in said


def test_what_tells_of_no_person_stays_as_it_is(redactor: Redactor) -> None:
    """Counts, days, numbers of documents and statuses are what an appraiser looks for."""
    markup = (
        "<h1>Thống kê tháng 10/2021</h1><p>Tiếp nhận 1.234 hồ sơ, đúng hạn 98,5%, ngày 31.12.2021 08:30, "
        "theo 1379/STTTT-CNTT ngày 2021-10-11.</p><table><tr><th>Họ tên</th><th>Trạng thái</th></tr>"
        "<tr><td>lò anh</td><td>Đã giải quyết</td></tr></table><select><option>Đất đai</option></select>"
    )

    said = redact(markup, redactor).html

    for kept in ("tháng 10/2021", "1.234", "98,5%", "31.12.2021 08:30", "1379/STTTT-CNTT", "2021-10-11",
                 "Trạng thái", "Đã giải quyết", "Đất đai"):  # fmt: skip
        assert kept in said


def test_redacting_twice_changes_nothing_more(redactor: Redactor) -> None:
    """Else it could not be shown of a masked page that nothing is left."""
    markup = "<dl><dt>Chủ hồ sơ</dt><dd>lò anh</dd><dt>SĐT</dt><dd>0912 345 678</dd></dl><p>Quàng Thị Pó</p>"

    once = redact(markup, redactor)

    assert once.changed
    assert redact(once.html, redactor).changed == {}


def test_values_keep_their_length_and_are_known_from_then_on(redactor: Redactor) -> None:
    redact("<p>Chủ hồ sơ: <b>lò văn anh</b></p>", redactor)

    assert redactor.text("Đã gửi tới LÒ VĂN ANH hôm nay") == "Đã gửi tới ** *** *** hôm nay"


def test_json_is_redacted_by_its_fields_and_stays_json(redactor: Redactor) -> None:
    said = {
        "hoTen": "lò anh", "so_dien_thoai": 912345678, "nguoiNop": {"x": "vì bình"}, "tong": 12,
        "rows": [["Quàng Thị Pó", "Cấp mới", True, None]], "accessToken": "abc",
        "loai": "<b>Quàng Thị Pó</b>", "long": json.dumps({"hoTen": "mùa cha"}),
    }  # fmt: skip

    found = redacted_json(redactor, said)

    assert found == {
        "hoTen": "** ***", "so_dien_thoai": "*********", "nguoiNop": {"x": "** ****"}, "tong": 12,
        "rows": [["***** *** **", "Cấp mới", True, None]], "accessToken": REMOVED,
        "loai": "<b>***** *** **</b>", "long": '{"hoTen": "*** ***"}',
    }  # fmt: skip


def test_of_a_request_the_names_of_its_fields_are_left(redactor: Redactor) -> None:
    """And what was typed beside a password is known as a credential wherever it comes back."""
    form = request_body(
        redactor, b"u=an&p=Mat-Khau-1", "application/x-www-form-urlencoded", beside_password=True
    )
    sent = request_body(redactor, b'{"a": {"b": ["x y"]}}', "application/json", beside_password=False)
    file = request_body(redactor, b"--x\r\n...", "multipart/form-data; boundary=x", beside_password=False)

    assert (form.body, sent.body, file.body) == (b"u=*&p=*", b'{"a": {"b": ["*"]}}', b"")
    assert file.withheld == "request body withheld"
    assert redactor.text("sai mật khẩu Mat-Khau-1") == "sai mật khẩu ***-****-*"


@pytest.mark.parametrize(
    ("body", "declared", "kind", "why"),
    [
        (b"%PDF-1.7", "application/pdf", "document", "not read"),
        (b"var x='l\xc3\xb2 anh'", "text/javascript", "script", "part of a page (script); sha256:"),
        (b"\xff\xd8\xff", "image/jpeg", "image", "part of a page (image); sha256:"),
        (b"l\xc3\xb2 anh", "text/plain", "xhr", "not read"),
        (b"{l\xc3\xb2 anh", "application/json", "xhr", "unreadable json"),
        (b"x", "", "fetch", "not read (no type)"),
    ],
)
def test_what_cannot_be_read_is_withheld_and_that_is_said(
    redactor: Redactor, body: bytes, declared: str, kind: str, why: str
) -> None:
    said = answer_body(redactor, body, declared, kind)

    assert said.body == b""
    assert said.withheld.startswith(why)


def test_an_address_keeps_its_place_and_loses_its_values(redactor: Redactor) -> None:
    said = redactor.url(
        "https://an:bi-mat@mc.example.vn:8443/ho-so/7;jsessionid=AB12?trang=2&tim=L%C3%B2%20Anh&code=99#id_token=x"
    )

    assert said == "https://mc.example.vn:8443/ho-so/7?trang=2&tim=-removed-&code=-removed-#-removed-"
    assert redactor.url("https://a.vn/#/ho-so/12?x=1") == "https://a.vn/#/ho-so/12"


def test_of_headers_only_those_that_tell_of_nobody_keep_their_values(redactor: Redactor) -> None:
    sent = redactor.headers(
        (
            ("Accept", "*/*"),
            ("Cookie", "phien=abcdef123"),
            ("X-Api", "k"),
            ("Referer", "https://a.vn/?q=x y"),
        ),
        sent=True,
    )
    got = redactor.headers((("Content-Type", "text/html"), ("Set-Cookie", "phien=abcdef124")), sent=False)

    assert dict(sent) == {
        "Accept": "*/*", "Cookie": REMOVED, "X-Api": REMOVED, "Referer": "https://a.vn/?q=-removed-",
    }  # fmt: skip
    assert dict(got) == {"Content-Type": "text/html", "Set-Cookie": REMOVED}
    assert redactor.text("phiên abcdef123, abcdef124") == "phiên *********, *********"


def test_names_and_looks_of_credentials() -> None:
    secret = ("password", "mat_khau", "X-CSRF-Token", "JSESSIONID", "SAMLResponse", "code", "__VIEWSTATE")
    plain = ("trang", "encode_type", "tong_so", "ma_ho_so", "status")

    assert [name for name in secret if not is_secret_name(name)] == []
    assert [name for name in plain if is_secret_name(name)] == []
    assert is_token("5f1d9c0a77b34e0c9a2e")
    assert not is_token("thu-tuc-hanh-chinh-cong")
