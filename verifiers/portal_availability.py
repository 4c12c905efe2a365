"""The share of days on which the portal answered, of those on which it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Final, Literal

from minhchung.holdings import Holdings, VisitReport
from minhchung.measurements import Grade, Measurement, Note, Reason, Result, Unmeasured
from minhchung.periods import Period
from verifiers.bounds import settles
from verifiers.documents_complete import ratio_inputs
from verifiers.interface import Context, Verifier
from verifiers.passes import assessed_period, day_of, healthy, portal_visits, refusal, visit_places, words

Day = Literal["up", "down", "open"]
_DARK: Final = frozenset({"unreachable"})
_HID: Final = frozenset({"blocked", "robots-refused"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/portal_availability.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    visits_before_down: int = 2
    """Visits of one day that must all have found the portal dark before the day is down."""


def portal_availability(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure days with an answer / days asked, over the period; our own sick days are left out."""
    period = assessed_period(holdings.agency, context.period)
    if not holdings.agency.portal:
        return Unmeasured(reason=Reason.NO_PORTAL_CONFIRMED, detail=words(Reason.NO_PORTAL_CONFIRMED))
    if period is None:
        return Unmeasured(reason=Reason.COVERAGE_BELOW, detail="Cơ quan không hoạt động trong kỳ.")
    asked = [v for v in portal_visits(holdings, context) if day_of(v) in period]
    if not asked:
        return Unmeasured(reason=Reason.NOT_COLLECTED, detail=words(Reason.NOT_COLLECTED))
    visits = [v for v in asked if healthy(v)]
    if not visits and (refused := refusal(holdings, asked)) is not None:
        return refused
    return _settle(context, _days(visits, settings), visits, period)


def _days(visits: Sequence[VisitReport], settings: Settings) -> Mapping[date, Day]:
    by_day: dict[date, list[VisitReport]] = {}
    for visit in visits:
        by_day.setdefault(day_of(visit), []).append(visit)
    return {day: _judge(mine, settings) for day, mine in sorted(by_day.items())}


def _judge(visits: Sequence[VisitReport], settings: Settings) -> Day:
    """Say what a day was: up when one visit was answered, down when enough found nobody, else open.

    Who refuses the collector may be up for others or not: such a day is open, so that refusing never pays.
    """
    dark = [v for v in visits if v.state in _DARK]
    if any(v.state not in _DARK | _HID for v in visits):
        return "up"
    if len(dark) == len(visits) and len(dark) >= settings.visits_before_down:
        return "down"
    return "open"


def _settle(
    context: Context, days: Mapping[date, Day], visits: Sequence[VisitReport], period: Period
) -> Result:
    weeks = list(period.weeks())
    seen = sum(any(day in week for day in days) for week in weeks)
    share = Fraction(seen, len(weeks)) if weeks else Fraction(1)
    notes = _notes(days, visits)
    up = sum(state == "up" for state in days.values())
    unknown = sum(state == "open" for state in days.values())
    if share * 100 < context.common.min_coverage_percent:
        detail = f"Mới hỏi cổng trong {seen} trên {len(weeks)} tuần của kỳ: chưa nói được về cả kỳ."
        return Unmeasured(
            reason=Reason.COVERAGE_BELOW, detail=detail, basis=visit_places(visits), notes=notes
        )
    low = ratio_inputs(context, up, len(days))
    high = ratio_inputs(context, up + unknown, len(days))
    if unknown and not settles(context, low, high):
        return Unmeasured(
            reason=_why(visits),
            detail=f"{unknown} trên {len(days)} ngày chưa kết luận được (một lượt, hoặc bị chặn).",
            basis=visit_places(visits),
            low=low,
            high=high,
            notes=notes,
        )
    return Measurement(
        inputs=low,
        grade=Grade.VERIFIED,
        window=period,
        coverage=share,
        basis=visit_places(visits),
        notes=notes,
        bounded=bool(unknown),
        high=high if unknown else None,
    )


def _why(visits: Sequence[VisitReport]) -> Reason:
    hid = [v for v in visits if v.state in _HID]
    return (hid[-1].reason or Reason.BLOCKED) if hid else Reason.SINGLE_MEASUREMENT


def _notes(days: Mapping[date, Day], visits: Sequence[VisitReport]) -> tuple[Note, ...]:
    words_of: Mapping[Day, str] = {
        "up": "Ngày cổng trả lời",
        "down": "Ngày cổng không kết nối được",
        "open": "Ngày chưa kết luận được",
    }
    found = []
    for state, told in words_of.items():
        mine = {day for day, said in days.items() if said == state}
        if mine:
            places = visit_places(v for v in visits if day_of(v) in mine)
            text = f"{told}: {len(mine)}."
            found.append(Note(key=f"days-{state}", text=text, count=len(mine), basis=places))
    return tuple(found)


VERIFIER: Final = Verifier(
    name="portal_availability",
    version=1,
    settings=Settings,
    roles=("num", "den"),
    measure=portal_availability,
)
