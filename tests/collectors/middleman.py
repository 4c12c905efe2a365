"""An HTTP proxy on loopback: tunnels by CONNECT, whole addresses for plain http, and what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass
class Middleman:
    """A proxy that sends every name to `leads_to`, or answers with a status of its own."""

    leads_to: int = 0
    """Port on loopback that stands behind every name."""

    answer: str = ""
    """`407 Login`: said to every request instead."""

    login: str = ""
    """Value of Proxy-Authorization that is asked for."""

    tls: ssl.SSLContext | None = None
    asked: list[str] = field(default_factory=list)
    """First lines of requests."""

    heads: list[str] = field(default_factory=list)
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
        """Stop, with every tunnel."""
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Return its address as config writes it."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await self._pass(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, _, rest = head.partition("\r\n")
        self.asked.append(first)
        self.heads.append(rest)
        if self.answer or (self.login and f"Proxy-Authorization: {self.login}" not in rest):
            writer.write(f"HTTP/1.1 {self.answer or '407 Login'}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
            return
        behind, beyond = await asyncio.open_connection("127.0.0.1", self.leads_to)
        if first.startswith("CONNECT "):
            writer.write(b"HTTP/1.1 200 Open\r\nVia: middleman\r\n\r\n")
        else:
            method, target, version = first.split(" ")
            path = "/" + target.split("/", 3)[3]
            beyond.write(f"{method} {path} {version}\r\n{rest}".encode("latin-1"))
        try:
            await asyncio.gather(_copy(reader, beyond), _copy(behind, writer))
        finally:
            beyond.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while part := await source.read(65_536):
        target.write(part)
        await target.drain()
    if target.can_write_eof():
        target.write_eof()
