"""A score as a tree: points <- rule <- figure <- measurement <- what was seen <- records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from types import MappingProxyType
from typing import Final

from minhchung.evidence import EvidenceRecord, Locator, RecordId
from minhchung.index_set import Component, IndexSet
from minhchung.measurements import Input, Measurement, NotApplicable, Note, Unmeasured
from minhchung.rulings import Ruling
from minhchung.scores import Derivation, Figure, Score, Total
from minhchung.sightings import Witnessed
from minhchung.submissions import OwnerFigure, Proof, SubmittedFigure
from scoring.inputs import told
from scoring.numerals import comma, exact, percent, rounded
from scoring.unproven import NO_MARKS, Marks, sources_under
from scoring.wording import FINDINGS, GRADES, GROUNDS, ORIGINS, why_not_applicable, why_unmeasured

Records = Mapping[RecordId, EvidenceRecord]
Proofs = Mapping[RecordId, tuple[Proof, ...]]
"""By the record of the workbook that they came with."""

NO_PROOFS: Final[Proofs] = MappingProxyType({})

_NUMBER: Final = re.compile(r"\d+")


def derive(
    score: Score,
    index_set: IndexSet,
    records: Records,
    marks: Marks = NO_MARKS,
    proofs: Proofs = NO_PROOFS,
) -> Derivation:
    """Return how one component's points came about, down to the records.

    `marks` says of sources that nobody has proven their drivers; `proofs` are files handed in with workbooks.
    """
    component = index_set.component(score.component)
    places = index_set.component_decimals
    reached = rounded(score.low, places)
    if score.low != score.high:
        reached = f"từ {reached} đến {rounded(score.high, places)}"
    if not score.counts:
        reached = "không tính"
    text = f"{component.code} {component.title}: {reached} / {rounded(score.maximum, places)} điểm"
    return Derivation(
        text=text,
        children=(
            Derivation(text="Cách tính", children=tuple(Derivation(text=step) for step in score.steps)),
            *(Derivation(text=f"Lưu ý: {marks[key]}") for key in sources_under(score, records, marks)),
            _figure(score.figure, component, records, proofs),
        ),
    )


def derive_total(
    total: Total,
    name: str,
    index_set: IndexSet,
    records: Records,
    marks: Marks = NO_MARKS,
    proofs: Proofs = NO_PROOFS,
) -> Derivation:
    """Return how an agency's total came about: its main indices, their components, and so on down."""
    by_code = {score.component: score for score in total.scores}
    sums = {code: (low, high) for code, low, high in total.main_indices}
    published = comma(total.published_low)
    if total.published_low != total.published_high:
        published = f"từ {published} đến {comma(total.published_high)}"
    shares = total.coverage
    mains = []
    for main in index_set.main_index:
        low, high = sums[main.code]
        reached = exact(low) if low == high else f"từ {exact(low)} đến {exact(high)}"
        parts = tuple(
            derive(by_code[component.code], index_set, records, marks, proofs)
            for component in main.component
            if component.code in by_code
        )
        mains.append(Derivation(text=f"{main.code} {main.title}: {reached} điểm", children=parts))
    return Derivation(
        text=f"{name}: {published} / {comma(index_set.scale)} điểm",
        children=(
            Derivation(
                text=f"Căn cứ: đo được {percent(shares.measured)}, theo báo cáo {percent(shares.claimed)}, "
                f"chưa xác định {percent(shares.open)}"
            ),
            *_rescaling(total, index_set),
            *mains,
        ),
    )


def _rescaling(total: Total, index_set: IndexSet) -> Iterator[Derivation]:
    left_out = [score.component for score in total.scores if not score.counts]
    if not left_out:
        return
    countable = sum((score.maximum for score in total.scores if score.counts), start=total.low * 0)
    yield Derivation(
        text=f"Quy đổi: tổng điểm × {comma(index_set.scale)}/{exact(countable)}, "
        f"vì không tính {', '.join(left_out)}"
    )


def _figure(figure: Figure, component: Component, records: Records, proofs: Proofs) -> Derivation:
    children = [*_inputs(figure.inputs, component)]
    if figure.claim is not None:
        children.append(_claim(figure, figure.claim, component, records, proofs))
    children += [_owner(given, component, records) for given in figure.owner_figures]
    if figure.ruling is not None:
        children.append(_ruling(figure.ruling, records))
    if figure.sighting is not None:
        children.append(_sighting(figure.sighting, component, records))
    children += _result(figure, component, records)
    text = f"Số liệu: {GROUNDS[figure.ground]} ({GRADES[figure.grade]})"
    return Derivation(text=text, children=tuple(children))


def _inputs(inputs: Mapping[str, Input] | None, component: Component) -> Iterator[Derivation]:
    for spec in component.inputs:
        given = (inputs or {}).get(spec.name)
        if given is not None:
            value = told(component, spec.name, given.value)
            yield Derivation(text=f"{spec.title or spec.name} = {value} [{ORIGINS[given.origin]}]")


def _claim(
    figure: Figure, claim: SubmittedFigure, component: Component, records: Records, proofs: Proofs
) -> Derivation:
    values = "; ".join(
        f"{spec.title or spec.name} = {told(component, spec.name, claim.inputs[spec.name])}"
        for spec in component.inputs
        if spec.name in claim.inputs
    )
    proof = f"; minh chứng: {claim.proof}" if claim.proof else ""
    said = f"; {figure.difference}" if figure.difference else ""
    text = f"Tự báo cáo: {values}{proof} → {FINDINGS[figure.finding]}{said}"
    files = (
        Derivation(text=f"Minh chứng nộp kèm {each.name}: {each.words}", record=each.record)
        for each in proofs.get(claim.seen.record, ())
        if each.component == component.code
    )
    return Derivation(text=text, children=(*_leaves((claim.seen,), records), *files))


def _ruling(ruling: Ruling, records: Records) -> Derivation:
    second = f", đồng ký {ruling.countersigned_by}" if ruling.countersigned_by else ""
    number = f" {ruling.number}" if ruling.number else ""
    text = f"Kết luận thẩm định{number} ngày {ruling.day:%d/%m/%Y} ({ruling.by}{second}): {ruling.why}"
    seen = tuple(Locator(record=RecordId(record), path="") for record in ruling.records)
    return Derivation(text=text, children=tuple(_leaves(seen, records)))


def _sighting(seen: Witnessed, component: Component, records: Records) -> Derivation:
    begun, second = seen.sighting.begun, seen.second
    signed = f", đồng ký {second.by.name} ngày {second.day:%d/%m/%Y}" if second is not None else ""
    fault = seen.fault()
    values = "; ".join(
        f"{name} = {told(component, name, value)}" for name, value in seen.sighting.inputs.items()
    )
    text = (
        f"Quan sát trực tiếp ngày {seen.sighting.day:%d/%m/%Y} ({begun.by.name}{signed})"
        f"{f', không tính: {fault}' if fault else ''}: {values}"
    )
    pages = [record for page in seen.sighting.pages for record in (page.dom, page.picture) if record]
    named = filter(None, (seen.record, seen.second_record, *pages))
    of = tuple(Locator(record=RecordId(record)) for record in named)
    return Derivation(text=text, children=tuple(_leaves(of, records)))


def _owner(given: OwnerFigure, component: Component, records: Records) -> Derivation:
    value = f"{len(given.codes)} mã trong danh sách"
    if given.value is not None:
        value = told(component, given.input, given.value)
    title = next((spec.title for spec in component.inputs if spec.name == given.input), "") or given.input
    text = f"Chủ quản hệ thống ({given.owner}, {given.document}): {title} = {value}"
    return Derivation(text=text, children=tuple(_leaves((given.seen,), records)))


def _result(figure: Figure, component: Component, records: Records) -> Iterator[Derivation]:
    match figure.result:
        case Measurement() as found:
            yield _measurement(found, figure, component, records)
        case Unmeasured() as found:
            said = f"{why_unmeasured(found)}{_by(found.verifier)}"
            yield Derivation(
                text=said, children=(*_leaves(found.basis, records), *_notes(found.notes, records))
            )
        case NotApplicable() as found:
            said = f"{why_not_applicable(found)}{_by(found.verifier)}"
            yield Derivation(text=said, children=tuple(_leaves(found.basis, records)))
        case None:
            return


def _by(verifier: str) -> str:
    return f" [{verifier}]" if verifier else ""


def _measurement(found: Measurement, figure: Figure, component: Component, records: Records) -> Derivation:
    text = (
        f"Phép đo [{found.verifier}]: từ {found.window.first:%d/%m/%Y} đến {found.window.last:%d/%m/%Y}, "
        f"bao phủ {percent(found.coverage)}"
    )
    if found.bounded:
        text += ", phần chưa thấy không làm đổi điểm"
    children: list[Derivation] = []
    if figure.inputs is None:
        children += _inputs(found.inputs, component)
    children += _notes(found.notes, records)
    children += [
        replace(note, text=f"Câu hỏi cho thẩm định viên: {note.text}")
        for note in _notes(found.questions, records)
    ]
    seen = tuple(_leaves(found.basis, records))
    if seen:
        places = len(found.basis)
        children.append(Derivation(text=f"Đã thấy: {places} chỗ trong {len(seen)} bản ghi", children=seen))
    return Derivation(text=text, children=tuple(children))


def _notes(notes: Sequence[Note], records: Records) -> Iterator[Derivation]:
    for note in notes:
        yield Derivation(text=_counted(note), children=tuple(_leaves(note.basis, records)))


def derive_checks(notes: Sequence[Note], records: Records) -> Derivation:
    """Return what was found of a claim beside its figure; it moves no point by itself."""
    said = tuple(_notes(notes, records))
    return Derivation(text="Đối chiếu báo cáo với cổng (không tự trừ điểm)", children=said)


def _counted(note: Note) -> str:
    """Return the note with its count, unless its own words tell it already."""
    if note.count is None or str(note.count) in _NUMBER.findall(note.text):
        return note.text
    return f"{note.text} ({note.count})"


def _leaves(places: Sequence[Locator], records: Records) -> Iterator[Derivation]:
    """Yield one leaf a record, in the order first seen, with every place in it."""
    by_record: dict[RecordId, list[str]] = {}
    for place in places:
        where = place.path if place.span is None else f"{place.path}[{place.span[0]}:{place.span[1]}]"
        by_record.setdefault(place.record, []).append(where)
    for record, paths in by_record.items():
        said = "; ".join(dict.fromkeys(path for path in paths if path))
        yield Derivation(text=_record(record, said, records), record=record)


def _record(record: RecordId, paths: str, records: Records) -> str:
    held = records.get(record)
    if held is None:
        return f"{record} {paths}".strip()
    outcome = held.failure.value if held.failure is not None else f"sha256:{held.body_sha256}"
    at = held.captured_at.astimezone(UTC)
    line = f"{record} {outcome} {held.url} {at:%Y-%m-%dT%H:%M:%SZ}"
    if held.refers_to is not None:
        line += f" (không đổi, nội dung ở {held.refers_to})"
    return f"{line} {paths}".strip()


def as_text(tree: Derivation) -> str:
    """Return the tree as lines, two blanks a level, ended by a line feed."""
    return "".join(f"{line}\n" for line in _lines(tree, 0))


def _lines(tree: Derivation, depth: int) -> Iterator[str]:
    # Addresses and proofs were written by others: nothing in them may move a terminal's cursor.
    plain = "".join(c if c.isprintable() else " " for c in tree.text)
    yield f"{'  ' * depth}{' '.join(plain.split())}"
    for child in tree.children:
        yield from _lines(child, depth + 1)
