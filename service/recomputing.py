"""`recompute`: from the sealed bytes up, with today's readers, and compared with what is stored.

Nothing of the catalogue is believed: every member is compared with its leaf, a catalogue is made anew from
archive and log beside the home, and what verifiers and scoring say of it is held against the stored one.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minhchung.agencies import Agency
from minhchung.holdings import Holdings
from scoring.printed import printed_place, printed_total
from service.measuring import until
from service.rereading import Rereader
from service.settings import Settings
from service.standings import Concluded, conclude
from service.workplace import RandomIds, clock_of
from storage.excerpt import SealedLog
from storage.home import Home
from storage.rebuild import rebuild_aside
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first thing of one agency that is read or computed otherwise."""

    agency: str
    component: str = ""
    """Empty for observations, totals and places."""

    path: str
    printed: Any
    recomputed: Any


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How many records were read again, and the first difference of each agency."""

    records: int
    agencies: int
    differences: tuple[Difference, ...]


def recompute(settings: Settings, store: Store, round_name: str = "") -> Recomputed:
    """Read, measure and score anew; the home is not changed.

    Raises FixityError where bytes are not as sealed.
    """
    round_ = settings.checked_round(round_name)
    log = SealedLog(Home(settings.home))
    for one in log.leaves:
        log.members(one)
    with tempfile.TemporaryDirectory(prefix="minhchung-recompute-") as scratch:
        aside = Home(settings.home)
        aside.catalogue = Path(scratch, "catalogue.sqlite3")
        rebuild_aside(aside, Rereader(settings, round_.period))
        fresh = Store(aside, clock_of(settings), RandomIds(), writer=False)
        try:
            before = conclude(settings, store, round_.id)
            after = conclude(settings, fresh, round_.id)
            found = [
                next(_of_agency(agency, store, fresh, before, after), None) for agency in before.registry
            ]
        finally:
            fresh.close()
    return Recomputed(len(log.leaves), len(found), tuple(each for each in found if each is not None))


def _of_agency(
    agency: Agency, store: Store, fresh: Store, before: Concluded, after: Concluded
) -> Iterator[Difference]:
    end = until(before.round)
    yield from _observations(store.holdings(agency, end), fresh.holdings(agency, end))
    try:
        old, new = before.place(agency.code), after.place(agency.code)
    except KeyError:
        return  # it did not exist during the round's period
    was, now = printed_total(old.total), printed_total(new.total)
    for component, said in was["components"].items():
        for path, printed in said.items():
            again = now["components"][component][path]
            if printed != again:
                yield Difference(
                    agency=agency.code, component=component, path=path, printed=printed, recomputed=again
                )
    for part, again in {**now, **printed_place(new)}.items():
        printed = {**was, **printed_place(old)}[part]
        if printed != again:
            yield Difference(agency=agency.code, path=part, printed=printed, recomputed=again)


def _observations(stored: Holdings, read: Holdings) -> Iterator[Difference]:
    """Yield the first record in which readers now see something else, and visits, claims that differ."""
    was, now = _by_record(stored), _by_record(read)
    for record in [*was, *(record for record in now if record not in was)]:
        old, new = was.get(record, []), now.get(record, [])
        if old != new:
            gone = [each for each in old if each not in new] or old
            come = [each for each in new if each not in old] or new
            yield Difference(
                agency=stored.agency.code,
                path=f"observation {record}",
                printed=(gone or ["—"])[0],
                recomputed=(come or ["—"])[0],
            )
    for part in ("visits", "submitted", "owner_figures"):
        printed, again = getattr(stored, part), getattr(read, part)
        if printed != again:
            yield Difference(
                agency=stored.agency.code, path=part, printed=repr(printed), recomputed=repr(again)
            )


def _by_record(held: Holdings) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for observation in held.observations:
        found[observation.seen.record].append(repr(observation))
    return {record: sorted(said) for record, said in found.items()}
