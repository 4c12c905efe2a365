"""Which addresses we may connect to: judged before connecting, on the very address connected to.

A page, a redirect or a DNS answer can name any machine. Everything that is not a public address is
refused unless config allows the `host:port` as the URL writes it. A host resolves once, every address
of the answer is judged, and only judged addresses are handed on.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_network
from typing import Final
from urllib.parse import urlsplit

from minhchung.errors import RefusedError, UnreachableError
from minhchung.sources import InternalNetwork

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Gives the addresses of a host; raises OSError when there are none."""

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_NUMERIC: Final = re.compile(r"(?:0x[0-9a-f]*|\d+)", re.IGNORECASE)
_NAT64: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_SELF: Final = ipaddress.ip_network("0.0.0.0/8")
_COMPATIBLE: Final = ipaddress.ip_network("::/96")
_NEVER: Final = frozenset(
    map(ipaddress.ip_address, ("169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254"))
)
"""Metadata services of hosting providers, one of them on a public address."""

_MORE: Final = tuple(
    map(ipaddress.ip_network, ("100.64.0.0/10", "192.88.99.0/24", "fec0::/10", "2001:db8::/32"))
)
_PORTS_OF_OTHERS: Final = frozenset(
    {
        1,
        7,
        9,
        11,
        13,
        15,
        17,
        19,
        20,
        21,
        22,
        23,
        25,
        37,
        42,
        43,
        53,
        69,
        77,
        79,
        87,
        95,
        101,
        102,
        103,
        104,
        109,
    }
    | {
        110,
        111,
        113,
        115,
        117,
        119,
        123,
        135,
        137,
        139,
        143,
        161,
        179,
        389,
        427,
        465,
        512,
        513,
        514,
        515,
        526,
    }
    | {
        530,
        531,
        532,
        540,
        548,
        554,
        556,
        563,
        587,
        601,
        636,
        989,
        990,
        993,
        995,
        1719,
        1720,
        1723,
        2049,
        3306,
    }
    | {
        3389,
        3659,
        4045,
        4190,
        5060,
        5061,
        5432,
        6000,
        6379,
        6566,
        6665,
        6666,
        6667,
        6668,
        6669,
        6679,
        6697,
        10080,
    }
    | {11211, 27017}
)
"""Ports of protocols that are not HTTP (the Fetch standard's list and databases): never spoken to."""


class ForbiddenError(RefusedError):
    """The guard does not let this address be connected to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Scheme, host and port of an address."""

    scheme: str
    host: str
    """Lower case, without brackets."""

    port: int

    @property
    def place(self) -> str:
        """Return `host:port`, the form in which config allows it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        """Return the beginning of its addresses, `scheme://host`, with the port where it is not the usual."""
        place = self.place
        return f"{self.scheme}://{place.removesuffix(f':{_DEFAULT_PORTS[self.scheme]}')}"


def origin_of(url: str) -> Origin:
    """Return where an address points to; raises ForbiddenError when that is no web server."""
    begin = _BEGIN.match(url)
    return _origin(begin[0] if begin else url)


_BEGIN: Final = re.compile(r"[a-z]+://[^/?#]*")
"""All that scheme, host and port depend on, so that the addresses of one host are taken apart once."""


@lru_cache(maxsize=4096)
def _origin(url: str) -> Origin:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise ForbiddenError(f"{url[:200]!r} is no address: {exc}") from exc
    scheme = parts.scheme
    if scheme not in _DEFAULT_PORTS:
        raise ForbiddenError(f"{scheme or 'no scheme'}: only http and https are asked for")
    if not parts.hostname:
        raise ForbiddenError(f"{url[:200]!r} names no host")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenError("an address with a user name or password in it is not asked for")
    return Origin(scheme=scheme, host=parts.hostname, port=_DEFAULT_PORTS[scheme] if port is None else port)


def fault_of(address: IPAddress) -> str:
    """Say why an address is no public one; empty when it is."""
    if address in _NEVER:
        return "metadata service"
    inner = _inner(address)
    if inner is not None:
        fault = fault_of(inner)
        return f"{fault} ({inner} inside {address})" if fault else ""
    for name, holds in (
        ("unspecified", address.is_unspecified),
        ("loopback", address.is_loopback),
        ("link-local", address.is_link_local),
        ("multicast", address.is_multicast),
        ("private", address.is_private),
        ("reserved", address.is_reserved or any(address in net for net in _MORE)),
        ("not global", not address.is_global),
    ):
        if holds:
            return name
    return ""


def _inner(address: IPAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in net for net in _NAT64) or (address in _COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Guard:
    """Resolves hosts and judges what they resolve to."""

    def __init__(
        self,
        allow: Iterable[str] = (),
        resolver: Resolve = resolve,
        internal: Iterable[InternalNetwork] = (),
    ) -> None:
        """Let `host:port` as written in `allow` lead to loopback and private addresses.

        Names of the domains of an internal network may lead to private addresses of its blocks.
        """
        self._internal = tuple(
            (
                tuple(name.casefold().lstrip(".") for name in each.domains),
                tuple(map(ip_network, each.addresses)),
            )
            for each in internal
        )
        self._allow = frozenset(place.casefold() for place in allow)
        self._resolve = resolver

    async def admit(self, origin: Origin) -> tuple[str, ...]:
        """Return the addresses that may be connected to for an origin, all of them judged.

        Raises ForbiddenError when any of them may not be, UnreachableError when there is none.
        """
        allowed = origin.place in self._allow
        if origin.port in _PORTS_OF_OTHERS and not allowed:
            raise ForbiddenError(f"port {origin.port} belongs to another protocol")
        addresses = [written] if (written := _literal(origin.host)) else await self._look_up(origin)
        for address in addresses:
            fault = fault_of(address)
            if not fault or self._is_internal(address, origin.host):
                continue
            if not (allowed and self._may_be_allowed(address, origin)):
                raise ForbiddenError(f"{origin.place} is {address}: {fault}")
        return tuple(map(str, addresses))

    def _is_internal(self, address: IPAddress, host: str) -> bool:
        plain = _inner(address) or address
        if plain.is_loopback or plain.is_link_local or plain.is_multicast or plain.is_reserved:
            return False
        if plain in _SELF:
            return False
        return plain not in _NEVER and any(
            any(host == name or host.endswith(f".{name}") for name in names)
            and any(plain in block for block in blocks)
            for names, blocks in self._internal
        )

    async def _look_up(self, origin: Origin) -> list[IPAddress]:
        try:
            found = await self._resolve(origin.host, origin.port)
        except (OSError, UnicodeError) as exc:
            raise UnreachableError(f"{origin.host} does not resolve: {exc}") from exc
        try:
            addresses = [ipaddress.ip_address(text) for text in found]
        except ValueError as exc:
            raise ForbiddenError(f"{origin.host} resolves to what is no address: {exc}") from exc
        if not addresses:
            raise UnreachableError(f"{origin.host} does not resolve to any address")
        return addresses

    @staticmethod
    def _may_be_allowed(address: IPAddress, origin: Origin) -> bool:
        # A name in `allow` may lead to this machine or to a private network. Metadata and link-local
        # addresses must stand there themselves: whoever answers DNS must not choose them.
        plain = _inner(address) or address
        return (
            plain.is_loopback or (plain.is_private and not plain.is_link_local and plain not in _NEVER)
        ) or (origin.host == str(address))


def _literal(host: str) -> IPAddress | None:
    """Return the address that a host literally is.

    Raises ForbiddenError for decimal, octal, hexadecimal and short forms: no honest link uses them, and
    readers of addresses disagree on what they mean.
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        if _NUMERIC.fullmatch(last):
            raise ForbiddenError(f"{host} is an address in an unusual notation") from None
        return None
