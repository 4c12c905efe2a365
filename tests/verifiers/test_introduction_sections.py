"""HD.1, as docs/reference/verifiers/introduction_sections.md defines it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhchung.measurements import Reason, Result
from tests.verifiers.builders import (
    AGENCY,
    CLOSE,
    HOME,
    component,
    context,
    measured,
    met_items,
    news,
    settings,
    unmeasured,
    visit,
)
from tests.verifiers.scenes import LONG, Scene, block
from verifiers.introduction_sections import INPUT, VERIFIER

ITEMS = ("so_do_co_cau", "chuc_nang_nhiem_vu", "lanh_dao_nhiem_vu", "don_vi_truc_thuoc", "lien_he_dau_moi")
HD1 = component("HD.1", "2", **dict.fromkeys(ITEMS, "0.4"))
LEADER = "Giám đốc: Quàng Văn Mô Phỏng. Phụ trách lĩnh vực đất đai."
CONTACT = ("Trụ sở: số 5 đường Thí Dụ, thành phố Mô Phỏng", "Điện thoại (0212) 3 555 666")


def scene(leave_out: Sequence[str] = ()) -> Scene:
    """A portal on which everything is met, but for the items left out."""
    built = Scene().fill()
    if "so_do_co_cau" not in leave_out:
        built.page("so-do", "Sơ đồ tổ chức", ("Hình dưới đây.",), pictures=("so-do.png",))
        built.picture("so-do.png")
    if "chuc_nang_nhiem_vu" not in leave_out:
        built.page("chuc-nang", "Chức năng, nhiệm vụ", LONG)
    if "lanh_dao_nhiem_vu" not in leave_out:
        built.page("lanh-dao", "Lãnh đạo Sở", (LEADER,))
    if "don_vi_truc_thuoc" not in leave_out:
        built.page("don-vi", "Đơn vị trực thuộc", ("Phòng Thí dụ một", "Trung tâm Thí dụ hai"))
    if "lien_he_dau_moi" not in leave_out:
        built.page("lien-he", "Liên hệ", CONTACT)
    return built


def judge(built: Scene, **held: Any) -> Result:
    """Measure a scene walked on the two days of the close."""
    return VERIFIER.measure(built.held(**held), context(HD1), settings(VERIFIER))


def test_a_portal_with_all_five_pages_meets_all_five() -> None:
    """Result, pass: 5 items."""
    result = measured(judge(scene()))

    assert result.inputs[INPUT].value == frozenset(ITEMS)
    assert result.verifier == VERIFIER.label
    assert not result.bounded


def test_the_example_of_the_definition_meets_four() -> None:
    """Chart, functions, leaders, contact met; units page empty on both days: 4 x 0.4 = 1.60."""
    built = scene(["don_vi_truc_thuoc"]).page("don-vi", "Phòng ban", ("Nội dung đang được cập nhật",))

    result = measured(judge(built))

    assert result.inputs[INPUT].value == frozenset(ITEMS) - {"don_vi_truc_thuoc"}
    note = next(n for n in result.notes if n.key == "item-found-empty")
    assert "Phòng ban" in note.text
    assert "02/11/2021" in note.text


def test_a_portal_without_any_of_them_meets_none_and_says_not_found() -> None:
    """Result, fail: 0; absence is another detail than emptiness (G5)."""
    result = measured(judge(Scene().fill()))

    assert result.inputs[INPUT].value == frozenset()
    assert [n.key for n in result.notes] == ["item-not-found"] * 5


def test_every_met_item_names_its_path_its_page_and_its_content() -> None:
    """Evidence: the link record on each step, the page record, the matched heading, the content."""
    held = scene().held()
    result = measured(VERIFIER.measure(held, context(HD1), settings(VERIFIER)))
    chart = next(n for n in result.notes if "so_do_co_cau" in n.text)
    pages = {o.seen.record: o.url for o in held.observations if hasattr(o, "url")}

    assert [pages[place.record] for place in chart.basis] == [
        HOME,
        HOME + "so-do",
        HOME + "so-do",
        HOME + "so-do.png",
    ]
    assert chart.basis[0].path.startswith("nav a")


@pytest.mark.parametrize(
    ("item", "path", "heading", "texts"),
    [
        ("so_do_co_cau", "so-do", "Sơ đồ tổ chưc", ("Phòng Một", "Chi cục Hai", "Đội Ba")),
        ("so_do_co_cau", "so-do", "Cơ cấu tố chức", ("Phòng Một", "UBND xã Hai", "Thanh tra Sở")),
        ("don_vi_truc_thuoc", "don-vi", "Đơn vi trực thuôc", ("Phong Mot", "Chi cuc Hai")),
        ("lanh_dao_nhiem_vu", "ld", "Lãnh đạo Sở Thí dụ",
         ("Ông Lường Văn Giả Định", "Phó Giám đốc", "Phân công: đất đai")),
        ("lien_he_dau_moi", "lh", "Thông tin liên hệ", ("ĐT: +84 212 3555 666, thu@sothidu.example.vn",)),
        ("chuc_nang_nhiem_vu", "cn", "Chức năng", LONG),
    ],
)  # fmt: skip
def test_other_spellings_and_other_content_are_met(
    item: str, path: str, heading: str, texts: tuple[str, ...]
) -> None:
    """Terms and contents of the item's definition."""
    built = scene([item]).page(path, heading, texts)

    assert item in met_items(judge(built))


def test_a_file_shows_what_its_page_does_not_write() -> None:
    """Functions: 300 own characters or an own attachment."""
    built = scene(["chuc_nang_nhiem_vu"]).page("cn", "Chức năng nhiệm vụ", ("Xem tệp.",), files=("cn.pdf",))

    assert "chuc_nang_nhiem_vu" in met_items(judge(built.file("cn.pdf")))
    assert "chuc_nang_nhiem_vu" not in met_items(judge(built.file("cn.pdf", "html")))
    assert "chuc_nang_nhiem_vu" not in met_items(judge(built.file("cn.pdf", size=200)))


def test_leaders_may_stand_one_link_below() -> None:
    """Content, on the page or one link below."""
    built = scene(["lanh_dao_nhiem_vu"])
    built.page("ban-ld", "Ban lãnh đạo", (), links=(("ld-1", "Ông Quàng Văn Mô Phỏng"),))
    built.page("ld-1", "Ông Quàng Văn Mô Phỏng", (LEADER,), link="", parent="ban-ld", depth=2)

    assert "lanh_dao_nhiem_vu" in met_items(judge(built))


@pytest.mark.parametrize(
    ("item", "texts"),
    [
        ("lanh_dao_nhiem_vu", ("Giám đốc Sở Thí dụ phụ trách chung.",)),
        ("lanh_dao_nhiem_vu", ("Giám đốc: Quàng Văn Mô Phỏng, sinh ở tỉnh Mô Phỏng",)),
        ("lanh_dao_nhiem_vu", ("Chủ tịch tỉnh Mô Phỏng chỉ đạo",)),
        ("lien_he_dau_moi", ("Gửi thư cho cơ quan", "Họ và tên", "Nội dung")),
        ("lien_he_dau_moi", ("Điện thoại 0212 3 555 666",)),
        ("chuc_nang_nhiem_vu", ("Nội dung đang được cập nhật",)),
        ("don_vi_truc_thuoc", ("Phòng Thí dụ một",)),
        ("so_do_co_cau", ("Phòng Một", "Phòng Hai")),
    ],
)
def test_a_page_with_too_little_on_it_is_found_and_empty(item: str, texts: tuple[str, ...]) -> None:
    """Must not count: an empty page, a contact form alone, a position without a name."""
    named = ("Sơ đồ tổ chức", "Chức năng", "Lãnh đạo", "Phòng ban", "Liên hệ")
    headings = dict(zip(ITEMS, named, strict=True))
    built = scene([item]).page("thu", headings[item], texts)

    result = measured(judge(built))

    assert result.inputs[INPUT].value == frozenset(ITEMS) - {item}
    assert any(n.key == "item-found-empty" and item in n.text for n in result.notes)


def test_an_address_in_the_footer_alone_is_no_contact_page() -> None:
    """Must not count: a footer address alone."""
    built = scene(["lien_he_dau_moi"]).page("lien-he", "Liên hệ", ())

    assert "lien_he_dau_moi" not in met_items(judge(built))


def test_a_news_title_is_no_heading() -> None:
    """Must not count: a news title "Hội nghị tổ chức bộ máy"."""
    built = scene(["so_do_co_cau"])
    url = "tin-tuc/hoi-nghi"
    built.page("tin", "Tin tức", (), links=((url, "Hội nghị tổ chức bộ máy"),), role="list")
    below: dict[str, Any] = {"link": "", "parent": "tin", "depth": 2, "role": "item", "files": ("a.pdf",)}
    built.page(url, "Hội nghị tổ chức bộ máy", LONG, **below).file("a.pdf")
    built.extra.append(lambda day: [news("hoi-nghi", date(2021, 10, 1), day)])

    assert "so_do_co_cau" not in met_items(judge(built))


def test_the_home_page_again_is_no_section() -> None:
    """Must not count: the home page again."""
    built = scene(["lien_he_dau_moi"])
    built.home_blocks = tuple(block(text) for text in CONTACT)
    built.page("lien-he", "", ("Trang chủ của Sở Thí dụ.", *CONTACT), link="Liên hệ")

    assert "lien_he_dau_moi" not in met_items(judge(built))


def test_a_page_that_says_there_is_none_is_no_section() -> None:
    """G12: a soft 404 is no content."""
    built = scene(["lien_he_dau_moi"]).page("lien-he", "Không tìm thấy trang", CONTACT, link="Liên hệ")

    assert "lien_he_dau_moi" not in met_items(judge(built))


def test_a_page_no_link_leads_to_is_not_found() -> None:
    """Must not count: a page only in the sitemap; a page more than three links away."""
    built = scene(["chuc_nang_nhiem_vu"]).page("cn", "Chức năng", LONG, link="", depth=4)

    assert "chuc_nang_nhiem_vu" not in met_items(judge(built))


def test_a_page_that_only_the_site_map_links_to_is_not_found() -> None:
    """Must not count: a page only in the sitemap; a page with another way to it counts."""
    built = scene(["chuc_nang_nhiem_vu"])
    links = (("cn", "Chức năng"), *((f"khac-{n}", f"Trang {n}") for n in range(9)))
    built.page("so-do-trang", "Sơ đồ trang", (), links=links)
    built.page("cn", "Chức năng", LONG, link="", parent="so-do-trang", depth=2)
    assert "chuc_nang_nhiem_vu" not in met_items(measured(judge(built)))

    built.page("khac-3", "Trang khác", ("Xem thêm.",), links=(("cn", "Chức năng"),))
    assert "chuc_nang_nhiem_vu" in met_items(measured(judge(built)))


def test_a_named_link_that_nobody_asked_for_leaves_its_item_open() -> None:
    """G5, G11: absence is said only of complete walks; what was never asked for is no answer."""
    built = scene(["chuc_nang_nhiem_vu"])
    built.page("khac-3", "Trang khác", ("Xem thêm.",), links=(("cn?muc=7", "Chức năng"),))

    result = unmeasured(judge(built))

    assert result.reason is Reason.COVERAGE_BELOW
    assert "chuc_nang_nhiem_vu" not in met_items(result)


def test_another_agencys_page_of_the_same_platform_is_not_its_own() -> None:
    """Must not count: another agency's page (G3)."""
    elsewhere = "http://sokhac.example.vn/chuc-nang"
    built = scene(["chuc_nang_nhiem_vu"]).page(elsewhere, "Chức năng nhiệm vụ", LONG)

    assert "chuc_nang_nhiem_vu" not in met_items(judge(built))


def test_what_stands_on_a_fifth_of_the_pages_is_nobodys_own() -> None:
    """G4: repeated blocks are boilerplate, however long."""
    built = scene(["chuc_nang_nhiem_vu"])
    for number in range(5):
        built.page(f"khac-{number}", f"Trang khác số {number}", LONG)
    built.page("cn", "Chức năng", LONG)

    assert "chuc_nang_nhiem_vu" not in met_items(judge(built))


def test_one_pass_does_not_prove_that_something_is_missing() -> None:
    """G10: two measurements before zero."""
    result = unmeasured(judge(scene(["lien_he_dau_moi"]), days=CLOSE[:1]))

    assert result.reason is Reason.SINGLE_MEASUREMENT
    assert result.low is not None
    assert result.high is not None
    assert result.low[INPUT].value == frozenset(ITEMS) - {"lien_he_dau_moi"}
    assert result.high[INPUT].value == frozenset(ITEMS)
    assert result.low[INPUT].open_items == frozenset({"lien_he_dau_moi"})


def test_met_once_and_unmet_once_is_met_and_asked_about() -> None:
    """G10: intermittent is a question, never a deduction."""
    first, second = scene(), scene(["lien_he_dau_moi"])
    held = first.held(CLOSE[:1])
    later = second.held(CLOSE[1:])
    seen = held.observations + later.observations
    both = replace(held, visits=held.visits + later.visits, observations=seen)
    result = measured(VERIFIER.measure(both, context(HD1), settings(VERIFIER)))

    assert result.inputs[INPUT].value == frozenset(ITEMS)
    assert [q.key for q in result.questions] == ["intermittent"]


def test_a_page_that_did_not_answer_leaves_its_item_open() -> None:
    """G5: no link whose text matches a term may be unanswered where absence is said."""
    result = unmeasured(judge(scene(), refuse=["lien-he"]))

    assert result.reason is Reason.BLOCKED
    assert result.low is not None
    assert result.low[INPUT].value == frozenset(ITEMS) - {"lien_he_dau_moi"}


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("blocked", Reason.BLOCKED),
        ("unreachable", Reason.UNREACHABLE),
        ("needs-browser", Reason.NEEDS_BROWSER),
        ("identity-unverified", Reason.IDENTITY_UNVERIFIED),
        ("robots-refused", Reason.ROBOTS_REFUSED),
        ("incident", Reason.INCIDENT),
    ],
)
def test_a_portal_that_was_not_read_is_unmeasured_and_says_why(state: str, reason: Reason) -> None:
    """Reasons are a closed list; none is a zero."""
    result = unmeasured(judge(scene(), visits=[visit(day, state=state) for day in CLOSE]))

    assert result.reason is reason
    assert result.low is None
    assert result.basis


def test_sick_canaries_prove_nothing() -> None:
    """G12: a pass in which canaries fail is left out."""
    visits = [visit(CLOSE[0]), visit(CLOSE[1], canaries=False)]

    assert unmeasured(judge(scene(["lien_he_dau_moi"]), visits=visits)).reason is Reason.SINGLE_MEASUREMENT


def test_a_visit_outside_the_window_says_nothing_of_the_periods_end() -> None:
    """Time: snapshot, 30 days before the period's end up to the freeze."""
    assert unmeasured(judge(scene(), days=[date(2021, 8, 3)])).reason is Reason.NOT_COLLECTED


def test_an_empty_shell_needs_a_browser() -> None:
    """Unmeasured: needs-browser."""
    built = scene(["chuc_nang_nhiem_vu"]).page("cn", "Chức năng", (), is_shell=True)

    assert unmeasured(judge(built)).reason is Reason.NEEDS_BROWSER


def test_four_pages_are_too_few_to_say_what_is_repeated() -> None:
    """G4: fewer than five pages, coverage-below."""
    built = Scene().page("cn", "Chức năng", LONG)

    assert unmeasured(judge(built)).reason is Reason.COVERAGE_BELOW


def test_an_agency_without_a_portal_is_unmeasured_and_never_not_applicable() -> None:
    """None of the crawled components but HD.6 and HD.9 is ever not applicable."""
    result = judge(scene(), agency=replace(AGENCY, portal="", has_procedures=False))

    assert unmeasured(result).reason is Reason.NO_PORTAL_CONFIRMED


def sided() -> Scene:
    """A portal whose section pages hold nothing but a box that stands on a third of all pages."""
    built = Scene()
    for number in range(10):
        texts = LONG if number < 4 else (f"Nội dung của trang số {number}.",)
        built.page(f"khac-{number}", f"Trang khác số {number}", texts)
    built.page("chuc-nang", "Chức năng, nhiệm vụ", LONG)
    built.page("don-vi", "Đơn vị trực thuộc", ("Phòng Một", "Phòng Hai"))
    return built


@given(refused=st.sets(st.sampled_from([f"khac-{n}" for n in range(10)] + ["chuc-nang", "don-vi"])))
def test_refusing_pages_never_adds_a_point(refused: set[str]) -> None:
    """Property: beginning to refuse the collector never adds a point (G4, G11)."""
    before = met_items(judge(sided()))
    after = judge(sided(), refuse=sorted(refused))

    assert met_items(after) <= before


@given(kept=st.sets(st.sampled_from(range(2)), max_size=1))
def test_refusing_visits_never_adds_a_point(kept: set[int]) -> None:
    """Property, over whole visits."""
    before = met_items(judge(sided()))
    visits = [visit(day, state="ok" if n in kept else "blocked") for n, day in enumerate(CLOSE)]

    assert met_items(judge(sided(), visits=visits)) <= before
