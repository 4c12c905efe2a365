"""The workbooks that agencies and owners of shared systems send in: XLSX, the same bytes every time.

An agency's workbook holds a claim for every component it has one for; the owners' hold the register of all
dossiers, the approved list of procedures for level 4, and the fee-bearing dossiers of those agencies whose
one-stop-shop does not hold fees.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from simulator.agencies import PROVINCE, Agency, agencies
from simulator.almanac import FIRST, LAST
from simulator.service_truth import INPUTS, service_truth
from simulator.services import PROVINCE_CODE, Book, books
from simulator.submitted import CHECKLISTS, Claims, Said, sent_on, submitted_claims

Cell = str | int | date | None

AGENCY_TEMPLATE: Final = "minhchung-tu-danh-gia/1"
OWNER_TEMPLATE: Final = "minhchung-chu-quan/1"
AGENCY_HEADER: Final = ("Mã", "Thành phần", "Mã số liệu", "Nội dung", "Giá trị", "Minh chứng")
OWNER_HEADER: Final = ("Mã cơ quan", "Mã", "Mã số liệu", "Giá trị", "Danh sách", "Định nghĩa")
_WRITTEN: Final = datetime(2021, 11, 1, 8, tzinfo=UTC)
_MAIN_INDICES: Final = {
    "HT": "Hạ tầng và nền tảng số",
    "HD": "Hoạt động chính quyền số",
    "AT": "An toàn, an ninh mạng",
    "NL": "Nguồn nhân lực",
    "TC": "Kiến tạo thể chế",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A body, not rated here, that supplies figures about the rated ones."""

    file_name: str
    name: str
    document: str
    rows: tuple[tuple[Cell, ...], ...]


def workbooks(seed: int, crawl_claims: Mapping[str, Claims], round_id: str = "2021") -> Mapping[str, bytes]:
    """Return every workbook by file name: the agencies' in the order of the cast, then the owners'.

    `crawl_claims` gives, by agency and component, what each one claims about its portal; numbers are "n" or
    "a/b", checklists are lists of item ids. The service components and the rest are added here.
    """
    made = {}
    for agency in agencies(seed):
        claims = {**all_claims(seed)[agency.code], **crawl_claims.get(agency.code, {})}
        made[f"tu-danh-gia-{agency.code}.xlsx"] = _agency_workbook(agency, claims, round_id, seed)
    for owner in owners(seed):
        made[owner.file_name] = _owner_workbook(owner)
    return made


def all_claims(seed: int) -> Mapping[str, Claims]:
    """Return what every agency claims about the components that no crawl looks at."""
    services = service_truth(seed)
    return {
        code: {**claims, **{c: e["claim"] for c, e in services[code].items() if e["claim"] is not None}}
        for code, claims in submitted_claims(seed).items()
    }


def owners(seed: int) -> tuple[Owner, ...]:
    """Return the three owners with their figures."""
    held = [(code, book) for code, book in books(seed).items() if book.procedures]
    register = [
        (
            code,
            "HD.14",
            INPUTS["HD.14"][1],
            book.register,
            None,
            "Mọi hồ sơ phát sinh, trong và ngoài hệ thống",
        )
        for code, book in held
        if not book.knows("no-register")
    ]
    eligible = [
        (code, "HD.17", INPUTS["HD.17"][1], None, _codes(book), "Thủ tục đủ điều kiện mức độ 4")
        for code, book in held
        if not book.knows("no-eligible-list")
    ]
    fees = [
        (code, "HD.21", INPUTS["HD.21"][1], book.fee_bearing, None, "Hồ sơ phát sinh phí, lệ phí")
        for code, book in held
        if book.knows("fees-unheld")
    ]
    return (
        Owner(
            file_name="chu-quan-so-theo-doi-ho-so.xlsx",
            name="Trung tâm Phục vụ hành chính công (mô phỏng)",
            document="Công văn 45/TTPVHCC ngày 03/11/2021 (mô phỏng)",
            rows=tuple(register),
        ),
        Owner(
            file_name="chu-quan-danh-muc-muc-do-4.xlsx",
            name=f"Văn phòng điều phối cải cách hành chính {PROVINCE}",
            document="Kế hoạch 99/KH-MP ngày 18/6/2021 (mô phỏng)",
            rows=tuple(eligible),
        ),
        Owner(
            file_name="chu-quan-ho-so-co-phi.xlsx",
            name="Kho bạc (mô phỏng)",
            document="Công văn 12/KB-MP ngày 03/11/2021 (mô phỏng)",
            rows=tuple(fees),
        ),
    )


def _codes(book: Book) -> str:
    """Return the approved list as printed: with the province's suffix, abolished procedures still on it."""
    return "; ".join(f"{p.code}.{PROVINCE_CODE}" for p in book.procedures if p.is_eligible)


# --- bytes --------------------------------------------------------------------------------------------


def _agency_workbook(agency: Agency, claims: Claims, round_id: str, seed: int) -> bytes:
    about: dict[str, Cell] = {
        "mau": AGENCY_TEMPLATE,
        "co_quan": agency.code,
        "ten_co_quan": agency.name,
        "dot": round_id,
        "ngay_gui": sent_on(agency, seed),
    }
    ordered = sorted(claims, key=_printed_order)
    rows = [row for component in ordered for row in _claim_rows(agency, component, claims[component])]
    return _written(about, "TuDanhGia", AGENCY_HEADER, rows)


def _owner_workbook(owner: Owner) -> bytes:
    about: dict[str, Cell] = {
        "mau": OWNER_TEMPLATE,
        "chu_quan": owner.name,
        "van_ban": owner.document,
        "tu_ngay": FIRST,
        "den_ngay": LAST,
    }
    return _written(about, "SoLieu", OWNER_HEADER, owner.rows)


def _printed_order(component: str) -> tuple[int, int]:
    main, _, number = component.partition(".")
    return list(_MAIN_INDICES).index(main), int(number)


def _claim_rows(agency: Agency, component: str, claim: Mapping[str, Said]) -> Iterator[tuple[Cell, ...]]:
    title = _MAIN_INDICES[component.partition(".")[0]]
    proof = f"Báo cáo tự đánh giá của {agency.name}, mục {component} (mô phỏng)"
    for name, value in claim.items():
        if component in CHECKLISTS:
            claimed = () if isinstance(value, str | bool | date) else tuple(value)
            for item in CHECKLISTS[component][1]:
                answer = "có" if item in claimed else "không"
                yield component, title, f"{name}.{item}", item, answer, proof
        else:
            yield component, title, name, name, _cell(value), proof


def _cell(value: Said) -> Cell:
    """Return the cell of a claim: whole numbers and short decimals as numbers, other ratios as written."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return value
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() else text


def _written(
    about: Mapping[str, Cell], sheet: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        book.set_properties({"author": "mô phỏng", "created": _WRITTEN})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        bold = book.add_format({"bold": True})
        told, table = book.add_worksheet("ThongTin"), book.add_worksheet(sheet)
        told.set_column(0, 1, 28)
        table.set_column(0, len(header) - 1, 24)
        grid: list[tuple[Worksheet, int, Sequence[Cell]]] = [
            (told, n, pair) for n, pair in enumerate(about.items())
        ]
        grid += [(table, n + 1, row) for n, row in enumerate(rows)]
        table.write_row(0, 0, header, bold)
        for where, line, cells in grid:
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    where.write_datetime(line, column, cell, day)
                elif cell is not None:
                    where.write(line, column, cell)
    return out.getvalue()
