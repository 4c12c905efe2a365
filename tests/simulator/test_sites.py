"""What the portals print: every look shows the model's things, and leads nowhere that does not answer."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import unquote, urlencode, urljoin

import pytest

from simulator.almanac import CLOSE, VISITS
from simulator.http import Request, Response
from simulator.looks import open_look
from simulator.looks.base import Look
from simulator.model import Portal
from simulator.province import build_province
from simulator.site import PortalSite

PROVINCE = build_province(3234)
DAY = CLOSE[-1]
LOOKS = ("vnpt", "sharepoint", "nukeviet", "liferay", "wordpress", "webforms")
WEBFORMS = "so-tai-chinh"


def portals_of(look: str) -> list[Portal]:
    """Return the readable portals of one look."""
    return [p for p in PROVINCE.portals if p.agency.look == look and p.agency.is_readable]


def ask(site: PortalSite, address: str, day: date = DAY, form: bytes = b"") -> Response:
    """Ask for one address of a site."""
    path, _, query = address.partition("?")
    method = "POST" if form else "GET"
    return site.handle(
        Request(method=method, path=unquote(path), query=query, headers={}, body=form, day=day)
    )


def site_of(portal: Portal) -> PortalSite:
    """Open a portal."""
    return PortalSite(portal, "http://portal.example", "http://services.example")


def links_of(page: Response, base: str) -> Iterator[str]:
    """Yield the addresses on the same host that a page links to or shows."""
    for href in re.findall(r'(?:href|src)="([^"]+)"', page.body.decode()):
        target = unescape(href)
        if not target.startswith(("javascript:", "#", "http")):
            yield urljoin(base, target)


@pytest.mark.parametrize("look", LOOKS)
def test_every_link_of_a_portal_answers_but_the_files_meant_to_be_missing(look: str) -> None:
    """A walk of which more than a twentieth is unanswered would be incomplete."""
    portal = portals_of(look)[0]
    site, rendering = site_of(portal), open_look(portal, "http://services.example")
    missing = {unquote(rendering.file_address(p)) for p in portal.papers if p.file == "missing"}
    seen, todo = {"/"}, ["/"]
    while todo:
        address = todo.pop()
        answer = ask(site, address)
        assert answer.status == (404 if unquote(address) in missing else 200), address
        if answer.content_type.startswith("text/html"):
            fresh = set(links_of(answer, address)) - seen
            seen |= fresh
            todo += fresh
    stories = {rendering.story_address(s) for s in portal.stories if s.visible_on(DAY)}
    assert look == "webforms" or stories <= seen


def all_pages(site: PortalSite, first: str, day: date) -> list[str]:
    """Return the pages of a list by whatever way its pager offers."""
    pages = [ask(site, first, day).body.decode()]
    while True:
        if older := re.search(r'rel="next"[^>]*href="([^"]+)"', pages[-1]):
            pages.append(ask(site, unescape(older[1]), day).body.decode())
        elif f"Page${len(pages) + 1}'" in pages[-1]:
            form = postback(pages[-1], len(pages) + 1)
            pages.append(ask(site, first, day, form).body.decode())
        else:
            return pages


def postback(page: str, number: int, **changed: str) -> bytes:
    """Return the form that the grid's script would send for another page."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" id="[^"]+" value="([^"]*)"', page))
    target = re.findall(r"__doPostBack\('([^']+)'", page)[0]
    return urlencode(
        {**fields, "__EVENTTARGET": target, "__EVENTARGUMENT": f"Page${number}", **changed}
    ).encode()


def rows_of(page: str) -> str:
    """Return a page without the box of latest titles beside it."""
    return unescape(re.sub(r"<aside.*?</aside>", "", page))


@pytest.mark.parametrize("look", LOOKS)
def test_lists_show_what_the_model_says_on_that_day(look: str) -> None:
    """Every visible item of a list stands there, and nothing that is not visible yet or any more."""
    for portal in portals_of(look)[:2]:
        rendering, site = open_look(portal, "http://services.example"), site_of(portal)
        section = portal.sections[0]
        for day in (VISITS[0], VISITS[3]):
            pages = all_pages(site, rendering.section_address(section), day)
            assert len(pages) == rendering.pages_of(section, day)
            assert len(pages) > 1 or day == VISITS[0]
            text = "".join(map(rows_of, pages))
            for story in portal.stories:
                if section.key in story.lists:
                    shown = f'"{rendering.story_address(story)}"' in text
                    assert shown == story.visible_on(day), (story.number, day)


@pytest.mark.parametrize("look", LOOKS)
def test_a_story_page_shows_its_text_day_and_credit(look: str) -> None:
    """What the definitions count must be readable on the item's own page."""
    portal = portals_of(look)[0]
    rendering, site = open_look(portal, "http://services.example"), site_of(portal)
    for story in portal.stories[:60]:
        if not story.visible_on(DAY):
            continue
        page = rows_of(ask(site, rendering.story_address(story)).body.decode())
        assert story.title in page
        assert all(text in page for text in story.paragraphs)
        assert (story.credit in page) is True
        if story.printed:
            day = story.printed
            assert f"{day:%d/%m/%Y}" in page or f"{day.day}/{day.month}/{day.year}" in page


@pytest.mark.parametrize("look", LOOKS)
def test_a_document_page_shows_the_attributes_it_has_and_no_other(look: str) -> None:
    """HD.4 counts fields: one that the model left out must be nowhere on the page."""
    open_sites = [(site_of(portal), portal) for portal in portals_of(look)]
    shelf = [(site, portal, paper) for site, portal in open_sites for paper in portal.papers]
    assert len(shelf) > 40
    for site, portal, paper in shelf:
        rendering = open_look(portal, "http://services.example")
        page = rows_of(ask(site, rendering.paper_address(paper)).body.decode())
        assert paper.abstract in page or paper.abstract.removeprefix("Về việc") in page
        assert (paper.true_code in page) == bool(paper.code)
        assert ("Cơ quan ban hành" in page) == bool(paper.issuer)
        assert ("Ngày có hiệu lực" in page) == bool(paper.effective)
        assert ("Ngày đăng" in page) == bool(paper.printed)
        if paper.issued is None:
            assert f"{paper.true_issued:%d/%m/%Y}" not in page.replace(f"{paper.printed:%d/%m/%Y}", "")
        assert (rendering.file_address(paper) in page) == (paper.file != "none")


def test_files_are_what_they_claim_to_be_unless_meant_otherwise() -> None:
    """A good file is a PDF of a kilobyte at least; the bad ones are missing, or an error page."""
    kinds = set()
    for portal in (p for look in LOOKS for p in portals_of(look)):
        rendering, site = open_look(portal, "http://services.example"), site_of(portal)
        for paper in portal.papers:
            if paper.file == "none" or not paper.visible_on(DAY):
                continue
            kinds.add(paper.file)
            answer = ask(site, rendering.file_address(paper))
            assert answer.status == (404 if paper.file == "missing" else 200)
            good = answer.body.startswith(b"%PDF-1.4") and answer.body.endswith(b"%%EOF\n")
            assert good == (paper.file in ("pdf", "template"))
            assert paper.file != "pdf" or len(answer.body) >= 1024
    assert kinds == {"pdf", "missing", "html", "template"}


def test_a_postback_needs_the_hidden_fields_of_the_last_answer() -> None:
    """WebForms grids silently answer page 1 when the view state is stale, foreign or missing."""
    portal = PROVINCE.portal(WEBFORMS)
    rendering, site = open_look(portal, "http://services.example"), site_of(portal)
    address, other = (rendering.section_address(section) for section in portal.sections[:2])
    first = ask(site, address).body
    second = ask(site, address, form=postback(first.decode(), 2)).body
    assert second != first
    assert ask(site, address, form=postback(first.decode(), 2, __VIEWSTATE="stale")).body == first
    assert ask(site, address, form=postback(ask(site, other).body.decode(), 2)).body == first
    assert ask(site, address, form=b"__EVENTTARGET=x&__EVENTARGUMENT=Page$2").body == first
    assert ask(site, address, form=postback(first.decode(), 90)).body == first


def test_search_finds_a_title_by_its_words_and_nothing_by_nonsense() -> None:
    """HD.8's probe: rare words of a title lead to the item, a nonsense word to none."""
    for portal in PROVINCE.portals:
        if portal.plan["tim_kiem"] not in ("works", "returns-home") or not portal.agency.is_readable:
            continue
        rendering, site = open_look(portal, "http://services.example"), site_of(portal)
        story = next(s for s in portal.stories if s.visible_on(DAY))
        path = rendering.search_address()
        answers = [_search(site, path, rendering, words) for words in (story.title, "zq0123456789")]
        home = ask(site, "/").body.decode()
        if portal.plan["tim_kiem"] == "works":
            assert f'"{rendering.story_address(story)}"' in rows_of(answers[0])
            assert "Không có kết quả" in answers[1]
        else:
            assert answers == [home, home]


def _search(site: PortalSite, address: str, rendering: Look, words: str) -> str:
    asked = urlencode({rendering.search_field: words})
    if rendering.search_method == "post":
        return ask(site, address, form=asked.encode()).body.decode()
    return ask(site, f"{address}?{asked}").body.decode()


def test_accessible_portals_say_their_language_and_describe_their_pictures() -> None:
    """HD.8: an accessible page passes every test, a bare one fails by its language alone."""
    for portal in PROVINCE.portals:
        page = ask(site_of(portal), "/").body.decode()
        if "block-page" in portal.agency.temper:
            assert "Request Rejected" in page
            assert len(page) < 4096
            continue
        accessible = portal.plan["tiep_can_nguoi_khuyet_tat"] == "accessible"
        assert ('<html lang="vi">' in page) == accessible
        assert ("<marquee>" in page) != accessible
        pictures = re.findall(r"<img [^>]*>", page)
        bare = [p for p in pictures if 'alt="' not in p]
        assert bool(bare) != accessible


def test_every_page_says_that_it_is_simulated() -> None:
    """Nobody may take these pages for a real office's."""
    for look in LOOKS:
        site = site_of(portals_of(look)[0])
        assert "mô phỏng" in ask(site, "/").body.decode()


def test_an_unknown_address_is_not_found() -> None:
    """A nonsense path answers 404 with words."""
    answer = ask(site_of(PROVINCE.portal(WEBFORMS)), "/khong-co-that.aspx")
    assert answer.status == 404
    assert "Không tìm thấy" in answer.body.decode()
