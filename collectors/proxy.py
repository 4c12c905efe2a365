"""The way out through an HTTP proxy: tunnels to judged addresses, or names left to the proxy.

The proxy is the operator's, by config; what we ask it for is judged all the same. What the proxy itself
refuses or fails at is told apart from what the portal does: it is our side's doing.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

import httpcore

from collectors.guard import Origin
from collectors.transport import Guarded
from collectors.wire import UnconnectedError, Wire
from minhchung.errors import ConfigError
from minhchung.sources import Network

_MOST_HEAD: Final = 16_384
_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})(?: ([^\r\n]*))?\r?\n")
_OURS: Final = frozenset({401, 403, 405, 407, 501})
"""What a proxy answers when it does not let us; anything else speaks of what lies behind it."""


class ProxyError(httpcore.ConnectError):
    """The proxy cannot be reached or does not let us through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """One HTTP proxy."""

    host: str
    port: int
    secured: bool
    """Spoken to over TLS."""

    authorization: str = ""
    """Value of Proxy-Authorization; never sealed."""

    @property
    def place(self) -> str:
        """Return `host:port`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    async def connect(self, context: ssl.SSLContext, seconds: float | None) -> Wire:
        """Open a connection to the proxy."""
        try:
            async with asyncio.timeout(seconds):
                wire = await _connect(self)
                if self.secured:
                    await wire.start_tls(context, server_hostname=self.host)
        except TimeoutError as exc:
            raise ProxyError(f"proxy {self.place}: no connection within {seconds:g} s") from exc
        except (OSError, httpcore.NetworkError) as exc:
            fault = exc.fault if isinstance(exc, UnconnectedError) else exc
            raise ProxyError(f"proxy {self.place}: {fault}") from exc
        return wire

    async def tunnel(self, target: str, context: ssl.SSLContext, seconds: float | None) -> Wire:
        """Return a connection through the proxy to `host:port`.

        Raises ProxyError for what the proxy does, httpcore.ConnectError for what it found behind it.
        """
        wire = await self.connect(context, seconds)
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        lines += [f"Proxy-Authorization: {self.authorization}"] if self.authorization else []
        try:
            async with asyncio.timeout(seconds):
                await wire.write("\r\n".join((*lines, "", "")).encode("ascii"))
                status, reason = await _answer(wire)
        except TimeoutError as exc:
            await wire.aclose()
            raise ProxyError(f"proxy {self.place}: no answer within {seconds:g} s") from exc
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError) as exc:
            await wire.aclose()
            raise ProxyError(f"proxy {self.place}: {exc}") from exc
        if 200 <= status < 300:
            wire.renew()
            return wire
        await wire.aclose()
        said = f"proxy {self.place} answered {status} {reason}".rstrip()
        raise ProxyError(said) if status in _OURS else httpcore.ConnectError(said)


async def _connect(proxy: Proxy) -> Wire:
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(proxy.place), proxy.host, proxy.port)
    return wire


class Proxied(Guarded):
    """Connects to one judged origin through a proxy.

    https goes through a tunnel to the first judged address, or to the name where only the proxy can resolve
    it. Plain http has no tunnel on most proxies: the request names the host, after we have judged it.
    """

    def __init__(
        self, origin: Origin, addresses: tuple[str, ...], proxy: Proxy, context: ssl.SSLContext
    ) -> None:
        """Stand for an origin; `context` is for the proxy itself, where it is spoken to over TLS."""
        super().__init__(origin.host, origin.port, addresses)
        self._origin, self._target = origin, addresses[0] if addresses else origin.host
        self._proxy, self._context = proxy, context

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a connection that speaks to the origin, or for plain http to the proxy."""
        if (host.casefold().strip("[]"), port) != (self._origin.host, self._origin.port):
            raise httpcore.ConnectError(f"{host}:{port} was not judged")
        if self._origin.scheme == "http":
            return await self._proxy.connect(self._context, timeout)
        place = replace(self._origin, host=self._target).place
        return await self._proxy.tunnel(place, self._context, timeout)


async def _answer(wire: Wire) -> tuple[int, str]:
    head = b""
    while b"\r\n\r\n" not in head:
        part = await wire.read(_MOST_HEAD)
        head += part
        if not part or len(head) > _MOST_HEAD:
            raise httpcore.RemoteProtocolError("no HTTP answer to CONNECT")
    found = _STATUS.match(head)
    if found is None or not head.endswith(b"\r\n\r\n"):
        raise httpcore.RemoteProtocolError("no HTTP answer to CONNECT")
    reason = (found[2] or b"").decode("latin-1")[:100]
    return int(found[1]), "".join(filter(str.isprintable, reason))


def read_proxy(network: Network, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy of a network, None where there is none; raises ConfigError."""
    if not network.proxy:
        return None
    remedy = (
        'write "http://host:port"; user and password go into an environment variable that proxy_login names'
    )
    try:
        parts = urlsplit(network.proxy)
        port = parts.port
    except ValueError as exc:
        raise ConfigError("network.toml", "network.proxy", f"is no address: {exc}", remedy) from exc
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.username:
        raise ConfigError("network.toml", "network.proxy", "is no proxy's address", remedy)
    login = environ.get(network.proxy_login, "").strip() if network.proxy_login else ""
    if network.proxy_login and ":" not in login:
        raise ConfigError(
            "network.toml",
            "network.proxy_login",
            f"the environment variable {network.proxy_login} holds no user:password",
            "set it, or leave proxy_login empty",
        )
    secured = parts.scheme == "https"
    return Proxy(
        host=parts.hostname,
        port=port or (443 if secured else 3128),
        secured=secured,
        authorization=f"Basic {base64.b64encode(login.encode()).decode()}" if login else "",
    )


def goes_direct(host: str, network: Network) -> bool:
    """Say whether a host is asked without the proxy: it, or what it stands below, is in `no_proxy`."""
    names = (each.casefold().lstrip(".") for each in network.no_proxy)
    return any(host == name or host.endswith(f".{name}") for name in names)
