"""Pages of items that nobody prepared us for: where the title and the day stand, and what is none of them."""

from datetime import UTC, date, datetime

import pytest

from collectors.platforms.generic import PLATFORM
from collectors.platforms.interface import Link, PageContext
from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import LegalDocument, NewsItem
from minhchung.sites import SiteProfile
from minhchung.sources import CrawlTerms

TERMS = CrawlTerms(news=("=tin tức",), legal_document=(), directive=(), question=(), schedule_entry=())
AGENCY = Agency(code=AgencyCode("a"), name="Sở Thử Nghiệm", bloc="b", portal="https://muong-thu.example/")
TITLE = "Khai mạc ngày hội đọc sách vùng cao năm 2021"
BODY = (
    "<p>Sáng ngày 03/10/2021, tại bản Thử, ngày hội đọc sách đã khai mạc với ba trăm học sinh dự.</p>"
    "<p>Ngày hội kéo dài đến ngày 31/12/2021 theo Kế hoạch số 15/KH-SGDĐT ngày 01/09/2021.</p>"
    "<p><a href='/tep/ke-hoach.pdf'>Kế hoạch ngày hội</a></p>"
)
DAY_PLACES = {
    "under the title": f"<h1>{TITLE}</h1><p class=meta>05/10/2021</p>{BODY}",
    "with a counter": f"<h1>{TITLE}</h1><div>Thứ ba, 05/10/2021 | 09:15 <i>Lượt xem: 108</i></div>{BODY}",
    "above the title": f"<p>05/10/2021 08:30</p><h1>{TITLE}</h1>{BODY}",
    "beside an author": f"<h1>{TITLE}</h1><div>Tác giả: Ban Biên tập | Ngày đăng: 05/10/2021</div>{BODY}",
    "labelled at the end": f"<h1>{TITLE}</h1>{BODY}<p>Cập nhật lúc: 08:30 05/10/2021</p>",
    "in words": f"<h1>{TITLE}</h1><small>Ngày 05 tháng 10 năm 2021</small>{BODY}",
    "in English": f"<h1>{TITLE}</h1><p>Oct. 5, 2021</p>{BODY}",
    "in a heading that is no h1": f"<h2>Tin tức</h2><h3>{TITLE}</h3><span>(05/10/2021)</span>{BODY}",
    "in a title that is no heading": f"<div class=tieude>{TITLE}</div><i>05/10/2021</i>{BODY}",
    "a time element": f"<h1>{TITLE}</h1><time datetime='2021-10-05T08:30:00+07:00'>hôm kia</time>{BODY}",
    "in a table of the layout": (
        f"<table><tr><td><h1>{TITLE}</h1></td></tr><tr><td>05/10/2021</td></tr>"
        f"<tr><td>{BODY}</td></tr></table>"
    ),
}
HEADS = {
    "a meta element": "<meta property='article:published_time' content='2021-10-04T23:00:00Z'>",
    "JSON-LD": '<script type="application/ld+json">{"datePublished":"2021-10-05T08:30:00+07:00"}</script>',
}
FRAME = (
    "<html><head><title>{title} - Sở Thử Nghiệm</title>{head}</head><body><div id=header><div class=clock>"
    "Thứ Hai, ngày 15 tháng 11 năm 2021 | 11:19 GMT+7</div></div><header><p>15/11/2021</p></header>"
    "<div id=content>{main}<h4>Tin liên quan</h4><ul><li><a href=/tin/2>Một tin khác</a> (01/10/2021)</li>"
    "<li><a href=/tep/khac.pdf>Tệp của tin khác</a></li></ul></div>"
    "<footer>Cập nhật 14/11/2021</footer></body></html>"
)


def read(main: str, head: str = "", kind: str = "news") -> tuple[NewsItem | LegalDocument, list[str]]:
    """Read a page that a list led to by its item's title."""
    body = FRAME.format(title=TITLE, head=head, main=main).encode()
    url = "https://muong-thu.example/tin/1"
    record = EvidenceRecord(
        id=RecordId("urn:uuid:1"), agency=AGENCY.code, source=PORTAL, run=RunId("r"), url=url,
        captured_at=datetime(2021, 11, 15, tzinfo=UTC), kind="response",
    )  # fmt: skip
    context = PageContext(
        agency=AGENCY,
        profile=SiteProfile(key=""),
        terms=TERMS,
        role="item",
        kind=kind,
        identity=url,
        text=TITLE,
    )
    seen = list(PLATFORM.read(record, body, context))
    item = next(each for each in seen if isinstance(each, NewsItem | LegalDocument))
    return item, [each.url for each in seen if isinstance(each, Link) and each.role == "attachment"]


@pytest.mark.parametrize("place", DAY_PLACES)
def test_the_day_of_publication_is_found_wherever_it_stands(place: str) -> None:
    """Not the clock, not the days of the story, not those of other items, not the footer's."""
    item, files = read(DAY_PLACES[place])
    assert (item.title, item.published) == (TITLE, date(2021, 10, 5))
    assert files == ["https://muong-thu.example/tep/ke-hoach.pdf"]


@pytest.mark.parametrize("place", HEADS)
def test_the_day_may_be_declared_in_the_head(place: str) -> None:
    """Where none is printed, the page's own declaration counts, as a local day."""
    item, _ = read(f"<h1>{TITLE}</h1>{BODY}", HEADS[place])
    assert item.published == date(2021, 10, 5)


def test_a_page_that_prints_no_day_has_none() -> None:
    """Days inside the story are not taken for it."""
    item, _ = read(f"<h1>{TITLE}</h1>{BODY}")
    assert (item.published, item.published_text) == (None, "")


FACTS = (
    ("Số ký hiệu", "150/KH-UBND"),
    ("Ngày ban hành", "18/06/2021"),
    ("Ngày có hiệu lực", "01/07/2021"),
    ("Cơ quan ban hành", "UBND tỉnh Thử Nghiệm"),
    ("Loại văn bản", "Kế hoạch"),
    ("Trích yếu", "Kế hoạch chuyển đổi số năm 2021 của tỉnh"),
    ("Người ký", "Quàng Văn Thử"),
)
LAYOUTS = {
    "two columns": ("<table>", "<tr><td>{label}</td><td>{value}</td></tr>", "</table>"),
    "head cells": ("<table>", "<tr><th>{label}:</th><td><p>{value}</p></td></tr>", "</table>"),
    "definitions": ("<dl>", "<dt>{label}</dt><dd>{value}</dd>", "</dl>"),
    "bold labels": ("<ul>", "<li><b>{label}:</b> {value}</li>", "</ul>"),
    "pairs of divs": ("<div>", "<div><div>{label}</div><div>{value}</div></div>", "</div>"),
    "breaks": ("<p>", "{label}: {value}<br>", "</p>"),
    "no colon": ("<div>", "<p><strong>{label}</strong> {value}</p>", "</div>"),
    "one paragraph": ("<p>", "<b>{label}:</b> {value} ", "</p>"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_attributes_of_a_document_are_read_from_any_layout(layout: str) -> None:
    """By the labels alone; the day of issue is not the day of publication."""
    before, row, after = LAYOUTS[layout]
    rows = "".join(row.format(label=label, value=value) for label, value in FACTS)
    item, files = read(
        f"<h1>{TITLE}</h1>{before}{rows}{after}<p>Tệp: <a href='/t/150.pdf'>tải</a></p>",
        kind="legal_document",
    )
    assert isinstance(item, LegalDocument)
    assert (item.number, item.issued, item.effective, item.published) == (
        "150/KH-UBND",
        date(2021, 6, 18),
        date(2021, 7, 1),
        None,
    )
    assert (item.issuer, item.doc_type, item.signer) == ("UBND tỉnh Thử Nghiệm", "Kế hoạch", "Quàng Văn Thử")
    assert item.summary == "Kế hoạch chuyển đổi số năm 2021 của tỉnh"
    assert files == ["https://muong-thu.example/t/150.pdf"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_attribute_without_a_value_takes_none_from_its_neighbour(layout: str) -> None:
    """An empty cell is an absent value, `N/A` too."""
    before, row, after = LAYOUTS[layout]
    facts = [(label, {"Ngày ban hành": "N/A", "Người ký": ""}.get(label, value)) for label, value in FACTS]
    rows = "".join(row.format(label=label, value=value) for label, value in facts)
    item, _ = read(f"<h1>{TITLE}</h1>{before}{rows}{after}<p>Lượt xem: 12</p>", kind="legal_document")
    assert isinstance(item, LegalDocument)
    assert (item.number, item.issued, item.effective) == ("150/KH-UBND", None, date(2021, 7, 1))
    assert (item.issuer, item.signer) == ("UBND tỉnh Thử Nghiệm", "")


ROWS_BESIDE = (
    "<div><h3>Mới nhất</h3><div><a href=/tin/8>Một tin mới hơn ở bản Thử</a><time datetime=2021-11-12>x"
    "</time></div><div><a href=/tin/7>Tin nữa ở bản Thử</a><time datetime=2021-11-10>10/11</time></div></div>"
)
HEADED = {
    "a time": "<time datetime='2021-10-05T01:30+07:00'>05/10</time> | <time datetime=2021-11-14>14/11</time>",
    "words": "<p>Ngày 05 tháng 10 năm 2021</p>",
}


@pytest.mark.parametrize("day", HEADED)
def test_a_title_in_the_header_of_the_page_has_its_day_there(day: str) -> None:
    """Blogs show an item's title large in the page's header; times in boxes beside the story are others'."""
    item, _ = read(f"<header><h1>{TITLE}</h1>{HEADED[day]}</header><main>{BODY}{ROWS_BESIDE}</main>")
    assert (item.title, item.published) == (TITLE, date(2021, 10, 5))


def test_times_of_other_items_are_not_the_page_s_own() -> None:
    """Where the page itself tells its day in its head alone."""
    head = '<script type="application/ld+json">{"datePublished":"2021-10-05T08:30:00+07:00"}</script>'
    item, _ = read(f"<h1>{TITLE}</h1>{BODY}{ROWS_BESIDE}", head)
    assert item.published == date(2021, 10, 5)


TABLE = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in FACTS)


def test_a_link_to_the_comments_under_a_title_does_not_end_the_item() -> None:
    """Blogs print it beside author and day; under the story the same words head the comments."""
    ways = "<p><a href='/tin/1#binh-luan'>Bình luận</a></p><p><a href='#y-kien'>Gửi bình luận</a></p>"
    comments = "<h2>Bình luận</h2><p>Ngày ban hành: 01/01/2020</p>"
    item, _ = read(f"<h1>{TITLE}</h1>{ways}<table>{TABLE}</table>{comments}", kind="legal_document")
    assert isinstance(item, LegalDocument)
    assert (item.number, item.issued) == ("150/KH-UBND", date(2021, 6, 18))


def test_an_abstract_that_begins_as_a_label_of_a_day_is_none() -> None:
    """An abstract begins with "Ban hành …"; behind a label of a day without a colon stands a day."""
    abstract = "<p>Ban hành Kế hoạch chuyển đổi số năm 2021 của tỉnh</p>"
    item, _ = read(f"<h1>{TITLE}</h1>{abstract}<table>{TABLE}</table>", kind="legal_document")
    assert isinstance(item, LegalDocument)
    assert item.issued == date(2021, 6, 18)
