"""NukeViet-like portals: news and laws as modules, laws in a flex table whose labels sit inside the cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import ClassVar

from simulator.looks.base import EMPTY, Look
from simulator.looks.frame import minute_of
from simulator.model import Page, Paper, Section, Story
from simulator.words import slug

_ABSENT = "N/A"


class Nukeviet(Look):
    """`/vi/news/<section>/<slug>-<id>.html` and `/vi/laws/detail/<slug>-<id>/`; pages are `page-N/`."""

    search_field: ClassVar[str] = "q"
    suffix: ClassVar[str] = "/"

    def section_address(self, section: Section, page: int = 1) -> str:
        """Return the module's address of one page of a list."""
        module = {"document": "laws", "question": "faq-ask", "schedule": "lich"}.get(section.kind, "news")
        first = f"/vi/{module}/{slug(section.heading)}/"
        return first if page == 1 else f"{first}page-{page}/"

    def new_story_address(self, story: Story) -> str:
        """Return section, slug and id."""
        home = slug(self.portal.section(story.lists[0]).heading)
        return f"/vi/news/{home}/{slug(story.title)}-{story.number}.html"

    def paper_address(self, paper: Paper) -> str:
        """Return the address of a document's own page."""
        return f"/vi/laws/detail/{slug(paper.abstract)}-{paper.number}/"

    def file_address(self, paper: Paper) -> str:
        """Return the address of a document's file."""
        if paper.file == "template":
            return "/uploads/laws/Template.pdf"
        return f"/uploads/laws/{paper.number}/{slug(paper.true_code)}.signed.pdf"

    def page_address(self, page: Page) -> str:
        """Return the address of a static page."""
        return "/en/" if page.is_english else f"/vi/about/{slug(page.heading)}.html"

    def search_address(self) -> str:
        """Return the module that searches."""
        return "/vi/seek/"

    def map_address(self) -> str:
        """Return the address of the site map page."""
        return "/vi/sitemap-trang/"

    def feed_address(self) -> str:
        """Return the address of the news module's feed."""
        return "/vi/news/rss/"

    def languages(self) -> str:
        """Return the way to the English page, which stands beside the Vietnamese site."""
        return super().languages().replace('href="/en/"', 'href="/en/" hreflang="en"')

    def head(self) -> str:
        """Return the generator's name beside the rest."""
        return f'<meta name="generator" content="NukeViet v4.5">{super().head()}'

    def story_rows(self, stories: Sequence[Story], section: Section) -> str:
        """Return panels with clock, title and lead."""
        rows = "".join(
            f'<article class="news_column panel"><h3><a href="{self.story_address(s)}">{escape(s.title)}</a>'
            f'</h3><p class="text-muted">{_clock(s)}</p>'
            + (f'<p class="hometext">{escape(s.summary)}</p>' if s.summary else "")
            + "</article>"
            for s in stories
        )
        return f'<div class="viewcat">{rows}</div>' if rows else EMPTY

    def paper_rows(self, papers: Sequence[Paper], section: Section) -> str:
        """Return the flex table; its header row has the class of every row."""
        head = (
            '<div class="table-rows table-head"><div class="c-code">Số kí hiệu</div>'
            '<div class="c-time">Thời gian</div><div class="c-intro">Trích yếu</div>'
            '<div class="c-file">Tải về</div></div>'
        )
        rows = "".join(self._law_row(paper) for paper in papers)
        return f'<div class="flex-table-laws">{head}{rows}</div>' if rows else EMPTY

    def _law_row(self, paper: Paper) -> str:
        address = self.paper_address(paper)
        link = self.file_link(paper)
        file = f'<ul class="laws-download"><li>{link}</li></ul>' if link else ""
        return (
            f'<div class="table-rows"><div class="c-code"><div><span class="label-name">Số kí hiệu:</span>'
            f'<h3><a href="{address}">{escape(paper.code)}</a></h3></div></div>'
            f'<div class="c-time"><span class="label-name">Ngày ban hành:</span> {_day(paper.issued)}</div>'
            f'<div class="c-intro"><span class="label-name">Trích yếu:</span> '
            f'<a href="{address}">{escape(paper.abstract)}</a></div><div class="c-file">{file}</div></div>'
        )

    def pager(self, section: Section, page: int, pages: int) -> str:
        """Return Bootstrap's pagination."""
        if pages == 1:
            return ""
        rows = "".join(
            f'<li class="{"active" if n == page else "item"}">'
            f'<a href="{self.section_address(section, n)}">{n}</a></li>'
            for n in range(1, pages + 1)
        )
        older = ""
        if page < pages:
            after = self.section_address(section, page + 1)
            older = f'<li><a rel="next" title="Trang sau" href="{after}">&raquo;</a></li>'
        return f'<ul class="pagination">{rows}{older}</ul>'

    def story_main(self, story: Story, day: date) -> str:
        """Return title, clock and text."""
        return (
            f'<h1 class="title">{escape(story.title)}</h1><span class="h5">{_clock(story)}</span>'
            f'<div id="news-bodyhtml" class="bodytext">{self.story_text(story)}</div>'
        )

    def paper_main(self, paper: Paper, day: date) -> str:
        """Return the attributes as list rows."""
        facts = dict(self.paper_facts(paper)) | {"Ngày ban hành": _day(paper.issued)}
        rows = "".join(
            f'<tr><td class="hoatim">{label.replace("ký hiệu", "kí hiệu")}</td><td>{escape(value)}</td></tr>'
            for label, value in facts.items()
        )
        return (
            f'<h1 class="lawtitle">{escape(paper.title)}</h1><table class="table">{rows}</table>'
            f'<div class="list-group laws-download-file">{self.file_link(paper)}</div>'
        )


def _day(day: date | None) -> str:
    return f"{day.day}/{day.month}/{day.year}" if day else _ABSENT


def _clock(story: Story) -> str:
    return f"{_day(story.printed)} {minute_of(story)}" if story.printed else ""
