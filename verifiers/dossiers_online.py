"""HD.19: the share of dossiers of level 3 and 4 services that were submitted online."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Final

from minhchung.holdings import Holdings
from minhchung.measurements import NotApplicable, Reason, Result, Unmeasured
from minhchung.measurements import NotApplicableReason as Why
from minhchung.observations import DossierTally, ServiceOffer
from verifiers.alternatives import does_not_fit
from verifiers.bounds import settles
from verifiers.harvests import (
    Harvest,
    by_procedure,
    harvests,
    of_agency,
    ratio,
    ratio_inputs,
    summed,
    twice,
    without_procedures,
)
from verifiers.interface import Context, Verifier
from verifiers.oddities.dossiers import ask_about_jump
from verifiers.procedures import best_offers

_A_MONTH: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/dossiers_online.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    level: int = 3


def dossiers_online(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure received online / received by any channel, over level 3 and 4 codes alone."""
    if (not_applicable := without_procedures(holdings)) is not None:
        return not_applicable
    found = harvests(holdings, context, ("services", "dossiers"))
    if isinstance(found, Unmeasured):
        return found
    return twice(found, context, lambda harvest: _read(harvest, context, settings))


def _since_level(row: DossierTally, offer: ServiceOffer) -> bool:
    """A row counts when it begins on or after the day its code reached level 3, or spans no such day."""
    return offer.opened_on is None or row.first >= offer.opened_on or row.last - row.first > _A_MONTH


def _read(harvest: Harvest, context: Context, settings: Settings) -> Result:
    offered = best_offers(harvest.offers, settings.level)
    if not offered:
        return ratio(context, 0, 0, window=context.period, basis=[o.seen for o in harvest.offers])
    rows = [
        row
        for row in by_procedure(harvest, context, "received")
        if row.procedure in offered and _since_level(row, offered[row.procedure])
    ]
    online, received = summed(rows, "received_online"), summed(rows, "received")
    if rows and received == 0:
        return NotApplicable(
            reason=Why.NO_DOSSIERS,
            detail="Dịch vụ mức 3, 4 không phát sinh hồ sơ nào trong kỳ.",
            basis=tuple(row.seen for row in rows),
        )
    if online is None or received is None or received == 0:
        return _totals_only(harvest, context)
    return ratio(
        context,
        online,
        received,
        window=context.period,
        basis=[row.seen for row in rows],
        questions=tuple(ask_about_jump(harvest, context.period)),
    )


def _totals_only(harvest: Harvest, context: Context) -> Result:
    """Only totals over all services: they settle nothing but a ratio already at its target."""
    rows = of_agency(harvest, context, "received")
    online, received = summed(rows, "received_online"), summed(rows, "received")
    basis = [row.seen for row in rows]
    if not received or online is None:
        text = "Hệ thống không cho số hồ sơ trực tuyến theo dịch vụ mức 3, 4."
        return does_not_fit(
            text, basis, harvest, "received", "received_online", "online_full", "online_partial"
        )
    low, high = ratio_inputs(context, online, received), ratio_inputs(context, received, received)
    if settles(context, low, high):
        return ratio(context, online, received, window=context.period, basis=basis, bounded=True)
    return Unmeasured(
        reason=Reason.BASIS_DOES_NOT_FIT,
        detail=f"Chỉ có tổng mọi dịch vụ: {online}/{received} hồ sơ trực tuyến.",
        basis=tuple(basis),
        low=low,
        high=high,
    )


VERIFIER: Final = Verifier(
    name="dossiers_online", version=1, settings=Settings, roles=("num", "den"), measure=dossiers_online
)
