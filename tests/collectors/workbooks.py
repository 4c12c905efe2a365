"""Workbooks for tests of submissions: a small index set, rows, and how they are read or refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from collectors.submissions import read_workbook
from collectors.template import AGENCY_HEADER, AGENCY_TEMPLATE, OWNER_HEADER, OWNER_TEMPLATE
from minhchung.agencies import Agency, Bloc
from minhchung.errors import SubmissionError
from minhchung.evidence import AgencyCode, RecordId
from minhchung.index_set import ChecklistItem, Component, Formula, IndexSet, InputSpec, MainIndex
from minhchung.measurements import Origin
from minhchung.periods import Period
from minhchung.rounds import Band, Round
from minhchung.submissions import Submission

RECORD = RecordId("urn:uuid:00000000-0000-0000-0000-000000000007")
AT = datetime(2021, 11, 1, 3, 0, tzinfo=UTC)
SUBMITTED, OWNED = (Origin.SUBMITTED,), (Origin.OWNER, Origin.SUBMITTED)


def component(code: str, formula: Formula, *inputs: InputSpec) -> Component:
    return Component(
        code=code,
        title=f"Thành phần {code}",
        points=Decimal(2),
        kind="submitted_proof",
        formula=formula,
        inputs=inputs,
    )


RATIO = component(
    "HT.1",
    Formula(type="ratio"),
    InputSpec(role="num", name="may", origins=SUBMITTED, title="Số máy"),
    InputSpec(role="den", name="nguoi", origins=OWNED, title="Số người"),
)
YES_NO = component(
    "HT.3", Formula(type="boolean"), InputSpec(role="value", name="co_hop", origins=SUBMITTED, title="Có họp")
)
CHECKLIST = component(
    "HT.5",
    Formula(
        type="checklist",
        items=(
            ChecklistItem(id="qlvb", points=Decimal(1), name="Quản lý văn bản"),
            ChecklistItem(id="mcdt", points=Decimal(1)),
        ),
    ),
    InputSpec(role="items", name="he_thong", origins=SUBMITTED),
)
CHOICE = component(
    "NL.1",
    Formula(
        type="choice",
        options=(
            ChecklistItem(id="phu_trach", points=Decimal(1), name="Phụ trách"),
            ChecklistItem(id="khong", points=Decimal(0), name="Không"),
        ),
    ),
    InputSpec(role="value", name="can_bo", origins=SUBMITTED),
)
DEADLINE = component(
    "TC.2",
    Formula(type="deadline_steps", thresholds=((Decimal(0), Decimal(2)),)),
    InputSpec(role="date", name="ngay", origins=SUBMITTED),
    InputSpec(role="due", name="han", origins=SUBMITTED),
)
SET = IndexSet(
    id="thu",
    title="=Bộ chỉ số thử nghiệm",
    status="reconstruction",
    warning="Bản tái dựng, không phải văn bản.",
    scale=Decimal(10),
    main_index=(
        MainIndex(
            code="HT",
            title="Hạ tầng",
            points=Decimal(10),
            component=(RATIO, YES_NO, CHECKLIST, CHOICE, DEADLINE),
        ),
    ),
)
ROUND = Round(
    id="2021",
    title="Đợt thử",
    index_set="thu",
    registry="thu",
    period=Period(date(2020, 11, 1), date(2021, 10, 31)),
    freeze=date(2021, 11, 10),
    blocs=(Bloc(code="provincial", name="Sở"),),
    bands=(Band(code="tot", name="Tốt", min=Decimal(85)),),
    report_due=date(2021, 10, 30),
)
AGENCIES = (
    Agency(code=AgencyCode("so-xay-dung"), name="Sở Xây dựng", bloc="provincial"),
    Agency(code=AgencyCode("so-y-te"), name="Sở Y tế", bloc="provincial"),
)

FACTS: Sequence[tuple[Any, ...]] = (
    ("mau", AGENCY_TEMPLATE),
    ("co_quan", "so-y-te"),
    ("dot", "2021"),
    ("ngay_gui", date(2021, 10, 28)),
)
OWNER_FACTS: Sequence[tuple[Any, ...]] = (
    ("mau", OWNER_TEMPLATE),
    ("chu_quan", "Trung tâm Phục vụ hành chính công"),
    ("van_ban", "45/TTPVHCC ngày 03/11/2021"),
    ("tu_ngay", date(2020, 11, 1)),
    ("den_ngay", "2021-10-31"),
)


def row(code: Any, name: Any, value: Any, proof: Any = None) -> tuple[Any, ...]:
    return code, "", name, "", value, proof


def workbook(pages: dict[str, Iterable[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in pages.items():
        sheet = book.create_sheet(title)
        for cells in rows:
            sheet.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(*rows: Sequence[Any], facts: Sequence[Sequence[Any]] = FACTS) -> bytes:
    return workbook({"ThongTin": facts, "TuDanhGia": [AGENCY_HEADER, *rows]})


def owned(*rows: Sequence[Any], facts: Sequence[Sequence[Any]] = OWNER_FACTS) -> bytes:
    return workbook({"ThongTin": facts, "SoLieu": [OWNER_HEADER, *rows]})


def read(data: bytes, name: str = "bao-cao.xlsx") -> Submission:
    return read_workbook(data, name, SET, AGENCIES, "2021", RECORD, AT)


def refusal(data: bytes) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(data)
    text = str(caught.value)
    assert text.startswith("bao-cao.xlsx: ")
    assert "\n" not in text
    assert caught.value.remedy
    return text


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return the workbook with bytes of one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for info in source.infolist():
            body = source.read(info)
            if info.filename == part:
                assert old in body
                body = body.replace(old, new)
            made.writestr(info.filename, body)
    return out.getvalue()


GOOD = sent(row("HT.3", "co_hop", "có"))
