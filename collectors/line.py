"""The connections to one origin, and how a request is spoken over one: HTTP/1.1 by h11.

It stands where httpcore's pool would: the turns at an origin are the fetcher's to give, so there is nothing
to queue here, and a request costs half. Errors are httpcore's, as the fetcher sorts them.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import h11
import httpcore

KEEP_ALIVE: Final = 20.0
"""Seconds an idle connection is kept."""

CHUNK: Final = 64 * 1024
MOST_HEAD: Final = 100 * 1024
"""Bytes of status line and headers that are taken."""

_PORTS: Final = {"http": 80, "https": 443}

Raw = list[tuple[bytes, bytes]]


class Fields:
    """Header fields: names as sent, in order."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self._first = {name.lower(): value for name, value in reversed(raw)}

    def get(self, name: str, default: str = "") -> str:
        """Return the first field of this (lower case) name."""
        found = self._first.get(name.encode())
        return default if found is None else found.decode("latin-1")

    def __contains__(self, name: str) -> bool:
        """Say whether there is a field of this (lower case) name."""
        return name.encode() in self._first


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it goes out."""

    method: str
    scheme: str
    host: str
    """Without brackets, in ASCII."""

    port: int
    target: bytes
    headers: Fields
    body: bytes = b""
    whole: bool = False
    """Its first line names the whole address: a proxy is spoken to (RFC 9112, 3.2.2)."""

    @property
    def named(self) -> bytes:
        """Return what its first line names."""
        if not self.whole:
            return self.target
        place = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{place}{port}".encode("ascii") + self.target


class Heard:
    """A response whose head has come; its body comes while it is read."""

    def __init__(self, talk: _Talk, head: h11.Response | h11.InformationalResponse) -> None:
        self.status_code = head.status_code
        self.headers = Fields(head.headers.raw_items())
        self.extensions: dict[str, Any] = {
            "http_version": b"HTTP/" + head.http_version,
            "reason_phrase": head.reason,
            "network_stream": talk.stream,
        }
        self._talk = talk

    async def aiter_raw(self) -> AsyncIterator[bytes]:
        """Yield the body as transferred, without its transfer coding."""
        while True:
            event = await self._talk.hear()
            if type(event) is h11.Data:
                yield bytes(event.data)
            elif type(event) is h11.EndOfMessage or event is h11.PAUSED:
                return

    async def aclose(self) -> None:
        """Let go of the connection: for the next request where everything was said, else for good."""
        await self._talk.end()


class Line:
    """Everything that is open to one origin."""

    def __init__(
        self,
        backend: httpcore.AsyncNetworkBackend,
        context: ssl.SSLContext,
        *,
        connect_seconds: float,
        seconds: float,
    ) -> None:
        """Open connections through `backend`, secured by `context` where the scheme says so.

        `seconds` is how long the peer may say nothing, or take nothing.
        """
        self._backend, self._context = backend, context
        self._connect_seconds, self._seconds = connect_seconds, seconds
        self._place: tuple[str, str, int] | None = None
        context.set_alpn_protocols(["http/1.1"])
        self._idle: list[_Talk] = []
        self._open: set[_Talk] = set()

    async def ask(self, request: Asked) -> Heard:
        """Send a request and return the head of its answer."""
        place = request.scheme, request.host, request.port
        if place != (self._place or place):
            raise httpcore.ConnectError(f"{request.host} is none of this line's origin")
        talk = await self._free() or await self._begin(place)
        heard: Heard | None = None
        try:
            await talk.say(request)
            heard = Heard(talk, await talk.head())
        finally:
            if heard is None:
                await talk.close()  # half a conversation cannot be taken up again
        return heard

    async def _free(self) -> _Talk | None:
        while self._idle:
            talk = self._idle.pop()
            # An idle connection that can be read is one the peer has closed, or that lies.
            if time.monotonic() < talk.idle_until and not talk.stream.get_extra_info("is_readable"):
                return talk
            await talk.close()
        return None

    async def _begin(self, place: tuple[str, str, int]) -> _Talk:
        scheme, host, port = place
        seconds = self._connect_seconds
        stream = await self._backend.connect_tcp(host, port, timeout=seconds)
        if scheme == "https":
            stream = await stream.start_tls(self._context, server_hostname=host, timeout=seconds)
        self._place = place
        talk = _Talk(stream, self._idle, self._open, self._seconds)
        self._open.add(talk)
        return talk

    async def aclose(self) -> None:
        """Close every connection."""
        for talk in tuple(self._open):
            await talk.close()
        self._idle.clear()


class _Talk:
    """One connection, one exchange at a time."""

    def __init__(
        self, stream: httpcore.AsyncNetworkStream, idle: list[_Talk], open_: set[_Talk], seconds: float
    ) -> None:
        self.stream = stream
        self.idle_until = 0.0
        self._idle, self._open, self._seconds = idle, open_, seconds
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD)

    async def say(self, request: Asked) -> None:
        """Send the request whole."""
        state = self._state
        try:
            parts = [
                state.send(
                    h11.Request(method=request.method, target=request.named, headers=request.headers.raw)
                )
            ]
            if request.body:
                parts.append(state.send(h11.Data(data=request.body)))
            parts.append(state.send(h11.EndOfMessage()))
        except h11.LocalProtocolError as exc:
            raise httpcore.LocalProtocolError(str(exc)) from exc
        # A server may answer, and close, before it has heard everything.
        with contextlib.suppress(httpcore.WriteError):
            await self.stream.write(b"".join(filter(None, parts)), timeout=self._seconds)

    async def head(self) -> h11.Response | h11.InformationalResponse:
        """Return the head of the answer; interim ones are passed over."""
        while True:
            event = await self.hear()
            if type(event) is h11.Response:
                return event
            if type(event) is h11.InformationalResponse and event.status_code == 101:
                return event

    async def hear(self) -> h11.Event | type[h11.PAUSED] | type[h11.NEED_DATA]:
        """Return what comes next."""
        state = self._state
        try:
            event = state.next_event()
            while event is h11.NEED_DATA:
                data = await self.stream.read(CHUNK, timeout=self._seconds)
                if not data and state.their_state is h11.SEND_RESPONSE:
                    raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
                state.receive_data(data)
                event = state.next_event()
        except h11.RemoteProtocolError as exc:
            raise httpcore.RemoteProtocolError(str(exc)) from exc
        return event

    async def end(self) -> None:
        """Keep the connection for the next request where both have said everything."""
        state = self._state
        # What came after the answer would be taken for the beginning of the next one.
        finished = state.our_state is h11.DONE and state.their_state is h11.DONE
        if finished and not state.trailing_data[0]:
            state.start_next_cycle()
            self.idle_until = time.monotonic() + KEEP_ALIVE
            self._idle.append(self)
        else:
            await self.close()

    async def close(self) -> None:
        """Close the connection."""
        self._open.discard(self)
        await self.stream.aclose()
