"""The simulated one-stop-shop: an API gateway that answers in the shape of an iGate 2.

GET /pa/dossier-statistic/--statistic-agency-kgg     array: the province's row, the agency's, its units'
GET /pa/dossier-statistic/--statistic-procedure      slice: one row a procedure, then a total row
GET /pa/kgg-dossier-statistic/--kgg-dossier-report-online   array with names and no codes
GET /pa/kgg-digitize/digitization-by-agency          array: dossiers and results with files
GET /bpm/process-definition                          slice: electronic workflows
GET /ba/agency/name+code                             array: agencies
GET /thong-ke, /thong-ke/xuat.csv                    what everybody, and what the owner, sees (`published`)

Days in `from-date` and `to-date` are local days written with Z: the system reads the day and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from simulator.almanac import LAST
from simulator.disagreements import WHOLE, more, planted
from simulator.http import HTML, JSON, Request, Response
from simulator.igate_reports import digitised_row, idle_workflows, online_row, workflow_row
from simulator.published import EXPORT, PATH, published
from simulator.services import PROVINCE_CODE, Book, Procedure, books, within
from simulator.slices import sliced

Row = dict[str, Any]

_PARTS: Final = ("receivedOnline", "receivedDirect", "receivedPostal")
_RESOLVED: Final = ("resolvedEarly", "resolvedOnTime", "resolvedOverdue")
_COUNTS: Final = (
    "received", *_PARTS, "returnedPostal", "postalEither", "resolved", *_RESOLVED, "unresolved",
    "unresolvedOverdue", "carriedOver", "feeBearing", "onlinePaid",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """The local days a question asks about, both in, cut to what has happened."""

    first: date
    last: date


class IGate:
    """The one-stop-shop system of the simulated province."""

    def __init__(self, seed: int) -> None:
        self._books = {book.identifier: book for book in books(seed).values()}
        self._sums: dict[Span, dict[str, int]] = {}
        """The province's figures of the span asked for last."""

        self._online: dict[Span, list[Row]] = {}
        """The online report of the span asked for last."""

        self._routes: Mapping[str, Callable[[Request], Response]] = {
            "/pa/dossier-statistic/--statistic-agency-kgg": self._agency_statistics,
            "/pa/dossier-statistic/--statistic-procedure": self._procedure_statistics,
            "/pa/kgg-dossier-statistic/--kgg-dossier-report-online": self._online_report,
            "/pa/kgg-digitize/digitization-by-agency": self._digitisation,
            "/bpm/process-definition": self._workflows,
            "/ba/agency/name+code": self._agencies,
            PATH: self._published,
            EXPORT: self._published,
        }

    def handle(self, request: Request) -> Response:
        """Answer one request; same request on the same day, same answer."""
        if request.path == "/":
            return Response(status=200, body=b"<title>iGate (mo phong)</title>", content_type=HTML)
        route = self._routes.get(request.path)
        if route is None:
            return _json({"status": 404, "error": "Not Found", "path": request.path}, status=404)
        if request.method != "GET":
            return _json({"status": 405, "error": "Method Not Allowed"}, status=405)
        return route(request)

    # --- dossiers ------------------------------------------------------------------------------

    def _agency_statistics(self, request: Request) -> Response:
        asked = request.parameters()
        book, span = self._books.get(asked.get("agency-id", "")), _span(asked, request.day)
        if book is None or span is None or not book.procedures:
            return _json([])
        if book.knows("dossiers-forbidden"):
            return _forbidden()
        own = _figures(book, book.procedures, span)
        rows = [self._province_row(span), _own_row(book, own), *_unit_rows(book, own)]
        if _place(book) % 4 == 1:
            rows.insert(1, _namesake(book, own))
        return _json([_as_printed(book, row | {"statisticDate": _stamp(span.last)}) for row in rows])

    def _procedure_statistics(self, request: Request) -> Response:
        asked = request.parameters()
        book, span = self._books.get(asked.get("agency-id", "")), _span(asked, request.day)
        if book is None or span is None or book.knows("totals-only"):
            return _json(sliced([], asked))
        if book.knows("dossiers-forbidden"):
            return _forbidden()
        rows = [_procedure_row(book, procedure, span) for procedure in book.procedures]
        if planted("procedure-more", book.agency.code):
            offline = next(n for n, p in enumerate(book.procedures) if p.in_force and p.level() < 3)
            for key in ("received", "receivedDirect"):
                more(rows[offline], key, 4)
        if rows:
            rows += self._strangers(book, span)
            rows.append(_total_row(book, rows))
        return _json(sliced([_as_printed(book, row) for row in rows], asked))

    def _province_row(self, span: Span) -> Row:
        sums = self._sums.get(span)
        if sums is None:
            everything = [_figures(book, book.procedures, span) for book in self._books.values()]
            sums = {key: sum(each[key] for each in everything) for key in _COUNTS}
            if planted("province-less", WHOLE):
                sums["onlinePaid"] //= 2
            self._sums = {span: sums}
        return {
            "agency": {"id": "1", "code": PROVINCE_CODE, "name": "UBND tỉnh Hoa Ban", "level": 1},
            **sums,
        }

    def _strangers(self, book: Book, span: Span) -> list[Row]:
        """Rows that are not the agency's own work: another unit with the same code, a test dossier."""
        first = book.procedures[0]
        sibling = _procedure_row(book, first, span)
        sibling["agency"] = {
            "code": f"{PROVINCE_CODE}.90.{_place(book):02}",
            "name": f"Chi nhánh, {book.agency.name}",
        }
        test = _procedure_row(book, book.procedures[-1], span)
        test |= {"isTest": True, "received": 1, "receivedOnline": 1}
        return [sibling, test]

    def _online_report(self, request: Request) -> Response:
        span = _span(request.parameters(), request.day)
        if span is None:
            return _json([])
        rows = self._online.get(span)
        if rows is None:
            rows = [
                online_row(book, number, _figures(book, book.procedures, span))
                for number, book in enumerate(self._books.values())
            ]
            self._online = {span: rows}
        return _json(rows)

    def _digitisation(self, request: Request) -> Response:
        asked = request.parameters()
        book, span = self._books.get(asked.get("agency-id", "")), _span(asked, request.day)
        if book is None or span is None or not book.procedures or book.knows("dossiers-forbidden"):
            return _json([])
        return _json([digitised_row(book, _figures(book, book.procedures, span))])

    def _published(self, request: Request) -> Response:
        span = _span(request.parameters(), request.day)
        if span is None:
            return Response(status=400, body=b"<title>400</title>", content_type=HTML)
        told = [
            (book.agency.name, _own_row(book, _figures(book, book.procedures, span)))
            for book in self._books.values()
            if book.procedures
        ]
        return published(request.path, told)

    # --- what the system is set up for ---------------------------------------------------------

    def _workflows(self, request: Request) -> Response:
        asked = request.parameters()
        book = self._books.get(asked.get("agency-code", ""))
        if book is None:
            return _json(sliced([], asked))
        rows = [workflow_row(book, p) for p in book.procedures if p.workflow != "none"]
        rows += idle_workflows(book) if rows else []
        rows += [workflow_row(book, p) for p in book.procedures[:2] if p.workflow == "active"]
        for number, row in enumerate(rows):
            row["id"] = f"proc-{book.identifier}-{number:03}"
        return _json(sliced(rows, asked))

    def _agencies(self, request: Request) -> Response:
        bodies = [{"code": b.identifier, "name": b.agency.name} for b in self._books.values()]
        return _json([*bodies, {"code": "H99.99.99", "name": "du lieu lp test"}])


def _span(asked: Mapping[str, str], today: date) -> Span | None:
    try:
        first = date.fromisoformat(asked["from-date"][:10])
        last = date.fromisoformat(asked["to-date"][:10])
    except (KeyError, ValueError):
        return None
    return Span(first, min(last, today))


def _figures(book: Book, procedures: Iterable[Procedure], span: Span) -> dict[str, int]:
    def of(total: int) -> int:
        return within(total, span.first, span.last)

    chosen = tuple(procedures)
    figures = {
        "receivedOnline": sum(of(p.online) for p in chosen),
        "receivedDirect": sum(of(p.direct) for p in chosen),
        "receivedPostal": sum(of(p.postal) for p in chosen),
        "returnedPostal": of(book.returned_postal),
        "postalEither": of(book.postal_either),
        "resolvedEarly": of(book.early),
        "resolvedOnTime": of(book.on_time),
        "resolvedOverdue": of(book.late),
        "unresolved": book.open,
        "unresolvedOverdue": book.open_overdue,
        "carriedOver": book.carried_over,
        "feeBearing": of(book.fee_bearing),
        "onlinePaid": of(book.paid_online),
    }
    figures["received"] = sum(figures[key] for key in _PARTS)
    figures["resolved"] = sum(figures[key] for key in _RESOLVED)
    if span.last < LAST:
        figures["unresolvedOverdue"] = figures["unresolvedOverdue"] // 2
    return figures


def _row(book: Book, code: str, name: str, figures: Mapping[str, int], parent: str) -> Row:
    due = figures["resolved"] or 1
    share = (figures["resolvedEarly"] + figures["resolvedOnTime"]) * 10_000 // due
    return {
        "agency": {
            "id": f"{_place(book):024x}",
            "code": code,
            "name": name,
            "parent": {"code": parent},
            "level": 2,
        },
        **figures,
        "onTimeRate": f"{share // 100},{share % 100:02}%",
    }


def _own_row(book: Book, figures: Mapping[str, int]) -> Row:
    """Return the agency's row as the system prints it, where something is planted."""
    row = _row(book, book.identifier, book.agency.name, figures, PROVINCE_CODE)
    code = book.agency.code
    if planted("direct-more", code):
        more(row, "receivedDirect", 3)
    if planted("carried-more", code):
        more(row, "carriedOver", 9)
    if planted("rate-wrong", code):
        row["onTimeRate"] = "99,99%" if row["onTimeRate"] != "99,99%" else "88,88%"
    return row


def _unit_rows(book: Book, own: Mapping[str, int]) -> list[Row]:
    """Return two units of every third agency: their figures add up to the agency's."""
    if _place(book) % 3 != 0:
        return []
    one = {key: value // 3 for key, value in own.items()}
    other = {key: value - one[key] for key, value in own.items()}
    least = max(one["receivedPostal"], one["returnedPostal"], one["postalEither"])
    one["postalEither"] = min(least, one["receivedPostal"] + one["returnedPostal"])
    other["postalEither"] = own["postalEither"] - one["postalEither"]
    if planted("unit-more", book.agency.code):
        one["receivedOnline"] += 2
    for unit in (one, other):
        unit["received"] = sum(unit[key] for key in _PARTS)
        unit["resolved"] = sum(unit[key] for key in _RESOLVED)
    names = ("Bộ phận một cửa", "Phòng chuyên môn")
    return [
        _row(book, f"{book.identifier}.{n}", f"{names[n - 1]}, {book.agency.name}", unit, book.identifier)
        for n, unit in ((1, one), (2, other))
    ]


def _namesake(book: Book, own: Mapping[str, int]) -> Row:
    """Return the row of a body of its own whose name holds the wanted name."""
    figures = {key: value * 2 + 7 for key, value in own.items()}
    return _row(
        book,
        f"{PROVINCE_CODE}.90.{_place(book):02}",
        f"Trung tâm dịch vụ công {book.agency.name}",
        figures,
        PROVINCE_CODE,
    )


def _procedure_row(book: Book, procedure: Procedure, span: Span) -> Row:
    online, direct, postal = (
        within(total, span.first, span.last)
        for total in (procedure.online, procedure.direct, procedure.postal)
    )
    return {
        "agency": {"code": book.identifier, "name": book.agency.name},
        "procedure": {"code": f"{procedure.code}.{PROVINCE_CODE}", "name": procedure.name},
        "received": online + direct + postal,
        "receivedOnline": online,
        "receivedDirect": direct,
        "receivedPostal": postal,
        "isTest": False,
    }


def _total_row(book: Book, rows: Iterable[Row]) -> Row:
    own = [row for row in rows if row["agency"]["code"] == book.identifier and not row["isTest"]]
    return {
        "agency": {"code": book.identifier, "name": book.agency.name},
        "procedure": {"code": None, "name": "Tổng cộng"},
        **{key: sum(row[key] for row in own) for key in ("received", *_PARTS)},
        "isTest": False,
    }


def _as_printed(book: Book, row: Row) -> Row:
    """Return the row as the system prints it: gaps, and strings with a thousands dot at some agencies."""
    gaps = {
        "unresolvedOverdue": book.knows("overdue-hidden"),
        "postalEither": book.knows("two-postal-counts"),
        "feeBearing": book.knows("fees-unheld") or book.knows("fees-unknown"),
    }
    printed = {key: None if gaps.get(key) else value for key, value in row.items()}
    if _place(book) % 5 == 2:
        for key in _COUNTS:
            if isinstance(printed.get(key), int):
                printed[key] = f"{printed[key]:,}".replace(",", ".")
    return printed


def _place(book: Book) -> int:
    return int(book.identifier.rsplit(".", 1)[1])


def _stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def _forbidden() -> Response:
    return _json({"status": 403, "error": "access_denied"}, status=403)


def _json(value: object, status: int = 200) -> Response:
    return Response(status=status, body=json.dumps(value, ensure_ascii=False).encode(), content_type=JSON)
