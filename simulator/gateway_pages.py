"""What people see of the public-service portal: its home page and lists filtered to one agency.

GET /                                    home: a look-up box and a list of agencies
GET /danh-muc-dich-vu-cong?co-quan=CODE  the agency's online services with their level
GET /danh-muc-thu-tuc?co-quan=CODE       the agency's procedures
GET /tra-cuu-ho-so                       a look-up box and nothing else

A list without a row, and a list of nobody, says "Không có dữ liệu".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from simulator.http import Request, Response
from simulator.services import PROVINCE_CODE, Book

SERVICES_PATH: Final = "/danh-muc-dich-vu-cong"
PROCEDURES_PATH: Final = "/danh-muc-thu-tuc"
_TITLE: Final = "Cổng dịch vụ công tỉnh Hoa Ban (mô phỏng)"


def page(request: Request, books: Mapping[str, Book]) -> Response:
    """Answer a GET for a page; `books` are kept by identifier."""
    book = books.get(request.parameters().get("co-quan", ""))
    if request.path == "/":
        links = (
            f'<li><a href="{SERVICES_PATH}?co-quan={each.identifier}">{escape(each.agency.name)}</a></li>'
            for each in books.values()
        )
        return _shown("Trang chủ", f"<ul>{''.join(links)}</ul>")
    if request.path == "/tra-cuu-ho-so":
        return _shown("Tra cứu hồ sơ", '<form><label>Mã hồ sơ <input name="ma"></label></form>')
    if request.path == SERVICES_PATH:
        return _list("Danh mục dịch vụ công trực tuyến", book, list(_service_rows(book, request)))
    if request.path == PROCEDURES_PATH:
        return _list("Danh mục thủ tục hành chính", book, list(_procedure_rows(book)))
    return Response(status=404, body=f"<title>{_TITLE}</title><p>Không tìm thấy trang</p>".encode())


def _service_rows(book: Book | None, request: Request) -> Iterator[str]:
    for procedure in book.procedures if book else ():
        for offer in procedure.offers:
            if offer.is_open and (offer.opened is None or offer.opened <= request.day):
                yield _row(f"{procedure.code}.{PROVINCE_CODE}", procedure.name, f"Mức độ {offer.level}")


def _procedure_rows(book: Book | None) -> Iterator[str]:
    for procedure in book.procedures if book else ():
        if procedure.in_force:
            yield _row(f"{procedure.code}.{PROVINCE_CODE}", procedure.name)


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _list(heading: str, book: Book | None, rows: list[str]) -> Response:
    whose = f"<p>Cơ quan thực hiện: {escape(book.agency.name)}</p>" if book else ""
    body = f"<table>{''.join(rows)}</table>" if rows else "<p>Không có dữ liệu</p>"
    return _shown(heading, whose + body)


def _shown(heading: str, main: str) -> Response:
    html = (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        f"<title>{heading} - {_TITLE}</title></head>"
        f'<body><header><a href="/">{_TITLE}</a></header>'
        f'<nav><a href="/tra-cuu-ho-so">Tra cứu hồ sơ</a></nav>'
        f"<main><h1>{heading}</h1>{main}</main><footer>Dữ liệu mô phỏng</footer></body></html>"
    )
    return Response(status=200, body=html.encode())
