"""Keeping a portal whole: every page that links lead to on the agency's own places, sealed and glanced at.

For a portal that is about to be closed or moved, and for whatever may be asked of it later. Nothing is judged
here: lists, sections and items are the matter of the other scopes, or of a reader given the sealed bytes.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from collectors.addresses import absolute, is_media, pattern_of
from collectors.answers import Answer, Ask
from collectors.asking import Asker
from collectors.reading.glance import Glance, glance
from collectors.sniff import is_page
from minhchung.addresses import normalise
from minhchung.evidence import EvidenceRecord, Failure
from minhchung.observations import PageGlance
from minhchung.places import Places
from minhchung.ports import Recorder

SAME_TITLES: Final = 60
"""Pages of one address pattern whose titles were met before: beyond it lies a calendar or a trap."""

_FEED: Final = re.compile(r"\.(?:xml|rss)(?:$|\?)", re.IGNORECASE)
State = Literal["ok", "unreachable", "blocked", "robots-refused"]
_STATES: Final[dict[Failure, State]] = {
    Failure.ROBOTS: "robots-refused",
    Failure.BLOCKED: "blocked",
    Failure.RATE_LIMITED: "blocked",
}


@dataclass(slots=True)
class Ledger:
    """Addresses met, those still to be asked for, and which patterns lead nowhere new."""

    own: Places
    queue: deque[str] = field(default_factory=deque)
    trapped: int = 0
    """Addresses left out because their pattern leads nowhere new."""

    _hrefs: set[int] = field(default_factory=set)
    """As written: most links of a page stand on every other page too. Hashes: a portal has many addresses."""

    _met: set[int] = field(default_factory=set)
    _titles: dict[str, set[int]] = field(default_factory=dict)
    _again: Counter[str] = field(default_factory=Counter)

    def add(self, url: str) -> None:
        """Queue an address, unless it was met or is none of our business."""
        if not url or (is_media(url) and not _FEED.search(url)) or not self.own.hold(url):
            return
        key = hash(normalise(url))
        if key in self._met:
            return
        self._met.add(key)
        if self._again and self._again[pattern_of(url)] >= SAME_TITLES:
            self.trapped += 1
            return
        self.queue.append(url)

    def follow(self, seen: Glance) -> None:
        """Queue what a page leads to."""
        met, base = self._hrefs, seen.base
        for href in seen.hrefs:
            key = hash(href)
            if key in met:
                continue
            if href[:1] == "/" and href[1:2] != "/":
                met.add(key)  # leads to one place, whichever page it stands on
            url = absolute(base, href)
            key = hash(url)
            if key not in met:
                met.add(key)
                self.add(url)

    def note_title(self, url: str, title: str) -> None:
        """Count the page against its pattern when others of the pattern bear its title."""
        pattern = pattern_of(url)
        titles = self._titles.setdefault(pattern, set())
        if hash(title) in titles:
            self._again[pattern] += 1
        titles.add(hash(title))


def glance_of(record: EvidenceRecord, body: bytes) -> Glance | None:
    """Return what is seen at a glance in an answer that nothing speaks against; None for what is no page."""
    if record.url.endswith("/robots.txt") or not is_page(body):
        return None
    return glance(body, record.content_type, record.url)


class WholeVisit:
    """One visit that keeps a portal whole."""

    def __init__(
        self,
        *,
        asker: Asker,
        recorder: Recorder,
        home: str,
        own: Places,
        known: Iterable[str] = (),
        held: Iterable[PageGlance] = (),
    ) -> None:
        """Visit `home`, what it leads to, and the `known` addresses of earlier visits.

        `held` are the glances of earlier visits, the last of which left nothing unasked.
        """
        self._asker, self._recorder, self._home = asker, recorder, home
        self._ledger = Ledger(own)
        self._known = tuple(known)
        self._held = {each.url: each.title for each in held}
        self._own = own
        self._busy = 0
        self._stir = asyncio.Event()
        self.cut = False
        """Something was left unasked by our own budget."""

    async def go(self, workers: int) -> tuple[State, str]:
        """Visit the portal with so many requests at once; return how it answered as a whole."""
        first = await self._ask(self._home, opening=True)
        if first.failure is not None:
            technical = ": ".join(filter(None, (first.failure, first.detail)))
            return _STATES.get(first.failure, "unreachable"), f"không đọc được trang chủ ({technical})"
        if (closed := await self._asker.closed(first.final)) is not None:
            return closed
        ledger = self._ledger
        ledger.add(self._home)
        ledger.queue.clear()
        self._take(first)
        for url in self._known:
            ledger.add(url)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(workers):
                    group.create_task(self._work())
        except BaseExceptionGroup as raised:
            raise raised.exceptions[0] from None  # one worker's storage failure; the others were cancelled
        return "ok", ""

    def notes(self) -> tuple[str, ...]:
        """Return what the report should say besides its state."""
        said = []
        if self._ledger.trapped:
            said.append(f"bỏ qua {self._ledger.trapped} địa chỉ cùng một mẫu")
        if self._ledger.queue:
            said.append(f"còn {len(self._ledger.queue)} địa chỉ chưa hỏi vì hết hạn mức")
        return tuple(said)

    async def _work(self) -> None:
        queue = self._ledger.queue
        while True:
            if self._asker.spent:
                self.cut = self.cut or bool(queue)
                self._stir.set()
                return
            if not queue:
                if not self._busy:
                    self._stir.set()
                    return
                self._stir.clear()
                await self._stir.wait()
                continue
            self._busy += 1
            try:
                self._take(await self._ask(queue.popleft()))
            finally:
                self._busy -= 1
                self._stir.set()

    async def _ask(self, url: str, *, opening: bool = False) -> Answer:
        ask = Ask(url=url, within=self._own, held=url in self._held, opening=opening)
        return await self._asker.ask(ask)

    def _take(self, answer: Answer) -> None:
        """Keep what a page shows at a glance, and follow its links."""
        record = answer.record
        if record is None or answer.failure is not None:
            return
        if answer.kept and (title := self._held.get(answer.url)) is not None:
            self._ledger.note_title(answer.final, title)
            return  # its links were followed by the visit that read it
        seen = glance_of(record, answer.body)
        if seen is None:
            return
        if not answer.kept:
            self._recorder.observe([seen.observation(record)])
        self._ledger.note_title(answer.final, seen.title)
        self._ledger.follow(seen)
