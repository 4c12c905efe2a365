"""The public-service driver: the simulated gateway, and answers that only look right."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import pytest

from collectors.interface import Ask
from collectors.services.dvcqg import DRIVER
from minhchung.observations import (
    DossierTally,
    IndexScore,
    Procedure,
    ServiceHealth,
    ServiceOffer,
    SourceAgency,
)
from minhchung.periods import Period
from simulator.gateway import Gateway
from simulator.services import books
from tests.collectors.service_world import PERIOD, SERVICES, agency, harvest, read, states, survey

SEED = 3234
WHO = agency()
PROCEDURES, OFFERS = DRIVER.asks(SERVICES, WHO, PERIOD)
OFFER = {
    "PROCEDURE_CODE": "1.000948.000.00.00.H99",
    "MA_COQUAN": "H99.01.03",
    "TEN_COQUAN": "Sở Tư pháp",
    "MUC_DO": "Mức độ 4",
    "TRANG_THAI": "1",
    "NGAY_MO": "05/01/2020",
    "ROW_STT": "1",
}
LISTED = {
    "PROCEDURE_CODE": "1.000948",
    "PROCEDURE_NAME": "Cấp bản sao",
    "MA_COQUAN": "H99.01.03",
    "HIEU_LUC": "1",
    "PHI_LEPHI": "",
}


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    return Gateway(SEED)


def asked(ask: Ask) -> dict[str, str]:
    fields: dict[str, str] = json.loads(parse_qs(ask.body.decode())["params"][0])
    return fields


def mapped(code: str) -> Any:
    return agency(code, books(SEED)[code].identifier)


# --- questions ----------------------------------------------------------------------------------------


def test_a_question_is_a_form_field_that_holds_json() -> None:
    """docs/reference/service-drivers.md: POST rest.jsp, params=<url-encoded JSON>, pages from 1."""
    assert PROCEDURES.url == "http://127.0.0.1:2/jsp/rest.jsp"
    assert PROCEDURES.method == "POST"
    assert dict(PROCEDURES.headers)["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert asked(PROCEDURES)["service"] == "procedure_advanced_search_service_v2"
    assert (asked(PROCEDURES)["pageIndex"], asked(PROCEDURES)["impl_agency_id"]) == ("1", "H99.01.03")


def test_an_agency_without_an_identifier_is_not_asked_about() -> None:
    assert list(DRIVER.asks(SERVICES, agency(identifier=""), PERIOD)) == []


def test_monthly_reports_are_asked_for_only_when_wanted_and_for_whole_months() -> None:
    wanted = replace(SERVICES, settings={"statistics": True})

    def dossiers(period: Period) -> list[tuple[date | None, date | None]]:
        return [(a.first, a.last) for a in DRIVER.asks(wanted, WHO, period) if a.topic == "dossiers"]

    spans = dossiers(PERIOD)

    assert spans[:2] == [
        (date(2020, 11, 1), date(2020, 11, 30)),
        (date(2020, 12, 1), date(2020, 12, 31)),
    ]
    # the months of the last day's whole year, and the year itself: else the year could not be compared
    assert spans[-2:] == [
        (date(2021, 12, 1), date(2021, 12, 31)),
        (date(2021, 1, 1), date(2021, 12, 31)),
    ]
    assert len(spans) == 15
    cut = dossiers(Period(date(2020, 11, 2), date(2021, 1, 30)))
    assert (date(2020, 11, 1), date(2020, 11, 30)) not in cut


def test_reports_are_of_record_or_only_compared() -> None:
    """Two systems' figures of one thing never add up: one scores, the other is held against it."""
    compared = replace(SERVICES, settings={"statistics": "compare"})

    topics = {a.topic for a in DRIVER.asks(compared, WHO, PERIOD)}

    assert topics == {"procedures", "services", "reports"}
    assert DRIVER.capabilities(compared).topics == topics | {"agencies", "scores"}


def test_bodies_and_scores_are_asked_for_once_for_the_province(gateway: Gateway) -> None:
    """docs/reference/service-drivers.md: pages without a total; of 32 bodies one is not listed."""
    small = replace(SERVICES, settings={"page_size": 7})

    found = survey(DRIVER, small, gateway)

    assert len(found.of(SourceAgency)) == 31
    scores = found.of(IndexScore)
    assert len(scores) == 31
    assert len([a for a in found.asks if a.topic == "scores"]) == 5
    assert dict(scores[0].maxima)["MDSH"] == "22"
    assert (scores[0].first, scores[0].last) == (date(2021, 1, 1), date(2021, 12, 31))
    assert set(states(found.answers)) == {"ok"}


# --- the simulated system -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["so-tu-phap", "so-tai-chinh", "huyen-pha-lua", "so-ngoai-vu"])
def test_procedures_and_services_are_those_of_the_books(gateway: Gateway, code: str) -> None:
    book = books(SEED)[code]

    found = harvest(DRIVER, SERVICES, gateway, mapped(code))

    listed = {p.code: p for p in found.of(Procedure)}
    assert {c for c, p in listed.items() if p.valid} == {p.code for p in book.procedures if p.in_force}
    assert {c for c, p in listed.items() if p.fee_always} == {
        p.code for p in book.procedures if p.fee == "always"
    }
    best: dict[str, int] = {}
    for offer in found.of(ServiceOffer):
        if offer.open:
            best[offer.procedure] = max(best.get(offer.procedure, 0), offer.level or 0)
    assert best == {p.code: p.level() for p in book.procedures if p.level()}
    opened = {o.opened for p in book.procedures for o in p.offers}
    assert {o.opened_on for o in found.of(ServiceOffer)} == opened


def test_a_full_page_leads_to_the_next_and_a_short_one_does_not(gateway: Gateway) -> None:
    small = replace(SERVICES, settings={"page_size": 6})

    whole, paged = harvest(DRIVER, SERVICES, gateway, WHO), harvest(DRIVER, small, gateway, WHO)

    assert len(whole.asks) == 2
    assert len(paged.asks) > 8
    for kind in (Procedure, ServiceOffer):
        assert len(paged.of(kind)) == len(whole.of(kind))
    assert set(states(paged.answers)) == {"ok"}


def test_a_namesakes_rows_are_passed_over(gateway: Gateway) -> None:
    """The gateway's filter is loose: `Trung tâm … Sở Tài chính` comes along with Sở Tài chính."""
    found = harvest(DRIVER, SERVICES, gateway, mapped("so-tai-chinh"))

    assert "2.999005" not in {o.procedure for o in found.of(ServiceOffer)}
    assert len(found.of(Procedure)) == len(books(SEED)["so-tai-chinh"].procedures)


def test_twelve_months_add_up_to_the_books(gateway: Gateway) -> None:
    wanted = replace(SERVICES, settings={"statistics": True})

    found = harvest(DRIVER, wanted, gateway, WHO).of(DossierTally)

    found = [t for t in found if t.last <= PERIOD.last]
    received = [t for t in found if t.basis == "received"]
    book = books(SEED)["so-tu-phap"]
    assert sum(t.figure("received") or 0 for t in received) == book.received()
    assert sum(t.figure("paid_online") or 0 for t in received) == book.paid_online
    resolved = [t for t in found if t.basis == "resolved"]
    assert sum(t.figure("resolved_in_time") or 0 for t in resolved) == book.early + book.on_time
    assert dict(resolved[0].labels) == {"resolved_in_time": "HTDH", "resolved_overdue": "HTQH"}
    assert "," in dict(received[0].printed)["TILE"]


def test_an_agency_of_no_procedures_is_empty_and_not_zero(gateway: Gateway) -> None:
    found = harvest(DRIVER, SERVICES, gateway, agency("thanh-tra-tinh", "H99.01.20"))

    assert [(h.topic, h.state) for h in found.of(ServiceHealth)] == [
        ("procedures", "empty"),
        ("services", "empty"),
    ]


# --- answers that only look right ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("Mức độ 4", 4),
        ("mức 3", 3),
        ("DVC mức độ 4", 4),
        ("Level 3", 3),
        ("4", 4),
        ("Toàn trình", 4),
        ("Một phần", 3),
        ("Mức độ 2", 2),
        ("Cung cấp thông tin", 2),
        ("Mức độ 3, 4", None),
        ("Mức độ 5", None),
        ("", None),
        ("Chưa rõ", None),
    ],
)
def test_a_level_is_read_from_its_words(words: str, level: int | None) -> None:
    answers = read(DRIVER, SERVICES, WHO, OFFERS, [OFFER | {"MUC_DO": words}])

    offer = next(a for a in answers if isinstance(a, ServiceOffer))
    assert (offer.level, offer.level_text) == (level, words)


def test_an_offer_carries_its_code_without_suffix_its_day_and_its_place() -> None:
    answers = read(DRIVER, SERVICES, WHO, OFFERS, [OFFER, OFFER | {"TRANG_THAI": "0", "NGAY_MO": ""}])

    first, second = (a for a in answers if isinstance(a, ServiceOffer))
    assert (first.procedure, first.open, first.opened_on) == ("1.000948", True, date(2020, 1, 5))
    assert (second.open, second.opened_on) == (False, None)
    assert (first.seen.path, second.seen.path) == ("/0", "/1")


@pytest.mark.parametrize(("fee", "always"), [("1", True), ("0", False), ("", None), (None, None)])
def test_a_fee_is_stated_or_unknown(fee: str | None, always: bool | None) -> None:
    answers = read(DRIVER, SERVICES, WHO, PROCEDURES, [{**LISTED, "PHI_LEPHI": fee}])

    assert next(a for a in answers if isinstance(a, Procedure)).fee_always is always


@pytest.mark.parametrize("key", ["PROCEDURE_CODE", "MA_COQUAN", "MUC_DO", "TRANG_THAI"])
def test_a_key_that_is_gone_is_a_changed_schema_and_nothing_of_the_answer_is_kept(key: str) -> None:
    broken = {name: value for name, value in OFFER.items() if name != key}

    answers = read(DRIVER, SERVICES, WHO, OFFERS, [OFFER, broken])

    assert states(answers) == ["schema-changed"]
    assert len(answers) == 1


def test_no_data_is_empty_and_an_empty_page_after_a_full_one_is_the_end() -> None:
    later = replace(OFFERS, page=2)

    assert states(read(DRIVER, SERVICES, WHO, OFFERS, [])) == ["empty"]
    assert states(read(DRIVER, SERVICES, WHO, later, [])) == ["ok"]


def test_a_page_that_repeats_an_earlier_one_ends_the_list_incomplete() -> None:
    """Deep pages that bring the same rows again must not look like more rows."""
    rows = [OFFER | {"ROW_STT": str(n + 1)} for n in range(50)]

    answers = read(DRIVER, SERVICES, WHO, replace(OFFERS, page=3), rows)

    assert not [a for a in answers if isinstance(a, Ask)]
    assert [h.complete for h in answers if isinstance(h, ServiceHealth)] == [False]


@pytest.mark.parametrize(
    ("status", "content_type", "body", "state"),
    [
        (401, "application/json", b"[]", "unauthorised"),
        (403, "text/html", b"<html>", "unauthorised"),
        (429, "text/html", b"<html>", "blocked"),
        (502, "text/html", b"<html>", "unreachable"),
        (200, "text/html; charset=utf-8", "<title>Lỗi hệ thống</title>".encode(), "blocked"),
        (200, "application/json", b"\r\n\r\n<html>", "blocked"),
        (200, "application/json", b"not json", "schema-changed"),
        (200, "application/json", b'{"rows": []}', "schema-changed"),
    ],
)
def test_whatever_is_no_answer_has_a_state(status: int, content_type: str, body: bytes, state: str) -> None:
    answers = read(DRIVER, SERVICES, WHO, OFFERS, body, status=status, content_type=content_type)

    assert states(answers) == [state]
    assert len(answers) == 1
