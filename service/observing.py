"""A sighting from the first click to the sealed act: who sits there is a port, a terminal or a test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collectors.manual.redactor import Redactor
from collectors.manual.sitting import Order, Sitting
from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.index_set import Component
from minhchung.measurements import Value
from minhchung.periods import local_day
from minhchung.sightings import PageSealed, SeenPage, Sighting, SightingBegun, Window, Witnessed
from service import sighting_records as records
from service.applicant_data import applicants
from service.settings import Settings
from service.sightings import Subject, refuse_values, witness
from storage.store import Store

_HTTP: frozenset[str] = frozenset({"response", "revisit", "failure"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What a person is about to look at."""

    subject: Subject
    by: str
    """Id in people.toml."""

    place: str
    url: str = ""
    """Address that opens first; empty: the agency's portal."""

    window: Window = "screen"

    def address(self) -> str:
        """Return the address that opens; raises UsageError where there is none."""
        url = self.url or self.subject.agency.portal
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"{self.subject.agency.code} has no portal; name the address with --url")
        return url


class Seat(Protocol):
    """Who sits before the window."""

    async def look(self, sitting: Sitting) -> None:
        """Look at pages until that is done."""
        ...

    def say(self, component: Component) -> tuple[Mapping[str, Value], str]:
        """Return what was seen, a value for each input, and remarks."""
        ...


def begin(settings: Settings, store: Store, clock: Clock, looking: Looking) -> SightingBegun:
    """Seal that a sighting begins; raises UsageError where it may not."""
    of = looking.subject
    who = witness(settings, store, of, looking.by)
    if not looking.place.strip():
        raise UsageError("a sighting names where the person sits (--place)")
    begun = SightingBegun(
        round=of.round.id,
        agency=of.agency.code,
        component=of.component.code,
        sitting=store.begin_run("observe"),
        by=who,
        place=looking.place.strip(),
        asked=asked(of.component),
        url=Redactor(applicants(settings)).url(looking.address()),
        window=looking.window,
        rehearsal=looking.window == "none" and not settings.simulated,
        began_at=clock.now(),
    )
    records.seal(store, begun, begun.agency, begun.sitting, begun.began_at)
    store.commit()
    return begun


def asked(component: Component) -> str:
    """Return what is to be found out, in words."""
    wanted = "; ".join(spec.title or spec.name for spec in component.inputs)
    return f"{component.title}. Cần xác định: {wanted}"


async def look(
    settings: Settings, store: Store, clock: Clock, begun: SightingBegun, looking: Looking, seat: Seat
) -> None:
    """Open the window and let the person look; every page is sealed as it is seen. Raises WindowError."""

    def keep(page: SeenPage) -> None:
        records.seal(
            store, PageSealed(sitting=begun.sitting, page=page), begun.agency, begun.sitting, page.at
        )

    order = Order(
        agency=begun.agency,
        run=begun.sitting,
        url=looking.address(),
        window=looking.window,
        proxy=settings.network.proxy,
    )
    sitting = Sitting(order, store, clock, Redactor(applicants(settings)), keep)
    try:
        await sitting.open()
        await seat.look(sitting)
    finally:
        await sitting.close()


def finish(
    settings: Settings,
    store: Store,
    clock: Clock,
    begun: SightingBegun,
    of: Subject,
    seen: tuple[Mapping[str, Value], str],
) -> Witnessed:
    """Seal what was seen, with every page of the sitting; raises UsageError where that cannot be."""
    inputs, remarks = seen
    refuse_values(of.component, inputs)
    pages = records.pages_of(store, begun.sitting)
    if not pages:
        raise UsageError(f"{begun.sitting}: no page was sealed; resume it and look, or abandon it")
    ended: datetime = clock.now()
    out: Counter[str] = Counter()
    for page in pages:
        out.update(page.redacted)
    act = Sighting(
        begun=begun,
        ended_at=ended,
        day=local_day(ended),
        inputs=inputs,
        seen=Redactor(applicants(settings)).text(remarks.strip()),
        pages=pages,
        exchanges=sum(r.kind in _HTTP for r in store.records(run=begun.sitting)),
        redacted=dict(sorted(out.items())),
    )
    record = records.seal(store, act, begun.agency, begun.sitting, ended)
    store.commit()
    return Witnessed(record=record.id, sighting=act)
