"""What a crawl says of itself: captures of lists, the walk, probes, handshakes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from minhchung.evidence import Failure, RecordId, TlsVerdict
from minhchung.seen import Seen


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
