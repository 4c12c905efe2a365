"""Pages, files and images as a reader saw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from minhchung.evidence import Failure
from minhchung.files import FileFacts
from minhchung.seen import Seen

Region = Literal["main", "nav", "header", "footer", "form", "aside", "breadcrumb"]
"""Nearest marked ancestor: elements nav, header, footer, form, aside or their ARIA roles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Visible text of one leaf block element."""

    text: str
    """Whitespace collapsed."""

    tag: str
    region: Region = "main"
    link_text: str = ""
    """The part of the text that stands inside links."""

    classes: str = ""
    """Class attribute of the element and of its parent, joined by blanks."""

    path: str = ""
    """CSS path from the root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """One link of a page."""

    url: str
    """Absolute, without fragment."""

    text: str
    """Visible text, or alt/title of what it holds."""

    region: Region = "main"
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """One image of a page."""

    url: str
    alt: str | None
    """None: no alt attribute at all."""

    alone_in_link: bool = False
    width: int | None = None
    """Width attribute in CSS pixels, where one is given."""

    region: Region = "main"
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormControl:
    """One visible form control."""

    name: str
    type: str
    labelled: bool
    """It has a label, an aria-label or a title."""

    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageForm:
    """One form, enough of it to send it."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    """Names and values in document order, hidden ones included."""

    text_field: str = ""
    """Name of the only free text field, where there is one."""

    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage(Seen):
    """One page as a reader saw it."""

    kind: Literal["site_page"] = "site_page"
    url: str
    role: Literal["home", "site", "list", "item", "search", "foreign"]
    title: str
    lang: str = ""
    headings: tuple[Block, ...] = ()
    """h1 to h3, in order."""

    breadcrumb: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    links: tuple[PageLink, ...] = ()
    images: tuple[PageImage, ...] = ()
    controls: tuple[FormControl, ...] = ()
    forms: tuple[PageForm, ...] = ()
    moving: tuple[str, ...] = ()
    """CSS paths of blink and marquee elements."""

    canonical: str = ""
    shell: bool = False
    """True where scripts are there and text is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGlance(Seen):
    """What is taken from a page that is kept and not judged: enough to find it again."""

    kind: Literal["page_glance"] = "page_glance"
    url: str
    title: str
    published: date | None = None
    """As the page declares it to machines."""

    links: int = 0
    """Links that lead to web pages, repeated ones included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(Seen):
    """A file a page offers, as it answered."""

    kind: Literal["attachment"] = "attachment"
    url: str
    type: str
    """Sniffed: pdf doc docx xls xlsx odt ods rtf zip html text unknown; empty when unanswered."""

    size: int
    """Bytes of the decoded payload."""

    status: int | None
    failure: Failure | None = None
    facts: FileFacts | None = None
    """None: not looked into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFile(Seen):
    """An image file, measured."""

    kind: Literal["image_file"] = "image_file"
    url: str
    width: int
    """Pixels."""

    height: int
