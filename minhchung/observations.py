"""What readers and drivers saw, each with the place it was seen at.

Readers say what stands there; they never judge. Text is NFC. Days are local (Asia/Ho_Chi_Minh).
Every observation carries `kind` (its type in stores and files), `agency`, `run` and `seen`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from minhchung.evidence import AgencyCode, Failure, Locator, RecordId, RunId, TlsVerdict

Region = Literal["main", "nav", "header", "footer", "form", "aside", "breadcrumb"]
"""Nearest marked ancestor: elements nav, header, footer, form, aside or their ARIA roles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What every observation carries."""

    agency: AgencyCode
    run: RunId
    seen: Locator


# --- pages -----------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFile(Seen):
    """An image file, measured."""

    kind: Literal["image_file"] = "image_file"
    url: str
    width: int
    """Pixels."""

    height: int


# --- items -----------------------------------------------------------------------------------------


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


# --- what the crawl says of itself -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCapture(Seen):
    """One pass over one list, and how it ended; `seen` is its first page."""

    kind: Literal["list_capture"] = "list_capture"
    list_url: str
    heading: str
    item_kind: Literal["news", "legal_document", "directive", "article", "question", "schedule_entry"]
    captured_at: datetime
    """Aware, UTC: when its first page was asked for."""

    pages: tuple[RecordId, ...]
    identities: tuple[str, ...]
    """Distinct, in the order met."""

    ended: Literal[
        "no-next",
        "short-page",
        "total",
        "older",
        "known-run",
        "repeated",
        "cap",
        "failed",
        "blocked",
        "layout",
    ]
    failed_pages: tuple[str, ...] = ()
    declared_total: int | None = None
    empty_marker: bool = False
    required_text: bool = True
    oldest: date | None = None
    """Oldest printed day met."""

    newest_first: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedPage:
    """One step of the walk."""

    url: str
    depth: int
    """Links from the home page: 0 to 3."""

    text: str
    """Text of the link that led here."""

    parent: str
    record: RecordId | None
    answered: bool
    """200, 304, 404 or 410 without block, challenge or login page."""

    status: int | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk(Seen):
    """The walk W of one pass; `seen` is the home page."""

    kind: Literal["walk"] = "walk"
    began_at: datetime
    """Aware, UTC."""

    pages: tuple[WalkedPage, ...]
    capped: bool = False
    """True when a page budget cut it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchProbe(Seen):
    """One search asked of the portal and its answer; `seen` is the answer."""

    kind: Literal["search_probe"] = "search_probe"
    query: str
    nonsense: bool
    wanted: str = ""
    """Identity of the item asked for."""

    found: tuple[str, ...]
    """Addresses the answer links to, outside navigation."""

    main_text: str
    """k2 of the answer's main text."""

    state: Literal["answered", "robots", "blocked", "script-only", "failed", "no-search"] = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRead(Seen):
    """A feed as parsed."""

    kind: Literal["feed_read"] = "feed_read"
    url: str
    entries: tuple[tuple[str, date | None], ...]
    """(link, day) of each entry."""

    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapRead(Seen):
    """A sitemap file as parsed."""

    kind: Literal["sitemap_read"] = "sitemap_read"
    url: str
    addresses: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsCheck(Seen):
    """The handshake of one pass with the portal's https address."""

    kind: Literal["tls_check"] = "tls_check"
    url: str
    checked_at: datetime
    """Aware, UTC."""

    state: Literal["answered", "no-https", "failed", "timeout", "dns"]
    verdict: TlsVerdict | None = None
    detail: str = ""
    is_portal: bool = False
    """The https answer is the agency's portal (its name in title or header, or the same home text)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectChain(Seen):
    """Where the portal's plain http address leads."""

    kind: Literal["redirect_chain"] = "redirect_chain"
    url: str
    checked_at: datetime
    """Aware, UTC."""

    hops: tuple[tuple[int, str], ...]
    """(status, target) of each redirect."""

    state: Literal["answered", "refused", "failed", "no-port"]
    ends_on_https: bool = False
    """The last hop is https on a host of the registry, in at most five hops."""


# --- service systems -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierTally(Seen):
    """One row of dossier statistics; a missing figure is None, never 0."""

    kind: Literal["dossier_tally"] = "dossier_tally"
    source: str
    first: date
    last: date
    basis: Literal["received", "resolved", "snapshot"]
    procedure: str = ""
    """National procedure code; empty: all of the agency's."""

    is_total: bool = False
    """The row sums other rows that are also given."""

    taken_at: datetime
    """Aware, UTC: when the system answered."""

    figures: tuple[tuple[str, int | None], ...]
    """Meanings: received received_online received_direct received_postal returned_postal postal_either
    resolved resolved_early resolved_on_time resolved_overdue open open_overdue fee_bearing paid_online
    carried_over."""

    labels: tuple[tuple[str, str], ...] = ()
    """(meaning, label in the source)."""

    printed: tuple[tuple[str, str], ...] = ()
    """Texts printed beside the figures, e.g. percentages, as printed."""

    definition: str = ""

    def figure(self, meaning: str) -> int | None:
        """Return the figure of this meaning, or None when the source does not give it."""
        return dict(self.figures).get(meaning)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOffer(Seen):
    """One online service of the public-service system."""

    kind: Literal["service_offer"] = "service_offer"
    source: str
    procedure: str
    """National code, province suffix cut."""

    level: int | None
    """1 to 4; None: not shown."""

    level_text: str = ""
    open: bool = True
    opened_on: date | None = None
    taken_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure(Seen):
    """One procedure of the published catalogue."""

    kind: Literal["procedure"] = "procedure"
    source: str
    code: str
    """National code, province suffix cut."""

    name: str = ""
    valid: bool = True
    fee_always: bool | None = None
    taken_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow(Seen):
    """One electronic workflow of the one-stop-shop system."""

    kind: Literal["workflow"] = "workflow"
    source: str
    procedure: str
    active: bool
    steps: int | None = None
    created_on: date | None = None
    taken_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHealth(Seen):
    """How a service system answered one kind of question for one agency."""

    kind: Literal["service_health"] = "service_health"
    source: str
    topic: Literal["dossiers", "procedures", "workflows", "services"]
    state: Literal[
        "ok", "unauthorised", "blocked", "schema-changed", "unreachable", "mapping-missing", "empty"
    ]
    complete: bool = True
    """False: paging stopped at a cap."""

    detail: str = ""
    taken_at: datetime
    """Aware, UTC."""


Observation = (
    SitePage
    | Attachment
    | ImageFile
    | NewsItem
    | LegalDocument
    | Directive
    | Article
    | Question
    | ScheduleEntry
    | ListCapture
    | Walk
    | SearchProbe
    | FeedRead
    | SitemapRead
    | TlsCheck
    | RedirectChain
    | DossierTally
    | ServiceOffer
    | Procedure
    | Workflow
    | ServiceHealth
)
