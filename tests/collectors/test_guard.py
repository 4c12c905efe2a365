"""The guard: which addresses may be connected to, judged before connecting (docs/reference/crawling.md)."""

from __future__ import annotations

import ipaddress

import pytest

from collectors.guard import ForbiddenError, Guard, Origin, fault_of, origin_of
from minhchung.errors import UnreachableError


async def refusal(url: str, *addresses: str, allow: tuple[str, ...] = ()) -> str:
    """Return why the guard refuses an address, empty when it does not."""

    async def resolver(host: str, port: int) -> list[str]:
        return list(addresses)

    try:
        await Guard(allow, resolver).admit(origin_of(url))
    except ForbiddenError as exc:
        return str(exc)
    return ""


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "10.0.0.8", "172.16.3.3", "192.168.1.1", "169.254.169.254", "169.254.0.7",
        str(ipaddress.IPv4Address(0)),
        "100.64.0.1", "192.0.2.7", "198.18.0.1", "224.0.0.251", "239.1.1.1", "240.0.0.1",
        "255.255.255.255", "168.63.129.16", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
        "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "::127.0.0.1", "fec0::1",
    ],
)  # fmt: skip
async def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    """IANA special-purpose registries; IPv4 inside IPv6 counts as what it is."""
    assert fault_of(ipaddress.ip_address(address))
    assert await refusal("http://portal.example/", address)


@pytest.mark.parametrize("address", ["113.160.1.9", "8.8.8.8", "2405:4800::1", "64:ff9b::808:808"])
async def test_a_public_address_is_admitted(address: str) -> None:
    """A portal on the open network is what all this is for."""
    assert await refusal("https://portal.example/", address) == ""


async def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    """Whoever answers DNS must not be able to hide one behind the other."""
    assert "private" in await refusal("http://portal.example/", "113.160.1.9", "10.0.0.8")


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0x7f.1/",
        "http://017700000001/", "http://127.0.0.1./", "http://00000177.0.0.1/",
    ],
)  # fmt: skip
async def test_unusual_notations_of_an_address_are_refused(url: str) -> None:
    """Readers of addresses disagree on decimal, octal and short forms; no honest link uses them."""
    assert "unusual notation" in await refusal(url, "8.8.8.8")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://a.example/",
        "ftp://a.example/",
        "javascript:1",
        "http:///x",
        "http://[::1",
    ],
)
async def test_only_web_addresses_are_asked_for(url: str) -> None:
    """Other schemes reach what no portal is."""
    with pytest.raises(ForbiddenError):
        origin_of(url)


async def test_credentials_inside_an_address_are_refused() -> None:
    """They would be sealed and shown."""
    assert "password" in await refusal_of_origin("http://user:secret@portal.example/")


async def refusal_of_origin(url: str) -> str:
    """Return why an address is no origin."""
    with pytest.raises(ForbiddenError) as caught:
        origin_of(url)
    return str(caught.value)


@pytest.mark.parametrize("port", [22, 25, 3306, 5432, 6379, 11211])
async def test_ports_of_other_protocols_are_refused(port: int) -> None:
    """A request smuggled to a mail or database server is no request for a page."""
    assert "another protocol" in await refusal(f"http://portal.example:{port}/", "113.160.1.9")


async def test_config_allows_a_host_and_port_as_written() -> None:
    """`[network] allow`: the host and port that the address itself writes."""
    assert await refusal("http://127.0.0.1:8104/x", allow=("127.0.0.1:8104",)) == ""
    assert await refusal("http://portal.lan:80/", "10.1.2.3", allow=("portal.lan:80",)) == ""
    assert await refusal("http://[::1]:8104/", allow=("[::1]:8104",)) == ""


@pytest.mark.parametrize("url", ["http://127.0.0.1:8105/", "http://127.0.0.1/", "https://127.0.0.1:8106/"])
async def test_another_port_of_an_allowed_host_stays_refused(url: str) -> None:
    """Allowing a portal on this machine does not open the machine."""
    assert "loopback" in await refusal(url, allow=("127.0.0.1:8104",))


async def test_another_name_for_an_allowed_address_stays_refused() -> None:
    """A foreign name that resolves to what config allows by address is a rebinding attack."""
    assert "loopback" in await refusal("http://evil.example:8104/", "127.0.0.1", allow=("127.0.0.1:8104",))


async def test_an_allowed_name_does_not_reach_a_metadata_service() -> None:
    """Only the address itself, written in config, opens a link-local one."""
    assert await refusal("http://portal.lan:80/", "169.254.169.254", allow=("portal.lan:80",))
    assert await refusal("http://169.254.169.254:80/", allow=("169.254.169.254:80",)) == ""


async def test_a_host_without_address_is_unreachable_not_forbidden() -> None:
    """DNS failing is the world's fault, not a refusal."""

    async def resolver(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(UnreachableError, match="does not resolve"):
        await Guard((), resolver).admit(Origin(scheme="http", host="portal.example", port=80))
