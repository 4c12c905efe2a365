"""HD.6, as docs/reference/verifiers/procedures_on_portal.md defines it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhchung.measurements import NotApplicableReason, Reason, Result
from minhchung.observations import PageLink, Procedure, SitePage
from minhchung.periods import Period
from tests.verifiers.builders import (
    AGENCY,
    CLOSE,
    at,
    component,
    context,
    measured,
    met_items,
    not_applicable,
    place,
    run_on,
    settings,
    unmeasured,
    visit,
)
from tests.verifiers.scenes import Scene, block, row
from verifiers.procedures_on_portal import INPUT, VERIFIER

LIST, SERVICES = "danh_muc_tthc", "lien_ket_cong_dvc_va_muc_do"
HD6 = component("HD.6", "1", **{LIST: "0.5", SERVICES: "0.5"})
PORTAL = "http://dichvucong.mophong.example.vn/"
CODES = tuple(f"1.00{n}234" for n in range(6))


def cells(*texts: str) -> tuple[Any, ...]:
    """Cells of a table."""
    return tuple(block(text, "td") for text in texts)


def service_page(url: str = PORTAL, *texts: str) -> Any:
    """What a visit sees of a page of the service portal."""

    def observe(day: date) -> Iterator[SitePage]:
        yield SitePage(
            agency=AGENCY.code,
            run=run_on(day),
            seen=place(url, run_on(day)),
            url=url,
            role="foreign",
            title="Cổng dịch vụ công",
            blocks=cells(*texts),
        )

    return observe


def scene(*, codes: int = 6, level: str = "Mức độ 3", link: str = PORTAL, answered: bool = True) -> Scene:
    """A portal that lists procedures and links to the service portal."""
    built = Scene().fill()
    rows = [text for code in CODES[:codes] for text in (code, f"Thủ tục thí dụ {code}")]
    built.page("tthc", "Thủ tục hành chính", cells(*rows) if codes else ("Không có dữ liệu",))
    if level:
        built.page("dvc", "Dịch vụ công trực tuyến", cells("1.009999", "Thủ tục thí dụ", level))
    if link:
        built.home_links = (PageLink(url=link, text="Cổng dịch vụ công", path="main a.dvc"),)
        if answered:
            built.extra.append(service_page(link))
    return built


def judge(built: Scene, **held: Any) -> Result:
    """Measure a scene walked on the two days of the close."""
    return VERIFIER.measure(built.held(**held), context(HD6), settings(VERIFIER))


def test_procedures_and_a_linked_service_with_its_level_meet_both() -> None:
    """Result, pass: 2."""
    assert measured(judge(scene())).inputs[INPUT].value == {LIST, SERVICES}


def test_the_example_of_the_definition_is_a_half() -> None:
    """Procedures listed; only a banner to the service portal, no level: 1 x 0.5 = 0.50."""
    result = measured(judge(scene(level="")))

    assert result.inputs[INPUT].value == {LIST}
    assert "không thấy mức độ" in result.notes[1].text


def test_a_portal_with_neither_meets_nothing() -> None:
    """Result, fail: 0."""
    assert measured(judge(Scene().fill())).inputs[INPUT].value == frozenset()


def test_an_agency_without_procedures_is_not_applicable() -> None:
    """has_procedures = false."""
    result = judge(scene(), agency=replace(AGENCY, has_procedures=False))

    assert not_applicable(result).reason is NotApplicableReason.NO_PROCEDURES


@pytest.mark.parametrize(
    ("heading", "texts", "expected"),
    [
        ("Thủ tục hành chánh", cells(*CODES[:5]), True),
        ("Bộ TTHC", cells(*CODES[:5]), False),
        ("TTHC", cells(*(f"{c}.H52" for c in CODES[:5])), True),
        ("Danh mục TTHC", cells(*CODES[:4]), False),
        ("Danh mục TTHC", cells(*([CODES[0]] * 7)), False),
        ("Danh mục TTHC", cells(*(f"Thủ tục cấp giấy {n}" for n in range(5))), True),
        ("Công khai TTHC", ("Tra cứu hồ sơ", "Nhập mã hồ sơ"), False),
        ("Công khai TTHC", ("Không có dữ liệu",), False),
    ],
)
def test_the_list_needs_enough_procedures(heading: str, texts: tuple[Any, ...], expected: bool) -> None:
    """Met: at least five procedures; must not count: a look-up box, "Không có dữ liệu"."""
    built = Scene().fill().page("muc", heading, texts)

    assert (LIST in met_items(judge(built))) is expected


def test_a_catalogue_of_three_asks_for_three() -> None:
    """... or all, if the catalogue has fewer."""
    built = scene(codes=3)

    def catalogue(day: date) -> Iterator[Procedure]:
        for code in CODES[:3]:
            yield Procedure(
                agency=AGENCY.code,
                run=run_on(day),
                seen=place("catalogue", run_on(day), code),
                source="dich-vu-cong",
                code=code,
                taken_at=at(day),
            )

    assert LIST not in met_items(judge(built))
    built.extra.append(catalogue)
    assert LIST in met_items(judge(built))


def test_a_file_that_lists_them_is_enough() -> None:
    """Met: or own attachment listing them."""
    built = Scene().fill().page("muc", "Danh mục TTHC", ("Xem tệp.",), files=("tthc.pdf",)).file("tthc.pdf")

    assert LIST in met_items(judge(built))


def test_a_link_to_the_agencys_own_list_on_the_service_portal_is_enough() -> None:
    """Met: or a link to the service portal's list filtered to the agency that answers with a procedure."""
    agency = replace(AGENCY, identifiers=(("dich-vu-cong", "H99.01.07"),))
    mine, others = PORTAL + "thu-tuc?coquan=H99.01.07", PORTAL + "thu-tuc"
    for url, texts, expected in (
        (mine, CODES[:1], True),
        (mine, ("Không có dữ liệu",), False),
        (others, CODES[:1], False),
    ):
        built = Scene().fill().page("muc", "Danh mục TTHC", ("Xem tại đây.",), links=((url, "Xem"),))
        built.extra.append(service_page(url, *texts))

        assert (LIST in met_items(judge(built, agency=agency))) is expected


def test_news_about_a_list_is_no_list() -> None:
    """Must not count: news "công bố danh mục TTHC"; a level named in news."""
    built = scene(level="").listed(
        "tin", "Tin tức", [row("t", date(2021, 5, 3), "Công bố danh mục TTHC mức độ 4")]
    )
    built.spots.pop("tthc")

    assert measured(judge(built)).inputs[INPUT].value == frozenset()


@pytest.mark.parametrize("level", ["Mức độ 3", "mức độ 3, 4", "DVC mức độ 4", "Muc do 4", "Mức 4"])
def test_levels_by_the_names_of_the_time(level: str) -> None:
    """Levels: mức độ 3, 4; from 15/8/2022 toàn trình, một phần."""
    later = Period(date(2022, 11, 1), date(2023, 10, 31))
    days = (date(2023, 10, 20), date(2023, 10, 22))

    assert SERVICES in met_items(judge(scene(level=level)))
    assert SERVICES not in met_items(judge(scene(level="Toàn trình")))
    assert SERVICES in met_items(_later(scene(level="Toàn trình"), later, days))
    assert SERVICES not in met_items(_later(scene(level=level), later, days))


def _later(built: Scene, period: Period, days: tuple[date, ...]) -> Result:
    told = context(HD6, period=period, freeze=date(2023, 11, 10))
    return VERIFIER.measure(built.held(days), told, settings(VERIFIER))


def test_a_level_without_any_service_beside_it_is_a_banner() -> None:
    """Must not count: a banner without services."""
    built = scene(level="").page("banner", "Giới thiệu dịch vụ", ("Dịch vụ công mức độ 4 vì người dân",))

    assert SERVICES not in met_items(judge(built))


def test_a_link_too_far_from_home_does_not_count() -> None:
    """Within two links of home."""
    built = scene(link="")
    built.page("xa", "Trang xa", ("Xa.",), link="", parent="khac-1", depth=2, links=((PORTAL, "Cổng"),))
    built.extra.append(service_page())
    assert SERVICES not in met_items(judge(built))

    built.page("gan", "Trang gần", ("Gần.",), links=((PORTAL, "Cổng"),))
    assert SERVICES in met_items(judge(built))


def test_a_silent_service_portal_is_never_the_agencys_fault() -> None:
    """Unmeasured: service host unreachable, second item open."""
    result = unmeasured(judge(scene(answered=False)))

    assert result.reason is Reason.NOT_READ
    assert result.low is not None
    assert result.low[INPUT].value == {LIST}
    assert result.low[INPUT].open_items == {SERVICES}


def test_far_fewer_procedures_than_the_catalogue_are_asked_about() -> None:
    """Questions: number differs by more than 20 % from the catalogue; abolished codes shown."""

    def catalogue(day: date) -> Iterator[Procedure]:
        for n in range(20):
            yield Procedure(
                agency=AGENCY.code,
                run=run_on(day),
                seen=place("catalogue", run_on(day), str(n)),
                source="dich-vu-cong",
                code=f"2.{n:06d}",
                taken_at=at(day),
            )

    built = scene()
    built.extra.append(catalogue)
    result = measured(judge(built))

    assert result.inputs[INPUT].value == {LIST, SERVICES}
    assert [q.key for q in result.questions] == ["question-procedure-count", "question-unknown-codes"]


@pytest.mark.parametrize("state", ["blocked", "unreachable", "needs-browser", "incident"])
def test_a_portal_that_was_not_read_is_unmeasured(state: str) -> None:
    """None of the reasons is a zero."""
    assert unmeasured(judge(scene(), visits=[visit(d, state=state) for d in CLOSE])).reason == Reason(state)


def test_one_pass_proves_no_absence() -> None:
    """Time: snapshot, 2 passes."""
    assert unmeasured(judge(Scene().fill(), days=CLOSE[:1])).reason is Reason.SINGLE_MEASUREMENT


@given(refused=st.sets(st.sampled_from(["tthc", "dvc", "khac-1", "khac-2", "khac-3", "khac-4"])))
def test_refusing_pages_never_adds_a_point(refused: set[str]) -> None:
    """Property: beginning to refuse the collector never adds a point."""
    built = scene(codes=4, level="Mức độ 2")

    assert met_items(judge(built, refuse=sorted(refused))) <= met_items(judge(built))
