"""Proving a driver on the real system: one agency asked about, its figures laid beside their labels."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from collectors.fetcher import Fetcher
from collectors.query import query, survey
from minhchung.agencies import PROVINCE, Agency
from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.observations import DossierTally, Observation, ServiceHealth
from minhchung.periods import Period
from minhchung.sources import Source
from service import plugins
from service.collecting import keep_config

if TYPE_CHECKING:
    from service.settings import Settings
    from storage.store import Store

KINDS = (
    "dossier_tally",
    "procedure",
    "service_offer",
    "workflow",
    "coverage_tally",
    "index_score",
    "source_agency",
    "service_health",
)


async def prove(
    settings: Settings, store: Store, clock: Clock, source: Source, agency: Agency | None, period: Period
) -> dict[str, Any]:
    """Ask a system about one agency and the province; return what a person compares with its screens."""
    who = agency or _first_mapped(settings, source)
    driver = plugins.driver(source.kind, source.driver)
    run = store.begin_run("sources-check")
    keep_config(settings, store)
    fetcher = Fetcher(settings.network, clock, extra_roots=settings.trust_roots())
    try:
        await query(source, driver, who, period, run, fetcher=fetcher, recorder=store, clock=clock)
        await survey(source, driver, period, run, fetcher=fetcher, recorder=store, clock=clock)
    finally:
        await fetcher.close()
        store.commit()
    seen: list[Observation] = [
        o for code in (who.code, PROVINCE) for o in store.kept(code, KINDS) if o.run == run
    ]
    able = driver.capabilities(source)
    return {
        "source": source.key,
        "driver": source.driver,
        "shape": able.shape,
        "proven_live": source.proven_live,
        "unproven": source.unproven or None,
        "agency": who.code,
        "first": period.first,
        "last": period.last,
        "topics": [_topic(each) for each in seen if isinstance(each, ServiceHealth)],
        "figures": [row for each in seen if isinstance(each, DossierTally) for row in _figures(each)],
        "counts": dict(Counter(o.kind for o in seen if not isinstance(o, DossierTally | ServiceHealth))),
    }


def _first_mapped(settings: Settings, source: Source) -> Agency:
    for agency in settings.registry.agency:
        if agency.identifier(source.key) is not None and agency.has_procedures:
            return agency
    msg = f"chưa cơ quan nào có mã trong {source.key}; thêm identifiers vào agencies/"
    raise UsageError(msg)


def _topic(health: ServiceHealth) -> dict[str, Any]:
    return {
        "topic": health.topic,
        "state": health.state,
        "complete": health.complete,
        "detail": health.detail,
        "record": health.seen.record,
    }


def _figures(tally: DossierTally) -> list[dict[str, Any]]:
    labels = dict(tally.labels)
    return [
        {
            "label": labels.get(meaning, ""),
            "value": value,
            "meaning": meaning,
            "basis": tally.basis,
            "first": tally.first,
            "last": tally.last,
            "whose": tally.whose,
            "is_total": tally.is_total,
            "procedure": tally.procedure,
            "report": tally.report,
            "definition": tally.definition,
            "record": tally.seen.record,
        }
        for meaning, value in tally.figures
        if tally.whose == "agency" and not tally.procedure
    ]
