"""Shapes of lists that nobody prepared us for: markup, forms of days and pagers in every combination."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from collectors.platforms.generic import PLATFORM
from collectors.platforms.interface import Link, ListFacts, PageContext
from collectors.reading.labels import labelled
from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import Block, NewsItem
from minhchung.sites import ListProfile, SiteProfile
from minhchung.sources import CrawlTerms

TERMS = CrawlTerms(
    news=("=tin tức",), legal_document=("=văn bản",), directive=(), question=(), schedule_entry=()
)
AGENCY = Agency(code=AgencyCode("a"), name="Sở Thử Nghiệm", bloc="b", portal="https://muong-thu.example/")
TITLES = (
    "Khai mạc hội nghị tổng kết mùa mận hậu",
    "Tin 7",
    "Bế mạc lớp tập huấn năm 2020 về chuyển đổi số",
    "Trao quà cho học sinh bản xa",
)
DAYS = tuple(date(2021, 10, 25) - timedelta(days=11 * n) for n in range(len(TITLES)))
SHAPES = {
    "list items": ("<ul>", "<li><a href='{url}'>{title}</a> <span>({day})</span></li>", "</ul>"),
    "day above": (
        "<div>",
        "<div><em>{day}</em><h3><a href='{url}'>{title}</a></h3><p>{lead}</p></div>",
        "</div>",
    ),
    "day below": (
        "<div>",
        "<div><p><a href='{url}'>{title}</a></p><p>{lead}</p><p>{day}</p></div>",
        "</div>",
    ),
    "articles": (
        "<section>",
        "<article><header><h2><a href='{url}'>{title}</a></h2>{day}</header></article>",
        "</section>",
    ),
    "a table": (
        "<table>",
        "<tr><td>{n}</td><td><a href='{url}'>{title}</a></td><td>{day}</td></tr>",
        "</table>",
    ),
    "a headed table": (
        "<table><tr><th>STT</th><th>Tiêu đề</th><th>Ngày đăng</th></tr>",
        "<tr><td>{n}</td><td><a href='{url}'>{title}</a></td><td>{day}</td></tr>",
        "</table>",
    ),
    "tables": (
        "<div>",
        "<table><tr><td><img src='/a.jpg'></td><td><a href='{url}'>{title}</a><br>{day}</td></tr></table>",
        "</div>",
    ),
    "headings in a row": ("<div>", "<h3><a href='{url}'>{title}</a></h3><p>{day}</p><p>{lead}</p>", "</div>"),
    "definitions": ("<dl>", "<dt><a href='{url}'>{title}</a></dt><dd>{day}</dd>", "</dl>"),
    "beside the pager": ("", "<div><h2><a href='{url}'>{title}</a></h2><p>{day}</p></div>", ""),
    "breaks": ("<div>", "<a href='{url}'>{title}</a> - {day}<br>", "</div>"),
    "cards": ("<div>", "<a href='{url}'><h4>{title}</h4><p>{lead}</p><small>{day}</small></a>", "</div>"),
    "picture and more": (
        "<div>",
        "<div><a href='{url}'><img src='/a.jpg' alt=''></a><a href='{url}'>{title}</a><span>{day}</span>"
        "<a href='{url}'>Xem chi tiết</a></div>",
        "</div>",
    ),
    "time element": (
        "<ul>",
        "<li><a href='{url}'>{title}</a><time datetime='{iso}'>mới đây</time></li>",
        "</ul>",
    ),
    "label": ("<ul>", "<li><a href='{url}'>{title}</a><p>Ngày đăng: {day} | Lượt xem: 123</p></li>", "</ul>"),
}
FORMS = {
    "dmy": lambda day: f"{day:%d/%m/%Y}",
    "short": lambda day: f"{day.day}-{day.month}-{day.year} 08:30:11",
    "clock first": lambda day: f"08:30, {day:%d/%m/%Y}",
    "weekday": lambda day: f"Thứ hai, {day:%d/%m/%Y} | 08:30",
    "words": lambda day: f"Ngày {day:%d} tháng {day:%m} năm {day:%Y}",
    "iso": lambda day: f"{day.isoformat()} 08:30:00",
    "english": lambda day: f"{day:%b}. {day.day}, {day.year}",
}
PAGERS = {
    "next": "<p><a href='/tin?p=1'>Trước</a> <a href='/tin?p=3'>Sau</a></p>",
    "numbers": "<ul><li><a href='/tin?p=1'>1</a></li><li>2</li><li><a href='/tin?p=3'>3</a></li></ul>",
    "without blanks": "<div><a href='/tin?p=1'>1</a><span>2</span><a href='/tin?p=3'>3</a></div>",
    "none": "",
}
FRAME = (
    "<html><head><title>{heading} | Sở Thử Nghiệm</title></head><body><div id=top><a href=/>Trang chủ</a> "
    "<a href=/tin>Tin tức</a> <a href=/lh>Liên hệ</a> Hôm nay, 15/11/2021</div>"
    "<div id=main><h1>{heading}</h1>{rows}{pager}</div><div class=sidebar><h3>Xem nhiều</h3><ul>"
    "<li><a href=/tin/90>Một tin được xem rất nhiều trong tháng</a> 01/01/2021</li>"
    "<li><a href=/tin/91>Một tin khác được xem nhiều trong năm</a> 02/01/2021</li></ul></div></body></html>"
)
LEAD = "Ngày 01/02/2020, bà con các bản vùng cao cùng ra quân làm đẹp đường bản trong suốt một tuần."


def read(
    shape: str, form: str, pager: str, page: int = 2, profile: SiteProfile | None = None
) -> tuple[list[NewsItem], ListFacts, list[Link]]:
    """Read the second page of a list of this shape."""
    before, row, after = SHAPES[shape]
    rows = "".join(
        row.format(
            n=n, url=f"/tin/{n}.html", title=title, day=FORMS[form](day),
            iso=f"{day.isoformat()}T08:30:00+07:00",
            lead=LEAD,
        )
        for n, (title, day) in enumerate(zip(TITLES, DAYS, strict=True), start=1)
    )  # fmt: skip
    body = FRAME.format(heading="Tin tức", rows=f"{before}{rows}{after}", pager=PAGERS[pager]).encode()
    url = "https://muong-thu.example/tin?p=2"
    record = EvidenceRecord(
        id=RecordId("urn:uuid:1"), agency=AGENCY.code, source=PORTAL, run=RunId("r"), url=url,
        captured_at=datetime(2021, 11, 15, tzinfo=UTC), kind="response",
    )  # fmt: skip
    context = PageContext(
        agency=AGENCY, profile=profile or SiteProfile(key=""), terms=TERMS, role="list", page=page,
        list_key="https://muong-thu.example/tin", kind="news",
    )  # fmt: skip
    seen = list(PLATFORM.read(record, body, context))
    items = [each for each in seen if isinstance(each, NewsItem)]
    facts = next(each for each in seen if isinstance(each, ListFacts))
    return items, facts, [each for each in seen if isinstance(each, Link)]


@pytest.mark.parametrize(("shape", "form"), list(product(SHAPES, FORMS)))
def test_every_row_is_found_with_its_title_and_day(shape: str, form: str) -> None:
    """A box of dated titles beside the list, days inside leads and the day of the visit are none of it."""
    items, _, _ = read(shape, form, "none")
    assert [(item.title, item.published) for item in items] == list(zip(TITLES, DAYS, strict=True))
    assert [item.url for item in items] == [f"https://muong-thu.example/tin/{n}.html" for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(("shape", "pager"), list(product(SHAPES, PAGERS)))
def test_a_pager_leads_on_and_is_no_row(shape: str, pager: str) -> None:
    """The second page leads to the third, or the list ends."""
    items, facts, links = read(shape, "dmy", pager)
    assert len(items) == len(TITLES)
    further = [link.url for link in links if link.role == "list" and link.page == 3]
    assert further == ([] if pager == "none" else ["https://muong-thu.example/tin?p=3"])
    assert facts.last_page == (pager == "none")
    assert facts.list_key == "https://muong-thu.example/tin"


@pytest.mark.parametrize(("least", "known"), [(4, 4), (5, 0)])
def test_fewer_rows_than_expected_are_no_capture_of_the_list(least: int, known: int) -> None:
    """What was met is kept as seen, but the list counts as changed, not as short."""
    profile = SiteProfile(key="thu", list=(ListProfile(key="tin", rows="#main li", expect_min=least),))
    items, facts, _ = read("list items", "dmy", "none", page=1, profile=profile)
    assert len(items) == len(TITLES)
    assert (len(facts.identities), facts.rows_expected, facts.empty_marker) == (known, True, False)


def test_attributes_without_colons_in_one_text_are_told_apart() -> None:
    """Excerpts join the cells of a table: label, value, label, value."""
    text = (
        "Số ký hiệu 07/KH-STN Ngày ban hành 05/10/2021 Cơ quan ban hành Sở Thử Nghiệm Người ký Lò Văn Mẫu "
        "Trích yếu Về việc làm đường bản"
    )
    found = labelled([Block(text=text, tag="p")])
    assert {name: value.text for name, value in found.items()} == {
        "number": "07/KH-STN",
        "issued": "05/10/2021",
        "issuer": "Sở Thử Nghiệm",
        "signer": "Lò Văn Mẫu",
        "summary": "Về việc làm đường bản",
    }
    assert "number" not in labelled([Block(text="Số người ký tên vào Đơn là 10 người", tag="p")])
