"""HD.21: the share of fee-bearing dossiers that were paid online."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Grade, NotApplicable, Origin, Reason, Result, Unmeasured
from minhchung.measurements import NotApplicableReason as Why
from minhchung.observations import DossierTally
from verifiers.alternatives import does_not_fit
from verifiers.harvests import (
    Harvest,
    by_procedure,
    harvests,
    of_agency,
    ratio,
    summed,
    twice,
    without_procedures,
)
from verifiers.interface import Context, Verifier
from verifiers.owners import OutsideFigure, outside_figure
from verifiers.procedures import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/dossiers_paid_online.toml`: no key of its own."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


def dossiers_paid_online(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure paid online / fee-bearing; no figure about fees is not the same as no fees."""
    if (not_applicable := without_procedures(holdings)) is not None:
        return not_applicable
    found = harvests(holdings, context, ("dossiers",))
    if isinstance(found, Unmeasured):
        return found
    bearing = outside_figure(holdings, context)
    payments = outside_figure(holdings, context, "num")
    return twice(found, context, lambda harvest: _read(harvest, context, bearing, payments))


@dataclass(frozen=True, slots=True)
class Count:
    """One of the two figures, and who gives it."""

    value: int
    origin: Origin
    rated: bool = False
    seen: tuple[Locator, ...] = ()


def _read(
    harvest: Harvest, context: Context, bearing: OutsideFigure | None, payments: OutsideFigure | None
) -> Result:
    rows = of_agency(harvest, context, "received")
    basis = [row.seen for row in rows]
    paid = _given(summed(rows, "paid_online")) or _outside(payments)
    due = _given(summed(rows, "fee_bearing")) or _by_catalogue(harvest, context, rows) or _outside(bearing)
    if due is None or paid is None:
        text = "Không có số hồ sơ phát sinh phí, lệ phí từ hệ thống hay đơn vị chủ quản."
        instead = does_not_fit(text, basis, harvest, "received", "fee_bearing", "paid_online")
        return replace(instead, reason=Reason.DENOMINATOR_ABSENT)
    places = (*basis, *due.seen, *paid.seen)
    if due.value == 0:
        return _no_fees(due, places)
    if paid.value > due.value:
        return Unmeasured(
            reason=Reason.FIGURES_CONTRADICT,
            detail=f"Thanh toán trực tuyến {paid.value}, nhiều hơn hồ sơ có phí {due.value}.",
            basis=places,
        )
    own_word = any(c.rated or c.origin is Origin.SUBMITTED for c in (due, paid))
    return ratio(
        context,
        paid.value,
        due.value,
        window=context.period,
        basis=places,
        den_origin=due.origin,
        num_origin=paid.origin,
        grade=Grade.PARTLY_VERIFIED if own_word else Grade.VERIFIED,
    )


def _no_fees(due: Count, places: Sequence[Locator]) -> Result:
    """Only the system or the catalogue may say that nothing costs anything; not applicable pays (C8b)."""
    if due.origin is Origin.SERVICE:
        return NotApplicable(
            reason=Why.NO_FEES, detail="Không có hồ sơ thu phí, lệ phí.", basis=tuple(places)
        )
    return Unmeasured(
        reason=Reason.DENOMINATOR_ABSENT,
        detail="Chỉ có báo cáo nói không có hồ sơ thu phí; hệ thống và danh mục thủ tục không nói vậy.",
        basis=tuple(places),
    )


def _given(figure: int | None) -> Count | None:
    return None if figure is None else Count(figure, Origin.SERVICE)


def _outside(figure: OutsideFigure | None) -> Count | None:
    if figure is None or figure.count is None:
        return None
    return Count(figure.count, figure.origin, figure.rated, (figure.seen,))


def _by_catalogue(harvest: Harvest, context: Context, rows: Sequence[DossierTally]) -> Count | None:
    """Return the dossiers of codes that cost something in every case, where the catalogue tells of all.

    The rows by procedure must add up to the agency's own total, else some are missing.
    """
    fees = {code: procedure.fee_always for code, procedure in catalogue(harvest).items()}
    parts = by_procedure(harvest, context, "received")
    received = {row.procedure: row.figure("received") for row in parts}
    known = [figure for figure in received.values() if figure is not None]
    if not parts or len(known) != len(parts) or sum(known) != summed(rows, "received"):
        return None
    if any(figure and fees.get(code) is None for code, figure in received.items()):
        return None
    bearing = sum(figure or 0 for code, figure in received.items() if fees.get(code))
    return Count(bearing, Origin.SERVICE, seen=tuple(row.seen for row in parts))


VERIFIER: Final = Verifier(
    name="dossiers_paid_online",
    version=2,
    settings=Settings,
    roles=("num", "den"),
    measure=dossiers_paid_online,
)
