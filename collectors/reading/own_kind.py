"""What an item is by its own page, where no list said so: by its path, category and attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from collectors.platforms.interface import Link, PageContext
from collectors.reading.facts import Facts
from collectors.reading.kinds import kind_of_link, words_of
from collectors.reading.list_words import unnamed_kind
from collectors.reading.markup import attribute, select
from collectors.reading.page import Page
from collectors.reading.row_kinds import is_document
from minhchung.addresses import host_of, normalise
from minhchung.document_numbers import parse
from minhchung.observations import PageLink
from minhchung.sites import ListKind

_CATEGORIES: Final = (
    "a[rel~=tag],a[rel~=category],[class*=categor] a,[class*=chuyen-muc] a,[class*=chuyenmuc] a"
    ",[class*=cat-links] a,[class*=post-info] a,[class*=taxonomy] a,a[class*=article-tag],a[class*=post-tag]"
    ",a[class*=category]"
)
_MOST: Final = 40  # links of categories that are looked at; more of them are a menu
_ITEMS: Final = frozenset(("news", "legal_document", "directive"))
_TOLD: Final = ("issued", "issuer", "doc_type", "signer")


def own_kind(page: Page, facts: Facts, context: PageContext) -> ListKind:
    """Return the kind that the page's breadcrumb, its category or its attributes tell."""
    kinds = [kind for _, kind in _sections(page, context) if kind in _ITEMS]
    if kinds and (kinds[0] != "news" or set(kinds) == {"news"}):
        return kinds[0]
    if len(set(kinds)) == 1:
        return kinds[0]
    number = parse(facts.text("number"))
    if number is not None and sum(bool(facts.text(name)) for name in _TOLD) >= 2:
        return "legal_document"
    if is_document(facts.title):
        return "legal_document"
    return unnamed_kind(context)


def sections(page: Page, context: PageContext) -> Iterator[Link]:
    """Yield the lists that an item's page names as those it belongs to."""
    for link, kind in _sections(page, context):
        yield Link(url=link.url, role="list", text=link.text, list_key=link.url, kind=kind)


def _sections(page: Page, context: PageContext) -> list[tuple[PageLink, ListKind]]:
    """Return the sections that the page says it belongs to, nearest first, with their kinds."""
    links = {link.path: link for link in page.outline.links if link.region == "breadcrumb"}
    found = [*reversed(links.values()), *_categories(page)]
    words, here = words_of(context.terms), host_of(page.url)
    told: dict[str, tuple[PageLink, ListKind]] = {}
    for link in found:
        kind = kind_of_link(link.text, words, context.agency) if host_of(link.url) == here else None
        if kind is not None and normalise(link.url) != normalise(page.url):
            told.setdefault(normalise(link.url), (link, kind))
    return list(told.values())


def _categories(page: Page) -> list[PageLink]:
    nodes = [node for node in select(page.tree, _CATEGORIES) if page.region(node) == "main"]
    if len(nodes) > _MOST:
        return []
    tagged = [node for node in nodes if {"tag", "category"} & set(attribute(node, "rel").split())]
    paths = {page.path(node) for node in tagged or nodes}
    return [link for link in page.outline.links if link.path in paths]
