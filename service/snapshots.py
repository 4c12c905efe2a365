"""Capturing the pages that findings cite, before the evidence is frozen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from collectors.crawl import Crawl
from collectors.fetcher import Fetcher
from minhchung.addresses import normalise
from minhchung.agencies import Agency
from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.evidence import PORTAL, EvidenceRecord, RecordId
from minhchung.measurements import Measurement, NotApplicable, Note, Unmeasured
from minhchung.scores import Finding, Score
from minhchung.snapshots import CitedPage, PageCapture
from service import plugins
from service.measuring import until
from service.settings import Settings
from service.standings import Concluded
from storage.store import Store

_DISPUTED: Final = frozenset({Finding.FALSE_CLAIM, Finding.HONEST_ERROR, Finding.UNVERIFIABLE})
_PAGES: Final = ("", "text/html", "application/xhtml")
"""Types of what may be a page; a failed attempt has none."""

Progress = Callable[[Agency, PageCapture], None]


def cited_pages(concluded: Concluded, agency: Agency, most: int) -> tuple[CitedPage, ...]:
    """Return the pages on which deductions, absences and disputes of an agency rest, each once.

    Components take turns, so that one that cites hundreds leaves room for the others.
    """
    turns = [list(_of(score, concluded)) for score in concluded.place(agency.code).total.scores]
    found: dict[str, tuple[EvidenceRecord, list[str]]] = {}
    for turn in range(max(map(len, turns), default=0)):
        for component in turns:
            if turn >= len(component):
                continue
            code, record = component[turn]
            known = found.get(normalise(record.url))
            if known is not None:
                known[1].append(code)
            elif len(found) < most:
                found[normalise(record.url)] = (record, [code])
    return tuple(
        CitedPage(url=r.url, record=r.id, sha256=r.body_sha256, components=tuple(dict.fromkeys(codes)))
        for r, codes in found.values()
    )


def _of(score: Score, concluded: Concluded) -> Iterator[tuple[str, EvidenceRecord]]:
    """Yield the pages that a component cites where it lost points, leaves them open or is disputed."""
    lost = score.counts and score.low < score.maximum
    if not lost and score.figure.finding not in _DISPUTED:
        return
    met: set[str] = set()
    for place in _cited(score):
        record = concluded.records.get(place)
        if record is None or record.source != PORTAL or record.method != "GET" or record.url in met:
            continue
        if record.url.startswith(("http://", "https://")) and record.content_type.startswith(_PAGES):
            met.add(record.url)
            yield score.component, record


def _cited(score: Score) -> Iterator[RecordId]:
    result = score.figure.result
    notes: tuple[Note, ...] = ()
    match result:
        case Measurement():
            notes = (*result.notes, *result.questions)
        case Unmeasured():
            notes = result.notes
        case NotApplicable() | None:
            return
    for place in result.basis:
        yield place.record
    for note in notes:
        for place in note.basis:
            yield place.record


def check_before_freeze(concluded: Concluded, clock: Clock) -> None:
    """Raise UsageError where the round's evidence is frozen: a capture would prove nothing for it."""
    if clock.now() > until(concluded.round):
        raise UsageError(
            f"the evidence of round {concluded.round.id} was frozen on {concluded.round.freeze:%d/%m/%Y}; "
            "a capture made now would not belong to it"
        )


async def capture(
    settings: Settings,
    store: Store,
    clock: Clock,
    concluded: Concluded,
    agencies: Sequence[Agency],
    progress: Progress = lambda _agency, _capture: None,
) -> dict[str, tuple[PageCapture, ...]]:
    """Capture the cited pages of every agency in one run; returns what was kept, by agency."""
    run = store.begin_run("snapshot")
    fetcher = Fetcher(settings.network, clock, extra_roots=settings.trust_roots())
    crawl = Crawl(
        fetcher=fetcher,
        recorder=store,
        clock=clock,
        network=settings.network,
        terms=settings.terms,
        registry=settings.registry,
        until=asyncio.get_running_loop().time() + settings.network.run_seconds,
    )
    kept: dict[str, tuple[PageCapture, ...]] = {}
    try:
        for agency in agencies:
            cited = cited_pages(concluded, agency, settings.network.snapshots.pages_per_agency)
            if not cited:
                kept[agency.code] = ()
                continue
            own = settings.site(agency)
            platform = plugins.platform(own.platform if own else "generic")
            _, kept[agency.code] = await crawl.capture(agency, own or platform.profile(), run, cited)
            for each in kept[agency.code]:
                progress(agency, each)
    finally:
        await fetcher.close()
        store.commit()
    return kept
