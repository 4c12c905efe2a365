"""What a component's inputs could be instead, by the rule alone."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given as for_all
from hypothesis import strategies as st

from minhchung.index_set import ChecklistItem
from scoring.alternatives import FEW_CASES, above, beside
from scoring.rules import points
from tests.scoring.making import component, given

ON_TIME = component(
    "steps",
    "4",
    roles=("num", "den"),
    thresholds=((Decimal("0.9"), Decimal(4)), (Decimal("0.8"), Decimal(2))),
)
SECTIONS = component(
    "checklist",
    "2",
    items=tuple(ChecklistItem(id=each, points=Decimal("0.5"), name=each.upper()) for each in "abcd"),
)


def test_one_dossier_below_a_step_is_a_hairs_breadth() -> None:
    """79 of 100 is one dossier short of 80 %."""
    found = list(beside(ON_TIME, given(num=79, den=100)))

    assert min(each.size for each in found) == 1
    assert {each.change for each in found} == {Fraction(2)}
    assert all("thêm" in each.text for each in found)


def test_what_is_missing_to_each_better_step_is_counted_in_whole_cases() -> None:
    """From 79 of 100: one more reaches 80 %, eleven more reach 90 %."""
    found = [(each.size, each.change) for each in above(ON_TIME, given(num=79, den=100))]

    assert found == [(1, Fraction(2)), (11, Fraction(4))]


def test_a_ratio_reaches_its_target_with_the_fewest_cases_that_do() -> None:
    """A target of 50 % of 7 dossiers is reached with 4, not with 3.5."""
    online = component("ratio_target", "4", target=Decimal("0.5"))

    found = list(above(online, given(num=1, den=7)))

    assert [(each.size, each.change) for each in found] == [(3, Fraction(4) - Fraction(8, 7))]


def test_every_unmet_item_is_one_action_and_every_met_one_can_be_lost() -> None:
    inputs = given(items=frozenset({"a"}))

    assert [each.text for each in above(SECTIONS, inputs)] == ["đạt mục B", "đạt mục C", "đạt mục D"]
    assert sorted(each.change for each in beside(SECTIONS, inputs)) == [
        Fraction(-1, 2),
        *[Fraction(1, 2)] * 3,
    ]


def test_a_yes_or_no_and_a_choice_have_their_other_answers() -> None:
    yes_or_no = component("boolean", "2")
    leads = component(
        "choice",
        "3",
        options=(
            ChecklistItem(id="head", points=Decimal(3)),
            ChecklistItem(id="deputy", points=Decimal("1.5")),
        ),
    )

    assert [each.change for each in above(yes_or_no, given(value=False))] == [Fraction(2)]
    assert list(above(yes_or_no, given(value=True))) == []
    assert [each.change for each in above(leads, given(value="deputy"))] == [Fraction(3, 2)]


def test_nothing_is_said_of_points_that_are_open() -> None:
    assert list(beside(ON_TIME, given(num=79))) == []
    assert list(above(ON_TIME, {})) == []


@for_all(st.integers(1, 300), st.data())
def test_a_change_is_the_exact_difference_of_the_rule(den: int, data: st.DataObject) -> None:
    """Numerators never leave 0…denominator, and no step counts more than the few cases it is for."""
    num = data.draw(st.integers(0, den))
    now = points(ON_TIME, given(num=num, den=den)).low

    for each in beside(ON_TIME, given(num=num, den=den)):
        other = num + (each.size if "thêm" in each.text else -each.size)
        assert 0 <= other <= den
        assert each.size < FEW_CASES
        assert points(ON_TIME, given(num=other, den=den)).low - now == each.change
