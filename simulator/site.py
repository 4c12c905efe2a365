"""One portal on one day: which addresses exist, and the page behind each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from functools import partial
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode

from simulator import extras
from simulator.files import ERROR_PAGE, pdf, png
from simulator.http import Request, Response
from simulator.looks import open_look
from simulator.looks.base import CHART_SIZE, Look
from simulator.model import Inquiry, Page, Paper, Portal, Section, Shown, Story, Week

VIETNAM: Final = timezone(timedelta(hours=7))
PDF: Final = "application/pdf"
PNG: Final = "image/png"
Maker = Callable[[], Response]

_BLOCK_PAGE: Final = (
    "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. "
    "Please consult with your administrator.<br><br>Your support ID is: 1234567890123456789</body></html>"
)


def route_of(path: str, query: str) -> str:
    """Return the key of an address: its parameters sorted."""
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return f"{path}?{urlencode(pairs)}" if pairs else path


class PortalSite:
    """Answers the requests of one agency's port; what exists depends on the day alone."""

    def __init__(self, portal: Portal, origin: str, service_portal: str) -> None:
        self._portal = portal
        self._origin = origin
        self._look = open_look(portal, service_portal)
        self._day: date | None = None
        self._routes: dict[str, Maker] = {}

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        if "block-page" in self._portal.agency.temper:
            return Response(status=200, body=_BLOCK_PAGE.encode())
        if request.day != self._day:
            self._open(request.day)
        if request.method == "POST" and (answer := self._posted(request)):
            return answer
        if request.path == self._look.search_address() and (asked := self._asked(request)) is not None:
            return self._html(extras.search_answer(self._look, asked, request.day))
        make = self._routes.get(route_of(request.path, request.query))
        if make is None:
            main = '<h1 class="tieu-de">Không tìm thấy trang</h1><p>Địa chỉ không tồn tại.</p>'
            return self._html(self._look.frame("Không tìm thấy trang", main, request.day), status=404)
        return make()

    def _posted(self, request: Request) -> Response | None:
        """Answer a form: a search, or a postback that asks for another page of a list."""
        form = request.form()
        if request.path == self._look.search_address() and self._look.search_field in form:
            return self._html(extras.search_answer(self._look, form[self._look.search_field], request.day))
        if (turn := self._look.turn_of(request.path, request.query, form)) is None:
            return None
        section, page = turn
        return self._list(section, page, request.day)

    def _asked(self, request: Request) -> str | None:
        if self._portal.plan["tim_kiem"] == "absent":
            return None
        return request.parameters().get(self._look.search_field)

    # --- the addresses of a day ---------------------------------------------------------------------

    def _open(self, day: date) -> None:
        self._day = day
        routes: dict[str, Maker] = {}
        look, portal = self._look, self._portal
        routes["/"] = partial(self._home, day)
        for section in portal.sections:
            for number in range(1, look.pages_of(section, day) + 1):
                # a list that turns its pages by postback has one address: its first page's
                key = self._key(look.section_address(section, number))
                routes.setdefault(key, partial(self._list, section, number, day))
        for story in portal.stories:
            if story.visible_on(day):
                routes[self._key(look.story_address(story))] = partial(self._story, story, day)
        for paper in portal.papers:
            if paper.visible_on(day):
                routes[self._key(look.paper_address(paper))] = partial(self._paper, paper, day)
                routes.update(self._paper_file(paper))
        for page in portal.pages:
            routes[self._key(look.page_address(page))] = partial(self._page, page, day)
            file = pdf(f"{portal.agency.code} {page.key}")
            routes[look.page_file_address(page)] = partial(self._file, file, PDF)
        routes.update(self._pictures())
        for path, maker, kind in extras.extra_pages(look, self._origin):
            routes[path] = partial(self._text, maker, kind, day)
        self._routes = routes

    @staticmethod
    def _key(address: str) -> str:
        path, _, query = unquote(address).partition("?")
        return route_of(path, query)

    def _paper_file(self, paper: Paper) -> dict[str, Maker]:
        address = unquote(self._look.file_address(paper))
        if paper.file in ("none", "missing"):
            return {}
        if paper.file == "html":
            return {address: partial(self._file, ERROR_PAGE, PDF)}
        text = "mau trong" if paper.file == "template" else f"{paper.true_code} {paper.title}"
        return {address: partial(self._file, pdf(text), PDF)}

    def _pictures(self) -> dict[str, Maker]:
        sizes = {
            "/upload/logo.png": (120, 120),
            "/upload/co-en.png": (24, 16),
            "/upload/banner-cds.png": (300, 90),
            "/upload/dvc.png": (300, 80),
            self._look.chart_address(): CHART_SIZE,
            **{f"/upload/anh/{n}.png": (480 + n, 300) for n in range(5)},
        }
        shades = {path: 120 + 9 * n for n, path in enumerate(sizes)}
        return {path: partial(self._file, png(*size, shades[path]), PNG) for path, size in sizes.items()}

    # --- responses ----------------------------------------------------------------------------------

    def _html(self, text: str, status: int = 200, changed: date | None = None) -> Response:
        headers = (("Last-Modified", http_day(changed)),) if changed else ()
        return Response(status=status, body=text.encode(), headers=headers)

    def _file(self, body: bytes, kind: str) -> Response:
        headers = (("Last-Modified", http_day(date(2020, 6, 1))),)
        return Response(status=200, body=body, content_type=kind, headers=headers)

    def _text(self, maker: Callable[[date], str], kind: str, day: date) -> Response:
        return Response(status=200, body=maker(day).encode(), content_type=kind)

    def _home(self, day: date) -> Response:
        title = f"{self._portal.agency.name} - Trang thông tin điện tử (mô phỏng)"
        return self._html(self._look.frame(title, self._look.home_main(day), day))

    def _titled(self, heading: str, main: str, day: date, trail: Sequence[tuple[str, str]]) -> str:
        return self._look.frame(f"{heading} - {self._portal.agency.name}", main, day, trail)

    def _list(self, section: Section, number: int, day: date) -> Response:
        look = self._look
        shown = look.shown_in(section, day)
        if section.kind not in ("question", "schedule"):
            shown = shown[(number - 1) * look.page_size : number * look.page_size]
        rows = _rows(look, section, shown, day)
        pager = look.pager(section, number, look.pages_of(section, day))
        main = f'<h1 class="tieu-de">{section.heading}</h1>{rows}{pager}'
        trail = [(look.section_address(section), section.heading)]
        return self._html(self._titled(section.heading, main, day, trail))

    def _story(self, story: Story, day: date) -> Response:
        section = self._portal.section(story.lists[0])
        trail = [(self._look.section_address(section), section.heading)]
        text = self._titled(story.title, self._look.story_main(story, day), day, trail)
        return self._html(text, changed=story.posted)

    def _paper(self, paper: Paper, day: date) -> Response:
        section = self._portal.section(paper.lists[0])
        trail = [(self._look.section_address(section), section.heading)]
        text = self._titled(paper.title, self._look.paper_main(paper, day), day, trail)
        return self._html(text, changed=paper.posted)

    def _page(self, page: Page, day: date) -> Response:
        if page.is_english:
            return self._html(self._look.english_page(page))
        trail = [(self._look.page_address(page), page.heading)]
        return self._html(self._titled(page.heading, self._look.page_main(page), day, trail))


def _rows(look: Look, section: Section, shown: Sequence[Shown], day: date) -> str:
    """Return the rows of a list by the kind of what it shows."""
    match section.kind:
        case "document":
            return look.paper_rows([thing for thing in shown if isinstance(thing, Paper)], section)
        case "question":
            return look.inquiry_rows([thing for thing in shown if isinstance(thing, Inquiry)], day)
        case "schedule":
            return look.week_rows([thing for thing in shown if isinstance(thing, Week)])
        case "news" | "article":
            return look.story_rows([thing for thing in shown if isinstance(thing, Story)], section)


def http_day(day: date) -> str:
    """Return the morning of a day as an HTTP date."""
    morning = datetime.combine(day, time(7), tzinfo=VIETNAM)
    return format_datetime(morning.astimezone(UTC), usegmt=True)
