"""What a list is told apart by: its kind, the text that its real pages show, the identity of its items."""

from __future__ import annotations

from typing import Final, get_args

from collectors.platforms.interface import PageContext
from collectors.reading.fields import first_group
from collectors.reading.page import Page
from minhchung.addresses import normalise
from minhchung.sites import Identity, ListKind
from minhchung.text_keys import k2

KINDS: Final[tuple[ListKind, ...]] = get_args(ListKind)


def known_kind(kind: str) -> ListKind:
    """Return the kind of a list by its name; `article` for any other word."""
    return next((k for k in KINDS if k == kind), "article")


def unnamed_kind(context: PageContext) -> ListKind:
    """Return the kind of a list that no heading names: news on the home page, articles elsewhere."""
    key = context.list_key or (context.agency.portal if context.role == "home" else "")
    return "news" if key and normalise(key) == normalise(context.agency.portal) else "article"


def holds_required(page: Page, *texts: str) -> bool:
    """Say whether the page holds every text that the profile says its real pages hold."""
    shown = [page.title, *(block.text for block in page.outline.blocks)]
    for text in filter(None, texts):
        if not any(text in one for one in shown) and not any(k2(text) in k2(one) for one in shown):
            return False
    return True


def identity_of_address(url: str, rule: Identity) -> str:
    """Return the identity that an address carries."""
    found = first_group(url, rule.regex) if rule.source == "url" and rule.regex else ""
    return found or normalise(url)
