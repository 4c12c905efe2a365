"""Every contradiction among what is held: agency by agency, then of the province as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from minhchung.agencies import Agency
from minhchung.contradictions import Contradiction
from minhchung.dossiers import (
    DossierTally,
    IndexScore,
    Procedure,
    ServiceHealth,
    ServiceOffer,
    SourceAgency,
    Workflow,
)
from minhchung.evidence import AgencyCode, RunId
from minhchung.law import ServiceLaw
from minhchung.observations import Observation
from minhchung.periods import Period, local_day
from verifiers.contradictions.across_harvests import against_earlier
from verifiers.contradictions.across_rows import (
    months_against_year,
    procedures_against_agency,
    reports_against_record,
    systems_against_each_other,
    units_against_total,
)
from verifiers.contradictions.catalogues import against_catalogue, within_catalogue, words_out_of_time
from verifiers.contradictions.printed_rows import PrintedRow, printed_rows
from verifiers.contradictions.province import (
    agencies_against_province,
    bodies_against_registry,
    within_scores,
)
from verifiers.contradictions.within_rows import within_row

Row = TypeVar("Row", DossierTally, Procedure, ServiceOffer, Workflow, IndexScore, SourceAgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What contradictions are looked for in."""

    period: Period
    law: ServiceLaw
    agencies: tuple[Agency, ...]


def contradictions(
    held: Mapping[AgencyCode, Sequence[Observation]], province: Sequence[Observation], question: Question
) -> list[Contradiction]:
    """Return every contradiction among the agencies' observations and the province's own.

    Of each source the newest harvest counts; the one before it is only held against it. Pure: the same
    observations give the same list, in the order of the registry.
    """
    found: list[Contradiction] = []
    newest: dict[str, Sequence[PrintedRow]] = {}
    for agency in question.agencies:
        mine = _Harvests.of(held.get(agency.code, ()))
        rows = mine.rows(0)
        newest[agency.code] = rows
        found += _of_agency(mine, rows, question)
    asked = frozenset(a.code for a in question.agencies if a.has_procedures)
    found += agencies_against_province(newest, asked)
    whole = _Harvests.of(province)
    exported = whole.rows(0)
    for row in exported:
        found += within_row(row) if row.whose == "agency" else ()
    found += units_against_total(exported)
    found += within_scores(whole.newest(IndexScore), question.agencies)
    bodies = whole.newest(SourceAgency)
    if bodies:
        today = max(local_day(body.taken_at) for body in bodies)
        listed = frozenset(s for s in {b.source for b in bodies} if whole.complete(s, "agencies"))
        found += bodies_against_registry(bodies, question.agencies, listed, today)
    return list({(c.kind, c.agency, c.about, c.one.value, c.other.value): c for c in found}.values())


def _of_agency(mine: _Harvests, rows: Sequence[PrintedRow], question: Question) -> Iterator[Contradiction]:
    for row in rows:
        if row.whose != "province":
            yield from within_row(row)
    yield from units_against_total(rows)
    for source in sorted({row.source for row in rows}):
        of_source = [row for row in rows if row.source == source]
        yield from procedures_against_agency(of_source, mine.complete(source, "dossiers"))
    yield from months_against_year(rows)
    yield from reports_against_record(rows)
    yield from systems_against_each_other(rows, question.period)
    yield from against_earlier(rows, mine.rows(1))
    procedures, offers = mine.newest(Procedure), mine.newest(ServiceOffer)
    yield from within_catalogue(procedures)
    if procedures and all(mine.complete(source, "procedures") for source in {p.source for p in procedures}):
        yield from against_catalogue(procedures, offers, mine.newest(Workflow))
    yield from words_out_of_time(offers, question.law)


@dataclass(frozen=True, slots=True)
class _Harvests:
    """The observations of service systems about one agency, by run."""

    observations: tuple[Observation, ...]
    days: Mapping[RunId, date]

    @classmethod
    def of(cls, observations: Iterable[Observation]) -> _Harvests:
        """Keep what service systems said."""
        kinds = (
            DossierTally, Procedure, ServiceOffer, Workflow, IndexScore, SourceAgency, ServiceHealth,
        )  # fmt: skip
        mine = tuple(o for o in observations if isinstance(o, kinds))
        return cls(mine, {o.run: local_day(o.taken_at) for o in mine})

    def rows(self, back: int) -> list[PrintedRow]:
        """Return each source's printed rows of the newest harvest, or of one `back` harvests before it."""
        tallies = [o for o in self.observations if isinstance(o, DossierTally)]
        chosen = []
        for source in sorted({t.source for t in tallies}):
            runs = sorted({t.run for t in tallies if t.source == source}, reverse=True)
            if back < len(runs):
                chosen += [t for t in tallies if t.source == source and t.run == runs[back]]
        return printed_rows(chosen, self.days)

    def newest(self, kind: type[Row]) -> list[Row]:
        """Return each source's rows of one kind from the newest harvest that has any."""
        rows = [o for o in self.observations if isinstance(o, kind)]
        last = {source: max(r.run for r in rows if r.source == source) for source in {r.source for r in rows}}
        return [row for row in rows if row.run == last[row.source]]

    def complete(self, source: str, topic: str) -> bool:
        """Say whether the newest answer of a source about a topic was well and whole."""
        healths = [
            o
            for o in self.observations
            if isinstance(o, ServiceHealth) and (o.source, o.topic) == (source, topic)
        ]
        if not healths:
            return False
        newest = max(healths, key=lambda h: h.run)
        return newest.complete and newest.state == "ok"
