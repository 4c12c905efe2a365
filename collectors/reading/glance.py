"""A page at a glance: title, declared day and links, for crawls that keep pages without judging them.

One parse and three look-ups; what a page says in full is read by a platform (`collectors.reading.reader`),
which costs a hundred times as much and can be done at any later time from the sealed bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from collectors.addresses import absolute
from collectors.charset import text
from collectors.reading.markup import Node, Tree, attribute, parse
from collectors.reading.texts import tidy
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord, Locator
from minhchung.observations import PageGlance
from minhchung.periods import local_day

_DECLARED: Final = (
    ("time[datetime]", "datetime"),
    ('meta[property="article:published_time"]', "content"),
)
"""Where pages tell machines their day, in the order in which it is believed."""


@dataclass(frozen=True, slots=True)
class Glance:
    """Title, day and links of one page."""

    title: str
    published: date | None
    base: str
    """What relative links are relative to."""

    hrefs: Sequence[str]
    """As written, in order."""

    def observation(self, record: EvidenceRecord) -> PageGlance:
        """Return it as it is kept."""
        return PageGlance(
            agency=record.agency,
            run=record.run,
            seen=Locator(record=record.id),
            url=record.url,
            title=self.title,
            published=self.published,
            links=len(self.hrefs),
        )


def glance(body: bytes, content_type: str, url: str) -> Glance | None:
    """Return what a page shows at a glance, or None where the bytes are no markup."""
    try:
        tree = parse(text(body, content_type))
    except UnrecognisedError:
        return None
    title = tree.css_first("title")
    declared = tree.css_first("base[href]")
    base = absolute(url, attribute(declared, "href")) if declared is not None else ""
    return Glance(
        title=tidy(title.text()) if title is not None else "",
        published=_published(tree),
        base=base or url,
        hrefs=[href for link in _links(tree) if (href := link.attributes["href"])],
    )


def _links(tree: Tree) -> list[Node]:
    """Return the links of a page in order; few pages have areas, and asking for both at once costs thrice."""
    areas = tree.css_first("area[href]")
    return list(tree.css("a[href]" if areas is None else "a[href], area[href]"))


def _published(tree: Tree) -> date | None:
    for selector, name in _DECLARED:
        found = tree.css_first(selector)
        if found is not None and (day := _day(attribute(found, name))) is not None:
            return day
    return None


def _day(declared: str) -> date | None:
    try:
        instant = datetime.fromisoformat(declared.strip())
        return local_day(instant) if instant.tzinfo is not None else instant.date()
    except (ValueError, OverflowError):  # the last day there is, said of a zone where it is the next
        return None
