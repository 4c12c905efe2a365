"""One sitting at the browser: a window of a real Chromium that a person drives, every page sealed redacted.

The person is logged in as themselves and asks for themselves: no robots.txt, pace or guard of ours stands
between. Nothing is kept of the browser afterwards: its profile is made for the sitting and thrown away.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from collectors import chromium
from collectors.manual import page_scripts
from collectors.manual.masking import take
from collectors.manual.redactor import Redactor
from collectors.manual.watch import Watch
from minhchung.clock import Clock
from minhchung.evidence import AgencyCode, EvidenceRecord, Exchange, RunId
from minhchung.ports import Recorder
from minhchung.sightings import MANUAL, SeenPage, Window

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Playwright

_HTML: Final = "text/html; charset=utf-8"
_START_SECONDS: Final = 30.0
_QUIET: Final = 0.6
"""Seconds after a page has loaded before it is sealed."""

_ENOUGH: Final = 2000
"""Pages of one sitting, at most."""


class WindowError(Exception):
    """The window could not be opened, or is gone; the message is for people, Vietnamese."""


def without_screen(environ: Mapping[str, str]) -> str:
    """Return why no window can be shown on this machine, Vietnamese; empty where one can."""
    if sys.platform == "linux" and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return (
            "máy này không có màn hình (DISPLAY và WAYLAND_DISPLAY đều trống); chạy lệnh trên máy bàn của "
            "thẩm định viên, hoặc qua màn hình ảo có người xem: xvfb-run -a minhchung observe …"
        )
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Whose sitting it is, and how the window opens."""

    agency: AgencyCode
    run: RunId
    url: str
    window: Window = "screen"
    proxy: str = ""


class Sitting:
    """A window and what was sealed of it so far."""

    def __init__(
        self,
        order: Order,
        recorder: Recorder,
        clock: Clock,
        redactor: Redactor,
        on_page: Callable[[SeenPage], None],
    ) -> None:
        """Open nothing yet; `on_page` is told of every page before it is committed."""
        self._order, self._recorder, self._clock, self._redactor = order, recorder, clock, redactor
        self.mark = f"--minhchung-run={uuid4()}"
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._watch: Watch | None = None
        self._page: Page | None = None
        self._one_at_a_time = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._on_page = on_page
        self._sealed_pages = 0
        self._told: Counter[str] = Counter()
        """What was taken out and is named with a page already."""

        self.gone = asyncio.Event()
        """The person has closed the window."""

    @property
    def page(self) -> Page:
        """The window that the person looks at: the one opened last."""
        if self._page is None:
            raise WindowError("cửa sổ trình duyệt chưa mở hoặc đã đóng")
        return self._page

    async def open(self) -> None:
        """Open the window at the address; raises WindowError."""
        from playwright.async_api import Error, async_playwright

        found = chromium.find_browser()
        if found is None:
            raise WindowError("máy này không có Chromium; cài gói chromium, hoặc đặt MINHCHUNG_BROWSER")
        self._playwright = await async_playwright().start()
        try:
            self._browser = await self._playwright.chromium.launch(
                executable_path=found,
                headless=self._order.window == "none",
                # Chromium refuses its sandbox to root; containers run as root.
                chromium_sandbox=os.geteuid() != 0 if hasattr(os, "geteuid") else True,
                args=[*chromium.QUIET, self.mark],
                proxy={"server": self._order.proxy} if self._order.proxy else None,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=_START_SECONDS * 1000,
            )
            context = await self._browser.new_context(
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
                service_workers="block",
                accept_downloads=False,
                no_viewport=self._order.window == "screen",
            )
        except Error as exc:
            await self.close()
            raise WindowError(f"không mở được cửa sổ trình duyệt: {exc.message.splitlines()[0]}") from exc
        await context.add_init_script(page_scripts.OPEN_SHADOWS)
        self._watch = Watch(context, self._redactor, self._clock)
        context.on("page", self._take_over)
        page = await context.new_page()
        with contextlib.suppress(Error):  # an address that does not answer is seen by the person, and sealed
            await page.goto(self._order.url, wait_until="load", timeout=_START_SECONDS * 1000)

    def _take_over(self, page: Page) -> None:
        """Look at a window that has opened, as long as it is there."""
        self._page = page
        page.on("domcontentloaded", lambda _: self._look_for_password(page))
        page.on("load", lambda _: self._soon(page))
        page.on("close", lambda _: self._closed(page))

    def _closed(self, page: Page) -> None:
        left = [each for each in page.context.pages if each is not page]
        self._page = left[-1] if left else None
        if not left:
            self.gone.set()

    def _soon(self, page: Page) -> None:
        async def seal() -> None:
            await asyncio.sleep(_QUIET)
            await self._seal(page)

        self._begin(seal())

    def _look_for_password(self, page: Page) -> None:
        """Find out at once whether a page asks for a password: what is sent from it may be one."""
        from playwright.async_api import Error

        async def find() -> None:
            with contextlib.suppress(Error):
                url = page.url
                shown = await page.evaluate("() => !!document.querySelector('input[type=password]')")
                self._watch_passwords(url, shown=shown is True)

        self._begin(find())

    def _begin(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until the pages that have loaded are sealed."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def seal_page(self) -> SeenPage | None:
        """Seal the page as it stands now, with what was exchanged; None where it is no web page."""
        await self.settle()
        return await self._seal(self.page)

    async def _seal(self, page: Page) -> SeenPage | None:
        from playwright.async_api import Error

        async with self._one_at_a_time:
            if page.is_closed() or self._sealed_pages >= _ENOUGH or self._watch is None:
                return None
            try:
                await self._watch.settle()
                await self._learn_sessions(page)
                self._watch.learn()
                taken = await take(page, self._redactor)
            except Error:
                taken = None
            if taken is not None and taken.documents:
                self._watch_passwords(page.url, shown=taken.documents[0].password)
            self._seal_exchanges()
            seen = None
            if taken is not None and taken.documents:
                seen = self._sealed(
                    taken.documents[0].url, taken.documents[0].html, taken.picture, taken.withheld
                )
                for frame in taken.documents[1:]:
                    self._sealed(frame.url, frame.html, b"", "khung trong trang: hình ở trang chứa nó")
            self._recorder.commit()
            return seen

    def _watch_passwords(self, url: str, *, shown: bool) -> None:
        if shown and self._watch is not None:
            self._watch.password_pages.update((url, url.partition("#")[0]))

    async def _learn_sessions(self, page: Page) -> None:
        from playwright.async_api import Error

        with contextlib.suppress(Error):
            kept = await page.evaluate("() => Object.entries(sessionStorage)")
            for name, value in kept if isinstance(kept, list) else ():
                if self._watch is not None:
                    self._watch.learn_stored(str(name), str(value))

    def _seal_exchanges(self) -> None:
        if self._watch is None:
            return
        order = self._order
        for each in self._watch.redacted():
            if isinstance(each, Exchange):
                self._recorder.exchange(each, agency=order.agency, source=MANUAL, run=order.run)
            else:
                self._recorder.failure(each, agency=order.agency, source=MANUAL, run=order.run)

    def _sealed(self, url: str, html: str, picture: bytes, withheld: str) -> SeenPage:
        at = self._clock.now()
        document = html.encode("utf-8", "replace")
        dom = self._keep(document, url, _HTML, "dom-snapshot", None)
        shot = self._keep(picture, url, "image/jpeg", "screenshot", dom) if picture else None
        seen = SeenPage(
            url=url,
            at=at,
            dom=dom.id,
            dom_sha256=sha256(document).hexdigest(),
            picture=shot.id if shot is not None else "",
            picture_sha256=sha256(picture).hexdigest() if picture else "",
            withheld=withheld,
            redacted=self._taken_out(),
        )
        self._sealed_pages += 1
        self._on_page(seen)
        return seen

    def _taken_out(self) -> dict[str, int]:
        """Return what was taken out since the last page."""
        since = self._redactor.counts - self._told
        self._told = Counter(self._redactor.counts)
        return dict(sorted(since.items()))

    def _keep(
        self, body: bytes, url: str, content_type: str, kind: str, beside: EvidenceRecord | None
    ) -> EvidenceRecord:
        return self._recorder.resource(
            body,
            url=url,
            content_type=content_type,
            agency=self._order.agency,
            source=MANUAL,
            run=self._order.run,
            kind=kind,
            captured_at=self._clock.now(),
            concurrent_to=beside.id if beside is not None else None,
        )

    async def close(self) -> None:
        """Seal what waits, close the window and throw its profile away."""
        await self.settle()
        if self._watch is not None:
            await self._watch.settle()
            self._seal_exchanges()
            self._recorder.commit()
            self._watch = None
        browser, self._browser = self._browser, None
        playwright, self._playwright = self._playwright, None
        for part in (browser.close if browser else None, playwright.stop if playwright else None):
            if part is not None:
                with contextlib.suppress(Exception):  # what does not close is ended
                    await asyncio.wait_for(part(), 10.0)
        chromium.end(self.mark)
