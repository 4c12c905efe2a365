"""Asking for one address: every limit in one place, every ending sorted into the closed taxonomy.

`fetch` is one request and one answer. It follows no redirect and reads no robots.txt: those are requests
of their own, sealed one by one (`collectors.asking`). It never raises for anything the world does.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from weakref import WeakValueDictionary

import httpcore

from collectors import decode
from collectors.chains import COMPLETED, MOST_BYTES, examine, missing, shake_hands
from collectors.endings import FailedError, sort, unsafe
from collectors.guard import ForbiddenError, Guard, Origin, Resolve, origin_of, resolve
from collectors.lanes import Lane, trim
from collectors.line import Line
from collectors.pace import LONGEST_PAUSE, OVERRUN, Pace, Turns
from collectors.proxy import Proxied, Proxy, goes_direct, read_proxy
from collectors.talk import Heard
from collectors.tls import Contexts, completed, make_contexts
from collectors.transport import Caller, Guarded, UnusableError
from collectors.wire import StaleError, UnconnectedError, Wire
from minhchung.clock import Clock
from minhchung.errors import UnreachableError, UnrecognisedError
from minhchung.evidence import Exchange, FailedAttempt, Failure, TlsFacts, TlsVerdict
from minhchung.sources import Network

MAX_LANES: Final = 256
"""Hosts with open connections; beyond it the idle ones are closed, oldest first."""

STALE_AFTER: Final = 600.0
"""Seconds after which a host is resolved and judged anew."""

_STALE_TRIES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """What to ask for."""

    url: str
    """Absolute; a fragment is not sent."""

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    secret_headers: tuple[tuple[str, str], ...] = ()
    """Sent but never part of the exchange: credentials. Only over a verified connection."""

    body: bytes = b""
    max_bytes: int | None = None
    """Cap on the transferred body; None: the network's."""

    seconds: float | None = None
    """Deadline of the whole exchange; None: the network's."""

    cut: bool = False
    """Keep the first `max_bytes` of a longer body, marked as truncated, instead of refusing it."""

    party: str = ""
    """In whose name: turns at one server go round among those who wait."""

    patience: float | None = None
    """Seconds to wait for a turn; None: as long as it takes."""


class Fetcher:
    """Asks for addresses, politely and within limits; one for all visits of a process."""

    def __init__(
        self,
        network: Network,
        clock: Clock,
        extra_roots: Iterable[Path] = (),
        *,
        resolver: Resolve = resolve,
        contexts: Contexts | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """Use the limits of `network`, the pinned roots and `extra_roots`."""
        self.network = network
        self.clock = clock
        self._pace = Pace(network)
        self._closed: dict[str, float] = {}
        self._keeps_hours = bool(network.open_hours or any(each.open_hours for each in network.group))
        self._guard = Guard(network.allow, resolver, network.internal)
        self._roots = tuple(extra_roots)
        self._contexts = contexts or make_contexts(self._roots)
        self._proxy = read_proxy(network, environ)
        self._lanes: OrderedDict[Origin, Lane] = OrderedDict()
        self._opening: WeakValueDictionary[Origin, asyncio.Lock] = WeakValueDictionary()
        self._turns = asyncio.Semaphore(network.concurrency)
        self._headers = {
            "User-Agent": network.user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.5",
            "Accept-Encoding": decode.ACCEPTED,
        }

    async def __aenter__(self) -> Self:
        """Return the fetcher."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        lanes = list(self._lanes.values())
        self._lanes.clear()
        for lane in lanes:
            await lane.client.aclose()
        await asyncio.sleep(0)  # aborted transports are let go of in the loop's next turn

    async def fetch(self, request: FetchRequest) -> Exchange | FailedAttempt:
        """Return the exchange, or why there was none."""
        answer = await self.fetch_body(request)
        return answer if isinstance(answer, FailedAttempt) else answer[0]

    async def fetch_body(self, request: FetchRequest) -> tuple[Exchange, bytes] | FailedAttempt:
        """Return the exchange with its decoded body, or why there was none."""
        begun_at, started = self.clock.now(), time.perf_counter()
        lane: Lane | None = None
        try:
            lane = await self._lane(origin_of(request.url))
            lane.users += 1
            try:
                if not await lane.turns.enter(lane.place, request.party, request.patience):
                    raise FailedError(Failure.BUDGET, "no turn at the server came in time")
                try:
                    # Taken last: who waits for one slow address must not keep the others waiting.
                    async with self._turns:
                        begun_at, started = self.clock.now(), time.perf_counter()
                        exchange = await self._exchange(lane, request, started)
                finally:
                    lane.turns.leave(lane.place)
            finally:
                lane.users -= 1
            if lane.turns.delay:
                lane.turns.note(overrun=exchange.status in (429, 503), elapsed=exchange.elapsed)
        except FailedError as exc:
            failure, detail, tls = exc.failure, exc.detail, exc.tls
            if lane is not None and failure in OVERRUN:
                lane.turns.note(overrun=True, elapsed=0.0)
        except ForbiddenError as exc:
            failure, detail, tls = Failure.ADDRESS_FORBIDDEN, str(exc), None
        except UnreachableError as exc:
            failure, detail, tls = Failure.DNS, str(exc), None
        except decode.DecodeBombError as exc:
            failure, detail, tls = Failure.DECODE_BOMB, str(exc), None
        except UnrecognisedError as exc:
            failure, detail, tls = Failure.BAD_CONTENT, str(exc), None
        else:
            return exchange, exchange.wire if exchange.body is None else exchange.body
        return FailedAttempt(
            method=request.method,
            url=request.url,
            failure=failure,
            detail=detail,
            begun_at=begun_at,
            elapsed=time.perf_counter() - started,
            address=f"{lane.addresses[0]}:{lane.origin.port}" if lane is not None and lane.addresses else "",
            tls=tls,
        )

    async def turns_of(self, url: str) -> Turns | None:
        """Return the turns at the server of an address; None when it may not be asked."""
        try:
            return (await self._lane(origin_of(url))).turns
        except (ForbiddenError, UnreachableError):
            return None

    async def server_of(self, url: str) -> Turns:
        """Return the turns at the server of an address, by its host alone where it may not be asked."""
        return await self.turns_of(url) or self._pace.turns(origin_of(url).host, ())

    async def addresses(self, url: str) -> tuple[str, ...]:
        """Return the judged addresses of a host; raises ForbiddenError or UnreachableError."""
        return (await self._lane(origin_of(url))).addresses

    async def unresolved(self, url: str) -> FailedAttempt | None:
        """Return why a host does not resolve now, or None; an open connection does not speak for its name."""
        begun_at, started = self.clock.now(), time.perf_counter()
        try:
            await self._admitted(origin_of(url))
        except ForbiddenError as exc:
            failure, detail = Failure.ADDRESS_FORBIDDEN, str(exc)
        except UnreachableError as exc:
            failure, detail = Failure.DNS, str(exc)
        else:
            return None
        elapsed = time.perf_counter() - started
        return FailedAttempt(
            method="GET", url=url, failure=failure, detail=detail, begun_at=begun_at, elapsed=elapsed
        )

    def hold(self, url: str, seconds: float) -> None:
        """Leave a host alone as long as it asks, and its server as long as can be waited for."""
        origin = origin_of(url)
        if (lane := self._lanes.get(origin)) is not None:
            lane.turns.hold(lane.place, seconds)
        if seconds > LONGEST_PAUSE:
            self._closed[str(origin)] = asyncio.get_running_loop().time() + seconds

    async def is_open(self, url: str) -> bool:
        """Say whether the server of an address may be asked at this hour."""
        if not self._keeps_hours:
            return True
        turns = await self.turns_of(url)
        return turns is None or turns.hours.hold(self.clock.now())

    def closed_for(self, url: str) -> float:
        """Return for how many seconds a host has asked to be left alone; 0 when it has not."""
        if not self._closed:
            return 0.0
        until = self._closed.get(str(origin_of(url)), 0.0)
        return max(0.0, until - asyncio.get_running_loop().time())

    def take_issuers(self, url: str) -> list[Exchange | FailedAttempt]:
        """Return how the intermediates that an address's chain lacks were asked for, once, to be sealed."""
        lane = self._lanes.get(origin_of(url))
        return [] if lane is None else lane.take_issuers()

    # --- lanes ------------------------------------------------------------------------------------------

    async def _lane(self, origin: Origin) -> Lane:
        lane = self._lanes.get(origin)
        if lane is not None:
            if lane.users or time.monotonic() - lane.opened_at < STALE_AFTER:
                return lane
            del self._lanes[origin]
            await lane.client.aclose()
        async with self._opening.setdefault(origin, asyncio.Lock()):
            if (lane := self._lanes.get(origin)) is None:
                addresses = await self._admitted(origin)
                lane = Lane(
                    origin=origin,
                    place=str(origin),
                    addresses=addresses,
                    client=self._client(origin, addresses, self._contexts.verified),
                    turns=self._pace.turns(origin.host, addresses),
                    opened_at=time.monotonic(),
                )
                self._lanes[origin] = lane
                await self._close_idle()
        return lane

    async def _admitted(self, origin: Origin) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(self.network.timeout_connect):
                return await self._guard.admit(origin)
        except (TimeoutError, UnreachableError) as exc:
            if self.network.proxy_resolves and self.proxy_of(origin) is not None:
                return ()
            if isinstance(exc, TimeoutError):
                raise UnreachableError(f"{origin.host}: DNS did not answer in time") from exc
            raise

    def proxy_of(self, origin: Origin) -> Proxy | None:
        """Return the proxy through which an origin is asked; None: directly."""
        return None if goes_direct(origin.host, self.network) else self._proxy

    def _backend(self, origin: Origin, addresses: tuple[str, ...]) -> Guarded:
        proxy = self.proxy_of(origin)
        if proxy is None:
            return Guarded(origin.host, origin.port, addresses)
        return Proxied(origin, addresses, proxy, self._contexts.verified)

    async def _close_idle(self) -> None:
        if len(self._lanes) <= MAX_LANES:
            return
        for origin, lane in list(self._lanes.items())[:-1]:
            if not lane.users:
                del self._lanes[origin]
                await lane.client.aclose()
                if len(self._lanes) <= MAX_LANES:
                    return

    def _client(self, origin: Origin, addresses: tuple[str, ...], context: ssl.SSLContext) -> Caller:
        backend = self._backend(origin, addresses)
        network = self.network
        line = Line(backend, context, connect_seconds=network.timeout_connect, seconds=network.timeout_read)
        return Caller(line, self._headers)

    # --- one exchange -----------------------------------------------------------------------------------

    async def _exchange(self, lane: Lane, request: FetchRequest, started: float) -> Exchange:
        seconds = self.network.timeout_total if request.seconds is None else request.seconds
        if request.secret_headers and lane.unverified and lane.broken is not None:
            raise unsafe(lane.broken)
        try:
            async with asyncio.timeout(seconds):
                for last in range(_STALE_TRIES):
                    try:
                        return await self._send(lane, request, started)
                    except StaleError:
                        # Nothing of this request was heard: the idle connection had gone. Not an attempt.
                        if last == _STALE_TRIES - 1:
                            raise
                    except UnconnectedError as exc:
                        if not isinstance(exc.fault, ssl.SSLCertVerificationError):
                            raise
                        await self._mend(lane, request, exc.fault)
        except TimeoutError as exc:
            raise FailedError(Failure.TIMEOUT_TOTAL, f"not finished within {seconds:g} s") from exc
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as exc:
            failure, detail = sort(exc)
            tls = TlsFacts(verdict=TlsVerdict.OTHER, detail=detail) if failure is Failure.TLS_OTHER else None
            raise FailedError(failure, detail, tls) from exc
        except (UnusableError, httpcore.UnsupportedProtocol, UnicodeError) as exc:
            raise FailedError(Failure.BAD_CONTENT, f"no usable address: {exc}") from exc
        raise FailedError(Failure.RESET, "the connection was closed each time")

    async def _send(self, lane: Lane, request: FetchRequest, started: float) -> Exchange:
        client = lane.client
        proxy = self.proxy_of(lane.origin) if lane.origin.scheme == "http" else None
        secrets = request.secret_headers
        if proxy is not None and proxy.authorization:
            secrets = (*secrets, ("Proxy-Authorization", proxy.authorization))
        asked = client.build_request(
            request.method, request.url, headers=request.headers + secrets, content=request.body or None
        )
        if proxy is not None:
            asked = replace(asked, whole=True)
        begun_at = self.clock.now()
        answer = await client.send(asked)
        try:
            wire, stream, whole = await self._body(answer, request)
        finally:
            await answer.aclose()
        if client.cookies and "set-cookie" in answer.headers:
            trim(client.cookies)
        facts = stream.facts if stream is not None else None
        if proxy is not None and answer.status_code == 407:
            raise FailedError(Failure.PROXY, f"proxy {proxy.place} answered 407")
        if facts is not None and lane.broken is not None:
            facts = replace(facts, verdict=lane.broken.verdict, detail=lane.broken.detail)
        secret = {name.casefold() for name, _ in secrets}
        codings = answer.headers.get("content-encoding")
        return Exchange(
            method=request.method,
            url=request.url,
            request_headers=tuple(
                (name, value)
                for name, value in _texts(asked.headers.raw)
                if not secret or name.casefold() not in secret
            ),
            request_body=request.body,
            status=answer.status_code,
            reason_phrase=answer.reason_phrase.decode("latin-1"),
            http_version=answer.http_version.decode("latin-1"),
            headers=_texts(answer.headers.raw),
            wire=wire,
            begun_at=begun_at,
            elapsed=time.perf_counter() - started,
            address=stream.address if stream is not None else "",
            tls=facts,
            truncated=not whole,
            body=decode.unpack(wire, codings, self.network.max_decoded_bytes),
        )

    async def _body(self, answer: Heard, request: FetchRequest) -> tuple[bytes, Wire | None, bool]:
        """Return the body as transferred, its connection, and whether it is whole."""
        cap = self.network.max_wire_bytes if request.max_bytes is None else request.max_bytes
        declared = answer.headers.get("content-length", "")
        cut = request.cut and "content-encoding" not in answer.headers
        if declared.isdigit() and int(declared[:18]) > cap and not cut:
            raise FailedError(Failure.TOO_LARGE, f"{declared} bytes declared, at most {cap} are taken")
        parts: list[bytes] = []
        size = 0
        async for part in answer.aiter_raw():
            size += len(part)
            if size > cap and not cut:
                raise FailedError(Failure.TOO_LARGE, f"more than {cap} bytes")
            parts.append(part)
            if size > cap:
                break
        stream = answer.stream
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        return body[:cap], stream if isinstance(stream, Wire) else None, size <= cap

    async def _mend(self, lane: Lane, request: FetchRequest, refusal: ssl.SSLCertVerificationError) -> None:
        """After a refused chain, complete it, or let this host alone be read unverified.

        Raises FailedError where config refuses that, and when the request carries credentials: those go to a
        verified host or nowhere.
        """
        async with lane.mending:
            origin, network = lane.origin, self.network
            backend = self._backend(origin, lane.addresses)
            if lane.broken is None:
                lane.broken = await examine(
                    refusal,
                    backend,
                    origin.host,
                    origin.port,
                    self._contexts.unverified,
                    network.timeout_connect,
                )
                if lane.broken.verdict is TlsVerdict.INCOMPLETE_CHAIN and network.fetch_intermediates:
                    await self._complete(lane, lane.broken, backend)
                    if lane.completed:
                        return
            if request.secret_headers:
                raise unsafe(lane.broken)
            if network.broken_tls == "refuse" and origin.host not in network.broken_tls_hosts:
                raise unsafe(lane.broken, "its content is not read (broken_tls)")
            if not lane.unverified:
                lane.unverified = True
                await lane.client.aclose()
                lane.client = self._client(origin, lane.addresses, self._contexts.unverified)

    async def _complete(self, lane: Lane, broken: TlsFacts, backend: Guarded) -> None:
        """Fetch what a chain lacks; where it then holds, go on over verified connections."""
        origin, seconds = lane.origin, self.network.timeout_connect

        async def issuer(url: str) -> bytes | None:
            got = await self.fetch_body(FetchRequest(url=url, max_bytes=MOST_BYTES))
            lane.issuers.append(got if isinstance(got, FailedAttempt) else got[0])
            return got[1] if not isinstance(got, FailedAttempt) and got[0].status == 200 else None

        intermediates, whence = await missing(broken.chain, issuer)
        if not intermediates:
            return
        context = completed(self._roots, intermediates)
        if await shake_hands(backend, origin.host, origin.port, context, seconds) is None:
            return
        lane.completed = True
        lane.broken = replace(broken, detail=f"{broken.detail}; {COMPLETED} {whence}")
        await lane.client.aclose()
        lane.client = self._client(origin, lane.addresses, context)


def _texts(raw: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
