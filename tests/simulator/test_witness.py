"""The day of publication, as rule G8 gives it to an observer who comes five times."""

from dataclasses import replace
from datetime import date

import pytest

from simulator.almanac import VISITS, after_working_days
from simulator.inquiries import due_day
from simulator.model import Story
from simulator.witness import Sight, distinct, publication_day, sight_of

STORY = Story(
    number=1,
    lists=("tin-tuc",),
    title="Tin",
    posted=date(2021, 5, 20),
    printed=date(2021, 5, 20),
    summary="",
    paragraphs=(),
)


def day_of(posted: date, printed: date | None) -> date | None:
    """Return the day that counts for a story."""
    story = replace(STORY, posted=posted, printed=printed)
    sight = sight_of(story, VISITS)
    assert sight is not None
    return publication_day(story, sight)


def test_a_printed_day_inside_the_interval_stands() -> None:
    """P if L <= P <= F."""
    assert day_of(date(2021, 5, 20), date(2021, 5, 20)) == date(2021, 5, 20)


def test_a_printed_day_before_the_interval_gives_its_left_end() -> None:
    """L if P < L: the earliest day that the evidence allows."""
    assert day_of(date(2021, 5, 20), date(2021, 4, 22)) == date(2021, 5, 4)


def test_before_the_first_visit_the_printed_day_is_all_there_is() -> None:
    """L open and P <= F."""
    assert day_of(date(2021, 1, 20), date(2020, 12, 2)) == date(2020, 12, 2)


@pytest.mark.parametrize("printed", [None, date(2022, 4, 1)])
def test_without_a_usable_printed_day_only_a_closed_interval_dates(printed: date | None) -> None:
    """A day after the capture is no published day; without one: L if closed, else undated."""
    assert day_of(date(2021, 1, 20), printed) is None
    assert day_of(date(2021, 5, 20), printed) == date(2021, 5, 4)


def test_a_story_withdrawn_between_two_visits_was_never_seen() -> None:
    """An observer cannot know of it."""
    assert sight_of(replace(STORY, withdrawn=date(2021, 6, 1)), VISITS) is None
    assert sight_of(STORY, VISITS) == Sight(date(2021, 8, 3), date(2021, 5, 4))


def test_of_copies_the_original_stands() -> None:
    """Rule G6: the earliest first-seen one."""
    copy = replace(STORY, number=9, copy_of=1, posted=date(2021, 9, 9))
    assert [thing.number for thing, _ in distinct([STORY, copy], VISITS)] == [1]


def test_deadlines_follow_the_calendar_of_2021() -> None:
    """The worked example of HD.5, and HD.9's ten days moved past Tết."""
    assert after_working_days(date(2021, 1, 29), 2) == date(2021, 2, 2)
    assert after_working_days(date(2021, 2, 9), 2) == date(2021, 2, 18)
    assert due_day(date(2021, 2, 1)) == date(2021, 2, 17)
    assert due_day(date(2021, 3, 1)) == date(2021, 3, 11)
