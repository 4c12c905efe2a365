"""The simulated public-service portal: one gateway in the shape of `rest.jsp`, and its pages.

POST /jsp/rest.jsp with a form field `params` that holds JSON. Every answer is a bare JSON array whose numbers
are strings; `[]` stands for no data and for no such thing alike; a list is over when a page is short, nothing
says how many there are. The agency filter is loose: rows of bodies whose name holds its name come along.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from simulator.gateway_pages import page
from simulator.http import JSON, Request, Response
from simulator.service_words import FIELDS
from simulator.services import PROVINCE_CODE, Book, Offer, Procedure, books, within

Row = dict[str, str]

_LARGEST_PAGE: Final = 500
_LEVEL_WORDS: Final = ("Mức độ {}", "Mức {}", "DVC mức độ {}")


class Gateway:
    """The public-service portal of the simulated province."""

    def __init__(self, seed: int) -> None:
        self._books = {book.identifier: book for book in books(seed).values()}
        self._services: Mapping[str, Callable[[Mapping[str, str], date], list[Row]]] = {
            "procedure_advanced_search_service_v2": self._procedures,
            "procedure_online_service_by_agency_service_v2": self._offers,
            "procedure_get_list_agency_by_type_service_v2": self._agencies,
            "report_by_month_sum_service": self._month,
            "report_by_year_sum_service": self._year,
        }

    def handle(self, request: Request) -> Response:
        """Answer one request; same request on the same day, same answer."""
        if request.path == "/jsp/rest.jsp":
            return self._rest(request)
        if request.method != "GET":
            return Response(status=405, body=b"<title>405</title>")
        return page(request, self._books)

    def _rest(self, request: Request) -> Response:
        if request.method != "POST":
            return Response(status=405, body="<title>Lỗi</title><p>Yêu cầu không hợp lệ</p>".encode())
        try:
            asked = json.loads(request.form().get("params", ""))
        except ValueError:
            asked = None
        service = self._services.get(str(asked.get("service"))) if isinstance(asked, dict) else None
        if service is None:
            return _array([])
        return _array(service({key: str(value) for key, value in asked.items()}, request.day))

    def _procedures(self, asked: Mapping[str, str], today: date) -> list[Row]:
        book = self._books.get(asked.get("impl_agency_id", ""))
        if book is None:
            return []
        rows = [_procedure_row(book, procedure, number) for number, procedure in enumerate(book.procedures)]
        if rows and _place(book) % 4 == 1:
            rows.insert(3, _of_namesake(rows[0], book, "IMPLEMENTATION_AGENCY"))
        return _paged(rows, asked)

    def _offers(self, asked: Mapping[str, str], today: date) -> list[Row]:
        book = self._books.get(asked.get("impl_agency_id", ""))
        if book is None:
            return []
        rows = [
            _offer_row(book, procedure, offer, number)
            for number, procedure in enumerate(book.procedures)
            for offer in procedure.offers
            if offer.opened is None or offer.opened <= today
        ]
        if rows and _place(book) % 4 == 1:
            stranger = _of_namesake(rows[0], book, "TEN_COQUAN")
            rows.insert(1, stranger | {"PROCEDURE_CODE": f"2.999{_place(book):03}", "MUC_DO": "Mức độ 4"})
        return _paged(rows, asked)

    def _agencies(self, asked: Mapping[str, str], today: date) -> list[Row]:
        return [{"ID": b.identifier, "NAME": b.agency.name} for b in self._books.values()]

    def _month(self, asked: Mapping[str, str], today: date) -> list[Row]:
        year, month = _number(asked.get("p_nam")), _number(asked.get("p_thang"))
        if not (2000 <= year <= 2100 and 1 <= month <= 12):
            return []
        first = date(year, month, 1)
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return self._report(asked, first, last, today)

    def _year(self, asked: Mapping[str, str], today: date) -> list[Row]:
        year = _number(asked.get("p_nam"))
        if not 2000 <= year <= 2100:
            return []
        return self._report(asked, date(year, 1, 1), date(year, 12, 31), today)

    def _report(self, asked: Mapping[str, str], first: date, last: date, today: date) -> list[Row]:
        book = self._books.get(asked.get("p_coquan_id", ""))
        if book is None or not book.procedures or first > today:
            return []
        return [_report_row(book, first, min(last, today))]


def _procedure_row(book: Book, procedure: Procedure, number: int) -> Row:
    return {
        "ID": str(400_000 + _place(book) * 1000 + number),
        "PROCEDURE_CODE": f"{procedure.code}.{PROVINCE_CODE}" if number % 3 else procedure.code,
        "PROCEDURE_NAME": procedure.name,
        "PUBLISHED_AGENCY": "UBND tỉnh Hoa Ban",
        "IMPLEMENTATION_AGENCY": book.agency.name,
        "MA_COQUAN": book.identifier,
        "QDCBID": str(90_000 + _place(book)),
        "FIELD_NAME": FIELDS[number % len(FIELDS)],
        "HIEU_LUC": "1" if procedure.in_force else "0",
        "PHI_LEPHI": {"always": "1", "never": "0", "varies": ""}[procedure.fee],
        "AMOUNT": "1",
    }


def _offer_row(book: Book, procedure: Procedure, offer: Offer, number: int) -> Row:
    words = _LEVEL_WORDS[_place(book) % len(_LEVEL_WORDS)]
    return {
        "ID": str(700_000 + _place(book) * 1000 + number * 3 + offer.level),
        "PROCEDURE_CODE": f"{procedure.code}.000.00.00.{PROVINCE_CODE}",
        "SERVICE_NAME": procedure.name,
        "TEN_COQUAN": book.agency.name,
        "MA_COQUAN": book.identifier,
        "MUC_DO": words.format(offer.level),
        "TRANG_THAI": "1" if offer.is_open else "0",
        "NGAY_MO": offer.opened.strftime("%d/%m/%Y") if offer.opened else "",
    }


def _report_row(book: Book, first: date, last: date) -> Row:
    def of(total: int) -> int:
        return within(total, first, last)

    direct = sum(of(p.direct) for p in book.procedures)
    online = sum(of(p.online) for p in book.procedures)
    postal = sum(of(p.postal) for p in book.procedures)
    early, on_time, late = of(book.early), of(book.on_time), of(book.late)
    share = (early + on_time) * 1000 // ((early + on_time + late) or 1)
    return {
        "MA_COQUAN": book.identifier,
        "TEN_COQUAN": book.agency.name,
        "HS_TOTAL": str(direct + online + postal),
        "HTN_TRUCTIEP": str(direct),
        "HTN_BUUCHINH": str(postal),
        "HTN_TRUCTUYEN": str(online),
        "HTDH": str(early + on_time),
        "HTQH": str(late),
        "GDTTQG_TOTAL": str(of(book.paid_online)),
        "TILE": f"{share // 10},{share % 10}%",
    }


def _of_namesake(row: Row, book: Book, name: str) -> Row:
    code = f"{PROVINCE_CODE}.90.{_place(book):02}"
    return row | {"MA_COQUAN": code, name: f"Trung tâm dịch vụ công {book.agency.name}"}


def _paged(rows: list[Row], asked: Mapping[str, str]) -> list[Row]:
    """Return one page, counted from 1, each row with its number."""
    size = max(1, min(_LARGEST_PAGE, _number(asked.get("recordPerPage")) or 50))
    start = (max(1, _number(asked.get("pageIndex"))) - 1) * size
    return [row | {"ROW_STT": str(start + n + 1)} for n, row in enumerate(rows[start : start + size])]


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else 0


def _place(book: Book) -> int:
    return int(book.identifier.rsplit(".", 1)[1])


def _array(rows: list[Any]) -> Response:
    return Response(status=200, body=json.dumps(rows, ensure_ascii=False).encode(), content_type=JSON)
