"""One page in the browser: its requests are answered by us, its scripts waited for, its list turned on.

Time runs only while the page owes us something: what a request waits for our own pace is not the page's
doing. Nothing that a page answers is believed to have the form that was asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from collectors import page_document, page_turns
from minhchung.sources import BrowserLimits

if TYPE_CHECKING:
    from playwright.async_api import Browser as Program
    from playwright.async_api import Page, Route

MOST_DOCUMENT: Final = 10_000_000
"""Characters; a larger document is no page."""

MOST_ROWS: Final = 30
"""Rows without a link that are pressed on one page."""

_TRIES: Final = 2
LONGEST_WAIT: Final = 300.0
"""Seconds after which a page is given up whatever its requests wait for."""

_STEP: Final = 0.05
_STILL: Final = 0.25
"""Seconds of silence after which a page is looked at."""

_BARE: Final = 60  # characters: a page that shows no more is probably still at work
_BARE_WAIT: Final = 2.0
_PICTURE_SECONDS: Final = 15.0
_PARTS: Final = frozenset({"image", "font"})
_NEVER: Final = frozenset({"media", "websocket", "eventsource", "manifest", "ping", "other", "texttrack"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_OURS: Final = frozenset(
    {
        "accept-encoding", "accept-language", "connection", "content-length", "cookie", "host", "origin",
        "referer", "user-agent",
    }
)  # fmt: skip
"""Headers that are ours to set, or that nobody sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request that a page's scripts make."""

    url: str
    method: str
    body: bytes
    headers: tuple[tuple[str, str], ...]
    kind: str = ""
    """What it is for, in the browser's words: document script stylesheet image font xhr fetch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is given to the page's scripts as the answer."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    """Further ones that scripts may read."""


Give = Callable[[Wanted], Awaitable[Given | None]]
"""Answers a request of a page; None: it is not let out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a page shows at one moment."""

    url: str
    """The address that the page itself then shows."""

    dom: bytes
    """The document as it stood, HTML in UTF-8."""


class PageError(Exception):
    """A page did not come to an end, or to one that can be kept."""


class Tab:
    """A window in which the pages of one visit are opened one after the other, as a visitor does."""

    def __init__(self, page: Page, limits: BrowserLimits) -> None:
        """Show nothing yet."""
        self._page, self._limits = page, limits
        self._give: Give = _nothing
        self._parts = False
        self._left = self._waiting = 0
        self._pressed: str | None = None
        """Where pressing a row leads; None while nothing is pressed."""

        self._loop = asyncio.get_running_loop()
        self._end = self._loop.time()

    @classmethod
    async def new(cls, program: Program, user_agent: str, limits: BrowserLimits) -> Tab:
        """Return a window that shares nothing with any other."""
        context = await program.new_context(
            user_agent=user_agent,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            service_workers="block",
            accept_downloads=False,
            permissions=[],
        )
        tab = cls(await context.new_page(), limits)
        await context.route("**/*", tab._answer)
        await context.route_web_socket("**/*", lambda socket: socket.close())
        await context.add_init_script(page_turns.QUIET_WINDOW)
        await context.add_init_script(page_document.OPEN_SHADOWS)
        context.on("page", _shut)
        return tab

    async def open(self, url: str, give: Give, *, parts: bool) -> None:
        """Open the address, its requests answered through `give`, and let its scripts run.

        With `parts` pictures and fonts are let out too.
        """
        seconds = self._limits.page_seconds
        self._give = _nothing
        # Between two routes of one address a page would not be loaded anew.
        await self._page.goto("about:blank", timeout=seconds * 1000)
        self._give, self._parts = give, parts
        self._left = self._limits.requests_per_page
        self._end = self._loop.time() + LONGEST_WAIT
        await self._page.goto(url, wait_until="commit", timeout=seconds * 1000)
        await self.settle(self._limits.quiet_seconds)

    async def close(self) -> None:
        """Close the window."""
        from playwright.async_api import Error

        with contextlib.suppress(Error):
            await self._page.context.unroute_all(behavior="ignoreErrors")
            await self._page.context.close()

    async def settle(self, within: float) -> None:
        """Wait until the page asks for nothing and changes nothing, so many seconds of its own at most."""
        spent = still = 0.0
        before: object = None
        while spent < within:
            await asyncio.sleep(_STEP)
            if self._loop.time() > self._end:
                raise PageError("trang không lúc nào yên")
            if self._waiting:
                still = 0.0
                continue
            spent, still = spent + _STEP, still + _STEP
            if still < _STILL:
                continue
            now = await self._shown()
            bare = isinstance(now, list) and now[1:2] and isinstance(now[1], int) and now[1] < _BARE
            if now == before and now is not None and not (bare and spent < _BARE_WAIT):
                return
            before, still = now, _STILL - 2 * _STEP

    async def state(self) -> State:
        """Return what the page shows now; raises PageError where that is too large or nothing."""
        dom = await self._run(page_document.DOCUMENT, MOST_DOCUMENT)
        if not isinstance(dom, str) or not dom:
            raise PageError("tài liệu do kịch bản dựng quá lớn hoặc không đọc được")
        return State(url=self._page.url, dom=dom.encode("utf-8", "replace"))

    async def turn(self, way: str, number: int) -> bool:
        """Scroll on, ask for more or turn to the page after `number`; say whether there is a way to do so."""
        match way:
            case "scroll":
                await self._run(page_turns.SCROLL)
                done: object = True
            case "more":
                done = await self._run(page_turns.MORE, list(page_turns.MORE_WORDS))
            case _:
                done = await self._run(page_turns.NEXT, [list(page_turns.NEXT_WORDS), number])
        if done is not True:
            return False
        await self.settle(self._limits.quiet_seconds)
        return True

    async def link_rows(self) -> None:
        """Press rows that hold no link, note where each leads, come back, and lay links over them."""
        here = self._page.url
        count = await self._run(page_document.ROWS)
        found: list[tuple[int, str]] = []
        for number in range(min(count, MOST_ROWS) if isinstance(count, int) else 0):
            led = await self._press(number, here)
            if led is None or (number >= _TRIES and not found):
                break
            if led:
                found.append((number, led))
        if found:
            await self._run(page_document.LINKED, found)

    async def _press(self, number: int, here: str) -> str | None:
        """Return where a row leads, empty for nowhere; None where the page is not what it was afterwards."""
        from playwright.async_api import Error

        self._pressed = ""
        try:
            if await self._run(page_document.PRESS, number) is not True:
                return None
            await self.settle(self._limits.quiet_seconds)
            led = self._pressed or (self._page.url if self._page.url != here else "")
        finally:
            self._pressed = None
        if self._page.url == here:
            return led
        with contextlib.suppress(Error):
            await self._page.go_back(timeout=self._limits.page_seconds * 1000, wait_until="commit")
        await self.settle(self._limits.quiet_seconds)
        return led if self._page.url == here else None

    async def picture(self, *, whole: bool) -> bytes:
        """Return a JPEG of the first screen, or of the whole page; empty where none can be made."""
        from playwright.async_api import Error

        try:
            return await self._page.screenshot(
                type="jpeg", quality=70, full_page=whole, timeout=_PICTURE_SECONDS * 1000
            )
        except Error:
            return b""

    async def _shown(self) -> object:
        return await self._run(page_turns.SHOWN)

    async def _run(self, script: str, argument: Any = None) -> object:
        """Run a script in the page; None where the page went elsewhere meanwhile."""
        from playwright.async_api import Error

        try:
            return await asyncio.wait_for(self._page.evaluate(script, argument), self._limits.page_seconds)
        except Error as exc:
            if self._page.is_closed() or "crash" in exc.message.casefold():
                raise PageError(exc.message.splitlines()[0]) from exc
            return None

    # --- requests of the page ---------------------------------------------------------------------------

    async def _answer(self, route: Route) -> None:
        from playwright.async_api import Error

        request = route.request
        kind = request.resource_type
        if self._pressed is not None and request.is_navigation_request() and not request.frame.parent_frame:
            self._pressed = request.url  # where to is enough: the page itself is asked for like any other
            with contextlib.suppress(Error):
                await route.abort("aborted")
            return
        self._left -= 1
        letting = self._left >= 0 and kind not in _NEVER and request.method in _METHODS
        letting = letting and (self._parts or kind not in _PARTS)
        letting = letting and request.url[:7] in ("http://", "https:/")
        self._waiting += 1
        try:
            with contextlib.suppress(Error):  # the page may have gone on meanwhile
                given = await self._give(_wanted(route)) if letting else None
                if given is None:
                    await route.abort("blockedbyclient")
                else:
                    headers = _headers(given, request.headers.get("origin", ""))
                    await route.fulfill(status=given.status, headers=headers, body=given.body)
        finally:
            self._waiting -= 1


def _wanted(route: Route) -> Wanted:
    request = route.request
    return Wanted(
        url=request.url.partition("#")[0],
        method=request.method,
        body=request.post_data_buffer or b"",
        headers=tuple(
            (name, value)
            for name, value in request.headers.items()
            if name not in _OURS and not name.startswith(("sec-", ":", "if-"))
        ),
        kind=request.resource_type,
    )


def _headers(given: Given, origin: str) -> dict[str, str]:
    """Return the headers of an answer.

    Scripts may read answers of other hosts only when told so; the archive shows what was really sent.
    """
    headers = {name.casefold(): value for name, value in given.headers}
    headers["content-type"] = given.content_type
    headers["access-control-allow-origin"] = origin or "*"
    headers["access-control-expose-headers"] = ", ".join(name for name, _ in given.headers) or "*"
    if origin:
        headers["access-control-allow-credentials"] = "true"
    return headers


async def _nothing(_: Wanted) -> Given | None:
    return None


async def _shut(page: Page) -> None:
    """Close a window that a page opened."""
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        await page.close()


def shows_page(url: str) -> bool:
    """Say whether an address in the browser is that of a web page."""
    return urlsplit(url).scheme in ("http", "https")
