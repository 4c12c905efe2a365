"""HTTP/1.1 by hand: parses small requests, answers from rendered bytes, keeps connections alive."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import unquote

from simulator.http import Request, Response, Site

_MOST_HEADER_BYTES: Final = 32_768
_TLS_HANDSHAKE: Final = b"\x16"
_MOST_BODY_BYTES: Final = 4_000_000
_WAKES_IN: Final = 3.0
"""Seconds that the first answer of a slow portal's day takes."""

_TAKES: Final = 0.02
"""Seconds that each further answer of a slow portal takes."""

_GZIP_FROM: Final = 600
"""Bytes below which a body is sent as it is."""

_REASONS: Final = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_COMPRESSIBLE: Final = ("text/", "application/json", "application/xml", "application/rss")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One answer as bytes, ready for any way of asking."""

    etag: bytes
    plain_head: bytes
    plain: bytes
    gzip_head: bytes
    gzipped: bytes
    not_modified: bytes
    last_modified: bytes


def render(response: Response) -> Rendered:
    """Turn a response into the bytes of every way in which it may be asked for."""
    etag = b'"' + hashlib.sha256(response.body).hexdigest()[:20].encode() + b'"'
    lines = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, 'Unknown')}", "Server: mo-phong"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    modified = next((value for name, value in response.headers if name == "Last-Modified"), "")
    conditional = response.status == 200
    validators = f"ETag: {etag.decode()}\r\n" if conditional else ""
    lines += [f"Content-Type: {response.content_type}", "Vary: Accept-Encoding", validators]
    head = "\r\n".join(lines)
    squeezed = b""
    if len(response.body) >= _GZIP_FROM and response.content_type.startswith(_COMPRESSIBLE):
        squeezed = gzip.compress(response.body, 5, mtime=0)
    stamp = f"Last-Modified: {modified}\r\n" if modified else ""
    squeezed_end = f"Content-Encoding: gzip\r\nContent-Length: {len(squeezed)}\r\n\r\n"
    unchanged = f"HTTP/1.1 304 Not Modified\r\nServer: mo-phong\r\n{validators}{stamp}\r\n"
    return Rendered(
        etag=etag,
        plain_head=f"{head}Content-Length: {len(response.body)}\r\n\r\n".encode("latin-1"),
        plain=response.body,
        gzip_head=f"{head}{squeezed_end}".encode("latin-1"),
        gzipped=squeezed,
        not_modified=unchanged.encode("latin-1"),
        last_modified=modified.encode() if conditional else b"",
    )


class Door:
    """One port: the site behind it, the answers already rendered today, and how often it was asked."""

    def __init__(
        self, site: Site, today: Callable[[], date], *, keeps: bool = True, slow: bool = False
    ) -> None:
        self._site = site
        self._keeps = keeps
        self._slow = slow
        self._awake: date | None = None
        self._today = today
        self._day: date | None = None
        self._kept: dict[str, Rendered] = {}
        self.requests = 0
        self.connections: set[asyncio.Transport] = set()

    def pause(self) -> float:
        """Return how many seconds the next answer takes."""
        if not self._slow:
            return 0.0
        day = self._today()
        if day != self._awake:
            self._awake = day
            return _WAKES_IN
        return _TAKES

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Rendered:
        """Return the answer to one request, from what was rendered today where the method is safe."""
        day = self._today()
        if day != self._day:
            self._day, self._kept = day, {}
        safe = method in ("GET", "HEAD")
        if safe and (kept := self._kept.get(target)) is not None:
            return kept
        path, _, query = target.partition("?")
        request = Request(
            method="GET" if safe else method,
            path=unquote(path),
            query=query,
            headers=headers,
            body=body,
            day=day,
        )
        rendered = render(self._site.handle(request))
        if safe and self._keeps:
            self._kept[target] = rendered
        return rendered


class Conversation(asyncio.Protocol):
    """One connection."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport, so that a port that goes dark can hang up."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._door.connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the transport."""
        if self._transport is not None:
            self._door.connections.discard(self._transport)
            self._transport = None

    def data_received(self, data: bytes) -> None:
        """Answer every whole request that has arrived."""
        self._buffer += data
        if self._buffer[:1] == _TLS_HANDSHAKE:
            self._refuse(400)  # as web servers answer https that is spoken to their http port
            return
        while self._transport is not None and (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].decode("latin-1")
            first, *lines = head.split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            length = headers.get("content-length", "0")
            if not length.isdecimal() or int(length) > _MOST_BODY_BYTES:
                self._refuse(413)
                return
            stop = end + 4 + int(length)
            if len(self._buffer) < stop:
                return
            body, self._buffer = self._buffer[end + 4 : stop], self._buffer[stop:]
            self._reply(first, headers, body)
        if len(self._buffer) > _MOST_HEADER_BYTES + _MOST_BODY_BYTES:
            self._refuse(413)

    def _reply(self, first: str, headers: dict[str, str], body: bytes) -> None:
        parts = first.split(" ")
        if len(parts) != 3 or not parts[1].startswith("/"):
            self._refuse(400)
            return
        method, target, _ = parts
        self._door.requests += 1
        rendered = self._door.answer(method, target, headers, body)
        if pause := self._door.pause():
            loop = asyncio.get_running_loop()
            loop.call_later(pause, self._finish, method, rendered, headers)
        else:
            self._finish(method, rendered, headers)

    def _finish(self, method: str, rendered: Rendered, headers: dict[str, str]) -> None:
        self._send(method, rendered, headers)
        if headers.get("connection", "").lower() == "close" and self._transport is not None:
            self._transport.close()

    def _send(self, method: str, rendered: Rendered, headers: dict[str, str]) -> None:
        if self._transport is None:
            return
        asked = headers.get("if-none-match", "").encode()
        since = headers.get("if-modified-since", "").encode()
        unchanged = rendered.etag in asked if asked else bool(since) and since == rendered.last_modified
        if unchanged and method in ("GET", "HEAD"):
            self._transport.write(rendered.not_modified)
            return
        squeezed = rendered.gzipped and "gzip" in headers.get("accept-encoding", "")
        head = rendered.gzip_head if squeezed else rendered.plain_head
        payload = b"" if method == "HEAD" else (rendered.gzipped if squeezed else rendered.plain)
        self._transport.write(head + payload)

    def _refuse(self, status: int) -> None:
        if self._transport is not None:
            line = f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            self._transport.write(line.encode())
            self._transport.close()
        self._buffer = b""
