"""iGate 2: a parent's row, the agency's, its units', a namesake's; slices counted from 0; days with Z."""

from __future__ import annotations

import json
from typing import Any

from collectors.onestop.igate2 import DRIVER
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.sources import Source
from simulator.http import Request, Response
from tests.collectors.conformance.suite import Shape, as_json

CODE = "H01.07"
COUNTS = {
    "received": 6940, "receivedOnline": 1906, "receivedDirect": 5000, "receivedPostal": 34, "resolved": 7960,
    "resolvedEarly": 5200, "resolvedOnTime": 2640, "resolvedOverdue": 120, "unresolved": 300,
    "unresolvedOverdue": 61, "onlinePaid": 400, "feeBearing": 1180,
}  # fmt: skip


def row(code: str, parent: str, part: int = 1) -> dict[str, Any]:
    return {
        "agency": {"id": "5f", "code": code, "name": "Sở Ví dụ", "parent": {"code": parent}, "level": 2},
        **{key: value // part for key, value in COUNTS.items()},
        "onTimeRate": "98,49%",
        "statisticDate": "2021-10-31T00:00:00.000Z",
    }


def answer(request: Request) -> Response:
    """Answer the three questions."""
    if request.path.endswith("--statistic-agency-kgg"):
        units = [row(f"{CODE}.1", CODE, 2), row(f"{CODE}.2", CODE, 2)]
        return as_json([row("H01", ""), row("H01.90", "H01"), row(CODE, "H01"), *units])
    if request.path.endswith("--statistic-procedure"):
        return as_json(sliced([procedure(n) for n in range(5)], request))
    if request.path.endswith("process-definition"):
        flow = {
            "agency": {"code": CODE},
            "procedure": {"code": "1.000001.H01"},
            "status": {"name": "Đang áp dụng"},
        }
        return as_json(sliced([flow], request))
    return as_json([])


def procedure(number: int) -> dict[str, Any]:
    return {
        "agency": {"code": CODE},
        "procedure": {"code": f"1.00000{number}.H01"},
        "received": 10,
        "receivedOnline": 4,
        "isTest": False,
    }


def sliced(rows: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    asked = request.parameters()
    page, size = int(asked["page"]), int(asked["size"])
    content = rows[page * size : (page + 1) * size]
    return {"content": content, "number": page, "last": (page + 1) * size >= len(rows)}


def shifted(request: Request) -> Response:
    """Answer every slice as the one after it: asked from 0, counted from 1."""
    told = json.loads(answer(request).body)
    if isinstance(told, dict):
        told["number"] += 1
    return as_json(told)


SHAPE = Shape(
    driver=DRIVER,
    source=Source(
        key="ig",
        title="",
        kind="onestop",
        driver="igate2",
        url="http://127.0.0.1:1",
        settings={"page_size": 2},
    ),
    agency=Agency(code=AgencyCode("so-vi-du"), name="Sở Ví dụ", bloc="b", identifiers=(("ig", CODE),)),
    answer=answer,
    figures={
        "received": 6940,
        "received_online": 1906,
        "resolved_early": 5200,
        "resolved_on_time": 2640,
        "resolved_overdue": 120,
        "open_overdue": 61,
    },
    percentages=("98,49%",),
    counts=frozenset(COUNTS),
    required=('"receivedOnline"', '"resolvedOverdue"', '"content"', '"status"'),
    optional=("feeBearing", "fee_bearing"),
    empty=lambda request: as_json([] if "agency-kgg" in request.path else sliced([], request)),
    cut=(shifted,),
    others=("H01.90",),
)
