"""The nouns of the simulated world: what stands on a portal, from which true day, and what it prints.

The truth is computed from these; the looks render these; neither knows the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from simulator.agencies import PROVINCE, Agency

ListKind = Literal["news", "document", "article", "question", "schedule"]
FileKind = Literal["pdf", "none", "missing", "html", "template"]
"""A good pdf; no link at all; a link that answers 404; an error page served as pdf; a placeholder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Something that stands on the portal from its true day until it is withdrawn."""

    number: int
    """The content system's own id, unique on the portal and rising with the true day."""

    lists: tuple[str, ...]
    """Keys of the lists that show it, the first one is its home."""

    title: str
    posted: date
    """True day of posting: nobody can see it earlier."""

    printed: date | None
    """The posting day that the portal prints; None: it prints none."""

    withdrawn: date | None = None
    """First day on which it is gone."""

    copy_of: int | None = None
    """Number of the item that this one repeats word by word under another address."""

    old_address: bool = False
    """Stands under the address form of the previous platform."""

    def visible_on(self, day: date) -> bool:
        """Tell whether a visitor of that day can see it."""
        return self.posted <= day and (self.withdrawn is None or day < self.withdrawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Shown):
    """News, notices and the items of other dated sections."""

    summary: str
    paragraphs: tuple[str, ...]
    credit: str = ""
    """A line under the text that says who wrote it."""

    is_repost: bool = False
    """The credit names a body other than the agency."""

    is_stub: bool = False
    """Too short to be an item."""

    answer: str = ""
    """For petitions: the answer, shown under its own heading."""

    publicises: bool = False
    """Title or summary speaks of digital transformation."""

    has_photo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper(Shown):
    """A document with its attributes as the portal shows them; an empty text is not shown."""

    code: str
    """Number and symbol as printed."""

    true_code: str
    form: str
    """Kind of document; empty: to be read from the number."""

    issuer: str
    issued: date | None
    true_issued: date
    effective: str
    """As printed: a day, or words; empty where none."""

    abstract: str
    signer: str
    file: FileKind
    is_normative: bool
    is_own: bool
    """Issued by the portal's agency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry(Shown):
    """A citizen's question; the answer appears on its own day."""

    question: str
    asked: date | None
    answer: str
    answered: date | None
    """Printed, and true: the day the answer appears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week(Shown):
    """One week of the leaders' schedule."""

    first: date
    last: date
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One list of the portal: its heading, its place in the menu and what kind of rows it has."""

    key: str
    heading: str
    kind: ListKind
    group: str
    """Heading of the drop-down that holds its link."""

    hidden: bool = False
    """Linked from the site map page only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One static page: its blocks are its content, an empty tuple is an empty page."""

    key: str
    heading: str
    group: str
    blocks: tuple[tuple[str, str], ...]
    """(tag, text): p li h2 row form child chart attachment service-portal; a look turns them into markup."""

    hidden: bool = False
    is_english: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """Everything that one agency's portal ever shows, and how it behaves."""

    agency: Agency
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]
    stories: tuple[Story, ...]
    papers: tuple[Paper, ...]
    inquiries: tuple[Inquiry, ...]
    weeks: tuple[Week, ...]
    province: str = PROVINCE
    """As its banner names it."""

    plan: Mapping[str, str]
    """By checklist item: how the model made it stand, `met` or the way in which it is not."""

    def shown(self) -> tuple[Shown, ...]:
        """Return everything dated, in the order of its numbers."""
        everything: list[Shown] = [*self.stories, *self.papers, *self.inquiries, *self.weeks]
        return tuple(sorted(everything, key=lambda item: item.number))

    def section(self, key: str) -> Section:
        """Return the section of this key; an unknown key raises KeyError."""
        return {section.key: section for section in self.sections}[key]
