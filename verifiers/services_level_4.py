"""HD.17: the share of eligible procedures that are offered at level 4."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Final

from minhchung.holdings import Holdings
from minhchung.measurements import Grade, Measurement, Note, Origin, Reason, Result, Unmeasured
from minhchung.periods import Period
from verifiers.alternatives import procedures_beside
from verifiers.harvests import Harvest, harvests, ratio, twice, without_procedures
from verifiers.interface import Context, Verifier
from verifiers.oddities.services import ask_about_shrinking
from verifiers.owners import OutsideFigure, outside_figure
from verifiers.procedures import best_offers, catalogue, national


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/services_level_4.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    level: int = 4


def services_level_4(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure |S4 in E| / |E|, E being the approved list cut to the agency's procedures.

    No system shows E: it is the annex of the document that approves it, entered by its owner.
    """
    if (not_applicable := without_procedures(holdings)) is not None:
        return not_applicable
    found = harvests(holdings, context, ("procedures", "services"))
    if isinstance(found, Unmeasured):
        return found
    eligible = outside_figure(holdings, context)
    shrunk = tuple(ask_about_shrinking(holdings, context))
    result = twice(found, context, lambda harvest: _read(harvest, context, settings, eligible))
    return (
        replace(result, questions=(*result.questions, *shrunk)) if isinstance(result, Measurement) else result
    )


def _read(
    harvest: Harvest, context: Context, settings: Settings, eligible: OutsideFigure | None
) -> Measurement | Unmeasured:
    offered = best_offers(harvest.offers, settings.level)
    listed = catalogue(harvest)
    window = Period(harvest.day, harvest.day)
    if eligible is not None and eligible.codes:
        approved = {code for code in map(national, eligible.codes) if code in listed}
        if approved:
            met = approved & offered.keys()
            verified = eligible.origin is Origin.OWNER and not eligible.rated
            return ratio(
                context,
                len(met),
                len(approved),
                window=window,
                basis=[offered[c].seen for c in sorted(met)] + [eligible.seen],
                den_origin=eligible.origin,
                grade=Grade.VERIFIED if verified else Grade.PARTLY_VERIFIED,
                notes=[_source(eligible)],
                questions=_questions(approved, offered.keys() & listed.keys()),
            )
    elif eligible is not None and eligible.origin is Origin.OWNER and isinstance(eligible.value, Fraction):
        return _by_number(context, offered, listed, eligible, window)
    absent = Unmeasured(
        reason=Reason.DENOMINATOR_ABSENT,
        detail="Chưa có danh mục thủ tục đủ điều kiện mức độ 4 kèm số, ngày văn bản phê duyệt.",
    )
    at_level = [offer.seen for code, offer in offered.items() if code in listed]
    return procedures_beside(absent, harvest, {f"thủ tục có dịch vụ mức {settings.level}": at_level})


def _by_number(
    context: Context, offered: dict[str, Any], listed: dict[str, Any], eligible: OutsideFigure, window: Period
) -> Measurement | Unmeasured:
    """The owner gives a number without names: the ratio is capped at 1 and partly verified."""
    count = eligible.value
    if not isinstance(count, Fraction) or count <= 0:
        return Unmeasured(reason=Reason.DENOMINATOR_ABSENT, detail="Số thủ tục đủ điều kiện mức độ 4 là 0.")
    met = offered.keys() & listed.keys()
    return ratio(
        context,
        min(len(met), int(count)),
        int(count),
        window=window,
        basis=[offered[c].seen for c in sorted(met)] + [eligible.seen],
        den_origin=eligible.origin,
        grade=Grade.PARTLY_VERIFIED,
        notes=[_source(eligible)],
    )


def _source(eligible: OutsideFigure) -> Note:
    return Note(key="eligible-list", text=eligible.text, basis=(eligible.seen,))


def _questions(approved: set[str], offered: set[str]) -> list[Note]:
    if approved != offered:
        return []
    return [Note(key="question-equal-lists", text="Danh mục đủ điều kiện trùng khít với dịch vụ đã mức 4.")]


VERIFIER: Final = Verifier(
    name="services_level_4", version=2, settings=Settings, roles=("num", "den"), measure=services_level_4
)
