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
from collectors.robots import RobotsBook
from collectors.trip import Trip
from collectors.visit import Visit
from minhchung.addresses import normalise
from minhchung.agencies import Agency
from minhchung.clock import Clock
from minhchung.evidence import PORTAL, Exchange, RunId
from minhchung.holdings import VisitReport
from minhchung.ports import Recorder
from minhchung.sites import SiteProfile
from minhchung.sources import AgenciesFile, CrawlTerms, Network
from minhchung.text_keys import k2

CANARY_KEPT: Final = 20.0
"""Seconds for which one answer about our own health stands."""

Scope = Literal["lists", "host"]


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
    ) -> None:
        """Crawl for `registry`; `seed` names the round of seeded samples, `since` the oldest day wanted."""
        self._fetcher, self._recorder, self._clock = fetcher, recorder, clock
        self._network, self._terms, self._registry = network, terms, registry
        self._seed, self._since = seed, since
        self._books: dict[RunId, RobotsBook] = {}
        self._health: tuple[float, bool] | None = None
        self._asking_health = asyncio.Lock()

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
        trip = self._trip(agency, platform, profile, run, scope)
        visit = Visit(trip, self._network.concurrency_per_host)
        state, detail = await visit.go()
        canaries = await self._healthy(fresh=state != "ok")
        account = trip.asker.account
        outcomes = {outcome.value: count for outcome, count in account.outcomes.items()}
        report = VisitReport(
            agency=agency.code,
            run=run,
            source=PORTAL,
            scope=scope,
            began_at=began_at,
            ended_at=self._clock.now(),
            attempts=account.attempts,
            fetched=outcomes.get("fetched", 0),
            not_modified=outcomes.get("not-modified", 0),
            refused=outcomes.get("refused", 0),
            failed=outcomes.get("failed", 0),
            items=len(trip.rows),
            state=state,
            detail="; ".join((*([detail] if detail else []), *trip.asker.notes, *visit.notes())),
            failures=tuple(account.failures[:MOST_FAILURES]),
            canaries=canaries,
        )
        record = self._recorder.visit(report, visit.lists.captures(), visit.walk())
        self._recorder.commit()
        return replace(report, record=record.id)

    def _trip(
        self, agency: Agency, platform: Platform, profile: SiteProfile | None, run: RunId, scope: Scope
    ) -> Trip:
        default = platform.profile()
        laid = lay_over(default, profile) if profile is not None else default
        registry = self._registry
        own = own_places(agency, registry.agency)
        near = near_places(agency, registry.agency, (*registry.shared_hosts, *registry.service_portal_hosts))
        asker = Asker(
            fetcher=self._fetcher,
            recorder=self._recorder,
            book=self._books.setdefault(run, RobotsBook()),
            agency=agency.code,
            source=PORTAL,
            run=run,
            profile=laid,
            own=own,
            most=laid.max_pages,
        )
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
        source=PORTAL,
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
