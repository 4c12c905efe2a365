"""One connection, one exchange at a time: what is said on it, and when the next may begin.

Requests are written and heads of answers taken apart by `collectors.heads`; h11 takes over, with every byte
heard so far, as soon as anything is not as nearly everybody writes it. Errors are httpcore's.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import h11
import httpcore

from collectors import heads
from collectors.heads import Raw

KEEP_ALIVE: Final = 20.0
"""Seconds an idle connection is kept."""

CHUNK: Final = 256 * 1024
MOST_HEAD: Final = 100 * 1024
"""Bytes of status line and headers that are taken."""


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
class Said:
    """A request in the form in which it is spoken."""

    method: str
    target: bytes
    """What its first line names."""

    raw: Raw
    body: bytes


class Heard:
    """A response whose head has come; its body comes while it is read."""

    def __init__(self, talk: Talk, status: int, reason: bytes, version: bytes, raw: Raw) -> None:
        self.status_code, self.reason_phrase = status, reason
        self.http_version = b"HTTP/" + version
        self.headers = Fields(raw)
        self.stream = talk.stream
        self._talk = talk

    def aiter_raw(self) -> AsyncIterator[bytes]:
        """Yield the body as transferred, without its transfer coding."""
        return self._talk.body()

    async def aclose(self) -> None:
        """Let go of the connection: for the next request where everything was said, else for good."""
        await self._talk.end()


class Talk:
    """One connection to an origin."""

    def __init__(
        self, stream: httpcore.AsyncNetworkStream, idle: list[Talk], open_: set[Talk], seconds: float
    ) -> None:
        self.stream = stream
        self.idle_until = 0.0
        self._idle, self._open, self._seconds = idle, open_, seconds
        self._state: h11.Connection | None = None
        """Of the latest exchange, where h11 has had to take over."""

        self._said: Said | None = None
        self._rest = b""
        """Of the body: what came together with the head."""

        self._length = self._left = 0
        """Bytes of the body, and of it those still to be read; h11 counts for itself."""

    async def say(self, said: Said) -> None:
        """Send a request whole."""
        self._said, self._state, self._rest, self._left = said, None, b"", -1
        out = None if said.body else heads.written(said.method, said.target, said.raw)
        if out is None:
            self._state, out = _taken_over(said)
        # A server may answer, and close, before it has heard everything.
        with contextlib.suppress(httpcore.WriteError):
            await self.stream.write(out, timeout=self._seconds)

    async def head(self) -> Heard:
        """Return the head of the answer; interim ones are passed over."""
        if self._state is None and self._said is not None:
            data = await self.stream.read(CHUNK, timeout=self._seconds)
            found = heads.taken(data)
            if found is not None:
                head, self._rest = found
                self._length = self._left = head.length
                return Heard(self, head.status, head.reason, b"1.1", head.raw)
            self._state, _ = _taken_over(self._said)
            self._receive(self._state, data)
        while True:
            event = await self._hear()
            if type(event) is h11.Response or (
                type(event) is h11.InformationalResponse and event.status_code == 101
            ):
                raw = event.headers.raw_items()
                return Heard(self, event.status_code, event.reason, event.http_version, raw)

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the body as transferred, without its transfer coding."""
        while self._left > 0:
            data = self._rest or await self.stream.read(CHUNK, timeout=self._seconds)
            if not data:
                raise httpcore.RemoteProtocolError(
                    "peer closed connection without sending complete message body "
                    f"(received {self._length - self._left} bytes, expected {self._length})"
                )
            part, self._rest = data[: self._left], data[self._left :]
            self._left -= len(part)
            yield part
        while self._state is not None:
            event = await self._hear()
            if type(event) is h11.Data:
                yield bytes(event.data)
            elif type(event) is h11.EndOfMessage or event is h11.PAUSED:
                return

    async def _hear(self) -> h11.Event | type[h11.PAUSED] | type[h11.NEED_DATA]:
        """Return what comes next, as h11 reads it."""
        state = self._state
        if state is None:
            raise httpcore.LocalProtocolError("nothing was asked on this connection")
        try:
            event = state.next_event()
            while event is h11.NEED_DATA:
                self._receive(state, await self.stream.read(CHUNK, timeout=self._seconds))
                event = state.next_event()
        except h11.RemoteProtocolError as exc:
            raise httpcore.RemoteProtocolError(str(exc)) from exc
        return event

    @staticmethod
    def _receive(state: h11.Connection, data: bytes) -> None:
        if not data and state.their_state is h11.SEND_RESPONSE:
            raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
        state.receive_data(data)

    async def end(self) -> None:
        """Keep the connection for the next request where both have said everything."""
        state = self._state
        # What came after the answer would be taken for the beginning of the next one.
        if state is None:
            finished = self._left == 0 and not self._rest
        else:
            over = state.our_state is h11.DONE and state.their_state is h11.DONE
            finished = over and not state.trailing_data[0]
        if finished:
            self.idle_until = time.monotonic() + KEEP_ALIVE
            self._idle.append(self)
        else:
            await self.close()

    async def close(self) -> None:
        """Close the connection."""
        self._open.discard(self)
        await self.stream.aclose()


def _taken_over(said: Said) -> tuple[h11.Connection, bytes]:
    """Return h11's side of an exchange, and the request as it writes it."""
    state = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD)
    try:
        parts = [state.send(h11.Request(method=said.method, target=said.target, headers=said.raw))]
        if said.body:
            parts.append(state.send(h11.Data(data=said.body)))
        parts.append(state.send(h11.EndOfMessage()))
    except h11.LocalProtocolError as exc:
        raise httpcore.LocalProtocolError(str(exc)) from exc
    return state, b"".join(filter(None, parts))
