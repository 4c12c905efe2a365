"""HD.13: the share of procedures with an electronic workflow."""

from datetime import date
from fractions import Fraction

from minhchung.measurements import Unmeasured
from tests.verifiers import services as s
from verifiers.procedures_with_workflow import VERIFIER

BOTH = (s.health("procedures"), s.health("workflows"))


def test_the_worked_example_gives_1_84() -> None:
    """291 workflows, 4 of them outside the 312 procedures: 287/312 x 2 = 287/156."""
    numbers = [*range(1, 288), *range(1001, 1005)]

    result = s.measure(VERIFIER, "HD.13", s.holdings(BOTH, s.procedures(312), s.workflows(numbers)))

    assert s.ratio(result) == (287, 312)
    assert s.score("HD.13", result) == Fraction(287, 156)


def test_all_procedures_with_a_workflow_pass() -> None:
    result = s.measure(VERIFIER, "HD.13", s.holdings(BOTH, s.procedures(20), s.workflows(range(1, 21))))

    assert s.score("HD.13", result) == 2


def test_a_copied_or_switched_off_workflow_is_none() -> None:
    """Must not count: a workflow that is not in force, or that is no more than a declaration."""
    near = [*s.workflows([1], active=False), *s.workflows([2], steps=1), *s.workflows([4])]

    result = s.measure(VERIFIER, "HD.13", s.holdings(BOTH, s.procedures(20), near))

    assert s.ratio(result) == (1, 20)


def test_no_workflow_at_all_needs_two_harvests_on_two_days() -> None:
    """G14: 0 must be printed in two harvests on two days."""
    once = s.holdings(BOTH, s.procedures(20))
    twice = s.holdings(
        BOTH,
        s.procedures(20),
        s.health("procedures", s.AGAIN),
        s.health("workflows", s.AGAIN),
        s.procedures(20, s.AGAIN),
    )

    assert s.reason(s.measure(VERIFIER, "HD.13", once)) == "single-measurement"
    assert s.score("HD.13", s.measure(VERIFIER, "HD.13", twice)) == 0


def test_a_system_that_blocks_us_measures_nothing() -> None:
    blocked = s.holdings(s.health("procedures"), s.health("workflows", state="blocked"), s.procedures(20))

    assert s.reason(s.measure(VERIFIER, "HD.13", blocked)) == "blocked"


def test_a_changed_schema_is_said_and_not_counted() -> None:
    changed = s.holdings(s.health("procedures", state="schema-changed"), s.health("workflows"))

    assert s.reason(s.measure(VERIFIER, "HD.13", changed)) == "schema-changed"


def test_an_empty_catalogue_is_a_question_to_the_registry() -> None:
    empty = s.holdings(s.health("procedures", state="empty"), s.health("workflows"), s.workflows([1]))

    result = s.measure(VERIFIER, "HD.13", empty)

    assert s.reason(result) == "denominator-absent"
    assert isinstance(result, Unmeasured)
    assert result.detail.endswith(
        "Số khác hiện có, không dùng: ngày 02/11/2021: 1 thủ tục có quy trình điện tử."
    )


def test_codes_of_another_catalogue_need_a_mapping() -> None:
    foreign = s.holdings(BOTH, s.procedures(10), s.workflows([1, *range(900, 905)]))

    result = s.measure(VERIFIER, "HD.13", foreign)

    assert s.reason(result) == "mapping-missing"
    assert isinstance(result, Unmeasured)
    assert "6 thủ tục có quy trình điện tử, 10 thủ tục trong danh mục" in result.detail


def test_it_does_not_apply_to_an_agency_without_procedures() -> None:
    held = s.holdings(BOTH, agency=s.NO_PROCEDURES)

    assert s.reason(s.measure(VERIFIER, "HD.13", held)) == "no-procedures"


def test_workflows_made_in_the_last_days_are_a_question_and_count() -> None:
    late = s.workflows(range(1, 11), created_on=date(2021, 10, 25))

    result = s.measured(s.measure(VERIFIER, "HD.13", s.holdings(BOTH, s.procedures(10), late)))

    assert "question-burst" in [q.key for q in result.questions]
    assert s.ratio(result) == (10, 10)
