"""Interfaces of well-known systems that tell a portal's posts without a profile, named by its own pages.

WordPress announces its REST interface on every page by `<link rel="https://api.w.org/">` and answers
`wp/v2/posts` to everybody (developer.wordpress.org/rest-api/reference/posts), unless it was closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urlsplit

from collectors.addresses import absolute
from collectors.platforms.interface import Link
from collectors.reading.markup import attribute, select
from collectors.reading.page import Page
from minhchung.addresses import host_of
from minhchung.sites import FieldRule, ListProfile, Pagination

_ANNOUNCED: Final = 'link[rel="https://api.w.org/"]'
_POSTS: Final = "/wp/v2/posts"
_PER_PAGE: Final = 50
_WORDPRESS: Final = ListProfile(
    key="wp-json",
    kind="news",
    source="json",
    heading="Bài viết (wp-json)",
    fields={
        "title": FieldRule(path="title.rendered"),
        "url": FieldRule(path="link"),
        "published": FieldRule(path="date"),
        "summary": FieldRule(path="excerpt.rendered"),
    },
    # A page beyond the last is an error there, an offset beyond the last post an empty list.
    pagination=Pagination(kind="offset", param="offset", first=0, page_size=_PER_PAGE),
)


def announced(page: Page) -> Iterator[Link]:
    """Yield the list of posts that a page's interface tells.

    Its kind is left open: an interface that is closed is no list of the portal that could not be read.
    """
    for node in select(page.tree, _ANNOUNCED)[:1]:
        root = absolute(page.base, attribute(node, "href"))
        if root and host_of(root) == host_of(page.url):
            mark = "&" if "?" in root else "?"  # `?rest_route=/` where addresses are plain
            wanted = f"{root.rstrip('/')}{_POSTS}{mark}per_page={_PER_PAGE}&_fields=date,link,title,excerpt"
            yield Link(url=wanted, role="interface", list_key=wanted)


def known_interface(url: str) -> ListProfile | None:
    """Return how the answer at such an address is read, or None."""
    parts = urlsplit(url)
    route = parse_qs(parts.query).get("rest_route", [""])[0]
    return _WORDPRESS if parts.path.endswith(_POSTS) or route == _POSTS else None
