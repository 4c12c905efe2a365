"""Questions of citizens with their answers, on one page or on pages of their own.

The asker's name and contacts are never taken over.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from collectors.reading.dates import read_day
from collectors.reading.fields import apply_rules
from collectors.reading.labels import Value, field_of, labelled
from collectors.reading.markup import Node, attribute
from collectors.reading.page import Page
from collectors.reading.profiles import rules_of
from collectors.reading.row_groups import found_rows
from collectors.reading.row_items import Hand
from collectors.reading.rows import Row, chosen_rows, row_of, title_link
from collectors.reading.texts import letters
from minhchung.addresses import normalise
from minhchung.evidence import EvidenceRecord, Locator
from minhchung.observations import Block, Question
from minhchung.sites import ListProfile
from minhchung.text_keys import k2

Given = Mapping[str, tuple[Value, ...]]

_ANSWER_CLASS: Final = re.compile(r"tra-?loi|answer|reply|phan-?hoi|phuc-?dap|dap-?an", re.IGNORECASE)
_ANSWER_WORDS: Final = (
    "tra loi",
    "noi dung tra loi",
    "cau tra loi",
    "phuc dap",
    "noi dung phuc dap",
    "co quan tra loi",
)
_CONTACT: Final = re.compile(r"(?:\+84|0)(?:[\s.-]?\d){9,10}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NOT_ANSWER: Final = frozenset(
    ("asked", "answered", "asker", "published", "views", "attachments", "field", "day")
)


def question_rows(page: Page, profile: ListProfile) -> list[Row]:
    """Return the rows of a question list: by selector, around the printed question days, or as any list's."""
    if profile.rows and (rows := chosen_rows(page, profile.rows, profile.exclude)):
        return rows
    return _rows_around_days(page) or found_rows(page, least=1)


def read_question(
    page: Page, row: Row, profile: ListProfile, record: EvidenceRecord, hand: Hand
) -> tuple[Question, str] | None:
    """Return the question of a row and the address of its own page; None for a row that asks nothing."""
    given = apply_rules(page, row.node, rules_of(profile))
    link = title_link(row)
    url = link.url if link is not None else ""
    title = _told(given, "title") or (link.text if link is not None else "") or _title(row.blocks)
    if not title:
        return None
    identity = normalise(url) if url else f"{normalise(page.url)}#{_mark(row)}"
    question = Question(
        agency=record.agency,
        run=record.run,
        seen=Locator(record=record.id, path=row.path),
        identity=identity,
        url=url or page.url,
        title=_CONTACT.sub("…", title),
        asked=_day(row.blocks, given, "asked", hand),
        answered=_day(row.blocks, given, "answered", hand),
        answer_chars=_answer(row.blocks, given),
    )
    return question, url


def read_question_page(
    page: Page, blocks: Sequence[Block], record: EvidenceRecord, hand: Hand, title: str, identity: str
) -> Question:
    """Return the question that stands on its own page."""
    return Question(
        agency=record.agency,
        run=record.run,
        seen=Locator(record=record.id),
        identity=identity,
        url=page.url,
        title=_CONTACT.sub("…", title),
        asked=_day(blocks, {}, "asked", hand),
        answered=_day(blocks, {}, "answered", hand),
        answer_chars=_answer(blocks, {}),
    )


def _day(blocks: Sequence[Block], given: Given, name: str, hand: Hand) -> date | None:
    """Return the day of asking or answering; a bare day beside a question is that of asking."""
    text = _told(given, name)
    if not text:
        values = labelled(blocks)
        names = (name, "published", "day") if name == "asked" else (name,)
        text = next((values[n].text for n in names if n in values), "")
    return read_day(text, hand.order, hand.captured_at).day if text else None


def _answer(blocks: Sequence[Block], given: Given) -> int:
    told = _told(given, "answer")
    return letters(told) if told else sum(letters(text) for text in answer_texts(blocks))


def answer_texts(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the texts of an answer: in elements named so, or after the word that announces it."""
    marked = [block for block in blocks if _ANSWER_CLASS.search(block.classes)]
    after = False
    for block in blocks:
        head, colon, rest = block.text.partition(":")
        announced = k2(head) in _ANSWER_WORDS
        if announced:
            after = True
            if colon and rest.strip():
                yield rest
            continue
        if field_of(head) in _NOT_ANSWER and (colon or len(block.text) < 60):
            continue
        if (block in marked) if marked else after:
            yield block.text


def _rows_around_days(page: Page) -> list[Row]:
    """Return the elements that each hold one printed question day, and their siblings that hold none."""
    asked = [
        b.path
        for b in page.outline.blocks
        if field_of(b.text.partition(":")[0]) == "asked" and b.region == "main"
    ]
    if not asked:
        return []
    steps = [path.split(">") for path in asked]
    depth = max((_common(a, b) for a, b in pairwise(steps)), default=len(steps[0]) - 2)
    parents = dict.fromkeys(">".join(parts[:depth]) for parts in steps)
    rows: list[Row] = []
    for parent in parents:
        node = page.tree.css_first(parent)
        first = page.tree.css_first(">".join(steps[0][: depth + 1]))
        if node is not None and first is not None:
            rows += [row_of(page, child) for child in node.iter() if _is_like(child, first)]
    return rows


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _is_like(node: Node, other: Node) -> bool:
    return node.tag == other.tag and attribute(node, "class") == attribute(other, "class")


def _title(blocks: Sequence[Block]) -> str:
    headed = [b.text for b in blocks if b.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    plain = [b.text for b in blocks if not field_of(b.text.partition(":")[0])]
    return next(iter([*headed, *plain]), "")


def _mark(row: Row) -> str:
    """Return what tells a question without address from the others: its id, else a digest of its words."""
    own = attribute(row.node, "id") or attribute(row.node, "data-id")
    if own:
        return own
    words = next((b.text for b in row.blocks if not field_of(b.text.partition(":")[0])), "")
    return "text-" + hashlib.sha256(k2(words).encode()).hexdigest()[:16]


def _told(given: Given, name: str) -> str:
    values = given.get(name)
    return values[0].text if values else ""
