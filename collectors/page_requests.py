"""What answers the requests of rendered pages: the document is at hand, the rest is asked for and sealed."""

from __future__ import annotations

import re
from typing import Final

from collectors.answers import Answer, Ask
from collectors.asking import Asker
from collectors.tab import Give, Given, Wanted
from minhchung.addresses import normalise
from minhchung.evidence import RecordId

_KEPT_KINDS: Final = frozenset({"script", "stylesheet", "image", "font"})
"""What every page of a portal asks for again: once a visit is enough."""

_MOST_KEPT: Final = 64_000_000
"""Bytes that one visit keeps of them."""

_READABLE: Final = re.compile(r"(?:x-.*|link|content-range|etag|retry-after)$", re.IGNORECASE)
"""Headers of an answer in which scripts read totals and next pages."""

_DATA: Final = frozenset({"xhr", "fetch"})


class PageRequests:
    """The requests that pages of one visit make; each is judged, paced and sealed like our own."""

    def __init__(self, asker: Asker, most: int | None = None) -> None:
        """Ask through the visit's asker; at most so many times for one page."""
        self._asker, self._most = asker, most
        self._records: dict[str, RecordId | None] = {}
        self._kept: dict[str, Given] = {}
        self._bytes = 0

    def giver(self, document: Answer, noted: dict[str, RecordId | None] | None = None) -> Give:
        """Return what answers the requests of one page; `noted` is told which record each came to."""
        noted = {} if noted is None else noted

        async def give(wanted: Wanted) -> Given | None:
            get = wanted.method == "GET"
            if get and wanted.kind == "document" and normalise(wanted.url) == normalise(document.final):
                return Given(status=200, content_type=document.content_type, body=document.body)
            if get and (kept := self._kept.get(wanted.url)) is not None:
                noted[wanted.url] = self._records.get(wanted.url)
                return kept
            if self._most is not None and len(noted) >= self._most:
                return None
            noted[wanted.url] = None
            given = await self._ask(wanted)
            if get and given is not None and given.status == 200 and wanted.kind in _KEPT_KINDS:
                self._keep(wanted.url, given)
            noted[wanted.url] = self._records.get(wanted.url)
            return given

        return give

    async def part(self, url: str) -> Answer:
        """Ask for an image or style that a page's markup names."""
        return await self._asker.ask(Ask(url=url, retries=0, page=False))

    async def _ask(self, wanted: Wanted) -> Given | None:
        answer = await self._asker.ask(
            Ask(
                url=wanted.url,
                method=wanted.method,
                body=wanted.body,
                headers=wanted.headers,
                retries=0,
                page=False,
                # A 304 lacks the headers that scripts read totals from.
                conditional=wanted.kind not in _DATA,
            )
        )
        self._records[wanted.url] = answer.record.id if answer.record is not None else None
        if answer.status is None:
            return None
        status = 200 if answer.status == 304 else answer.status
        headers = tuple((n, v) for n, v in answer.headers if _READABLE.match(n))
        return Given(status=status, content_type=answer.content_type, body=answer.body, headers=headers)

    def _keep(self, url: str, given: Given) -> None:
        if self._bytes + len(given.body) <= _MOST_KEPT:
            self._bytes += len(given.body)
            self._kept[url] = given
