"""SharePoint-like portals: .aspx pages, ItemID addresses, attributes printed as a list of fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import ClassVar
from urllib.parse import quote

from simulator.looks.base import EMPTY, Look
from simulator.looks.frame import dmy
from simulator.model import Page, Paper, Section, Story
from simulator.words import slug


class Sharepoint(Look):
    """`/ct/cms/<section>/Lists/TinBai/View_Detail.aspx?ItemID=<id>`."""

    page_size: ClassVar[int] = 25
    suffix: ClassVar[str] = ".aspx"
    prefix: ClassVar[str] = "/Pages"

    def section_address(self, section: Section, page: int = 1) -> str:
        """Return the address of one page of a list."""
        first = f"/Pages/{slug(section.heading)}.aspx"
        return first if page == 1 else f"{first}?Page={page}"

    def new_story_address(self, story: Story) -> str:
        """Return the address with the item's id."""
        home = slug(self.portal.section(story.lists[0]).heading)
        return f"/ct/cms/{home}/Lists/TinBai/View_Detail.aspx?ItemID={story.number}"

    def paper_address(self, paper: Paper) -> str:
        """Return the address with the item's id."""
        return f"/Pages/van-ban-chi-tiet.aspx?ItemID={paper.number}"

    def file_address(self, paper: Paper) -> str:
        """Return an address with blanks in the file's name."""
        name = "Template" if paper.file == "template" else paper.true_code.replace("/", " ")
        return f"/Lists/VanBan/Attachments/{paper.number}/{quote(name)}.pdf"

    def header(self, day: date) -> str:
        """Return the ribbon's skip links before the banner."""
        ribbon = '<a class="ms-skip" href="#ribbon">Skip Ribbon Commands</a>'
        main = '<a class="ms-skip" href="#main">Skip to main content</a>'
        return f'<header class="ms-skips">{ribbon} {main}</header>{super().header(day)}'

    def story_rows(self, stories: Sequence[Story], section: Section) -> str:
        """Return rows with the day alone on its line."""
        rows = "".join(
            f'<li class="dfwp-item"><a class="cms-title" href="{self.story_address(s)}">{escape(s.title)}</a>'
            f'<div class="cms-date">{dmy(s.printed) if s.printed else ""}</div></li>'
            for s in stories
        )
        return f'<ul class="dfwp-column dfwp-list">{rows}</ul>' if rows else EMPTY

    def paper_rows(self, papers: Sequence[Paper], section: Section) -> str:
        """Return rows of number, abstract and labelled issue day."""
        rows = "".join(
            f'<li class="vb-item"><a class="vb-so" href="{self.paper_address(p)}">{escape(p.code)}</a>'
            f'<p class="vb-trich-yeu"><a href="{self.paper_address(p)}">{escape(p.abstract)}</a></p>'
            + (f'<p class="vb-ngay">Ngày ban hành: {dmy(p.issued)}</p>' if p.issued else "")
            + "</li>"
            for p in papers
        )
        return f'<ul class="vb-list">{rows}</ul>' if rows else EMPTY

    def story_main(self, story: Story, day: date) -> str:
        """Return the title, the day on its own line and the text."""
        return (
            f'<h1 class="cms-title-detail">{escape(story.title)}</h1>'
            f'<div class="cms-date-detail">{dmy(story.printed) if story.printed else ""}</div>'
            f'<div class="ms-rtestate-field">{self.story_text(story)}</div>'
        )

    def paper_main(self, paper: Paper, day: date) -> str:
        """Return the whole list of fields as text."""
        rows = "".join(
            f'<div class="ms-field"><b class="ms-label">{label}:</b> '
            f'<span class="ms-value">{escape(value)}</span></div>'
            for label, value in self.paper_facts(paper)
        )
        return (
            f'<h1 class="cms-title-detail">{escape(paper.title)}</h1><div class="ms-formbody">{rows}</div>'
            f'<div class="ms-attachments">{self.file_link(paper)}</div>'
        )

    def page_file_address(self, page: Page) -> str:
        """Return the address of the file on a static page."""
        return f"/SiteAssets/{page.key}.pdf"
