"""Crawling: one visit per agency and run, from the canaries to the sealed report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from collectors.account import MOST_FAILURES
from collectors.asking import Asker
from collectors.barrier import contained
from collectors.canaries import Canaries, Watch
from collectors.changes import changes, last_rows, said
from collectors.fetcher import Fetcher
from collectors.group_commit import GroupCommit
from collectors.guard import ForbiddenError
from collectors.monitors import baseline, judged, told
from collectors.reading.profiles import lay_over
from collectors.robots import RobotsBook
from collectors.second_look import ITEM_KINDS
from collectors.whole import WholeVisit
from minhchung.addresses import normalise
from minhchung.agencies import Agency
from minhchung.clock import Clock
from minhchung.errors import UnreachableError
from minhchung.evidence import PORTAL, SNAPSHOT, WHOLE, AgencyCode, Failure, RunId, SourceKey
from minhchung.holdings import Change, VisitReport
from minhchung.observations import Item, ListCapture, PageGlance, Walk
from minhchung.places import near_places, own_places
from minhchung.ports import Recorder
from minhchung.sites import SiteProfile
from minhchung.snapshots import CitedPage, PageCapture
from minhchung.sources import AgenciesFile, CrawlTerms, Network
from minhchung.text_keys import k2

if TYPE_CHECKING:
    from pathlib import Path

    from collectors.file_reader import FileReader
    from collectors.first_look import State
    from collectors.platforms.interface import Platform
    from collectors.rendering import SharedBrowser
    from collectors.trip import Trip
    from collectors.visit import Visit

Scope = Literal["lists", "host", "whole"]


class Crawl:
    """Visits portals; one for all visits of a run."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        recorder: Recorder,
        clock: Clock,
        network: Network,
        terms: CrawlTerms,
        registry: AgenciesFile,
        seed: str = "",
        since: date | None = None,
        until: float | None = None,
        signature_roots: Iterable[Path] = (),
    ) -> None:
        """Crawl for `registry`; `seed` names the round of seeded samples, `since` the oldest day wanted.

        `until`, of the loop's clock, ends every visit; `signature_roots` are PEM files of authorities.
        """
        self._fetcher, self._recorder, self._clock = fetcher, recorder, clock
        self._network, self._terms, self._registry = network, terms, registry
        self._seed, self._since, self._until = seed, since, until
        self._books: dict[RunId, RobotsBook] = {}
        self._group = GroupCommit(recorder)
        self._signature_roots = tuple(signature_roots)
        self.canaries = Canaries(fetcher=fetcher, recorder=recorder, clock=clock, addresses=registry.canaries)

    async def visit(
        self,
        agency: Agency,
        platform: Platform,
        profile: SiteProfile | None,
        run: RunId,
        scope: Literal["lists", "host"],
    ) -> VisitReport:
        """Visit one agency's portal; everything asked, seen and concluded is kept before this returns.

        Raises StorageError when it cannot be kept. What the portal does is never raised: it is told.
        """
        # Imported here: keeping portals whole needs no reader.
        from collectors.rendering import Renderer
        from collectors.visit import Visit

        began_at = self._clock.now()
        with self._group.visiting():
            watch = Watch(self.canaries, run)
            if (nothing := await self._nothing(agency, watch, run, PORTAL, scope, began_at)) is not None:
                return await self._sealed(nothing)
            trip = self._trip(agency, platform, profile, run, scope, watch)
            async with self._browser.lent(), self._files.lent():
                renderer = Renderer(self._browser, self._network.browser)
                visit = Visit(trip, self._network.concurrency_per_host, renderer)
                state, detail = await contained(visit.go())
            report = await self._report(trip.asker, watch, scope, began_at, state, detail, visit.notes())
            failure = _failure_of(visit, state)
            report = replace(report, failure=failure, addresses=await self._addresses(agency))
            listed, captures = tuple(trip.listed.values()), visit.lists.captures()
            report = told(replace(report, items=len(trip.rows)), listed)
            report = self._judged(report, listed, captures, visit.second.changes)
            return await self._sealed(report, captures, visit.walk())

    def _judged(
        self,
        report: VisitReport,
        listed: Sequence[Item],
        captures: Sequence[ListCapture],
        edits: Sequence[Change],
    ) -> VisitReport:
        """Hold a visit against the last one that was seen whole, and tell what changed since."""
        recorder, monitors = self._recorder, self._terms.monitors
        agency = AgencyCode(report.agency)
        before = baseline(report, recorder.visits_of(agency, PORTAL), monitors)
        if before is None or before.record is None:
            return judged(report, None, captures, (), monitors)
        lists = [each for each in recorder.observations_of(before.record) if isinstance(each, ListCapture)]
        kept = (each for each in recorder.kept(agency, ITEM_KINDS) if each.run != report.run)
        known = frozenset(each.list_url for each in captures if recorder.last_capture(agency, each.list_url))
        found = (*changes(report, before, listed, last_rows(kept), known), *edits)
        detail = "; ".join(filter(None, (report.detail, said(found))))
        return judged(replace(report, changes=found, detail=detail), before, captures, lists, monitors)

    async def keep(self, agency: Agency, laid: SiteProfile, run: RunId) -> VisitReport:
        """Keep one agency's portal whole; `laid` is its profile over its platform's. Raises as `visit`."""
        began_at = self._clock.now()
        with self._group.visiting():
            watch = Watch(self.canaries, run)
            if (nothing := await self._nothing(agency, watch, run, WHOLE, "whole", began_at)) is not None:
                return await self._sealed(nothing)
            asker, recorder = self._asker(agency, laid, run, WHOLE, watch), self._recorder
            earlier = recorder.visits_of(agency.code, WHOLE)
            held = recorder.kept(agency.code, ("page_glance",)) if earlier and not earlier[-1].cut else ()
            visit = WholeVisit(
                asker=asker,
                recorder=recorder,
                home=agency.portal,
                own=asker.own,
                known=recorder.answered_addresses(agency.code, WHOLE) if earlier else (),
                held=(each for each in held if isinstance(each, PageGlance)),
            )
            state, detail = await contained(visit.go(self._network.concurrency_per_host))
            report = await self._report(asker, watch, "whole", began_at, state, detail, visit.notes())
            return await self._sealed(replace(report, cut=visit.cut))

    @cached_property
    def _browser(self) -> SharedBrowser:
        from collectors.rendering import SharedBrowser

        return SharedBrowser(self._network.browser)

    @cached_property
    def _files(self) -> FileReader:
        from collectors.file_reader import FileReader

        return FileReader(self._network.files, self._signature_roots)

    async def capture(
        self, agency: Agency, laid: SiteProfile, run: RunId, cited: Iterable[CitedPage]
    ) -> tuple[VisitReport, tuple[PageCapture, ...]]:
        """Capture pages that findings cite, with their parts and a picture where a browser is there.

        Raises as `visit`. How a page answers is never raised: it is told.
        """
        from collectors.snapshots import SnapshotVisit

        began_at = self._clock.now()
        watch = Watch(self.canaries, run)
        asker = self._asker(agency, laid, run, SNAPSHOT, watch)
        near = (*self._registry.shared_hosts, *self._registry.service_portal_hosts)
        visit = SnapshotVisit(
            asker=asker,
            recorder=self._recorder,
            clock=self._clock,
            browsers=self._browser,
            limits=self._network.snapshots,
            own=near_places(agency, self._registry.agency, near),
            run=run,
        )
        with self._group.visiting():
            async with self._browser.lent():
                taken = [await visit.take(page) for page in cited]
            report = await self._report(asker, watch, "snapshot", began_at, "ok", "", ())
            return await self._sealed(report), tuple(taken)

    async def _nothing(
        self,
        agency: Agency,
        watch: Watch,
        run: RunId,
        source: SourceKey,
        scope: Scope,
        began_at: datetime,
    ) -> VisitReport | None:
        """Return the account of a visit that may not begin, None where it may."""
        if not agency.portal:
            return _empty(agency, run, source, scope, began_at, "no-portal")
        if await watch.look():
            return None
        sick = _empty(agency, run, source, scope, began_at, "incident")
        return replace(sick, canaries=False, canary_checks=watch.checks)

    async def _addresses(self, agency: Agency) -> tuple[str, ...]:
        """Return what the portal's host resolved to when it was asked; nothing where it did not."""
        try:
            return await self._fetcher.addresses(agency.portal)
        except (ForbiddenError, UnreachableError):
            return ()

    async def _report(
        self,
        asker: Asker,
        watch: Watch,
        scope: Scope | Literal["snapshot"],
        began_at: datetime,
        state: State,
        detail: str,
        notes: tuple[str, ...],
    ) -> VisitReport:
        account = asker.account
        broke = any(failure.breakdown for _, failure in account.failures)
        await watch.look(fresh=state != "ok" or broke)
        outcomes = {outcome.value: count for outcome, count in account.outcomes.items()}
        return VisitReport(
            agency=asker.agency,
            run=asker.run,
            source=asker.source,
            scope=scope,
            began_at=began_at,
            ended_at=self._clock.now(),
            attempts=account.attempts,
            fetched=outcomes.get("fetched", 0),
            not_modified=outcomes.get("not-modified", 0),
            refused=outcomes.get("refused", 0),
            failed=outcomes.get("failed", 0),
            gone=account.gone,
            state=state,
            detail="; ".join((*([detail] if detail else []), *asker.notes, *notes)),
            failures=tuple(account.failures[:MOST_FAILURES]),
            canaries=watch.well,
            canary_checks=watch.checks,
        )

    def _asker(self, agency: Agency, laid: SiteProfile, run: RunId, source: SourceKey, watch: Watch) -> Asker:
        return Asker(
            fetcher=self._fetcher,
            recorder=self._recorder,
            book=self._books.setdefault(run, RobotsBook()),
            agency=agency.code,
            source=source,
            run=run,
            profile=laid,
            own=own_places(agency, self._registry.agency),
            most=laid.max_pages,
            until=self._until,
            watch=watch,
        )

    def _trip(
        self,
        agency: Agency,
        platform: Platform,
        profile: SiteProfile | None,
        run: RunId,
        scope: Literal["lists", "host"],
        watch: Watch,
    ) -> Trip:
        from collectors.file_book import FileBook
        from collectors.files import unsound_files
        from collectors.trip import Trip

        default = platform.profile()
        laid = lay_over(default, profile) if profile is not None else default
        registry = self._registry
        near = near_places(agency, registry.agency, (*registry.shared_hosts, *registry.service_portal_hosts))
        asker = self._asker(agency, laid, run, PORTAL, watch)
        answered = self._recorder.answered_addresses(agency.code, PORTAL)
        # What was served in place of a file is no file until it was so twice: it is asked for again.
        answered -= unsound_files(self._recorder.kept(agency.code, ("attachment",)))
        return Trip(
            agency=agency,
            platform=platform,
            profile=laid,
            terms=self._terms,
            run=run,
            scope=scope,
            seed=f"{self._seed}/{agency.code}/support_functions",
            since=self._since,
            clock=self._clock,
            recorder=self._recorder,
            asker=asker,
            files=FileBook(self._files, self._network.files),
            own=asker.own,
            near=near,
            answered=frozenset(map(normalise, answered)),
            names=tuple(filter(None, map(k2, (agency.name, *agency.aliases)))),
        )

    async def _sealed(
        self, report: VisitReport, captures: Iterable[ListCapture] = (), walk: Walk | None = None
    ) -> VisitReport:
        record = self._recorder.visit(report, captures, walk)
        await self._group.commit()
        return replace(report, record=record.id)


def _empty(
    agency: Agency,
    run: RunId,
    source: SourceKey,
    scope: Scope,
    began_at: datetime,
    state: Literal["no-portal", "incident"],
) -> VisitReport:
    """Return the account of a visit that asked for nothing."""
    return VisitReport(
        agency=agency.code,
        run=run,
        source=source,
        scope=scope,
        began_at=began_at,
        ended_at=began_at,
        attempts=0,
        fetched=0,
        not_modified=0,
        refused=0,
        failed=0,
        state=state,
        detail="chưa xác nhận địa chỉ của cổng"
        if state == "no-portal"
        else "không địa chỉ kiểm tra nào trả lời: sự cố ở phía hệ thống thu thập",
    )


def _failure_of(visit: Visit, state: State) -> Failure | None:
    """Return why the first page did not come; a visit that broke over a page did so by what it held."""
    failure = visit.home.answer.failure if visit.home is not None else None
    return Failure.BAD_CONTENT if failure is None and state == "incident" else failure
