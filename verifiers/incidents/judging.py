"""One component of one agency measured: the verifier's result, and which visits incidents took from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from minhchung.evidence import PORTAL, Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Measurement, NotApplicable, Note, Result, Unmeasured
from minhchung.periods import local_day
from verifiers.interface import Context, Verifier
from verifiers.passes import snapshot_window


def judge(verifier: Verifier[Any], settings: Any, holdings: Holdings, context: Context) -> Result:
    """Return a verifier's result under its label; `holdings` are those that incidents have left."""
    result = verifier.measure(holdings, context, settings)
    match result:
        case Measurement() | Unmeasured():
            notes = (*result.notes, *_left_out(holdings, context))
            return replace(result, verifier=verifier.label, notes=notes)
        case NotApplicable():
            return replace(result, verifier=verifier.label)


def _left_out(holdings: Holdings, context: Context) -> Iterator[Note]:
    """Yield a note for each visit near the period's end that an incident took from this component."""
    of_portal = context.component.kind == "objective_crawl"
    window = snapshot_window(holdings.agency, context)
    for visit in holdings.visits:
        day = local_day(visit.began_at)
        spoilt = visit.state in ("incident", "platform-incident")
        if spoilt and (visit.source == PORTAL) is of_portal and day in window:
            basis = (Locator(record=visit.record),) if visit.record is not None else ()
            text = f"Không tính lượt ngày {day:%d/%m/%Y}: {visit.detail}"
            yield Note(key="incident", text=text, basis=basis)
