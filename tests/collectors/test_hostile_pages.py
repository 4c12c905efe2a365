"""Pages that want to keep, fill or leave the browser: each costs itself, never the visit or the machine."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator

import pytest

from collectors import chromium
from collectors.browser import Browser, BrowserError, Look, Worth
from collectors.tab import Given, State, Wanted
from minhchung.sources import BrowserLimits
from tests.collectors.worlds import Reply, World

pytestmark = pytest.mark.browser

LIMITS = BrowserLimits(page_seconds=4.0, quiet_seconds=2.0, requests_per_page=30, memory_mib=1500)
PAGE = "http://a.example/"
WORDS = "Sở Mô phỏng đăng tin về lớp tập huấn chuyển đổi số cho người dân trong bản. "


def installed() -> str:
    """Return the browser of this machine; tests of this group run only where there is one."""
    found = chromium.find_browser()
    assert found is not None
    return found


@pytest.fixture
async def opened() -> AsyncIterator[Browser]:
    """A browser under tight limits, of which nothing is left afterwards."""
    browser = Browser(installed(), LIMITS)
    try:
        yield browser
    finally:
        await browser.close()
    assert await gone(browser.mark)


async def gone(mark: str) -> bool:
    """Say whether the browser's processes end; the kernel may take a moment to bury them."""
    for _ in range(100):
        if not chromium.processes_of(mark):
            return True
        await asyncio.sleep(0.05)
    return False


async def shown(browser: Browser, script: str, asked: list[str] | None = None) -> str:
    """Return what a page of this script comes to show."""

    async def give(wanted: Wanted) -> Given | None:
        if asked is not None:
            asked.append(wanted.url)
        body = f"<p>{WORDS}</p><script>{script}</script>".encode()
        return Given(status=200, content_type="text/html; charset=utf-8", body=body)

    return (await browser.render(PAGE, "minhchung", give)).state.dom.decode()


HARMLESS = {
    "dialogs": "for (let n = 0; n < 1e5; n++) { alert(n); confirm(n); prompt(n); }",
    "windows": "for (let n = 0; n < 500; n++) window.open('/' + n);",
    "downloads": """for (let n = 0; n < 20; n++) { const a = document.createElement('a'); a.download = 'x';
        a.href = URL.createObjectURL(new Blob(['x'.repeat(1e6)])); a.click(); }""",
    "leaving": "addEventListener('beforeunload', (e) => { e.preventDefault(); e.returnValue = 'stay'; });",
    "permissions": """const told = () => document.body.append('GRAN', 'TED');
        navigator.geolocation.getCurrentPosition(told);
        Notification.requestPermission().then((p) => p === 'granted' && told());""",
    "frames": """for (let n = 0; n < 3; n++) { const frame = document.createElement('iframe');
        frame.srcdoc = '<script>for (let n = 0; n < 1e4; n++) { alert(1); top.alert(1); }<' + '/script>';
        document.body.append(frame); }""",
    "printing": "print(); window.print();",
    "asking": "setInterval(() => fetch('/again?' + Math.random()), 20);",
    "growing": "setInterval(() => document.body.append('chữ '), 20);",
    "lying": "Object.defineProperty(document, 'links', {get: () => { throw 1; }}); Array.from = null;",
}
"""Scripts that go on for ever, or ask a person, beside a page that is there."""


@pytest.mark.parametrize("name", HARMLESS)
async def test_a_page_that_asks_or_goes_on_for_ever_is_taken_as_it_stands(opened: Browser, name: str) -> None:
    """Nobody answers a dialog; what never falls silent is read after `quiet_seconds`."""
    asked: list[str] = []

    document = await shown(opened, HARMLESS[name], asked)

    assert "Sở Mô phỏng" in document
    assert "GRANTED" not in document
    assert len(asked) <= LIMITS.requests_per_page


DEADLY = {
    "loop": "while (true) {}",
    "late loop": "setTimeout(() => { while (true) {} }, 50);",
    "memory": "const all = []; while (true) all.push(new Array(1e6).fill(Math.random()));",
    "document": "setTimeout(() => { document.body.innerHTML = 'chữ'.repeat(6e6); }, 1);",
}
"""Scripts after which there is nothing to read."""


@pytest.mark.parametrize("name", DEADLY)
async def test_a_page_that_does_not_end_ends_and_the_next_one_is_read(opened: Browser, name: str) -> None:
    """The browser is ended with the page, and another one is started for the next."""
    with pytest.raises(BrowserError):
        await shown(opened, DEADLY[name])

    assert "Sở Mô phỏng" in await shown(opened, "")


async def test_a_page_that_eats_memory_is_ended_or_was_read_before(opened: Browser) -> None:
    """How fast it eats is the machine's business; either way the next page is read."""
    eating = "const all = []; setInterval(() => all.push(new Uint8Array(3e7).fill(7)), 1);"
    try:
        document = await shown(opened, eating)
    except BrowserError:
        document = WORDS

    assert "Sở Mô phỏng" in document
    assert "Sở Mô phỏng" in await shown(opened, "")


async def test_sockets_workers_and_prefetches_reach_nobody(opened: Browser) -> None:
    """What a browser sends by other ways than requests ends at a proxy that is not there."""
    async with World({"/": Reply("x"), "/w.js": Reply("fetch('/mat')", type="text/javascript")}) as inner:
        url, place = inner.url("/"), f"127.0.0.1:{inner.port}"
        script = f"""
          document.head.innerHTML += '<link rel=preconnect href="{url}"><link rel=dns-prefetch href="{url}">'
            + '<link rel=prerender href="{url}"><link rel=prefetch href="{url}">'
            + '<link rel=modulepreload href="{url}">';
          new WebSocket('ws://{place}/'); new EventSource('{url}'); navigator.sendBeacon('{url}', 'x');
          navigator.serviceWorker && navigator.serviceWorker.register('/w.js').catch(() => 0);
          const work = "fetch('{url}'); new WebSocket('ws://{place}/')";
          try {{ new Worker(URL.createObjectURL(new Blob([work]))); }} catch {{}}
          const peer = new RTCPeerConnection({{iceServers: [{{urls: 'turn:{place}?transport=tcp',
            username: 'u', credential: 'c'}}]}});
          peer.createDataChannel('x'); peer.createOffer().then((o) => peer.setLocalDescription(o));
          const form = document.createElement('form'); form.action = '{url}'; form.method = 'post';
          form.target = 'f'; document.body.append(form);"""

        async def give(wanted: Wanted) -> Given | None:
            here = wanted.url.startswith(PAGE)
            body = f"<p>{WORDS}</p><iframe name=f></iframe><script>{script}</script>".encode()
            return Given(status=200, content_type="text/html; charset=utf-8", body=body) if here else None

        rendered = await opened.render(PAGE, "minhchung", give)
        await asyncio.sleep(1.0)

        assert "Sở Mô phỏng" in rendered.state.dom.decode()
        assert inner.connections == 0


async def test_two_hundred_pages_leave_no_process_behind() -> None:
    """Recycled by count: never more processes than one browser has, and none at the end."""
    browser = Browser(installed(), BrowserLimits(recycle_pages=50))
    most, starts = 0, set[int]()

    async def give(wanted: Wanted) -> Given | None:
        return Given(status=200, content_type="text/html", body=f"<p>{wanted.url} {WORDS}</p>".encode())

    try:
        for n in range(200):
            rendered = await browser.render(f"{PAGE}{n}", "minhchung", give, visitor=str(n // 10))
            assert f"{PAGE}{n}".encode() in rendered.state.dom
            family = chromium.processes_of(browser.mark)
            most = max(most, len(family))
            starts.add(min(family))
    finally:
        await browser.close()

    assert len(starts) == 4
    assert most < 30
    assert await gone(browser.mark)


async def test_a_browser_is_recycled_by_age_and_by_memory() -> None:
    """It gives nothing back: one that is old or large is closed before the next page."""
    for limits in (BrowserLimits(recycle_minutes=0.0), BrowserLimits(memory_mib=16)):
        browser = Browser(installed(), limits)
        starts: list[int] = []
        try:
            for _ in range(3):
                # A page that is slow may be given up for its size, and the browser with it.
                with contextlib.suppress(BrowserError):
                    await shown(browser, "")
                    starts.append(min(chromium.processes_of(browser.mark)))
        finally:
            await browser.close()
        assert len(set(starts)) == len(starts)
        assert await gone(browser.mark)


async def test_what_is_cancelled_leaves_nothing_either(opened: Browser) -> None:
    """A visit that is stopped in the middle of a page takes the browser with it."""
    task = asyncio.create_task(shown(opened, "while (true) {}"))
    until = time.monotonic() + 60
    while not chromium.processes_of(opened.mark) and time.monotonic() < until:
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await opened.close()

    assert await gone(opened.mark)


async def test_a_list_is_turned_on_by_scrolling_by_a_button_and_by_number(opened: Browser) -> None:
    """Whatever brings rows is kept to; what brings none ends the list."""
    ways = {
        "button": "const b = document.createElement('button'); b.textContent = 'Xem thêm tin';"
        " b.onclick = () => { more(); if (n > 4) b.remove(); }; document.body.append(b); more();",
        "scroll": "more(); more(); more(); addEventListener('scroll', () => n < 9 && more());",
        "number": "const p = document.createElement('div'); for (let k = 1; k < 5; k++) {"
        " const a = document.createElement('a'); a.href = 'javascript:void(0)'; a.textContent = k;"
        " a.onclick = () => { u.innerHTML = ''; n = k - 1; more(); }; p.append(a); }"
        " document.body.append(p); more();",
    }
    for name, script in ways.items():
        met: set[str] = set()

        def see(state: State, met: set[str] = met) -> Worth:
            rows = set(re.findall(r'<li id="([^"]*)"', state.dom.decode()))
            fresh = rows - met
            met |= rows
            return "more" if fresh else "nothing"

        body = (
            f"<p>{WORDS}</p><ul id=u></ul><script>let n = 0; const u = document.getElementById('u');"
            " function more() { n++;"
            " for (let k = 0; k < 5; k++) u.innerHTML += `<li id=r${n}-${k} style='height:120px'>Tin số`; }"
            f"{script}</script>"
        )

        async def give(wanted: Wanted, body: str = body) -> Given | None:
            return Given(status=200, content_type="text/html; charset=utf-8", body=body.encode())

        rendered = await opened.render(PAGE, "minhchung", give, Look(see=see))

        assert not rendered.cut
        assert len(met) == {"button": 25, "scroll": 45, "number": 20}[name], name
