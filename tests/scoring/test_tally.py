"""Totals: sums, exact rescaling, coverage."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from minhchung.measurements import Grade, NotApplicable, NotApplicableReason
from minhchung.rounds import Rounding
from minhchung.scores import Figure, Finding, Ground, Score
from scoring.tally import tally
from tests.scoring.making import ONE, component, index_set_2021, set_of

ROUNDING = Rounding()
GROUNDS = (Ground.MEASURED, Ground.AGREED, Ground.CLAIMED, Ground.ABSENT, Ground.OPEN)


def score(
    code: str, maximum: Fraction, low: Fraction, high: Fraction, ground: Ground, *, counts: bool = True
) -> Score:
    figure = Figure(
        agency=ONE, component=code, inputs=None, ground=ground, finding=Finding.NO_CLAIM, grade=Grade.VERIFIED
    )
    return Score(
        agency=ONE, component=code, maximum=maximum, low=low, high=high, counts=counts, figure=figure
    )


@st.composite
def scored(draw: st.DrawFn) -> list[Score]:
    """Draw the scores of a set of components of one point or more."""
    found = []
    for n in range(draw(st.integers(1, 8))):
        maximum = Fraction(draw(st.integers(1, 4)))
        ends = sorted(draw(st.tuples(st.fractions(0, 1), st.fractions(0, 1))))
        ground = draw(st.sampled_from(GROUNDS))
        low, high = (e * maximum for e in ends)
        if ground is not Ground.OPEN:
            high = low
        found.append(score(f"X.{n}", maximum, low, high, ground, counts=draw(st.booleans())))
    return found


@given(scored())
def test_a_total_is_the_sum_of_its_parts_exactly(scores: list[Score]) -> None:
    """The total = scale / points that count x the sum of what counts; no rounding before publication."""
    index_set = set_of([component("ratio", str(s.maximum), code=s.component) for s in scores])

    found = tally(ONE, "provincial", scores, index_set, ROUNDING)

    counting = [s for s in scores if s.counts]
    countable = sum(s.maximum for s in counting)
    if countable:
        assert found.low * countable == Fraction(index_set.scale) * sum(s.low for s in counting)
        assert found.high * countable == Fraction(index_set.scale) * sum(s.high for s in counting)
    assert sum((low for _, low, _ in found.main_indices), Fraction(0)) == sum(s.low for s in counting)


@given(scored())
def test_coverage_adds_up_to_one_and_its_open_share_is_the_width(scores: list[Score]) -> None:
    index_set = set_of([component("ratio", str(s.maximum), code=s.component) for s in scores])

    found = tally(ONE, "provincial", scores, index_set, ROUNDING)

    shares = found.coverage
    assert shares.measured + shares.claimed + shares.open == 1
    assert min(shares.measured, shares.claimed, shares.open) >= 0
    if found.ranked:
        assert found.high - found.low == shares.open * Fraction(index_set.scale)


def test_what_does_not_apply_is_rescaled_exactly() -> None:
    """77 of 100 points count and 60 are reached: 60 x 100 / 77, published half-up to one decimal."""
    scores = [
        score("X.0", Fraction(77), Fraction(60), Fraction(60), Ground.MEASURED),
        score("X.1", Fraction(23), Fraction(0), Fraction(0), Ground.NOT_APPLICABLE, counts=False),
    ]
    index_set = set_of([component("ratio", "77", code="X.0"), component("ratio", "23", code="X.1")])

    found = tally(ONE, "provincial", scores, index_set, ROUNDING)

    assert found.low == Fraction(6000, 77)
    assert found.published_low == Decimal("77.9")


def test_main_indices_of_the_2021_set_are_sums_of_their_components() -> None:
    """Decision 3234/QĐ-UBND, A.III: each main index is the sum of its components, the total their sum."""
    index_set = index_set_2021()
    scores = [
        score(c.code, Fraction(c.points), Fraction(c.points), Fraction(c.points), Ground.MEASURED)
        for c in index_set.components()
    ]

    found = tally(ONE, "provincial", scores, index_set, ROUNDING)

    twice = [(code, int(low), int(high)) for code, low, high in found.main_indices]
    assert twice == [("HT", 20, 20), ("HD", 50, 50), ("AT", 12, 12), ("NL", 8, 8), ("TC", 10, 10)]
    assert found.low == 100


def test_an_agency_to_which_nothing_applies_is_not_ranked() -> None:
    scores = [score("X.0", Fraction(3), Fraction(0), Fraction(0), Ground.NOT_APPLICABLE, counts=False)]

    found = tally(ONE, "provincial", scores, set_of([component("ratio", code="X.0")]), ROUNDING)

    assert not found.ranked
    assert found.coverage.open == 1


def test_a_set_may_score_but_not_rank_agencies_without_procedures() -> None:
    """Hải Dương 2023 scored such agencies and did not rank them."""
    none = NotApplicable(reason=NotApplicableReason.NO_PROCEDURES, detail="không có thủ tục")
    figure = Figure(
        agency=ONE,
        component="X.1",
        inputs=None,
        ground=Ground.NOT_APPLICABLE,
        finding=Finding.NOT_APPLICABLE,
        grade=Grade.UNVERIFIED,
        result=none,
    )
    scores = [
        score("X.0", Fraction(3), Fraction(3), Fraction(3), Ground.MEASURED),
        Score(
            agency=ONE,
            component="X.1",
            maximum=Fraction(1),
            low=Fraction(0),
            high=Fraction(0),
            counts=False,
            figure=figure,
        ),
    ]
    components = [component("ratio", code="X.0"), component("ratio", "1", code="X.1")]

    ranked = tally(ONE, "provincial", scores, set_of(components), ROUNDING)
    unranked = tally(
        ONE, "provincial", scores, set_of(components, not_applicable="exclude_from_ranking"), ROUNDING
    )

    assert ranked.ranked
    assert not unranked.ranked
    assert unranked.low == 4
