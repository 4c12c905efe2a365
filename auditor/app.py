"""The pages: each asks the desk, fills a template and says when nothing has changed; no route writes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException as StarletteHTTPException

from auditor import views, wording
from auditor.border import LOOPBACK_NAMES, Border
from auditor.desk import Board, Desk
from minhchung import VERSION
from minhchung.errors import MinhChungError
from minhchung.evidence import RecordId
from scoring.wording import FINDINGS, GRADES, GROUNDS, OUTCOMES, days_of

HERE: Final = Path(__file__).resolve().parent

MOST_RECORDS: Final = 300
"""Records an agency's list shows."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_Route = Callable[..., Response]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "numeral": wording.numeral,
        "day": wording.day_text,
        "instant": wording.instant_text,
        "sentence": wording.sentence,
        "bare_id": lambda record: record.removeprefix("urn:uuid:"),
    }
    environment.globals |= {
        "wording": wording,
        "views": views,
        "grounds": GROUNDS,
        "grades": GRADES,
        "findings": FINDINGS,
        "outcomes": OUTCOMES,
        "days_of": days_of,
        "version": VERSION,
    }
    return environment


class Pages:
    """Fills templates; an equal page is not sent twice to the same reader."""

    def __init__(self) -> None:
        self._environment = _environment()

    def page(self, request: Request, template: str, /, status: int = 200, **values: Any) -> Response:
        """Return a page, or 304 where the reader has it already."""
        text = self._environment.get_template(template).render(path=request.url.path, **values)
        return _tagged(request, text.encode(), "text/html; charset=utf-8", status)

    def message(self, request: Request, status: int, title: str, text: str) -> Response:
        """Return a page that only says something."""
        return self.page(request, "message.html", status=status, title=title, text=text)


def _tagged(request: Request, body: bytes, media_type: str, status: int = 200) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if status == 200 and tag in known:
        return Response(status_code=304, headers={"etag": tag})
    headers = {"etag": tag} if status == 200 else {}
    return Response(body, status_code=status, media_type=media_type, headers=headers)


def create(desk: Desk, names: Iterable[str] = LOOPBACK_NAMES) -> FastAPI:
    """Return the app over a desk; it answers only under the given host names."""
    app = FastAPI(title="minhchung", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Border, names=frozenset(names))
    pages = Pages()
    _add_faults(app, pages)
    _add_results(app, desk, pages)
    _add_evidence(app, desk, pages)
    return app


def _reads(app: FastAPI, path: str) -> Callable[[_Route], _Route]:
    """Add a route in the only two methods there are."""
    return app.api_route(path, methods=["GET", "HEAD"], response_class=HTMLResponse)


def _add_faults(app: FastAPI, pages: Pages) -> None:
    @app.exception_handler(StarletteHTTPException)
    async def refuse(request: Request, error: StarletteHTTPException) -> Response:
        if error.status_code == 404:
            text = error.detail if error.detail != "Not Found" else "Không có trang này."
            return pages.message(request, 404, "Không tìm thấy", text)
        return pages.message(request, error.status_code, "Không thực hiện được", str(error.detail))

    @app.exception_handler(MinhChungError)
    async def explain(request: Request, error: MinhChungError) -> Response:
        return pages.message(request, 503, "Chưa hiển thị được", str(error))


def _add_results(app: FastAPI, desk: Desk, pages: Pages) -> None:
    @_reads(app, "/")
    def standings(request: Request) -> Response:
        return pages.page(request, "standings.html", board=desk.board())

    @_reads(app, "/co-quan/{code}")
    def agency(request: Request, code: str) -> Response:
        board = desk.board()
        _require_agency(board, code)
        values: dict[str, Any] = {"agency": board.agency(code), "place": board.place(code)}
        return pages.page(request, "agency.html", board=board, **values)

    @_reads(app, "/co-quan/{code}/ban-ghi")
    def records(request: Request, code: str) -> Response:
        board = desk.board()
        _require_agency(board, code)
        found = desk.records(code, MOST_RECORDS)
        values: dict[str, Any] = {"agency": board.agency(code), "records": found, "most": MOST_RECORDS}
        return pages.page(request, "records.html", **values)

    @_reads(app, "/co-quan/{code}/{component}")
    def component(request: Request, code: str, component: str) -> Response:
        board = desk.board()
        _require_agency(board, code)
        try:
            score = board.score(code, component)
        except KeyError as error:
            raise HTTPException(404, f"Bộ chỉ số không có chỉ số thành phần {component}.") from error
        values: dict[str, Any] = {
            "agency": board.agency(code),
            "score": score,
            "component": board.set_of(board.agency(code).bloc).component(component),
            "derivation": desk.derivation(code, component),
        }
        return pages.page(request, "component.html", board=board, **values)


def _require_agency(board: Board, code: str) -> None:
    try:
        board.place(code)
    except KeyError as error:
        raise HTTPException(404, f"Đợt này không có cơ quan mang mã {code}.") from error


def _add_evidence(app: FastAPI, desk: Desk, pages: Pages) -> None:
    @_reads(app, "/ban-ghi/{uuid}")
    def record(request: Request, uuid: str) -> Response:
        name = uuid.removeprefix("urn:uuid:").lower()
        if not _UUID.fullmatch(name):
            raise HTTPException(404, "Đây không phải mã của một bản ghi.")
        try:
            reader = request.client.host if request.client is not None else ""
            whole = request.query_params.get("nguyen-van") == "1"
            sheet = desk.sheet(RecordId(f"urn:uuid:{name}"), reader=reader, whole=whole)
        except KeyError as error:
            raise HTTPException(404, f"Không có bản ghi {name}.") from error
        return pages.page(request, "record.html", sheet=sheet)

    @_reads(app, "/mau-thuan")
    def contradictions(request: Request) -> Response:
        found = desk.contradictions()
        names = {agency.code: agency.name for agency in desk.board().registry}
        return pages.page(request, "contradictions.html", found=found, names=names)

    @_reads(app, "/su-co")
    def incidents(request: Request) -> Response:
        return pages.page(request, "incidents.html", board=desk.board())

    @_reads(app, "/ban-ghi/{uuid}/anh")
    def picture(request: Request, uuid: str) -> Response:
        name = uuid.removeprefix("urn:uuid:").lower()
        try:
            reader = request.client.host if request.client is not None else ""
            jpeg = desk.picture(RecordId(f"urn:uuid:{name}"), reader=reader)
        except KeyError as error:
            raise HTTPException(404, "Bản ghi này không có ảnh chụp.") from error
        return _tagged(request, jpeg, "image/jpeg")

    @_reads(app, "/lich")
    def timetable(request: Request) -> Response:
        return pages.page(request, "timetable.html", view=desk.timetable())

    @_reads(app, "/auditor.css")
    def style(request: Request) -> Response:
        return _tagged(request, (HERE / "static" / "auditor.css").read_bytes(), "text/css; charset=utf-8")
