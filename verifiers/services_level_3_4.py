"""HD.16: the share of the agency's procedures offered online at level 3 or 4."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from minhchung.holdings import Holdings
from minhchung.measurements import Measurement, Reason, Result, Unmeasured
from minhchung.periods import Period
from verifiers.alternatives import procedures_beside
from verifiers.authority import Authority, ask
from verifiers.harvests import Harvest, ratio, twice, without_procedures
from verifiers.interface import Context, Verifier
from verifiers.oddities.services import ask_about_late_levels
from verifiers.procedures import best_offers


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/services_level_3_4.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    level: int = 3
    burst_days: int = 14
    """Services opened in so many last days of the period are shown to a person."""


def services_level_3_4(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure |S34 in P| / |P| on the last complete harvest after the period's end."""
    if (not_applicable := without_procedures(holdings)) is not None:
        return not_applicable
    asked = ask(holdings, context, "services")
    if isinstance(asked, Unmeasured):
        return asked
    return twice(
        asked.harvests, context, lambda harvest: _read(harvest, asked.authority(harvest), context, settings)
    )


def _read(
    harvest: Harvest, listed: Authority | None, context: Context, settings: Settings
) -> Measurement | Unmeasured:
    everywhere = best_offers(harvest.offers, settings.level)
    if listed is None:
        absent = Unmeasured(
            reason=Reason.DENOMINATOR_ABSENT,
            detail="Danh mục thủ tục của cơ quan trống dù cơ quan có thủ tục hành chính.",
        )
        at_level = {f"thủ tục có dịch vụ từ mức {settings.level}": [o.seen for o in everywhere.values()]}
        return procedures_beside(absent, harvest, at_level)
    if harvest.offers and all(o.level is None for o in harvest.offers):
        no_level = Unmeasured(
            reason=Reason.BASIS_DOES_NOT_FIT,
            detail="Hệ thống không cho biết mức độ của dịch vụ công.",
            basis=tuple(o.seen for o in harvest.offers),
        )
        on_offer = {
            o.procedure: o.seen
            for o in harvest.offers
            if o.open and (not listed.codes or o.procedure in listed.codes)
        }
        return procedures_beside(no_level, harvest, {"thủ tục có dịch vụ, chưa rõ mức": on_offer.values()})
    offered = {code: offer for code, offer in everywhere.items() if not listed.codes or code in listed.codes}
    return ratio(
        context,
        listed.counted(frozenset(offered)),
        listed.count,
        window=Period(harvest.day, harvest.day),
        basis=[*(o.seen for o in offered.values()), *listed.basis],
        den_origin=listed.origin,
        grade=listed.grade,
        notes=listed.notes,
        questions=tuple(ask_about_late_levels(offered.values(), context.period, settings.burst_days)),
    )


VERIFIER: Final = Verifier(
    name="services_level_3_4", version=2, settings=Settings, roles=("num", "den"), measure=services_level_3_4
)
