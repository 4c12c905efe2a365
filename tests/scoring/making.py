"""Small builders for scoring tests: components, results, claims, rounds, and the product's own config."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from pydantic import TypeAdapter

from minhchung.agencies import Agency, Bloc
from minhchung.evidence import AgencyCode, Locator, RecordId
from minhchung.index_set import Component, Formula, FormulaType, IndexSet, InputSpec, MainIndex
from minhchung.measurements import Grade, Input, Measurement, Origin, Reason, Unmeasured, Value
from minhchung.periods import Period
from minhchung.rounds import Band, Round
from minhchung.scores import Coverage, Figure, Finding, Ground, Score, Total
from minhchung.sources import AgenciesFile
from minhchung.submissions import OwnerFigure, SubmittedFigure
from scoring.numerals import half_up

CONFIG: Final = Path(__file__).resolve().parents[2] / "config"
YEAR: Final = Period(date(2020, 11, 1), date(2021, 10, 31))
ONE: Final = AgencyCode("so-mot")
AGENCY: Final = Agency(code=ONE, name="Sở Một", bloc="provincial")
RECORD: Final = RecordId("urn:uuid:00000000-0000-4000-8000-000000000001")
CELL: Final = Locator(record=RECORD, path="TuDanhGia!E2")

T = TypeVar("T")
Role = Literal["num", "den", "value", "share", "count", "items", "date", "due", "part"]


def config(kind: type[T], name: str) -> T:
    """Return one of the product's own configuration files."""
    table = tomllib.loads((CONFIG / name).read_text(encoding="utf-8"), parse_float=Decimal)
    return TypeAdapter(kind).validate_python(table)


def index_set_2021() -> IndexSet:
    """Return the product's index set."""
    return config(IndexSet, "index_sets/son-la-2021.toml")


def round_2021() -> Round:
    """Return the product's round."""
    return config(Round, "rounds/2021.toml")


def registry_2021() -> AgenciesFile:
    """Return the product's registry."""
    return config(AgenciesFile, "agencies/son-la-2021.toml")


ROLES: Final[dict[str, tuple[Role, ...]]] = {
    "ratio": ("num", "den"),
    "ratio_target": ("num", "den"),
    "ratio_cutoff": ("num", "den"),
    "steps": ("value",),
    "steps_all": ("value", "share"),
    "capped_count": ("count",),
    "checklist": ("items",),
    "boolean": ("value",),
    "choice": ("value",),
    "deadline_steps": ("date", "due"),
}


def component(
    kind: FormulaType,
    points: str = "3",
    *,
    verifier: str = "news_cadence",
    origins: tuple[Origin, ...] = (Origin.CRAWL,),
    tolerance: str = "0",
    roles: tuple[Role, ...] = (),
    code: str = "X.1",
    **formula: Any,
) -> Component:
    """Return a component whose inputs are named after their roles."""
    return Component(
        code=code,
        title="Chỉ số thử",
        points=Decimal(points),
        kind="objective_crawl" if verifier else "submitted_crosschecked",
        formula=Formula(type=kind, **formula),
        inputs=tuple(InputSpec(role=role, name=role, origins=origins) for role in roles or ROLES[kind]),
        verifier=verifier,
        tolerance=Decimal(tolerance),
    )


def given(origin: Origin = Origin.CRAWL, /, **values: Value | int | str) -> dict[str, Input]:
    """Return inputs by name; a whole number or `a/b` stands for a number."""
    return {name: Input(value=number(value), origin=origin) for name, value in values.items()}


def number(value: Value | int | str) -> Value:
    """Return a number for an int or a text like `3/4`; anything else as it is."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, str) and value.replace("/", "").replace(".", "").isdigit():
        return Fraction(value)
    return value


def measured(inputs: Mapping[str, Input], grade: Grade = Grade.VERIFIED) -> Measurement:
    """Return a measurement of these inputs."""
    return Measurement(inputs=inputs, grade=grade, window=YEAR, verifier="news_cadence/1")


def unmeasured(
    low: Mapping[str, Input] | None = None,
    high: Mapping[str, Input] | None = None,
    reason: Reason = Reason.UNREACHABLE,
) -> Unmeasured:
    """Return the result for a portal that did not answer, or for another reason."""
    return Unmeasured(reason=reason, detail="0 trên 4 lượt thành công", low=low, high=high)


def struck(low: Mapping[str, Input] | None = None, high: Mapping[str, Input] | None = None) -> Unmeasured:
    """Return the result of an incident, which is nobody's doing."""
    return unmeasured(low, high, Reason.INCIDENT)


def claim(of: Component, /, **values: Value | int | str) -> SubmittedFigure:
    """Return what the agency reported."""
    numbers = {name: number(value) for name, value in values.items()}
    return SubmittedFigure(agency=ONE, component=of.code, inputs=numbers, seen=CELL)


def owned(of: Component, name: str, value: Value | int | str, **more: Any) -> OwnerFigure:
    """Return what the owner of a shared system supplied."""
    settings: dict[str, Any] = {
        "owner": "Trung tâm phục vụ hành chính công",
        "document": "12/TTPVHCC, 02/11/2021",
        "first": YEAR.first,
        "last": YEAR.last,
        **more,
    }
    return OwnerFigure(agency=ONE, component=of.code, input=name, value=number(value), seen=CELL, **settings)


def set_of(components: Sequence[Component], **more: Any) -> IndexSet:
    """Return an index set of one main index that holds these components."""
    points = sum((c.points for c in components), Decimal(0))
    main = MainIndex(code="X", title="Chỉ số chính thử", points=points, component=tuple(components))
    settings: dict[str, Any] = {"scale": points, "status": "simulated", **more}
    return IndexSet(id="thu", title="Bộ chỉ số thử", main_index=(main,), **settings)


def round_of(**more: Any) -> Round:
    """Return a round with the bands of 2021."""
    bands = tuple(
        Band(code=code, name=name, min=Decimal(least))
        for code, name, least in (
            ("tot", "Mức tốt", 85),
            ("kha", "Mức khá", 70),
            ("trung-binh", "Mức trung bình", 50),
            ("yeu", "Mức yếu", 0),
        )
    )
    settings: dict[str, Any] = {
        "blocs": (Bloc(code="provincial", name="Khối tỉnh"), Bloc(code="district", name="Khối huyện")),
        "bands": bands,
        "period": YEAR,
        "freeze": date(2021, 11, 10),
        "report_due": date(2021, 10, 30),
        **more,
    }
    return Round(id="thu", title="Đợt thử", index_set="thu", registry="thu", **settings)


def total(code: str, low: str, high: str | None = None, *, ranked: bool = True) -> Total:
    """Return a total as it comes out of `tally`, published to one decimal."""
    worst, best = Fraction(low), Fraction(high or low)
    width = (best - worst) / 100
    return Total(
        agency=AgencyCode(code),
        bloc="provincial",
        scores=(open_score(code, worst, best),),
        low=worst,
        high=best,
        published_low=half_up(worst, 1),
        published_high=half_up(best, 1),
        main_indices=(),
        coverage=Coverage(measured=1 - width, claimed=Fraction(0), open=width),
        ranked=ranked,
    )


def open_score(code: str, low: Fraction, high: Fraction) -> Score:
    """Return a score of 100 points, open where the ends differ."""
    figure = Figure(
        agency=AgencyCode(code),
        component="X.1",
        inputs=None,
        ground=Ground.OPEN if low != high else Ground.MEASURED,
        finding=Finding.NO_CLAIM,
        grade=Grade.UNVERIFIED,
    )
    return Score(
        agency=AgencyCode(code), component="X.1", maximum=Fraction(100), low=low, high=high, figure=figure
    )
