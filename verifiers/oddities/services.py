"""What looks odd about workflows, levels and lists: made at the close, all alike, never used (G16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Final

from minhchung.holdings import Holdings
from minhchung.measurements import Note
from minhchung.observations import ServiceOffer, Workflow
from minhchung.periods import Period
from verifiers.harvests import Harvest
from verifiers.interface import Context

LEAST: Final = 10
"""Workflows below which it says nothing that all have as many steps."""

_NAMED: Final = 5


def ask_about_workflows(
    harvest: Harvest, period: Period, burst_days: int, burst_percent: int
) -> Iterator[Note]:
    """Yield what a person should look at; every workflow of it was counted."""
    active = [w for w in harvest.workflows if w.active]
    dated = [w for w in active if w.created_on is not None]
    late = [w for w in dated if w.created_on is not None and _is_late(w, period, burst_days)]
    if dated and len(late) * 100 >= burst_percent * len(dated):
        text = f"{len(late)} trên {len(dated)} quy trình tạo trong {burst_days} ngày cuối kỳ."
        yield Note(key="question-burst", text=text, count=len(late), basis=tuple(w.seen for w in late))
    steps = {w.steps for w in active if w.steps is not None}
    if len(active) >= LEAST and len(steps) == 1 and all(w.steps is not None for w in active):
        text = f"Cả {len(active)} quy trình đều có đúng {steps.pop()} bước."
        places = tuple(w.seen for w in active[:_NAMED])
        yield Note(key="question-identical", text=text, count=len(active), basis=places)
    yield from _unused(active, harvest)


def _is_late(workflow: Workflow, period: Period, days: int) -> bool:
    return workflow.created_on is not None and 0 <= (period.last - workflow.created_on).days < days


def _unused(active: list[Workflow], harvest: Harvest) -> Iterator[Note]:
    """Ask about workflows whose procedures the system says had no dossier at all."""
    rows = [t for t in harvest.tallies if t.procedure and t.basis == "received"]
    silent = {t.procedure for t in rows if t.figure("received") == 0}
    silent -= {t.procedure for t in rows if t.figure("received") != 0}
    idle = [w for w in active if w.procedure in silent]
    if idle:
        text = f"{len(idle)} quy trình thuộc thủ tục không có hồ sơ nào trong kỳ."
        yield Note(key="question-unused", text=text, count=len(idle), basis=tuple(w.seen for w in idle))


def ask_about_late_levels(offers: Iterable[ServiceOffer], period: Period, days: int) -> Iterator[Note]:
    """Ask about services opened, or raised to their level, in the last days of the period."""
    since = period.last - timedelta(days=days)
    late = [o for o in offers if o.opened_on is not None and since < o.opened_on]
    if late:
        text = f"{len(late)} dịch vụ được nâng mức hoặc mở trong {days} ngày cuối kỳ."
        places = tuple(o.seen for o in late)
        yield Note(key="question-late-level", text=text, count=len(late), basis=places)


def ask_about_shrinking(holdings: Holdings, context: Context) -> Iterator[Note]:
    """Ask where a list of eligible procedures that held before lost entries within the period (HD.17)."""
    names = {spec.name for spec in context.component.inputs if spec.role == "den"}
    lists = sorted(
        (
            f
            for f in holdings.owner_figures
            if f.component == context.component.code and f.input in names and f.codes
            if f.first <= context.period.last and f.last >= context.period.first
        ),
        key=lambda f: (f.first, f.document),
    )
    for before, after in pairwise(lists):
        lost = sorted(set(before.codes) - set(after.codes))
        if lost:
            text = (
                f"Danh mục đủ điều kiện theo {after.document} bớt {len(lost)} thủ tục so với "
                f"{before.document}: {', '.join(lost[:_NAMED])}."
            )
            places = (before.seen, after.seen)
            yield Note(key="question-list-shrank", text=text, count=len(lost), basis=places)
