"""OpenCPS 2: one record a month, agency and domain; those without domain or agency are sums of the others."""

from __future__ import annotations

import json

from collectors.onestop.opencps2 import DRIVER
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.sources import Source
from simulator.http import Request, Response
from tests.collectors.conformance.suite import Shape, as_json

CODE = "H01.07"
COUNTS = {
    "totalCount": 112, "processCount": 110, "remainingCount": 10, "receivedCount": 100, "onlineCount": 40,
    "onegateCount": 55, "viaPostalCount": 5, "releaseCount": 90, "betimesCount": 60, "ontimeCount": 25,
    "overtimeCount": 5, "processingCount": 20, "undueCount": 18, "overdueCount": 2, "pausingCount": 0,
    "waitingCount": 1, "deniedCount": 1, "cancelledCount": 1, "dossierOnline3Count": 12,
    "dossierOnline4Count": 28,
}  # fmt: skip


def record(asked: dict[str, str], agency: str, domain: str, part: int = 1) -> dict[str, object]:
    counts = {key: value // part for key, value in COUNTS.items()}
    return {
        **counts,
        "ontimePercentage": 94,
        "reporting": True,
        "month": int(asked["month"]),
        "year": int(asked["year"]),
        "govAgencyCode": agency,
        "govAgencyName": "Sở Ví dụ" if agency else "",
        "domainCode": domain,
        "domainName": domain,
    }


def answer(request: Request) -> Response:
    """Answer with the province's sum, the agency's sum, its two domains and a namesake."""
    asked = request.parameters()
    if "month" not in asked:
        return as_json([])
    rows = [
        record(asked, "", ""),
        record(asked, CODE, ""),
        record(asked, CODE, "DAT-DAI", 2),
        record(asked, CODE, "XAY-DUNG", 2),
        record(asked, f"{CODE}9", ""),
    ]
    return as_json({"total": len(rows), "data": rows})


SHAPE = Shape(
    driver=DRIVER,
    source=Source(
        key="ops",
        title="",
        kind="onestop",
        driver="opencps2",
        url="http://127.0.0.1:1",
        settings={"group_id": 7},
    ),
    agency=Agency(code=AgencyCode("so-vi-du"), name="Sở Ví dụ", bloc="b", identifiers=(("ops", CODE),)),
    answer=answer,
    figures={
        "received": 1200,
        "received_online": 480,
        "received_postal": 60,
        "resolved": 1080,
        "resolved_early": 720,
        "resolved_overdue": 60,
        "returned": 12,
    },
    percentages=("94",),
    counts=frozenset(COUNTS),
    required=('"receivedCount"', '"govAgencyCode"', '"overtimeCount"', '"month"'),
    optional=("viaPostalCount", "received_postal"),
    empty=lambda _: as_json({"total": 0, "data": []}),
    cut=(lambda request: as_json({**json.loads(answer(request).body), "total": 40}),),
    others=(f"{CODE}9",),
)
