"""G16: what only looks odd is counted in full and asked of a person; its honest look-alike is not asked."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from minhchung.files import FileFacts, FileSignature
from minhchung.measurements import Measurement, Result
from minhchung.observations import Attachment, Question, ScheduleEntry
from minhchung.submissions import OwnerFigure, SubmittedFigure
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers.captures import histories
from verifiers.documents_complete import VERIFIER as COMPLETE
from verifiers.documents_on_time import VERIFIER as ON_TIME
from verifiers.news_cadence import VERIFIER as NEWS
from verifiers.oddities.schedules import ask_about_late_schedules
from verifiers.publicity_items import VERIFIER as PUBLICITY
from verifiers.questions_answered import VERIFIER as ANSWERED

VAN_BAN = b.HOME + "van-ban"
HOI_DAP = b.HOME + "hoi-dap"


def asked(result: Result) -> dict[str, int | None]:
    assert isinstance(result, Measurement), result
    return {question.key: question.count for question in result.questions}


def text_of(result: Result, key: str) -> str:
    assert isinstance(result, Measurement), result
    return next(question.text for question in result.questions if question.key == key)


# --- news ------------------------------------------------------------------------------------------


def news(count: int, **said: Any) -> Result:
    shelf = s.Shelf()
    for n, day in enumerate(s.spread(count)):
        told = {key: value(n) if callable(value) else value for key, value in said.items()}
        shelf.item(f"t{n}", day, **told)
    shelf.captures()
    return s.measure(NEWS, "HD.2", shelf.held())


def test_short_items_that_fill_the_count_are_asked_about_and_counted() -> None:
    brief = news(30, text=lambda n: s.prose(f"t{n}", 120))
    long = news(30, text=lambda n: s.prose(f"t{n}", 900))

    assert "question-short" in asked(brief)
    assert "question-short" not in asked(long)
    assert s.values(brief)[0] == s.values(long)[0]


def test_titles_that_differ_in_their_figures_alone_are_a_series() -> None:
    series = news(12, title=lambda n: f"Bản tin giá nông sản ngày {n + 1}")
    two = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mươi", "trăm")
    honest = news(12, title=lambda n: f"Bản làng số {two[n]} có đường mới")

    assert asked(series)["question-series"] == 12
    assert "question-series" not in asked(honest)


# --- documents -------------------------------------------------------------------------------------


def documents(
    numbers: list[str],
    *,
    days: list[date] | None = None,
    published: Any = None,
    owners: tuple[OwnerFigure, ...] = (),
    file: Any = None,
    facts: FileFacts | None = None,
    code: str = "HD.4",
) -> Result:
    shelf = s.Shelf()
    issued = days or [date(2021, 3, 1) + timedelta(days=n) for n in range(len(numbers))]
    for n, (number, day) in enumerate(zip(numbers, issued, strict=True)):
        url = file(n) if file else f"{VAN_BAN}/{n}.pdf"
        shelf.item(
            f"vb-{n}", published(day) if published else day, kind="legal_document", list_url=VAN_BAN,
            heading="Văn bản", issued=day, number=number, doc_type="Quyết định", issuer="Sở Thí dụ",
            summary=f"Về việc thứ {n} của ngành trong năm", attachments=(url,),
        )  # fmt: skip
        shelf.file(url)
    if facts is not None:
        shelf.observations = [
            replace(o, facts=facts) if isinstance(o, Attachment) else o for o in shelf.observations
        ]
    if file:
        shelf.records = {key: replace(r, body_sha256=f"{hash(r.url):x}") for key, r in shelf.records.items()}
    shelf.captures()
    verifier = COMPLETE if code == "HD.4" else ON_TIME
    return s.measure(verifier, code, shelf.held(owner_figures=owners))


def test_gaps_in_the_numbers_are_an_independent_denominator_that_asks_and_deducts_nothing() -> None:
    """HD.4: numbers 1 to 9 of one kind and year, 4 and 7 not posted."""
    result = documents([f"{n}/QĐ-STD" for n in (1, 2, 3, 5, 6, 8, 9)])

    assert asked(result)["question-gaps"] == 2
    assert "(4, 7)" in text_of(result, "question-gaps")
    assert s.score("HD.4", result) == s.score("HD.4", documents([f"{n}/QĐ-STD" for n in range(1, 8)]))


def test_numbers_of_others_kinds_and_years_make_no_gap() -> None:
    """Near-misses: letters count apart, a new year begins at 1, a ministry's are not ours."""
    days = [date(2020, 12, 1), date(2020, 12, 2), *(date(2021, 3, n) for n in range(1, 8))]
    numbers = [
        "98/QĐ-STD",
        "99/QĐ-STD",
        *(f"{n}/QĐ-STD" for n in range(1, 6)),
        "700/STD-VP",
        "31/2019/TT-BTTTT",
    ]

    assert "question-gaps" not in asked(documents(numbers, days=days))


def test_documents_that_the_national_database_lists_and_the_portal_lacks_are_asked_for() -> None:
    listed = OwnerFigure(
        agency=b.AGENCY.code, component="HD.4", input="van_ban_dang_tai", value=None,
        codes=("01/2021/QĐ-STD", "02/2021/QĐ-STD"), owner="so-tu-phap", document="9/STP-XDVB",
        first=b.PERIOD.first, last=b.PERIOD.last, seen=b.place("csdlqg"),
    )  # fmt: skip

    result = documents(["1/2021/QĐ-STD"], owners=(listed,))

    assert asked(result)["question-listed-elsewhere"] == 1
    assert "02/2021/QĐ-STD" in text_of(result, "question-listed-elsewhere")
    assert s.values(result)[1] == 1, "the list of another body is no denominator of the posting"


def test_one_file_under_several_numbers_is_asked_about() -> None:
    numbers = [f"{n}/QĐ-STD" for n in range(1, 6)]

    assert asked(documents(numbers, file=lambda n: f"{VAN_BAN}/chung.pdf"))["question-same-file"] == 5
    assert "question-same-file" not in asked(documents(numbers, file=lambda n: f"{VAN_BAN}/rieng-{n}.pdf"))


def test_a_signature_that_does_not_hold_is_asked_about_and_one_not_examined_is_not() -> None:
    def facts(**said: Any) -> FileFacts:
        told: dict[str, Any] = {"intact": True, "valid": True, "trusted": None, "whole": True} | said
        return FileFacts(signatures=(FileSignature(**told),))

    numbers = [f"{n}/QĐ-STD" for n in range(1, 4)]
    broken = documents(numbers, facts=facts(intact=False, valid=False))

    assert asked(broken)["question-signature"] == 3
    assert s.values(broken) == [3, 3]
    for fine in (facts(), facts(intact=False, valid=False, fault="không đọc được"), FileFacts()):
        assert "question-signature" not in asked(documents(numbers, facts=fine))


# --- days of posting -------------------------------------------------------------------------------


def test_all_postings_on_one_day_are_asked_about() -> None:
    numbers = [f"{n}/QĐ-STD" for n in range(1, 7)]
    at_once = documents(numbers, published=lambda day: date(2021, 9, 1), code="HD.5")

    assert asked(at_once)["question-one-day"] == 6
    assert "question-one-day" not in asked(documents(numbers, code="HD.5"))


def test_days_of_posting_printed_as_the_day_of_issue_and_seen_weeks_later_are_asked_about() -> None:
    """A complete reading of May lacked what prints April as its day of posting."""
    shelf = s.Shelf(days=(s.QUARTER, *b.CLOSE))
    for n in range(6):
        day = date(2021, 4, 1 + n)
        shelf.item(
            f"vb-{n}", day, kind="legal_document", list_url=VAN_BAN, heading="Văn bản", issued=day,
            number=f"{n + 1}/QĐ-STD", issuer="Sở Thí dụ", seen_on=b.CLOSE[0],
        )  # fmt: skip
    shelf.item("khac", date(2021, 4, 2), kind="legal_document", list_url=VAN_BAN, heading="Văn bản")
    shelf.captures()

    keys = asked(s.measure(ON_TIME, "HD.5", shelf.held()))

    assert keys["question-printed-as-issued"] == 6
    assert keys["question-back-dated"] == 6


def test_a_posting_printed_before_the_issue_is_no_back_dating() -> None:
    """Back-dating is stated only where a complete reading after the printed day lacked the document."""
    first = date(2021, 3, 1)
    numbers = [f"{n}/QĐ-STD" for n in range(1, 7)]
    keys = asked(
        documents(numbers, published=lambda day: day - timedelta(days=9 * (day == first)), code="HD.5")
    )

    assert "question-back-dated" not in keys


# --- publicity -------------------------------------------------------------------------------------


def test_publicity_of_one_paragraph_is_asked_about_and_counted() -> None:
    shelf = s.Shelf()
    shelf.item("a", date(2021, 3, 1), title="Đẩy mạnh chuyển đổi số ở cơ sở")
    shelf.item("b", date(2021, 3, 2), title="Chuyển đổi số ở xã vùng cao", last="Đoạn thứ hai của bài này.")
    shelf.captures()

    result = s.measure(PUBLICITY, "TC.6", shelf.held())

    assert asked(result)["question-one-paragraph"] == 1
    assert s.values(result) == [2]


# --- citizens' questions ---------------------------------------------------------------------------


def inquiries(*said: tuple[str, int, str], claim: int | None = None) -> Result:
    """Questions (identity, days to the answer, title), one asked each day of May."""
    shelf = s.Shelf()
    for n, (identity, delay, title) in enumerate(said):
        day = date(2021, 5, 1) + timedelta(days=n)
        shelf.question(identity, day, day + timedelta(days=delay), title=title)
    for day in shelf.days:
        met = [o.identity for o in shelf.observations if isinstance(o, Question) and o.run == b.run_on(day)]
        shelf.capture(day, met, list_url=HOI_DAP, heading="Hỏi đáp", item_kind="question")
    claims = (
        ()
        if claim is None
        else (
            SubmittedFigure(
                agency=b.AGENCY.code, component="HD.9", inputs={"cau_hoi_cong_khai": Fraction(claim)},
                seen=b.place("workbook"),
            ),
        )
    )  # fmt: skip
    return s.measure(ANSWERED, "HD.9", shelf.held(submitted=claims))


TOPICS = ("đất đai", "hộ tịch", "giấy phép", "học phí", "đường làng", "chợ phiên")


def test_numbers_of_questions_that_are_left_out_are_asked_about() -> None:
    gaps = inquiries(*((f"hoi-dap/{n}", 2, TOPICS[k]) for k, n in enumerate((1, 2, 4, 5, 7))))
    shared = inquiries(*((f"bai/{n * 100}", 2, TOPICS[n]) for n in range(5)))

    assert asked(gaps)["question-gaps"] == 2
    assert "question-gaps" not in asked(shared), "addresses that number everything number no questions"


def test_a_claim_of_more_questions_than_are_shown_asks_and_never_scores() -> None:
    """C4: the claim is compared, never scored."""
    result = inquiries(*((f"h{n}", 2, TOPICS[n]) for n in range(3)), claim=40)

    assert asked(result)["question-received-more"] == 40
    assert s.values(result) == [3, 3]


def test_answers_of_the_same_day_and_one_style_are_asked_about() -> None:
    odd = inquiries(*((f"h{n}", 0, f"Xin hỏi cơ quan về {TOPICS[n]}") for n in range(6)))
    honest = inquiries(*((f"h{n}", n % 3, f"{TOPICS[n].capitalize()} thì làm thế nào") for n in range(6)))

    assert asked(odd).keys() >= {"question-same-day", "question-one-style"}
    assert not asked(honest).keys() & {"question-same-day", "question-one-style"}


def test_a_question_shown_twice_counts_once() -> None:
    """Must not count: a question shown twice; the copy that is answered in time stands."""
    shelf = s.Shelf()
    for identity, delay in (("a", 30), ("b", 3)):
        day = date(2021, 5, 3)
        shelf.question(identity, day, day + timedelta(days=delay), title="Thủ tục cấp lại giấy phép?")
    for day in shelf.days:
        shelf.capture(day, ["a", "b"], list_url=HOI_DAP, heading="Hỏi đáp", item_kind="question")

    assert s.values(s.measure(ANSWERED, "HD.9", shelf.held())) == [1, 1]


def test_a_question_whose_own_page_was_never_read_is_open_not_unanswered() -> None:
    """Our reader saw the row alone: the answer may stand on the page, so it settles nothing."""
    shelf = s.Shelf()
    for n in range(2):
        shelf.question(str(n), date(2021, 5, 3), None, 0, title=TOPICS[n])
    shelf.observations = [
        replace(o, seen=b.place(HOI_DAP, o.run)) if isinstance(o, Question) and o.identity == "0" else o
        for o in shelf.observations
    ]
    for day in shelf.days:
        shelf.capture(day, ["0", "1"], list_url=HOI_DAP, heading="Hỏi đáp", item_kind="question")

    result = s.measure(ANSWERED, "HD.9", shelf.held())

    assert s.reason(result) == "not-read"
    assert [given.value for given in (getattr(result, "high", None) or {}).values()] == [1, 2]


# --- schedules -------------------------------------------------------------------------------------


def test_schedules_that_appear_after_their_week_are_asked_about() -> None:
    """A whole reading of May lacked the week of April that the close shows; the week of June it could not."""
    url = b.HOME + "lich"

    def entry(first: date) -> ScheduleEntry:
        run = b.run_on(b.CLOSE[0])
        return ScheduleEntry(
            agency=b.AGENCY.code, run=run, seen=b.place(f"lich {first}", run), first=first,
            last=first + timedelta(days=6), text="Họp giao ban", list_url=url, list_heading="Lịch công tác",
        )  # fmt: skip

    told = [b.capture(d, ["lich"], list_url=url, item_kind="schedule_entry") for d in (s.QUARTER, *b.CLOSE)]
    lists = histories(b.holdings(*told), b.context())

    def asked_of(*weeks: date) -> list[int | None]:
        return [note.count for note in ask_about_late_schedules(map(entry, weeks), lists, b.PERIOD)]

    assert asked_of(date(2021, 4, 5), date(2021, 6, 7)) == [1]
    assert asked_of(date(2021, 6, 7)) == []
