"""Reads the workbooks in which agencies report and owners of shared systems supply figures.

Whatever cannot be understood is refused as a whole with one sentence that names file, sheet, cell and remedy:
half a workbook is never imported. The format is in docs/reference/submissions.md.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from collectors.claims import Expected, expectations, read_day, read_number, read_value
from collectors.sheets import Row, Value, read_sheets, refuse
from collectors.template import AGENCY_HEADER, AGENCY_TEMPLATE, FACTS, OWNER_HEADER, OWNER_TEMPLATE, TABLE
from minhchung import measurements
from minhchung.agencies import PROVINCE, Agency
from minhchung.bodies import meant
from minhchung.errors import SubmissionError
from minhchung.evidence import AgencyCode, Locator, RecordId
from minhchung.index_set import Component, IndexSet
from minhchung.measurements import Origin
from minhchung.submissions import OwnerFigure, Submission, SubmittedFigure
from minhchung.text_keys import k2

OWNER_TABLE: Final = "SoLieu"
_MAX_CODES: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """What every part of the reading needs to know of the workbook."""

    file: str
    facts: Mapping[str, tuple[int, Value]]
    index_set: IndexSet
    own_sets: Mapping[str, IndexSet]
    agencies: Mapping[str, Agency]
    record: RecordId

    def set_of(self, agency: AgencyCode) -> IndexSet:
        """Return the index set that scores an agency: its bloc's own, else the round's."""
        return self.own_sets.get(self.agencies[agency].bloc, self.index_set)

    def fault(self, where: str, fault: str, remedy: str) -> SubmissionError:
        """Return an error about this workbook."""
        return refuse(self.file, where, fault, remedy)

    def fact(self, key: str) -> tuple[str, str]:
        """Return (text, cell) of a required fact; a missing one raises SubmissionError."""
        number, value = self.facts.get(key, (0, None))
        if value is None:
            raise self.fault(FACTS, f"thiếu mục {key!r}", f"điền {key!r} ở cột A và giá trị ở cột B")
        where = f"{FACTS}!B{number}"
        if isinstance(value, Fraction) and value.denominator == 1:
            value = str(value)  # a round's id such as 2021 is typed as a number
        if not isinstance(value, str):
            raise self.fault(where, f"mục {key!r} phải là chữ", "nhập lại dạng chữ")
        return value, where

    def day(self, key: str) -> date:
        """Return a required day."""
        number, value = self.facts.get(key, (0, None))
        if value is None:
            raise self.fault(FACTS, f"thiếu mục {key!r}", f"điền {key!r} ở cột A và ngày ở cột B")
        return read_day(value, self.file, f"{FACTS}!B{number}")


def read_workbook(
    data: bytes,
    file_name: str,
    index_set: IndexSet,
    agencies: Iterable[Agency],
    round_id: str,
    record: RecordId,
    imported_at: datetime,
    own_sets: Mapping[str, IndexSet] = MappingProxyType({}),
) -> Submission:
    """Return what a workbook says; `record` is the sealed workbook itself. Raises SubmissionError.

    `own_sets`, by bloc, go before the round's index set.
    """
    file = _shown_name(file_name)
    columns = {FACTS: 2, TABLE: len(AGENCY_HEADER), OWNER_TABLE: len(OWNER_HEADER)}
    sheets = read_sheets(data, file, columns)
    letter = _Letter(
        file=file,
        facts=_facts(sheets, file),
        index_set=index_set,
        own_sets=own_sets,
        agencies={str(agency.code): agency for agency in agencies},
        record=record,
    )
    template, where = letter.fact("mau")
    digest = hashlib.sha256(data).hexdigest()
    if template == AGENCY_TEMPLATE:
        agency = _sender(letter, round_id)
        figures = tuple(_claims(letter, agency, _table(sheets, letter, TABLE, AGENCY_HEADER)))
        if not figures:
            raise letter.fault(TABLE, "chưa có số liệu nào được điền đủ", "điền cột Giá trị rồi gửi lại")
        return Submission(
            record=record,
            sha256=digest,
            agency=agency,
            file_name=file,
            imported_at=imported_at,
            sent_on=letter.day("ngay_gui")
            if letter.facts.get("ngay_gui", (0, None))[1] is not None
            else None,
            figures=figures,
        )
    if template == OWNER_TEMPLATE:
        rows = _table(sheets, letter, OWNER_TABLE, OWNER_HEADER)
        return Submission(
            record=record,
            sha256=digest,
            agency=PROVINCE,
            file_name=file,
            imported_at=imported_at,
            sent_on=None,
            owner_figures=tuple(_owner_figures(letter, rows)),
        )
    fault = f"mẫu {template[:60]!r} không phải {AGENCY_TEMPLATE!r} hay {OWNER_TEMPLATE!r}"
    raise letter.fault(where, fault, "tải biểu mẫu đang dùng rồi chép số liệu sang")


# --- what both kinds share ----------------------------------------------------------------------------


def _shown_name(name: str) -> str:
    """Return a file name fit to be shown and kept: no folders, no control characters, not endless."""
    bare = PurePath(name.replace("\\", "/")).name
    kept = "".join(c for c in bare if unicodedata.category(c)[0] != "C")
    return unicodedata.normalize("NFC", kept)[:200] or "workbook.xlsx"


def _facts(sheets: Mapping[str, Sequence[Row]], file: str) -> Mapping[str, tuple[int, Value]]:
    if FACTS not in sheets:
        raise refuse(
            file, "tệp", f"không có trang tính {FACTS!r}", "dùng biểu mẫu đang dùng, giữ tên trang tính"
        )
    found: dict[str, tuple[int, Value]] = {}
    for row in sheets[FACTS]:
        key = row.cell(0)
        if not isinstance(key, str):
            continue
        if key in found:
            raise refuse(file, f"{FACTS}!A{row.number}", f"mục {key!r} lặp lại", "xóa một trong hai dòng")
        found[key] = (row.number, row.cell(1))
    return found


def _table(
    sheets: Mapping[str, Sequence[Row]], letter: _Letter, name: str, header: Sequence[str]
) -> Sequence[Row]:
    """Return the rows under the header, which must stand as it was given out."""
    if name not in sheets:
        raise letter.fault(
            "tệp", f"không có trang tính {name!r}", "dùng biểu mẫu đang dùng, giữ tên trang tính"
        )
    rows = sheets[name]
    if not rows or rows[0].number != 1 or rows[0].cells != tuple(header):
        raise letter.fault(
            f"{name}!A1", f"dòng đầu phải là: {' | '.join(header)}", "giữ nguyên dòng tiêu đề của biểu mẫu"
        )
    return rows[1:]


def _agency(letter: _Letter, code: str, where: str) -> AgencyCode:
    if code in letter.agencies:
        return letter.agencies[code].code
    near = [each for each in letter.agencies if k2(code)[:5] == k2(each)[:5]] or list(letter.agencies)
    raise letter.fault(where, f"không có cơ quan mã {code[:60]!r}", f"dùng mã như {', '.join(near[:3])}")


def _component(letter: _Letter, agency: AgencyCode, row: Row, column: int, where: str) -> Component:
    code = row.cell(column)
    try:
        return letter.set_of(agency).component(code if isinstance(code, str) else "")
    except KeyError:
        shown = str(code)[:60] if code is not None else "(trống)"
        raise letter.fault(
            where, f"không có chỉ số thành phần mã {shown!r}", "giữ nguyên cột Mã của biểu mẫu"
        ) from None


def _word(letter: _Letter, row: Row, column: int, where: str, what: str) -> str:
    value = row.cell(column)
    if not isinstance(value, str):
        raise letter.fault(where, f"thiếu {what} hoặc không phải chữ", f"giữ nguyên cột {what} của biểu mẫu")
    return value


# --- an agency's workbook -----------------------------------------------------------------------------


def _sender(letter: _Letter, round_id: str) -> AgencyCode:
    code, where = letter.fact("co_quan")
    agency = _agency(letter, code, where)
    named, where = letter.fact("dot")
    if named != round_id:
        raise letter.fault(
            where, f"đợt {named[:60]!r} không phải đợt {round_id!r}", "dùng biểu mẫu của đợt này"
        )
    return agency


def _claims(letter: _Letter, agency: AgencyCode, rows: Sequence[Row]) -> Iterator[SubmittedFigure]:
    """Yield a claim for every component whose inputs are all given."""
    given: dict[str, dict[str, tuple[int, Value]]] = {}
    proofs: dict[str, dict[str, None]] = {}
    for row in rows:
        component = _component(letter, agency, row, 0, f"{TABLE}!A{row.number}")
        name = _word(letter, row, 2, f"{TABLE}!C{row.number}", "Mã số liệu")
        if name not in expectations(component):
            known = ", ".join(list(expectations(component))[:6])
            raise letter.fault(
                f"{TABLE}!C{row.number}",
                f"{component.code} không có mã số liệu {name[:60]!r}",
                f"dùng: {known}",
            )
        mine = given.setdefault(component.code, {})
        if name in mine:
            raise letter.fault(
                f"{TABLE}!C{row.number}",
                f"{component.code} {name} đã có ở dòng {mine[name][0]}",
                "xóa một trong hai dòng",
            )
        mine[name] = (row.number, row.cell(4))
        if isinstance(proof := row.cell(5), str):
            proofs.setdefault(component.code, {})[proof] = None
    for component in letter.set_of(agency).components():
        claim = _claim(letter, component, given.get(component.code, {}))
        if claim is not None:
            first, inputs = claim
            yield SubmittedFigure(
                agency=agency,
                component=component.code,
                inputs=inputs,
                proof="; ".join(proofs.get(component.code, {})),
                seen=Locator(record=letter.record, path=f"{TABLE}!E{first}"),
            )


def _claim(
    letter: _Letter, component: Component, given: Mapping[str, tuple[int, Value]]
) -> tuple[int, Mapping[str, measurements.Value]] | None:
    """Return (first row, inputs) of a component, None when any input was left empty."""
    inputs: dict[str, measurements.Value] = {}
    claimed: dict[str, set[str]] = {}
    filled: list[int] = []
    for name, expected in expectations(component).items():
        number, value = given.get(name, (0, None))
        if value is None:
            continue
        filled.append(number)
        read = read_value(value, expected, letter.file, f"{TABLE}!E{number}")
        if expected.item:
            met = claimed.setdefault(expected.input, set())
            met |= {expected.item} if read is True else set()
        else:
            inputs[name] = read
    inputs |= {name: frozenset(items) for name, items in claimed.items()}
    return (min(filled), inputs) if inputs.keys() == {spec.name for spec in component.inputs} else None


# --- an owner's workbook ------------------------------------------------------------------------------


def _owner_figures(letter: _Letter, rows: Sequence[Row]) -> Iterator[OwnerFigure]:
    owner, _ = letter.fact("chu_quan")
    body = letter.agencies.get(owner) or meant(owner, letter.agencies.values())
    document, _ = letter.fact("van_ban")
    first, last = letter.day("tu_ngay"), letter.day("den_ngay")
    if last < first:
        raise letter.fault(FACTS, f"den_ngay {last} trước tu_ngay {first}", "sửa lại hai ngày")
    met: dict[tuple[str, str, str], int] = {}
    for row in rows:
        code = _word(letter, row, 0, f"{OWNER_TABLE}!A{row.number}", "Mã cơ quan")
        agency = _agency(letter, code, f"{OWNER_TABLE}!A{row.number}")
        component = _component(letter, agency, row, 1, f"{OWNER_TABLE}!B{row.number}")
        expected = _owned(letter, component, row)
        key = (agency, component.code, expected.input)
        if key in met:
            raise letter.fault(
                f"{OWNER_TABLE}!C{row.number}",
                f"{' '.join(key)} đã có ở dòng {met[key]}",
                "xóa một trong hai dòng",
            )
        met[key] = row.number
        value, codes = _supplied(letter, row)
        definition = row.cell(5)
        yield OwnerFigure(
            agency=agency,
            component=component.code,
            input=expected.input,
            value=value,
            codes=codes,
            owner=body.code if body is not None else owner,
            document=document,
            first=first,
            last=last,
            definition=definition if isinstance(definition, str) else "",
            seen=Locator(record=letter.record, path=f"{OWNER_TABLE}!D{row.number}"),
        )
    if not met:
        raise letter.fault(OWNER_TABLE, "chưa có số liệu nào", "điền ít nhất một dòng rồi gửi lại")


def _owned(letter: _Letter, component: Component, row: Row) -> Expected:
    where = f"{OWNER_TABLE}!C{row.number}"
    name = _word(letter, row, 2, where, "Mã số liệu")
    owned = {spec.name for spec in component.inputs if Origin.OWNER in spec.origins}
    expected = expectations(component).get(name)
    if expected is None or name not in owned:
        known = ", ".join(sorted(owned)) or "không có"
        raise letter.fault(
            where,
            f"{component.code} không nhận {name[:60]!r} từ đơn vị chủ quản",
            f"số liệu nhận được: {known}",
        )
    return expected


def _supplied(letter: _Letter, row: Row) -> tuple[Fraction | None, tuple[str, ...]]:
    """Return the number and the list of an owner's row; at least one of them is given."""
    number, listed = row.cell(3), row.cell(4)
    value = None
    if number is not None:
        value = read_number(number, letter.file, f"{OWNER_TABLE}!D{row.number}")
    where = f"{OWNER_TABLE}!E{row.number}"
    if listed is not None and not isinstance(listed, str):
        raise letter.fault(where, "danh sách phải là chữ", "nhập các mã cách nhau bằng dấu chấm phẩy")
    parts = (listed or "").replace("\n", ";").split(";")
    codes = tuple(dict.fromkeys(code for part in parts if (code := part.strip())))
    if len(codes) > _MAX_CODES or any(len(code) > 60 or " " in code for code in codes):
        raise letter.fault(
            where, "danh sách có mã không hợp lệ hoặc quá dài", "mỗi mã cách nhau bằng dấu chấm phẩy"
        )
    if value is None and not codes:
        raise letter.fault(where, "không có giá trị, cũng không có danh sách", "điền một trong hai cột")
    return value, codes
