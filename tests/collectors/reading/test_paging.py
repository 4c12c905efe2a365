"""Where a list goes on: links by words, signs and numbers, computed addresses, postbacks."""

from urllib.parse import parse_qsl

import pytest

from collectors.reading.page import Page
from collectors.reading.paging import next_turn
from minhchung.sites import Pagination

LIST = "https://muong-thu.example/tin-tuc"


def turn(
    body: str, number: int = 1, rules: Pagination | None = None, rows: int = 10, url: str = LIST
) -> str | None:
    """Address of the next page, or None."""
    found = next_turn(Page(f"<body>{body}</body>", url), rules or Pagination(), number, LIST, rows)
    return None if found is None else found.url


@pytest.mark.parametrize(
    "body",
    [
        "<a rel=next href='?trang=2'>»</a>",
        "<div class=pager><a href='?trang=1'>1</a><a href='?trang=2'>2</a></div>",
        "<p><a href='?trang=0'>Trang trước</a> <a href='?trang=2'>Trang sau</a></p>",
        "<ul class=pagination><li><a href='?trang=2' aria-label='Trang tiếp'>→</a></li></ul>",
        "<div><a href='?trang=2'>›</a><a href='?trang=9'>»</a></div>",
        "<div><a href='?trang=2'>&gt;</a> <a href='?trang=9'>&gt;&gt;</a></div>",
        "<a href='http://khac.example/'>Tiếp</a><div class=paging><a href='?trang=2'>Tiếp</a></div>",
        "<p><a href='/bai-1'>Một bài có tên khá dài</a></p><a href='?trang=2'>Trang sau</a>",
        "<a href='/bai-1'>Một bài có tên khá dài</a><a href='/bai-2'>Hai bài có tên khá dài</a>"
        "<a href='/bai-3'>Ba bài</a><a href='?trang=1'>1</a> <a href='?trang=2'>2</a>",
        "<ul><li><a href='/bai-1'>Một bài có tên khá dài</a></li></ul><a href='?trang=2'>»</a>",
        "<ul><li><a href='?trang=2'>⟩</a></li><li><a href='?trang=9'>⟫</a></li></ul>",
        "<div><a href='?trang=2'><i class='fa fa-angle-right'></i></a></div>",
        "<p><a href='?trang=2'>Các bài viết cũ hơn</a></p>",
        "<p><a href='?trang=1'>Trang 1</a> <a href='?trang=2'>Trang 2</a></p>",
        "<p>Trang 1/9 <a href='?trang=2'>02</a></p>",
        "<p><a href='?trang=2'>Xem thêm tin</a></p>",
        "<button data-url='?trang=2'>Tải thêm</button>",
        "<button onclick=\"location.href='?trang=2'\">Trang sau</button>",
        "<select><option value='?trang=1'>1</option><option value='?trang=2'>2</option></select>",
        "<form><input type=hidden name=trang value=2><button>Trang sau</button></form>",
        "<form><button name=trang value=1>1</button><button name=trang value=2>2</button></form>",
    ],
)
def test_the_next_page_is_found_by_words_signs_or_numbers(body: str) -> None:
    """Single signs lead one page on, double ones to the last page."""
    assert turn(body) == f"{LIST}?trang=2"


@pytest.mark.parametrize(
    "body",
    [
        "<div class=pager><a href='?trang=1'>1</a><span>2</span></div>",
        "<a href='/tin-tuc'>Tiếp</a>",
        "<a href='javascript:next()'>Sau</a>",
        "<a href='http://khac.example/?trang=3'>Sau</a>",
        "<article><a href='/bai-1'>Một bài có tên khá dài</a></article><a href='?thang=12'>Sau</a>",
        "<p><a href='/bai-1'>Một bài có tên khá dài</a></p><a href='/bai-9'>Sau</a>",
        "<p><a href='/bai-1'>Một bài có tên khá dài</a></p><a href='/bai-1'>Xem thêm</a>",
        "<form><button name=trang value=3 disabled>Trang sau</button></form>",
        "<select><option value='3'>3</option></select>",
        "<p>Đọc <a href='/bai'>3</a> bài viết hay nhất <a href='/x'>trong tháng này của chúng tôi</a></p>",
    ],
)
def test_a_list_ends_where_nothing_leads_on(body: str) -> None:
    """Links back, to scripts and to other sites are no next page."""
    assert turn(body, number=2) is None


@pytest.mark.parametrize(
    ("url", "number", "href", "leads"),
    [
        (f"{LIST}?trang=2&muc=7", 2, "?muc=7&trang=3", True),
        (f"{LIST}/trang-2.html", 2, f"{LIST}/trang-3.html", True),
        (LIST, 1, f"{LIST}/page/2/", True),
        (f"{LIST}.html", 1, f"{LIST}2.html", True),
        (f"{LIST}.html", 1, f"{LIST}-trang-2.html", True),
        (f"{LIST}9.html", 9, f"{LIST}10.html", True),
        (f"{LIST}/", 1, f"{LIST}?start=10", True),
        (LIST, 1, f"{LIST}/bai-viet/2", False),
        (f"{LIST}?muc=7", 1, "?muc=2", False),
        (f"{LIST}?muc=7", 1, "?trang=2", False),
        (f"{LIST}/2020/trang-2", 2, f"{LIST}/2021/trang-3", False),
    ],
)
def test_a_number_among_titles_turns_the_page_where_one_number_of_the_address_differs(
    url: str, number: int, href: str, leads: bool
) -> None:
    """Links that stand in the body itself are known by where they lead, not by their neighbours."""
    titles = "".join(f"<a href='/bai-{n}.html'>Một bài có tên khá dài</a>" for n in range(9))
    assert (turn(f"{titles}<a href='{href}'>{number + 1}</a>", number, url=url) is not None) is leads


@pytest.mark.parametrize(
    ("rules", "number", "url"),
    [
        (Pagination(kind="query", param="page"), 1, f"{LIST}?page=2"),
        (Pagination(kind="query", param="page", first=0), 1, f"{LIST}?page=1"),
        (Pagination(kind="offset", param="start", first=0, page_size=20), 2, f"{LIST}?start=40"),
        (Pagination(kind="path", path_template="page-{page}/"), 2, f"{LIST}/page-3/"),
    ],
)
def test_declared_paging_is_computed(rules: Pagination, number: int, url: str) -> None:
    """Zero-based, by offset, in the path: as the profile says."""
    assert turn("", number, rules, rows=20) == url
    assert turn("", number, rules, rows=0) is None


def test_a_pager_of_buttons_posts_what_its_form_holds() -> None:
    """The button that leads on is pressed, the others are not; a picture tells where it was pressed."""
    page = Page(
        "<body><form method=post action=/ds><input type=hidden name=muc value=7>"
        "<input type=submit name=lui value='Trang trước'>"
        "<input type=image name=toi alt='Trang sau'></form></body>",
        LIST,
    )
    found = next_turn(page, Pagination(), 2, LIST, 10)
    assert found is not None
    assert (found.url, found.body) == ("https://muong-thu.example/ds", b"muc=7&toi.x=1&toi.y=1")


def test_the_way_to_an_item_is_no_next_page() -> None:
    """ "Xem tiếp" under a title leads to that title's page."""
    body = "<div><a href='/b-1'>Một bài</a> <a href='/b-1'>Xem tiếp</a></div>"
    page = Page(f"<body>{body}</body>", LIST)
    assert next_turn(page, Pagination(), 1, LIST, 10, {"https://muong-thu.example/b-1"}) is None


def test_a_short_page_ends_a_computed_list() -> None:
    """Fewer rows than a page holds: nothing follows."""
    rules = Pagination(kind="offset", param="start", first=0, page_size=20)
    assert turn("", 2, rules, rows=19) is None


def test_a_postback_carries_every_hidden_field_of_this_answer() -> None:
    """Without them the server answers page 1 again; buttons are not pressed."""
    page = Page(
        "<body><form method=post action='/ds.aspx'><input type=hidden name=__VIEWSTATE value='a+b='>"
        "<input name=tu value=x><input type=submit name=nut value=Tìm>"
        "<a href=\"javascript:__doPostBack('g$p','Page$1')\">1</a>"
        "<a href=\"javascript:__doPostBack('g$p','Page$3')\">3</a></form></body>",
        LIST,
    )
    found = next_turn(page, Pagination(), 2, LIST, 10)
    assert found is not None
    assert found.url == "https://muong-thu.example/ds.aspx"
    assert dict(parse_qsl(found.body.decode(), keep_blank_values=True)) == {
        "__VIEWSTATE": "a+b=", "tu": "x", "__EVENTTARGET": "g$p", "__EVENTARGUMENT": "Page$3",
    }  # fmt: skip
    assert next_turn(page, Pagination(), 3, LIST, 10) is None


@pytest.mark.parametrize(
    ("here", "number", "follows"),
    [
        ("?muc=3", 1, "?muc=3&tu=10"),
        ("?muc=3&tu=10", 2, "?muc=3&tu=20"),
        ("?muc=3&tu=30", 4, None),
    ],
)
def test_a_pager_may_say_how_many_items_lie_before_each_page(
    here: str, number: int, follows: str | None
) -> None:
    """SPIP's pagination shows 0 | 10 | 20 | 30, and links to `debut_articles=10`."""
    pager = "".join(f"<a href='?muc=3&tu={n}#danh-sach'>{n}</a> | " for n in (0, 10, 20, 30))

    found = turn(f"<p class=pagination>{pager}</p>", number, url=f"{LIST}{here}")

    assert found == (None if follows is None else f"{LIST}{follows}")


def test_a_pager_cut_short_is_no_pager_of_offsets() -> None:
    """1, 2 and 9 are pages; the ninth does not follow the third."""
    pager = "".join(f"<a href='?trang={n}'>{n}</a>" for n in (1, 2, 9))

    assert turn(f"<div class=pager>{pager}</div>", 3, url=f"{LIST}?trang=3") is None
