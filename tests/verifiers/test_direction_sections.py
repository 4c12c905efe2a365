"""HD.3, as docs/reference/verifiers/direction_sections.md defines it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhchung.measurements import Reason, Result
from minhchung.observations import Directive, Question, ScheduleEntry
from tests.verifiers.builders import (
    AGENCY,
    CLOSE,
    component,
    context,
    measured,
    met_items,
    place,
    run_on,
    settings,
    unmeasured,
    visit,
)
from tests.verifiers.scenes import LONG, Row, Scene, address, row
from verifiers.direction_sections import INPUT, VERIFIER

ITEMS = ("y_kien_chi_dao", "xu_ly_kien_nghi", "khen_thuong_xu_phat", "lich_lam_viec_lanh_dao")
HD3 = component("HD.3", "2", **dict.fromkeys(ITEMS, "0.5"))
SPRING = date(2021, 3, 1)
OLD = date(2019, 5, 6)
ANSWER = "Trả lời: " + LONG[0]


def orders(*rows: Row, **ended: Any) -> tuple[Any, ...]:
    """A section of direction documents."""
    return ("chi-dao", "Thông tin chỉ đạo, điều hành", rows, Directive), ended


def instruction(identity: str = "cd1", day: date | None = SPRING, **more: Any) -> Row:
    """A signed document of the head."""
    return row(identity, day, "V/v việc thí dụ", more={"signer": "Lường Văn Giả Định"}, **more)


def week(monday: date, text: str = "Thứ Hai 08:00: Họp bàn việc thí dụ", path: str = "lich") -> Any:
    """What a visit sees of one week of a schedule."""

    def observe(day: date) -> Iterator[ScheduleEntry]:
        url = address(path)
        yield ScheduleEntry(
            agency=AGENCY.code,
            run=run_on(day),
            seen=place(url, run_on(day), f"tr:{monday}"),
            first=monday,
            last=monday + timedelta(days=6),
            text=text,
            list_url=url,
            list_heading="Lịch công tác tuần",
        )

    return observe


def scene(leave_out: str = "") -> Scene:
    """A portal whose four sections are alive, but for one."""
    built = Scene().fill()
    if leave_out != "y_kien_chi_dao":
        built.listed("chi-dao", "Thông tin chỉ đạo, điều hành", (instruction(),), Directive)
    if leave_out != "xu_ly_kien_nghi":
        built.listed(
            "kien-nghi", "Giải quyết kiến nghị cử tri", (row("kn1", SPRING, texts=("Hỏi.", ANSWER)),)
        )
    if leave_out != "khen_thuong_xu_phat":
        built.listed("khen", "Thi đua - Khen thưởng", (row("kt1", SPRING),))
    if leave_out != "lich_lam_viec_lanh_dao":
        built.page("lich", "Lịch công tác tuần", ("Lịch của lãnh đạo.",))
        built.extra.append(week(date(2021, 3, 1)))
    return built


def judge(built: Scene, **held: Any) -> Result:
    """Measure a scene walked on the two days of the close."""
    return VERIFIER.measure(built.held(**held), context(HD3), settings(VERIFIER))


def test_four_sections_that_are_alive_meet_four() -> None:
    """Result, pass: 4 items, each with a page, a list capture and one dated item at least."""
    result = measured(judge(scene()))

    assert result.inputs[INPUT].value == frozenset(ITEMS)
    for note in result.notes:
        assert len(note.basis) >= 3


def test_the_example_of_the_definition_meets_three() -> None:
    """Instructions 12, petitions 0 of the period on 2 days, rewards 3, schedules 44 weeks: 3 x 0.5 = 1.50."""
    built = Scene().fill()
    built.listed("cd", "Ý kiến chỉ đạo", [instruction(f"cd{n}") for n in range(12)], Directive)
    built.listed("kn", "Trả lời kiến nghị", [row("kn", OLD, texts=("Hỏi.", ANSWER))])
    built.listed("kt", "Khen thưởng", [row(f"kt{n}", SPRING) for n in range(3)])
    built.page("lich", "Lịch làm việc", ())
    built.extra += [week(date(2020, 11, 2) + timedelta(weeks=n)) for n in range(44)]

    result = measured(judge(built))

    assert result.inputs[INPUT].value == frozenset(ITEMS) - {"xu_ly_kien_nghi"}
    assert next(n for n in result.notes if "xu_ly_kien_nghi" in n.text).key == "item-found-empty"


def test_a_portal_without_sections_meets_none() -> None:
    """Result, fail: 0."""
    result = measured(judge(Scene().fill()))

    assert result.inputs[INPUT].value == frozenset()
    assert {n.key for n in result.notes} == {"item-not-found"}


@pytest.mark.parametrize(
    ("item", "path", "heading", "rows"),
    [
        ("y_kien_chi_dao", "cd", "Ý kiến chỉ đạo", [instruction(day=OLD)]),
        ("y_kien_chi_dao", "cd", "Ý kiến chỉ đạo", [row("a", SPRING, "Kế hoạch năm của đơn vị")]),
        ("y_kien_chi_dao", "cd", "Văn bản", [instruction()]),
        ("xu_ly_kien_nghi", "kn", "Giải quyết kiến nghị", [row("a", SPRING, "Cử tri nêu việc")]),
        ("xu_ly_kien_nghi", "kn", "Giải quyết kiến nghị", [row("a", SPRING, texts=("Trả lời: đã rõ.",))]),
        ("khen_thuong_xu_phat", "kt", "Khen thưởng", [row("a", OLD)]),
        ("khen_thuong_xu_phat", "kt", "Khen thưởng", [row("a", SPRING, texts=("Ngắn.",))]),
        ("khen_thuong_xu_phat", "kt", "Khen thưởng", [row("a", date(2021, 12, 30))]),
        ("khen_thuong_xu_phat", "kt", "Khen thưởng", []),
        ("lich_lam_viec_lanh_dao", "l", "Lịch công tác", [row("a", SPRING, texts=("Đang cập nhật.",))]),
    ],
)
def test_a_section_without_an_item_of_its_kind_in_the_period_is_not_met(
    item: str, path: str, heading: str, rows: list[Row]
) -> None:
    """Must not count: items of other years, no answer, an empty section, a future day, a stub."""
    built = scene(item).listed(path, heading, rows)

    assert measured(judge(built)).inputs[INPUT].value == frozenset(ITEMS) - {item}


@pytest.mark.parametrize(
    ("item", "heading", "rows"),
    [
        ("y_kien_chi_dao", "Chỉ đạo điều hành", [row("a", SPRING, "Kết luận của lãnh đạo về việc thí dụ")]),
        ("y_kien_chi_dao", "Chỉ đạo điều hành", [row("a", SPRING, "Công điện số 3")]),
        ("xu_ly_kien_nghi", "Phản ánh kiến nghị", [row("a", SPRING, "Trả lời cử tri bản Thí Dụ")]),
        ("khen_thuong_xu_phat", "Xử phạt vi phạm hành chính", [row("a", SPRING)]),
        ("khen_thuong_xu_phat", "Khen thưởng", [row("a", SPRING, texts=("Xem tệp.",), files=("a.pdf",))]),
        ("lich_lam_viec_lanh_dao", "Lịch tuần", [row("a", SPRING, texts=("8h00 họp giao ban cơ quan",))]),
    ],
)
def test_other_ways_to_be_alive_are_met(item: str, heading: str, rows: list[Row]) -> None:
    """An item's kind may be told by its title, its answer part, its entries."""
    assert item in met_items(judge(scene(item).listed("muc", heading, rows).file("a.pdf")))


def test_a_question_with_an_answer_is_a_petition_handled() -> None:
    """Question lists under such a heading count by their answer's length."""
    for chars, expected in ((150, True), (40, False)):
        built = scene("xu_ly_kien_nghi").page("pakn", "Phản ánh kiến nghị", ("Các phản ánh.",))

        def observe(day: date, chars: int = chars) -> Iterator[Question]:
            url = address("pakn")
            yield Question(
                agency=AGENCY.code,
                run=run_on(day),
                seen=place(url, run_on(day)),
                identity="q1",
                url=url + "/q1",
                asked=SPRING,
                answered=SPRING + timedelta(days=5),
                answer_chars=chars,
                list_url=url,
            )

        built.extra.append(observe)

        assert ("xu_ly_kien_nghi" in met_items(judge(built))) is expected


def test_a_form_for_petitions_without_answers_is_not_met() -> None:
    """Must not count: an input form for petitions without answers."""
    built = scene("xu_ly_kien_nghi").page("gui", "Gửi phản ánh, kiến nghị", ("Họ tên", "Nội dung"))

    assert "xu_ly_kien_nghi" not in met_items(judge(built))


def test_a_news_title_that_speaks_of_direction_is_no_section() -> None:
    """Must not count: "chỉ đạo" in news titles."""
    built = scene("y_kien_chi_dao")
    built.listed("tin", "Tin tức", [row("t1", SPRING, "Thông tin chỉ đạo điều hành tuần qua")])

    assert "y_kien_chi_dao" not in met_items(judge(built))


def test_an_item_seen_once_and_withdrawn_still_counts() -> None:
    """G9: read-back unites complete captures with items seen earlier and since withdrawn."""
    built = scene("khen_thuong_xu_phat")
    built.listed("khen", "Khen thưởng", [row("kt", SPRING, since=SPRING, until=date(2021, 9, 1))])

    assert "khen_thuong_xu_phat" in met_items(judge(built, days=(date(2021, 5, 4), *CLOSE)))
    assert "khen_thuong_xu_phat" not in met_items(judge(built))


def test_a_partial_list_that_shows_nothing_of_the_period_is_open() -> None:
    """G11: a partial capture can show an item, never its absence."""
    built = scene("khen_thuong_xu_phat").listed("khen", "Khen thưởng", [row("a", OLD)], ended="failed")

    result = unmeasured(judge(built))

    assert result.reason is Reason.COVERAGE_BELOW
    assert result.low is not None
    assert result.low[INPUT].open_items == frozenset({"khen_thuong_xu_phat"})


def test_a_partial_list_that_shows_an_item_of_the_period_is_met() -> None:
    """G7: a partial capture can show an item."""
    built = scene("khen_thuong_xu_phat").listed("khen", "Khen thưởng", [row("a", SPRING)], ended="failed")

    assert measured(judge(built)).inputs[INPUT].value == frozenset(ITEMS)


def test_only_undated_items_leave_the_section_open() -> None:
    """Unmeasured: only undated items (coverage-below)."""
    built = scene("khen_thuong_xu_phat").listed("khen", "Khen thưởng", [row("a", None)])

    assert unmeasured(judge(built)).reason is Reason.COVERAGE_BELOW


def test_an_item_without_a_printed_day_is_dated_by_two_captures() -> None:
    """G8: without a printed day, the last complete capture that lacked it."""
    built = scene("khen_thuong_xu_phat")
    built.listed("khen", "Khen thưởng", [row("a", None, since=SPRING), row("b", OLD)])

    assert "khen_thuong_xu_phat" in met_items(judge(built, days=(date(2021, 2, 1), *CLOSE)))


def test_an_item_whose_page_was_not_read_may_be_a_stub() -> None:
    """G6, G11: a stub is no item, and what was not read may be one."""
    built = scene("khen_thuong_xu_phat").listed("khen", "Khen thưởng", [row("a", SPRING, texts=None)])

    assert unmeasured(judge(built)).reason is Reason.NOT_READ


def test_one_day_of_looking_proves_no_absence() -> None:
    """G10, over the same sections."""
    built = scene("khen_thuong_xu_phat").listed("khen", "Khen thưởng", [])

    assert unmeasured(judge(built, days=CLOSE[:1])).reason is Reason.SINGLE_MEASUREMENT


@pytest.mark.parametrize("state", ["blocked", "unreachable", "needs-browser", "layout-changed", "incident"])
def test_a_portal_that_was_not_read_is_unmeasured(state: str) -> None:
    """Reasons are a closed list; none is a zero, and never not applicable."""
    result = unmeasured(judge(scene(), visits=[visit(day, state=state) for day in CLOSE]))

    assert result.reason == Reason(state)


def test_what_an_earlier_visit_proved_stays_when_the_close_is_refused() -> None:
    """G11: hiding never costs what was proven, and never gains more."""
    spring = date(2021, 5, 4)
    visits = [visit(spring), *(visit(day, state="blocked") for day in CLOSE)]

    result = unmeasured(judge(scene("khen_thuong_xu_phat"), days=(spring, *CLOSE), visits=visits))

    assert result.reason is Reason.BLOCKED
    assert result.low is not None
    assert result.low[INPUT].value == frozenset(ITEMS) - {"khen_thuong_xu_phat"}


def test_a_section_filled_in_the_last_fortnight_is_asked_about() -> None:
    """Questions, never deducted."""
    built = scene("khen_thuong_xu_phat")
    built.listed("khen", "Khen thưởng", [row("a", date(2021, 10, 28), since=date(2021, 10, 28))])

    result = measured(judge(built, days=(date(2021, 10, 20), *CLOSE)))

    assert "khen_thuong_xu_phat" in met_items(result)
    assert [q.key for q in result.questions] == ["question-filled-late"]


@given(
    refused=st.sets(st.sampled_from(["chi-dao", "kien-nghi", "lich", "khac-1", "khac-2", "khen", "khen/kt1"]))
)
def test_refusing_pages_never_adds_a_point(refused: set[str]) -> None:
    """Property: beginning to refuse the collector never adds a point."""
    built = scene("khen_thuong_xu_phat").listed("khen", "Khen thưởng", [row("kt1", SPRING, texts=("Ngắn.",))])

    assert met_items(judge(built, refuse=sorted(refused))) <= met_items(judge(built))
