"""httpx over guarded connections: the only way by which anything of ours reaches a network.

httpx's own transport takes no network backend, so this one stands over httpcore's pool. Judging the peer
on the response would be too late, the request has then been sent: the backend connects only to addresses
that the guard has admitted.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from typing import Final

import httpcore
import httpx

from collectors.wire import UnconnectedError, Wire

KEEP_ALIVE: Final = 20.0
"""Seconds an idle connection is kept."""


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


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport over a pool of guarded connections to one origin."""

    def __init__(self, backend: Guarded, context: ssl.SSLContext, connections: int) -> None:
        """Keep at most `connections` open at once."""
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=KEEP_ALIVE,
            http1=True,
            http2=False,
            retries=0,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors are httpcore's own, the fetcher sorts them."""
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The response body as it comes in, transfer-decoded."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        wire = self._answer.extensions.get("network_stream")
        if isinstance(wire, Wire) and _goes_on(self._answer):
            await wire.aclose()
        await self._answer.aclose()


def _goes_on(answer: httpcore.Response) -> bool:
    """Say whether more than the answer was sent: bytes that would be taken for the next one's.

    The parser keeps them, and httpcore hands it on with the connection; only its inner state tells.
    """
    connection = getattr(getattr(answer.stream, "_stream", None), "_connection", None)
    parser = getattr(connection, "_h11_state", None)
    return parser is not None and bool(parser.trailing_data[0])
