"""HD.4 and HD.5, as docs/reference/verifiers/documents_complete.md and documents_on_time.md define them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from minhchung.measurements import Unmeasured
from minhchung.observations import LegalDocument
from minhchung.periods import Period
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers import documents_complete, documents_on_time

COMPLETE = documents_complete.VERIFIER
ON_TIME = documents_on_time.VERIFIER
VAN_BAN = b.HOME + "van-ban"
ABSTRACT = "Về việc triển khai kế hoạch cải cách hành chính thí dụ"


def add(shelf: s.Shelf, n: int, issued: date | None, published: date | None = None, **changes: Any) -> None:
    """Add one complete decision of the agency, with changes."""
    file = f"{VAN_BAN}/tep/{n}.pdf"
    told: dict[str, Any] = {
        "kind": "legal_document",
        "list_url": VAN_BAN,
        "heading": "Văn bản",
        "title": f"Quyết định {n}/QĐ-STD",
        "number": f"{n}/QĐ-STD",
        "issued": issued,
        "issuer": "Sở Thí dụ",
        "doc_type": "Quyết định",
        "summary": f"{ABSTRACT} số {n}",
        "attachments": (file,),
    }
    shelf.item(f"v{n}", published or issued, **(told | changes))
    if "attachments" not in changes:
        shelf.file(file)


def documents(count: int, *, lacking: int = 0, **lack: Any) -> s.Shelf:
    """A list of so many documents, the first of which lack something."""
    shelf = s.Shelf()
    for n in range(1, count + 1):
        add(shelf, n, date(2021, 3, 1) + timedelta(days=n), **(lack if n <= lacking else {}))
    shelf.captures()
    return shelf


def test_36_complete_of_48_give_2_25_and_duplicates_count_once() -> None:
    """51 rows, 3 duplicates of the same number, day and issuer: 36/48 x 3."""
    shelf = documents(48, lacking=12, summary="", title="")
    for n in (20, 21, 22):
        add(shelf, n, date(2021, 3, 1) + timedelta(days=n), url=f"{VAN_BAN}/ban-khac/{n}")
        twin = [o for o in shelf.observations if getattr(o, "url", "") == f"{VAN_BAN}/ban-khac/{n}"]
        shelf.observations = [o for o in shelf.observations if o not in twin]
        shelf.observations += [
            replace(o, identity=f"lai{n}") if isinstance(o, LegalDocument) else o for o in twin
        ]
    shelf.observations = [o for o in shelf.observations if type(o).__name__ != "ListCapture"]
    shelf.captures()

    result = s.measure(COMPLETE, "HD.4", shelf.held())

    assert s.values(result) == [36, 48]
    assert s.score("HD.4", result) == Fraction(9, 4)


def test_one_perfect_document_earns_a_tenth() -> None:
    """C2: points x min(1, n/10)."""
    result = s.measure(COMPLETE, "HD.4", documents(1).held())

    assert s.score("HD.4", result) == Fraction(3, 10)
    assert [q.key for q in s.measured(result).questions] == ["question-only-one"]


@pytest.mark.parametrize(
    "lack",
    [
        {"issuer": "", "number": "5/KH-UBND", "title": "Kế hoạch"},
        {"number": "", "title": "Quyết định không số"},
        {"summary": "", "title": "Quyết định"},
        {"summary": "Quyết định"},
        {"issued": None, "published": date(2021, 5, 5)},
        {"attachments": ("http://sothidu.example.vn/van-ban/Template.pdf",)},
    ],
)
def test_a_document_that_lacks_a_field_is_not_complete(lack: dict[str, Any]) -> None:
    shelf = documents(20)
    told = {"issued": date(2021, 6, 1)} | lack
    add(shelf, 99, told.pop("issued"), told.pop("published", None), **told)
    shelf.observations = [o for o in shelf.observations if type(o).__name__ != "ListCapture"]
    shelf.captures()

    assert s.values(s.measure(COMPLETE, "HD.4", shelf.held())) == [20, 21]


def test_the_type_and_issuer_may_come_from_the_number() -> None:
    """An official letter is a công văn; a symbol borne by one agency names it."""
    shelf = documents(10)
    add(shelf, 77, date(2021, 6, 1), number="77/STD-VP", doc_type="", issuer="", title="77/STD-VP")
    shelf.observations = [o for o in shelf.observations if type(o).__name__ != "ListCapture"]
    shelf.captures()

    assert s.values(s.measure(COMPLETE, "HD.4", shelf.held())) == [11, 11]


def test_the_day_of_effect_is_asked_of_normative_documents_only() -> None:
    shelf = s.Shelf()
    for n in range(1, 11):
        add(shelf, n, date(2021, 3, n), number=f"{n}/2021/QĐ-STD")
    for n in range(11, 21):
        add(shelf, n, date(2021, 3, n), number=f"{n}/2021/QĐ-STD", effective=date(2021, 4, 1))
    for n in range(21, 31):
        add(shelf, n, date(2021, 3, n), number=f"{n}/2021/QĐ-STD", effective_text="có hiệu lực kể từ ngày ký")
    shelf.captures()

    assert s.values(s.measure(COMPLETE, "HD.4", shelf.held())) == [20, 30]


def test_a_file_that_answers_404_twice_is_absent_and_once_is_open() -> None:
    def with_answers(days: Any) -> Any:
        shelf = documents(10)
        lost = f"{VAN_BAN}/mat.pdf"
        add(shelf, 50, date(2021, 6, 1), attachments=(lost,))
        shelf.file(lost, status=404, type="html", days=days)
        shelf.observations = [o for o in shelf.observations if type(o).__name__ != "ListCapture"]
        shelf.captures()
        return s.measure(COMPLETE, "HD.4", shelf.held())

    assert s.values(with_answers(b.CLOSE)) == [10, 11]
    once = with_answers(b.CLOSE[:1])
    assert isinstance(once, Unmeasured)
    assert once.reason.value == "not-read"


def test_a_file_that_nobody_answered_for_on_one_day_is_open_whatever_the_other_day_said() -> None:
    """G10: a zero needs two days; an attempt that failed, or that our own sick side made, is none."""

    def with_days(*days: tuple[date, int | None], sick: Sequence[date] = ()) -> Any:
        shelf = documents(10)
        lost = f"{VAN_BAN}/mat.pdf"
        add(shelf, 50, date(2021, 6, 1), attachments=(lost,))
        for day, status in days:
            shelf.file(lost, status=status, type="html" if status else "", days=[day])
        shelf.observations = [o for o in shelf.observations if type(o).__name__ != "ListCapture"]
        shelf.captures()
        shelf.visits = [b.visit(day, canaries=day not in sick) for day in shelf.days]
        return s.measure(COMPLETE, "HD.4", shelf.held())

    first, second = b.CLOSE
    assert s.values(with_days((first, 404), (second, 404))) == [10, 11]
    assert isinstance(with_days((first, 404), (second, None)), Unmeasured)
    assert isinstance(with_days((first, None), (second, None)), Unmeasured)
    assert isinstance(with_days((first, 404), (second, 404), sick=[second]), Unmeasured)


def test_an_error_page_served_as_a_file_is_none() -> None:
    """Must not count: an HTML error page served as .pdf."""
    shelf = documents(10)
    fake = f"{VAN_BAN}/gia.pdf"
    add(shelf, 50, date(2021, 6, 1), attachments=(fake,))
    shelf.file(fake, type="html")
    shelf.observations = [o for o in shelf.observations if type(o).__name__ != "ListCapture"]
    shelf.captures()

    assert s.values(s.measure(COMPLETE, "HD.4", shelf.held())) == [10, 11]


def test_drafts_and_other_years_are_left_out() -> None:
    shelf = documents(10)
    add(shelf, 60, date(2019, 6, 1))
    add(shelf, 61, date(2021, 6, 1), list_url=b.HOME + "du-thao", heading="Văn bản dự thảo")
    shelf.observations = [o for o in shelf.observations if type(o).__name__ != "ListCapture"]
    shelf.captures()

    assert s.values(s.measure(COMPLETE, "HD.4", shelf.held())) == [10, 10]


def test_no_document_in_lists_complete_on_two_days_is_0() -> None:
    """C2: n = 0 in complete lists twice; once is a single measurement."""
    both = s.Shelf()
    for day in b.CLOSE:
        both.capture(day, [], list_url=VAN_BAN, heading="Văn bản", item_kind="legal_document")
    once = s.Shelf(days=b.CLOSE[:1])
    once.capture(b.CLOSE[0], [], list_url=VAN_BAN, heading="Văn bản", item_kind="legal_document")

    for code, verifier in (("HD.4", COMPLETE), ("HD.5", ON_TIME)):
        assert s.score(code, s.measure(verifier, code, both.held())) == 0
        assert s.reason(s.measure(verifier, code, once.held())) == "single-measurement"


@pytest.mark.parametrize("state", ["blocked", "unreachable", "robots-refused", "needs-browser"])
def test_a_portal_that_refuses_us_measures_neither(state: str) -> None:
    for code, verifier in (("HD.4", COMPLETE), ("HD.5", ON_TIME)):
        assert s.reason(s.measure(verifier, code, documents(10).held(state=state))) == state


def test_a_list_that_was_not_seen_whole_measures_neither() -> None:
    shelf = s.Shelf()
    for n in range(1, 11):
        add(shelf, n, date(2021, 3, n))
    shelf.captures(ended="failed", failed_pages=(VAN_BAN + "?page=2",))

    for code, verifier in (("HD.4", COMPLETE), ("HD.5", ON_TIME)):
        assert s.reason(s.measure(verifier, code, shelf.held())) == "coverage-below"


def test_neither_is_ever_not_applicable() -> None:
    agency = replace(b.AGENCY, has_procedures=False)

    for code, verifier in (("HD.4", COMPLETE), ("HD.5", ON_TIME)):
        held = replace(documents(12).held(), agency=agency)
        assert s.values(s.measure(verifier, code, held))[1] == 12


def posted(delays: Sequence[int | None], issued: date = date(2021, 3, 1)) -> s.Shelf:
    """Documents issued on one Monday, posted so many days later; None: no posting day shown."""
    shelf = s.Shelf()
    for n, delay in enumerate(delays, 1):
        day = None if delay is None else issued + timedelta(days=delay)
        add(shelf, n, issued, day)
        if day is None:
            shelf.observations = [
                replace(o, published=None) if isinstance(o, LegalDocument) and o.identity == f"v{n}" else o
                for o in shelf.observations
            ]
    shelf.captures()
    return shelf


def test_31_of_40_in_time_give_2_58() -> None:
    """43 own documents, 3 undated (7 %): (31/40)/(9/10) x 3 = 31/12."""
    result = s.measure(ON_TIME, "HD.5", posted([1] * 31 + [9] * 9 + [None] * 3).held())

    assert s.values(result) == [31, 40]
    assert s.score("HD.5", result) == Fraction(31, 12)


def test_nine_of_ten_in_time_pass_and_none_fails() -> None:
    assert s.score("HD.5", s.measure(ON_TIME, "HD.5", posted([0] * 9 + [9]).held())) == 3
    assert s.score("HD.5", s.measure(ON_TIME, "HD.5", posted([9] * 10).held())) == 0


@pytest.mark.parametrize(
    ("issued", "last"),
    [(date(2021, 1, 29), date(2021, 2, 2)), (date(2021, 2, 9), date(2021, 2, 18))],
)
def test_working_days_skip_weekends_and_tet(issued: date, last: date) -> None:
    """Issued Friday 29/1/2021: until 2/2; issued 9/2/2021 with holidays 10-16/2: until 18/2."""
    in_time = posted([(last - issued).days], issued)
    late = posted([(last - issued).days + 1], issued)

    assert s.values(s.measure(ON_TIME, "HD.5", in_time.held())) == [1, 1]
    assert s.values(s.measure(ON_TIME, "HD.5", late.held())) == [0, 1]


def test_deleting_dates_does_not_raise_the_ratio() -> None:
    """More than 20 % undated: coverage-below."""
    assert s.reason(s.measure(ON_TIME, "HD.5", posted([1] * 7 + [None] * 3).held())) == "coverage-below"


def test_a_reposted_circular_is_not_the_agencys_own() -> None:
    """Must not count: a ministry's circular posted a month later."""
    shelf = posted([1] * 5)
    add(shelf, 90, date(2021, 3, 1), date(2021, 4, 20), number="12/2021/TT-BTT", issuer="Bộ Thí Dụ")
    shelf.observations = [o for o in shelf.observations if type(o).__name__ != "ListCapture"]
    shelf.captures()

    assert s.values(s.measure(ON_TIME, "HD.5", shelf.held())) == [5, 5]


def test_a_back_dated_posting_counts_from_the_capture_that_lacked_it() -> None:
    """G8: printed 21/4, but the complete capture of 4/5 lacked it: it was posted on 4/5 at the earliest."""
    shelf = s.Shelf(days=(s.QUARTER, *b.CLOSE))
    for n in range(1, 6):
        add(shelf, n, date(2021, 4, 12), date(2021, 4, 13))
    add(shelf, 6, date(2021, 4, 20), date(2021, 4, 20), seen_on=b.CLOSE[0])
    shelf.captures()

    result = s.measure(ON_TIME, "HD.5", shelf.held())

    assert s.values(result) == [5, 6]
    assert [q.key for q in s.measured(result).questions] == ["question-back-dated"]


def test_few_witnessed_postings_are_partly_verified() -> None:
    """G15: fewer than half of the dated items witnessed, where days decide."""
    assert s.measured(s.measure(ON_TIME, "HD.5", posted([1] * 5).held())).grade.value == "partly-verified"


def test_a_year_without_a_calendar_makes_deadlines_unmeasured() -> None:
    assert s.reason(s.measure(ON_TIME, "HD.5", posted([1]).held(), calendar=None)) == "calendar-missing"


def test_refusing_at_the_close_never_adds_a_point() -> None:
    """The portal is seen in spring and blocks at the close: nothing is measured any more."""
    shelf = s.Shelf(days=(s.QUARTER,))
    for n in range(1, 11):
        add(shelf, n, date(2021, 3, n))
    shelf.captures()
    shelf.visits = [b.visit(s.QUARTER), *(b.visit(day, state="blocked") for day in b.CLOSE)]

    for code, verifier in (("HD.4", COMPLETE), ("HD.5", ON_TIME)):
        assert isinstance(s.measure(verifier, code, shelf.held()), Unmeasured)


def test_a_deadline_in_a_year_without_a_calendar_is_unmeasured() -> None:
    """Issued on 31 December: the deadline lies in a year that no calendar covers."""
    last = date(2021, 12, 31)
    shelf = posted([3], last)
    period = Period(date(2021, 1, 1), last)

    result = s.measure(ON_TIME, "HD.5", shelf.held(), period=period, freeze=date(2022, 1, 31))

    assert s.reason(result) in {"calendar-missing", "coverage-below"}


def test_a_late_document_names_its_deadline_and_the_captures_that_bound_its_posting() -> None:
    """Evidence of HD.5: the page with the day of issue, and both captures of the interval."""
    shelf = s.Shelf(days=(s.QUARTER, *b.CLOSE))
    add(shelf, 1, date(2021, 3, 1))
    add(shelf, 2, date(2021, 3, 1), date(2021, 6, 1), title="Muộn")
    late = f"v{2}"
    shelf.observations = [
        o
        for o in shelf.observations
        if not (getattr(o, "identity", "") == late and o.run == b.run_on(s.QUARTER))
    ]
    shelf.captures()

    result = s.measured(s.measure(ON_TIME, "HD.5", shelf.held()))
    told = next(note for note in result.notes if note.key == "late-document")
    read = next(note for note in result.notes if note.key == "lists-read")

    assert "2/QĐ-STD: ban hành 01/03/2021, hạn 03/03/2021" in told.text
    assert "sau 04/05/2021, chậm nhất 02/11/2021" in told.text
    assert {place.record for place in told.basis} >= {
        b.record_id(VAN_BAN, b.run_on(s.QUARTER)),
        b.record_id(VAN_BAN, b.run_on(b.CLOSE[0])),
    }
    assert "3 lượt trọn vẹn" in read.text


def test_a_posting_printed_after_the_visit_is_dated_by_the_captures_that_bound_it() -> None:
    """G8: later than the capture day is no published day; the interval alone speaks, for the agency."""
    shelf = s.Shelf(days=(s.QUARTER, *b.CLOSE))
    add(shelf, 1, date(2021, 3, 1))
    add(shelf, 2, date(2021, 10, 29), date(2022, 6, 1))
    shelf.observations = [
        o
        for o in shelf.observations
        if not (getattr(o, "identity", "") == "v2" and o.run in {b.run_on(s.QUARTER), b.run_on(b.CLOSE[0])})
    ]
    shelf.captures()

    result = s.measured(s.measure(ON_TIME, "HD.5", shelf.held()))

    assert s.note(result, "undated") == 0
    assert s.values(result) == [2, 2]
