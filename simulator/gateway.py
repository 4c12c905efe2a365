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

from simulator.disagreements import SECOND_CLOSE, UNPROVINCED, more, planted
from simulator.gateway_pages import page
from simulator.http import JSON, Request, Response
from simulator.service_roles import STRENGTH
from simulator.service_words import FIELDS
from simulator.services import PROVINCE_CODE, Book, Offer, Procedure, books, within

Row = dict[str, str]

_LARGEST_PAGE: Final = 500
_GROUPS: Final = {"CKMB": 18, "TDGQ": 20, "CLGQ": 12, "TTTT": 10, "MDHL": 18, "MDSH": 22}
"""Groups of the index of Decision 766/QĐ-TTg with their maxima."""

_LEVEL_WORDS: Final = ("Mức độ {}", "Mức {}", "DVC mức độ {}")


class Gateway:
    """The public-service portal of the simulated province."""

    def __init__(self, seed: int) -> None:
        self._books = {book.identifier: book for book in books(seed).values()}
        self._services: Mapping[str, Callable[[Mapping[str, str], date], list[Row]]] = {
            "procedure_advanced_search_service_v2": self._procedures,
            "procedure_online_service_by_agency_service_v2": self._offers,
            "procedure_get_list_agency_by_type_service_v2": self._agencies,
            "report_tinh_766_service": self._scores,
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
        if planted("listed-twice", book.agency.code):
            first = next(n for n, procedure in enumerate(book.procedures) if procedure.in_force)
            rows.append(rows[first] | {"HIEU_LUC": "0"})
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
        rows = _distorted_offers(book, rows)
        if rows and _place(book) % 4 == 1:
            stranger = _of_namesake(rows[0], book, "TEN_COQUAN")
            rows.insert(1, stranger | {"PROCEDURE_CODE": f"2.999{_place(book):03}", "MUC_DO": "Mức độ 4"})
        return _paged(rows, asked)

    def _agencies(self, asked: Mapping[str, str], today: date) -> list[Row]:
        listed = [b for b in self._books.values() if not planted("not-listed", b.agency.code)]
        return [_body_row(book) for book in listed]

    def _scores(self, asked: Mapping[str, str], today: date) -> list[Row]:
        rows = [_score_row(book) for book in self._books.values() if book.procedures]
        return _paged(rows, {**asked, "recordPerPage": asked.get("pageSize", "")})

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
        return [_distorted_report(book, _report_row(book, first, min(last, today)), first, last, today)]


def _body_row(book: Book) -> Row:
    name = book.agency.name
    if book.agency.code == UNPROVINCED:
        name = name.removesuffix(" tỉnh Hoa Ban")
    if planted("other-name", book.agency.code):
        name = "Sở Lao động và Việc làm tỉnh Hoa Ban"
    return {"ID": str(398_000 + _place(book)), "MA_COQUAN": book.identifier, "NAME": name}


def _score_row(book: Book) -> Row:
    able = STRENGTH[book.agency.code]
    tenths = {group: int(most * 10 * (0.35 + 0.6 * able)) for group, most in _GROUPS.items()}
    if planted("score-above", book.agency.code):
        tenths["CLGQ"] = 126
    total = sum(tenths.values()) + (15 if planted("score-more", book.agency.code) else 0)
    return {
        "ID": str(398_000 + _place(book)),
        "MA_COQUAN": book.identifier,
        "TEN_COQUAN": book.agency.name,
        "CAPDONVIID": "1" if book.agency.bloc == "provincial" else "2",
        **{group: f"{score // 10}.{score % 10}" for group, score in tenths.items()},
        "TONG_SCORE": f"{total // 10}.{total % 10}",
    }


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
        "DB_TOTAL": str(direct + online + postal),
        "HTDH": str(early + on_time),
        "HTQH": str(late),
        "GDTTQG_TOTAL": str(of(book.paid_online)),
        "TILE": f"{share // 10},{share % 10}%",
    }


def _distorted_offers(book: Book, rows: list[Row]) -> list[Row]:
    """Return the services as the portal prints them, where something is planted."""
    code = book.agency.code
    abolished = {f"{p.code}.000.00.00.{PROVINCE_CODE}" for p in book.procedures if not p.in_force}
    if planted("abolished-open", code):
        first = min(row["PROCEDURE_CODE"] for row in rows if row["PROCEDURE_CODE"] in abolished)
        for row in rows:
            if row["PROCEDURE_CODE"] == first:
                row |= {"TRANG_THAI": "1", "MUC_DO": "Mức độ 2"}
    if planted("offer-of-nothing", code):
        rows.append(rows[0] | {"PROCEDURE_CODE": "1.999001", "MUC_DO": "Mức độ 2", "TRANG_THAI": "1"})
    if planted("words-too-early", code):
        rows = [row | {"MUC_DO": "Toàn trình"} if row["MUC_DO"].endswith("4") else row for row in rows]
    return rows


def _distorted_report(book: Book, row: Row, first: date, last: date, today: date) -> Row:
    """Return a report as the portal prints it, where something is planted."""
    code = book.agency.code
    if planted("month-less", code) and first <= date(2021, 3, 15) <= last:
        for key in ("HS_TOTAL", "HTN_TRUCTIEP", "DB_TOTAL"):
            more(row, key, -2)
    if planted("later-more", code) and first <= date(2021, 5, 15) <= last and today >= SECOND_CLOSE:
        more(row, "DB_TOTAL", 3)
    if planted("year-more", code) and (last - first).days > 300:
        more(row, "DB_TOTAL", 5)
    return row


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
