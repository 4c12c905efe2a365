"""The browser tier: a real Chromium runs a page's scripts, but asks nobody itself.

Every request of a page is routed to us and answered with what our own fetcher brought, so that guard, pace,
robots and sealing hold for scripts as for everything else. What is not routed meets a proxy that is not
there. Playwright is imported at first need: most portals never need it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Page, Playwright, Route

SETTING: Final = "MINHCHUNG_BROWSER"
RECYCLE_AFTER: Final = 200
"""Pages after which a browser is closed and another opened: it does not give memory back."""

MOST_REQUESTS: Final = 80
"""Requests that one page's scripts may make."""

_NAMES: Final = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser")
_FLAGS: Final = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
)
_DEAD_PROXY: Final = "http://127.0.0.1:9"  # the discard port: what bypasses routing ends there
_NOT_ASKED: Final = frozenset(
    {"image", "media", "font", "websocket", "eventsource", "manifest", "ping", "other"}
)
_SECONDS: Final = 30.0
_QUIET: Final = 8.0
"""Seconds within which a page's scripts should fall silent; after that the page is taken as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request that a page's scripts make."""

    url: str
    method: str
    body: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is given to the page's scripts as the answer."""

    status: int
    content_type: str
    body: bytes


Give = Callable[[Wanted], Awaitable[Given | None]]
"""Answers a request of a page; None: it is not let out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What the scripts made of a page."""

    url: str
    """The address the page shows in the end."""

    dom: bytes
    """The document as it then stood, HTML in UTF-8."""

    version: str
    """Name and version of the browser."""


class BrowserError(Exception):
    """The browser could not be started or did not come to an end with a page."""


def find_browser() -> str | None:
    """Return the path of a Chromium: the setting, playwright's own, or one of the system's."""
    named = os.environ.get(SETTING)
    if named:
        return named if Path(named).is_file() else None
    for name in _NAMES:
        if (found := shutil.which(name)) is not None:
            return found
    for folder in (Path.home() / ".cache" / "ms-playwright", Path.home() / "Library/Caches/ms-playwright"):
        for file in sorted(folder.glob("chromium-*/chrome-*/chrome*"), reverse=True):
            if file.is_file() and os.access(file, os.X_OK):
                return str(file)
    return None


class Browser:
    """One Chromium, opened at first need; `close` leaves no process behind."""

    def __init__(self, executable: str) -> None:
        """Use the Chromium at this path."""
        self._executable = executable
        self._mark = f"--minhchung-run={uuid4()}"
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._pages = 0
        self._one_at_a_time = asyncio.Lock()

    async def render(self, url: str, user_agent: str, give: Give) -> Rendered:
        """Open a page, run its scripts, return its document; raises BrowserError."""
        async with self._one_at_a_time:
            if self._pages >= RECYCLE_AFTER:
                await self.close()
            try:
                async with asyncio.timeout(_SECONDS * 2):
                    chromium = await self._open()
                    self._pages += 1
                    return await self._render(chromium, url, user_agent, give)
            except (TimeoutError, OSError) as exc:
                await self.close()
                raise BrowserError(f"{url}: trình duyệt không kết thúc được trang: {exc!r}") from exc

    async def _open(self) -> Chromium:
        if self._chromium is not None and self._chromium.is_connected():
            return self._chromium
        from playwright.async_api import (  # imported here: it costs a tenth of a second
            Error,
            async_playwright,
        )

        self._playwright = await async_playwright().start()
        try:
            self._chromium = await self._playwright.chromium.launch(
                executable_path=self._executable,
                # Chromium refuses its sandbox to root; containers run as root.
                chromium_sandbox=os.geteuid() != 0,
                args=[*_FLAGS, self._mark],
                proxy={"server": _DEAD_PROXY, "bypass": "<-loopback>"},
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=_SECONDS * 1000,
            )
        except Error as exc:
            await self.close()
            raise BrowserError(f"không chạy được {self._executable}: {exc.message.splitlines()[0]}") from exc
        return self._chromium

    async def _render(self, chromium: Chromium, url: str, user_agent: str, give: Give) -> Rendered:
        from playwright.async_api import Error

        context = await chromium.new_context(
            user_agent=user_agent, locale="vi-VN", service_workers="block", accept_downloads=False
        )
        try:
            page = await context.new_page()
            try:
                return await self._run(context, page, url, give, chromium.version)
            except Error as exc:
                raise BrowserError(f"{url}: {exc.message.splitlines()[0]}") from exc
            finally:
                with contextlib.suppress(Error):
                    await page.close()
        finally:
            with contextlib.suppress(Error):
                await context.close()

    async def _run(self, context: BrowserContext, page: Page, url: str, give: Give, version: str) -> Rendered:
        from playwright.async_api import TimeoutError as Late

        left = MOST_REQUESTS

        async def answer(route: Route) -> None:
            nonlocal left
            left -= 1
            await _answer(route, give if left >= 0 else None)

        await context.route("**/*", answer)
        try:
            await page.goto(url, wait_until="domcontentloaded", timeout=_SECONDS * 1000)
            with contextlib.suppress(Late):  # some pages never fall silent
                await page.wait_for_load_state("networkidle", timeout=_QUIET * 1000)
            dom = await page.content()
            return Rendered(url=page.url, dom=dom.encode("utf-8", "replace"), version=f"Chromium {version}")
        finally:
            await context.unroute_all(behavior="ignoreErrors")

    async def close(self) -> None:
        """Close the browser and its driver, then end whatever of it is still there."""
        chromium, self._chromium = self._chromium, None
        playwright, self._playwright = self._playwright, None
        self._pages = 0
        try:
            if chromium is not None:
                await chromium.close()
        finally:
            try:
                if playwright is not None:
                    await playwright.stop()
            finally:
                _end_marked(self._mark)


async def _answer(route: Route, give: Give | None) -> None:
    """Answer one request of a page; styles are empty, pictures and the like are not asked for."""
    from playwright.async_api import Error

    request = route.request
    with contextlib.suppress(Error):  # the page may have gone on meanwhile
        if request.resource_type == "stylesheet":
            await route.fulfill(status=200, content_type="text/css", body="")
            return
        if give is None or request.resource_type in _NOT_ASKED:
            await route.abort("blockedbyclient")
            return
        kept = ("accept", "content-type", "x-requested-with")
        given = await give(
            Wanted(
                url=request.url,
                method=request.method,
                body=request.post_data_buffer or b"",
                headers=tuple((n, v) for n, v in request.headers.items() if n in kept),
            )
        )
        if given is None:
            await route.abort("blockedbyclient")
            return
        # Scripts may read answers of other hosts only when told so; the archive shows what was really sent.
        headers = {"content-type": given.content_type, "access-control-allow-origin": "*"}
        await route.fulfill(status=given.status, headers=headers, body=given.body)


def _end_marked(mark: str) -> None:
    """End every process that bears our mark: a browser that outlived its driver."""
    if sys.platform != "linux":
        return  # elsewhere the driver ends its children itself
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            bears = mark.encode() in (folder / "cmdline").read_bytes()
        except OSError:
            continue  # it ended while we looked, or is not ours
        if bears:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(int(folder.name), signal.SIGKILL)
