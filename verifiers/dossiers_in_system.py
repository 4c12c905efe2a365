"""HD.14: the share of all arising dossiers that are handled in the one-stop-shop system."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Final

from minhchung.holdings import Holdings
from minhchung.measurements import Grade, Measurement, NotApplicable, Note, Origin, Reason, Result, Unmeasured
from minhchung.measurements import NotApplicableReason as Why
from verifiers.alternatives import does_not_fit
from verifiers.harvests import Harvest, harvests, of_agency, ratio, summed, twice, without_procedures
from verifiers.interface import Context, Verifier
from verifiers.oddities.dossiers import ask_about_months
from verifiers.owners import OutsideFigure, outside_figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/dossiers_in_system.toml`: no key of its own."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


def dossiers_in_system(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure received in the system / all arising, the latter from outside the system.

    The denominator is the owner's register, else the agency's own (then partly verified). The system's
    own total is no denominator: a ratio of 1 by construction measures nothing.
    """
    if (not_applicable := without_procedures(holdings)) is not None:
        return not_applicable
    found = harvests(holdings, context, ("dossiers",))
    if isinstance(found, Unmeasured):
        return found
    outside = outside_figure(holdings, context)
    result = twice(found, context, lambda harvest: _read(harvest, context, outside))
    if not isinstance(result, Measurement):
        return result
    months = ask_about_months(found[0], context.period, "received")
    return replace(result, questions=(*result.questions, *months))


def _read(harvest: Harvest, context: Context, outside: OutsideFigure | None) -> Result:
    rows = of_agency(harvest, context, "received")
    received = summed(rows, "received")
    basis = [row.seen for row in rows]
    if received is None:
        text = "Hệ thống một cửa không cho số hồ sơ tiếp nhận của đúng kỳ đánh giá."
        return does_not_fit(text, basis, harvest, "received")
    if outside is None or not isinstance(outside.value, Fraction):
        return Unmeasured(
            reason=Reason.DENOMINATOR_ABSENT,
            detail="Không có sổ hồ sơ phát sinh ngoài hệ thống; tổng của chính hệ thống không dùng được.",
            basis=tuple(basis),
        )
    arising = outside.value
    if arising == 0 and received == 0:
        return NotApplicable(
            reason=Why.NO_DOSSIERS, detail="Không phát sinh hồ sơ trong kỳ.", basis=tuple(basis)
        )
    if received > arising:
        return Unmeasured(
            reason=Reason.FIGURES_CONTRADICT,
            detail=f"Hệ thống có {received} hồ sơ, nhiều hơn tổng phát sinh {arising} được báo.",
            basis=(*basis, outside.seen),
        )
    return _measured(context, received, arising, basis, outside)


def _measured(
    context: Context, received: int, arising: Fraction, basis: list[Any], outside: OutsideFigure
) -> Measurement:
    equal = Note(key="question-equal", text="Sổ theo dõi bằng đúng số trong hệ thống.", count=received)
    owned = outside.origin is Origin.OWNER and not outside.rated
    return ratio(
        context,
        received,
        int(arising),
        window=context.period,
        basis=[*basis, outside.seen],
        den_origin=outside.origin,
        grade=Grade.VERIFIED if owned else Grade.PARTLY_VERIFIED,
        notes=[Note(key="denominator", text=outside.text, basis=(outside.seen,))],
        questions=[equal] if received == arising else (),
    )


VERIFIER: Final = Verifier(
    name="dossiers_in_system", version=1, settings=Settings, roles=("num", "den"), measure=dossiers_in_system
)
