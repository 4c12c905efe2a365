"""HD.2, as docs/reference/verifiers/news_cadence.md defines it."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from minhchung.measurements import Unmeasured
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers.news_cadence import VERIFIER


def news(days: list[date]) -> s.Shelf:
    """A portal with one news list, one item on each of these days."""
    shelf = s.Shelf()
    for n, day in enumerate(days):
        shelf.item(f"t{n}", day)
    return shelf


@pytest.mark.parametrize(("each", "points"), [(6, 3), (4, 2), (2, 1)])
def test_steps_follow_news_a_week_where_every_week_is_active(each: int, points: int) -> None:
    """At least 5, 3 and 1 a week, over active weeks of at least 0.9, 0.8 and 0.6."""
    shelf = news(s.every_week(each))
    shelf.captures()

    assert s.score("HD.2", s.measure(VERIFIER, "HD.2", shelf.held())) == points


def test_less_than_one_a_week_fails() -> None:
    shelf = news(s.spread(30))
    shelf.captures()

    result = s.measure(VERIFIER, "HD.2", shelf.held())

    assert s.values(result)[0] == Fraction(7 * 30, 365)
    assert s.score("HD.2", result) == 0


def test_the_worked_example_counts_187_of_240() -> None:
    """240 identities, 21 duplicates, 27 reposts, 3 future-dated, 2 stubs: N = 187, 1309/365 a week."""
    shelf = s.Shelf()
    days = s.spread(187)
    for n, day in enumerate(days):
        shelf.item(f"t{n}", day)
    for n in range(21):
        shelf.item(f"lai-{n}", days[n], title=f"Tin thí dụ số t{n}", text=s.prose(f"t{n}"))
    for n in range(27):
        shelf.item(f"nguon-{n}", days[n], last="Nguồn: Báo Mô Phỏng")
    for n in range(3):
        shelf.item(f"sau-{n}", date(2021, 12, 1 + n))
    for n in range(2):
        shelf.item(f"ngan-{n}", days[n], text="Ảnh.")
    shelf.captures()

    result = s.measure(VERIFIER, "HD.2", shelf.held())

    assert s.values(result)[0] == Fraction(1309, 365)
    assert [s.note(result, k) for k in ("seen", "duplicates", "reposts", "future-dated", "stubs")] == [
        240, 21, 27, 3, 2,
    ]  # fmt: skip


def test_one_burst_does_not_make_an_active_year() -> None:
    """C1: 300 items in ten weeks are many a week on average, but the weeks are not active."""
    weeks = list(b.PERIOD.weeks())[:10]
    shelf = news([week.first + timedelta(days=n % 7) for week in weeks for n in range(30)])
    shelf.captures()

    result = s.measure(VERIFIER, "HD.2", shelf.held())

    assert s.values(result)[0] > 5
    assert s.score("HD.2", result) == 0


def test_a_source_line_that_names_the_agency_or_stands_in_a_sentence_is_no_repost() -> None:
    """G16, near-misses: its own editors, `theo báo cáo của`, a line that names nobody."""
    shelf = s.Shelf()
    for n, last in enumerate(
        [
            "Nguồn: Ban Biên tập",
            "Nguồn: Sở Thí dụ",
            "Theo báo cáo của các xã.",
            "Nguồn:",
            "Nguồn lực tại chỗ.",
        ]
    ):
        shelf.item(f"t{n}", date(2021, 3, 1 + n), last=last)
    shelf.captures()

    assert s.note(s.measure(VERIFIER, "HD.2", shelf.held()), "reposts") == 0


def test_the_same_title_with_other_content_stays_two_items() -> None:
    """G6: same title with other content stays two items."""
    shelf = s.Shelf()
    shelf.item("a", date(2021, 3, 1), title="Lịch cắt điện")
    shelf.item("b", date(2021, 3, 1), title="Lịch cắt điện")
    shelf.captures()

    assert s.note(s.measure(VERIFIER, "HD.2", shelf.held()), "counted") == 2


def test_lists_of_documents_and_notices_are_no_news() -> None:
    """Must not count: lists of documents, notices, tenders, recruitment, questions."""
    shelf = s.Shelf()
    shelf.item("a", date(2021, 3, 1))
    shelf.item("b", date(2021, 3, 2), kind="article", list_url=b.HOME + "thong-bao", heading="Thông báo")
    shelf.captures()

    assert s.note(s.measure(VERIFIER, "HD.2", shelf.held()), "counted") == 1


@pytest.mark.parametrize(
    ("state", "why"),
    [("blocked", "blocked"), ("unreachable", "unreachable"), ("robots-refused", "robots-refused")],
)
def test_a_portal_that_refuses_us_is_not_a_silent_one(state: str, why: str) -> None:
    shelf = news(s.every_week(6))
    shelf.captures()

    assert s.reason(s.measure(VERIFIER, "HD.2", shelf.held(state=state))) == why


def test_a_list_that_stopped_parsing_is_said_and_keeps_what_was_proven() -> None:
    """layout-changed at the close: what was seen before is a lower bound."""
    shelf = s.Shelf(days=(s.QUARTER, *b.CLOSE))
    for n, day in enumerate(s.every_week(2)):
        if day < s.QUARTER:
            shelf.item(f"t{n}", day, seen_on=s.QUARTER)
    shelf.capture(s.QUARTER, [f"t{n}" for n in range(200)], ended="no-next")
    for day in b.CLOSE:
        shelf.capture(day, [], ended="layout", empty_marker=False)

    result = s.measure(VERIFIER, "HD.2", shelf.held())

    assert isinstance(result, Unmeasured)
    assert result.reason.value == "layout-changed"
    assert result.low is not None


def test_two_complete_walks_without_a_news_list_measure_zero() -> None:
    shelf = s.Shelf()
    shelf.walks()

    result = s.measure(VERIFIER, "HD.2", shelf.held())

    assert s.values(result)[0] == 0
    assert s.score("HD.2", result) == 0


def test_one_walk_without_a_news_list_is_a_single_measurement() -> None:
    """G10: nothing is absent before it was absent twice."""
    shelf = s.Shelf(days=b.CLOSE[:1])
    shelf.walks()

    assert s.reason(s.measure(VERIFIER, "HD.2", shelf.held())) == "single-measurement"


def test_undated_items_are_bounds() -> None:
    """Undated items count for none and for all of them; here that does not move a point."""
    shelf = news(s.every_week(6))
    shelf.item("mu", None)
    shelf.captures()

    result = s.measured(s.measure(VERIFIER, "HD.2", shelf.held()))

    assert result.bounded
    assert s.note(result, "undated") == 1


def test_items_withdrawn_before_the_close_still_count() -> None:
    """Read-back: united with items seen earlier and since withdrawn."""
    shelf = s.Shelf(days=(s.QUARTER, *b.CLOSE))
    shelf.item("con", date(2021, 3, 1))
    shelf.item("mat", date(2021, 3, 2))
    gone = b.run_on(b.CLOSE[0]), b.run_on(b.CLOSE[1])
    shelf.observations = [
        o for o in shelf.observations if not (getattr(o, "identity", "") == "mat" and o.run in gone)
    ]
    shelf.captures()

    assert s.note(s.measure(VERIFIER, "HD.2", shelf.held()), "counted") == 2


def test_a_year_without_a_calendar_leaves_active_weeks_unmeasured() -> None:
    shelf = news(s.every_week(2))
    shelf.captures()

    assert s.reason(s.measure(VERIFIER, "HD.2", shelf.held(), calendar=None)) == "calendar-missing"


def test_it_is_never_not_applicable() -> None:
    """An agency without procedures has news all the same."""
    shelf = s.Shelf()
    shelf.walks()

    result = s.measure(
        VERIFIER, "HD.2", replace(shelf.held(), agency=replace(b.AGENCY, has_procedures=False))
    )

    assert s.values(result)[0] == 0


def test_beginning_to_refuse_never_adds_a_point() -> None:
    """The last visits are blocked: the lower bound is at most what was measured before."""
    shelf = news(s.every_week(4))
    shelf.captures()
    before = s.score("HD.2", s.measure(VERIFIER, "HD.2", shelf.held()))

    shelf.visits = [b.visit(b.CLOSE[0]), b.visit(b.CLOSE[1], state="blocked")]
    shelf.observations = [o for o in shelf.observations if o.run == b.run_on(b.CLOSE[0])]
    after = s.measure(VERIFIER, "HD.2", shelf.held())

    assert s.score("HD.2", after) == before
    shelf.visits = [b.visit(day, state="blocked") for day in b.CLOSE]
    assert isinstance(s.measure(VERIFIER, "HD.2", shelf.held(state="blocked")), Unmeasured)


def test_many_items_in_the_last_fortnight_are_a_question_and_count() -> None:
    late = [b.PERIOD.last - timedelta(days=n % 10) for n in range(40)]
    shelf = news([*s.every_week(1), *late])
    shelf.captures()

    result = s.measured(s.measure(VERIFIER, "HD.2", shelf.held()))

    assert "question-burst" in [q.key for q in result.questions]
    assert s.note(result, "counted") == len(s.every_week(1)) + 40
