"""Days as portals print them: the forms met in captured pages, and why a text is no day."""

from datetime import UTC, date, datetime

import pytest

from collectors.reading.dates import find_days, read_day

CAPTURED = datetime(2021, 10, 31, 20, 0, tzinfo=UTC)  # 1 November in Viet Nam


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/07/2021", "2021-07-12"),
        ("1/2/2021", "2021-02-01"),
        ("07-08-2024", "2024-08-07"),
        ("12.07.2021", "2021-07-12"),
        ("22-09-2017 14:39:16", "2017-09-22"),
        ("2017-04-21 10:56:17", "2017-04-21"),
        ("2021-07-12T20:30:00.123456", "2021-07-12"),
        ("06:03, 18/03/2020", "2020-03-18"),
        ("18/03/2020 - 06:03", "2020-03-18"),
        ("13:39 - 01/08/2022", "2022-08-01"),
        ("ngày 07-08-2024 lúc 09:59", "2024-08-07"),
        ("4 tháng 11, 2024", "2024-11-04"),
        ("tháng 11 6, 2024, 09:06 (+0700)", "2024-11-06"),
        ("ngày 27 tháng 9 năm 2017", "2017-09-27"),
        ("ngày 3 tháng tư năm 2021", "2021-04-03"),
        ("5 Tháng Mười Một, 2021", "2021-11-05"),
        ("ngày18/9/2017", "2017-09-18"),
        ("Thứ hai, 12/07/2021 | 08:30", "2021-07-12"),
        ("Thứ 5, Ngày 09/01/2020, 22:00", "2020-01-09"),
        ("Đăng ngày: 22/02/2018 10:29:41", "2018-02-22"),
        ("Ngày đăng: 12/04/2024  20:26", "2024-04-12"),
        ("Oct. 5, 2021", "2021-10-05"),
        ("5 October 2021", "2021-10-05"),
        ("1612137600000", "2021-02-01"),
        ("/Date(1612137600000)/", "2021-02-01"),
    ],
)
def test_every_form_met_is_read(text: str, day: str) -> None:
    """Day before month, ISO as ISO, words for months, glued and surrounded by other words."""
    assert read_day(text).day == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-07-12T20:30:00Z", "2021-07-13"),
        ("2021-07-12T20:30:00+07:00", "2021-07-12"),
        ("Tue, 05 Oct 2021 20:30:00 +0000", "2021-10-06"),
        ("Tue, 05 Oct 2021 08:30:00 +0700", "2021-10-05"),
    ],
)
def test_a_moment_with_an_offset_is_a_local_day(text: str, day: str) -> None:
    """Days are those of Viet Nam."""
    assert read_day(text).day == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2021", "impossible"),
        ("13/13/2021", "impossible"),
        ("0/5/2021", "impossible"),
        ("12/7/21", "two-digit-year"),
        ("1 năm trước", "imprecise"),
        ("2 tuần trước", "imprecise"),
        ("N/A", "none"),
        ("12/2021", "none"),
        ("Số 12/2021/QĐ-UBND", "none"),
        ("Quý III/2021", "none"),
        ("192.168.1.2021", "none"),
    ],
)
def test_what_is_no_day_says_why(text: str, reason: str) -> None:
    """Never guessed: the text is kept with the reason behind it."""
    read = read_day(text, captured_at=CAPTURED)
    assert (read.day, read.reason) == (None, reason)
    assert read.text.endswith(f": {reason}")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5 phút trước", "2021-11-01"),
        ("26 giờ trước", "2021-10-31"),
        ("3 ngày trước", "2021-10-29"),
        ("hôm qua", "2021-10-31"),
    ],
)
def test_relative_days_count_from_the_capture(text: str, day: str) -> None:
    """A stored page read years later gives the same day."""
    assert read_day(text, captured_at=CAPTURED).day == date.fromisoformat(day)
    assert read_day(text).day is None


def test_month_first_is_only_read_where_the_profile_says_so() -> None:
    """`8/13/2015` is impossible day-first; `8/3/2015` would be read wrongly without the profile."""
    assert read_day("8/13/2015 2:59:23 PM").reason == "impossible"
    assert read_day("8/13/2015 2:59:23 PM", "mdy").day == date(2015, 8, 13)
    assert read_day("8/3/2015", "mdy").day == date(2015, 8, 3)


def test_a_page_clock_is_no_day() -> None:
    """The clock of a captured Liferay page: followed by GMT and an offset."""
    clock = "Thứ Tư, ngày 27 tháng 9 năm 2017 | 11:19 GMT+7"
    assert [day.clock for day in find_days(clock)] == [True]
    assert read_day(clock).day is None


def test_a_day_in_the_future_is_read_as_printed() -> None:
    """Verifiers judge it; a reader does not."""
    assert read_day("01/01/2031", captured_at=CAPTURED).day == date(2031, 1, 1)


def test_days_are_found_in_order_with_their_places() -> None:
    """Where a day stands decides what it is the day of."""
    text = "Số 12/QĐ-UBND ngày 5/1/2021, có hiệu lực từ 15/1/2021"
    found = list(find_days(text))
    assert [day.day for day in found] == [date(2021, 1, 5), date(2021, 1, 15)]
    assert [text[day.start : day.end] for day in found] == ["5/1/2021", "15/1/2021"]
