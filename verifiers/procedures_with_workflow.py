"""HD.13: the share of the agency's procedures that have an electronic workflow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from minhchung.holdings import Holdings
from minhchung.measurements import Measurement, Note, Reason, Result, Unmeasured
from minhchung.periods import Period
from verifiers.alternatives import procedures_beside
from verifiers.authority import Authority, ask
from verifiers.harvests import Harvest, ratio, twice, without_procedures
from verifiers.interface import Context, Verifier
from verifiers.oddities.services import ask_about_workflows
from verifiers.procedures import is_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/procedures_with_workflow.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    min_steps: int = 2
    """A workflow with fewer steps is none, where the system shows steps."""

    max_mismatch_percent: int = 20
    """Codes of the system outside the catalogue beyond which a mapping is missing."""

    burst_days: int = 14
    burst_percent: int = 50


def procedures_with_workflow(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure |workflows in P| / |P| on the last complete harvest after the period's end."""
    if (not_applicable := without_procedures(holdings)) is not None:
        return not_applicable
    asked = ask(holdings, context, "workflows")
    if isinstance(asked, Unmeasured):
        return asked
    return twice(
        asked.harvests, context, lambda harvest: _read(harvest, asked.authority(harvest), context, settings)
    )


def _read(
    harvest: Harvest, listed: Authority | None, context: Context, settings: Settings
) -> Measurement | Unmeasured:
    active = [
        w
        for w in harvest.workflows
        if w.active and is_code(w.procedure) and (w.steps is None or w.steps >= settings.min_steps)
    ]
    codes = frozenset(w.procedure for w in active)
    shown = {"thủ tục có quy trình điện tử": {w.procedure: w.seen for w in active}.values()}
    if listed is None:
        absent = Unmeasured(
            reason=Reason.DENOMINATOR_ABSENT,
            detail="Danh mục thủ tục của cơ quan trống dù cơ quan có thủ tục hành chính.",
        )
        return procedures_beside(absent, harvest, shown)
    outside = sorted(codes - listed.codes) if listed.codes else []
    if len(outside) * 100 > settings.max_mismatch_percent * listed.count:
        unmapped = Unmeasured(
            reason=Reason.MAPPING_MISSING,
            detail=f"{len(outside)} mã quy trình không có trong danh mục {listed.count} thủ tục.",
            basis=tuple(w.seen for w in active if w.procedure in outside),
        )
        return procedures_beside(unmapped, harvest, shown)
    text = f"Ngoài danh mục, không tính: {', '.join(outside)}."
    notes = [Note(key="outside-catalogue", text=text, count=len(outside))] if outside else []
    counted = [w.seen for w in active if not listed.codes or w.procedure in listed.codes]
    return ratio(
        context,
        listed.counted(codes),
        listed.count,
        window=Period(harvest.day, harvest.day),
        basis=[*counted, *listed.basis],
        den_origin=listed.origin,
        grade=listed.grade,
        notes=[*notes, *listed.notes],
        questions=tuple(
            ask_about_workflows(harvest, context.period, settings.burst_days, settings.burst_percent)
        ),
    )


VERIFIER: Final = Verifier(
    name="procedures_with_workflow",
    version=2,
    settings=Settings,
    roles=("num", "den"),
    measure=procedures_with_workflow,
)
