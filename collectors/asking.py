"""Asking on behalf of one visit: robots, budget and breaker before, redirects and retries after.

Every hop and every try is an exchange or a failed attempt of its own (`collectors.trying`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Final, Literal

from collectors import robots
from collectors.addresses import absolute
from collectors.answers import Answer, Ask
from collectors.canaries import Watch
from collectors.fetcher import Fetcher
from collectors.guard import ForbiddenError, origin_of
from collectors.pace import Breaker
from collectors.spending import host_of
from collectors.trying import Trier
from minhchung.addresses import normalise, without_route
from minhchung.evidence import AgencyCode, Failure, RunId, SourceKey
from minhchung.places import Places
from minhchung.ports import Recorder
from minhchung.sites import SiteProfile

_SAME_METHOD: Final = frozenset({307, 308})
_PAUSE: Final = 0.5
"""Seconds before the first retry; doubled for the next."""

_LONGEST_WAIT: Final = 60.0
"""Seconds of a Retry-After that are waited for; a longer one ends the tries."""

_PLAIN: Final = (("Accept-Encoding", "identity"),)

_PATIENT_TRIES: Final = 2
"""Further tries for a robots.txt that did not answer at first."""


class Asker:
    """Asks for addresses in the name of one agency's visit."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        recorder: Recorder,
        book: robots.RobotsBook,
        agency: AgencyCode,
        source: SourceKey,
        run: RunId,
        profile: SiteProfile,
        own: Places,
        most: int,
        until: float | None = None,
        watch: Watch | None = None,
    ) -> None:
        """Ask at most `most` times, until the visit's deadline or `until` (of the loop), if earlier.

        Whenever something breaks down, `watch` asks whether it was we.
        """
        self._trier = Trier(
            fetcher=fetcher,
            recorder=recorder,
            agency=agency,
            source=source,
            run=run,
            profile=profile,
            own=own,
        )
        self.agency, self.source, self.run, self.own = agency, source, run, own
        self.account = self._trier.account
        self.notes: list[str] = []
        self._fetcher, self._book, self._most = fetcher, book, most
        self._asked_rules: set[str] = set()
        """Origins whose robots.txt this visit has asked for itself."""

        self._own_rules: dict[str, robots.Rules] = {}
        self._breaker = Breaker()
        self._watch = watch
        deadline = asyncio.get_running_loop().time() + fetcher.network.visit_seconds
        self._until = deadline if until is None else min(deadline, until)

    @property
    def spent(self) -> bool:
        """Say whether budget or time is used up."""
        return self._trier.begun >= self._most or self._left() <= 0

    @property
    def most_decoded(self) -> int:
        """Return how many bytes a body may unpack to."""
        return self._fetcher.network.max_decoded_bytes

    @property
    def user_agent(self) -> str:
        """Return how we name ourselves."""
        return self._fetcher.network.user_agent

    def refuse(self, url: str, failure: Failure, detail: str) -> None:
        """Seal and count something that we did not do with an address."""
        self._trier.refused(Ask(url=url), failure, detail)

    def leave(self, url: str, detail: str) -> None:
        """Count an address that our own limits keep us from asking."""
        self._trier.unasked(Ask(url=url), Failure.BUDGET, detail)

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that the robots.txt of an address's host names, when it has been read."""
        origin = origin_of(url)
        rules = self._book.known(str(origin))
        return rules.sitemaps if rules is not None else ()

    def _left(self) -> float:
        return self._until - asyncio.get_running_loop().time()

    async def ask(self, ask: Ask) -> Answer:
        """Return what an address came to; redirects are followed and sealed one by one."""
        if "#" in ask.url:
            ask = replace(ask, url=without_route(ask.url))
        hops: list[tuple[int, str]] = []
        met: Counter[str] = Counter()
        step = ask
        while True:
            answer, location = await self._insist(step, redirected=bool(hops))
            if location is None:
                return replace(answer, url=ask.url, hops=tuple(hops)) if hops else answer
            target = absolute(step.url, location)
            hops.append((answer.status or 0, target or location))
            met[step.url] += 1
            fault = self._redirect_fault(ask, target, met, len(hops), cookie=answer.sets_cookie)
            if fault is not None:
                failure, detail = fault
                refused = self._trier.refused(replace(step, url=target or location), failure, detail)
                return replace(refused, url=ask.url, hops=tuple(hops))
            if ask.stop_at and normalise(target) == ask.stop_at:
                return replace(answer, url=ask.url, hops=tuple(hops))
            keep = answer.status in _SAME_METHOD
            step = replace(
                step, url=target, method=step.method if keep else "GET", body=step.body if keep else b""
            )

    def _redirect_fault(
        self, ask: Ask, target: str, met: Counter[str], count: int, *, cookie: bool
    ) -> tuple[Failure, str] | None:
        most = self._fetcher.network.max_redirects if ask.max_redirects is None else ask.max_redirects
        if not target:
            return Failure.REDIRECT_FORBIDDEN, "chuyển hướng tới nơi không phải địa chỉ web"
        # Some portals set a cookie and send the visitor to the same address once more.
        if met[target] >= (2 if cookie else 1):
            return Failure.REDIRECT_LOOP, "chuyển hướng vòng tròn"
        if count > most:
            return Failure.REDIRECT_LOOP, f"chuyển hướng quá {most} lần"
        if ask.within is not None and not ask.within.hold(target):
            return Failure.REDIRECT_FORBIDDEN, "chuyển hướng tới máy chủ không thuộc cơ quan"
        return None

    # --- one address, with tries ------------------------------------------------------------------------

    async def _insist(self, ask: Ask, *, redirected: bool) -> tuple[Answer, str | None]:
        """Return the answer and where it redirects to; tries again when that may help."""
        refused = await self._refusal(ask)
        if refused is not None:
            return refused, None
        host = host_of(ask.url)
        pause = _PAUSE
        for left in range(ask.retries, -1, -1):
            seconds = min(self._fetcher.network.timeout_total, max(1.0, self._left()))
            left_now = max(0.0, self._left())
            tried = await self._trier.once(ask, seconds, redirected=redirected, patience=left_now)
            failure = tried.answer.failure
            self._breaker.note(host, failure)
            if failure is None or not failure.transient or not left:
                break
            wait = pause if tried.wait is None else tried.wait
            pause *= 2
            if wait > _LONGEST_WAIT or wait > self._left() or self.spent:
                break
            await asyncio.sleep(wait)
        failed = tried.answer.failure
        if self._watch is not None and failed is not None and failed.breakdown:
            await self._watch.look()
        return tried.answer, tried.location

    async def _refusal(self, ask: Ask) -> Answer | None:
        """Say whether our own limits or the host's rules keep us from asking."""
        if self.spent:
            return self._trier.unasked(ask, Failure.BUDGET, "đã hết hạn mức hoặc thời gian của lượt thu thập")
        host = host_of(ask.url)
        given_up = self._breaker.open_for(host)
        if given_up is not None:
            return self._trier.unasked(ask, given_up, "không hỏi: máy chủ lỗi quá nhiều lần liên tiếp")
        if spent := self._trier.spending.exhausted(host):
            self._say(f"hết hạn mức cho máy chủ {host}: {spent}")
            return self._trier.unasked(ask, Failure.BUDGET, f"hết hạn mức cho máy chủ: {spent}")
        if (closed := self._fetcher.closed_for(ask.url)) > _LONGEST_WAIT:
            self._say(f"máy chủ {host} yêu cầu để yên")
            return self._trier.unasked(
                ask, Failure.RATE_LIMITED, f"không hỏi: máy chủ yêu cầu chờ {closed:.0f} giây"
            )
        if not await self._fetcher.is_open(ask.url):
            self._say(f"ngoài giờ được phép hỏi máy chủ {host}")
            return self._trier.unasked(ask, Failure.BUDGET, "ngoài giờ được phép hỏi máy chủ này")
        if not ask.robots:
            return None
        try:
            origin = origin_of(ask.url)
        except ForbiddenError:
            return None  # the fetcher refuses it, as evidence
        rules = await self._rules(str(origin), ask.url)
        if not rules.answered and not ask.opening:
            return self._trier.refused(
                ask, Failure.ROBOTS, "robots.txt không trả lời: chưa biết có được phép"
            )
        if rules.allow(ask.url):
            return None
        if self._fetcher.network.robots == "record":
            self._say(f"đọc dù robots.txt không cho phép, theo văn bản {self._fetcher.network.mandate}")
            return None
        return self._trier.refused(ask, Failure.ROBOTS, "robots.txt không cho phép địa chỉ này")

    async def closed(self, url: str) -> tuple[Literal["unreachable", "robots-refused"], str] | None:
        """Return why nothing more may be asked of a host whose first page came, or None.

        A robots.txt that did not answer is asked for once more.
        """
        if self._fetcher.network.robots == "record":
            return None
        rules = await self._rules(str(origin_of(url)), url)
        if not rules.answered:
            return "unreachable", "robots.txt không trả lời: không biết cổng có cho phép thu thập không"
        if not rules.allow(url):
            return "robots-refused", "robots.txt, hỏi lại mới trả lời, không cho phép đọc trang chủ"
        return None

    async def _rules(self, origin: str, url: str) -> robots.Rules:
        """Return the rules for an address of `scheme://host:port`.

        On a host that agencies share one visit asks for the file and the others go by it. Who is refused
        asks in its own name too: what refuses an agency must be sealed where that agency's evidence is.
        """
        if (own := self._own_rules.get(origin)) is not None:
            return own
        rules = await self._book.rules(origin, self._read_robots)
        if rules.allow(url) or origin in self._asked_rules:
            return rules
        fresh = await self._read_robots(f"{origin}/robots.txt", patient=False)
        return self._own_rules.setdefault(origin, fresh if fresh.answered else rules)

    async def _read_robots(self, url: str, patient: bool) -> robots.Rules:
        self._asked_rules.add(str(origin_of(url)))
        retries = _PATIENT_TRIES if patient else 0
        answer = await self.ask(
            Ask(
                url=url,
                headers=_PLAIN,  # so that the beginning of an endless file can be read
                robots=False,
                page=False,
                retries=retries,
                probe=True,
                max_bytes=robots.MAX_BYTES,
                cut=True,
            )
        )
        # An unchanged file is the file we hold: 304 speaks of it as 200 does.
        status = 200 if answer.status == 304 else answer.status
        if answer.failure in (Failure.REDIRECT_LOOP, Failure.REDIRECT_FORBIDDEN):
            status = 404  # it leads nowhere: there is no such file (RFC 9309, 2.3.1.2)
        rules = robots.read(status, answer.body if answer.usable else b"", self._fetcher.network.user_agent)
        if rules.said:
            self._say(rules.said)
        if rules.delay and (turns := await self._fetcher.turns_of(url)) is not None:
            turns.slow_down(str(origin_of(url)), rules.delay)
            self._say(f"robots.txt của {host_of(url)} yêu cầu cách nhau {rules.delay:g} giây")
        return rules

    def _say(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)
