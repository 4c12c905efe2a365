"""The `rest.jsp` gateway: bare arrays, numbers as texts, pages from 1 without a total, a loose filter."""

from __future__ import annotations

import json
from typing import Any

from collectors.services.dvcqg import DRIVER
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.sources import Source
from simulator.http import Request, Response
from tests.collectors.conformance.suite import Shape, as_json
from tests.collectors.service_world import LEVELS

CODE = "H01.07"
PAGE = 3


def answer(request: Request) -> Response:
    """Answer procedures, services and monthly reports; whatever else is asked for is `[]`."""
    return as_json(rows(json.loads(request.form()["params"])))


def rows(asked: dict[str, str]) -> list[dict[str, Any]]:
    service = asked["service"]
    if service.startswith("procedure_advanced"):
        return paged([listed(n) for n in range(7)], asked)
    if service.startswith("procedure_online"):
        return paged([offered(n) for n in range(4)], asked)
    if service == "report_by_month_sum_service":
        return [] if int(asked["p_nam"]) == 2021 and int(asked["p_thang"]) > 10 else [report(10)]
    if service == "report_by_year_sum_service":
        return [report(100)]
    return []


def listed(number: int) -> dict[str, str]:
    code, body = (f"1.00000{number}", CODE) if number != 2 else ("1.999999", "H01.90")
    return {"PROCEDURE_CODE": code, "PROCEDURE_NAME": "Cấp bản sao", "MA_COQUAN": body, "HIEU_LUC": "1"}


def offered(number: int) -> dict[str, str]:
    return {
        "PROCEDURE_CODE": f"1.00000{number}.000.00.00.H01",
        "MUC_DO": "Mức độ 4",
        "MA_COQUAN": CODE,
        "TRANG_THAI": "1",
    }


def report(scale: int) -> dict[str, str]:
    return {
        "MA_COQUAN": CODE,
        "HS_TOTAL": str(7 * scale),
        "HTN_TRUCTUYEN": str(4 * scale),
        "HTN_TRUCTIEP": str(3 * scale),
        "HTDH": str(5 * scale),
        "HTQH": str(scale),
        "TILE": "83,3%",
    }


def paged(everything: list[dict[str, str]], asked: dict[str, str]) -> list[dict[str, str]]:
    size, page = int(asked["recordPerPage"]), int(asked["pageIndex"])
    start = (page - 1) * size
    return [
        {**each, "ROW_STT": str(start + n + 1)} for n, each in enumerate(everything[start : start + size])
    ]


def repeating(request: Request) -> Response:
    """Answer every page with the first one: a cap that does not say so."""
    asked = json.loads(request.form()["params"])
    return as_json(rows({**asked, "pageIndex": "1"} if "pageIndex" in asked else asked))


SHAPE = Shape(
    driver=DRIVER,
    source=Source(
        key="cong",
        title="",
        kind="services",
        driver="dvcqg",
        url="http://127.0.0.1:1",
        level=LEVELS,
        settings={"page_size": PAGE, "statistics": True},
    ),
    agency=Agency(code=AgencyCode("so-vi-du"), name="Sở Ví dụ", bloc="b", identifiers=(("cong", CODE),)),
    answer=answer,
    figures={"received": 1540, "received_online": 880, "resolved_in_time": 1100, "resolved_overdue": 220},
    percentages=("83,3%",),
    required=('"PROCEDURE_CODE"', '"MA_COQUAN"', '"HS_TOTAL"', '"HTQH"', '"MUC_DO"'),
    optional=("HTN_TRUCTIEP", "received_direct"),
    empty=lambda _: as_json([]),
    cut=(repeating,),
    others=("H01.90",),
)
