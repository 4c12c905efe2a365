"""Servers that behave as the worst of the web does, on loopback and a free port."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from minhchung.sources import Network


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it reached the server."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """Return the target without its query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """An ordinary answer."""

    body: bytes | str = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    def raw(self) -> bytes:
        """Return the answer as bytes of HTTP/1.1."""
        body = self.body.encode() if isinstance(self.body, str) else self.body
        lines = [f"HTTP/1.1 {self.status} Said", f"Content-Length: {len(body)}"]
        lines += [f"Content-Type: {self.type}"] if self.type else []
        lines += [f"{name}: {value}" for name, value in self.headers]
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        return head if self.status in (204, 304) else head + body


_HANDSHAKE = b"\x16"  # the first byte of a TLS record, which no HTTP request begins with

Handler = Callable[[Request], Reply]
RawHandler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class World:
    """A server: what it was asked, and what it answers by path."""

    pages: dict[str, Reply | Handler] = field(default_factory=dict)
    raw: dict[str, RawHandler] = field(default_factory=dict)
    fallback: Handler | None = None
    """What answers for every other address; None: it is not there."""

    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, with every connection."""
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        """Return the requests for a path."""
        return [request for request in self.requests if request.path == path]

    def network(self, **changes: Any) -> Network:
        """Return limits under which this server may be asked, without delay."""
        limits: dict[str, Any] = {"allow": (f"127.0.0.1:{self.port}",), "delay": 0.0}
        return Network(**limits | changes)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            while (request := await _read(reader)) is not None:
                self.requests.append(request)
                if (handler := self.raw.get(request.path)) is not None:
                    await handler(request, writer)
                    break
                said = self.pages.get(request.path, self.fallback or Reply("none", 404))
                writer.write((said(request) if callable(said) else said).raw())
                await writer.drain()
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, or the test is over
        finally:
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        first = await reader.readexactly(1)
        if first == _HANDSHAKE:
            return None
        head = first + await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    start, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = start.split(" ")
    headers = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body)


def redirect(target: str, status: int = 302, **headers: str) -> Reply:
    """Return a redirect."""
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply("", status, headers=(("Location", target), *more))


@dataclass
class Ticking:
    """A clock that runs from a day of 2021 on, and can be moved."""

    at: datetime = datetime(2021, 11, 4, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the instant, a millisecond later each time."""
        self.at += timedelta(milliseconds=1)
        return self.at
