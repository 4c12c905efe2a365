"""How right the product is, as a table on a terminal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from rich.table import Table

from scoring.numerals import percent
from service.session import Language, show, write

_HEADINGS: Final = (
    "Mã|Bộ kiểm chứng|Cơ quan|Quy kết đúng|Quy kết sai|Quy kết sót|Độ chính xác|Độ đầy đủ|"
    "Đầu vào đúng hệt|Đo được mà bỏ trống|Không đo được mà đo|Khác",
    "Code|Verifier|Agencies|Rightly accused|Wrongly accused|Missed|Precision|Recall|"
    "Exact inputs|Left out, could be measured|Measured, could not be|Other",
)
_RATIOS: Final = (6, 7, 8)
"""Columns that hold a ratio: its counts stay on one line."""


def show_accuracy(told: dict[str, Any], lang: Language) -> None:
    """Print a line for each verifier, their total, and whether a second conclusion was equal."""
    english = lang == "en"
    write(("MÔ PHỎNG: không phải số liệu thật.", "SIMULATED: no real figures.")[english])
    table = Table(show_edge=False)
    for n, heading in enumerate(_HEADINGS[english].split("|")):
        ratio = 9 if n in _RATIOS else None
        table.add_column(heading, justify="left" if n < 2 else "right", no_wrap=n < 2, min_width=ratio)
    for row in told["verifiers"]:
        table.add_row(row["component"], row["verifier"], *_cells(row, lang))
    whole = ("Tất cả", "All")[english]
    table.add_row(whole, "", *_cells(told["total"], lang))
    show(table)
    if told["roles"]:
        _show_roles(told["roles"], lang)
    write(_repeated(told, lang))


_ROLES: Final = {"gamer": ("Lách", "Gamer"), "look-alike": ("Giống mà ngay tình", "Look-alike")}
_ROLE_HEADINGS: Final = (
    "Loại|Làm gì|Cơ quan|Quy kết đúng|Quy kết sai|Quy kết sót|Nêu câu hỏi|Để mở",
    "Role|What it does|Agencies|Rightly accused|Wrongly accused|Missed|Asked about|Left open",
)
_ROLE_COUNTS: Final = (
    "agencies",
    "true_accusations",
    "false_accusations",
    "missed_accusations",
    "asked",
    "held",
)


def _show_roles(rows: list[dict[str, Any]], lang: Language) -> None:
    """Print a line for each way of gaming and of looking so, and how many agencies there are of each."""
    english = lang == "en"
    table = Table(show_edge=False)
    for n, heading in enumerate(_ROLE_HEADINGS[english].split("|")):
        table.add_column(heading, justify="left" if n < 2 else "right")
    for row in rows:
        counts = (str(row[count]) for count in _ROLE_COUNTS)
        table.add_row(_ROLES[row["role"]][english], "; ".join(row["plays"]), *counts)
    show(table)
    for role, names in _ROLES.items():
        mine = [row for row in rows if row["role"] == role]
        agencies, kinds = sum(row["agencies"] for row in mine), len(mine)
        said = (f"{agencies} cơ quan, {kinds} kiểu", f"agencies: {agencies}, kinds: {kinds}")[english]
        write(f"{names[english]}: {said}")


def _cells(row: dict[str, Any], lang: Language) -> list[str]:
    return [
        str(row["agencies"]),
        str(row["true_accusations"]),
        str(row["false_accusations"]),
        str(row["missed_accusations"]),
        ratio_text(row["precision"], lang),
        ratio_text(row["recall"], lang),
        ratio_text(row["exact"], lang),
        str(row["unmeasured_though_measurable"]),
        str(row["measured_though_unmeasurable"]),
        str(row["other_findings"] + row["other_reasons"]),
    ]


def ratio_text(ratio: dict[str, Any], lang: Language) -> str:
    """Return a ratio as percent with its counts; of no case it is not divided."""
    if not ratio["of"]:
        return ("không có trường hợp", "no case")[lang == "en"]
    return f"{percent(Fraction(ratio['count'], ratio['of']))} ({ratio['count']}/{ratio['of']})"


def _repeated(told: dict[str, Any], lang: Language) -> str:
    english = lang == "en"
    before = ("Kết luận hai lần trên cùng minh chứng", "Concluded twice on the same evidence")[english]
    first, second = told["digests"]
    if told["repeatable"]:
        return f"{before}: {('bằng nhau', 'equal')[english]} (SHA-256 {first})."
    differ = ", ".join(row["component"] for row in told["verifiers"] if not row["repeatable"])
    return f"{before}: {('KHÁC nhau', 'NOT equal')[english]} (SHA-256 {first}, {second}): {differ or '–'}."
