"""What looks odd about days of posting: as the day of issue yet seen weeks later, all one day (G16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from minhchung.measurements import Note
from minhchung.periods import local_day
from verifiers.captures import History
from verifiers.documents import Document
from verifiers.publication import first_sight

LEAST: Final = 5
"""Documents below which nothing is said of them all."""

SAME_DAY_PERCENT: Final = 80
SEEN_LATER: Final = timedelta(days=14)
_MOST: Final = 10


def ask_about_postings(documents: Sequence[Document], lists: Mapping[str, History]) -> Iterator[Note]:
    """Yield what a person should look at; `documents` are those with day of issue and of posting."""
    yield from _back_dated(documents)
    yield from _before_issue(documents)
    if len(documents) >= LEAST:
        yield from _printed_as_issued(documents, lists)
        yield from _all_on_one_day(documents)


def _note(key: str, text: str, documents: Sequence[Document]) -> Note:
    places = tuple(d.item.where("published") for d in documents)
    return Note(key=key, text=text, count=len(documents), basis=places)


def _back_dated(documents: Sequence[Document]) -> Iterator[Note]:
    """Ask only where a complete capture of the list after the printed day lacked the document (G8)."""
    early = [d for d in documents if d.posting.back_dated and not _is_before_issue(d)]
    if early:
        text = f"{len(early)} văn bản in ngày đăng sớm hơn lượt thu thập đầy đủ chưa có văn bản đó."
        yield _note("question-back-dated", text, early)


def _is_before_issue(document: Document) -> bool:
    issued, printed = document.item.issued, document.item.published
    return issued is not None and printed is not None and printed < issued


def _before_issue(documents: Sequence[Document]) -> Iterator[Note]:
    early = [d for d in documents if _is_before_issue(d)]
    if early:
        text = f"{len(early)} văn bản in ngày đăng trước ngày ban hành."
        yield _note("question-before-issue", text, early)


def _printed_as_issued(documents: Sequence[Document], lists: Mapping[str, History]) -> Iterator[Note]:
    """Ask where most days of posting are the days of issue, yet captures saw the documents weeks later."""
    same = [d for d in documents if d.item.published is not None and d.item.published == d.item.issued]
    late = [d for d in same if _is_seen_later(d, lists)]
    if late and len(same) * 100 >= SAME_DAY_PERCENT * len(documents):
        text = (
            f"{len(same)} trên {len(documents)} văn bản in ngày đăng đúng bằng ngày ban hành; {len(late)} "
            f"văn bản trong số đó chưa có trong lượt thu thập sau ngày ấy ít nhất {SEEN_LATER.days} ngày."
        )
        yield _note("question-printed-as-issued", text, late)


def _is_seen_later(document: Document, lists: Mapping[str, History]) -> bool:
    lacked, _ = first_sight(document.item, lists)
    issued = document.item.issued
    return lacked is not None and issued is not None and local_day(lacked.captured_at) - issued >= SEEN_LATER


def _all_on_one_day(documents: Sequence[Document]) -> Iterator[Note]:
    days = {d.posting.day for d in documents}
    issued = {d.item.issued for d in documents}
    if len(days) == 1 and len(issued) > 1:
        text = f"Cả {len(documents)} văn bản đăng trong cùng một ngày."
        yield _note("question-one-day", text, documents[:_MOST])
