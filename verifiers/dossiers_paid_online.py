"""HD.21: the share of fee-bearing dossiers that were paid online."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Final

from minhchung.holdings import Holdings
from minhchung.measurements import Grade, NotApplicable, Origin, Reason, Result, Unmeasured
from minhchung.measurements import NotApplicableReason as Why
from verifiers.alternatives import does_not_fit
from verifiers.harvests import Harvest, harvests, of_agency, ratio, summed, twice, without_procedures
from verifiers.interface import Context, Verifier
from verifiers.owners import OutsideFigure, outside_figure


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
    outside = outside_figure(holdings, context)
    return twice(found, context, lambda harvest: _read(harvest, context, outside))


def _read(harvest: Harvest, context: Context, outside: OutsideFigure | None) -> Result:
    rows = of_agency(harvest, context, "received")
    basis = [row.seen for row in rows]
    paid, bearing = summed(rows, "paid_online"), summed(rows, "fee_bearing")
    origin, grade = Origin.SERVICE, Grade.VERIFIED
    if bearing is None and outside is not None and isinstance(outside.value, Fraction):
        bearing, origin = int(outside.value), outside.origin
        basis.append(outside.seen)
        if origin is not Origin.OWNER or outside.rated:
            grade = Grade.PARTLY_VERIFIED
    if bearing is None or paid is None:
        text = "Không có số hồ sơ phát sinh phí, lệ phí từ hệ thống hay đơn vị chủ quản."
        instead = does_not_fit(text, basis, harvest, "received", "fee_bearing", "paid_online")
        return replace(instead, reason=Reason.DENOMINATOR_ABSENT)
    if bearing == 0:
        return NotApplicable(reason=Why.NO_FEES, detail="Không có hồ sơ thu phí, lệ phí.", basis=tuple(basis))
    if paid > bearing:
        return Unmeasured(
            reason=Reason.FIGURES_CONTRADICT,
            detail=f"Thanh toán trực tuyến {paid}, nhiều hơn hồ sơ có phí {bearing}.",
            basis=tuple(basis),
        )
    return ratio(context, paid, bearing, window=context.period, basis=basis, den_origin=origin, grade=grade)


VERIFIER: Final = Verifier(
    name="dossiers_paid_online",
    version=1,
    settings=Settings,
    roles=("num", "den"),
    measure=dossiers_paid_online,
)
