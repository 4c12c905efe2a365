"""A published page: spanning headings, two columns of one name, decimal comma, thousands dot, a total row."""

from __future__ import annotations

from collectors.onestop.html_table import DRIVER
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.sources import Source
from simulator.http import HTML, Request, Response
from tests.collectors.conformance.suite import Shape

HEAD = """<table class="banner"><tr><td>Cổng dịch vụ công</td></tr></table>
<h2>Tình hình xử lý hồ sơ</h2>
<table><thead>
<tr><th rowspan="2">Đơn vị</th><th rowspan="2">Tiếp nhận</th><th colspan="2">Đang xử lý</th>
<th colspan="3">Đã xử lý</th></tr>
<tr><th>Tổng</th><th>Trễ</th><th>Tổng</th><th>Trễ</th><th>Tỷ lệ trễ</th></tr></thead><tbody>"""
ROWS = (
    ("Trung tâm Sở Ví dụ", "99", "9", "9", "9", "9", "9%"),
    ("Sở Ví dụ", "6.940", "300", "61", "7.960", "120", "1,5%"),
    ("Sở Khác", "1.000", "", "-", "900", "0", "0%"),
    ("Tổng cộng", "8.039", "309", "70", "8.869", "129", "1,45%"),
)


def page(rows: tuple[tuple[str, ...], ...]) -> Response:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    text = f"<html><meta charset=utf-8><title>Thống kê</title>{HEAD}{body}</tbody></table></html>"
    return Response(status=200, body=text.encode(), content_type=HTML)


def empty(_: Request) -> Response:
    """Answer that there is nothing, as such pages do."""
    text = "<html><title>Thống kê</title><h2>Tình hình xử lý hồ sơ</h2><p>Không có dữ liệu</p></html>"
    return Response(status=200, body=text.encode(), content_type=HTML)


SHAPE = Shape(
    driver=DRIVER,
    source=Source(
        key="bang",
        title="",
        kind="onestop",
        driver="html_table",
        url="http://127.0.0.1:1",
        settings={
            "page": [
                {
                    "path": "/thongke",
                    "query": {"tu": "{first_vn}", "den": "{last_vn}"},
                    "heading": "Tình hình xử lý hồ sơ",
                    "row": "agency",
                    "columns": {
                        "received": "Tiếp nhận",
                        "open": "Đang xử lý / Tổng",
                        "open_overdue": "Đang xử lý / Trễ",
                        "resolved": "Đã xử lý / Tổng",
                        "resolved_overdue": "Đã xử lý / Trễ",
                    },
                    "printed": {"Đã xử lý / Tỷ lệ trễ": "resolved_overdue/resolved"},
                }
            ]
        },
    ),
    agency=Agency(
        code=AgencyCode("so-vi-du"), name="Sở Ví dụ", bloc="b", identifiers=(("bang", "Sở Ví dụ"),)
    ),
    answer=lambda _: page(ROWS),
    figures={"received": 6940, "open": 300, "open_overdue": 61, "resolved": 7960, "resolved_overdue": 120},
    percentages=("1,5%",),
    required=("Tiếp nhận", "Đang xử lý", "Trễ"),
    empty=empty,
    others=("Sở Khác", "Trung tâm Sở Ví dụ"),
)
