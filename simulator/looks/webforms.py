"""ASP.NET portals: grids that turn their pages by postback, with hidden fields that must be carried along."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import ClassVar, Final
from urllib.parse import parse_qsl

from simulator.looks.base import EMPTY, Look
from simulator.looks.frame import dmy, minute_of
from simulator.model import Page, Paper, Section, Story
from simulator.words import slug

_NEWS_GRID: Final = "ctl00$cphNoiDung$grvTinBai"
_PAPER_GRID: Final = "ctrl_191017_163$grvDocument"
_WINDOW: Final = 10
"""Pages that a pager shows, and so the furthest that one postback can go."""

_STATE_PADDING: Final = 1200
_SCRIPT: Final = (
    "<script>function __doPostBack(t,a){var f=document.getElementById('aspnetForm');"
    "f.__EVENTTARGET.value=t;f.__EVENTARGUMENT.value=a;f.submit();}</script>"
)


class Webforms(Look):
    """`/danh-muc.aspx?catid=36`, `/chi-tiet.aspx?id=…`, `/van-ban.aspx?docid=…`."""

    suffix: ClassVar[str] = ".aspx"
    search_field: ClassVar[str] = "txtTuKhoa"
    search_method: ClassVar[str] = "post"

    def section_address(self, section: Section, page: int = 1) -> str:
        """Return the list's only address: its further pages have none."""
        return f"/danh-muc.aspx?catid={self._category(section.key)}"

    def _category(self, key: str) -> int:
        return next(n for n, section in enumerate(self.portal.sections, start=36) if section.key == key)

    def new_story_address(self, story: Story) -> str:
        """Return the address with the item's id."""
        return f"/chi-tiet.aspx?id={story.number}"

    def paper_address(self, paper: Paper) -> str:
        """Return the address with the document's id."""
        return f"/van-ban.aspx?docid={paper.number}"

    def page_address(self, page: Page) -> str:
        """Return the address of a static page."""
        return "/en.aspx" if page.is_english else f"/{slug(page.heading)}.aspx"

    def turn_of(self, path: str, query: str, form: Mapping[str, str]) -> tuple[Section, int] | None:
        """Return the page that a postback leads to: page 1 when its hidden fields are missing or stale."""
        category = dict(parse_qsl(query)).get("catid", "")
        section = next((s for s in self.portal.sections if str(self._category(s.key)) == category), None)
        if path != "/danh-muc.aspx" or section is None:
            return None
        wanted = form.get("__EVENTARGUMENT", "").removeprefix("Page$")
        held = self._page_held(section, form)
        if form.get("__EVENTTARGET") != _grid(section) or not wanted.isdecimal() or held is None:
            return section, 1
        page = int(wanted)
        return section, page if 0 < page <= held + _WINDOW else 1

    def _page_held(self, section: Section, form: Mapping[str, str]) -> int | None:
        """Return the page whose hidden fields came back, or None when they are not this list's own."""
        for page in range(1, _WINDOW * _WINDOW):
            if form.get("__VIEWSTATE") == self._state(section, page):
                return page if form.get("__EVENTVALIDATION") == self._validation(section, page) else None
        return None

    def _state(self, section: Section, page: int) -> str:
        words = f"{self.agency.code}|{section.key}|{page}|".encode()
        seal = hashlib.sha256(words).digest()
        return base64.b64encode(words + (seal * (_STATE_PADDING // len(seal)))).decode()

    def _validation(self, section: Section, page: int) -> str:
        seal = hashlib.sha256(f"validation/{self.agency.code}/{section.key}/{page}".encode())
        return base64.b64encode(seal.digest()).decode()

    def pager(self, section: Section, page: int, pages: int) -> str:
        """Return the grid's pager and the hidden fields of this very answer."""
        if section.kind in ("question", "schedule"):
            return ""
        grid = _grid(section)
        numbers = range(max(1, page - 4), min(pages, page + _WINDOW - 1) + 1)
        cells = "".join(
            f"<td><span>{n}</span></td>"
            if n == page
            else f"<td><a href=\"javascript:__doPostBack('{grid}','Page${n}')\">{n}</a></td>"
            for n in numbers
        )
        hidden = {
            "__EVENTTARGET": "",
            "__EVENTARGUMENT": "",
            "__VIEWSTATE": self._state(section, page),
            "__VIEWSTATEGENERATOR": "CA0B0334",
            "__EVENTVALIDATION": self._validation(section, page),
            "hidIsSearch": "0",
        }
        fields = "".join(f'<input type="hidden" name="{k}" id="{k}" value="{v}">' for k, v in hidden.items())
        address = escape(self.section_address(section))
        return (
            f'<form method="post" action="{address}" id="aspnetForm">{fields}'
            f'<table class="grid-pager"><tr>{cells}</tr></table></form>{_SCRIPT}'
        )

    def story_rows(self, stories: Sequence[Story], section: Section) -> str:
        """Return the grid of news."""
        rows = "".join(
            f'<tr class="grid-row"><td><a class="tieu-de-tin" href="{self.story_address(s)}">'
            f"{escape(s.title)}</a>"
            + (f'<span class="ngay-dang">{_stamp(s)}</span>' if s.printed else "")
            + "</td></tr>"
            for s in stories
        )
        return f'<table id="{_NEWS_GRID.replace("$", "_")}" class="grid">{rows}</table>' if rows else EMPTY

    def paper_rows(self, papers: Sequence[Paper], section: Section) -> str:
        """Return the grid of documents."""
        rows = "".join(
            f'<tr class="grid-row"><td><span class="code"><a href="{self.paper_address(p)}">'
            f"{escape(p.code)}</a></span></td>"
            f'<td><span class="issued-date">{dmy(p.issued) if p.issued else ""}</span></td>'
            f'<td><a href="{self.paper_address(p)}"><span class="substract">{escape(p.abstract)}</span></a>'
            f'<div class="bl-doc-file">{self.file_link(p)}</div></td></tr>'
            for p in papers
        )
        head = "<tr><th>Số ký hiệu</th><th>Ngày ban hành</th><th>Trích yếu</th></tr>"
        grid = _PAPER_GRID.replace("$", "_")
        return f'<table id="{grid}" class="grid">{head}{rows}</table>' if rows else EMPTY

    def story_main(self, story: Story, day: date) -> str:
        """Return title, stamp and text."""
        return (
            f'<h1 class="tieu-de-tin">{escape(story.title)}</h1>'
            f'<div class="thong-tin"><span class="ngay-dang">{_stamp(story)}</span></div>'
            f'<div class="noi-dung">{self.story_text(story)}</div>'
        )

    def paper_main(self, paper: Paper, day: date) -> str:
        """Return label cells, each followed by its value."""
        rows = "".join(
            f'<tr><td class="col1">{label}</td><td class="col2">{escape(value)}</td></tr>'
            for label, value in self.paper_facts(paper)
        )
        return (
            f'<h1 class="tieu-de-vb">{escape(paper.title)}</h1><table class="tbl-detail">{rows}</table>'
            f'<div class="bl-doc-file">{self.file_link(paper)}</div>'
        )


def _grid(section: Section) -> str:
    return _PAPER_GRID if section.kind == "document" else _NEWS_GRID


def _stamp(story: Story) -> str:
    return f"Đăng ngày: {dmy(story.printed)} {minute_of(story)}:41" if story.printed else ""
