"""Items as wholes: the rows, pages and feed entries of one identity put together (G6).

Reading is field by field: the item's own page goes before its row, a later pass before an earlier one,
and what a later pass no longer shows keeps what was shown before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from minhchung.addresses import normalise
from minhchung.agencies import Agency
from minhchung.evidence import Locator, RunId
from minhchung.holdings import Holdings
from minhchung.observations import Article, Directive, FeedRead, LegalDocument, NewsItem, Observation
from minhchung.places import of_another

PortalItem = NewsItem | LegalDocument | Directive | Article
_NAMED: Final = ("news", "legal_document", "directive")
_PARTS: Final = {"page": 2, "row": 1, "feed": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One item over all its sightings."""

    kind: str
    identity: str
    url: str
    title: str
    published: date | None
    published_text: str
    summary: str
    number: str
    issued: date | None
    effective: date | None
    effective_text: str
    issuer: str
    doc_type: str
    signer: str
    attachments: tuple[str, ...]
    source_line: str
    lists: tuple[str, ...]
    """Addresses of the lists it stood in."""

    headings: tuple[str, ...]
    runs: tuple[RunId, ...]
    """Passes that saw it in a list or on its page, oldest first."""

    page: Locator | None
    """Its own page, the newest that was read."""

    seen: Locator
    """Where it was first read."""

    parts: tuple[PortalItem, ...]

    def where(self, field: str) -> Locator:
        """Return where a field was read, or where the item was."""
        for part in reversed(self.parts):
            path = dict(part.locators).get(field)
            if path is not None and getattr(part, field, None):
                return Locator(record=part.seen.record, path=path)
        return self.page or self.seen


def wholes(observations: Iterable[Observation]) -> tuple[Whole, ...]:
    """Return the items of one agency, each identity of each kind once, in order of first sight.

    Where neither row nor page tells the day of publication, the portal's own feed may.
    """
    grouped: dict[tuple[str, str], list[PortalItem]] = {}
    fed: dict[str, date] = {}
    for each in observations:
        if isinstance(each, FeedRead):
            fed |= {normalise(url): day for url, day in each.entries if day is not None}
        elif isinstance(each, NewsItem | LegalDocument | Directive | Article):
            grouped.setdefault((each.kind, each.identity), []).append(each)
    for kind, identity in list(grouped):
        # A row of a list that nothing names is an article; the item's page, or another list, says what it is.
        told = next((k for k in _NAMED if (k, identity) in grouped), "")
        if kind == "article" and told:
            grouped[told, identity] += grouped.pop((kind, identity))
    found = (_whole(kind, identity, parts) for (kind, identity), parts in grouped.items())
    return tuple(_dated(item, fed) for item in found) if fed else tuple(found)


def own_items(holdings: Holdings, registry: Iterable[Agency]) -> tuple[Whole, ...]:
    """Return the items that are not another agency's: a neighbour's news in a box is the neighbour's."""
    found = wholes(holdings.observations)
    theirs = of_another({item.url for item in found}, holdings.agency, registry)
    return tuple(item for item in found if item.url not in theirs)


def _dated(item: Whole, fed: Mapping[str, date]) -> Whole:
    """Return an item with the day that a feed tells, if nothing was printed or only a span of time."""
    silent = not item.published_text or item.published_text.endswith(": imprecise")
    day = fed.get(normalise(item.url)) if silent and item.published is None else None
    return item if day is None else replace(item, published=day, published_text=f"feed {day.isoformat()}")


def _whole(kind: str, identity: str, parts: Sequence[PortalItem]) -> Whole:
    best = sorted(parts, key=lambda p: (_PARTS[p.part], p.run))
    pages = [p for p in best if p.part == "page"]
    rows = [p for p in parts if p.part != "page"]

    def text(field: str) -> str:
        return next((str(v) for p in reversed(best) if (v := getattr(p, field))), "")

    def day(field: str) -> date | None:
        found = (getattr(p, field) for p in reversed(best))
        return next((v for v in found if isinstance(v, date)), None)

    published = day("published")
    return Whole(
        kind=kind,
        identity=identity,
        url=(pages or list(parts))[-1].url,
        title=text("title"),
        published=published,
        published_text=text("published_text"),
        summary=text("summary"),
        number=text("number"),
        issued=day("issued"),
        effective=day("effective"),
        effective_text=text("effective_text"),
        issuer=text("issuer"),
        doc_type=text("doc_type"),
        signer=text("signer"),
        attachments=tuple(dict.fromkeys(a for p in reversed(best) for a in p.attachments)),
        source_line=text("source_line"),
        lists=tuple(dict.fromkeys(p.list_url for p in rows if p.list_url)),
        headings=tuple(dict.fromkeys(p.list_heading for p in parts if p.list_heading)),
        runs=tuple(sorted({p.run for p in parts})),
        page=pages[-1].seen if pages else None,
        seen=parts[0].seen,
        parts=tuple(best),
    )


def in_lists(items: Iterable[Whole], lists: Mapping[str, object]) -> list[Whole]:
    """Return the items that stood in one of the lists."""
    return [item for item in items if any(url in lists for url in item.lists)]
