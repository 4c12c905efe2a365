"""HD.20: the share of dossiers received, or returned, through the public postal service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Grade, NotApplicable, Note, Origin, Reason, Result, Unmeasured
from minhchung.measurements import NotApplicableReason as Why
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
from verifiers.oddities.dossiers import ask_about_months, ask_about_post
from verifiers.owners import OutsideFigure, outside_figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/dossiers_postal.toml`: no key of its own."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


def dossiers_postal(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure |received by post or returned by post| / received; both ways count once."""
    if (not_applicable := without_procedures(holdings)) is not None:
        return not_applicable
    found = harvests(holdings, context, ("dossiers",))
    if isinstance(found, Unmeasured):
        return found
    posted = outside_figure(holdings, context, "num")
    return twice(found, context, lambda harvest: _read(harvest, context, posted))


def _read(harvest: Harvest, context: Context, posted: OutsideFigure | None) -> Result:
    rows = of_agency(harvest, context, "received")
    basis = [row.seen for row in rows]
    received = summed(rows, "received")
    if received is None:
        text = "Hệ thống không cho số hồ sơ tiếp nhận của đúng kỳ đánh giá."
        return does_not_fit(text, basis, harvest, "received", "received_postal", "returned_postal")
    if received == 0:
        return NotApplicable(
            reason=Why.NO_DOSSIERS, detail="Không có hồ sơ nào trong kỳ.", basis=tuple(basis)
        )
    if (either := summed(rows, "postal_either")) is not None:
        months = ask_about_months(harvest, context.period, "postal_either")
        return ratio(context, either, received, window=context.period, basis=basis, questions=tuple(months))
    came, went = summed(rows, "received_postal"), summed(rows, "returned_postal")
    if posted is not None and posted.origin is Origin.OWNER and posted.count is not None:
        return _by_owner(context, received, (came, went), basis, posted)
    if came is None and went is None:
        text = "Hệ thống không phân kênh bưu chính công ích."
        return does_not_fit(text, basis, harvest, "received", "received_postal", "returned_postal")
    return _bounds(context, received, came, went, basis)


def _by_owner(
    context: Context,
    received: int,
    counts: tuple[int | None, int | None],
    basis: list[Locator],
    posted: OutsideFigure,
) -> Result:
    """The postal service's own list, each dossier code once, goes where the system tells no union."""
    either = posted.count or 0
    if either > received:
        return Unmeasured(
            reason=Reason.FIGURES_CONTRADICT,
            detail=f"Bưu chính có {either} hồ sơ, hệ thống tiếp nhận {received}.",
            basis=(*basis, posted.seen),
        )
    return ratio(
        context,
        either,
        received,
        window=context.period,
        basis=[*basis, posted.seen],
        num_origin=posted.origin,
        grade=Grade.PARTLY_VERIFIED if posted.rated else Grade.VERIFIED,
        notes=[Note(key="numerator", text=posted.text, basis=(posted.seen,))],
        questions=tuple(ask_about_post(either, counts, posted.seen)),
    )


def _bounds(context: Context, received: int, came: int | None, went: int | None, basis: list[Any]) -> Result:
    """Two counts bound their union; one count bounds it from below only."""
    least = max(came or 0, went or 0)
    most = received if came is None or went is None else min(came + went, received)
    low, high = ratio_inputs(context, least, received), ratio_inputs(context, most, received)
    if settles(context, low, high):
        return ratio(context, least, received, window=context.period, basis=basis, bounded=least != most)
    return Unmeasured(
        reason=Reason.BASIS_DOES_NOT_FIT,
        detail=f"Qua bưu chính: từ {least} đến {most} trên {received} hồ sơ; không có số đã loại trùng.",
        basis=tuple(basis),
        low=low,
        high=high,
    )


VERIFIER: Final = Verifier(
    name="dossiers_postal", version=2, settings=Settings, roles=("num", "den"), measure=dossiers_postal
)
