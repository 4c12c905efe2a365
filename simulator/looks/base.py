"""What every look shares: lists of questions and weeks, static pages, the text of a story."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import ClassVar, Final

from simulator.looks.frame import BOX, Frame, dmy
from simulator.model import Inquiry, Page, Paper, Section, Shown, Story, Week
from simulator.pages import ATTACHMENT, CHART, SERVICE_PORTAL, UPDATING

EMPTY: Final = '<p class="khong-co">Không có dữ liệu</p>'
CHART_SIZE: Final = (820, 460)


class Look(Frame):
    """One content system: subclasses say where things stand and how they are marked up."""

    page_size: ClassVar[int] = 20

    # --- lists --------------------------------------------------------------------------------------

    def shown_in(self, section: Section, day: date) -> list[Shown]:
        """Return what a list shows on that day, newest printed day first, as content systems sort."""
        everything = [*self.portal.stories, *self.portal.papers, *self.portal.inquiries, *self.portal.weeks]
        shown = [thing for thing in everything if section.key in thing.lists and thing.visible_on(day)]
        return sorted(shown, key=lambda thing: (thing.printed or thing.posted, thing.number), reverse=True)

    def pages_of(self, section: Section, day: date) -> int:
        """Return how many pages a list has on that day."""
        if section.kind in ("question", "schedule"):
            return 1
        return max(1, -(-len(self.shown_in(section, day)) // self.page_size))

    def turn_of(self, path: str, query: str, form: Mapping[str, str]) -> tuple[Section, int] | None:
        """Return the list and page that a posted form asks for; None: this look has no such forms."""
        return None

    @abstractmethod
    def story_rows(self, stories: Sequence[Story], section: Section) -> str:
        """Return the rows of a list of stories."""

    @abstractmethod
    def paper_rows(self, papers: Sequence[Paper], section: Section) -> str:
        """Return the rows of a list of documents."""

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
            older = self.section_address(section, page + 1)
            links.append(f'<a rel="next" class="sau" href="{older}">Sau</a>')
        return f'<div class="phan-trang">{"".join(links)}</div>'

    def inquiry_rows(self, inquiries: Sequence[Inquiry], day: date) -> str:
        """Return the questions, each with its answer where there is one by that day."""
        return "".join(self._inquiry(inquiry, day) for inquiry in inquiries) or EMPTY

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
            f'{escape(inquiry.title)}</h3>{asked}<p class="noi-dung-hoi">{escape(inquiry.question)}</p>'
            f"{answer}</div>"
        )

    def week_rows(self, weeks: Sequence[Week]) -> str:
        """Return the leaders' schedule, one row a week."""
        if not weeks:
            return EMPTY
        rows = "".join(
            f'<tr class="tuan" id="tuan-{week.number}"><td class="thoi-gian">{escape(week.title)}</td>'
            f'<td class="noi-dung">{"<br>".join(escape(e) for e in week.entries)}</td></tr>'
            for week in weeks
        )
        return f'<table class="lich-cong-tac"><tr><th>Thời gian</th><th>Nội dung</th></tr>{rows}</table>'

    # --- single pages -------------------------------------------------------------------------------

    @abstractmethod
    def story_main(self, story: Story, day: date) -> str:
        """Return the main part of a story's page."""

    @abstractmethod
    def paper_main(self, paper: Paper, day: date) -> str:
        """Return the main part of a document's page."""

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

    def english_page(self, page: Page) -> str:
        """Return the English page whole: its frame speaks English too."""
        blocks = "".join(self._block(tag, text, page) for tag, text in page.blocks)
        return (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(page.heading)}</title></head><body>"
            '<header><a href="/">Home</a> Province of Hoa Ban</header>'
            f'<main class="noi-dung-chinh"><h1>{escape(page.heading)}</h1>{blocks}</main>'
            "<footer>A simulated office (mô phỏng).</footer></body></html>"
        )

    def _block(self, tag: str, text: str, page: Page) -> str:
        match tag:
            case "p" | "h2" | "li":
                return f"<{tag}>{escape(text)}</{tag}>"
            case "row":
                cells = "".join(f"<td>{escape(cell)}</td>" for cell in text.split("|"))
                return f"<table><tr>{cells}</tr></table>"
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
            path, words = text.split("|")
            return f'<p><a href="{self.service_portal}{path}">{escape(words)}</a></p>'
        label = ' aria-label="Nội dung thư"' if self.is_accessible else ""
        return (
            f'<form method="post" action="/gui-thu"><p>{escape(text)}</p>'
            f'<textarea name="noi-dung"{label}></textarea><button>Gửi</button></form>'
        )

    def home_main(self, day: date) -> str:
        """Return the home page's own part: two boxes of latest things."""
        stories = self.latest_news(day, BOX + 2)
        papers = [p for p in reversed(self.portal.papers) if p.visible_on(day)][:BOX]
        news = "".join(
            f'<li class="tin-trang-chu"><a href="{self.story_address(s)}">{escape(s.title)}</a></li>'
            for s in stories
        )
        shelf = "".join(
            f'<li class="vb-trang-chu"><a href="{self.paper_address(p)}">'
            f"{escape(self.paper_title(p))}</a></li>"
            for p in papers
        )
        return (
            f'<h1 class="ten-trang">{escape(self.agency.name)}</h1>'
            f"<section><h2>Vừa đăng</h2><ul>{news}</ul></section>"
            f"<section><h2>Vừa ban hành</h2><ul>{shelf}</ul></section>"
        )
