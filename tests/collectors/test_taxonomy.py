"""Every code of the closed list of failures, each brought about by a server or a resolver of the test.

The list is `minhchung.evidence.Failure` (docs/reference/archive.md, failed attempts); one that nothing can
bring about would be a word, and one that no test brings about a guess.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest

from collectors.fetcher import Fetcher, FetchRequest
from minhchung.evidence import Exchange, FailedAttempt, Failure
from minhchung.sources import Network
from tests.collectors.certificates import Signed, make, root_file, server_context
from tests.collectors.hostile import BROKEN
from tests.collectors.memory import Memory
from tests.collectors.middleman import Middleman
from tests.collectors.tiny import page, visit
from tests.collectors.worlds import Reply, Ticking, World, redirect

Found = Awaitable[set[Failure]]

ROOT: Final = make("Trung tâm chứng thực mô phỏng", authority=True)
SHORT: Final[dict[str, Any]] = {
    "timeout_connect": 0.5,
    "timeout_read": 0.5,
    "timeout_total": 2.0,
    "max_wire_bytes": 1_000_000,
    "max_decoded_bytes": 4_000_000,
}


async def ask(network: Network, request: FetchRequest, *roots: Path, resolver: Any = None) -> set[Failure]:
    """Ask once; the failure, where it is one."""
    async with Fetcher(network, Ticking(), roots, resolver=resolver, environ={}) as fetcher:
        answer: Exchange | FailedAttempt = await fetcher.fetch(request)
    return {answer.failure} if isinstance(answer, FailedAttempt) else set()


async def visited(world: World, **limits: Any) -> set[Failure]:
    """Visit a portal; every failure that its account names of the portal's own addresses.

    A visit also asks whether the portal speaks https, which it does not.
    """
    report = await visit(world, Memory(), scope="host", **SHORT | limits)
    return {why for url, why in report.failures if url.startswith("http://")}


def trick(name: str) -> Callable[[Path], Found]:
    """Return what a visit makes of a page that is answered by a trick."""

    async def meet(_: Path) -> set[Failure]:
        async with World({"/": Reply(page("Trang chủ", ("site", "/bay", "Giới thiệu")))}) as world:
            world.raw["/bay"] = BROKEN[name][0]
            return await visited(world, timeout_read=0.5 if name == "silence" else 5.0)

    return meet


def answered(reply: Reply, **pages: Reply) -> Callable[[Path], Found]:
    """Return what a visit makes of a page that is answered so."""

    async def meet(_: Path) -> set[Failure]:
        home = Reply(page("Trang chủ", ("site", "/trang", "Giới thiệu")))
        more = {f"/{name.replace('_', '.')}": each for name, each in pages.items()}
        async with World({"/": home, "/trang": reply, **more}) as world:
            return await visited(world)

    return meet


def certified(leaf: Signed) -> Callable[[Path], Found]:
    """Return what becomes of a secret for a server with this certificate."""

    async def meet(folder: Path) -> set[Failure]:
        secret = (("Authorization", "Bearer mat-khau"),)
        async with World({"/": Reply("x")}, tls=server_context(folder, leaf)) as world:
            request = FetchRequest(url=world.url("/"), secret_headers=secret)
            return await ask(world.network(), request, root_file(folder, ROOT))

    return meet


def tls_answered(said: bytes) -> Callable[[Path], Found]:
    """Return what becomes of a handshake that is answered by these bytes, and then by silence."""

    async def meet(_: Path) -> set[Failure]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await reader.read(1)
                writer.write(said)
                await writer.drain()
                await reader.read()
            except OSError:
                pass  # the client broke off
            finally:
                writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            network = World(port=port).network(timeout_connect=0.5)
            return await ask(network, FetchRequest(url=f"https://127.0.0.1:{port}/"))

    return meet


async def unresolved(_: Path) -> set[Failure]:
    """A name that the resolver does not know."""

    async def resolver(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    return await ask(Network(), FetchRequest(url="http://khong-co.example/"), resolver=resolver)


async def forbidden(_: Path) -> set[Failure]:
    """A name that the resolver leads into the inner network."""

    async def resolver(host: str, port: int) -> list[str]:
        return ["10.0.0.7"]

    return await ask(Network(), FetchRequest(url="http://noi.example/"), resolver=resolver)


async def closed(_: Path) -> set[Failure]:
    """A port that nobody listens on any more."""
    async with World() as gone:
        url, network = gone.url("/"), gone.network()
    return await ask(network, FetchRequest(url=url))


async def spent(_: Path) -> set[Failure]:
    """A portal with more pages than the budget of its host."""
    links = [("site", f"/trang/{n}", "x") for n in range(9)]
    pages = {f"/trang/{n}": Reply(page("Trang")) for n in range(9)}
    async with World({"/": Reply(page("Trang chủ", *links)), **pages}) as world:
        return await visited(world, host_requests=4)


async def scripted(_: Path) -> set[Failure]:
    """A page made by scripts, and no browser."""
    async with World({"/": Reply(page("Sở", "<shell>"))}) as world:
        return await visited(world)


async def behind_a_proxy(_: Path) -> set[Failure]:
    """Our own proxy asks for a login that we have not got."""

    async def resolver(host: str, port: int) -> list[str]:
        return ["203.0.114.10"]

    async with Middleman(answer="407 Login") as proxy:
        request = FetchRequest(url="http://so.example/")
        return await ask(Network(proxy=proxy.url), request, resolver=resolver)


RULES: Final = Reply("User-agent: *\nDisallow: /trang", type="text/plain")

WAYS: Final[dict[Failure, Callable[[Path], Found]]] = {
    Failure.DNS: unresolved,
    Failure.CONNECT: closed,
    Failure.RESET: trick("reset"),
    Failure.TIMEOUT_CONNECT: tls_answered(b""),
    Failure.TIMEOUT_READ: trick("silence"),
    Failure.TIMEOUT_TOTAL: trick("dripping-body"),
    Failure.TLS_EXPIRED: certified(make("127.0.0.1", ROOT, days=(-30, -3))),
    Failure.TLS_CHAIN: certified(make("127.0.0.1")),
    Failure.TLS_NAME: certified(make("khac.example", ROOT, address="127.0.0.2")),
    Failure.TLS_OTHER: tls_answered(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    Failure.TOO_LARGE: trick("endless-body"),
    Failure.DECODE_BOMB: trick("gzip-bomb"),
    Failure.BAD_CONTENT: trick("gzip-that-is-none"),
    Failure.REDIRECT_LOOP: answered(redirect("/trang")),
    Failure.REDIRECT_FORBIDDEN: answered(redirect("http://169.254.169.254/")),
    Failure.ADDRESS_FORBIDDEN: forbidden,
    Failure.ROBOTS: answered(Reply(page("Trang")), robots_txt=RULES),
    Failure.BLOCKED: answered(Reply("cấm", 403)),
    Failure.RATE_LIMITED: answered(Reply("chậm lại", 429, headers=(("Retry-After", "86400"),))),
    Failure.HTTP_4XX: answered(Reply("không có", 404)),
    Failure.HTTP_5XX: answered(Reply("lỗi", 500)),
    Failure.BUDGET: spent,
    Failure.NO_BROWSER: scripted,
    Failure.PROXY: behind_a_proxy,
}


def test_no_code_of_the_closed_list_is_without_a_way_to_it() -> None:
    """A code added to the list is brought about here, or this fails."""
    assert set(WAYS) == set(Failure)


@pytest.mark.parametrize("failure", WAYS, ids=str)
async def test_each_code_is_brought_about(
    failure: Failure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the one thing that it names, and nothing else is said."""
    monkeypatch.setenv("MINHCHUNG_BROWSER", str(tmp_path / "none"))

    assert await WAYS[failure](tmp_path) == {failure}
