"""What a page shows is what is read: shadow trees, frames of its own host, rows that lead on when pressed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from collectors import chromium
from collectors.browser import Browser, Look
from collectors.tab import Given, Wanted
from minhchung.sources import BrowserLimits

pytestmark = pytest.mark.browser

LIMITS = BrowserLimits(page_seconds=8.0, quiet_seconds=2.0, requests_per_page=30)
HOME = "http://a.example/tin"
WORDS = "Sở Mô phỏng đăng tin về lớp tập huấn chuyển đổi số cho người dân trong bản. "


@pytest.fixture
async def opened() -> AsyncIterator[Browser]:
    """A browser of which nothing is left afterwards."""
    found = chromium.find_browser()
    assert found is not None
    browser = Browser(found, LIMITS)
    try:
        yield browser
    finally:
        await browser.close()
    for _ in range(100):
        if not chromium.processes_of(browser.mark):
            break
        await asyncio.sleep(0.05)
    assert not chromium.processes_of(browser.mark)


async def document(browser: Browser, pages: dict[str, str], asked: list[str]) -> str:
    """Return the document of the home page; every further page that is asked for is noted."""

    async def give(wanted: Wanted) -> Given | None:
        asked.append(wanted.url)
        body = pages.get(wanted.url)
        html = "text/html; charset=utf-8"
        return None if body is None else Given(status=200, content_type=html, body=body.encode())

    rendered = await browser.render(HOME, "minhchung", give, Look(press=True))
    return rendered.state.dom.decode()


SHADOW = """<p>{words}</p><tin-bai><b slot="ten">Tên trong khe</b></tin-bai><script>
customElements.define("tin-bai", class extends HTMLElement { connectedCallback() {
  const tree = this.attachShadow({mode: "MODE"});
  tree.innerHTML = '<h2><slot name="ten"></slot></h2><a href="/bai/1">Tin trong bóng &amp; sáng</a>'
    + '<tin-con></tin-con><img src="/a.png" alt="x">'; } });
customElements.define("tin-con", class extends HTMLElement { connectedCallback() {
  this.attachShadow({mode: "MODE"}).innerHTML = '<i>Tầng trong cùng</i>'; } });
</script>"""


@pytest.mark.parametrize("mode", ["open", "closed"])
async def test_shadow_trees_are_read_where_they_are_shown(opened: Browser, mode: str) -> None:
    """DOM standard, 4.8: serialised mark-up leaves them out; a slot shows what was given to it."""
    page = SHADOW.replace("{words}", WORDS).replace("MODE", mode)

    seen = await document(opened, {HOME: page}, [])

    assert '<h2><b slot="ten">Tên trong khe</b></h2>' in seen
    assert '<a href="/bai/1">Tin trong bóng &amp; sáng</a>' in seen
    assert "<i>Tầng trong cùng</i>" in seen


async def test_frames_of_the_portals_own_host_are_read_and_others_are_not(opened: Browser) -> None:
    """Old portals show their lists in frames; links inside lead from where the frame stands."""
    page = f'<p>{WORDS}</p><iframe src="/khung/ds"></iframe><iframe src="http://b.example/"></iframe>'
    pages = {
        HOME: page,
        "http://a.example/khung/ds": '<ul><li><a href="bai-1">Tin trong khung</a></li></ul>',
        "http://b.example/": "<p>Quảng cáo</p>",
    }
    asked: list[str] = []

    seen = await document(opened, pages, asked)

    assert '<a href="http://a.example/khung/bai-1">Tin trong khung</a>' in seen
    assert "Quảng cáo" not in seen
    assert "http://a.example/khung/ds" in asked


ROWS = "".join(f'<li class="row" data-n="{n}">Sở mở lớp tập huấn số {n} cho cán bộ</li>' for n in range(1, 5))
GOES = {
    "navigation": "location.href = '/bai/' + row.dataset.n;",
    "router": "history.pushState({}, '', '/bai/' + row.dataset.n); show('<h1>Bài</h1>');",
    "hash": "location.hash = '#/bai/' + row.dataset.n;",
}


@pytest.mark.parametrize("way", GOES)
async def test_rows_that_lead_on_when_pressed_become_links(opened: Browser, way: str) -> None:
    """Single-page portals bind clicks to rows; what is pressed is noted, and the list is there again."""
    page = (
        f"<style>li {{ cursor: pointer }}</style><p>{WORDS}</p><div id=m></div><script>"
        "const m = document.getElementById('m');"
        "function show(html) { m.innerHTML = html; bind(); }"
        "function bind() { for (const row of m.querySelectorAll('li'))"
        f" row.addEventListener('click', () => {{ {GOES[way]} }}); }}"
        f"function list() {{ show('<ul>{ROWS}</ul>'); }}"
        "addEventListener('popstate', list); list();</script>"
    )
    asked: list[str] = []

    seen = await document(opened, {HOME: page}, asked)

    base = f"{HOME}#/bai/" if way == "hash" else "http://a.example/bai/"
    for n in range(1, 5):
        assert f'<a href="{base}{n}" data-pressed="">Sở mở lớp tập huấn số {n}' in seen
    assert not [url for url in asked if "/bai/" in url]


async def test_rows_that_lead_nowhere_are_left_as_they_are(opened: Browser) -> None:
    """A row that opens and shuts is no link; after three of them nothing more is pressed."""
    page = (
        f"<style>li {{ cursor: pointer }}</style><p>{WORDS}</p><ul>{ROWS * 5}</ul><script>let presses = 0;"
        "addEventListener('click', () => { presses++; document.title = 'pressed ' + presses; });</script>"
    )

    seen = await document(opened, {HOME: page}, [])

    assert "data-pressed" not in seen
    assert "pressed 3" in seen
