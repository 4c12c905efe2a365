"""HD.18: the share of level 3 and 4 services that received at least one online dossier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from minhchung.holdings import Holdings
from minhchung.measurements import Measurement, Note, Reason, Result, Unmeasured
from minhchung.observations import ServiceOffer
from verifiers.alternatives import does_not_fit
from verifiers.bounds import settles
from verifiers.harvests import (
    Harvest,
    by_procedure,
    harvests,
    of_agency,
    ratio,
    ratio_inputs,
    twice,
    without_procedures,
)
from verifiers.interface import Context, Verifier
from verifiers.oddities.dossiers import ask_about_single_dossiers
from verifiers.procedures import best_offers


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/services_used.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    level: int = 3
    min_open_days: int = 30
    """A service open for fewer days of the period is left out; an unknown opening day counts."""


def services_used(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure codes with an online dossier / level 3 and 4 codes open long enough."""
    if (not_applicable := without_procedures(holdings)) is not None:
        return not_applicable
    found = harvests(holdings, context, ("services", "dossiers"))
    if isinstance(found, Unmeasured):
        return found
    return twice(found, context, lambda harvest: _read(harvest, context, settings))


def _open_long_enough(offer: ServiceOffer, context: Context, settings: Settings) -> bool:
    if offer.opened_on is None:
        return True
    return (context.period.last - offer.opened_on).days + 1 >= settings.min_open_days


def _read(harvest: Harvest, context: Context, settings: Settings) -> Measurement | Unmeasured:
    offered = best_offers(harvest.offers, settings.level)
    counted = {c: o for c, o in offered.items() if _open_long_enough(o, context, settings)}
    if not counted:
        return ratio(context, 0, 0, window=context.period, basis=[o.seen for o in harvest.offers])
    rows = by_procedure(harvest, context, "received")
    if not rows:
        basis = [row.seen for row in of_agency(harvest, context, "received")]
        text = "Hệ thống chỉ cho tổng của cơ quan, không cho số hồ sơ theo từng thủ tục."
        return does_not_fit(text, basis, harvest, "received", "received_online")
    mine = [row for row in rows if row.procedure in counted]
    if not mine:
        return Unmeasured(
            reason=Reason.MAPPING_MISSING,
            detail="Mã thủ tục của thống kê hồ sơ không khớp với mã dịch vụ mức 3, 4.",
            basis=tuple(row.seen for row in rows[:20]),
        )
    used = {row.procedure for row in mine if (row.figure("received_online") or 0) >= 1}
    known = {row.procedure for row in mine if row.figure("received_online") is not None}
    unknown = len(counted.keys() - known - used)
    low = ratio_inputs(context, len(used), len(counted))
    high = ratio_inputs(context, len(used) + unknown, len(counted))
    if unknown and not settles(context, low, high):
        return Unmeasured(
            reason=Reason.BASIS_DOES_NOT_FIT,
            detail=f"Hệ thống không cho số hồ sơ trực tuyến của {unknown} trên {len(counted)} dịch vụ.",
            basis=tuple(row.seen for row in mine),
            low=low,
            high=high,
        )
    young = len(offered) - len(counted)
    note = Note(
        key="young-services", text=f"{young} dịch vụ mở dưới {settings.min_open_days} ngày, không tính."
    )
    return ratio(
        context,
        len(used),
        len(counted),
        window=context.period,
        basis=[row.seen for row in mine] + [o.seen for o in counted.values()],
        notes=[note] if young else (),
        questions=tuple(ask_about_single_dossiers(mine)),
        bounded=bool(unknown),
    )


VERIFIER: Final = Verifier(
    name="services_used", version=1, settings=Settings, roles=("num", "den"), measure=services_used
)
