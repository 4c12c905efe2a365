"""What the simulated one-stop-shop shows to everybody and hands to its owner: a statistics page, an export.

GET /thong-ke            a table, one row a body: headings over two rows, thousands dots, a sum at the end
GET /thong-ke/xuat.csv   the same rows as its owner exports them: semicolons, a title above, UTF-8

Both print the figures of the same books as the interface does.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from simulator.http import HTML, Response

TITLE: Final = "Tình hình tiếp nhận và giải quyết hồ sơ"
PATH: Final = "/thong-ke"
EXPORT: Final = "/thong-ke/xuat.csv"
HEADINGS: Final = (
    ("Đơn vị",),
    ("Tiếp nhận", "Tổng số"),
    ("Tiếp nhận", "Trực tuyến"),
    ("Đã giải quyết", "Tổng số"),
    ("Đã giải quyết", "Trước hạn"),
    ("Đã giải quyết", "Quá hạn"),
    ("Tỷ lệ quá hạn",),
)
_KEYS: Final = ("received", "receivedOnline", "resolved", "resolvedEarly", "resolvedOverdue")

Rows = Sequence[tuple[str, Mapping[str, Any]]]
"""Name of a body and its figures."""


def published(path: str, rows: Rows) -> Response:
    """Answer for the page or the export."""
    told = [*_cells(rows)]
    if path == EXPORT:
        return Response(status=200, body=_csv(told), content_type="text/csv; charset=utf-8")
    return Response(status=200, body=_page(told).encode(), content_type=HTML)


def _cells(rows: Rows) -> Iterator[tuple[str, ...]]:
    for name, figures in rows:
        yield _line(name, [figures[key] for key in _KEYS])
    yield _line("Tổng cộng", [sum(figures[key] for _, figures in rows) for key in _KEYS])


def _line(name: str, counts: Sequence[int]) -> tuple[str, ...]:
    share = counts[4] * 10_000 // (counts[2] or 1)
    return name, *(f"{count:,}".replace(",", ".") for count in counts), f"{share // 100},{share % 100:02}%"


def _page(rows: Sequence[tuple[str, ...]]) -> str:
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{TITLE}</title></head><body>'
        f"<h2>{TITLE}</h2><table><thead><tr>"
        '<th rowspan="2">Đơn vị</th><th colspan="2">Tiếp nhận</th><th colspan="3">Đã giải quyết</th>'
        '<th rowspan="2">Tỷ lệ quá hạn</th></tr><tr><th>Tổng số</th><th>Trực tuyến</th>'
        "<th>Tổng số</th><th>Trước hạn</th><th>Quá hạn</th></tr></thead>"
        f"<tbody>{lines}</tbody></table></body></html>"
    )


def _csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([TITLE])
    writer.writerow([" / ".join(heading) for heading in HEADINGS])
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")
