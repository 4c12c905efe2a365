"""Requests over guarded connections: the only way by which anything of ours reaches a network.

httpx makes unusual requests and keeps the cookies, and is loaded by the first of either; its own client takes
no network backend, and passes every exchange through layers that we have no use for (redirects,
authentication, hooks). Judging the peer on the
response would be too late, the request has then been sent: the backend connects only to addresses that the
guard has admitted.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import httpcore

from collectors.line import Asked, Line
from collectors.talk import Fields, Heard
from collectors.wire import UnconnectedError, Wire

if TYPE_CHECKING:
    import httpx


class Guarded(httpcore.AsyncNetworkBackend):
    """Connects to the admitted addresses of one origin, whatever name it is asked for."""

    def __init__(self, host: str, port: int, addresses: tuple[str, ...]) -> None:
        """Stand for an origin whose every address has been judged."""
        self._host, self._port, self._addresses = host, port, addresses

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first admitted address that answers."""
        if (host.casefold().strip("[]"), port) != (self._host, self._port):
            raise httpcore.ConnectError(f"{host}:{port} was not judged")
        fault = OSError(f"{host} has no address")
        try:
            async with asyncio.timeout(timeout):
                for address in self._addresses:
                    try:
                        return await _connect(address, port)
                    except OSError as exc:
                        fault = exc
        except TimeoutError as exc:
            raise httpcore.ConnectTimeout(f"no connection within {timeout:g} s") from exc
        raise UnconnectedError(fault) from fault


async def _connect(address: str, port: int) -> Wire:
    place = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    _, wire = await asyncio.get_running_loop().create_connection(lambda: Wire(place), address, port)
    return wire


_PORTS: Final = {"http": 80, "https": 443}
_PLAIN: Final = re.compile(
    r"(https?)://([a-z0-9.-]+)(?::([0-9]{1,5}))?"
    r"(/(?!\.)(?:[\w~!$&'()*+,;=:@.-]|%[0-9A-Fa-f]{2}|/(?!\.))*(?:\?(?:[\w~!$&()*+,;=:@./?-]|%[0-9A-Fa-f]{2})*)?)",
    re.ASCII,
)
"""Addresses that go out letter by letter as they stand; httpx puts all others into that form."""


class UnusableError(ValueError):
    """No request can be made of an address."""


class Caller:
    """Asks one origin: fixed headers, its cookies."""

    def __init__(self, line: Line, headers: Mapping[str, str]) -> None:
        """Speak over `line`; `headers` are sent with every request that brings none of their own."""
        self._line = line
        self._headers = [*headers.items(), ("Connection", "keep-alive")]
        self._raw = [(name.encode(), value.encode()) for name, value in self._headers]
        self.cookies: httpx.Cookies | None = None
        """None until it sets one."""

    def build_request(
        self, method: str, url: str, *, headers: Sequence[tuple[str, str]] = (), content: bytes | None = None
    ) -> Asked:
        """Return the request as it will be sent; raises UnusableError or UnicodeError."""
        plain = _PLAIN.fullmatch(url) if method == "GET" and not content and not self.cookies else None
        if plain is None:
            return self._built(method, url, headers, content)
        scheme, host, port, target = plain.groups()
        number = int(port or _PORTS[scheme])
        named = host if number == _PORTS[scheme] else f"{host}:{number}"
        own = {name.casefold().encode() for name, _ in headers}
        usual = [each for each in self._raw if each[0].lower() not in own] if own else self._raw
        raw = [(b"Host", named.encode()), *usual]
        raw += [(name.encode(), value.encode("latin-1")) for name, value in headers]
        return Asked(method, scheme, host, number, target.encode(), Fields(raw))

    def _built(
        self, method: str, url: str, headers: Sequence[tuple[str, str]], content: bytes | None
    ) -> Asked:
        import httpx

        own = {name.casefold() for name, _ in headers}
        usual = [each for each in self._headers if each[0].casefold() not in own]
        try:
            request = httpx.Request(method, url, headers=[*usual, *headers], content=content)
        except (httpx.InvalidURL, httpx.HTTPError) as exc:
            raise UnusableError(str(exc)) from exc
        if self.cookies:
            self.cookies.set_cookie_header(request)
        where = request.url
        if where.scheme not in _PORTS:
            raise UnusableError(f"{where.scheme} is not spoken here")
        return Asked(
            method,
            where.scheme,
            where.raw_host.decode("ascii"),
            where.port or _PORTS[where.scheme],
            where.raw_path,
            Fields(request.headers.raw),
            request.content,
        )

    async def send(self, request: Asked) -> Heard:
        """Return the head of the answer; errors are httpcore's own, the fetcher sorts them."""
        answer = await self._line.ask(request)
        if "set-cookie" in answer.headers:
            self._take_cookies(request, answer)
        return answer

    def _take_cookies(self, request: Asked, answer: Heard) -> None:
        import httpx

        place = f"[{request.host}]" if ":" in request.host else request.host
        asked = httpx.Request("GET", f"{request.scheme}://{place}:{request.port}{request.target.decode()}")
        shown = httpx.Response(answer.status_code, headers=answer.headers.raw, request=asked)
        if self.cookies is None:
            self.cookies = httpx.Cookies()
        self.cookies.extract_cookies(shown)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._line.aclose()
