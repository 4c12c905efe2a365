"""How securely a portal is served: TLS and where plain http leads (AT.4 of the method)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from collectors.crawl import Crawl
from collectors.fetcher import Fetcher
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode, RunId, TlsVerdict
from minhchung.observations import (
    RedirectChain,
    TlsCheck,
)
from minhchung.sources import AgenciesFile
from tests.collectors.certificates import make, root_file, server_context
from tests.collectors.memory import Memory
from tests.collectors.portals import SECOND, with_levels
from tests.collectors.tiny import TERMS, Tiny, page, visit
from tests.collectors.worlds import Reply, Ticking, World, redirect

ROOT = make("Trung tâm chứng thực mô phỏng", authority=True)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal to visit."""
    async with with_levels() as served:
        yield served


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


NAMED = page("Sở Mô phỏng")


async def transport(
    memory: Memory, secure: World, plain: World | None, root: Path
) -> tuple[TlsCheck, RedirectChain]:
    """Visit an https portal whose plain http port config names, and return both checks."""
    ports = [secure.port, *([plain.port] if plain else [])]
    agency = Agency(
        code=AgencyCode("so-mo-phong"),
        name="Sở Mô phỏng",
        bloc="b",
        portal=secure.url("/"),
        http_port=plain.port if plain else None,
        hosts=tuple(f"127.0.0.1:{port}" for port in ports),
    )
    network = secure.network(allow=tuple(f"127.0.0.1:{port}" for port in ports))
    async with Fetcher(network, Ticking(), [root]) as fetcher:
        crawl = Crawl(
            fetcher=fetcher,
            recorder=memory,
            clock=Ticking(),
            network=network,
            terms=TERMS,
            registry=AgenciesFile(agency=(agency,)),
        )
        await crawl.visit(agency, Tiny(), None, RunId(SECOND), "host")
    (check,), (chain,) = memory.of(TlsCheck), memory.of(RedirectChain)
    return check, chain


@pytest.mark.parametrize(("days", "verdict"), [((-2, 30), TlsVerdict.VALID), ((-30, -2), TlsVerdict.EXPIRED)])
async def test_an_https_portal_is_checked_with_its_certificate(
    memory: Memory, tmp_path: Path, days: tuple[int, int], verdict: TlsVerdict
) -> None:
    """AT.4: a handshake with any certificate, the agency's page, and a redirect from http."""
    context = server_context(tmp_path, make("127.0.0.1", ROOT, days=days))
    async with World({"/": Reply(NAMED)}, tls=context) as secure, World() as plain:
        plain.pages["/"] = redirect(secure.url("/"), 301)
        check, chain = await transport(memory, secure, plain, root_file(tmp_path, ROOT))

        assert (check.state, check.verdict, check.is_portal) == ("answered", verdict, True)
        assert chain.hops == ((301, secure.url("/")),)
        assert chain.ends_on_https


async def test_a_redirect_that_ends_on_http_again_does_not_count(memory: Memory, tmp_path: Path) -> None:
    """AT.4, must not count: redirect to http again further on."""
    context = server_context(tmp_path, make("127.0.0.1", ROOT))
    async with World({"/": Reply(NAMED)}, tls=context) as secure, World() as plain:
        plain.pages["/"] = redirect(plain.url("/cu"))
        plain.pages["/cu"] = Reply(NAMED)
        _, chain = await transport(memory, secure, plain, root_file(tmp_path, ROOT))

    assert chain.state == "answered"
    assert not chain.ends_on_https


async def test_a_closed_http_port_has_nothing_to_redirect(memory: Memory, tmp_path: Path) -> None:
    """AT.4, C17: port 80 refuses connections while https works."""
    context = server_context(tmp_path, make("127.0.0.1", ROOT))
    async with World() as gone:
        pass
    async with World({"/": Reply(NAMED)}, tls=context) as secure:
        _, chain = await transport(memory, secure, gone, root_file(tmp_path, ROOT))

    assert chain.state == "refused"


async def test_a_portal_on_a_port_of_its_own_names_its_http_port_or_none(
    memory: Memory, tmp_path: Path
) -> None:
    """AT.4: tested on the http port that config names; none named: item open."""
    context = server_context(tmp_path, make("127.0.0.1", ROOT))
    async with World({"/": Reply(NAMED)}, tls=context) as secure:
        _, chain = await transport(memory, secure, None, root_file(tmp_path, ROOT))

    assert chain.state == "no-port"


async def test_a_plain_portal_has_no_https(world: World, memory: Memory) -> None:
    """AT.4: the registry's own port does not speak TLS; the page is read on http all the same."""
    report = await visit(world, memory, scope="host", timeout_connect=0.5)

    (check,), (chain,) = memory.of(TlsCheck), memory.of(RedirectChain)
    assert check.state in ("no-https", "timeout", "failed")
    assert chain.state == "answered"
    assert not chain.ends_on_https
    assert report.state == "ok"
