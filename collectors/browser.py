"""The browser tier: a real Chromium runs a page's scripts, but asks nobody itself.

Every request of a page is routed to us and answered with what our own fetcher brought, so that guard, pace,
robots and sealing hold for scripts as for everything else. What is not routed meets a proxy that is not
there and names that do not resolve. Playwright is imported at first need: most portals never need it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from uuid import uuid4

from collectors import chromium
from collectors.tab import Give, PageError, State, Tab
from minhchung.sources import BrowserLimits

if TYPE_CHECKING:
    from playwright.async_api import Browser as Program
    from playwright.async_api import Playwright

WAYS: Final = ("scroll", "more", "next")
"""How a list is turned on, in the order in which they are tried."""

_START_SECONDS: Final = 30.0
_CLOSE_SECONDS: Final = 10.0
_MOST_TABS: Final = 4
_WATCH_SECONDS: Final = 0.5

Worth = Literal["more", "enough", "nothing"]
"""What a state brought: rows, and there may be more; rows, and they are enough; no row that is new."""

See = Callable[[State], Worth]
"""Is shown a page as it opened and after each turn of its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a page is looked at."""

    see: See = lambda _: "enough"
    picture: str = ""
    """`screen` or `whole`; empty: none."""

    parts: bool = False
    """Pictures and fonts are asked for too."""

    press: bool = False
    """Rows that hold no link are pressed, to learn where they lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What the scripts made of a page."""

    state: State
    """As it opened."""

    picture: bytes = b""
    """JPEG of how it opened."""

    cut: bool = False
    """Our own limit ended the turning, not the list."""


class BrowserError(Exception):
    """The browser could not be started or did not come to an end with a page."""


class Browser:
    """One Chromium, opened at first need; `close` leaves no process behind."""

    def __init__(self, executable: str, limits: BrowserLimits | None = None) -> None:
        """Use the Chromium at this path."""
        self._executable = executable
        self._limits = limits or BrowserLimits()
        self.mark = f"--minhchung-run={uuid4()}"
        self.software = ("", "")
        """Name and version of the browser that ran last and of its driver; empty before the first."""

        self._playwright: Playwright | None = None
        self._program: Program | None = None
        self._tabs: dict[str, Tab] = {}
        """Visitor -> its window, the one used last at the end."""

        self._pages, self._opened_at = 0, 0.0
        self._one_at_a_time = asyncio.Lock()

    async def render(
        self, url: str, user_agent: str, give: Give, look: Look | None = None, *, visitor: str = ""
    ) -> Rendered:
        """Open a page, run its scripts, return what it shows; raises BrowserError.

        Pages of one visitor are opened in one window, those of another in another.
        """
        async with self._one_at_a_time:
            if self._worn():
                await self.close()
            try:
                program = await self._open()
                self._pages += 1
                return await self._watched(
                    self._render(program, url, user_agent, give, look or Look(), visitor)
                )
            except (PageError, TimeoutError, OSError) as exc:
                await self.close()
                raise BrowserError(f"{url}: trình duyệt không kết thúc được trang: {exc}") from exc

    def _worn(self) -> bool:
        """Say whether the browser has shown enough pages, is old or has grown: it gives no memory back."""
        limits = self._limits
        if not self._pages:
            return False
        aged = time.monotonic() - self._opened_at > limits.recycle_minutes * 60
        return self._pages >= limits.recycle_pages or aged or self._grown()

    def _grown(self) -> bool:
        return chromium.memory_of(self.mark) > self._limits.memory_mib

    async def _watched(self, showing: Awaitable[Rendered]) -> Rendered:
        """Wait for a page, and give it up where it devours memory."""
        task = asyncio.ensure_future(showing)
        try:
            while not (await asyncio.wait({task}, timeout=_WATCH_SECONDS))[0]:
                if self._grown():
                    raise PageError("trang chiếm quá nhiều bộ nhớ")
            return task.result()
        finally:
            if not task.done():
                chromium.end(self.mark)  # a page that will not end keeps its own waiting for ever
                task.cancel()
                with contextlib.suppress(Exception, asyncio.CancelledError):
                    await task

    async def _open(self) -> Program:
        if self._program is not None and self._program.is_connected():
            return self._program
        await self.close()
        from importlib.metadata import version

        from playwright.async_api import (  # imported here: it costs a tenth of a second
            Error,
            async_playwright,
        )

        self._playwright = await async_playwright().start()
        try:
            self._program = await self._playwright.chromium.launch(
                executable_path=self._executable,
                # Chromium refuses its sandbox to root; containers run as root.
                chromium_sandbox=os.geteuid() != 0,
                args=[*chromium.FLAGS, _heap(self._limits.memory_mib), self.mark],
                proxy={"server": chromium.DEAD_PROXY, "bypass": "<-loopback>"},
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=_START_SECONDS * 1000,
            )
        except Error as exc:
            await self.close()
            raise BrowserError(f"không chạy được {self._executable}: {exc.message.splitlines()[0]}") from exc
        self._opened_at = time.monotonic()
        self.software = (f"Chromium {self._program.version}", f"playwright {version('playwright')}")
        return self._program

    async def _render(
        self, program: Program, url: str, user_agent: str, give: Give, look: Look, visitor: str
    ) -> Rendered:
        from playwright.async_api import Error

        try:
            tab = self._tabs.pop(visitor, None) or await Tab.new(program, user_agent, self._limits)
            self._tabs[visitor] = tab
            if len(self._tabs) > _MOST_TABS:
                await self._tabs.pop(next(iter(self._tabs))).close()
            await tab.open(url, give, parts=look.parts)
            if look.press:
                await tab.link_rows()
            first = await tab.state()
            picture = await tab.picture(whole=look.picture == "whole") if look.picture else b""
            cut = look.see(first) == "more" and await self._turn_on(tab, look.see)
        except Error as exc:
            raise PageError(exc.message.splitlines()[0]) from exc
        return Rendered(state=first, picture=picture, cut=cut)

    async def _turn_on(self, tab: Tab, see: See) -> bool:
        """Turn a list on as long as that brings rows; say whether our own limit ended it."""
        ways: tuple[str, ...] = WAYS
        number = 1
        for _ in range(self._limits.turns):
            for way in ways:
                worth = see(await tab.state()) if await tab.turn(way, number) else "nothing"
                if worth != "nothing":
                    break
            else:
                return False
            if worth == "enough":
                return False
            number += way == "next"
            ways = (way, *(other for other in WAYS if other != way))
        return True

    async def close(self) -> None:
        """Close the browser and its driver, then end whatever of it is still there."""
        program, self._program = self._program, None
        playwright, self._playwright = self._playwright, None
        self._pages = 0
        self._tabs.clear()
        for part in (program.close if program else None, playwright.stop if playwright else None):
            if part is None:
                continue
            with contextlib.suppress(Exception):  # what does not close is ended
                await asyncio.wait_for(part(), _CLOSE_SECONDS)
            chromium.end(self.mark)


def _heap(most: int) -> str:
    """Return the switch that lets the scripts of one page hold half of what the browser may."""
    return f"--js-flags=--max-old-space-size={most // 2}"
