"""One connection as httpcore wants it: asyncio's own transport, a small buffer, timers only while waiting.

It stands where httpcore would use anyio: half the cost a request, and it knows what the evidence needs
(the address connected to, the TLS facts) and whether a reused connection went stale.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from asyncio.sslproto import SSLProtocol
from collections import deque
from typing import Any, Final

import httpcore

from collectors import tls
from minhchung.evidence import TlsFacts

HIGH_WATER: Final = 1 << 20
"""Bytes buffered before the peer is made to wait."""

_ROOM: Final = 256 * 1024
"""Bytes taken from a connection at once, at most."""

SSLProtocol.max_size = 64 * 1024
# Set aside for every TLS connection; asyncio's own 256 KiB make no answer come sooner.

_rooms = threading.local()
"""Where every connection of a loop reads: left to itself, asyncio allocates as much for every read."""


def _room() -> memoryview:
    """Return this thread's room, in which nothing stays: what came is copied out at once."""
    room: memoryview | None = getattr(_rooms, "room", None)
    if room is None:
        room = _rooms.room = memoryview(bytearray(_ROOM))
    return room


class StaleError(httpcore.ReadError):
    """The peer had closed an idle connection before our request on it was heard."""


class UnconnectedError(httpcore.ConnectError):
    """No connection was made; the pool drops causes, so this one carries its own."""

    def __init__(self, fault: OSError) -> None:
        super().__init__(str(fault) or type(fault).__name__)
        self.fault = fault


class Wire(asyncio.BufferedProtocol, httpcore.AsyncNetworkStream):
    """A TCP or TLS connection."""

    def __init__(self, address: str) -> None:
        """Stand for a connection to `address` (`ip:port`), once a transport is made."""
        self.address = address
        self.facts: TlsFacts | None = None
        self._room = _room()
        self._transport: asyncio.Transport | None = None
        self._chunks: deque[bytes] = deque()
        self._buffered = 0
        self._paused = False
        self._ended = False
        self._fault: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._turns = 0
        """Requests begun on this connection."""

        self._heard = True
        """The peer has said something since we last began to speak."""

    # --- what asyncio tells us --------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        """Say where to read to."""
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        """Keep what came, and make the peer wait when nobody reads."""
        self._heard = True
        self._chunks.append(bytes(self._room[:nbytes]))
        self._buffered += nbytes
        if self._buffered > HIGH_WATER and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """Note the end; the transport closes itself."""
        self._ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Note why the connection is gone."""
        self._ended = True
        self._fault = self._fault or exc
        self._wake()
        self.resume_writing()

    def pause_writing(self) -> None:
        """Let `write` wait until the peer has taken what is buffered."""
        if self._drained is None:
            self._drained = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """Let `write` go on."""
        drained, self._drained = self._drained, None
        if drained is not None and not drained.done():
            drained.set_result(None)

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def renew(self) -> None:
        """Begin anew: what was spoken so far opened the way to somebody else."""
        self._turns, self._heard = 0, True

    # --- what httpcore asks for -------------------------------------------------------------------------

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come, at most `max_bytes`; empty at the end of the stream."""
        if not self._chunks and not self._ended:
            self._waiter = asyncio.get_running_loop().create_future()
            await _within(self._waiter, timeout, httpcore.ReadTimeout)
        if not self._chunks:
            if not self._heard and self._turns > 1:
                raise StaleError("the idle connection had been closed")
            if self._fault is not None:
                raise httpcore.ReadError(str(self._fault) or type(self._fault).__name__) from self._fault
            return b""
        chunk = self._chunks.popleft()
        if len(chunk) > max_bytes:
            self._chunks.appendleft(chunk[max_bytes:])
            chunk = chunk[:max_bytes]
        self._buffered -= len(chunk)
        if self._paused and self._buffered < HIGH_WATER // 2 and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return chunk

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes; waits only while the peer does not take them."""
        if not buffer:
            return
        if self._heard:
            if self._turns and self._chunks:
                raise StaleError("the peer spoke before it was asked")
            self._heard = False
            self._turns += 1
        if self._transport is None or self._ended:
            if self._turns > 1:
                raise StaleError("the idle connection had been closed")
            raise httpcore.WriteError("the connection is closed")
        self._transport.write(buffer)
        if self._drained is not None:
            await _within(self._drained, timeout, httpcore.WriteTimeout)

    async def aclose(self) -> None:
        """Close at once; nothing of ours is left to be sent."""
        if self._transport is not None:
            self._transport.abort()
        self._ended = True
        self._wake()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Wire:
        """Shake hands; the TLS facts of the connection are then known."""
        plain = self._transport
        if plain is None:
            raise httpcore.ConnectError("the connection is closed")
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                secured = await loop.start_tls(plain, self, ssl_context, server_hostname=server_hostname)
        except TimeoutError as exc:
            plain.abort()
            raise httpcore.ConnectTimeout("the TLS handshake took too long") from exc
        except OSError as exc:
            plain.abort()
            raise UnconnectedError(exc) from exc
        if secured is None:
            raise httpcore.ConnectError("the connection was closed during the TLS handshake")
        self._transport = secured
        shaken = secured.get_extra_info("ssl_object")
        self.facts = tls.facts_of(shaken)
        return self

    def get_extra_info(self, info: str) -> Any:
        """Answer what httpcore asks about an idle connection."""
        if info == "is_readable":
            # An idle connection that can be read is one the peer has closed, or that lies.
            return self._ended or bool(self._chunks)
        if info == "ssl_object" and self._transport is not None:
            return self._transport.get_extra_info("ssl_object")
        return None


async def _within(
    future: asyncio.Future[None], seconds: float | None, late: type[httpcore.TimeoutException]
) -> None:
    """Wait for a future of ours; a plain timer costs less than a cancel scope."""
    if seconds is None:
        await future
        return
    timer = asyncio.get_running_loop().call_later(seconds, _give_up, future, late)
    try:
        await future
    finally:
        timer.cancel()


def _give_up(future: asyncio.Future[None], late: type[httpcore.TimeoutException]) -> None:
    if not future.done():
        future.set_exception(late("nothing came in time"))
