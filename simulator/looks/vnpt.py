"""Portals with slug-and-id addresses, a view counter under the title and the date beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from simulator.looks.base import EMPTY, Look
from simulator.looks.frame import dmy, minute_of
from simulator.model import Paper, Section, Story
from simulator.words import slug


class Vnpt(Look):
    """`/<section>/<slug>-<id>`, and four-number addresses for what an older platform left."""

    def new_story_address(self, story: Story) -> str:
        """Return section, slug and id."""
        home = slug(self.portal.section(story.lists[0]).heading)
        return f"/{home}/{slug(story.title)}-{story.number}"

    def paper_address(self, paper: Paper) -> str:
        """Return the address of a document's own page."""
        return f"/chi-tiet-van-ban/{slug(paper.true_code or paper.title)}-{paper.number}"

    def story_rows(self, stories: Sequence[Story], section: Section) -> str:
        """Return dated rows with title and lead."""
        rows = "".join(
            f'<div class="item-news"><h3 class="title-news"><a href="{self.story_address(s)}">'
            + f"{escape(s.title)}</a></h3>"
            + (f'<span class="date-news">{dmy(s.printed)} {minute_of(s)}</span>' if s.printed else "")
            + (f'<p class="sapo-news">{escape(s.summary)}</p>' if s.summary else "")
            + "</div>"
            for s in stories
        )
        return f'<div class="list-news">{rows or EMPTY}</div>'

    def paper_rows(self, papers: Sequence[Paper], section: Section) -> str:
        """Return a table: number, issue day, abstract, file."""
        rows = "".join(
            f'<tr class="row-vb"><td class="so-ky-hieu">'
            f'<a href="{self.paper_address(p)}">{escape(p.code)}</a></td>'
            f'<td class="ngay-ban-hanh">{dmy(p.issued) if p.issued else ""}</td>'
            f'<td class="trich-yeu"><a href="{self.paper_address(p)}">{escape(p.abstract)}</a></td>'
            f'<td class="tep-vb">{self.file_link(p)}</td></tr>'
            for p in papers
        )
        head = "<tr><th>Số ký hiệu</th><th>Ngày ban hành</th><th>Trích yếu</th><th>Tệp</th></tr>"
        return f'<table class="table-vb">{head}{rows}</table>' if rows else EMPTY

    def story_main(self, story: Story, day: date) -> str:
        """Return the title, the counter line and the text."""
        printed = f"{dmy(story.printed)} {minute_of(story)}" if story.printed else ""
        return (
            f'<h1 class="title-detail">{escape(story.title)}</h1><div class="info-detail">'
            f'<span class="ngay-dang">{printed}</span> '
            f'<span class="luot-xem">Lượt xem: {self.views_of(story, day)}</span></div>'
            f'<div class="content-detail">{self.story_text(story)}</div>'
        )

    def paper_main(self, paper: Paper, day: date) -> str:
        """Return the attributes as a table of labels and values."""
        rows = "".join(
            f'<tr><td class="nhan">{label}</td><td class="gia-tri">{escape(value)}</td></tr>'
            for label, value in self.paper_facts(paper)
        )
        return (
            f'<h1 class="title-detail">{escape(paper.title)}</h1><div class="info-detail">'
            f'<span class="luot-xem">Lượt xem: {paper.number % 89 + (day - paper.posted).days}</span></div>'
            f'<table class="thuoc-tinh">{rows}</table><p class="tep-dinh-kem">{self.file_link(paper)}</p>'
        )
