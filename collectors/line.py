"""The connections to one origin, and what is asked over them.

It stands where httpcore's pool would: the turns at an origin are the fetcher's to give, so there is nothing
to queue here, and a request costs a third. Errors are httpcore's, as the fetcher sorts them.
"""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from typing import Final

import httpcore

from collectors.talk import Fields, Heard, Said, Talk

_PORTS: Final = {"http": 80, "https": 443}


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
        self._idle: list[Talk] = []
        self._open: set[Talk] = set()

    async def ask(self, request: Asked) -> Heard:
        """Send a request and return the head of its answer."""
        place = request.scheme, request.host, request.port
        if place != (self._place or place):
            raise httpcore.ConnectError(f"{request.host} is none of this line's origin")
        talk = await self._free() or await self._begin(place)
        heard: Heard | None = None
        try:
            await talk.say(Said(request.method, request.named, request.headers.raw, request.body))
            heard = await talk.head()
        finally:
            if heard is None:
                await talk.close()  # half a conversation cannot be taken up again
        return heard

    async def _free(self) -> Talk | None:
        while self._idle:
            talk = self._idle.pop()
            # An idle connection that can be read is one the peer has closed, or that lies.
            if time.monotonic() < talk.idle_until and not talk.stream.get_extra_info("is_readable"):
                return talk
            await talk.close()
        return None

    async def _begin(self, place: tuple[str, str, int]) -> Talk:
        scheme, host, port = place
        seconds = self._connect_seconds
        stream = await self._backend.connect_tcp(host, port, timeout=seconds)
        if scheme == "https":
            stream = await stream.start_tls(self._context, server_hostname=host, timeout=seconds)
        self._place = place
        talk = Talk(stream, self._idle, self._open, self._seconds)
        self._open.add(talk)
        return talk

    async def aclose(self) -> None:
        """Close every connection."""
        for talk in tuple(self._open):
            await talk.close()
        self._idle.clear()
