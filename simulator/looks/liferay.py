"""Liferay-like portals: lists without a day, numbers inside titles, every item linked thrice, a clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import ClassVar, Final

from simulator.looks.base import EMPTY, Look
from simulator.looks.frame import dmy, minute_of
from simulator.model import Page, Paper, Section, Story
from simulator.words import slug

_WEEKDAYS: Final = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_FOLDER: Final = 20182


class Liferay(Look):
    """`/web/guest/<page>/chi-tiet?id=<id>&_c=<category>`."""

    prefix: ClassVar[str] = "/web/guest"

    def section_address(self, section: Section, page: int = 1) -> str:
        """Return the address of one page of a category."""
        first = f"/web/guest/danh-muc?id={self._category(section.key)}"
        return first if page == 1 else f"{first}&_cur={page}"

    def _category(self, key: str) -> int:
        return next(n for n, section in enumerate(self.portal.sections, start=9) if section.key == key)

    def new_story_address(self, story: Story) -> str:
        """Return id and category."""
        return f"/web/guest/tin-tuc/chi-tiet?id={story.number}&_c={self._category(story.lists[0])}"

    def paper_address(self, paper: Paper) -> str:
        """Return id and category."""
        return f"/web/guest/van-ban/chi-tiet?id={paper.number}&_c={self._category(paper.lists[0])}"

    def paper_title(self, paper: Paper) -> str:
        """Return kind, number and abstract in one line, as these portals title a document."""
        abstract = paper.abstract.replace("Về việc", "V/v", 1)
        return " ".join(part for part in (paper.form, paper.code, abstract) if part)

    def file_address(self, paper: Paper) -> str:
        """Return an address outside the page's own path."""
        name = "Template" if paper.file == "template" else slug(paper.true_code).replace("-", "_").upper()
        return f"/documents/{_FOLDER}/{paper.number}/{name}.pdf"

    def page_address(self, page: Page) -> str:
        """Return the address of a static page."""
        return "/web/guest/en" if page.is_english else f"/web/guest/gioi-thieu/{slug(page.heading)}"

    def header(self, day: date) -> str:
        """Return the banner with the page's clock, which is no item's day."""
        clock = f"{_WEEKDAYS[day.weekday()]}, ngày {day.day} tháng {day.month} năm {day.year} | 11:19 GMT+7"
        return super().header(day).replace("</header>", f'<div class="clock">{clock}</div></header>')

    def story_rows(self, stories: Sequence[Story], section: Section) -> str:
        """Return items without a day, linked by picture, title and mobile copy."""
        rows = "".join(self._linked(self.story_address(s), s.title) for s in stories)
        return f'<div class="portlet-body news-list">{rows}</div>' if rows else EMPTY

    def _linked(self, address: str, title: str, file: str = "") -> str:
        alt = f' alt="{escape(title)}"' if self.is_accessible else ""
        href = escape(address)
        return (
            f'<div class="news-item">'
            f'<a class="news-image" href="{href}"><img src="/upload/logo.png"{alt}></a>'
            f'<a class="news-title" href="{href}">{escape(title)}</a>'
            f'<a class="news-title hidden-lg" href="{href}">{escape(title)}</a>{file}</div>'
        )

    def paper_rows(self, papers: Sequence[Paper], section: Section) -> str:
        """Return titles that carry kind and number, each with its file beside it."""
        rows = "".join(
            self._linked(self.paper_address(p), self.paper_title(p), self.file_link(p)) for p in papers
        )
        return f'<div class="portlet-body news-list">{rows}</div>' if rows else EMPTY

    def file_link(self, paper: Paper) -> str:
        """Return the mobile theme's file link."""
        if paper.file == "none":
            return ""
        return f'<a class="dng-document-file-mb" href="{self.file_address(paper)}">Tải về</a>'

    def pager(self, section: Section, page: int, pages: int) -> str:
        """Return the portlet's pager."""
        return super().pager(section, page, pages).replace("&_cur", "&amp;_cur")

    def story_main(self, story: Story, day: date) -> str:
        """Return title, the only printed day, views and text."""
        printed = f"{dmy(story.printed)} {minute_of(story)} " if story.printed else ""
        return (
            f'<h1 class="asset-title">{escape(story.title)}</h1><div class="asset-meta">'
            f'<span class="ngay-dang">{printed}</span>'
            f'<span class="luot-xem">Số lượt xem: {self.views_of(story, day)}</span></div>'
            f'<div class="journal-content-article">{self.story_text(story)}</div>'
        )

    def paper_main(self, paper: Paper, day: date) -> str:
        """Return the attributes; the number stands in the title alone."""
        rows = "".join(
            f'<tr><th class="label">{label}</th><td class="value">{escape(value)}</td></tr>'
            for label, value in self.paper_facts(paper)
            if label != "Số ký hiệu"
        )
        return (
            f'<h1 class="asset-title">{escape(self.paper_title(paper))}</h1>'
            f'<table class="asset-table">{rows}</table><div class="asset-files">{self.file_link(paper)}</div>'
        )
