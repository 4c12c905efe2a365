"""Which harvest of a service system counts: the last complete one that fits the period (G14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final, TypeVar

from minhchung.evidence import Locator, RunId
from minhchung.holdings import Holdings, VisitReport
from minhchung.measurements import (
    Grade,
    Input,
    Measurement,
    NotApplicable,
    NotApplicableReason,
    Note,
    Origin,
    Reason,
    Result,
    Unmeasured,
)
from minhchung.observations import DossierTally, Procedure, ServiceHealth, ServiceOffer, Workflow
from minhchung.periods import Period, local_day
from verifiers.interface import Context
from verifiers.passes import healthy

Row = TypeVar("Row", DossierTally, Procedure, ServiceOffer, Workflow)

SNAPSHOT_DAYS: Final = 15
"""Catalogues, workflows and service lists count when read at most so long after the period's last day."""

_REASONS: Final[Mapping[str, Reason]] = {
    "unauthorised": Reason.UNAUTHORISED,
    "blocked": Reason.BLOCKED,
    "schema-changed": Reason.SCHEMA_CHANGED,
    "unreachable": Reason.UNREACHABLE,
    "mapping-missing": Reason.MAPPING_MISSING,
}


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one run brought from the service systems about one agency."""

    run: RunId
    taken: datetime
    tallies: tuple[DossierTally, ...]
    procedures: tuple[Procedure, ...]
    offers: tuple[ServiceOffer, ...]
    workflows: tuple[Workflow, ...]
    others: tuple[DossierTally, ...] = ()
    """Further reports and breakdowns of the agency: shown where nothing else is there, never used."""

    @property
    def day(self) -> date:
        """The local day of its last answer."""
        return local_day(self.taken)


def without_procedures(holdings: Holdings) -> NotApplicable | None:
    """Return the result for an agency that has no administrative procedures."""
    if holdings.agency.has_procedures:
        return None
    return NotApplicable(
        reason=NotApplicableReason.NO_PROCEDURES,
        detail="Cơ quan không có thủ tục hành chính theo danh sách cơ quan.",
    )


def _healths(holdings: Holdings, topics: Sequence[str]) -> list[ServiceHealth]:
    return [o for o in holdings.observations if isinstance(o, ServiceHealth) and o.topic in topics]


def _healthy(healths: Sequence[ServiceHealth], topics: Sequence[str]) -> bool:
    good = {h.topic for h in healths if h.state in {"ok", "empty"} and h.complete}
    return good >= set(topics)


def _rows(holdings: Holdings, run: RunId, kind: type[Row]) -> tuple[Row, ...]:
    return tuple(o for o in holdings.observations if isinstance(o, kind) and o.run == run)


def _of_record(tally: DossierTally) -> bool:
    """Say whether a row is one that scores: no further report, no breakdown, not the province's."""
    return not tally.report and not tally.group and tally.whose != "province"


def harvests(
    holdings: Holdings, context: Context, topics: Sequence[str], days: int = SNAPSHOT_DAYS
) -> list[Harvest] | Unmeasured:
    """Return the complete harvests of these topics, newest first, or why there is none.

    A harvest fits when it was taken on the period's last day or later, before the freeze, and at most
    `days` after the period's end.
    """
    healths = _healths(holdings, topics)
    last = min(context.freeze, context.period.last + timedelta(days=days))
    told: dict[RunId, list[ServiceHealth]] = {}
    for health in healths:
        told.setdefault(health.run, []).append(health)
    inside = [
        run
        for run in sorted(told, reverse=True)
        if context.period.last <= local_day(max(h.taken_at for h in told[run])) <= last
    ]
    found = []
    for run in inside:
        runs = _runs_of_topics(run, inside, told, topics)
        if runs is not None:
            found.append(_harvest(holdings, run, max(h.taken_at for h in told[run]), runs))
    return found or _why_none(holdings, healths, topics)


def _runs_of_topics(
    run: RunId, inside: Sequence[RunId], told: Mapping[RunId, Sequence[ServiceHealth]], topics: Sequence[str]
) -> dict[str, RunId] | None:
    """Return the run of each topic: the run itself, for topics it did not ask about the newest that did.

    An owner's export tells of dossiers alone. None where a topic was asked about and did not answer well.
    """
    about = {health.topic for health in told[run]}
    chosen = {}
    for topic in topics:
        candidates = [run] if topic in about else [each for each in inside if each != run]
        well = next((each for each in candidates if _healthy(told[each], (topic,))), None)
        if well is None:
            return None
        chosen[topic] = well
    return chosen


def _harvest(holdings: Holdings, run: RunId, taken: datetime, runs: Mapping[str, RunId]) -> Harvest:
    tallies = _rows(holdings, runs.get("dossiers", run), DossierTally)
    return Harvest(
        run,
        taken,
        tuple(t for t in tallies if _of_record(t)),
        _rows(holdings, runs.get("procedures", run), Procedure),
        _rows(holdings, runs.get("services", run), ServiceOffer),
        _rows(holdings, runs.get("workflows", run), Workflow),
        tuple(t for t in tallies if not _of_record(t)),
    )


def _why_none(holdings: Holdings, healths: Sequence[ServiceHealth], topics: Sequence[str]) -> Unmeasured:
    if not healths:
        return Unmeasured(
            reason=Reason.NOT_COLLECTED,
            detail=f"Chưa có lần truy vấn nào tới hệ thống dịch vụ về: {', '.join(topics)}.",
        )
    newest = max(healths, key=lambda h: h.taken_at)
    sick = [h for h in healths if h.run == newest.run and h.state in _REASONS]
    if sick:
        spoilt = _incident(holdings, sick[0])
        said = spoilt.detail if spoilt is not None else sick[0].detail or sick[0].state
        reason = spoilt.reason if spoilt is not None else None
        return Unmeasured(
            reason=reason or _REASONS[sick[0].state],
            detail=f"Hệ thống {sick[0].source} ({sick[0].topic}): {said}.",
            basis=tuple(h.seen for h in sick),
        )
    return Unmeasured(
        reason=Reason.BASIS_DOES_NOT_FIT,
        detail="Không có lần truy vấn đầy đủ nào trong thời hạn tính của đợt đánh giá.",
        basis=tuple(h.seen for h in healths if h.run == newest.run),
    )


def _incident(holdings: Holdings, sick: ServiceHealth) -> VisitReport | None:
    """Return the visit of a harvest that an incident spoilt; None where none did."""
    return next(
        (
            visit
            for visit in holdings.visits
            if (visit.run, visit.source) == (sick.run, sick.source) and not healthy(visit)
        ),
        None,
    )


def over_period(tallies: Sequence[DossierTally], period: Period) -> list[DossierTally]:
    """Return the rows that span the period exactly, else the months that tile it, else none."""
    exact = [t for t in tallies if (t.first, t.last) == (period.first, period.last)]
    if exact:
        return exact
    inside = [t for t in tallies if t.first >= period.first and t.last <= period.last]
    return inside if _tiles(inside, period) else []


def _tiles(rows: Sequence[DossierTally], period: Period) -> bool:
    day = period.first
    for first, last in sorted({(t.first, t.last) for t in rows}):
        if first != day:
            return False
        day = last + timedelta(days=1)
    return day == period.last + timedelta(days=1)


def of_agency(harvest: Harvest, context: Context, basis: str) -> list[DossierTally]:
    """Return the agency's whole rows of one basis over the period, of one system only.

    A one-stop-shop goes before other systems. Where a total row stands beside its parts, the total
    stands and the parts are left out.
    """
    rows = [t for t in harvest.tallies if t.basis == basis and not t.procedure]
    for source in _sources(rows, context):
        mine = over_period([t for t in rows if t.source == source], context.period)
        if mine:
            totals = [t for t in mine if t.is_total]
            return totals if totals and _same_spans(totals, mine) else [t for t in mine if not t.is_total]
    return []


def _same_spans(totals: Sequence[DossierTally], rows: Sequence[DossierTally]) -> bool:
    return {(t.first, t.last) for t in totals} == {(t.first, t.last) for t in rows}


def by_procedure(harvest: Harvest, context: Context, basis: str) -> list[DossierTally]:
    """Return the per-procedure rows of one basis over the period, of one system only."""
    rows = [t for t in harvest.tallies if t.basis == basis and t.procedure and not t.is_total]
    for source in _sources(rows, context):
        mine = over_period([t for t in rows if t.source == source], context.period)
        if mine:
            return mine
    return []


def _sources(rows: Sequence[DossierTally], context: Context) -> Iterator[str]:
    found = sorted({t.source for t in rows})
    yield from (s for s in found if s in context.onestop_sources)
    yield from (s for s in found if s not in context.onestop_sources)


def summed(rows: Sequence[DossierTally], meaning: str) -> int | None:
    """Return the sum of one figure over rows; None when any row does not give it, or there is none."""
    figures = [row.figure(meaning) for row in rows]
    known = [f for f in figures if f is not None]
    return sum(known) if known and len(known) == len(figures) else None


def ratio(
    context: Context,
    num: int,
    den: int,
    *,
    window: Period,
    basis: Sequence[Locator],
    den_origin: Origin = Origin.SERVICE,
    num_origin: Origin = Origin.SERVICE,
    notes: Sequence[Note] = (),
    questions: Sequence[Note] = (),
    grade: Grade = Grade.VERIFIED,
    bounded: bool = False,
) -> Measurement:
    """Return a measurement of a ratio component, its inputs named by the index set."""
    few = Note(
        key="few-cases",
        text=f"Mẫu số nhỏ ({den}): số liệu ít trường hợp, cần thận trọng khi so sánh.",
        count=den,
    )
    return Measurement(
        inputs=ratio_inputs(context, num, den, den_origin, num_origin),
        grade=grade,
        window=window,
        basis=tuple(basis),
        notes=(*notes, few) if den < context.common.few_cases else tuple(notes),
        questions=tuple(questions),
        bounded=bounded,
    )


def ratio_inputs(
    context: Context,
    num: int,
    den: int,
    den_origin: Origin = Origin.SERVICE,
    num_origin: Origin = Origin.SERVICE,
) -> dict[str, Input]:
    """Return numerator and denominator under the names the index set gives them."""
    names = {spec.role: spec.name for spec in context.component.inputs}
    return {
        names["num"]: Input(value=Fraction(num), origin=num_origin),
        names["den"]: Input(value=Fraction(den), origin=den_origin),
    }


def twice(found: Sequence[Harvest], context: Context, read: Callable[[Harvest], Result]) -> Result:
    """Read the newest harvest; a printed 0 must stand in a second harvest of another day (G10, G14)."""
    newest = read(found[0])
    if not _is_zero(newest, context):
        return newest
    hours = timedelta(hours=context.common.hours_between_measurements)
    for other in found[1:]:
        if other.day != found[0].day and found[0].taken - other.taken >= hours:
            again = read(other)
            return newest if _is_zero(again, context) else again
    return Unmeasured(
        reason=Reason.SINGLE_MEASUREMENT,
        detail="Số 0 mới được ghi nhận trong một lần truy vấn; cần lần thứ hai vào ngày khác.",
        basis=newest.basis,
    )


def _is_zero(result: Result, context: Context) -> bool:
    if isinstance(result, NotApplicable):
        return True
    if not isinstance(result, Measurement):
        return False
    names = {spec.role: spec.name for spec in context.component.inputs}
    given = result.inputs.get(names.get("num", ""))
    return given is not None and given.value == 0
