"""The walk W of one visit: which pages links lead to from the home page, and which of them answered (G5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from collectors.addresses import is_file, is_media, pattern_of
from collectors.answers import Answer
from collectors.platforms.interface import Link
from collectors.trip import PageRead
from minhchung.addresses import normalise
from minhchung.evidence import Failure
from minhchung.observations import WalkedPage
from minhchung.places import Places

MOST_NEAR: Final = 10
"""Pages of the public-service portal and of shared hosts that one walk asks for."""

_PAGER: Final = re.compile(
    r"\s*(?:\d{1,4}|[<>«»‹›…]+|(?:trang )?(?:đầu|cuối|sau|trước|tiếp)|next|prev(?:ious)?|first|last)"
    r"\s*[<>«»‹›]*\s*",
    re.IGNORECASE,
)
"""Texts of links that page through a list."""


@dataclass(frozen=True, slots=True)
class Step:
    """A link as the walk met it first."""

    key: str
    url: str
    text: str
    parent: str
    depth: int


@dataclass(slots=True)
class _Node:
    answer: Answer
    links: tuple[tuple[str, str, str], ...]
    """(key, address, text) of the links that may lead to pages."""

    counts: bool
    """False: an item's page, a further list page or a file: no part of the walk."""


@dataclass(slots=True)
class WalkBook:
    """Pages read in a visit, and the links between them."""

    own: Places
    near: Places
    item_address: re.Pattern[str] | None
    items: set[str] = field(default_factory=set)
    """Keys of addresses that lists call their items."""

    further: set[str] = field(default_factory=set)
    """Keys of further pages of lists."""

    further_patterns: set[str] = field(default_factory=set)
    _nodes: dict[str, _Node] = field(default_factory=dict)

    def note(self, read: PageRead) -> None:
        """Take a page with its links."""
        answer, link = read.answer, read.link
        own = self.own.hold(answer.final)
        page = read.page if own and not read.missing else None
        counts = link.role in ("home", "site", "list") and link.page == 1 and link.method == "GET"
        counts = counts and not (page is not None and page.role == "item")
        links: dict[str, tuple[str, str, str]] = {}
        if page is not None and counts:
            pager = bool(read.facts)
            for each in read.links:
                if each.role in ("site", "list") and each.page == 1 and each.method == "GET":
                    key = normalise(each.url)
                    links.setdefault(key, (key, each.url, each.text))
            for found in page.links:
                if not (pager and _PAGER.fullmatch(found.text)):
                    key = normalise(found.url)
                    links.setdefault(key, (key, found.url, found.text))
        node = _Node(answer, tuple(links.values()), counts)
        self._nodes[normalise(link.url)] = node
        self._nodes.setdefault(normalise(answer.final), node)

    def note_further(self, url: str) -> None:
        """Take the address of a further list page."""
        self.further.add(normalise(url))
        self.further_patterns.add(pattern_of(url))

    def steps(self, home: str, deepest: int) -> Iterator[Step]:
        """Yield the links of the walk, nearest to the home page first, asked for or not."""
        first = Step(normalise(home), home, "", "", 0)
        queue, met = [first], {first.key}
        near = 0
        for step in queue:
            yield step
            node = self._nodes.get(step.key)
            if node is None or not node.counts or step.depth >= deepest:
                continue
            for key, url, text in node.links:
                if key in met or not self._may_be_page(key, url):
                    continue
                if not self.own.hold(url):
                    near += 1
                    if step.depth > 1 or near > MOST_NEAR:
                        continue
                met.add(key)
                queue.append(Step(key, url, text, step.url, step.depth + 1))

    def _may_be_page(self, key: str, url: str) -> bool:
        if key in self.items or key in self.further or is_file(url) or is_media(url):
            return False
        node = self._nodes.get(key)
        if node is not None:
            return node.counts
        if not self.near.hold(url):
            return False
        if self.item_address is not None and self.item_address.search(url):
            return False
        return not (self.further_patterns and "?" in url and pattern_of(url) in self.further_patterns)

    def pages(self, home: str, deepest: int) -> tuple[WalkedPage, ...]:
        """Return the account of every step that was asked for."""
        told: set[int] = set()
        pages = []
        for step in self.steps(home, deepest):
            node = self._nodes.get(step.key)
            if node is None or id(node) in told:
                continue
            told.add(id(node))
            answer = node.answer
            pages.append(
                WalkedPage(
                    url=step.url,
                    depth=step.depth,
                    text=step.text,
                    parent=step.parent,
                    record=answer.record.id if answer.record is not None else None,
                    answered=answer.answered,
                    status=answer.status,
                    failure=answer.failure,
                )
            )
        return tuple(pages)

    def cut_short(self) -> bool:
        """Say whether a page of the walk was left out by our own budget."""
        return any(node.counts and node.answer.failure is Failure.BUDGET for node in self._nodes.values())

    def links_asked(self, home: str, depth: int) -> list[Link]:
        """Return the site pages at one depth that nobody has asked for yet."""
        return [
            Link(url=step.url, role="site", text=step.text)
            for step in self.steps(home, depth)
            if step.depth == depth and step.key not in self._nodes
        ]
