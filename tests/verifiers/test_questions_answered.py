"""HD.9, as docs/reference/verifiers/questions_answered.md defines it."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from minhchung.measurements import Result, Unmeasured
from minhchung.observations import Question
from minhchung.submissions import OwnerFigure
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers.questions_answered import VERIFIER

HOI_DAP = b.HOME + "hoi-dap"
ASKED = date(2021, 5, 10)


def asked(*delays: int | None, chars: int = 100, **said: Any) -> s.Shelf:
    """Questions of one day, answered so many days later; None: unanswered."""
    shelf = s.Shelf()
    for n, delay in enumerate(delays):
        answered = None if delay is None else ASKED + timedelta(days=delay)
        shelf.question(str(n), ASKED, answered, chars if delay is not None else 0, **said)
    return shelf


def judge(shelf: s.Shelf, **more: Any) -> Result:
    for day in shelf.days:
        run = b.run_on(day)
        met = [o.identity for o in shelf.observations if isinstance(o, Question) and o.run == run]
        shelf.capture(day, met, list_url=HOI_DAP, heading="Hỏi đáp", item_kind="question")
    return s.measure(VERIFIER, "HD.9", shelf.held(**more))


def test_15_of_18_in_time_give_0_83() -> None:
    """21 shown, 1 undated, 2 not yet due: 15/18 = 5/6, partly verified."""
    shelf = asked(*[3] * 15, *[20] * 2, None)
    shelf.question("mu", None, None)
    for n in (1, 2):
        shelf.question(f"moi{n}", date(2021, 10, 30), None, 0)

    result = judge(shelf)

    assert s.values(result) == [15, 18]
    assert s.score("HD.9", result) == Fraction(5, 6)
    assert s.measured(result).grade.value == "partly-verified"


def test_all_in_time_pass_and_none_fails() -> None:
    assert s.score("HD.9", judge(asked(1, 2, 10))) == 1
    assert s.score("HD.9", judge(asked(11, None))) == 0


def test_a_deadline_on_a_weekend_moves_to_the_next_working_day() -> None:
    """Asked Wednesday 5/5/2021: ten days end on Saturday 15/5, so Monday 17/5 is in time."""
    shelf = s.Shelf()
    shelf.question("a", date(2021, 5, 5), date(2021, 5, 17))
    shelf.question("b", date(2021, 5, 5), date(2021, 5, 18))

    assert s.values(judge(shelf)) == [1, 2]


def test_an_answer_without_content_is_none() -> None:
    """Must not count: "đã chuyển bộ phận" without content (under 30 letters)."""
    assert s.values(judge(asked(1, chars=12))) == [0, 1]


def test_frequently_asked_questions_are_no_questions() -> None:
    shelf = s.Shelf()
    shelf.question("a", ASKED, ASKED, list_url=b.HOME + "faq", list_heading="Câu hỏi thường gặp")
    shelf.walks()
    for day in b.CLOSE:
        shelf.capture(day, ["a"], list_url=b.HOME + "faq", heading="Câu hỏi thường gặp", item_kind="question")

    assert s.values(s.measure(VERIFIER, "HD.9", shelf.held())) == [0, 0]


def test_a_section_without_a_question_of_the_period_does_not_apply() -> None:
    shelf = s.Shelf()
    shelf.question("cu", date(2019, 5, 1), date(2019, 5, 2))

    assert s.reason(judge(shelf)) == "no-questions"


def test_no_section_in_two_complete_walks_is_0() -> None:
    """C5: the absence of a channel does not pay."""
    shelf = s.Shelf()
    shelf.walks()

    assert s.score("HD.9", s.measure(VERIFIER, "HD.9", shelf.held())) == 0


def test_many_undated_questions_are_below_coverage() -> None:
    shelf = asked(1, 1)
    shelf.question("mu", None, None)

    assert s.reason(judge(shelf)) == "coverage-below"


def test_the_operators_inbox_goes_before_what_is_shown() -> None:
    def owned(name: str, value: int) -> OwnerFigure:
        return OwnerFigure(
            agency=b.AGENCY.code,
            component="HD.9",
            input=name,
            value=Fraction(value),
            owner="trung-tam",
            document="3/TB-TT",
            first=b.PERIOD.first,
            last=b.PERIOD.last,
            seen=b.place("owner"),
        )

    figures = (owned("cau_hoi_tra_loi_dung_han", 30), owned("cau_hoi_cong_khai", 40))
    result = judge(asked(1), owner_figures=figures)

    assert s.values(result) == [30, 40]
    assert s.measured(result).grade.value == "verified"


@pytest.mark.parametrize("state", ["blocked", "unreachable", "needs-browser"])
def test_a_portal_that_refuses_us_measures_nothing(state: str) -> None:
    assert isinstance(judge(asked(1, 2), state=state), Unmeasured)


def test_a_list_that_stopped_parsing_is_an_error_of_ours() -> None:
    shelf = asked(1)
    for day in b.CLOSE:
        shelf.capture(
            day,
            [],
            list_url=HOI_DAP,
            heading="Hỏi đáp",
            item_kind="question",
            ended="layout",
            empty_marker=False,
        )

    assert s.reason(s.measure(VERIFIER, "HD.9", shelf.held())) == "layout-changed"


def test_an_answer_without_a_day_is_dated_by_the_captures() -> None:
    """G8: unanswered in May's capture of 4 May; answered, without a day, at the close."""
    shelf = s.Shelf(days=(s.QUARTER, *b.CLOSE))
    shelf.question("a", date(2021, 4, 1), None, 100)
    shelf.observations = [
        replace(o, answer_chars=0) if isinstance(o, Question) and o.run == b.run_on(s.QUARTER) else o
        for o in shelf.observations
    ]
    for o in shelf.observations:
        shelf.records[o.seen.record] = b.record("a", s.QUARTER)

    assert s.values(judge(shelf)) == [0, 1]
