"""What holds for every component of the product's set, whatever its inputs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from minhchung.index_set import Component, InputSpec
from minhchung.measurements import Input, Origin, Value
from minhchung.scores import Finding, Ground
from minhchung.submissions import SubmittedFigure
from scoring.award import award
from scoring.comparison import compare
from scoring.crossing import crosses
from scoring.decision import Decision, check
from scoring.reconcile import reconcile
from scoring.rules import points
from scoring.standing import stand
from tests.scoring.making import (
    AGENCY,
    CELL,
    ONE,
    config,
    index_set_2021,
    measured,
    round_of,
    set_of,
    unmeasured,
)
from tests.scoring.making import component as made

SET = index_set_2021()
DECISION = config(Decision, "decisions/son-la-3234-2021.toml")
components = st.sampled_from(SET.components())
counts = st.integers(0, 60).map(Fraction)


@st.composite
def pair(draw: st.DrawFn, component: Component) -> tuple[dict[str, Value], dict[str, Value]]:
    """Draw two sets of inputs of which the second is nowhere worse for the agency."""
    worse: dict[str, Value] = {}
    better: dict[str, Value] = {}
    for spec in component.inputs:
        worse[spec.name], better[spec.name] = _two(draw, component, spec)
    return worse, better


def _two(draw: st.DrawFn, component: Component, spec: InputSpec) -> tuple[Value, Value]:
    formula = component.formula
    if spec.role in {"den", "due"}:
        same: Value = draw(st.integers(1, 60).map(Fraction)) if spec.role == "den" else "2021-03-01"
        return same, same
    if spec.role == "items":
        met = draw(st.sets(st.sampled_from([item.id for item in formula.items])))
        more = draw(st.sets(st.sampled_from([item.id for item in formula.items])))
        return frozenset(met), frozenset(met | more)
    if spec.role == "date":
        late, earlier = draw(st.integers(-400, 400)), draw(st.integers(0, 400))
        day = date(2021, 3, 1) + timedelta(days=late)
        return day.isoformat(), (day - timedelta(days=earlier)).isoformat()
    if formula.type == "boolean":
        return False, draw(st.booleans())
    if formula.type == "choice":
        two = draw(st.tuples(st.sampled_from(formula.options), st.sampled_from(formula.options)))
        low, high = sorted(two, key=lambda option: option.points)
        return low.id, high.id
    smaller, larger = sorted(draw(st.tuples(counts, counts)))
    return smaller, larger


def inputs(values: Mapping[str, Value]) -> dict[str, Input]:
    return {name: Input(value=value, origin=Origin.CRAWL) for name, value in values.items()}


@given(st.data(), components)
def test_points_rise_with_every_favourable_input_and_stay_within_the_maximum(
    data: st.DataObject, component: Component
) -> None:
    worse, better = data.draw(pair(component))

    low, high = points(component, inputs(worse)), points(component, inputs(better))

    assert 0 <= low.low <= high.low <= Fraction(component.points)
    assert low.steps
    assert high.low == high.high


@given(st.data(), components)
def test_a_claim_beside_itself_is_agreed(data: st.DataObject, component: Component) -> None:
    _, values = data.draw(pair(component))

    assert compare(component, values, inputs(values)).finding is Finding.AGREED


@given(st.data(), components)
def test_understating_is_never_a_false_claim(data: st.DataObject, component: Component) -> None:
    worse, better = data.draw(pair(component))

    assert compare(component, worse, inputs(better)).finding is not Finding.FALSE_CLAIM


@given(st.data(), components)
def test_no_claim_moves_a_measured_point(data: st.DataObject, component: Component) -> None:
    """Whatever is claimed, what was measured scores."""
    if not component.verifier:
        component = replace(component, verifier="some_verifier")
    claimed, found = data.draw(pair(component))
    said = SubmittedFigure(agency=ONE, component=component.code, inputs=claimed, seen=CELL)
    alone = reconcile(component, agency=AGENCY, result=measured(inputs(found)))
    beside = reconcile(component, agency=AGENCY, result=measured(inputs(found)), claim=said)

    assert award(component, alone).low == award(component, beside).low


@given(st.data(), components.filter(lambda component: bool(component.verifier)))
def test_an_unmeasured_component_is_open_around_whatever_was_true(
    data: st.DataObject, component: Component
) -> None:
    """The range holds the points a full view would have given, and no claim narrows it."""
    worse, better = data.draw(pair(component))
    truth = points(component, inputs(better)).low
    said = SubmittedFigure(agency=ONE, component=component.code, inputs=better, seen=CELL)

    figure = reconcile(component, agency=AGENCY, result=unmeasured(low=inputs(worse)), claim=said)
    score = award(component, figure)

    assert score.low <= truth <= score.high
    assert figure.finding is Finding.UNVERIFIABLE
    assert (figure.ground is Ground.OPEN) == score.open


@given(st.integers(0, 1), st.integers(0, 11), st.integers(0, 1000))
def test_any_edited_score_that_moves_a_rank_is_found(bloc: int, line: int, tenths: int) -> None:
    """Editing a printed score never hides: a changed order of scores always shows as a wrong rank."""
    table = DECISION.bloc[bloc]
    score = Decimal(tenths) / 10
    rows = tuple(replace(row, score=score) if n == line else row for n, row in enumerate(table.row))
    tables = tuple(replace(table, row=rows) if n == bloc else each for n, each in enumerate(DECISION.bloc))

    codes = {finding.code for finding in check(replace(DECISION, bloc=tables))}

    ranks = [1 + sum(other.score > row.score for other in rows) for row in rows]
    assert ("rank" in codes) == (ranks != [row.rank for row in rows])
    assert "timeline" in codes


@given(st.data(), components, st.integers(0, 20), st.booleans())
def test_a_difference_that_crosses_a_bound_is_never_silently_agreed(
    data: st.DataObject, component: Component, tolerance: int, claimed_scores: bool
) -> None:
    """Whatever the tolerance: what is worth other points is a difference, and the measured points score."""
    scored = replace(
        component,
        verifier="some_verifier",
        tolerance=Decimal(tolerance),
        within_tolerance="claimed" if claimed_scores else "measured",
        inputs=tuple(replace(spec, tolerance=None) for spec in component.inputs),
    )
    said, found = data.draw(pair(scored))
    if data.draw(st.booleans()):
        said, found = found, said
    claim = SubmittedFigure(agency=ONE, component=scored.code, inputs=said, seen=CELL)

    figure = reconcile(scored, agency=AGENCY, result=measured(inputs(found)), claim=claim)

    claimed, true = points(scored, inputs(said)), points(scored, inputs(found))
    if (claimed.low, claimed.high) != (true.low, true.high):
        assert figure.finding is not Finding.AGREED
        assert figure.difference
    if crosses(scored, inputs(said), inputs(found)):
        assert award(scored, figure).low == true.low


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 2)), min_size=1, max_size=8))
def test_claims_within_their_tolerance_never_carry_an_agency_into_another_band(
    cases: list[tuple[int, int]],
) -> None:
    """Each claim is a little higher than what was measured; together they could lift a band."""
    index_set = set_of(
        [
            replace(made("ratio", "10", code=f"X.{n}", tolerance="0.02"), within_tolerance="claimed")
            for n in range(len(cases))
        ]
    )
    results = {
        f"X.{n}": measured(inputs({"num": Fraction(num), "den": Fraction(100)}))
        for n, (num, _) in enumerate(cases)
    }
    claims = {
        f"X.{n}": SubmittedFigure(
            agency=ONE,
            component=f"X.{n}",
            inputs={"num": Fraction(min(100, num + more)), "den": Fraction(100)},
            seen=CELL,
        )
        for n, (num, more) in enumerate(cases)
    }
    strict, lenient = (
        stand(
            index_set=index_set,
            round_=round_of(),
            registry=[AGENCY],
            results={ONE: results},
            claims=said,
            owner_figures={},
        )
        .blocs[0]
        .places[0]
        for said in ({}, {ONE: claims})
    )

    assert (lenient.band_low, lenient.band_high) == (strict.band_low, strict.band_high)
    assert lenient.total.low >= strict.total.low
