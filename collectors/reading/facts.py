"""What one item says of itself, gathered field by field with the place of each, and the item made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Final, Literal

from collectors.addresses import is_file
from collectors.reading.dates import Day, find_days, is_absent, read_day
from collectors.reading.labels import Value, field_of
from collectors.reading.texts import letters, outside_links
from minhchung.document_numbers import find, parse
from minhchung.evidence import EvidenceRecord, Locator
from minhchung.observations import (
    Article,
    Block,
    Directive,
    LegalDocument,
    NewsItem,
    PageLink,
)
from minhchung.text_keys import k2

Told = NewsItem | LegalDocument | Directive | Article

TYPES: Final[Mapping[str, type[Told]]] = {
    "news": NewsItem,
    "legal_document": LegalDocument,
    "directive": Directive,
    "article": Article,
}
DOCUMENTS: Final = frozenset(("legal_document", "directive"))

_DOWNLOADS: Final = (
    "tai ve", "tai xuong", "tai file", "tai tep", "tai van ban", "tai tai lieu", "tai toan van", "download",
    "tep dinh kem", "file dinh kem", "van ban dinh kem", "xem toan van",
)  # fmt: skip
_OTHER_DAYS: Final = frozenset(("issued", "effective", "expires", "asked", "answered"))
_LONGEST_NUMBER: Final = 40  # characters; more of them hold something else besides
_EARLY: Final = 40  # characters
_MOST_BESIDE: Final = 100  # letters; a day among more of them is part of a story
_BEFORE: Final = 24  # letters that may stand before a day beside its weekday, time and label
_MOST_DAYS: Final = 40  # of one block; where more stand, none stands by itself
_LONGEST_ROLE: Final = 12  # words of a label before a day
_POSTED: Final = frozenset(("published", "views", "source"))
_FRAME: Final = re.compile(
    r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|ngày|lúc|đăng|cập nhật|viết bởi|by|on)\b"
    r"|\d{1,2}[:h]\d{2}",
    re.IGNORECASE,
)
_COUNTER: Final = re.compile(r"(?:số )?(?:lượt|lần) (?:xem|đọc)\s*:?\s*[\d.,]*|views?:?\s*\d*", re.IGNORECASE)
_IN_STORY: Final = re.compile(
    r"(?:^| )(?:tu|den|truoc|sau|het|vao|trong|sang|chieu|toi|dem|ke tu|hom|quyet dinh|nghi quyet|ke hoach"
    r"|van ban|cong van|chi thi|thong tu|nghi dinh|luat)(?: ngay| so)?$"
)
"""Words before a day that belongs to what a text tells."""


@dataclass(slots=True)
class Facts:
    """One item, as far as a row or a page tells it."""

    title: str = ""
    url: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    """Field -> text and place: number issued effective issuer doc_type summary signer published source."""

    published: Day | None = None
    attachments: tuple[str, ...] = ()
    places: list[tuple[str, str]] = field(default_factory=list)
    """(field, CSS path) of what is no labelled value."""

    def text(self, name: str) -> str:
        """Return a value's text; empty where it is absent or says that there is none."""
        value = self.values.get(name)
        return "" if value is None or is_absent(value.text) else value.text

    def item(
        self,
        kind: str,
        record: EvidenceRecord,
        *,
        identity: str,
        part: Literal["row", "page", "feed"],
        path: str = "",
        list_url: str = "",
        list_heading: str = "",
        order: str = "dmy",
    ) -> Told:
        """Return the observation."""
        documents = kind in DOCUMENTS
        issued = read_day(self.text("issued"), order).day if documents else None
        effective = read_day(self.text("effective"), order) if documents and self.text("effective") else None
        return TYPES[kind](
            agency=record.agency,
            run=record.run,
            seen=Locator(record=record.id, path=path),
            identity=identity,
            part=part,
            url=self.url,
            title=self.title,
            published=self.published.day if self.published is not None else None,
            published_text=self.published.text if self.published is not None else "",
            summary=self.text("summary"),
            number=self._number() if documents else "",
            issued=issued,
            effective=effective.day if effective is not None else None,
            effective_text=self.text("effective") if documents else "",
            issuer=self.text("issuer") if documents else "",
            doc_type=self.text("doc_type") if documents else "",
            signer=self.text("signer") if documents else "",
            attachments=self.attachments,
            list_url=list_url,
            list_heading=list_heading,
            source_line=self.text("source"),
            locators=self._locators(),
        )

    def _number(self) -> str:
        told = self.text("number")
        if len(told) > _LONGEST_NUMBER:
            told = find(told) or told
        return told or find(self.title) or find(self.text("summary"))

    def _locators(self) -> tuple[tuple[str, str], ...]:
        told = [(name, value.path) for name, value in sorted(self.values.items()) if self.text(name)]
        return tuple(sorted({*told, *self.places}))


def settle_days(facts: Facts, kind: str) -> None:
    """Give a bare "Ngày" its role: of a document that shows no other it is the day of issue."""
    bare = facts.values.pop("day", None)
    if bare is not None:
        facts.values.setdefault("issued" if kind in DOCUMENTS else "published", bare)


def free_blocks(blocks: Sequence[Block], values: Mapping[str, Value]) -> list[Block]:
    """Return the blocks that are not already known to hold a day of another role."""
    told = [value for name, value in values.items() if name in _OTHER_DAYS]
    return [block for block in blocks if not any(_holds(block, value) for value in told)]


def _holds(block: Block, value: Value) -> bool:
    """Say whether a value was read in a block, or in an element around it, or in a part of it."""
    if block.path == value.path or block.path.startswith(f"{value.path}>"):
        return True
    return value.path.startswith(f"{block.path}>") and value.text in block.text


def loose_day(blocks: Iterable[Block], order: str, captured_at: datetime) -> tuple[Day, Block] | None:
    """Return the day that stands most by itself: outside links and stories, no clock, no other role."""
    best: tuple[Day, Block] | None = None
    least = _MOST_BESIDE + 1
    for block in blocks:
        text = outside_links(block)
        if not text:
            continue
        for day in islice(find_days(text, order), _MOST_DAYS):
            beside = _MOST_BESIDE + 1 if day.clock else _beside(text, day)
            if beside < least:
                best, least = (day, block), beside
        if best is None and len(text) <= _EARLY:
            near = read_day(text, order, captured_at)
            if near.reason in {"", "imprecise"}:
                best, least = (near, block), letters(text)
    return best


def _beside(text: str, day: Day) -> int:
    """Return how many letters of a story stand beside a day; beyond the limit where it has another role."""
    before = text[: day.start].rpartition("|")[2].strip(" :-–(,[")
    words = before.split()[-_LONGEST_ROLE:]
    role = next((r for n in range(len(words)) if (r := field_of(" ".join(words[n:])))), "")
    if role in _POSTED:
        return 0
    leading = letters(_FRAME.sub("", before))
    if role not in {"", "day"} or leading > _BEFORE or _IN_STORY.search(k2(before)):
        return _MOST_BESIDE + 1
    after = _COUNTER.sub("", _FRAME.sub("", text[day.end :]))
    if day.start <= _EARLY and not after.startswith(","):
        return leading + min(letters(after), _MOST_BESIDE - _BEFORE)
    return leading + letters(after)


def files(links: Iterable[PageLink], downloads: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the addresses of the files among links, each once: by extension, attribute or words."""
    found = dict.fromkeys(
        link.url
        for link in links
        if is_file(link.url) or link.url in downloads or k2(link.text).startswith(_DOWNLOADS)
    )
    return tuple(found)


def number_cell(blocks: Sequence[Block]) -> Value | None:
    """Return the block that is a document number and nothing else."""
    for block in blocks:
        if len(block.text) <= 60 and parse(block.text) is not None:
            return Value(block.text, block.path)
    return None


def lead(blocks: Iterable[Block], title: str) -> Value | None:
    """Return the text under a title: the longest block that is neither title, label, link nor day."""
    best: Value | None = None
    for block in blocks:
        text = outside_links(block)
        if letters(text) < 20 or text == title or _announced(text):
            continue
        if best is None or len(text) > len(best.text):
            best = Value(text, block.path)
    return best


def _announced(text: str) -> bool:
    head, colon, _ = text.partition(":")
    return bool(colon) and bool(field_of(head))


def oldest(days: Iterable[date | None]) -> date | None:
    """Return the earliest of the days that are known."""
    return min((day for day in days if day is not None), default=None)
