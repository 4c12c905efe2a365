"""What a portal reader is: it says what a page holds and where to go on; it fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from minhchung.agencies import Agency
from minhchung.evidence import EvidenceRecord
from minhchung.observations import Observation
from minhchung.sites import SiteProfile
from minhchung.sources import CrawlTerms

Role = Literal[
    "home", "site", "list", "item", "attachment", "image", "feed", "sitemap", "search", "interface"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something to ask for next."""

    url: str
    """Absolute, without fragment."""

    role: Role
    text: str = ""
    """Text of the link that leads there."""

    method: Literal["GET", "POST"] = "GET"
    body: bytes = b""
    """Form body of a POST (a postback), `application/x-www-form-urlencoded` unless `body_type` says."""

    body_type: str = "application/x-www-form-urlencoded"
    list_key: str = ""
    """Further page of a list, or item of it: the list's first address."""

    page: int = 1
    """Number of a list page, 1 for the first."""

    kind: str = ""
    """For items: the item kind of its list."""

    identity: str = ""
    """For items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """What one list page says about its list; the crawl loop builds the ListCapture from them."""

    list_key: str
    """The list's first address: stable over its pages."""

    heading: str
    item_kind: str
    identities: tuple[str, ...]
    """On this page, in order, each once."""

    last_page: bool
    """Nothing leads on, or the page is short."""

    ended: str = "no-next"
    """When `last_page`: `no-next`, `short-page` or `total`."""

    declared_total: int | None = None
    empty_marker: bool = False
    required_text: bool = True
    rows_expected: bool = True
    """False: a page that is allowed to have no row."""

    more_behind_scripts: bool = False
    """It goes on behind a control that only a browser can press."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """What a reader is told besides the bytes."""

    agency: Agency
    profile: SiteProfile
    terms: CrawlTerms
    role: Role
    list_key: str = ""
    """When the page is asked for as a further page of a list, or as an item of it."""

    page: int = 1
    kind: str = ""
    identity: str = ""
    text: str = ""
    """Text of the link that led here: a heading candidate."""


class Platform(Protocol):
    """Reads one portal system."""

    def profile(self) -> SiteProfile:
        """Return the system's default profile; a site profile overrides it field by field."""
        ...

    def entrances(self, agency: Agency, profile: SiteProfile) -> Iterator[Link]:
        """Yield where a visit begins: the home page first, then declared lists, feeds, sitemap."""
        ...

    def read(
        self, record: EvidenceRecord, body: bytes, context: PageContext
    ) -> Iterator[Observation | Link | ListFacts]:
        """Yield what the page holds: a SitePage, items, list facts, and links to follow.

        `body` is the decoded payload. Raises UnrecognisedError when the bytes are no page at all.
        """
        ...
