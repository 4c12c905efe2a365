"""HD.8, as docs/reference/verifiers/support_functions.md defines it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhchung.evidence import Failure
from minhchung.measurements import Reason, Result
from minhchung.observations import FeedRead, FormControl, PageImage, PageLink, SearchProbe, SitemapRead
from tests.verifiers.builders import (
    AGENCY,
    CLOSE,
    HOME,
    component,
    context,
    measured,
    met_items,
    place,
    record,
    run_on,
    settings,
    unmeasured,
    visit,
)
from tests.verifiers.scenes import Scene, address, row
from verifiers.samples import draw
from verifiers.support_functions import INPUT, VERIFIER

ITEMS = ("tim_kiem", "so_do_trang_rss", "tieng_anh", "tiep_can_nguoi_khuyet_tat")
HD8 = component("HD.8", "1", **dict.fromkeys(ITEMS, "0.25"))
SPRING = date(2021, 3, 1)
ENGLISH = (
    "This is the page of the office. The office advises the people of the province and helps the districts "
    "in the daily work of the state, and it is in charge of the planning and the inspection of the works.",
    "The structure of the office consists of the board of leaders, the divisions and the units, for the "
    "people of the villages, in the valleys and in the towns, to the north and to the south of the river.",
)
NOTHING = "khong co ket qua nao"


def probes(hits: int = 3, *, nonsense: str = NOTHING, leaks: bool = False, state: str = "answered") -> Any:
    """What a visit sees of the search: three items asked for, and a word nobody wrote."""

    def observe(day: date) -> Iterator[SearchProbe]:
        for number in range(4):
            wanted = f"t{number}" if number < 3 else ""
            found = address(f"tin/t{number}") if number < hits and wanted else address("gioi-thieu")
            told: dict[str, Any] = {"state": state}
            yield SearchProbe(
                agency=AGENCY.code,
                run=run_on(day),
                seen=place(f"search {number}", run_on(day)),
                query=wanted or "zq0123456789",
                nonsense=not wanted,
                wanted=wanted,
                found=(address("tin/t0"),) if leaks and not wanted else (found,),
                main_text=f"ket qua tim kiem {number}" if wanted else nonsense,
                **told,
            )

    return observe


def sitemap(addresses: Iterable[str], fault: str = "") -> Any:
    """What a visit sees of a sitemap file."""
    listed = tuple(addresses)

    def observe(day: date) -> Iterator[SitemapRead]:
        url = HOME + "sitemap.xml"
        yield SitemapRead(
            agency=AGENCY.code,
            run=run_on(day),
            seen=place(url, run_on(day)),
            url=url,
            addresses=listed,
            fault=fault,
        )

    return observe


def feed(link: str, day: date | None) -> Any:
    """What a visit sees of a feed of one entry."""

    def observe(seen: date) -> Iterator[FeedRead]:
        url = HOME + "rss"
        yield FeedRead(
            agency=AGENCY.code,
            run=run_on(seen),
            seen=place(url, run_on(seen)),
            url=url,
            entries=((link, day),),
        )

    return observe


def scene(*leave_out: str) -> Scene:
    """A portal on which all four functions work, but for some."""
    built = Scene().fill().listed("tin", "Tin tức", [row(f"t{n}", SPRING) for n in range(4)])
    if "tim_kiem" not in leave_out:
        built.extra.append(probes())
    if "so_do_trang_rss" not in leave_out:
        built.extra.append(sitemap(address(f"khac-{n}") for n in range(12)))
    if "tieng_anh" not in leave_out:
        built.page("en", "About the office", ENGLISH, link="English")
    if "tiep_can_nguoi_khuyet_tat" in leave_out:
        built.lang = "en"
    return built


def judge(built: Scene, **held: Any) -> Result:
    """Measure a scene walked on the two days of the close."""
    return VERIFIER.measure(built.held(**held), context(HD8), settings(VERIFIER))


def test_four_functions_that_work_meet_four() -> None:
    """Result, pass: 4."""
    assert measured(judge(scene())).inputs[INPUT].value == frozenset(ITEMS)


def test_the_example_of_the_definition_is_a_half() -> None:
    """Search 3/3; sitemap.xml; a machine widget only; 2 of 5 pages pass: 2 x 0.25 = 0.50."""
    built = scene("tieng_anh", "tiep_can_nguoi_khuyet_tat")
    widget = PageLink(url="https://dich.example.com/?u=" + HOME, text="English", path="main a.co")
    built.home_links = (widget,)

    assert measured(judge(built)).inputs[INPUT].value == {"tim_kiem", "so_do_trang_rss"}


def test_a_portal_where_nothing_works_meets_none() -> None:
    """Result, fail: 0."""
    built = scene(*ITEMS)
    built.extra.append(probes(0))

    assert measured(judge(built)).inputs[INPUT].value == frozenset()


# --- search ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        (probes(2), True),
        (probes(1), False),
        (probes(3, leaks=True), False),
        (probes(3, nonsense="ket qua tim kiem 1"), False),
    ],
)
def test_search_finds_what_is_there_and_nothing_else(probe: Any, expected: bool) -> None:
    """Met: at least 2 of 3, and the nonsense answer is another page that links to none of them."""
    built = scene("tim_kiem")
    built.extra.append(probe)

    assert ("tim_kiem" in met_items(measured(judge(built)))) is expected


def test_a_search_box_that_answers_the_home_page_is_no_search() -> None:
    """Must not count: the home page for everything."""
    built = scene("tim_kiem")
    built.extra.append(probes(3, nonsense="trang chu cua so thi du"))

    assert "tim_kiem" not in met_items(judge(built))


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("robots", Reason.ROBOTS_REFUSED),
        ("blocked", Reason.BLOCKED),
        ("script-only", Reason.NEEDS_BROWSER),
        ("failed", Reason.UNREACHABLE),
    ],
)
def test_a_search_that_could_not_be_asked_is_open_and_the_others_count(state: str, reason: Reason) -> None:
    """Unmeasured per function; others still count (G11)."""
    built = scene("tim_kiem")
    built.extra.append(probes(0, state=state))

    result = unmeasured(judge(built))

    assert result.reason is reason
    assert met_items(result) == frozenset(ITEMS) - {"tim_kiem"}


def test_without_items_to_ask_for_search_is_open() -> None:
    """Unmeasured: fewer than 3 own items to ask for."""
    assert unmeasured(judge(scene("tim_kiem"))).reason is Reason.COVERAGE_BELOW


# --- site map or feed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("observe", "expected"),
    [
        (feed(address("tin/t1"), CLOSE[0] - timedelta(days=10)), True),
        (feed(address("tin/t1"), CLOSE[0] - timedelta(days=200)), False),
        (feed("http://khac.example.vn/tin/1", CLOSE[0]), False),
        (feed(address("tin/t1"), None), False),
        (sitemap(f"http://khac.example.vn/{n}" for n in range(50)), False),
        (sitemap(address(f"khac-{n}") for n in range(9)), False),
        (sitemap((address(f"khac-{n}") for n in range(12)), "not XML"), False),
    ],
)
def test_any_map_or_feed_of_the_portals_own_is_enough(observe: Any, expected: bool) -> None:
    """C8: any one; must not count: another site's feed, other tenants' sitemap."""
    built = scene("so_do_trang_rss")
    built.extra.append(observe)

    assert ("so_do_trang_rss" in met_items(judge(built))) is expected


def test_a_site_map_page_needs_ten_links_that_answer() -> None:
    """At least 10 own links, at least 9 of 10 seeded answering; a page named rss is none."""
    links = [(f"khac-{n}", f"Trang {n}") for n in range(12)]
    built = scene("so_do_trang_rss").page("so-do-cong", "Sơ đồ cổng", ("Các trang.",), links=links)
    assert "so_do_trang_rss" in met_items(judge(built))

    few = scene("so_do_trang_rss").page("so-do-cong", "Sơ đồ cổng", ("Các trang.",), links=links[:9])
    assert "so_do_trang_rss" not in met_items(judge(few))

    dead = [(f"mat-{n}", f"Trang {n}") for n in range(12)]
    held = scene("so_do_trang_rss").page("so-do-cong", "Sơ đồ cổng", ("Các trang.",), links=dead)
    records = [record(address(path), day, status=404) for path, _ in dead for day in CLOSE]
    judged = judge(held, records={each.id: each for each in records})
    assert "so_do_trang_rss" not in met_items(judged)

    named = scene("so_do_trang_rss").page("rss", "RSS", ("Kênh tin RSS",))
    assert "so_do_trang_rss" not in met_items(judge(named))


def test_a_blocked_sitemap_is_open() -> None:
    """What was asked for and stayed silent is not absent."""
    silent = [record(HOME + "sitemap.xml", day, status=None, failure=Failure.BLOCKED) for day in CLOSE]

    result = unmeasured(judge(scene("so_do_trang_rss"), records={each.id: each for each in silent}))

    assert result.reason is Reason.BLOCKED


# --- English -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["English", "EN", "Tiếng Anh", "ENG"])
def test_an_english_page_is_met_by_any_of_its_names(link: str) -> None:
    """Link English, EN, Tiếng Anh, ENG."""
    built = scene("tieng_anh").page("en", "About the office", ENGLISH, link=link)

    assert "tieng_anh" in met_items(judge(built))


@pytest.mark.parametrize(
    "texts",
    [
        ("Contact address of the office.",),
        (*ENGLISH, "Ngày hội ở bản, mọi người cùng đến, cùng vui, cùng ở lại đến khi trời tối."),
        tuple(text.replace("structure", "order") for text in ENGLISH),
        tuple(text.replace("the ", "").replace("of ", "").replace("and ", "") for text in ENGLISH[:1] * 2),
    ],
)
def test_a_page_that_is_not_an_english_page_is_not_met(texts: tuple[str, ...]) -> None:
    """At least 300 characters, at most 2 % accented, at least 5 % common words, one of the topics."""
    built = scene("tieng_anh").page("en", "About", texts, link="English")

    assert "tieng_anh" not in met_items(judge(built))


def test_a_flag_that_leads_home_is_not_met() -> None:
    """Must not count: a flag that leads home."""
    built = scene("tieng_anh")
    built.home_links = (PageLink(url=HOME, text="English", path="main a.co"),)

    assert "tieng_anh" not in met_items(judge(built))


# --- accessibility -----------------------------------------------------------------------------------


def spoil(built: Scene, paths: Iterable[str], **more: Any) -> Scene:
    """Give some pages markup that nobody can hear."""
    for path in paths:
        built.spots[path] = replace(built.spots[path], more=more)
    return built


@pytest.mark.parametrize(
    "more",
    [
        {"lang": "en-US"},
        {"moving": ("marquee",)},
        {"controls": (FormControl(name="q", type="text", labelled=False),)},
        {"images": (PageImage(url=HOME + "a.png", alt=None), PageImage(url=HOME + "b.png", alt="b"))},
        {"images": (PageImage(url=HOME + "c.png", alt="", alone_in_link=True),)},
    ],
)
def test_pages_that_cannot_be_heard_fail(more: dict[str, Any]) -> None:
    """A page passes: lang vi, images with alt, labelled controls, nothing moving."""
    built = scene()
    for number, path in enumerate(list(built.spots)):
        own = dict(more)
        if "images" in own:
            own["images"] = tuple(
                PageImage(url=f"{image.url}?{number}", alt=image.alt, alone_in_link=image.alone_in_link)
                for image in own["images"]
            )
        spoil(built, [path], **own)

    assert "tiep_can_nguoi_khuyet_tat" not in met_items(measured(judge(built)))


def test_one_page_in_five_may_fail() -> None:
    """Met: at least 4 of 5 pass and at least 4 of 5 titles differ."""
    built = scene()
    built.lang = "vi-VN"
    assert "tiep_can_nguoi_khuyet_tat" in met_items(judge(spoil(built, ["tin"], lang="")))

    same = scene()
    for path in list(same.spots):
        spoil(same, [path], title="Cổng thông tin điện tử")
    assert "tiep_can_nguoi_khuyet_tat" not in met_items(judge(same))


def test_a_decorative_image_of_the_frame_is_not_asked_for_a_text() -> None:
    """Images outside boilerplate only."""
    built = scene()
    logo = PageImage(url=HOME + "logo.png", alt=None, region="header")
    for path in list(built.spots):
        spoil(built, [path], images=(logo,))

    assert "tiep_can_nguoi_khuyet_tat" in met_items(judge(built))


def test_the_sample_is_drawn_by_its_seed() -> None:
    """G16: candidates sorted by SHA-256 of seed, slash and identity."""
    candidates = [f"http://a.example.vn/{n}" for n in range(20)]

    assert draw(candidates, "2021/so-thi-du/support_functions", 3) == draw(
        reversed(candidates), "2021/so-thi-du/support_functions", 3
    )
    assert draw(candidates, "2021/so-thi-du/support_functions", 3) != draw(candidates, "2021/khac/x", 3)


# --- the portal as a whole ---------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["blocked", "unreachable", "robots-refused", "needs-browser", "incident"])
def test_a_portal_that_was_not_read_is_unmeasured_and_never_not_applicable(state: str) -> None:
    """None of the reasons is a zero."""
    assert unmeasured(judge(scene(), visits=[visit(d, state=state) for d in CLOSE])).reason == Reason(state)


def test_one_pass_proves_no_absence() -> None:
    """G10."""
    assert unmeasured(judge(scene("tieng_anh"), days=CLOSE[:1])).reason is Reason.SINGLE_MEASUREMENT


@given(refused=st.sets(st.sampled_from([*(f"khac-{n}" for n in range(6)), "en", "tin", "tin/t0", "tin/t1"])))
def test_refusing_pages_never_adds_a_point(refused: set[str]) -> None:
    """Property: beginning to refuse the collector never adds a point."""
    built = scene("so_do_trang_rss")
    spoil(built, ["tin", "tin/t0", "khac-0", "khac-3"], lang="en")

    assert met_items(judge(built, refuse=sorted(refused))) <= met_items(judge(built))
