"""The annex as comma-separated values: blocks with their own headings, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from scoring.annex import Annex, AnnexTable
from scoring.version_changes import VersionChanges, comparison_said, comparison_title

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so would be computed, not shown."""


def as_csv(annex: Annex) -> str:
    """Return the annex as text, lines ended by CR LF, to be written as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in _rows(annex):
        writer.writerow([safe(cell) for cell in row])
    return out.getvalue()


def safe(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula: an apostrophe before it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _rows(annex: Annex) -> Iterator[Sequence[str]]:
    yield [annex.title]
    yield ["Đợt", annex.round]
    for warning in annex.warnings:
        yield ["Lưu ý", warning]
    for table in annex.tables:
        yield []
        yield from _table(table)
    yield []
    yield ["Điểm trung bình chung", annex.overall, annex.overall_band]
    yield from _block(
        "Chênh lệch giữa số tự báo cáo và số xác định",
        ["Mã cơ quan", "Tên cơ quan", "Mã", "Thành phần", "Kết luận", "Chênh lệch", "Điểm"],
        [
            [d.agency, d.name, d.component, d.title, d.finding_text, d.text, d.points]
            for d in annex.differences
        ],
    )
    yield from _block(
        "Điểm chưa xác định",
        ["Mã cơ quan", "Tên cơ quan", "Mã", "Thành phần", "Lý do", "Diễn giải", "Điểm"],
        [[o.agency, o.name, o.component, o.title, o.reason, o.text, o.points] for o in annex.open_points],
    )
    yield from _block(
        "Điểm mất do nền tảng dùng chung (vẫn tính, liệt kê riêng)",
        ["Mã cơ quan", "Tên cơ quan", "Mã", "Thành phần", "Mục", "Điểm mất"],
        [[p.agency, p.name, p.component, p.title, p.items, p.points] for p in annex.platform_losses],
    )
    yield from _block(
        "Xung đột lợi ích và kết luận thẩm định", ["Nội dung"], [[said] for said in annex.conflicts]
    )
    yield from _block(
        "Trình đọc chưa được chứng minh trên hệ thống thật", ["Nội dung"], [[said] for said in annex.unproven]
    )
    yield from _block("Sự cố trong lúc thu thập", ["Nội dung"], [[said] for said in annex.incidents])
    if annex.changes is not None:
        yield from _changes(annex.changes)
    yield []
    yield ["Mã băm số liệu đầu vào (SHA-256)", annex.inputs_digest]


def _table(table: AnnexTable) -> Iterator[Sequence[str]]:
    yield [table.caption]
    yield [
        "STT",
        "Mã cơ quan",
        "Tên cơ quan",
        "Xếp hạng/Tổng điểm",
        "Mức",
        "Đo được",
        "Theo báo cáo",
        "Chưa xác định",
    ]
    for group in table.groups:
        yield [group.heading]
        for row in group.rows:
            yield [
                str(row.number),
                row.agency,
                row.name,
                row.cell,
                row.band,
                row.measured,
                row.claimed,
                row.open,
            ]
    yield ["Điểm trung bình", table.mean]
    for name, count, share in table.shares:
        yield ["Tỷ lệ", name, str(count), share]


def _changes(changes: VersionChanges) -> Iterator[Sequence[str]]:
    yield []
    yield [comparison_title(changes)]
    yield [comparison_said(changes)]
    yield ["Mã cơ quan", "Tên cơ quan", "Trước", "Sau", "Mã", "Thành phần", "Điểm trước", "Điểm sau", "Do"]
    for one in changes.changed:
        for cause in one.causes or (None,):
            told = ["", "", "", "", ""]
            if cause is not None:
                told = [cause.component, cause.title, cause.before, cause.after, cause.why]
            yield [one.agency, one.name, one.before, one.after, *told]


def _block(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    if not rows:
        return
    yield []
    yield [title]
    yield header
    yield from rows
