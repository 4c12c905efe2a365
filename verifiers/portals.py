"""Everything held about one agency's portal, over all visits: items, files, whose pages they are (G3, G4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from minhchung.agencies import Agency
from minhchung.evidence import EvidenceRecord, Failure, RunId
from minhchung.holdings import Holdings, VisitReport
from minhchung.observations import Attachment, ImageFile, Item, ListCapture, Question, SitePage, Walk
from minhchung.places import Places, own_places
from minhchung.text_keys import holds, k2
from verifiers.addresses import host_of, normal, page_key
from verifiers.blocks import ANSWERED, MOVED, Boilerplate, count_boilerplate, is_own_file, is_own_image
from verifiers.headings import Words, names_of
from verifiers.interface import CommonSettings, Context
from verifiers.passes import by_run, portal_visits

File = TypeVar("File", Attachment, ImageFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """What one visit's pages repeated, under three answers to what the unseen pages hold."""

    strict: Boilerplate
    """May be repeated: every unseen page holds it."""

    loose: Boilerplate
    """Is repeated on the pages that were seen."""

    sure: Boilerplate
    """Is repeated even if no unseen page holds it."""


@dataclass(frozen=True, kw_only=True)
class Portal:
    """What the visits up to the freeze brought; everything else follows from it and is worked out once."""

    agency: Agency
    common: CommonSettings
    context: Context
    holdings: Holdings
    visits: tuple[VisitReport, ...]
    """Every visit to the portal up to the freeze, oldest first, whatever it brought."""

    names: tuple[Words, ...]
    places: Places
    _repeated: dict[RunId, Repeated] = field(default_factory=dict)

    @cached_property
    def pages(self) -> Mapping[RunId, tuple[SitePage, ...]]:
        """The agency's own pages by run."""
        found = by_run(self.holdings, SitePage)
        return {v.run: tuple(p for p in found.get(v.run, ()) if self.is_own(p)) for v in self.visits}

    @cached_property
    def walks(self) -> Mapping[RunId, Walk]:
        """The walk of each run that made one."""
        return {run: seen[-1] for run, seen in by_run(self.holdings, Walk).items()}

    @cached_property
    def captures(self) -> Mapping[RunId, tuple[ListCapture, ...]]:
        """The captures of lists by run."""
        return by_run(self.holdings, ListCapture)

    @cached_property
    def item_kinds(self) -> Mapping[str, str]:
        """The kind of the item at each page key; an item of a news list stays news."""
        found: dict[str, str] = {}
        for each in self.holdings.observations:
            if isinstance(each, Item | Question):
                key, kind = page_key(each.url), str(getattr(each, "kind", "item"))
                if found.get(key) != "news":
                    found[key] = kind
        return found

    @cached_property
    def _keys(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for each in self.holdings.observations:
            if isinstance(each, Item | Question):
                found[each.identity].add(page_key(each.url))
        return {identity: frozenset(keys) for identity, keys in found.items()}

    def item_keys(self, identity: str) -> frozenset[str]:
        """Return the page keys at which an item was seen."""
        return self._keys.get(identity, frozenset())

    @cached_property
    def _item_pages(self) -> Mapping[str, tuple[SitePage, ...]]:
        found: dict[str, list[SitePage]] = defaultdict(list)
        for visit in self.visits:
            for page in self.pages[visit.run]:
                key = page_key(page.url)
                if page.role == "item" or key in self.item_kinds:
                    found[key].append(page)
        return {key: tuple(seen) for key, seen in found.items()}

    def item_page(self, url: str, visit: VisitReport | None = None) -> SitePage | None:
        """Return the newest page read of an item, up to a visit where one is given."""
        seen = self._item_pages.get(page_key(url), ())
        if visit is not None:
            seen = tuple(p for p in seen if p.run <= visit.run)
        return seen[-1] if seen else None

    @cached_property
    def _files(self) -> Mapping[str, tuple[Attachment, ...]]:
        return _by_address(self.holdings, Attachment)

    @cached_property
    def _images(self) -> Mapping[str, tuple[ImageFile, ...]]:
        return _by_address(self.holdings, ImageFile)

    @cached_property
    def _records(self) -> Mapping[str, EvidenceRecord]:
        """The newest record of each address."""
        newest: dict[str, EvidenceRecord] = {}
        for record in self.holdings.records.values():
            url = normal(record.url)
            if url not in newest or record.captured_at >= newest[url].captured_at:
                newest[url] = record
        return newest

    def answered(self, url: str) -> bool | None:
        """Say whether an address last answered well; None where it was never asked or stayed silent."""
        record = self._records.get(normal(url))
        if record is None or record.failure not in (None, Failure.HTTP_4XX):
            return None
        return record.status in ANSWERED or record.status in MOVED

    def own_file(self, url: str) -> Attachment | None:
        """Return the file of an address when what it last answered is a file of a type that counts."""
        seen = self._files.get(normal(url), ())
        return seen[-1] if seen and is_own_file(seen[-1]) else None

    def file_answered(self, url: str) -> bool:
        """Say whether it is known what stands at an address that was offered as a file."""
        return normal(url) in self._files or normal(url) in self._records

    def own_image(self, url: str) -> ImageFile | None:
        """Return the image file of an address when it is wide enough to be content."""
        return next((i for i in self._images.get(normal(url), ()) if is_own_image(i)), None)

    def image_answered(self, url: str) -> bool:
        """Say whether it is known what stands at an image's address."""
        return normal(url) in self._images or normal(url) in self._records

    def is_own(self, page: SitePage) -> bool:
        """Say whether a page is the agency's: on its own places, or on a shared host and naming it (G3)."""
        if self.places.hold(page.url):
            return True
        return host_of(page.url) in self.context.shared_hosts and self.is_named_on(page)

    def is_near(self, url: str) -> bool:
        """Say whether an address is the agency's own or on a shared host."""
        return self.places.hold(url) or host_of(url) in self.context.shared_hosts

    def is_named_on(self, page: SitePage) -> bool:
        """Say whether the page's own words hold the agency's name or an alias."""
        said = (page.title, *(b.text for b in page.headings), *(b.text for b in page.blocks))
        text = k2("\n".join(said))
        return any(holds(text, " ".join(name)) for name in self.names)

    def repeated(self, run: RunId) -> Repeated:
        """Return what the pages of one run repeated."""
        kept = self._repeated.get(run)
        if kept is None:
            kept = self._repeated[run] = self._count(run)
        return kept

    def _count(self, run: RunId) -> Repeated:
        pages = self.pages.get(run, ())
        walk = self.walks.get(run)
        walked = _walked(walk, pages) if walk else None
        loose = count_boilerplate(pages, self.common, walked=walked)
        unseen = sum(not step.answered and self.is_near(step.url) for step in walk.pages) if walk else 0
        capped = walk.capped if walk else False
        if not (unseen or capped):
            return Repeated(strict=loose, loose=loose, sure=loose)
        return Repeated(
            strict=count_boilerplate(pages, self.common, walked=walked, unseen=unseen, capped=capped),
            loose=loose,
            sure=count_boilerplate(pages, self.common, walked=walked, unseen=unseen, hold=False),
        )


def _walked(walk: Walk, pages: Iterable[SitePage]) -> frozenset[str]:
    records = {step.record for step in walk.pages}
    steps = {page_key(step.url) for step in walk.pages}
    return frozenset(
        key for page in pages if (key := page_key(page.url)) in steps or page.seen.record in records
    )


def _by_address(holdings: Holdings, kind: type[File]) -> Mapping[str, tuple[File, ...]]:
    found: dict[str, list[File]] = defaultdict(list)
    for each in holdings.observations:
        if isinstance(each, kind):
            found[normal(each.url)].append(each)
    return {url: tuple(seen) for url, seen in found.items()}


def read_portal(holdings: Holdings, context: Context) -> Portal:
    """Return what is held of the portal, for one verifier's question."""
    agency = holdings.agency
    return Portal(
        agency=agency,
        common=context.common,
        context=context,
        holdings=holdings,
        visits=portal_visits(holdings, context),
        names=names_of(agency),
        places=own_places(agency, context.registry),
    )
