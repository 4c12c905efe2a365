"""The sealed rows of an owner's export: nobody is asked, the letter and the mapping come with the rows."""

from __future__ import annotations

from typing import Any

from collectors.onestop.workbook import DRIVER, VERSION
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.sources import Source
from tests.collectors.conformance.suite import Shape, as_json


def sealed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "v": VERSION,
        "sheet": "Tháng 10",
        "letter": {
            "number": "45/TTPVHCC",
            "day": "2021-11-03",
            "signer": "Giám đốc Trung tâm",
            "signature": "none",
        },
        "first": "2020-11-01",
        "last": "2021-10-31",
        "columns": {"received": "Tiếp nhận", "resolved": "Đã xử lý", "resolved_overdue": "Đã xử lý / Trễ"},
        "printed": {"Tỷ lệ trễ": "resolved_overdue/resolved"},
        "definition": "Không kể hồ sơ rút",
        "rows": rows,
    }


ROW = {
    "row": 7,
    "cells": {"Tiếp nhận": "6.940", "Đã xử lý": "7960", "Đã xử lý / Trễ": "120", "Tỷ lệ trễ": "1,5%"},
    "procedure": "",
    "body": "",
    "whose": "agency",
    "is_total": False,
}

SHAPE = Shape(
    driver=DRIVER,
    source=Source(key="xuat", title="", kind="onestop", driver="workbook", url=""),
    agency=Agency(
        code=AgencyCode("so-vi-du"), name="Sở Ví dụ", bloc="b", identifiers=(("xuat", "Sở Ví dụ"),)
    ),
    answer=lambda _: as_json(sealed([ROW])),
    figures={"received": 6940, "resolved": 7960, "resolved_overdue": 120},
    percentages=("1,5%",),
    required=('"cells"', '"letter"', '"columns"', '"v"'),
    empty=lambda _: as_json(sealed([])),
)
