"""What one visit knows: whose portal, by which reader and profile, in which run, with whom it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Literal

from collectors.answers import Answer, Ask
from collectors.asking import Asker
from collectors.barrier import READER_FAULTS
from collectors.file_book import FileBook
from collectors.platforms.interface import Link, ListFacts, PageContext, Platform
from collectors.sniff import is_noise, kind_of
from collectors.soft404 import NotFound
from minhchung.addresses import normalise, route_of, without_route
from minhchung.agencies import Agency
from minhchung.clock import Clock
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord, RunId
from minhchung.observations import (
    Item,
    Observation,
    Question,
    ScheduleEntry,
    SitePage,
)
from minhchung.places import Places
from minhchung.ports import Recorder
from minhchung.sites import SiteProfile
from minhchung.sources import CrawlTerms
from minhchung.text_keys import holds, k2

MOST_PAGE_BYTES: Final = 10_000_000
"""Decoded; a larger page is sealed and not read."""

_ROWS = (Item, Question, ScheduleEntry)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """What a reader found on one page."""

    answer: Answer
    link: Link
    page: SitePage | None = None
    rows: tuple[Observation, ...] = ()
    facts: tuple[ListFacts, ...] = ()
    links: tuple[Link, ...] = ()
    unread: str = ""
    """Why the reader could make nothing of it."""

    file: str = ""
    """What it is instead of a page: pdf, zip, …"""

    missing: bool = False
    """The page says that it is not there."""

    held: tuple[Observation, ...] = ()
    """Not kept yet: the page may look otherwise once its scripts have run."""

    goes_on: bool = False
    """The next page of its list has been turned to in the browser, and follows."""

    cut: bool = False
    """We stopped turning its list in the browser before that ended."""


@dataclass(slots=True, kw_only=True)
class Trip:
    """One visit's surroundings and what has been seen so far."""

    agency: Agency
    platform: Platform
    profile: SiteProfile
    terms: CrawlTerms
    run: RunId
    scope: Literal["lists", "host"]
    seed: str
    since: date | None
    clock: Clock
    recorder: Recorder
    asker: Asker
    files: FileBook
    own: Places
    """The agency's hosts and paths."""

    near: Places
    """Those, the province's shared hosts and its public-service portal."""

    answered: frozenset[str]
    """Normal addresses that an earlier visit has read."""

    names: tuple[str, ...]
    """k2 of the agency's name and aliases."""

    not_found: NotFound = field(default_factory=NotFound)
    rows: dict[tuple[str, str], Observation] = field(default_factory=dict)
    """(kind, identity) -> the first sight of it in this visit."""

    listed: dict[tuple[str, str], Item] = field(default_factory=dict)
    """The same of items as lists show them, whatever their own pages say."""

    changed: dict[str, datetime] = field(default_factory=dict)
    """Normal address of a page read before -> when a feed or sitemap says that it was changed."""

    shells: dict[str, Answer] = field(default_factory=dict)
    """Address -> the one answer behind all its routes, which scripts tell apart and servers do not."""

    async def ask(self, link: Link, *, retries: int, within: Places | None, opening: bool = False) -> Answer:
        """Ask for a link; for the routes of one address once."""
        routed = link.method == "GET" and bool(route_of(link.url.partition("#")[2]))
        if routed and (shell := self.shells.get(without_route(link.url))) is not None:
            return shell
        answer = await self.asker.ask(
            Ask(
                url=link.url,
                method=link.method,
                body=link.body,
                body_type=link.body_type if link.body else "",
                retries=retries,
                within=within,
                opening=opening,
            )
        )
        if routed and answer.usable:
            self.shells[without_route(link.url)] = replace(answer, kept=True)
        return answer

    def read(self, answer: Answer, link: Link, *, observe: bool = True, hold: bool = False) -> PageRead:
        """Let the platform read an answer; keep what it saw unless that is kept already.

        With `hold`, what is seen on a page whose scripts are still to run is handed back instead.
        """
        record = answer.record
        if record is None or not answer.usable:
            return PageRead(answer=answer, link=link)
        if (kind := kind_of(answer.body)) not in ("html", "text", "unknown"):
            return PageRead(answer=answer, link=link, unread="là tệp, không phải trang", file=kind)
        if kind == "unknown" and is_noise(answer.body):
            return PageRead(answer=answer, link=link, unread="không phải văn bản: các byte không đọc được")
        if len(answer.body) > MOST_PAGE_BYTES:
            return PageRead(
                answer=answer, link=link, unread=f"{len(answer.body)} byte: quá lớn để là một trang"
            )
        observe = observe and not answer.kept
        return self.read_body(answer, record, answer.body, link, observe=observe, hold=hold)

    def read_body(
        self,
        answer: Answer,
        record: EvidenceRecord,
        body: bytes,
        link: Link,
        *,
        observe: bool,
        hold: bool = False,
    ) -> PageRead:
        """Let the platform read the body of a record."""
        try:
            found = list(self.platform.read(record, body, self._context(link)))
        except UnrecognisedError as exc:
            return PageRead(answer=answer, link=link, unread=str(exc))
        except READER_FAULTS as exc:
            return PageRead(answer=answer, link=link, unread=f"bộ đọc lỗi: {exc!r}"[:300])
        return self._sorted(answer, link, found, observe=observe, hold=hold)

    def facts(self, record: EvidenceRecord, body: bytes, link: Link) -> tuple[ListFacts, ...]:
        """Return what a page says of its lists, and keep nothing of it."""
        try:
            found = list(self.platform.read(record, body, self._context(link)))
        except (UnrecognisedError, *READER_FAULTS):
            return ()
        return tuple(each for each in found if isinstance(each, ListFacts))

    def _context(self, link: Link) -> PageContext:
        return PageContext(
            agency=self.agency,
            profile=self.profile,
            terms=self.terms,
            role=link.role,
            list_key=link.list_key,
            page=link.page,
            kind=link.kind,
            identity=link.identity,
            text=link.text,
        )

    def _sorted(
        self,
        answer: Answer,
        link: Link,
        found: Iterable[Observation | Link | ListFacts],
        *,
        observe: bool,
        hold: bool,
    ) -> PageRead:
        seen: list[Observation] = []
        facts: list[ListFacts] = []
        links: list[Link] = []
        page: SitePage | None = None
        for each in found:
            if isinstance(each, Link):
                links.append(each)
            elif isinstance(each, ListFacts):
                facts.append(each)
            else:
                seen.append(each)
                if isinstance(each, SitePage):
                    page = each
        if page is not None and link.role in ("site", "item") and self.not_found.is_missing(page):
            # Sealed, but no content: nothing is kept of what the reader made of it.
            return PageRead(answer=answer, link=link, page=page, missing=True)
        if page is not None and not self.own.hold(page.url):
            # The service portal's pages count where a component says so; nothing on them is the agency's.
            page = replace(page, role="foreign")
            seen, facts, links = [page], [], []
        rows = tuple(each for each in seen if isinstance(each, _ROWS))
        for row in rows:
            self._take(row)
        held: tuple[Observation, ...] = ()
        if hold and page is not None and (page.shell or self.profile.renderer == "browser"):
            held = tuple(seen) if observe else ()
        elif observe:
            self.recorder.observe(seen)
        return PageRead(
            answer=answer,
            link=link,
            page=page,
            rows=rows,
            facts=tuple(facts),
            links=tuple(links),
            held=held,
        )

    def _take(self, row: Observation) -> None:
        """Remember the first sight of an item; where its row shows no day, the page that does."""
        key = (row.kind, _identity(row))
        if isinstance(row, Item) and row.part == "row":
            self.listed.setdefault(key, row)
        first = self.rows.setdefault(key, row)
        if isinstance(first, Item) and isinstance(row, Item) and first.published is None is not row.published:
            self.rows[key] = replace(row, title=first.title or row.title, url=first.url)

    def names_agency(self, page: SitePage) -> bool:
        """Say whether the page's title or header bears the agency's name."""
        header = " ".join(block.text for block in page.blocks if block.region == "header")
        keys = (k2(page.title), k2(header), *(k2(h.text) for h in page.headings if h.tag == "h1"))
        return any(holds(key, name) for key in keys for name in self.names)

    def note_changed(self, changed: Mapping[str, datetime]) -> None:
        """Take what a feed or sitemap says of pages that an earlier visit has read."""
        for url, when in changed.items():
            if (key := normalise(url)) in self.answered:
                self.changed[key] = max(when, self.changed.get(key, when))

    def was_answered(self, url: str) -> bool:
        """Say whether an earlier visit has read this address."""
        return normalise(url) in self.answered


def _identity(row: Observation) -> str:
    if isinstance(row, Item | Question):
        return row.identity
    if isinstance(row, ScheduleEntry):
        return f"{row.first}/{row.text}"
    return ""
