"""Going out into the world: portals are crawled, service systems are asked, all of it sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from collectors.canaries import Canaries, Watch
from collectors.crawl import Crawl
from collectors.fetcher import Fetcher
from collectors.reading.profiles import lay_over
from minhchung.agencies import Agency
from minhchung.clock import Clock
from minhchung.errors import MinhChungError
from minhchung.evidence import RunId
from minhchung.holdings import VisitReport
from minhchung.periods import Period, local_day
from minhchung.sites import SiteProfile
from minhchung.sources import Source
from service import plugins
from service.sweeps import settled

if TYPE_CHECKING:
    from service.settings import Settings
    from storage.store import Store

Scope = Literal["lists", "host", "whole"]
Progress = Callable[[VisitReport], None]


def _nothing(_: VisitReport) -> None:
    return


async def collect(
    settings: Settings,
    store: Store,
    clock: Clock,
    agencies: Sequence[Agency],
    *,
    scope: Scope = "host",
    services: bool = True,
    period: Period | None = None,
    note: str = "",
    progress: Progress = _nothing,
) -> list[VisitReport]:
    """Visit every agency once, portals and service systems, in one run; returns their accounts.

    `period` is what service systems are asked about; without it (no round in config) only portals are
    visited.
    """
    run = store.begin_run(note or scope)
    keep_config(settings, store)
    fetcher = Fetcher(settings.network, clock, extra_roots=settings.trust_roots())
    crawl = Crawl(
        fetcher=fetcher,
        recorder=store,
        clock=clock,
        network=settings.network,
        terms=settings.terms,
        registry=settings.registry,
        seed=_seed(settings),
        until=asyncio.get_running_loop().time() + settings.network.run_seconds,
        signature_roots=settings.signature_roots(),
    )
    reports: list[VisitReport] = []
    gate = asyncio.Semaphore(settings.network.concurrency)

    async def whole() -> None:
        if services and period is not None:
            for report in await _surveys(settings, store, fetcher, clock, period, run):
                reports.append(report)
                progress(report)

    async def one(agency: Agency) -> None:
        async with gate:
            mine = [await _portal(settings, crawl, agency, run, scope)]
            if services and period is not None:
                mine += await _services(settings, store, fetcher, clock, agency, period, run, crawl.canaries)
        for report in mine:
            reports.append(report)
            progress(report)

    try:
        with settled():
            async with asyncio.TaskGroup() as group:
                group.create_task(whole())
                for agency in agencies:
                    group.create_task(one(agency))
    except ExceptionGroup as several:
        deliberate, others = several.split(MinhChungError)
        if deliberate is None or others is not None:
            raise
        raise _first(deliberate) from several
    finally:
        await fetcher.close()
        store.commit()
    order: dict[str, int] = {agency.code: n for n, agency in enumerate(agencies)}
    return sorted(reports, key=lambda r: (order.get(r.agency, -1), r.source))


async def _surveys(
    settings: Settings, store: Store, fetcher: Fetcher, clock: Clock, period: Period, run: RunId
) -> list[VisitReport]:
    """Ask the service systems about the province as a whole."""
    from collectors.query import survey

    reports = [
        await survey(
            source,
            plugins.driver(source.kind, source.driver),
            period,
            run,
            fetcher=fetcher,
            recorder=store,
            clock=clock,
            seconds=settings.network.visit_seconds,
        )
        for source in _asked(settings, clock, period)
    ]
    return [report for report in reports if report is not None]


def _first(several: ExceptionGroup[MinhChungError]) -> MinhChungError:
    """Return the first error of a group, however deep: the disk was full for everybody at once."""
    first = several.exceptions[0]
    return _first(first) if isinstance(first, ExceptionGroup) else first


def _seed(settings: Settings) -> str:
    rounds = settings.round_ids()
    return rounds[0] if len(rounds) == 1 else ""


def keep_config(settings: Settings, store: Store) -> None:
    """Keep every configuration file in force in the home, by digest."""
    settings.touch()
    for name, data in settings.files():
        store.keep_config(name, data)


async def _portal(settings: Settings, crawl: Crawl, agency: Agency, run: RunId, scope: Scope) -> VisitReport:
    profile = settings.site(agency)
    if scope == "whole":
        return await crawl.keep(agency, _laid(profile), run)
    platform = plugins.platform(profile.platform if profile else "generic")
    return await crawl.visit(agency, platform, profile, run, scope)


def _laid(profile: SiteProfile | None) -> SiteProfile:
    """Return a site's profile over its platform's; a platform is not loaded for its empty defaults alone."""
    if profile is None:
        return SiteProfile(key="generic")
    return lay_over(plugins.platform(profile.platform).profile(), profile)


async def _services(
    settings: Settings,
    store: Store,
    fetcher: Fetcher,
    clock: Clock,
    agency: Agency,
    period: Period,
    run: RunId,
    canaries: Canaries,
) -> list[VisitReport]:
    if not agency.has_procedures:
        return []
    from collectors.query import query

    return [
        await query(
            source=source,
            driver=plugins.driver(source.kind, source.driver),
            agency=agency,
            period=period,
            run=run,
            fetcher=fetcher,
            recorder=store,
            clock=clock,
            seconds=settings.network.visit_seconds,
            watch=Watch(canaries, run),
        )
        for source in _asked(settings, clock, period)
    ]


def _asked(settings: Settings, clock: Clock, period: Period) -> list[Source]:
    """Return the systems that can be asked today and were in force on some day of the period."""
    today = Period(local_day(clock.now()), local_day(clock.now()))
    return [
        source
        for source in settings.sources.values()
        if source.in_force(today)
        and source.in_force(period)
        and plugins.driver(source.kind, source.driver).capabilities(source).queries
    ]
