"""The frame around every page: addresses, banner, menu, boxes and footer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import ClassVar, Final

from simulator.model import Page, Paper, Portal, Section, Shown, Story
from simulator.words import slug

_GROUPS: Final = ("Giới thiệu", "Thông tin", "Điều hành", "Công khai", "Tương tác")
BOX: Final = 6
_OLD_BASE: Final = 589_000
_OLD_SLUG: Final = 50
"""The previous platform cut its slugs, in the middle of a word where it had to."""


def dmy(day: date) -> str:
    """Return the day as offices print it."""
    return f"{day:%d/%m/%Y}"


def minute_of(thing: Shown) -> str:
    """Return the time of day at which a thing was posted; a copy keeps its original's."""
    number = thing.copy_of or thing.number
    return f"{7 + number % 10:02d}:{number * 7 % 60:02d}"


class Frame(ABC):
    """Where things stand and what surrounds them."""

    prefix: ClassVar[str] = ""
    suffix: ClassVar[str] = ""

    def __init__(self, portal: Portal, service_portal: str) -> None:
        self.portal = portal
        self.agency = portal.agency
        self.service_portal = service_portal
        self.is_accessible = portal.plan["tiep_can_nguoi_khuyet_tat"] == "accessible"
        self.maps = portal.plan["so_do_trang_rss"].split()
        self._copied = {story.copy_of for story in portal.stories}

    def latest_news(self, day: date, count: int) -> list[Story]:
        """Return the newest visible news: boxes, feeds and site maps show nothing else."""
        news = {section.key for section in self.portal.sections if section.kind == "news"}
        told = [s for s in self.portal.stories if s.visible_on(day) and news.intersection(s.lists)]
        return told[: -count - 1 : -1]

    def views_of(self, story: Story, day: date) -> int:
        """Return a counter that grows by the day; an original and its copy were copied with theirs."""
        number = story.copy_of or story.number
        grown = 0 if story.copy_of or story.number in self._copied else 3 * (day - story.posted).days
        return grown + number % 97

    # --- addresses ----------------------------------------------------------------------------------

    def section_address(self, section: Section, page: int = 1) -> str:
        """Return the address of one page of a list."""
        first = f"{self.prefix}/{slug(section.heading)}{self.suffix}"
        return first if page == 1 else f"{first}?page={page}"

    def story_address(self, story: Story) -> str:
        """Return the address of a story's own page; the older platform's where it still stands there."""
        if story.old_address:
            home = slug(self.portal.section(story.lists[0]).heading)
            return f"/1229/27531/6128/{_OLD_BASE + story.number}/{home}/{slug(story.title)[:_OLD_SLUG]}"
        return self.new_story_address(story)

    @abstractmethod
    def new_story_address(self, story: Story) -> str:
        """Return the address that this content system gives a story."""

    @abstractmethod
    def paper_address(self, paper: Paper) -> str:
        """Return the address of a document's own page."""

    def paper_title(self, paper: Paper) -> str:
        """Return the title under which lists show a document."""
        return paper.title

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
            f'<!DOCTYPE html>\n<html{lang}><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f'{self.head()}</head><body class="{self.agency.look}">{self.header(day)}{self.menu()}'
            f'<div class="khung">{self.breadcrumb(trail)}<main class="noi-dung-chinh">{main}</main>'
            f"{self.boxes(day)}</div>{self.footer()}</body></html>"
        )

    def head(self) -> str:
        """Return what stands in the head beside the title."""
        style = "<style>.menu-con{display:none}.menu li:hover .menu-con{display:block}</style>"
        if "feed" not in self.maps and "stale-feed" not in self.maps:
            return style
        return f'<link rel="alternate" type="application/rss+xml" href="{self.feed_address()}">{style}'

    def header(self, day: date) -> str:
        """Return the banner with the agency's name."""
        alt = ' alt="Biểu trưng mô phỏng"' if self.is_accessible else ""
        moving = (
            "" if self.is_accessible else f"<marquee>Chào mừng đến với trang {self.portal.province}</marquee>"
        )
        return (
            f'<header class="dau-trang"><a href="/"><img src="/upload/logo.png"{alt}></a>'
            f'<p class="ten-co-quan">{escape(self.agency.name)}</p><p class="tinh">{self.portal.province}</p>'
            f"{moving}{self.search_form()}{self.languages()}</header>"
        )

    def search_form(self) -> str:
        """Return the search box, where the portal has one."""
        if self.portal.plan["tim_kiem"] == "absent":
            return ""
        label = ' aria-label="Từ khóa tìm kiếm"' if self.is_accessible else ""
        return (
            f'<form class="tim-kiem" role="search" action="{self.search_address()}" '
            f'method="{self.search_method}"><input type="text" name="{self.search_field}"{label}>'
            '<button type="submit">Tìm kiếm</button></form>'
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
        rows = f'<li><a href="/">Trang chủ</a></li>{"".join(groups)}{self._extras()}'
        return f'<nav class="menu"><ul>{rows}</ul></nav>'

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
        steps = [("/", "Trang chủ"), *trail]
        links = "".join(f'<li><a href="{address}">{escape(text)}</a></li>' for address, text in steps)
        return f'<nav class="breadcrumb" aria-label="breadcrumb"><ol>{links}</ol></nav>'

    def boxes(self, day: date) -> str:
        """Return the boxes beside every page: latest titles, a banner, a poll."""
        latest = self.latest_news(day, BOX)
        rows = "".join(
            f'<li class="tin-ben"><a href="{self.story_address(s)}">{escape(s.title)}</a></li>'
            for s in latest
        )
        alt = ' alt="Chuyển đổi số vì cộng đồng"' if self.is_accessible else ""
        return (
            f'<aside class="cot-phai"><p class="tieu-de-hop">Vừa đăng</p>'
            f'<nav class="hop-tin" aria-label="Vừa đăng"><ul>{rows}</ul></nav>'
            f'<img src="/upload/banner-cds.png"{alt}>{self._box_of_the_plan()}'
            "<p>Dữ liệu trên trang này là mô phỏng.</p></aside>"
        )

    def _box_of_the_plan(self) -> str:
        """Return a poll that is no consultation, and a banner that is no list of services."""
        poll = ""
        if self.portal.plan["lay_y_kien_gop_y"] == "poll":
            poll = '<div class="tham-do"><p>Thăm dò ý kiến: giao diện này có dễ xem không?</p></div>'
        banner = ""
        if self.portal.plan["lien_ket_cong_dvc_va_muc_do"] == "banner":
            banner_alt = ' alt="Cổng dịch vụ công"' if self.is_accessible else ""
            banner = f'<a href="{self.service_portal}/"><img src="/upload/dvc.png"{banner_alt}></a>'
        return banner + poll

    def footer(self) -> str:
        """Return the footer: an address there alone is no contact page."""
        return (
            f'<footer class="chan-trang"><p>{escape(self.agency.name)} - trang mô phỏng</p>'
            "<p>Địa chỉ: số 1 đường Hoa Ban, thành phố Sông Mây (mô phỏng)</p>"
            f"<p>Điện thoại: 0212.3.000.111 - Thư: banbientap@{self.agency.code}.hoaban.example</p></footer>"
        )
