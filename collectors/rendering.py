"""The step of a visit that lets a page's scripts run, and reads what they made of it.

The answer without scripts, every request of the scripts and the document they made are all sealed; readers
are given the document. Where there is no browser that is said, and the page counts as not seen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from collectors.answers import Answer, Ask
from collectors.browser import Browser, BrowserError, Give, Given, Wanted, find_browser
from collectors.trip import PageRead, Trip
from minhchung.addresses import normalise
from minhchung.evidence import PORTAL, EvidenceRecord, Failure

MOST_PAGES: Final = 200
"""Pages of one visit that are rendered: one costs as much as two hundred others."""


class Renderer:
    """Renders pages for one visit."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._browser: Browser | None = None
        self._looked = False
        self._pages = 0

    async def render(self, trip: Trip, read: PageRead) -> PageRead:
        """Return the page as its scripts make it, or as it came, marked as not seen."""
        browser = self._open()
        if browser is None:
            return self._unseen(
                trip, read, Failure.NO_BROWSER, "trang cần chạy mã kịch bản mà máy này không có trình duyệt"
            )
        if self._pages >= MOST_PAGES:
            return self._unseen(
                trip, read, Failure.BUDGET, "quá nhiều trang của lượt này cần chạy mã kịch bản"
            )
        self._pages += 1
        user_agent = trip.asker.user_agent
        try:
            rendered = await browser.render(read.answer.final, user_agent, _giver(trip, read.answer))
        except BrowserError as exc:
            return self._unseen(trip, read, Failure.NO_BROWSER, str(exc))
        record = trip.recorder.resource(
            rendered.dom,
            url=read.answer.final,
            content_type="text/html; charset=utf-8",
            agency=trip.agency.code,
            source=PORTAL,
            run=trip.run,
            kind="dom-snapshot",
            captured_at=trip.clock.now(),
            concurrent_to=read.answer.record.id if read.answer.record is not None else None,
        )
        return self._again(trip, read, record, rendered.dom)

    def _again(self, trip: Trip, read: PageRead, record: EvidenceRecord, dom: bytes) -> PageRead:
        answer = replace(read.answer, record=record, body=dom, kept=False)
        return trip.read_body(answer, record, dom, read.link, observe=True)

    def _open(self) -> Browser | None:
        if not self._looked:
            self._looked = True
            found = find_browser()
            self._browser = Browser(found) if found is not None else None
        return self._browser

    def _unseen(self, trip: Trip, read: PageRead, failure: Failure, detail: str) -> PageRead:
        trip.recorder.observe(read.held)
        trip.asker.refuse(read.answer.final, failure, detail)
        return replace(read, held=(), answer=replace(read.answer, failure=failure, detail=detail))

    async def close(self) -> None:
        """Close the browser where one was opened."""
        if self._browser is not None:
            await self._browser.close()


def _giver(trip: Trip, document: Answer) -> Give:
    """Return what answers the requests of one page: the document from hand, the rest asked for and sealed."""

    async def give(wanted: Wanted) -> Given | None:
        if wanted.method == "GET" and normalise(wanted.url) == normalise(document.final):
            return Given(status=200, content_type=document.content_type, body=document.body)
        answer = await trip.asker.ask(
            Ask(
                url=wanted.url,
                method=wanted.method,
                body=wanted.body,
                headers=wanted.headers,
                retries=0,
                page=False,
            )
        )
        if answer.status is None:
            return None
        status = 200 if answer.status == 304 else answer.status
        return Given(status=status, content_type=answer.content_type, body=answer.body)

    return give
