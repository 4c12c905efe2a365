"""Harvests built by hand: what the tests of the service verifiers say their truth with."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from minhchung.agencies import Agency
from minhchung.holdings import Holdings
from minhchung.index_set import Component, IndexSet
from minhchung.measurements import Input, Measurement, NotApplicable, Result, Unmeasured
from minhchung.observations import DossierTally, Observation, Procedure, ServiceHealth, ServiceOffer, Workflow
from minhchung.submissions import OwnerFigure, SubmittedFigure
from scoring.rules import points, worth
from tests.verifiers import builders as b
from verifiers.interface import Verifier

SET = Path(__file__).resolve().parents[2] / "config" / "index_sets" / "son-la-2021.toml"
ONESTOP = "mot-cua"
PORTAL = "dich-vu-cong"
DAY = b.CLOSE[0]
AGAIN = b.CLOSE[1]


@cache
def component(code: str) -> Component:
    """Return a component of the product's own index set."""
    read = tomllib.loads(SET.read_text("utf-8"), parse_float=Decimal)
    return TypeAdapter(IndexSet).validate_python(read).component(code)


def code(n: int) -> str:
    """Return the n-th procedure's national code."""
    return f"1.{n:06d}"


def _told(day: date, what: str) -> dict[str, Any]:
    run = b.run_on(day)
    return {"agency": b.AGENCY.code, "run": run, "seen": b.place(what, run), "taken_at": b.at(day)}


def health(topic: str, day: date = DAY, state: str = "ok", *, complete: bool = True) -> ServiceHealth:
    """Return how a system answered about a topic."""
    source = ONESTOP if topic in {"dossiers", "workflows"} else PORTAL
    said: Any = {"topic": topic, "state": state}
    return ServiceHealth(source=source, complete=complete, **said, **_told(day, f"health {topic}"))


def procedures(count: int, day: date = DAY) -> list[Procedure]:
    """Return the first procedures of the catalogue."""
    return [Procedure(source=PORTAL, code=code(n), **_told(day, f"p{n}")) for n in range(1, count + 1)]


def offers(levels: dict[int, int], day: date = DAY, **more: Any) -> list[ServiceOffer]:
    """Return services by procedure number and level."""
    return [
        ServiceOffer(source=PORTAL, procedure=code(n), level=level, **_told(day, f"s{n}"), **more)
        for n, level in levels.items()
    ]


def workflows(numbers: Iterable[int], day: date = DAY, **more: Any) -> list[Workflow]:
    """Return active workflows of these procedures."""
    said = {"active": True, "steps": 4, **more}
    return [Workflow(source=ONESTOP, procedure=code(n), **said, **_told(day, f"w{n}")) for n in numbers]


def tally(
    figures: dict[str, int | None],
    basis: Literal["received", "resolved", "snapshot"] = "received",
    day: date = DAY,
    **more: Any,
) -> DossierTally:
    """Return one row of dossier figures over the period, or as of its last day for a snapshot."""
    span = (b.PERIOD.last, b.PERIOD.last) if basis == "snapshot" else (b.PERIOD.first, b.PERIOD.last)
    told = {"source": ONESTOP, "first": span[0], "last": span[1], **more}
    what = f"{basis} {more.get('procedure', '')} {more.get('first', '')}"
    return DossierTally(basis=basis, figures=tuple(figures.items()), **told, **_told(day, what))


def owner(
    component_code: str, name: str, value: int | None, *codes: str, by: str = "trung-tam"
) -> OwnerFigure:
    """Return a figure of the owner of a shared system for the whole period."""
    return OwnerFigure(
        agency=b.AGENCY.code,
        component=component_code,
        input=name,
        value=None if value is None else Fraction(value),
        codes=codes,
        owner=by,
        document="12/TB-TT ngày 1/11/2021",
        first=b.PERIOD.first,
        last=b.PERIOD.last,
        seen=b.place("owner"),
    )


def claim(component_code: str, **values: int) -> SubmittedFigure:
    """Return what the agency reported."""
    said = {name: Fraction(value) for name, value in values.items()}
    return SubmittedFigure(
        agency=b.AGENCY.code, component=component_code, inputs=said, seen=b.place("workbook")
    )


def holdings(
    *observations: Observation | Sequence[Observation],
    agency: Agency = b.AGENCY,
    owners: Sequence[OwnerFigure] = (),
    claims: Sequence[SubmittedFigure] = (),
) -> Holdings:
    """Return holdings of these observations."""
    flat: list[Observation] = []
    for each in observations:
        flat += [each] if not isinstance(each, Sequence) else list(each)
    return Holdings(
        agency=agency, observations=tuple(flat), owner_figures=tuple(owners), submitted=tuple(claims)
    )


NO_PROCEDURES = replace(b.AGENCY, has_procedures=False)


def measure(verifier: Verifier[Any], component_code: str, held: Holdings) -> Result:
    """Measure by the product's own settings and rules."""
    spec = component(component_code)
    told = b.context(spec, worth=partial(worth, spec), onestop_sources=(ONESTOP,))
    return verifier.measure(held, told, b.settings(verifier))


def measured(result: Result) -> Measurement:
    """Return the result as a measurement, or fail saying what it is."""
    assert isinstance(result, Measurement), result
    return result


def ratio(result: Result) -> tuple[int, int]:
    """Return numerator and denominator of a measured ratio."""
    values = [given.value for given in measured(result).inputs.values()]
    assert all(isinstance(value, Fraction) for value in values)
    return int(Fraction(str(values[0]))), int(Fraction(str(values[1])))


def score(component_code: str, result: Result) -> Fraction:
    """Return the exact points of a measurement under the product's own rules."""
    inputs: dict[str, Input] = dict(measured(result).inputs)
    worthy = points(component(component_code), inputs)
    assert worthy.low == worthy.high
    return worthy.low


def reason(result: Result) -> str:
    """Return why a result is none."""
    assert isinstance(result, Unmeasured | NotApplicable), result
    return result.reason.value
