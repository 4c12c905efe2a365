"""What proves when a document was posted: the captures that bound it, for who disputes a deadline (G8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from minhchung.evidence import Locator
from minhchung.measurements import Note
from minhchung.periods import WorkCalendar, local_day
from verifiers.captures import History
from verifiers.documents import Document
from verifiers.publication import first_sight

MOST: Final = 20
"""Late documents told one by one; the note of their number names the places of all."""


def late_documents(
    documents: Sequence[Document],
    lists: Mapping[str, History],
    calendar: WorkCalendar,
    working_days: int,
) -> Iterator[Note]:
    """Yield for each late document its deadline and the interval of its posting, with both captures."""
    for document in documents[:MOST]:
        item, issued = document.item, document.item.issued
        if issued is None:
            continue
        due = calendar.add_working_days(issued, working_days)
        named = item.number or item.title
        text = f"{named}: ban hành {issued:%d/%m/%Y}, hạn {due:%d/%m/%Y}, {_interval(document, lists)}."
        yield Note(key="late-document", text=text, basis=tuple(_places(document, lists)))


def _interval(document: Document, lists: Mapping[str, History]) -> str:
    lacked, first = first_sight(document.item, lists)
    printed = document.item.published
    said = f"in ngày đăng {printed:%d/%m/%Y}" if printed is not None else "không in ngày đăng"
    if first is None:
        return said
    left = f"sau {local_day(lacked.captured_at):%d/%m/%Y}" if lacked is not None else "chưa rõ từ ngày nào"
    return f"{said}; theo lượt thu thập: {left}, chậm nhất {local_day(first.captured_at):%d/%m/%Y}"


def _places(document: Document, lists: Mapping[str, History]) -> Iterator[Locator]:
    yield document.item.where("issued")
    yield document.item.where("published")
    for capture in first_sight(document.item, lists):
        if capture is not None:
            yield capture.seen


def read_lists(lists: Mapping[str, History]) -> Note:
    """Return which lists were read whole and when last, with those captures: what an absence rests on."""
    whole = [(history, last) for history in lists.values() if (last := history.last_complete()) is not None]
    told = "; ".join(
        f"{history.url} ({sum(history.whole)} lượt trọn vẹn, lần cuối {local_day(last.captured_at):%d/%m/%Y})"
        for history, last in whole
    )
    text = f"Danh sách đã đọc trọn vẹn: {told or 'không có'}."
    return Note(key="lists-read", text=text, count=len(whole), basis=tuple(last.seen for _, last in whole))
