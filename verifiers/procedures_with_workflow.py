"""HD.13: the share of the agency's procedures that have an electronic workflow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from minhchung.holdings import Holdings
from minhchung.measurements import Measurement, Note, Reason, Result, Unmeasured
from minhchung.periods import Period
from verifiers.alternatives import procedures_beside
from verifiers.harvests import Harvest, harvests, ratio, twice, without_procedures
from verifiers.interface import Context, Verifier
from verifiers.procedures import catalogue, is_code


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
    found = harvests(holdings, context, ("procedures", "workflows"))
    if isinstance(found, Unmeasured):
        return found
    return twice(found, context, lambda harvest: _read(harvest, context, settings))


def _read(harvest: Harvest, context: Context, settings: Settings) -> Measurement | Unmeasured:
    listed = catalogue(harvest)
    active = [
        w
        for w in harvest.workflows
        if w.active and is_code(w.procedure) and (w.steps is None or w.steps >= settings.min_steps)
    ]
    codes = {w.procedure for w in active}
    shown = {"thủ tục có quy trình điện tử": {w.procedure: w.seen for w in active}.values()}
    if not listed:
        absent = Unmeasured(
            reason=Reason.DENOMINATOR_ABSENT,
            detail="Danh mục thủ tục của cơ quan trống dù cơ quan có thủ tục hành chính.",
        )
        return procedures_beside(absent, harvest, shown)
    outside = sorted(codes - listed.keys())
    if len(outside) * 100 > settings.max_mismatch_percent * len(listed):
        unmapped = Unmeasured(
            reason=Reason.MAPPING_MISSING,
            detail=f"{len(outside)} mã quy trình không có trong danh mục {len(listed)} thủ tục.",
            basis=tuple(w.seen for w in active if w.procedure in outside),
        )
        return procedures_beside(unmapped, harvest, shown)
    notes = [
        Note(
            key="outside-catalogue",
            text=f"Ngoài danh mục, không tính: {', '.join(outside)}.",
            count=len(outside),
        )
    ]
    counted = codes & listed.keys()
    return ratio(
        context,
        len(counted),
        len(listed),
        window=Period(harvest.day, harvest.day),
        basis=[w.seen for w in active if w.procedure in counted] + [p.seen for p in listed.values()],
        notes=notes if outside else (),
        questions=_questions(harvest, context, settings),
    )


def _questions(harvest: Harvest, context: Context, settings: Settings) -> list[Note]:
    dated = [w for w in harvest.workflows if w.active and w.created_on is not None]
    late = [
        w
        for w in dated
        if w.created_on is not None and 0 <= (context.period.last - w.created_on).days < settings.burst_days
    ]
    if not dated or len(late) * 100 < settings.burst_percent * len(dated):
        return []
    return [
        Note(
            key="question-burst",
            text=f"{len(late)} trên {len(dated)} quy trình tạo trong {settings.burst_days} ngày cuối kỳ.",
            count=len(late),
            basis=tuple(w.seen for w in late),
        )
    ]


VERIFIER: Final = Verifier(
    name="procedures_with_workflow",
    version=1,
    settings=Settings,
    roles=("num", "den"),
    measure=procedures_with_workflow,
)
