"""Networks as they are: a proxy on the way out, split DNS with private addresses, the guard over it all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from collectors.fetcher import Fetcher, FetchRequest
from collectors.guard import ForbiddenError, Guard, origin_of
from collectors.proxy import read_proxy
from minhchung.errors import ConfigError
from minhchung.evidence import Exchange, FailedAttempt, Failure, TlsVerdict
from minhchung.sources import InternalNetwork, Network
from tests.collectors.certificates import make, root_file, server_context
from tests.collectors.memory import Memory
from tests.collectors.middleman import Middleman
from tests.collectors.portals import with_lists
from tests.collectors.tiny import visit
from tests.collectors.worlds import Reply, Ticking, World

ROOT = make("Trung tâm chứng thực mô phỏng", authority=True)
PUBLIC = "203.0.114.10"


def leading_to(**places: str) -> Any:
    """Return a resolver of these names, dots written as underscores; others do not resolve."""

    async def resolver(host: str, port: int) -> list[str]:
        if (key := host.replace(".", "_")) not in places:
            raise OSError("no such name")
        return [places[key]]

    return resolver


async def ask(
    url: str, network: Network, resolver: Any, *roots: Path, environ: dict[str, str] | None = None
) -> Exchange | FailedAttempt:
    """Ask once with a fetcher of its own."""
    fetcher = Fetcher(network, Ticking(), roots, resolver=resolver, environ=environ or {})
    async with fetcher:
        return await fetcher.fetch(FetchRequest(url=url))


@pytest.fixture
async def plain() -> AsyncIterator[World]:
    """A portal over plain http."""
    async with World({"/tin": Reply("Tin tức")}) as world:
        yield world


async def test_plain_http_goes_through_the_proxy_by_its_whole_address(plain: World) -> None:
    """RFC 9112, 3.2.2; the address connected to is the proxy's, and that is what the exchange says."""
    async with Middleman(leads_to=plain.port) as proxy:
        answer = await ask("http://so.example/tin", Network(proxy=proxy.url), leading_to(so_example=PUBLIC))

    assert isinstance(answer, Exchange)
    assert answer.wire.decode() == "Tin tức"
    assert proxy.asked == ["GET http://so.example/tin HTTP/1.1"]
    assert plain.requests[0].headers["host"] == "so.example"
    assert answer.address == f"127.0.0.1:{proxy.port}"


@pytest.mark.parametrize("secured", [False, True])
async def test_https_goes_through_a_tunnel_to_the_judged_address(tmp_path: Path, secured: bool) -> None:
    """The proxy resolves nothing that we have judged; the certificate is the portal's."""
    leaf = make("so.example", ROOT, host="so.example")
    context = server_context(tmp_path, make("127.0.0.1", ROOT)) if secured else None
    world = World({"/": Reply("Sở")}, tls=server_context(tmp_path, leaf))
    async with world, Middleman(leads_to=world.port, tls=context) as proxy:
        answer = await ask(
            "https://so.example/",
            Network(proxy=proxy.url),
            leading_to(so_example=PUBLIC),
            root_file(tmp_path, ROOT),
        )

    assert isinstance(answer, Exchange), answer
    assert answer.wire.decode() == "Sở"
    assert answer.tls is not None
    assert answer.tls.verdict is TlsVerdict.VALID
    assert proxy.asked == [f"CONNECT {PUBLIC}:443 HTTP/1.1"]


async def test_a_broken_chain_behind_a_proxy_is_told_as_without_one(tmp_path: Path) -> None:
    """The second handshake, which shows the chain, goes through the proxy too."""
    context = server_context(tmp_path, make("so.example", host="so.example"))
    async with World({"/": Reply("Sở")}, tls=context) as world, Middleman(leads_to=world.port) as proxy:
        answer = await ask("https://so.example/", Network(proxy=proxy.url), leading_to(so_example=PUBLIC))

    assert isinstance(answer, Exchange)
    assert answer.tls is not None
    assert answer.tls.verdict is TlsVerdict.UNTRUSTED
    assert len(answer.tls.chain) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/",
        "http://noi.example/",
        "http://[::1]/",
        "http://2130706433/",
    ],
)
async def test_the_guard_judges_what_the_proxy_is_asked_for(url: str) -> None:
    """A proxy inside the network would reach what we may not."""
    async with Middleman() as proxy:
        answer = await ask(
            url, Network(proxy=proxy.url, proxy_resolves=True), leading_to(noi_example="10.0.0.7")
        )

    assert isinstance(answer, FailedAttempt)
    assert answer.failure is Failure.ADDRESS_FORBIDDEN
    assert proxy.asked == []


@pytest.mark.parametrize("resolves", [True, False])
async def test_names_that_only_the_proxy_knows_need_the_operator_s_word(plain: World, resolves: bool) -> None:
    """Behind many proxies there is no DNS for the outside."""
    async with Middleman(leads_to=plain.port) as proxy:
        network = Network(proxy=proxy.url, proxy_resolves=resolves)
        answer = await ask("http://so.example/tin", network, leading_to())

    assert isinstance(answer, Exchange if resolves else FailedAttempt)
    assert len(proxy.asked) == resolves


async def test_the_login_comes_from_the_environment_and_is_never_sealed(plain: World) -> None:
    """Basic, RFC 7617; config holds the name of the variable alone."""
    async with Middleman(leads_to=plain.port, login="Basic bWluaDpi4bqldA==") as proxy:
        network = Network(proxy=proxy.url, proxy_login="LOGIN")
        answer = await ask(
            "http://so.example/tin", network, leading_to(so_example=PUBLIC), environ={"LOGIN": "minh:bất"}
        )

    assert isinstance(answer, Exchange)
    assert "bWluaDpi" not in repr(answer)
    assert "roxy-Authorization" not in dict(answer.request_headers)


@pytest.mark.parametrize(
    ("answer", "url", "failure"),
    [
        ("407 Login", "http://so.example/", Failure.PROXY),
        ("407 Login", "https://so.example/", Failure.PROXY),
        ("403 Policy", "https://so.example/", Failure.PROXY),
        ("502 Bad", "https://so.example/", Failure.CONNECT),
        ("garbage", "https://so.example/", Failure.PROXY),
    ],
)
async def test_what_the_proxy_refuses_is_not_the_portal_s_doing(
    answer: str, url: str, failure: Failure
) -> None:
    """Our failure is never theirs; 502 to 504 speak of what lies behind the proxy."""
    async with Middleman(answer=answer) as proxy:
        ended = await ask(url, Network(proxy=proxy.url), leading_to(so_example=PUBLIC))

    assert isinstance(ended, FailedAttempt)
    assert ended.failure is failure
    assert "proxy" in ended.detail


async def test_a_visit_through_a_dead_proxy_is_an_incident_of_ours() -> None:
    """Nobody is called unreachable because our own way out is closed."""
    memory = Memory()
    async with with_lists() as world:
        report = await visit(world, memory, proxy="http://127.0.0.1:9")

    assert world.requests == []
    assert report.state == "incident"
    assert report.refused == report.attempts > 0


async def test_hosts_beside_the_proxy_are_asked_directly(plain: World) -> None:
    """`no_proxy` names a host and all below it."""
    async with Middleman() as proxy:
        network = plain.network(proxy=proxy.url, no_proxy=("example",), allow=(f"so.example:{plain.port}",))
        answer = await ask(f"http://so.example:{plain.port}/tin", network, leading_to(so_example="127.0.0.1"))

    assert isinstance(answer, Exchange)
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("proxy", "login"),
    [
        ("socks5://x:1", ""),
        ("http://", ""),
        ("http://a:b@x:1", ""),
        ("http://x:1/duong", ""),
        ("http://x:1", "NONE"),
    ],
)
def test_a_proxy_that_cannot_be_is_a_fault_of_config(proxy: str, login: str) -> None:
    """Credentials in the address would be sealed with the configuration."""
    with pytest.raises(ConfigError):
        read_proxy(Network(proxy=proxy, proxy_login=login), {})


INTERNAL = (InternalNetwork(domains=("tinh.example",), addresses=("10.20.0.0/16", "fd00:20::/32")),)


@pytest.mark.parametrize(
    ("url", "address", "admitted"),
    [
        ("http://so.tinh.example/", "10.20.3.4", True),
        ("http://tinh.example/", "fd00:20::1", True),
        ("http://so.tinh.example/", "10.21.0.1", False),
        ("http://so.tinh.example.evil.example/", "10.20.3.4", False),
        ("http://xtinh.example/", "10.20.3.4", False),
        ("http://10.20.3.4/", "10.20.3.4", False),
        ("http://so.tinh.example:22/", "10.20.3.4", False),
        ("http://so.tinh.example/", "169.254.169.254", False),
    ],
)
async def test_split_dns_is_trusted_by_domain_and_block_together(
    url: str, address: str, admitted: bool
) -> None:
    """A name of the domain may lead into the block, nothing else may, and the block itself opens nothing."""

    async def resolver(host: str, port: int) -> list[str]:
        return [address]

    guard = Guard((), resolver, INTERNAL)
    if admitted:
        assert await guard.admit(origin_of(url)) == (address,)
    else:
        with pytest.raises(ForbiddenError):
            await guard.admit(origin_of(url))


async def test_no_internal_network_opens_loopback_or_metadata() -> None:
    """Even where somebody writes 0.0.0.0/0."""
    everything = (InternalNetwork(domains=("example",), addresses=("0.0.0.0/0", "::/0")),)
    for address in ("127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "0.0.0.1"):
        guard = Guard((), leading_to(so_example=address), everything)
        with pytest.raises(ForbiddenError):
            await guard.admit(origin_of("http://so.example/"))
