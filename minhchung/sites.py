"""How a portal is laid out: the schema of `config/sites/*.toml` (site profiles).

A profile names a platform (a file under `collectors/platforms/`) whose defaults it overrides; every
field is optional but `key`. Selectors are CSS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

ListKind = Literal["news", "legal_document", "directive", "article", "question", "schedule_entry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """How one field is read from a row or a page."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    css: str = ""
    """`:self` is the row itself; empty: the whole row."""

    attr: str = ""
    """Attribute to read; empty: the text."""

    label: tuple[str, ...] = ()
    """Read the cell or text beside one of these labels (compared on k2)."""

    regex: str = ""
    """First group of the match; applied last."""

    path: str = ""
    """JSON sources: a dotted path, `items.0.title`."""

    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Where an item's identity comes from; never its title."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    source: Literal["url", "attr", "path"] = "url"
    css: str = ""
    attr: str = ""
    path: str = ""
    regex: str = ""
    """First group; empty: the normalised address itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination:
    """How the next page of a list is asked for."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    kind: Literal["none", "next", "query", "path", "offset", "postback", "json_page", "cursor"] = "next"
    next_css: str = "a[rel=next]"
    param: str = "page"
    first: int = 1
    step: int = 1
    path_template: str = ""
    """`path`: appended to the list's address, e.g. `page-{page}/`."""

    page_size: int = 0
    """0: not known; else a shorter page ends the list."""

    max_pages: int = 200
    total_css: str = ""
    total_path: str = ""
    cursor_path: str = ""
    """`cursor`: dotted path of what the next page is asked for by: a mark for `param`, or an address."""

    postback_target: str = ""
    """`postback`: regular expression whose first group is the event target."""

    postback_argument: str = "Page${page}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProfile:
    """One list, or one shape that lists of this site have."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    key: str
    kind: ListKind | Literal["by_heading"] = "by_heading"
    """`by_heading`: the words of the list's heading tell the kind."""

    url: str = ""
    """Address from the home page, or path; empty: any page where `rows` match is such a list."""

    heading: str = ""
    """Overrides the page's own heading."""

    source: Literal["html", "json", "rss"] = "html"
    rows: str = ""
    """CSS of one row, or the dotted path of the array in JSON."""

    exclude: tuple[str, ...] = ()
    identity: Identity = Identity()
    fields: dict[str, FieldRule] | None = None
    """title url published number issued effective issuer doc_type summary signer attachments asked answered
    answer first last text."""

    pagination: Pagination = Pagination()
    expect_min: int = 0
    empty_marker: str = ""
    required_text: str = ""
    dates: tuple[str, ...] = ("dmy",)
    """Order of day and month: `dmy` or `mdy`; ISO is always read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProfile:
    """How an item's own page is read."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    url_regex: str = ""
    """Addresses that are items; empty: those that lists link to."""

    body: str = ""
    """CSS of the main text; empty: found by the reader."""

    fields: dict[str, FieldRule] | None = None
    follow: Literal["always", "never"] = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProfile:
    """One site's profile."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    key: str
    platform: str = "generic"
    title: str = ""
    renderer: Literal["http", "browser"] = "http"
    required_text: str = ""
    """Text that every real page of the site holds; without it a page counts as blocked."""

    block_markers: tuple[str, ...] = ()
    list: tuple[ListProfile, ...] = ()
    item: ItemProfile = ItemProfile()
    feeds: tuple[str, ...] = ()
    search: str = ""
    """Search address with `{query}`; empty: the site's own form."""

    dates: tuple[str, ...] = ("dmy",)
    max_pages: int = 3000
    """Pages a visit may ask for."""
