"""What every look shares: addresses, the frame around a page, and the fragments that no content system invents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import ClassVar, Final

from simulator.agencies import PROVINCE
from simulator.model import Inquiry, Page, Paper, Portal, Section, Shown, Story, Week
from simulator.pages import ATTACHMENT, CHART, FAQ, LEADER, SERVICE_PORTAL, UPDATING
from simulator.words import slug

EMPTY: Final = '<p class="khong-co">Không có dữ liệu</p>'
_GROUPS: Final = ("Giới thiệu", "Thông tin", "Điều hành", "Công khai", "Tương tác")
_BOX: Final = 6
CHART_SIZE: Final = (820, 460)


def dmy(day: date) -> str:
    """Return the day as offices print it."""
    return f"{day:%d/%m/%Y}"


def minute_of(thing: Shown) -> str:
    """Return the time of day at which a thing was posted, made from its number."""
    return f"{7 + thing.number % 10:02d}:{thing.number * 7 % 60:02d}"


class Look:
    """One content system: subclasses say where things stand and how they are marked up."""

    page_size: ClassVar[int] = 20
    prefix: ClassVar[str] = ""
    suffix: ClassVar[str] = ""

    def __init__(self, portal: Portal, service_portal: str) -> None:
        self.portal = portal
        self.agency = portal.agency
        self.service_portal = service_portal
        self.is_accessible = portal.plan["tiep_can_nguoi_khuyet_tat"] == "accessible"
        self.maps = portal.plan["so_do_trang_rss"].split()

    # --- addresses ----------------------------------------------------------------------------------

    def section_address(self, section: Section, page: int = 1) -> str:
        """Return the address of one page of a list."""
        first = f"{self.prefix}/{slug(section.heading)}{self.suffix}"
        return first if page == 1 else f"{first}?page={page}"

    def story_address(self, story: Story) -> str:
        """Return the address of a story's own page."""
        raise NotImplementedError

    def paper_address(self, paper: Paper) -> str:
        """Return the address of a document's own page."""
        raise NotImplementedError

    def file_address(self, paper: Paper) -> str:
        """Return the address of a document's file."""
        name = "Template" if paper.file == "template" else slug(paper.true_code or paper.title, 40)
        return f"/upload/van-ban/{paper.number}/{name}.pdf"

    def page_address(self, page: Page) -> str:
        """Return the address of a static page."""
        if page.is_english:
            return f"{self.prefix}/en{self.suffix}"
        return f"{self.prefix}/{slug(page.heading)}{self.suffix}"

    def page_file_address(self, page: Page) -> str:
        """Return the address of the file on a static page."""
        return f"/upload/trang/{page.key}.pdf"

    def chart_address(self) -> str:
        """Return the address of the picture on the structure page."""
        return "/upload/trang/so-do.png"

    def photo_address(self, story: Story) -> str:
        """Return the address of a story's photo."""
        return f"/upload/anh/{story.number % 5}.png"

    def search_address(self) -> str:
        """Return the path that the search form asks."""
        return f"{self.prefix}/tim-kiem{self.suffix}"

    search_field: ClassVar[str] = "q"
    search_method: ClassVar[str] = "get"

    def map_address(self) -> str:
        """Return the address of the site map page."""
        return f"{self.prefix}/so-do-trang{self.suffix}"

    def feed_address(self) -> str:
        """Return the address of the feed, or of the page that only bears its name."""
        return "/rss/tin-tuc.rss"

    # --- the frame ----------------------------------------------------------------------------------

    def frame(self, title: str, main: str, day: date, trail: Sequence[tuple[str, str]] = ()) -> str:
        """Return a whole page: `main` inside the look's header, menu, boxes and footer."""
        lang = ' lang="vi"' if self.is_accessible else ""
        return (
            f"<!DOCTYPE html>\n<html{lang}><head><meta charset=\"utf-8\"><title>{escape(title)}</title>"
            f"{self.head()}</head><body class=\"{self.agency.look}\">{self.header(day)}{self.menu()}"
            f'<div class="khung">{self.breadcrumb(trail)}<main class="noi-dung-chinh">{main}</main>'
            f"{self.boxes(day)}</div>{self.footer()}</body></html>"
        )

    def head(self) -> str:
        """Return what stands in the head beside the title."""
        feeds = ""
        if "feed" in self.maps or "stale-feed" in self.maps:
            feeds = f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{self.feed_address()}">'
        return feeds + '<style>.menu-con{display:none}.menu li:hover .menu-con{display:block}</style>'

    def header(self, day: date) -> str:
        """Return the banner with the agency's name."""
        alt = ' alt="Biểu trưng mô phỏng"' if self.is_accessible else ""
        moving = "" if self.is_accessible else f"<marquee>Chào mừng đến với trang {PROVINCE}</marquee>"
        return (
            f'<header class="dau-trang"><a href="/"><img src="/upload/logo.png"{alt}></a>'
            f'<p class="ten-co-quan">{escape(self.agency.name)}</p><p class="tinh">{PROVINCE}</p>'
            f"{moving}{self.search_form()}{self.languages()}</header>"
        )

    def search_form(self) -> str:
        """Return the search box, where the portal has one."""
        if self.portal.plan["tim_kiem"] == "absent":
            return ""
        label = ' aria-label="Từ khóa tìm kiếm"' if self.is_accessible else ""
        return (
            f'<form class="tim-kiem" role="search" action="{self.search_address()}" method="{self.search_method}">'
            f'<input type="text" name="{self.search_field}"{label}><button type="submit">Tìm kiếm</button></form>'
        )

    def languages(self) -> str:
        """Return the way to the English page, or what only looks like one."""
        match self.portal.plan["tieng_anh"]:
            case "page":
                return f'<a class="ngon-ngu" href="{self.prefix}/en{self.suffix}">English</a>'
            case "flag-home":
                return '<a class="ngon-ngu" href="/"><img src="/upload/co-en.png" alt="English"></a>'
            case "widget":
                return '<div id="google_translate_element" class="dich-tu-dong"></div>'
            case _:
                return ""

    def menu(self) -> str:
        """Return the drop-down menu: every list and page that is not hidden."""
        groups = []
        for group in _GROUPS:
            rows = "".join(
                f'<li><a href="{address}">{escape(text)}</a></li>' for address, text in self._links_of(group)
            )
            if rows:
                groups.append(f'<li><span>{group}</span><ul class="menu-con">{rows}</ul></li>')
        return f'<nav class="menu"><ul><li><a href="/">Trang chủ</a></li>{"".join(groups)}{self._extras()}</ul></nav>'

    def _links_of(self, group: str) -> list[tuple[str, str]]:
        pages = [p for p in self.portal.pages if p.group == group and not p.hidden]
        sections = [s for s in self.portal.sections if s.group == group and not s.hidden]
        return [(self.page_address(p), p.heading) for p in pages] + [
            (self.section_address(s), s.heading) for s in sections
        ]

    def _extras(self) -> str:
        rows = ""
        if "page" in self.maps:
            rows += f'<li><a href="{self.map_address()}">Sơ đồ trang</a></li>'
        if "named-rss" in self.maps:
            rows += f'<li><a href="{self.feed_address()}">RSS</a></li>'
        return rows

    def breadcrumb(self, trail: Sequence[tuple[str, str]]) -> str:
        """Return the path of headings above a page."""
        if not trail:
            return ""
        links = "".join(f'<li><a href="{address}">{escape(text)}</a></li>' for address, text in trail)
        return f'<nav class="breadcrumb" aria-label="breadcrumb"><ol><li><a href="/">Trang chủ</a></li>{links}</ol></nav>'

    def boxes(self, day: date) -> str:
        """Return the boxes beside every page: latest titles, a banner, a poll."""
        latest = [s for s in reversed(self.portal.stories) if s.visible_on(day)][:_BOX]
        rows = "".join(
            f'<li class="tin-ben"><a href="{self.story_address(s)}">{escape(s.title)}</a></li>' for s in latest
        )
        alt = ' alt="Chuyển đổi số vì cộng đồng"' if self.is_accessible else ""
        poll = ""
        if self.portal.plan["lay_y_kien_gop_y"] == "poll":
            poll = '<div class="tham-do"><p>Thăm dò ý kiến: giao diện này có dễ xem không?</p></div>'
        banner = ""
        if self.portal.plan["lien_ket_cong_dvc_va_muc_do"] == "banner":
            banner_alt = ' alt="Cổng dịch vụ công"' if self.is_accessible else ""
            banner = f'<a href="{self.service_portal}"><img src="/upload/dvc.png"{banner_alt}></a>'
        return (
            f'<aside class="cot-phai"><p class="tieu-de-hop">Vừa đăng</p><ul>{rows}</ul>'
            f'<img src="/upload/banner-cds.png"{alt}>{banner}{poll}<p>Dữ liệu trên trang này là mô phỏng.</p></aside>'
        )

    def footer(self) -> str:
        """Return the footer: an address there alone is no contact page."""
        return (
            f'<footer class="chan-trang"><p>{escape(self.agency.name)} - trang mô phỏng</p>'
            "<p>Địa chỉ: số 1 đường Hoa Ban, thành phố Sông Mây (mô phỏng)</p>"
            f"<p>Điện thoại: 0212.3.000.111 - Hộp thư: banbientap@{self.agency.code}.hoaban.example</p></footer>"
        )

    # --- lists --------------------------------------------------------------------------------------

    def shown_in(self, section: Section, day: date) -> list[Shown]:
        """Return what a list shows on that day, newest first as the content system counts."""
        everything = [*self.portal.stories, *self.portal.papers, *self.portal.inquiries, *self.portal.weeks]
        shown = [thing for thing in everything if section.key in thing.lists and thing.visible_on(day)]
        return sorted(shown, key=lambda thing: -thing.number)

    def pages_of(self, section: Section, day: date) -> int:
        """Return how many pages a list has on that day."""
        if section.kind in ("question", "schedule"):
            return 1
        return max(1, -(-len(self.shown_in(section, day)) // self.page_size))

    def turn_of(self, path: str, query: str, form: Mapping[str, str]) -> tuple[Section, int] | None:
        """Return the list and page that a posted form asks for; None: this look has no such forms."""
        return None

    def story_rows(self, stories: Sequence[Story], section: Section) -> str:
        """Return the rows of a list of stories."""
        raise NotImplementedError

    def paper_rows(self, papers: Sequence[Paper], section: Section) -> str:
        """Return the rows of a list of documents."""
        raise NotImplementedError

    def pager(self, section: Section, page: int, pages: int) -> str:
        """Return the links to the other pages of a list."""
        if pages == 1:
            return ""
        links = [
            f'<a class="trang" href="{self.section_address(section, n)}">{n}</a>'
            if n != page
            else f'<span class="trang-nay">{n}</span>'
            for n in range(1, pages + 1)
        ]
        if page < pages:
            links.append(f'<a rel="next" class="sau" href="{self.section_address(section, page + 1)}">Sau</a>')
        return f'<div class="phan-trang">{"".join(links)}</div>'

    def inquiry_rows(self, inquiries: Sequence[Inquiry], day: date) -> str:
        """Return the questions, each with its answer where there is one by that day."""
        return "".join(self._inquiry(inquiry, day) for inquiry in inquiries)

    def _inquiry(self, inquiry: Inquiry, day: date) -> str:
        asked = f'<p class="ngay-hoi">Ngày hỏi: {dmy(inquiry.asked)}</p>' if inquiry.asked else ""
        answer = ""
        if inquiry.answered and inquiry.answered <= day:
            answer = (
                f'<div class="tra-loi"><p class="ngay-tra-loi">Ngày trả lời: {dmy(inquiry.answered)}</p>'
                f'<p class="noi-dung-tra-loi">{escape(inquiry.answer)}</p></div>'
            )
        return (
            f'<div class="hoi-dap-item" id="cau-hoi-{inquiry.number}"><h3 class="tieu-de-hoi">'
            f'{escape(inquiry.title)}</h3>{asked}<p class="noi-dung-hoi">{escape(inquiry.question)}</p>{answer}</div>'
        )

    def week_rows(self, weeks: Sequence[Week]) -> str:
        """Return the leaders' schedule, one row a week."""
        rows = "".join(
            f'<tr class="tuan" id="tuan-{week.number}"><td class="thoi-gian">{escape(week.title)}</td>'
            f'<td class="noi-dung">{"<br>".join(escape(e) for e in week.entries)}</td></tr>'
            for week in weeks
        )
        return f'<table class="lich-cong-tac"><tr><th>Thời gian</th><th>Nội dung</th></tr>{rows}</table>'

    # --- single pages -------------------------------------------------------------------------------

    def story_main(self, story: Story, day: date) -> str:
        """Return the main part of a story's page."""
        raise NotImplementedError

    def paper_main(self, paper: Paper, day: date) -> str:
        """Return the main part of a document's page."""
        raise NotImplementedError

    def story_text(self, story: Story) -> str:
        """Return lead, paragraphs, photo, answer and credit."""
        parts = [f'<p class="sapo">{escape(story.summary)}</p>'] if story.summary else []
        parts += [f"<p>{escape(text)}</p>" for text in story.paragraphs]
        if story.has_photo:
            alt = f' alt="{escape(story.title)}"' if self.is_accessible else ""
            parts.append(f'<figure><img src="{self.photo_address(story)}"{alt}></figure>')
        if story.answer:
            parts.append(f'<h3>Trả lời</h3><p class="tra-loi">Cơ quan trả lời: {escape(story.answer)}</p>')
        if story.credit:
            parts.append(f'<p class="nguon">{escape(story.credit)}</p>')
        return "".join(parts)

    def paper_facts(self, paper: Paper) -> list[tuple[str, str]]:
        """Return the label and value of every attribute that the page shows."""
        facts = [
            ("Số ký hiệu", paper.code),
            ("Loại văn bản", paper.form),
            ("Cơ quan ban hành", paper.issuer),
            ("Ngày ban hành", dmy(paper.issued) if paper.issued else ""),
            ("Ngày có hiệu lực", paper.effective),
            ("Trích yếu", paper.abstract),
            ("Người ký", paper.signer),
            ("Ngày đăng", dmy(paper.printed) if paper.printed else ""),
        ]
        return [(label, value) for label, value in facts if value]

    def file_link(self, paper: Paper) -> str:
        """Return the link to the document's file, where the page offers one."""
        if paper.file == "none":
            return ""
        return f'<a class="tep" href="{self.file_address(paper)}">Tải tệp đính kèm</a>'

    def page_main(self, page: Page) -> str:
        """Return the main part of a static page."""
        blocks = "".join(self._block(tag, text, page) for tag, text in page.blocks)
        return f'<h1 class="tieu-de">{escape(page.heading)}</h1>{blocks or f"<p>{UPDATING}</p>"}'

    def _block(self, tag: str, text: str, page: Page) -> str:
        match tag:
            case "p" | "h2" | "li":
                return f"<{tag}>{escape(text)}</{tag}>"
            case "row":
                return f"<table><tr>{''.join(f'<td>{escape(cell)}</td>' for cell in text.split('|'))}</tr></table>"
            case "child":
                key, name = text.split("|")
                child = next(p for p in self.portal.pages if p.key == key)
                return f'<p><a href="{self.page_address(child)}">{escape(name)}</a></p>'
            case _:
                return self._object(tag, text, page)

    def _object(self, tag: str, text: str, page: Page) -> str:
        if tag == CHART:
            alt = f' alt="{escape(text)}"' if self.is_accessible else ""
            return f'<p><img src="{self.chart_address()}"{alt}></p>'
        if tag == ATTACHMENT:
            return f'<p><a href="{self.page_file_address(page)}">{escape(text)} (tệp PDF)</a></p>'
        if tag == SERVICE_PORTAL:
            return f'<p><a href="{self.service_portal}">{escape(text)}</a></p>'
        label = ' aria-label="Nội dung thư"' if self.is_accessible else ""
        return (
            f'<form method="post" action="/gui-thu"><p>{escape(text)}</p><textarea name="noi-dung"{label}></textarea>'
            "<button>Gửi</button></form>"
        )

    def home_main(self, day: date) -> str:
        """Return the home page's own part: two boxes of latest things."""
        stories = [s for s in reversed(self.portal.stories) if s.visible_on(day)][:8]
        papers = [p for p in reversed(self.portal.papers) if p.visible_on(day)][:_BOX]
        news = "".join(
            f'<li class="tin-trang-chu"><a href="{self.story_address(s)}">{escape(s.title)}</a></li>'
            for s in stories
        )
        shelf = "".join(
            f'<li class="vb-trang-chu"><a href="{self.paper_address(p)}">{escape(p.title)}</a></li>' for p in papers
        )
        return (
            f'<h1 class="ten-trang">{escape(self.agency.name)}</h1><section><h2>Vừa đăng</h2><ul>{news}</ul></section>'
            f"<section><h2>Vừa ban hành</h2><ul>{shelf}</ul></section>"
        )

    def is_leaf(self, page: Page) -> bool:
        """Tell whether a static page is reached through another one only."""
        return page.key == LEADER or page.key == FAQ
