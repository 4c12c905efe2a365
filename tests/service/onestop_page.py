"""A system behind a login, as an appraiser would see it: form, session, applicants, a token, a search."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, quote

from tests.collectors.worlds import Handler, Reply, Request, World

PASSWORD = "Mat-Khau-Rat-Kho-77"
SESSION = "5f1d9c0a77b34e0c9a2e"
CSRF = "csrf-1c2d3e4f5a6b"
BEARER = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbiJ9.c2lnbmF0dXJl"
STORED = "refresh-0123456789abcdef"
CREDENTIALS = (PASSWORD, quote(PASSWORD), SESSION, CSRF, BEARER, STORED)

PEOPLE = (
    ("Lò Thị Hoài Thương", "014 199 001 234", "0912.345.678", "thuong.lo@example.vn"),
    ("quàng văn lả", "050123456", "+84 98 765 43 21", "la@example.vn"),
)
"""The second one's name is written small: only its column tells that it is one."""

LATER = ("mùa a dơ", "Giàng Thị Mỷ")
"""Names that only an answer to a script holds."""

APPLICANTS = (*(datum for person in PEOPLE for datum in person), *LATER, "014199001234", "0912345678")

LOGIN = f"""<!doctype html><meta charset=utf-8><title>Đăng nhập</title>
<form method=post action=/vao><input type=hidden name=_csrf value="{CSRF}">
<label>Tài khoản <input name=u></label><label>Mã <input type=password name=p></label>
<button>Vào</button></form>"""

ROWS = "".join(
    f"<tr><td>{n}</td>{''.join(f'<td>{datum}</td>' for datum in person)}<td>Đã giải quyết</td></tr>"
    for n, person in enumerate(PEOPLE, start=1)
)
LIST = f"""<!doctype html><meta charset=utf-8><title>Hồ sơ</title><meta name=csrf-token content="{CSRF}">
<style>td::after {{ content: '' }} b {{ background: url(/anh.png) }}</style>
<h1>Danh sách hồ sơ tháng 10</h1><p>Đã nhận mã {PASSWORD} của tham-dinh-an, phiên {SESSION}</p>
<p id=tong>Tổng số: 2 hồ sơ, đúng hạn: 2</p>
<table><thead><tr><th>STT</th><th>Chủ hồ sơ</th><th>Số giấy tờ</th><th>Điện thoại</th><th>Thư</th>
<th>Trạng thái</th></tr></thead><tbody>{ROWS}</tbody></table>
<img src=/anh.png width=40 height=40 alt="Lò Thị Hoài Thương"><div id=them></div>
<form><input id=tim name=tim></form><p id=ket></p>
<script>
  localStorage.setItem('refresh_token', '{STORED}');
  const nguoi = 'Lò Thị Hoài Thương';
  tim.oninput = () => {{ ket.textContent = 'Kết quả cho: ' + tim.value; }};
  fetch('/api/ho-so?chuHoSo=' + encodeURIComponent(nguoi) + '&trang=1',
        {{headers: {{Authorization: 'Bearer {BEARER}'}}}})
    .then(a => a.json()).then(d => {{
      const goc = them.attachShadow({{mode: 'closed'}});
      goc.innerHTML = '<span>' + d.ds.map(h => h.hoTen).join('</span>, <span>') + '</span>';
      document.body.dataset.xong = '1';
    }});
</script>"""
API = {
    "ds": [{"hoTen": LATER[0], "diaChi": "bản Cọ"}, {"hoTen": LATER[1]}],
    "access_token": BEARER,
    "tong": 2,
}


def signed_in(request: Request) -> bool:
    return f"phien={SESSION}" in request.headers.get("cookie", "")


def enter(request: Request) -> Reply:
    said = parse_qs(request.body.decode())
    if said.get("p") != [PASSWORD] or said.get("_csrf") != [CSRF]:
        return Reply("sai", 403)
    cookie = f"phien={SESSION}; Path=/; HttpOnly"
    return Reply("", 303, headers=(("Location", f"/ho-so?ve={SESSION}"), ("Set-Cookie", cookie)))


def shown(page: str) -> Handler:
    def show(request: Request) -> Reply:
        return Reply(page) if signed_in(request) else Reply("", 302, headers=(("Location", "/"),))

    return show


def told(request: Request) -> Reply:
    if not signed_in(request) or request.headers.get("authorization") != f"Bearer {BEARER}":
        return Reply("{}", 401, "application/json")
    return Reply(json.dumps(API), 200, "application/json")


def system(page: str = LIST) -> World:
    """Return the system, to be entered on a free port; `page` is what stands behind the login."""
    return World(
        {
            "/": Reply(LOGIN),
            "/vao": enter,
            "/ho-so": shown(page),
            "/api/ho-so": told,
            "/anh.png": Reply(b"\x89PNG none", type="image/png"),
        }
    )
