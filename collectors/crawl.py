"""Crawling: one visit per agency and run, from the canaries to the sealed report."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import date, datetime
from typing import Final, Literal

from collectors.account import MOST_FAILURES
from collectors.addresses import near_places, own_places
from collectors.asking import Asker
from collectors.fetcher import Fetcher, FetchRequest
from collectors.files import unsound_files
from collectors.platforms.interface import Platform
from collectors.reading.profiles import lay_over
from collectors.rendering import Renderer, SharedBrowser
from collectors.robots import RobotsBook
from collectors.trip import Trip
from collectors.visit import State, Visit
from collectors.whole import WholeVisit
from minhchung.addresses import normalise
from minhchung.agencies import Agency
from minhchung.clock import Clock
from minhchung.evidence import PORTAL, WHOLE, Exchange, RunId, SourceKey
from minhchung.holdings import VisitReport
from minhchung.observations import PageGlance
from minhchung.ports import Recorder
from minhchung.sites import SiteProfile
from minhchung.sources import AgenciesFile, CrawlTerms, Network
from minhchung.text_keys import k2

CANARY_KEPT: Final = 20.0
"""Seconds for which one answer about our own health stands."""

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
    ) -> None:
        """Crawl for `registry`; `seed` names the round of seeded samples, `since` the oldest day wanted.

        `until`, of the loop's clock, ends every visit.
        """
        self._fetcher, self._recorder, self._clock = fetcher, recorder, clock
        self._network, self._terms, self._registry = network, terms, registry
        self._seed, self._since, self._until = seed, since, until
        self._books: dict[RunId, RobotsBook] = {}
        self._health: tuple[float, bool] | None = None
        self._asking_health = asyncio.Lock()
        self._browser = SharedBrowser(network.browser)

    async def visit(
        self,
        agency: Agency,
        platform: Platform,
        profile: SiteProfile | None,
        run: RunId,
        scope: Scope,
    ) -> VisitReport:
        """Visit one agency's portal; everything asked, seen and concluded is kept before this returns.

        Raises StorageError when it cannot be kept. What the portal does is never raised: it is told.
        """
        began_at = self._clock.now()
        if not agency.portal:
            return self._sealed(_empty(agency, run, scope, began_at, "no-portal"))
        if not await self._healthy():
            return self._sealed(_empty(agency, run, scope, began_at, "incident", canaries=False))
        if scope == "whole":
            return await self._keep_whole(agency, platform, profile, run, began_at)
        trip = self._trip(agency, platform, profile, run, scope)
        async with self._browser.lent() as browser:
            visit = Visit(trip, self._network.concurrency_per_host, Renderer(browser, self._network.browser))
            state, detail = await visit.go()
        report = await self._report(trip.asker, PORTAL, scope, run, began_at, state, detail, visit.notes())
        report = replace(report, items=len(trip.rows))
        record = self._recorder.visit(report, visit.lists.captures(), visit.walk())
        self._recorder.commit()
        return replace(report, record=record.id)

    async def _keep_whole(
        self,
        agency: Agency,
        platform: Platform,
        profile: SiteProfile | None,
        run: RunId,
        began_at: datetime,
    ) -> VisitReport:
        asker = self._asker(agency, _laid(platform, profile), run, WHOLE)
        earlier = self._recorder.visits_of(agency.code, WHOLE)
        held = self._recorder.kept(agency.code, ("page_glance",)) if earlier and not earlier[-1].cut else ()
        visit = WholeVisit(
            asker=asker,
            recorder=self._recorder,
            home=agency.portal,
            own=own_places(agency, self._registry.agency),
            known=self._recorder.answered_addresses(agency.code, WHOLE) if earlier else (),
            held=(each for each in held if isinstance(each, PageGlance)),
        )
        state, detail = await visit.go(self._network.concurrency_per_host)
        report = await self._report(asker, WHOLE, "whole", run, began_at, state, detail, visit.notes())
        report = replace(report, cut=visit.cut)
        return self._sealed(report)

    async def _report(
        self,
        asker: Asker,
        source: SourceKey,
        scope: Scope,
        run: RunId,
        began_at: datetime,
        state: State,
        detail: str,
        notes: tuple[str, ...],
    ) -> VisitReport:
        canaries = await self._healthy(fresh=state != "ok")
        account = asker.account
        outcomes = {outcome.value: count for outcome, count in account.outcomes.items()}
        return VisitReport(
            agency=asker.agency,
            run=run,
            source=source,
            scope=scope,
            began_at=began_at,
            ended_at=self._clock.now(),
            attempts=account.attempts,
            fetched=outcomes.get("fetched", 0),
            not_modified=outcomes.get("not-modified", 0),
            refused=outcomes.get("refused", 0),
            failed=outcomes.get("failed", 0),
            state=state,
            detail="; ".join((*([detail] if detail else []), *asker.notes, *notes)),
            failures=tuple(account.failures[:MOST_FAILURES]),
            canaries=canaries,
        )

    def _asker(self, agency: Agency, laid: SiteProfile, run: RunId, source: SourceKey) -> Asker:
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
        )

    def _trip(
        self,
        agency: Agency,
        platform: Platform,
        profile: SiteProfile | None,
        run: RunId,
        scope: Literal["lists", "host"],
    ) -> Trip:
        laid = _laid(platform, profile)
        registry = self._registry
        own = own_places(agency, registry.agency)
        near = near_places(agency, registry.agency, (*registry.shared_hosts, *registry.service_portal_hosts))
        asker = self._asker(agency, laid, run, PORTAL)
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
            own=own,
            near=near,
            answered=frozenset(map(normalise, answered)),
            names=tuple(filter(None, map(k2, (agency.name, *agency.aliases)))),
        )

    async def _healthy(self, *, fresh: bool = False) -> bool:
        """Say whether our own side is well: one of the canaries answers, or none is configured.

        A recent answer stands, except after a visit that saw nothing: was it they or we?
        """
        if not self._registry.canaries:
            return True
        async with self._asking_health:
            if fresh or self._health is None or time.monotonic() - self._health[0] > CANARY_KEPT:
                self._health = (time.monotonic(), await self._ask_canaries())
            return self._health[1]

    async def _ask_canaries(self) -> bool:
        for url in self._registry.canaries:
            answer = await self._fetcher.fetch(FetchRequest(url=url))
            if isinstance(answer, Exchange) and answer.status < 500:
                return True
        return False

    def _sealed(self, report: VisitReport) -> VisitReport:
        record = self._recorder.visit(report, (), None)
        self._recorder.commit()
        return replace(report, record=record.id)


def _laid(platform: Platform, profile: SiteProfile | None) -> SiteProfile:
    """Return the platform's profile with the site's own laid over it."""
    default = platform.profile()
    return lay_over(default, profile) if profile is not None else default


def _empty(
    agency: Agency,
    run: RunId,
    scope: Scope,
    began_at: datetime,
    state: Literal["no-portal", "incident"],
    *,
    canaries: bool = True,
) -> VisitReport:
    """Return the account of a visit that asked for nothing."""
    return VisitReport(
        agency=agency.code,
        run=run,
        source=WHOLE if scope == "whole" else PORTAL,
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
        canaries=canaries,
    )
