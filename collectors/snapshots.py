"""Capturing the pages that findings cite: the page as it answers now, its parts, and a picture of the whole.

Where there is no browser the parts that the page names are kept all the same; a page of which nothing but
its own text could be had is labelled so. Everything is sealed under a source of its own: nothing is measured.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from collectors.addresses import absolute
from collectors.answers import Answer, Ask
from collectors.asking import Asker
from collectors.browser import BrowserError, Look
from collectors.browser_record import seal_browser
from collectors.charset import text
from collectors.page_requests import PageRequests
from collectors.reading.markup import attribute, select
from collectors.reading.page import Page
from collectors.rendering import SharedBrowser
from collectors.sniff import kind_of
from minhchung.clock import Clock
from minhchung.errors import UnrecognisedError
from minhchung.evidence import SNAPSHOT, EvidenceRecord, RecordId, RunId
from minhchung.places import Places
from minhchung.ports import Recorder
from minhchung.snapshots import CitedPage, PageCapture, urn_of
from minhchung.sources import SnapshotLimits

_IN_STYLES: Final = re.compile(r"url\(\s*['\"]?([^'\")]{1,2000})")
_HTML: Final = "text/html; charset=utf-8"
_NO_BROWSER: Final = "máy này không có trình duyệt"


class SnapshotVisit:
    """Captures cited pages of one agency."""

    def __init__(
        self,
        *,
        asker: Asker,
        recorder: Recorder,
        clock: Clock,
        browsers: SharedBrowser,
        limits: SnapshotLimits,
        own: Places,
        run: RunId,
    ) -> None:
        """Ask through the asker; redirects stay on `own`."""
        self._asker, self._recorder, self._clock = asker, recorder, clock
        self._browsers, self._limits, self._own, self._run = browsers, limits, own, run
        self._requests = PageRequests(asker, most=limits.parts_per_page)
        self._named = ("", "")

    async def take(self, cited: CitedPage) -> PageCapture:
        """Capture a page and seal what was kept of it."""
        ask = Ask(url=cited.url, within=self._own, conditional=False)
        answer = await self._asker.ask(ask)
        if answer.record is None or not answer.usable:
            why = ": ".join(filter(None, (answer.failure, answer.detail)))
            page = answer.record.id if answer.record is not None else None
            return self._sealed(PageCapture(cited=cited, form="none", page=page, why=why))
        same = answer.record.body_sha256 == cited.sha256 if cited.sha256 else None
        capture = PageCapture(cited=cited, form="text-only", page=answer.record.id, same=same)
        if kind_of(answer.body) != "html":
            return self._sealed(replace(capture, why="không phải trang web"))
        seen = await self._seen(answer, answer.record, capture)
        if seen.form != "picture":
            seen = await self._with_parts(answer, seen)
        return self._sealed(seen)

    async def _seen(self, answer: Answer, record: EvidenceRecord, capture: PageCapture) -> PageCapture:
        """Return the capture with what the browser shows; as it was where it shows nothing."""
        browser = self._browsers.get()
        if browser is None:
            return replace(capture, why=_NO_BROWSER)
        noted: dict[str, RecordId | None] = {}
        give, look = self._requests.giver(answer, noted), Look(picture="whole", parts=True)
        try:
            shown = await browser.render(
                answer.final, self._asker.user_agent, give, look, visitor=f"snapshot/{self._asker.agency}"
            )
        except BrowserError as exc:
            return replace(capture, why=str(exc))
        if browser.software != self._named:
            self._named, now = browser.software, self._clock.now()
            seal_browser(self._recorder, self._named, record, source=SNAPSHOT, run=self._run, now=now)
        dom = self._seal(
            shown.state.dom, record, kind="dom-snapshot", content_type="text/html; charset=utf-8"
        )
        if not shown.picture:
            return replace(capture, dom=dom.id, why="trình duyệt không chụp được ảnh")
        picture = self._seal(shown.picture, record, kind="screenshot", content_type="image/jpeg")
        return replace(
            capture, form="picture", picture=picture.id, dom=dom.id, parts=tuple(sorted(noted.items()))
        )

    async def _with_parts(self, answer: Answer, capture: PageCapture) -> PageCapture:
        """Return the capture with the images and styles that the markup names."""
        wanted = dict.fromkeys(_parts_of(answer))
        noted: dict[str, RecordId | None] = {}
        for url in list(wanted)[: self._limits.parts_per_page]:
            part = await self._requests.part(url)
            noted[url] = part.record.id if part.record is not None else None
            if part.usable and url.partition("?")[0].endswith(".css"):
                for named in _IN_STYLES.findall(text(part.body, part.content_type)):
                    inner = absolute(url, named)
                    if inner and inner not in wanted and len(noted) < self._limits.parts_per_page:
                        wanted[inner] = None
                        found = await self._requests.part(inner)
                        noted[inner] = found.record.id if found.record is not None else None
        if not any(noted.values()):
            return capture
        return replace(capture, form="parts", parts=tuple(sorted(noted.items())))

    def _seal(self, body: bytes, page: EvidenceRecord, *, kind: str, content_type: str) -> EvidenceRecord:
        return self._recorder.resource(
            body,
            url=page.url,
            content_type=content_type,
            agency=page.agency,
            source=SNAPSHOT,
            run=self._run,
            kind=kind,
            captured_at=self._clock.now(),
            concurrent_to=page.id,
        )

    def _sealed(self, capture: PageCapture) -> PageCapture:
        self._recorder.resource(
            json.dumps(said_of(capture), ensure_ascii=False, sort_keys=True).encode(),
            url=urn_of(capture.cited.record),
            content_type="application/json",
            agency=self._asker.agency,
            source=SNAPSHOT,
            run=self._run,
            kind="snapshot",
            captured_at=self._clock.now(),
            concurrent_to=capture.page,
        )
        return capture


def said_of(capture: PageCapture) -> dict[str, Any]:
    """Return a capture as plain data: what its record holds."""
    return {
        "v": 1,
        "cited": capture.cited.record,
        "url": capture.cited.url,
        "components": list(capture.cited.components),
        "form": capture.form,
        "page": capture.page,
        "picture": capture.picture,
        "dom": capture.dom,
        "parts": [[url, record] for url, record in capture.parts],
        "same": capture.same,
        "why": capture.why,
    }


def _parts_of(answer: Answer) -> Iterator[str]:
    """Yield the styles and images that a page's markup names."""
    try:
        page = Page(text(answer.body, answer.content_type), answer.final)
    except UnrecognisedError:
        return
    for node in select(page.tree, "link[rel~=stylesheet][href], img[src], input[type=image][src]"):
        url = absolute(page.base, attribute(node, "href") or attribute(node, "src"))
        if url:
            yield url
