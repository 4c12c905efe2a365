"""Dated items of lists, questions and schedules as a reader saw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from minhchung.seen import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Seen):
    """One dated item as a list row or its own page shows it."""

    identity: str
    """From URL, id or JSON by the profile; never from the title."""

    part: Literal["row", "page", "feed"]
    url: str
    title: str
    published: date | None = None
    published_text: str = ""
    """As printed, or why it is no day: `impossible`, `two-digit-year`, … after a colon."""

    summary: str = ""
    number: str = ""
    """As printed (NFC)."""

    issued: date | None = None
    effective: date | None = None
    effective_text: str = ""
    issuer: str = ""
    doc_type: str = ""
    signer: str = ""
    attachments: tuple[str, ...] = ()
    list_url: str = ""
    list_heading: str = ""
    source_line: str = ""
    """The printed source line (nguồn: …) where an element or last block is one."""

    locators: tuple[tuple[str, str], ...] = ()
    """(field, CSS path) of every field that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem(Item):
    """An item of a news list."""

    kind: Literal["news"] = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalDocument(Item):
    """An item of a list of legal or administrative documents."""

    kind: Literal["legal_document"] = "legal_document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive(Item):
    """An item of a list of direction and administration documents (chỉ đạo, điều hành)."""

    kind: Literal["directive"] = "directive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Item):
    """An item of any other dated list: notices, plans, projects, rewards, reports."""

    kind: Literal["article"] = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Seen):
    """A question of a citizen shown on the portal; the asker's name and contacts are left out."""

    kind: Literal["question"] = "question"
    identity: str
    url: str
    asked: date | None
    answered: date | None
    answer_chars: int
    """Letters and digits of the answer's text; 0: no answer shown."""

    title: str = ""
    list_url: str = ""
    list_heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntry(Seen):
    """One entry of a published work schedule."""

    kind: Literal["schedule_entry"] = "schedule_entry"
    first: date
    last: date
    """The day or week the entry stands for."""

    text: str
    attachment: str = ""
    list_url: str = ""
    list_heading: str = ""
