"""The simulated books and both systems that answer from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.agencies import agencies
from simulator.almanac import DAYS, FIRST, LAST
from simulator.gateway import Gateway
from simulator.http import Request, Response
from simulator.igate import IGate
from simulator.service_roles import SITUATIONS, STRENGTH
from simulator.services import books, mapped_identifiers, within

SEED = 3234
CLOSE = date(2021, 11, 2)
PROCEDURES = {"service": "procedure_advanced_search_service_v2", "impl_agency_id": "H99.01.03"}
MONTH = {"service": "report_by_month_sum_service", "p_coquan_id": "H99.01.03"}
SPAN = {"from-date": "2020-11-01T00:00:00.000Z", "to-date": "2021-10-31T23:59:59.999Z"}


def get(
    site: IGate | Gateway, path: str, asked: Mapping[str, str] | None = None, day: date = CLOSE
) -> Response:
    query = urlencode(asked or {})
    return site.handle(Request(method="GET", path=path, query=query, headers={}, body=b"", day=day))


def rest(site: Gateway, asked: Mapping[str, str], day: date = CLOSE) -> Response:
    body = urlencode({"params": json.dumps(dict(asked))}).encode()
    return site.handle(Request(method="POST", path="/jsp/rest.jsp", query="", headers={}, body=body, day=day))


def statistics(site: IGate, code: str, day: date = CLOSE) -> Response:
    asked = {"agency-id": code, **SPAN}
    return get(site, "/pa/dossier-statistic/--statistic-agency-kgg", asked, day)


@pytest.fixture(scope="module")
def igate() -> IGate:
    return IGate(SEED)


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    return Gateway(SEED)


# --- the books ----------------------------------------------------------------------------------------


def test_the_same_seed_writes_the_same_books() -> None:
    first = dict(books(SEED))
    books.cache_clear()

    assert dict(books(SEED)) == first
    assert dict(books(SEED + 1)) != first


def test_every_agency_has_a_strength_and_roles_name_known_agencies() -> None:
    codes = {agency.code for agency in agencies(SEED)}

    assert STRENGTH.keys() == codes
    assert SITUATIONS.keys() <= codes


def test_an_agency_without_procedures_has_none_and_no_dossier() -> None:
    inspectorate = books(SEED)["thanh-tra-tinh"]

    assert inspectorate.procedures == ()
    assert inspectorate.received() == 0


def test_identifiers_are_unique_and_one_agency_is_unmapped() -> None:
    identifiers = [book.identifier for book in books(SEED).values()]
    mapped = mapped_identifiers(SEED)

    assert len(set(identifiers)) == 32
    assert [code for code, pairs in mapped.items() if not pairs] == ["huyen-cao-sim"]
    assert mapped["so-tu-phap"] == (("mot-cua", "H99.01.03"), ("dich-vu-cong", "H99.01.03"))


@pytest.mark.parametrize("seed", [1, 7, SEED])
def test_dossiers_carried_over_and_received_are_resolved_or_open(seed: int) -> None:
    for book in books(seed).values():
        resolved = book.early + book.on_time + book.late
        assert book.carried_over + book.received() == resolved + book.open
        assert book.open_overdue <= book.open
        assert book.paid_online <= book.fee_bearing <= book.received()
        assert book.postal_either <= book.received()


@pytest.mark.parametrize("seed", [1, 7, SEED])
def test_codes_are_national_and_stand_once_in_a_book(seed: int) -> None:
    for book in books(seed).values():
        codes = [procedure.code for procedure in book.procedures]
        assert len(set(codes)) == len(codes)
        assert all(len(code) == 8 and code[1] == "." and code[2:].isdecimal() for code in codes)


@given(st.integers(0, 5000), st.integers(-40, DAYS + 40))
def test_a_year_cut_in_two_adds_up(total: int, offset: int) -> None:
    cut = FIRST + timedelta(days=offset)
    early, late = date(2020, 1, 1), date(2022, 12, 31)

    parts = within(total, early, cut) + within(total, cut + timedelta(days=1), late)

    assert parts == within(total, FIRST, LAST) == total


# --- the one-stop-shop --------------------------------------------------------------------------------


def test_a_parents_row_stands_beside_the_agencys_and_its_units(igate: IGate) -> None:
    rows = json.loads(statistics(igate, "H99.01.03").body)

    codes = [row["agency"]["code"] for row in rows]
    own = rows[codes.index("H99.01.03")]
    units = [row for row in rows if row["agency"].get("parent", {}).get("code") == "H99.01.03"]
    assert codes[0] == "H99"
    assert sum(unit["received"] for unit in units) == own["received"] == books(SEED)["so-tu-phap"].received()
    assert own["onTimeRate"].count(",") == 1


def test_a_body_whose_name_holds_the_name_stands_in_the_answer_too(igate: IGate) -> None:
    rows = json.loads(statistics(igate, "H99.01.05").body)

    names = [row["agency"]["name"] for row in rows if "Sở Tài chính" in row["agency"]["name"]]
    assert names == ["Trung tâm dịch vụ công Sở Tài chính tỉnh Hoa Ban", "Sở Tài chính tỉnh Hoa Ban"]


def test_some_agencies_counts_come_as_strings_with_a_thousands_dot(igate: IGate) -> None:
    own = json.loads(statistics(igate, "H99.01.02").body)[1]

    received = books(SEED)["so-noi-vu"].received()
    assert own["received"] == f"{received:,}".replace(",", ".")


def test_what_a_system_does_not_hold_is_null_and_not_zero(igate: IGate) -> None:
    hidden = json.loads(statistics(igate, "H99.01.19").body)
    healthy = json.loads(statistics(igate, "H99.01.16").body)

    assert [row["unresolvedOverdue"] for row in hidden] == [None] * len(hidden)
    assert {row["feeBearing"] for row in healthy} == {None}


def test_one_agencys_dossiers_are_forbidden_and_its_workflows_are_not(igate: IGate) -> None:
    code = books(SEED)["huyen-deo-gio"].identifier

    assert statistics(igate, code).status == 403
    assert get(igate, "/bpm/process-definition", {"agency-code": code}).status == 200


def test_nobody_and_a_day_that_is_none_give_no_rows(igate: IGate) -> None:
    assert statistics(igate, "H99.77.77").body == b"[]"
    broken = get(
        igate, "/pa/dossier-statistic/--statistic-agency-kgg", {"agency-id": "H99.01.03", "from-date": "x"}
    )
    assert broken.body == b"[]"


def test_a_slice_says_whether_it_is_the_last(igate: IGate) -> None:
    asked = {"agency-code": "H99.01.03", "size": "10"}
    first = json.loads(get(igate, "/bpm/process-definition", asked).body)
    beyond = json.loads(get(igate, "/bpm/process-definition", {**asked, "page": "99"}).body)

    assert (len(first["content"]), first["last"], first["number"]) == (10, False, 0)
    assert (beyond["content"], beyond["last"], beyond["empty"]) == ([], True, True)


def test_earlier_in_the_year_fewer_dossiers_have_come(igate: IGate) -> None:
    february = json.loads(statistics(igate, "H99.01.03", date(2021, 2, 1)).body)
    close = json.loads(statistics(igate, "H99.01.03").body)

    assert 0 < february[1]["received"] < close[1]["received"]
    assert february[1]["statisticDate"] == "2021-02-01T00:00:00.000Z"
    assert close[1]["statisticDate"] == "2021-10-31T00:00:00.000Z"


def test_the_same_question_on_the_same_day_has_the_same_answer(igate: IGate) -> None:
    assert statistics(igate, "H99.01.03") == statistics(IGate(SEED), "H99.01.03")


def test_the_online_report_has_names_and_no_codes(igate: IGate) -> None:
    rows = json.loads(get(igate, "/pa/kgg-dossier-statistic/--kgg-dossier-report-online", SPAN).body)

    assert len(rows) == 32
    assert all("agency_name" in row and "code" not in row for row in rows)


def test_an_unknown_address_is_not_found_and_nothing_is_posted(igate: IGate) -> None:
    post = Request(method="POST", path="/bpm/process-definition", query="", headers={}, body=b"", day=CLOSE)

    assert get(igate, "/pa/other").status == 404
    assert igate.handle(post).status == 405


# --- the public-service portal ------------------------------------------------------------------------


def test_the_gateway_answers_a_bare_array_of_strings(gateway: Gateway) -> None:
    rows = json.loads(rest(gateway, PROCEDURES).body)

    assert isinstance(rows, list)
    assert all(isinstance(value, str) for row in rows for value in row.values())
    assert {row["HIEU_LUC"] for row in rows} == {"0", "1"}


def test_paging_ends_with_a_short_page_and_then_nothing(gateway: Gateway) -> None:
    total = len(json.loads(rest(gateway, {**PROCEDURES, "recordPerPage": "500"}).body))
    pages = [
        json.loads(rest(gateway, {**PROCEDURES, "recordPerPage": "10", "pageIndex": str(n)}).body)
        for n in range(1, 9)
    ]

    numbers = [row["ROW_STT"] for page in pages for row in page]
    assert numbers == [str(n + 1) for n in range(total)]
    assert pages[-1] == []


@pytest.mark.parametrize(
    "asked",
    [
        {"service": "no_such_service"},
        {"service": "procedure_advanced_search_service_v2", "impl_agency_id": "H99.01.20"},
        {
            "service": "report_by_month_sum_service",
            "p_coquan_id": "H99.01.03",
            "p_nam": "2021",
            "p_thang": "13",
        },
    ],
)
def test_no_data_and_no_such_thing_are_the_same_empty_array(gateway: Gateway, asked: dict[str, str]) -> None:
    assert rest(gateway, asked).body == b"[]"


@pytest.mark.parametrize("body", [b"", b"params=%7B", b"params=[1]", b"\xff\xfe"])
def test_a_question_that_is_none_is_answered_with_an_empty_array(gateway: Gateway, body: bytes) -> None:
    request = Request(method="POST", path="/jsp/rest.jsp", query="", headers={}, body=body, day=CLOSE)

    assert gateway.handle(request).body == b"[]"


def test_twelve_months_of_the_gateway_are_the_year_of_the_one_stop_shop(gateway: Gateway) -> None:
    months = [(2020, 11), (2020, 12), *((2021, month) for month in range(1, 11))]
    rows = [
        json.loads(rest(gateway, {**MONTH, "p_nam": str(year), "p_thang": str(month)}).body)[0]
        for year, month in months
    ]

    assert sum(int(row["HS_TOTAL"]) for row in rows) == books(SEED)["so-tu-phap"].received()
    assert all("," in row["TILE"] and row["TILE"].endswith("%") for row in rows)


def test_the_page_of_an_agencys_services_prints_their_level(gateway: Gateway) -> None:
    page = get(gateway, "/danh-muc-dich-vu-cong", {"co-quan": "H99.01.03"}).body.decode()

    assert "Sở Tư pháp tỉnh Hoa Ban" in page
    assert "Mức độ 4" in page


@pytest.mark.parametrize("path", ["/danh-muc-dich-vu-cong", "/danh-muc-thu-tuc"])
@pytest.mark.parametrize("code", ["H99.01.20", "H99.77.77", ""])
def test_a_list_of_nothing_says_so(gateway: Gateway, path: str, code: str) -> None:
    page = get(gateway, path, {"co-quan": code}).body.decode()

    assert "Không có dữ liệu" in page
    assert "Mức độ" not in page


def test_the_portals_home_leads_to_every_agencys_services(gateway: Gateway) -> None:
    home = get(gateway, "/").body.decode()

    assert home.count('href="/danh-muc-dich-vu-cong?co-quan=') == 32
    assert get(gateway, "/khong-co").status == 404
