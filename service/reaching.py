"""Who can be reached from here, and if not, what helps: one row for each portal and service system."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from collectors import robots
from collectors.addresses import absolute
from collectors.blocked import status_failure
from collectors.fetcher import Fetcher, FetchRequest
from collectors.guard import ForbiddenError, fault_of, origin_of
from collectors.trying import REDIRECTS
from minhchung.agencies import Agency
from minhchung.clock import Clock
from minhchung.errors import UnreachableError
from minhchung.evidence import Exchange, FailedAttempt, Failure, TlsVerdict
from service.diagnosis import NOTHING, Level, Text

if TYPE_CHECKING:
    from service.settings import Settings

MOST_HOPS: Final = 5

_TIMEOUT: Final[Text] = (
    "máy chủ chậm hoặc tường lửa bỏ gói: hỏi bộ phận mạng, nới timeout_connect, timeout_read",
    "slow server, or a firewall drops packets: ask the network's people, raise timeout_connect, timeout_read",
)
_CERTIFICATE: Final[Text] = (
    "báo cơ quan sửa chứng thư; nội dung vẫn đọc được nếu broken_tls cho phép",
    "tell the agency to mend its certificate; the content is read where broken_tls allows",
)
_CHAIN: Final[Text] = (
    "đặt fetch_intermediates = true hoặc thêm chứng thư gốc của ngành vào trust_roots; báo cơ quan",
    "set fetch_intermediates = true or add the authority's root to trust_roots; tell the agency",
)
_THEIRS: Final[Text] = (
    "báo cơ quan chủ quản; xem lại địa chỉ trong agencies/",
    "tell the agency; look at the address in agencies/",
)
_BLOCKED: Final[Text] = (
    "đề nghị cơ quan mở cho địa chỉ và user_agent của hệ thống",
    "ask the agency to let our address and user_agent in",
)
REMEDIES: Final[dict[Failure, Text]] = {
    Failure.DNS: (
        "sửa địa chỉ hoặc DNS; sau proxy thì đặt proxy_resolves = true",
        "correct the address or DNS; behind a proxy set proxy_resolves = true",
    ),
    Failure.ADDRESS_FORBIDDEN: (
        "nếu đúng là địa chỉ nội bộ cần đọc: khai [[network.internal]] hoặc allow",
        "if this private address is meant: name it in [[network.internal]] or allow",
    ),
    Failure.CONNECT: (
        "mở tường lửa cho chiều ra, hoặc khai proxy; xem lại cổng trong địa chỉ",
        "open the firewall outwards or name a proxy; look at the port in the address",
    ),
    Failure.PROXY: ("sửa proxy, proxy_login", "correct proxy, proxy_login"),
    Failure.TIMEOUT_CONNECT: _TIMEOUT,
    Failure.TIMEOUT_READ: _TIMEOUT,
    Failure.TIMEOUT_TOTAL: _TIMEOUT,
    Failure.TLS_EXPIRED: _CERTIFICATE,
    Failure.TLS_NAME: _CERTIFICATE,
    Failure.TLS_CHAIN: _CHAIN,
    Failure.BLOCKED: _BLOCKED,
    Failure.RATE_LIMITED: _BLOCKED,
    Failure.ROBOTS: (
        'xin văn bản cho phép rồi đặt robots = "record" và mandate, hoặc đề nghị cơ quan mở robots.txt',
        'get an order and set robots = "record" with its mandate, or ask the agency to open robots.txt',
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How one address answers, seen from here."""

    name: str
    """Code of the agency, or key of the service system."""

    url: str
    level: Level = "ok"
    addresses: tuple[str, ...] = ()
    private: bool = False
    proxy: str = ""
    tls: str = ""
    """Verdict; empty over plain http, and where no handshake came about."""

    robots: str = ""
    """`allowed`, `disallowed`, `unread`; empty where it is not asked."""

    status: int | None = None
    target: str = ""
    """Where redirects end, if not at the address itself."""

    failure: Failure | None = None
    detail: str = ""
    milliseconds: int | None = None
    remedy: Text = NOTHING


async def reach(settings: Settings, clock: Clock, agencies: Sequence[Agency]) -> list[Reached]:
    """Ask every portal for robots.txt and its home page, every service system for its base address."""
    network = settings.network
    gate = asyncio.Semaphore(network.concurrency)
    async with Fetcher(network, clock, settings.trust_roots()) as fetcher:
        reacher = Reacher(fetcher)

        async def one(name: str, url: str, *, crawled: bool) -> Reached:
            async with gate:
                return await reacher.reach(name, url, crawled=crawled)

        asked = [one(agency.code, agency.portal, crawled=True) for agency in agencies]
        asked += [
            one(key, source.url, crawled=False) for key, source in settings.sources.items() if source.url
        ]
        return list(await asyncio.gather(*asked))


class Reacher:
    """Asks one address after the other; robots.txt of a host once."""

    def __init__(self, fetcher: Fetcher) -> None:
        """Ask by the fetcher's limits."""
        self._fetcher = fetcher
        self._rules: dict[str, asyncio.Task[robots.Rules]] = {}

    async def reach(self, name: str, url: str, *, crawled: bool) -> Reached:
        """Return how an address answers; `crawled`: robots.txt counts."""
        if not url:
            remedy = (
                "điền portal trong agencies/ khi đã xác nhận",
                "fill in portal in agencies/ once it is confirmed",
            )
            return Reached(name=name, url="", level="remark", remedy=remedy)
        row = Reached(name=name, url=url)
        try:
            origin = origin_of(url)
            addresses = await self._fetcher.addresses(url)
        except ForbiddenError as exc:
            return _failed(row, Failure.ADDRESS_FORBIDDEN, str(exc))
        except UnreachableError as exc:
            return _failed(row, Failure.DNS, str(exc))
        proxy = self._fetcher.proxy_of(origin)
        private = any(fault_of(ipaddress.ip_address(each)) for each in addresses)
        row = replace(row, addresses=addresses, private=private, proxy=proxy.place if proxy else "")
        if crawled:
            rules = await self._rules_of(str(origin))
            allowed = rules.allow(url)
            unread = bool(rules.said) or not rules.answered
            row = replace(row, robots="unread" if unread else "allowed" if allowed else "disallowed")
            if not allowed and self._fetcher.network.robots == "obey":
                return _failed(row, Failure.ROBOTS, "robots.txt")
        return await self._ask(row)

    async def _rules_of(self, origin: str) -> robots.Rules:
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._read_rules(origin))
        return await self._rules[origin]

    async def _read_rules(self, origin: str) -> robots.Rules:
        asked = FetchRequest(url=f"{origin}/robots.txt", max_bytes=robots.MAX_BYTES, cut=True)
        answer = await self._fetcher.fetch_body(asked)
        agent = self._fetcher.network.user_agent
        if isinstance(answer, FailedAttempt):
            return robots.read(None, b"", agent)
        return robots.read(answer[0].status, answer[1], agent)

    async def _ask(self, row: Reached) -> Reached:
        url, seconds = row.url, 0.0
        for _ in range(MOST_HOPS + 1):
            answer = await self._fetcher.fetch(FetchRequest(url=url, max_bytes=robots.MAX_BYTES, cut=True))
            seconds += answer.elapsed
            if answer.tls is not None and not row.tls:
                row = replace(row, tls=answer.tls.verdict.value)
            row = replace(row, milliseconds=round(seconds * 1000), target=url if url != row.url else "")
            if isinstance(answer, FailedAttempt):
                return _failed(row, answer.failure, answer.detail)
            location = answer.header("location") if answer.status in REDIRECTS else None
            target = absolute(url, location) if location else ""
            if not target:
                return self._judged(row, answer)
            url = target
        return _failed(row, Failure.REDIRECT_LOOP, f"more than {MOST_HOPS} redirects")

    def _judged(self, row: Reached, answer: Exchange) -> Reached:
        row = replace(row, status=answer.status)
        failure = status_failure(answer.status)
        if failure is not None and row.robots:
            return _failed(row, failure, f"HTTP {answer.status}")
        if row.tls not in ("", TlsVerdict.VALID.value):
            whole = row.tls == TlsVerdict.INCOMPLETE_CHAIN.value or row.tls == TlsVerdict.UNTRUSTED.value
            return replace(row, level="remark", remedy=_CHAIN if whole else _CERTIFICATE)
        return row


def _failed(row: Reached, failure: Failure, detail: str) -> Reached:
    level: Level = "remark" if failure is Failure.ROBOTS else "fault"
    return replace(row, level=level, failure=failure, detail=detail, remedy=REMEDIES.get(failure, _THEIRS))


def as_json(rows: Iterable[Reached], language: int) -> list[dict[str, object]]:
    """Return the rows as plain values, remedies in the language (0: Vietnamese, 1: English)."""
    return [
        {
            "name": row.name,
            "url": row.url,
            "level": row.level,
            "addresses": list(row.addresses),
            "private": row.private,
            "proxy": row.proxy,
            "tls": row.tls,
            "robots": row.robots,
            "status": row.status,
            "target": row.target,
            "failure": row.failure.value if row.failure else None,
            "detail": row.detail,
            "milliseconds": row.milliseconds,
            "remedy": row.remedy[language],
        }
        for row in rows
    ]
