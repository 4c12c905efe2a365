"""The sheet on which a person labels a sample: claims and where to look, never what was found or scored."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from xlsxwriter import Workbook

from collectors.sheets import Row, read_sheets, refuse
from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.evidence import EvidenceRecord, RecordId
from minhchung.index_set import Component
from minhchung.labels import Drawn, Label, LabelDraw, Labels
from minhchung.scores import Figure
from scoring.inputs import told
from scoring.numerals import comma
from service.labelling import labelled, order_for, register, slip
from service.standings import Concluded
from storage.store import Store

FACTS: Final = "ThongTin"
TABLE: Final = "GanNhan"
TEMPLATE: Final = "minhchung-gan-nhan/1"
HEADER: Final = (
    "Phiếu",
    "Cơ quan",
    "Thành phần",
    "Số tự báo cáo",
    "Dung sai",
    "Minh chứng cơ quan nêu",
    "Nơi xem",
    "Kết luận",
    "Ghi chú",
)
WORDS: Final[Mapping[str, Label]] = {
    "khai vượt": "exceeds",
    "không vượt": "holds",
    "không rõ": "unclear",
}
MOST_PLACES: Final = 15
"""Addresses named on one line."""

_WIDTHS: Final = (15, 26, 34, 44, 9, 30, 60, 14, 30)
_OURS: Final = "dùng tệp do `accuracy field draw` ghi"
_ANSWER: Final = HEADER.index("Kết luận")
_STEPS: Final = (
    "Làm một mình; không trao đổi với người gán nhãn thứ hai cho đến khi cả hai đã nộp.",
    "Mỗi phiếu: mở nơi xem, đếm hoặc xem như thành phần yêu cầu, so với số tự báo cáo.",
    "Kết luận: 'khai vượt' khi số tự báo cáo có lợi cho cơ quan quá dung sai; 'không vượt' khi không; "
    "'không rõ' khi nơi xem không cho biết.",
    "Không để trống dòng nào; không sửa cột Phiếu.",
)


def write_sheet(draw: LabelDraw, record: RecordId, person: str, concluded: Concluded) -> bytes:
    """Return the workbook of one person, its lines in an order of their own; equal draws give equal bytes."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        book.set_properties({"title": "Gán nhãn", "created": datetime.combine(draw.day, time(), tzinfo=UTC)})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        facts = book.add_worksheet(FACTS)
        facts.set_column(0, 0, 12)
        facts.set_column(1, 1, 100)
        lines = [("mau", TEMPLATE), ("ban_rut", record), ("nguoi", person), ("dot", draw.round)]
        lines += [(f"buoc_{n}", text) for n, text in enumerate(_STEPS, start=1)]
        for number, line in enumerate(lines):
            for column, text in enumerate(line):
                facts.write_string(number, column, text, bold if column == 0 else wrapped)
        table = book.add_worksheet(TABLE)
        for column, (title, width) in enumerate(zip(HEADER, _WIDTHS, strict=True)):
            table.set_column(column, column, width)
            table.write_string(0, column, title, bold)
        for number, place in enumerate(order_for(draw, person), start=1):
            _write_line(
                table, number, [slip(draw, person, place), *_line(draw.items[place], concluded)], wrapped
            )
        table.data_validation(
            1, _ANSWER, len(draw.items), _ANSWER, {"validate": "list", "source": list(WORDS)}
        )
        table.freeze_panes(1, 1)
    return out.getvalue()


def _write_line(table: Any, number: int, cells: list[str], look: Any) -> None:
    for column, text in enumerate([*cells, "", ""]):
        table.write_string(number, column, text, look)


def _line(item: Drawn, concluded: Concluded) -> Iterator[str]:
    figure = concluded.score(item.agency, item.component).figure
    index_set = concluded.set_of(concluded.place(item.agency).total.bloc)
    component = index_set.component(item.component)
    yield concluded.names()[item.agency]
    yield f"{component.code} {component.title}\n{component.method}".strip()
    yield _claimed(figure, component)
    yield comma(component.tolerance)
    yield figure.claim.proof if figure.claim is not None else ""
    yield "\n".join(_places(figure, concluded.records))


def _claimed(figure: Figure, component: Component) -> str:
    claim = figure.claim.inputs if figure.claim is not None else {}
    return "; ".join(
        f"{spec.title or spec.name} = {told(component, spec.name, claim[spec.name])}"
        for spec in component.inputs
        if spec.name in claim
    )


def _places(figure: Figure, records: Mapping[RecordId, EvidenceRecord]) -> Iterator[str]:
    """Yield addresses in alphabetical order, so that nothing tells which of them were counted first."""
    basis = figure.result.basis if figure.result is not None else ()
    seen = sorted({records[place.record].url for place in basis if place.record in records})
    yield from seen[:MOST_PLACES]
    if len(seen) > MOST_PLACES:
        yield f"… và {len(seen) - MOST_PLACES} địa chỉ nữa"


def read_sheet(data: bytes, file: str) -> tuple[RecordId, str, Mapping[str, Label]]:
    """Return the draw's record, the person and the labels by slip; raises SubmissionError, by line."""
    sheets = read_sheets(data, file, {FACTS: 2, TABLE: len(HEADER)})
    absent = [name for name in (FACTS, TABLE) if name not in sheets]
    if absent:
        raise refuse(file, absent[0], "không có trang tính này", _OURS)
    facts = {str(row.cell(0)): str(row.cell(1) or "") for row in sheets[FACTS]}
    if facts.get("mau") != TEMPLATE:
        raise refuse(
            file, f"{FACTS}, mau", "không phải phiếu gán nhãn", "dùng tệp do `accuracy field draw` ghi"
        )
    found: dict[str, Label] = {}
    for row in sheets[TABLE][1:]:
        name, label = _labelled(row, file)
        if name in found:
            raise refuse(file, f"{TABLE}, dòng {row.number}", f"phiếu {name} có hai dòng", "xóa dòng thừa")
        found[name] = label
    return RecordId(facts.get("ban_rut", "")), facts.get("nguoi", ""), found


def _labelled(row: Row, file: str) -> tuple[str, Label]:
    where, said = f"{TABLE}, dòng {row.number}", row.cell(_ANSWER)
    label = WORDS.get(" ".join(said.casefold().split())) if isinstance(said, str) else None
    if label is None:
        listed = ", ".join(f"'{word}'" for word in WORDS)
        raise refuse(file, where, "chưa có kết luận hoặc kết luận lạ", f"ghi một trong: {listed}")
    return str(row.cell(0) or ""), label


def in_order(draw: LabelDraw, person: str, said: Mapping[str, Label], file: str) -> tuple[Label, ...]:
    """Return one person's labels in the order of the draw; raises SubmissionError for a sheet not whole."""
    slips = [slip(draw, person, place) for place in range(len(draw.items))]
    missing, strange = [each for each in slips if each not in said], sorted(set(said) - set(slips))
    if missing or strange:
        fault = f"thiếu {len(missing)} phiếu, lạ {len(strange)} phiếu ({', '.join([*missing, *strange][:3])})"
        raise refuse(file, TABLE, fault, "gửi đủ mọi dòng của đúng phiếu đã giao")
    return tuple(said[each] for each in slips)


def register_sheet(store: Store, clock: Clock, path: Path) -> tuple[str, bool]:
    """Register a labelled sheet; returns whose it is and if it is new. Raises SubmissionError, UsageError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); check path and rights") from error
    record, person, said = read_sheet(data, path.name)
    found = next((each for each in labelled(store) if each.record == record), None)
    if found is None or person not in found.draw.people:
        raise refuse(
            path.name, FACTS, "không thuộc bản rút nào ở đây", "dùng tệp do `accuracy field draw` ghi"
        )
    labels = Labels(
        draw=record,
        by=person,
        sheet_sha256=sha256(data).hexdigest(),
        labels=in_order(found.draw, person, said, path.name),
    )
    return person, register(store, clock, labels)
