"""The one-stop-shop driver: the simulated system, and answers that only look right."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.onestop.igate2 import DRIVER
from minhchung.observations import DossierTally, ServiceHealth, SourceAgency, Workflow
from simulator.igate import IGate
from simulator.services import books
from tests.collectors.service_world import ONESTOP, PERIOD, agency, harvest, read, states, survey

SEED = 3234
WHO = agency()
STATISTICS, PROCEDURES, WORKFLOWS = DRIVER.asks(ONESTOP, WHO, PERIOD)
ROW: dict[str, Any] = {
    "agency": {"id": "7", "code": "H99.01.03", "name": "Sở Tư pháp", "parent": {"code": "H99"}},
    "received": 6940,
    "receivedOnline": 1906,
    "resolved": 7960,
    "resolvedEarly": 5200,
    "resolvedOnTime": 2640,
    "resolvedOverdue": 120,
    "unresolvedOverdue": 61,
}


def row(**changed: Any) -> dict[str, Any]:
    made = copy.deepcopy(ROW) | changed
    return {key: value for key, value in made.items() if value != "gone"}


def tallies(answers: list[Any], basis: str) -> list[DossierTally]:
    return [a for a in answers if isinstance(a, DossierTally) and a.basis == basis]


def own(found: list[DossierTally]) -> list[DossierTally]:
    """Return the rows of the agency and its units: the province's sum every agency."""
    return [t for t in found if t.whose != "province"]


@pytest.fixture(scope="module")
def igate() -> IGate:
    return IGate(SEED)


def mapped(code: str) -> Any:
    return agency(code, books(SEED)[code].identifier)


# --- questions ----------------------------------------------------------------------------------------


def test_local_days_are_written_with_z_as_the_system_wants_them() -> None:
    """docs/reference/service-drivers.md: from-date ends in T00:00:00.000Z, to-date in T23:59:59.999Z."""
    asked = parse_qs(urlsplit(STATISTICS.url).query)

    assert asked["from-date"] == ["2020-11-01T00:00:00.000Z"]
    assert asked["to-date"] == ["2021-10-31T23:59:59.999Z"]
    assert (STATISTICS.first, STATISTICS.last) == (PERIOD.first, PERIOD.last)
    assert STATISTICS.url.startswith("http://127.0.0.1:1/pa/")


def test_an_agency_without_an_identifier_is_not_asked_about() -> None:
    assert list(DRIVER.asks(ONESTOP, agency(identifier=""), PERIOD)) == []


def test_no_question_carries_credentials() -> None:
    names = {name.casefold() for ask in (STATISTICS, PROCEDURES, WORKFLOWS) for name, _ in ask.headers}

    assert "authorization" not in names


# --- the simulated system -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["so-tu-phap", "so-noi-vu", "so-tai-chinh", "huyen-pha-lua", "ban-dan-toc"])
def test_the_figures_are_those_of_the_books(igate: IGate, code: str) -> None:
    book = books(SEED)[code]

    found = own(harvest(DRIVER, ONESTOP, igate, mapped(code)).of(DossierTally))

    whole = [t for t in found if not t.procedure]
    top = [t for t in whole if t.is_total] or whole
    received, resolved, snapshot = top
    assert received.figure("received") == book.received()
    assert received.figure("received_online") == sum(p.online for p in book.procedures)
    assert received.figure("postal_either") == book.postal_either
    assert received.figure("paid_online") == book.paid_online
    assert resolved.figure("resolved_early") == book.early
    assert resolved.figure("resolved_overdue") == book.late
    assert snapshot.figure("open_overdue") == book.open_overdue
    assert (snapshot.first, snapshot.last) == (date(2021, 10, 31), date(2021, 10, 31))
    rows = [t for t in found if t.procedure]
    assert sum(t.figure("received") or 0 for t in rows) == book.received()
    assert {t.procedure for t in rows} == {p.code for p in book.procedures}


def test_the_row_over_units_is_marked_and_its_units_stand_beside_it(igate: IGate) -> None:
    found = own(harvest(DRIVER, ONESTOP, igate, WHO).of(DossierTally))

    received = [t for t in found if t.basis == "received" and not t.procedure]
    total = [t for t in received if t.is_total]
    parts = [t for t in received if not t.is_total]
    assert (len(total), len(parts)) == (1, 2)
    assert total[0].figure("received") == sum(t.figure("received") or 0 for t in parts)


def test_percentages_are_kept_as_printed_and_never_as_figures(igate: IGate) -> None:
    found = harvest(DRIVER, ONESTOP, igate, WHO).of(DossierTally)

    printed = dict(found[0].printed)["onTimeRate"]
    assert printed.endswith("%")
    assert "," in printed
    assert not [meaning for t in found for meaning, _ in t.figures if "rate" in meaning.casefold()]


def test_active_workflows_are_those_of_the_books(igate: IGate) -> None:
    book = books(SEED)["so-tu-phap"]

    found = harvest(DRIVER, ONESTOP, igate, WHO).of(Workflow)

    running = {w.procedure for w in found if w.active and (w.steps or 0) >= 2}
    assert running - {"0"} == {p.code for p in book.procedures if p.workflow == "active"}
    assert "9.999999" not in {w.procedure for w in found}
    assert {w.created_on.year for w in found if w.created_on} == {2020}


def test_small_pages_bring_the_same_rows(igate: IGate) -> None:
    small = replace(ONESTOP, settings={"page_size": 7})

    whole, paged = harvest(DRIVER, ONESTOP, igate, WHO), harvest(DRIVER, small, igate, WHO)

    assert len(paged.asks) > 10 > len(whole.asks)
    for kind in (DossierTally, Workflow):
        assert len(paged.of(kind)) == len(whole.of(kind))
    assert states(paged.answers) == ["ok"] * len(paged.asks)


def test_one_agencys_dossiers_are_unauthorised_and_its_workflows_are_read(igate: IGate) -> None:
    found = harvest(DRIVER, ONESTOP, igate, mapped("huyen-deo-gio"))

    assert {(h.topic, h.state) for h in found.of(ServiceHealth)} == {
        ("dossiers", "unauthorised"),
        ("workflows", "ok"),
    }
    assert found.of(DossierTally) == []


def test_other_key_names_are_a_changed_schema(igate: IGate) -> None:
    found = harvest(DRIVER, ONESTOP, igate, mapped("huyen-khau-bac"))

    health = next(h for h in found.of(ServiceHealth) if h.topic == "workflows")
    assert health.state == "schema-changed"
    assert "procedure" in health.detail
    assert found.of(Workflow) == []


def test_what_is_hidden_is_none_and_never_zero(igate: IGate) -> None:
    hidden = harvest(DRIVER, ONESTOP, igate, mapped("ban-quan-ly-khu-cong-nghiep")).of(DossierTally)
    unheld = harvest(DRIVER, ONESTOP, igate, mapped("so-y-te")).of(DossierTally)

    assert {t.figure("open_overdue") for t in hidden if t.basis == "snapshot"} == {None}
    assert not [t for t in hidden if t.procedure]
    assert {t.figure("fee_bearing") for t in unheld if not t.procedure} == {None}


def test_a_printed_zero_is_zero(igate: IGate) -> None:
    found = own(harvest(DRIVER, ONESTOP, igate, mapped("ban-dan-toc")).of(DossierTally))

    assert {t.figure("received") for t in found if t.basis == "received"} == {0}


def test_the_provinces_row_stands_apart_with_its_code(igate: IGate) -> None:
    """A sum over every agency is kept to be held against them, and is never one of them."""
    found = harvest(DRIVER, ONESTOP, igate, WHO).of(DossierTally)

    above = [t for t in found if t.whose == "province"]
    assert {(t.body, t.is_total) for t in above} == {("H99", True)}
    received = {t.figure("received") for t in above if t.basis == "received"}
    assert received == {sum(book.received() for book in books(SEED).values())}
    assert {t.body for t in found if t.whose == "unit"} == {"H99.01.03.1", "H99.01.03.2"}


def test_digitisation_and_the_online_report_stand_beside_the_figures_of_record(igate: IGate) -> None:
    """docs/reference/service-drivers.md: the report has no codes, a row is found by its confirmed name."""
    names = {"so-tu-phap": "Sở Tư pháp tỉnh Hoa Ban - tỉnh Hoa Ban"}
    wanted = replace(ONESTOP, settings={"digitisation": True, "online_report": True, "report_names": names})
    book = books(SEED)["so-tu-phap"]

    found = harvest(DRIVER, wanted, igate, mapped("so-tu-phap"))

    beside = {(t.report, t.basis): t for t in found.of(DossierTally) if t.report}
    digitised = beside["digitization-by-agency", "received"]
    assert digitised.figure("received") == book.received()
    assert 0 < (digitised.figure("received_digitised") or 0) < book.received()
    assert dict(digitised.printed)["percentTotalReceiverHavingFile"].endswith("%")
    online = beside["kgg-dossier-report-online", "received"]
    full, partial = online.figure("online_full"), online.figure("online_partial")
    assert (full or 0) + (partial or 0) == sum(p.online for p in book.procedures)
    assert set(states(found.answers)) == {"ok"}


@pytest.mark.parametrize("name", ["Sở Tư pháp", "Trung tâm Sở Tư pháp tỉnh Hoa Ban - tỉnh Hoa Ban", ""])
def test_a_name_that_is_only_like_the_confirmed_one_joins_nothing(igate: IGate, name: str) -> None:
    """Reports joined by a part of a name mis-join: only the whole confirmed name is the agency."""
    settings = {"online_report": True, "report_names": {"so-tu-phap": name}}

    found = harvest(DRIVER, replace(ONESTOP, settings=settings), igate, mapped("so-tu-phap"))

    assert not [t for t in found.of(DossierTally) if t.report]


def test_bodies_are_listed_with_their_codes(igate: IGate) -> None:
    """Every body of the province, and one that somebody made for a test and left there."""
    found = survey(DRIVER, ONESTOP, igate)

    real = {b.identifier for b in books(SEED).values()}
    assert {b.identifier for b in found.of(SourceAgency)} == real | {"H99.99.99"}
    assert DRIVER.capabilities(ONESTOP).topics == {"dossiers", "workflows", "agencies"}


# --- answers that only look right ---------------------------------------------------------------------


def test_the_worked_example_is_read() -> None:
    """HD.15, worked example: early 5,200, on time 2,640, overdue resolved 120, overdue open 61."""
    answers = read(DRIVER, ONESTOP, WHO, STATISTICS, [row()])

    resolved, snapshot = tallies(answers, "resolved")[0], tallies(answers, "snapshot")[0]
    assert resolved.figures == (
        ("resolved", 7960),
        ("resolved_early", 5200),
        ("resolved_on_time", 2640),
        ("resolved_overdue", 120),
    )
    assert snapshot.figure("open_overdue") == 61
    assert snapshot.figure("open") is None
    assert snapshot.last == date(2021, 11, 2), "without a printed day it stands for the day of the answer"
    assert resolved.seen.path == "/0"


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("6940", 6940),
        ("6.940", 6940),
        ("1.906.940", 1906940),
        ("6,940", 6940),
        (6940.0, 6940),
        (0, 0),
        (None, None),
        ("", None),
        ("-", None),
    ],
)
def test_counts_are_read_as_printed(printed: Any, read_as: int | None) -> None:
    answers = read(DRIVER, ONESTOP, WHO, STATISTICS, [row(received=printed)])

    assert tallies(answers, "received")[0].figure("received") == read_as


@pytest.mark.parametrize("printed", ["97,62%", "48,6", "6.94", "nhiều", -3, 6.5, True, [6940], "1.90.6940"])
def test_what_is_no_count_is_a_changed_schema(printed: Any) -> None:
    answers = read(DRIVER, ONESTOP, WHO, STATISTICS, [row(), row(agency={"code": "H99"}, received=1)])
    assert states(answers) == ["ok"]

    answers = read(DRIVER, ONESTOP, WHO, STATISTICS, [row(received=printed)])

    assert states(answers) == ["schema-changed"]
    assert len(answers) == 1


@pytest.mark.parametrize("key", ["received", "receivedOnline", "resolved", "resolvedOverdue", "agency"])
def test_a_key_that_is_gone_is_a_changed_schema_and_nothing_of_the_answer_is_kept(key: str) -> None:
    answers = read(DRIVER, ONESTOP, WHO, STATISTICS, [row(), row(**{key: "gone"})])

    assert states(answers) == ["schema-changed"]
    assert tallies(answers, "received") == []


def test_rows_of_parents_children_of_others_and_namesakes_are_no_rows_of_the_agency() -> None:
    """docs/reference/service-drivers.md: reports joined by name mis-join; the key is the code alone."""
    others = [
        row(agency={"code": "H99", "name": "UBND tỉnh"}),
        row(agency={"code": "H99.01.030", "name": "Sở Tư pháp"}),
        row(agency={"code": "H99.01.04.1", "name": "Phòng, Sở Tư pháp", "parent": {"code": "H99.01.04"}}),
        row(agency={"code": None, "name": "Sở Tư pháp"}),
    ]

    answers = read(DRIVER, ONESTOP, WHO, STATISTICS, others)

    assert states(answers) == ["empty"]
    assert tallies(answers, "received") == []


def test_two_rows_of_one_code_are_not_added_up() -> None:
    assert states(read(DRIVER, ONESTOP, WHO, STATISTICS, [row(), row()])) == ["schema-changed"]


def test_an_empty_array_is_empty_and_not_zero() -> None:
    answers = read(DRIVER, ONESTOP, WHO, STATISTICS, [])

    assert states(answers) == ["empty"]
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("status", "content_type", "body", "state"),
    [
        (401, "application/json", b"{}", "unauthorised"),
        (403, "text/html", b"<html>", "unauthorised"),
        (404, "application/json", b"{}", "blocked"),
        (429, "application/json", b"{}", "blocked"),
        (302, "text/html", b"", "blocked"),
        (503, "text/html", b"<html>", "unreachable"),
        (200, "text/html", b"<html>Request Rejected</html>", "blocked"),
        (200, "application/json", b"  <!DOCTYPE html><p>challenge</p>", "blocked"),
        (200, "application/json", b"{", "schema-changed"),
        (200, "application/json", b"", "schema-changed"),
        (200, "application/json", b"[" * 100_000, "schema-changed"),
        (200, "application/json", b'{"error": "x"}', "schema-changed"),
        (200, "application/json", b"[1, 2]", "schema-changed"),
        (200, "application/json", b"null", "schema-changed"),
        (200, "application/json", b"\xff\xfe\x00", "schema-changed"),
    ],
)
def test_whatever_is_no_answer_has_a_state(status: int, content_type: str, body: bytes, state: str) -> None:
    for ask in (STATISTICS, PROCEDURES, WORKFLOWS):
        answers = read(DRIVER, ONESTOP, WHO, ask, body, status=status, content_type=content_type)
        assert states(answers) == [state]
        assert len(answers) == 1


def test_a_slice_that_does_not_say_whether_it_is_the_last_is_a_changed_schema() -> None:
    assert states(read(DRIVER, ONESTOP, WHO, WORKFLOWS, {"content": []})) == ["schema-changed"]
    endless = {"content": [], "last": False}
    assert states(read(DRIVER, ONESTOP, WHO, WORKFLOWS, endless)) == ["schema-changed"]


def test_test_dossiers_and_the_total_row_are_no_rows_of_a_procedure() -> None:
    base = {"agency": {"code": "H99.01.03"}, "received": 5, "receivedOnline": 1}
    content = [
        base | {"procedure": {"code": "1.000948.000.00.00.H99"}},
        base | {"procedure": {"code": "2.000111.H99"}, "isTest": True},
        base | {"procedure": {"code": None, "name": "Tổng cộng"}},
        base | {"procedure": {"code": "1.000948"}, "agency": {"code": "H99.01.99"}},
    ]

    answers = read(DRIVER, ONESTOP, WHO, PROCEDURES, {"content": content, "last": True})

    assert [t.procedure for t in tallies(answers, "received")] == ["1.000948"]


@pytest.mark.parametrize(
    ("status", "active"),
    [
        ({"id": 1, "name": "Đang áp dụng"}, True),
        ({"id": 7, "name": "Hoạt động"}, True),
        ({"id": 1}, True),
        ({"id": 1, "name": "Ngừng áp dụng"}, False),
        ({"id": 0, "name": "Không hoạt động"}, False),
        ({}, False),
    ],
)
def test_a_workflow_is_active_when_the_system_says_so(status: dict[str, Any], active: bool) -> None:
    content = [{"agency": {"code": "H99.01.03"}, "procedure": {"code": "1.000948"}, "status": status}]

    answers = read(DRIVER, ONESTOP, WHO, WORKFLOWS, {"content": content, "last": True})

    found = [a for a in answers if isinstance(a, Workflow)]
    assert [(w.active, w.steps, w.created_on) for w in found] == [(active, None, None)]


def test_a_day_written_with_z_stays_the_local_day() -> None:
    created = {"createdDate": "2021-03-01T00:00:00.000Z"}
    base = {"agency": {"code": "H99.01.03"}, "procedure": {"code": "1.000948"}, "status": {"id": 1}}

    answers = read(DRIVER, ONESTOP, WHO, WORKFLOWS, {"content": [base | created], "last": True})

    assert next(a for a in answers if isinstance(a, Workflow)).created_on == date(2021, 3, 1)


@pytest.mark.parametrize("day", ["2021-13-01", "hôm qua", 20210301, "31/02/2021"])
def test_what_is_no_day_is_a_changed_schema(day: Any) -> None:
    assert states(read(DRIVER, ONESTOP, WHO, STATISTICS, [row(statisticDate=day)])) == ["schema-changed"]
