"""Home pages that are themselves a list, and home pages that only show the newest of one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collectors.platforms.generic import PLATFORM
from collectors.platforms.interface import Link, ListFacts, PageContext
from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import Article, NewsItem
from minhchung.sites import SiteProfile
from minhchung.sources import CrawlTerms

TERMS = CrawlTerms(
    news=("=tin tức", "hoạt động của sở"),
    legal_document=("=văn bản",),
    directive=("thông báo kết luận",),
    question=("đối thoại",),
    schedule_entry=("lịch làm việc",),
)
HOME = "https://muong-thu.example/"
AGENCY = Agency(code=AgencyCode("a"), name="Sở Thử Nghiệm", bloc="b", portal=HOME)
TITLES = (
    "Hội nghị đối thoại năm 2021",
    "Hoạt động của Sở trong tháng 10",
    "Lịch làm việc được công khai",
    "Thông báo kết luận của Giám đốc",
    "Ra quân làm thủy lợi",
    "Kỷ niệm ngày thành lập",
)
ROWS = "".join(
    f"<li><a href='/tin/{n}.html'>{title}</a> <span>{n:02}/10/2021</span></li>"
    for n, title in enumerate(TITLES, start=1)
)
LIST = f"<ul>{ROWS}</ul>"
MENU = "<div><a href='/tin-tuc'>Tin tức</a> <a href='/gioi-thieu'>Giới thiệu</a></div>"


def seen(body: str) -> list[object]:
    """What is read on a home page."""
    record = EvidenceRecord(
        id=RecordId("urn:uuid:1"), agency=AGENCY.code, source=PORTAL, run=RunId("r"), url=HOME,
        captured_at=datetime(2021, 11, 12, 3, tzinfo=UTC), kind="response", content_type="text/html",
    )  # fmt: skip
    context = PageContext(agency=AGENCY, profile=SiteProfile(key="thu"), terms=TERMS, role="home")
    html = f"<html><head><title>Sở Thử Nghiệm</title></head><body>{body}</body></html>"
    return list(PLATFORM.read(record, html.encode(), context))


def lists(found: list[object]) -> list[tuple[str, int]]:
    """Kind of each list, and how many items it holds."""
    return [(each.item_kind, len(each.identities)) for each in found if isinstance(each, ListFacts)]


def announced(found: list[object]) -> list[str]:
    """Addresses of the lists that the page leads to."""
    return [each.url for each in found if isinstance(each, Link) and each.role == "list"]


def test_a_home_page_whose_main_part_is_a_headed_dated_list_is_that_list() -> None:
    """No paging and no menu: the home page is all there is."""
    found = seen(f"<h2>Tin tức</h2>{LIST}")
    assert lists(found) == [("news", len(TITLES))]
    assert [item.title for item in found if isinstance(item, NewsItem)] == list(TITLES)


@pytest.mark.parametrize("head", ["", "<h1>Sở Thử Nghiệm</h1>", "<h1>Cổng thông tin</h1>"])
def test_many_dated_rows_are_a_list_where_nothing_leads_to_one(head: str) -> None:
    """Without a telling heading the list is one of news, and what each item is, its own page says."""
    found = seen(head + LIST)
    assert lists(found) == [("news", len(TITLES))]
    assert {type(item) for item in found if hasattr(item, "identity")} == {Article, Link}


@pytest.mark.parametrize(
    "body",
    [
        f"<nav>{MENU}</nav><h2>Tin tức</h2>{LIST}",
        f"{MENU}<h2>Tin tức</h2>{LIST}",
        f"<h2><a href='/tin-tuc'>Tin tức</a></h2>{LIST}",
    ],
)
def test_a_box_of_latest_titles_is_no_second_list(body: str) -> None:
    """The list is one click away, and is counted there."""
    found = seen(body)
    assert lists(found) == []
    assert announced(found) == ["https://muong-thu.example/tin-tuc"]


def test_a_home_page_that_goes_on_is_a_list_beside_its_menus() -> None:
    """Blogs show everything on their home page, page by page."""
    assert lists(seen(f"<nav>{MENU}</nav>{LIST}<a href='/?page=2'>Trang sau</a>")) == [("news", len(TITLES))]


@pytest.mark.parametrize(
    "body",
    [
        f"<h2>Tin tức</h2>{LIST}",
        "".join(f"<p><a href='/tin/{n}'>{title}</a> (0{n}/10/2021)</p>" for n, title in enumerate(TITLES, 1)),
    ],
)
def test_the_title_of_a_dated_row_announces_no_list(body: str) -> None:
    """A title may hold any word of the terms."""
    assert announced(seen(body)) == []


def test_a_menu_in_the_main_part_of_a_home_page_still_announces_its_lists() -> None:
    """Old portals mark no region: their menus are lists of links without days."""
    body = "<ul><li><a href='/tin'>Tin tức</a></li><li><a href='/vb'>Văn bản</a></li></ul>"
    assert announced(seen(body)) == ["https://muong-thu.example/tin", "https://muong-thu.example/vb"]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Đang xây dựng</p>",
        "<h2>Giới thiệu</h2><ul><li><a href='/a'>Cơ cấu tổ chức</a> 01/10/2021</li></ul>",
    ],
)
def test_a_home_page_with_little_on_it_is_no_list(body: str) -> None:
    """Fewer than five rows under a heading that tells nothing."""
    assert lists(seen(body)) == []


def test_a_home_page_without_menu_goes_on_under_any_heading() -> None:
    """Blogs show the newest of everything under "Latest" below a slogan, and say in the head what follows."""
    bar = "<nav><a href='/'>Home</a> <a href='/about'>About</a></nav>"
    body = f"<link rel=next href='/page/2/'>{bar}<h1>Nghĩ và viết</h1><h2>Latest</h2>{LIST}"
    found = seen(f"{body}<p><a href='/page/2'>See all</a></p>")
    assert lists(found) == [("news", len(TITLES))]
    assert announced(found) == [f"{HOME}page/2/"]
