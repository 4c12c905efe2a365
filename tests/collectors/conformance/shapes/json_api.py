"""A provincial report service: rows nested in `thanhPhan`, numbers as texts, pages from 0, two totals."""

from __future__ import annotations

from typing import Any

from collectors.onestop.json_api import DRIVER
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.sources import Source
from simulator.http import Request, Response
from tests.collectors.conformance.suite import Shape, as_json

CODE = "H01.07"
COUNTS = {
    "tiepNhanKyTruoc": 420, "tiepNhanTrongKy": 6940, "tiepNhanQuaMang": 1906, "tongDaXuLy": 7060,
    "daXuLyQuaHan": 120, "tongDangXuLy": 300,
}  # fmt: skip
SIZE = 2


def row(code: str, part: int = 1, inner: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    counts = {key: value // part for key, value in COUNTS.items()}
    return {"maThongKe": code, "tenThongKe": "Sở Ví dụ", **counts, "thanhPhan": list(inner)}


EVERYTHING = (
    row("H01", inner=(row("H01.1"),)),
    row("H01.90"),
    row(CODE, inner=(row(f"{CODE}.1", 2), row(f"{CODE}.2", 2))),
)


def served(request: Request, *, total: int = len(EVERYTHING), shift: int = 0) -> Response:
    page = int(request.form()["page"])
    rows = EVERYTHING[page * SIZE : (page + 1) * SIZE]
    data = {"items": list(rows), "total": total, "pageNumber": page + shift, "current": page + 1}
    return as_json({"success": True, "data": data, "total": 1})


def empty(request: Request) -> Response:
    """Answer that there is nothing."""
    data = {"items": [], "total": 0, "pageNumber": int(request.form()["page"])}
    return as_json({"success": True, "data": data, "total": 1})


SHAPE = Shape(
    driver=DRIVER,
    source=Source(
        key="bao-cao",
        title="",
        kind="onestop",
        driver="json_api",
        url="http://127.0.0.1:1",
        settings={
            "question": [
                {
                    "path": "/baocaotonghops/donvi",
                    "form": {"tuNgay": "{first_vn}", "denNgay": "{last_vn}", "page": "{page}"},
                    "rows": "data.items",
                    "children": "thanhPhan",
                    "agency": "maThongKe",
                    "province": ["H01"],
                    "required": ["maThongKe", "tiepNhanTrongKy", "daXuLyQuaHan"],
                    "success": {"path": "success", "equals": True},
                    "figures": {
                        "carried_over": "tiepNhanKyTruoc",
                        "received": "tiepNhanTrongKy",
                        "received_online": "tiepNhanQuaMang",
                        "resolved": "tongDaXuLy",
                        "resolved_overdue": "daXuLyQuaHan",
                        "open": "tongDangXuLy",
                    },
                    "page": {
                        "first": 0,
                        "size": SIZE,
                        "total": "data.total",
                        "echo": "data.pageNumber",
                        "echo_first": 0,
                    },
                }
            ]
        },
    ),
    agency=Agency(code=AgencyCode("so-vi-du"), name="Sở Ví dụ", bloc="b", identifiers=(("bao-cao", CODE),)),
    answer=served,
    figures={"carried_over": 420, "received": 6940, "resolved": 7060, "resolved_overdue": 120, "open": 300},
    counts=frozenset(COUNTS),
    required=('"maThongKe"', '"tiepNhanTrongKy"', '"items"'),
    optional=("tiepNhanQuaMang", "received_online"),
    empty=empty,
    cut=(lambda request: served(request, total=50), lambda request: served(request, shift=1)),
    others=("H01.90",),
)
