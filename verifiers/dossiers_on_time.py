"""HD.15: the share of dossiers that were due and were finished early or on time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar, Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import NotApplicable, Note, Reason, Result, Unmeasured
from minhchung.measurements import NotApplicableReason as Why
from minhchung.observations import DossierTally
from verifiers.alternatives import does_not_fit
from verifiers.bounds import settles
from verifiers.harvests import (
    Harvest,
    harvests,
    of_agency,
    ratio,
    ratio_inputs,
    summed,
    twice,
    without_procedures,
)
from verifiers.interface import Context, Verifier
from verifiers.oddities.dossiers import ask_about_pauses

_PARTS: Final = ("resolved", "resolved_early", "resolved_on_time", "resolved_in_time", "resolved_overdue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/dossiers_on_time.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    snapshot_days: int = 3
    """Open overdue dossiers count as of the last day, or at most so many days after it."""


def dossiers_on_time(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure (early + on time) / (early + on time + overdue resolved + overdue still open)."""
    if (not_applicable := without_procedures(holdings)) is not None:
        return not_applicable
    found = harvests(holdings, context, ("dossiers",))
    if isinstance(found, Unmeasured):
        return found
    return twice(found, context, lambda harvest: _read(found, harvest, context, settings))


def _read(found: Sequence[Harvest], harvest: Harvest, context: Context, settings: Settings) -> Result:
    rows = of_agency(harvest, context, "resolved")
    basis = [row.seen for row in rows]
    good = _on_time(rows)
    late = summed(rows, "resolved_overdue")
    if good is None or late is None:
        text = "Hệ thống không cho đủ số hồ sơ đúng hạn và quá hạn đã giải quyết của kỳ."
        return does_not_fit(text, basis, harvest, *_PARTS)
    opened = _open_overdue(found, context, settings)
    if opened is None:
        return _without_snapshot(found, context, good, late, basis)
    still, snapshot = opened
    due = good + late + still
    if due == 0:
        return _no_dossiers(harvest, context, basis)
    contradiction = _contradiction(rows, context, good, late, still)
    if isinstance(contradiction, Unmeasured):
        return contradiction
    return ratio(
        context,
        good,
        due,
        window=context.period,
        basis=[*basis, *snapshot],
        notes=[
            Note(key="overdue-resolved", text=f"Đã giải quyết quá hạn: {late}.", count=late),
            Note(key="overdue-open", text=f"Đang tồn quá hạn cuối kỳ: {still}.", count=still),
            *contradiction,
        ],
        questions=tuple(ask_about_pauses(rows, due)),
    )


def _on_time(rows: Sequence[DossierTally]) -> int | None:
    early, on_time = summed(rows, "resolved_early"), summed(rows, "resolved_on_time")
    if on_time is None:
        # Some systems print early and on time as one figure.
        return summed(rows, "resolved_in_time")
    return on_time + (early or 0)


def _open_overdue(
    found: Sequence[Harvest], context: Context, settings: Settings
) -> tuple[int, list[Locator]] | None:
    """Return the open overdue dossiers as of the period's end, from the newest harvest that shows it."""
    latest = context.period.last + timedelta(days=settings.snapshot_days)
    for harvest in found:
        rows = [
            t
            for t in harvest.tallies
            if t.basis == "snapshot" and not t.procedure and context.period.last <= t.last <= latest
        ]
        for source in sorted({t.source for t in rows}, key=lambda s: (s not in context.onestop_sources, s)):
            mine = [t for t in rows if t.source == source]
            day = min(t.last for t in mine)
            of_day = [t for t in mine if t.last == day]
            totals = [t for t in of_day if t.is_total] or of_day
            if (still := summed(totals, "open_overdue")) is not None:
                return still, [t.seen for t in totals]
    return None


def _without_snapshot(
    found: Sequence[Harvest], context: Context, good: int, late: int, basis: list[Locator]
) -> Result:
    opens = [o for h in found for t in h.tallies if not t.procedure if (o := t.figure("open")) is not None]
    low = ratio_inputs(context, good, good + late + max(opens)) if opens else None
    high = ratio_inputs(context, good, good + late)
    if low is not None and good + late and settles(context, low, high):
        return ratio(context, good, good + late, window=context.period, basis=basis, bounded=True)
    text = "Không có số hồ sơ đang tồn quá hạn tại ngày cuối kỳ."
    instead = does_not_fit(text, basis, found[0], "open", "open_overdue")
    return replace(instead, low=low, high=high if good + late else None)


def _no_dossiers(harvest: Harvest, context: Context, basis: list[Locator]) -> Result:
    received = summed(of_agency(harvest, context, "received"), "received")
    if received == 0:
        return NotApplicable(
            reason=Why.NO_DOSSIERS, detail="Không có hồ sơ nào trong kỳ.", basis=tuple(basis)
        )
    return Unmeasured(
        reason=Reason.DENOMINATOR_ABSENT,
        detail="Có hồ sơ tiếp nhận nhưng không có hồ sơ nào đã giải quyết hay quá hạn.",
        basis=tuple(basis),
    )


def _contradiction(
    rows: Sequence[DossierTally], context: Context, good: int, late: int, still: int
) -> list[Note] | Unmeasured:
    """Say what it means when the printed total is not the sum of its parts."""
    total = summed(rows, "resolved")
    if total is None or total == good + late:
        return []
    ours = ratio_inputs(context, good, good + late + still)
    theirs = ratio_inputs(context, good, total + still)
    text = f"Tổng đã giải quyết in {total}, cộng các phần được {good + late}."
    if total >= good and settles(context, *sorted((ours, theirs), key=_denominator)):
        return [Note(key="parts-differ", text=text, count=total - good - late)]
    return Unmeasured(
        reason=Reason.FIGURES_CONTRADICT,
        detail=text,
        basis=tuple(r.seen for r in rows),
        low=ours,
        high=theirs,
    )


def _denominator(inputs: dict[str, Any]) -> Any:
    return -max(i.value for i in inputs.values())


VERIFIER: Final = Verifier(
    name="dossiers_on_time", version=1, settings=Settings, roles=("num", "den"), measure=dossiers_on_time
)
