"""One request, one answer: what is sealed, and how every ending is sorted (docs/reference/crawling.md)."""

from __future__ import annotations

import asyncio
import gzip
import logging
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import pytest

from collectors.decode import payload
from collectors.fetcher import Fetcher, FetchRequest
from minhchung.evidence import Exchange, FailedAttempt, Failure
from tests.collectors.worlds import Reply, Request, Ticking, World

FALSE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfalse"


async def ask(world: World, url: str, *, limits: dict[str, object] | None = None) -> Exchange | FailedAttempt:
    """Ask once with a fetcher of its own."""
    async with Fetcher(world.network(**(limits or {})), Ticking()) as fetcher:
        return await fetcher.fetch(FetchRequest(url=url))


async def failure(world: World, url: str, **limits: object) -> FailedAttempt:
    """Ask for what must fail."""
    answer = await ask(world, url, limits=limits)
    assert isinstance(answer, FailedAttempt), answer
    return answer


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A server with nothing on it yet."""
    async with World() as served:
        yield served


async def test_an_exchange_keeps_what_was_sent_and_what_came_as_it_came(world: World) -> None:
    """Names of headers as received, the body as transferred, the address connected to."""
    packed = gzip.compress("Tin tức".encode())
    world.pages["/tin"] = Reply(packed, headers=(("Content-Encoding", "gzip"), ("x-RIENG", "1")))

    answer = await ask(world, world.url("/tin"))

    assert isinstance(answer, Exchange)
    assert answer.status == 200
    assert answer.wire == packed
    assert payload(answer, 1000).decode() == "Tin tức"
    assert ("Content-Encoding", "gzip") in answer.headers
    assert ("x-RIENG", "1") in answer.headers
    assert dict(answer.request_headers)["Accept-Encoding"] == "gzip, deflate"
    assert answer.address == f"127.0.0.1:{world.port}"
    assert answer.elapsed > 0


async def test_we_say_who_we_are(world: World) -> None:
    """An honest User-Agent, on every request."""
    world.pages["/"] = Reply("x")

    await ask(world, world.url("/"))

    assert world.requests[0].headers["user-agent"].startswith("minhchung/")


async def test_secrets_are_sent_and_never_sealed(world: World) -> None:
    """Credentials of a service system belong to nobody who reads the archive."""
    world.pages["/"] = Reply("x")
    request = FetchRequest(url=world.url("/"), secret_headers=(("Authorization", "Bearer mat-khau"),))

    async with Fetcher(world.network(), Ticking()) as fetcher:
        answer = await fetcher.fetch(request)

    assert isinstance(answer, Exchange)
    assert world.requests[0].headers["authorization"] == "Bearer mat-khau"
    assert "mat-khau" not in repr(answer)


async def test_one_connection_serves_many_requests(world: World) -> None:
    """A polite crawler does not open a connection for each page."""
    world.pages["/"] = Reply("x")

    async with Fetcher(world.network(concurrency_per_host=1), Ticking()) as fetcher:
        for _ in range(5):
            await fetcher.fetch(FetchRequest(url=world.url("/")))

    assert world.connections == 1


async def test_an_idle_connection_that_was_closed_is_no_failure(world: World) -> None:
    """The server may close between two requests; nothing of the second was heard, so it is sent again."""

    async def once(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")

    world.raw["/"] = once
    async with Fetcher(world.network(concurrency_per_host=1), Ticking()) as fetcher:
        answers = [await fetcher.fetch(FetchRequest(url=world.url("/"))) for _ in range(3)]

    assert [type(answer) for answer in answers] == [Exchange] * 3
    assert world.connections == 3


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue" + FALSE,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntrue\r\n0\r\n\r\n" + FALSE,
        b"HTTP/1.1 204 None\r\n\r\n" + FALSE,
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue" + FALSE[:30],
    ],
    ids=["length", "chunks", "no-content", "part-of-a-head"],
)
async def test_what_is_sent_behind_an_answer_is_nobody_s_answer(world: World, answer: bytes) -> None:
    """Whoever can write into one page of a server must not answer for the next (RFC 9112, 9.2)."""

    async def smuggle(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        await asyncio.sleep(3600)

    world.raw["/a"] = smuggle
    world.pages["/b"] = Reply("true")
    async with Fetcher(world.network(timeout_read=2.0), Ticking()) as fetcher:
        first = await fetcher.fetch(FetchRequest(url=world.url("/a")))
        second = await fetcher.fetch(FetchRequest(url=world.url("/b")))

    assert isinstance(first, Exchange)
    assert isinstance(second, Exchange)
    assert second.wire == b"true"
    assert len(world.asked("/b")) == 1


async def test_a_host_that_sets_cookies_without_end_is_sent_none_of_them(world: World) -> None:
    """RFC 6265 asks for 50 a host and 4 KiB each; beyond any measure they would only weigh on requests."""
    many = tuple(("Set-Cookie", f"c{n}={'x' * 200}") for n in range(200))
    world.pages["/"] = Reply("x", headers=many)
    async with Fetcher(world.network(), Ticking()) as fetcher:
        for _ in range(2):
            await fetcher.fetch(FetchRequest(url=world.url("/")))

    assert "cookie" not in world.requests[1].headers


async def test_a_forbidden_address_is_never_connected_to(world: World) -> None:
    """The guard judges before connecting: the server does not even see a connection."""
    async with Fetcher(world.network(allow=()), Ticking()) as fetcher:
        answer = await fetcher.fetch(FetchRequest(url=world.url("/")))

    assert isinstance(answer, FailedAttempt)
    assert answer.failure is Failure.ADDRESS_FORBIDDEN
    assert world.connections == 0


async def test_a_host_is_resolved_once_and_the_judged_address_is_used(world: World) -> None:
    """DNS that answers public first and private then: there is no second question to answer."""
    answers = [["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"]]
    asked: list[str] = []

    async def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    world.pages["/"] = Reply("x")
    network = world.network(allow=(f"portal.example:{world.port}",))
    async with Fetcher(network, Ticking(), resolver=resolver) as fetcher:
        first = await fetcher.fetch(FetchRequest(url=world.url("/", "portal.example")))
        second = await fetcher.fetch(FetchRequest(url=world.url("/", "portal.example")))

    assert isinstance(first, Exchange)
    assert isinstance(second, Exchange)
    assert asked == ["portal.example"]
    assert world.requests[0].headers["host"] == f"portal.example:{world.port}"


async def test_a_host_that_does_not_resolve_is_a_dns_failure(world: World) -> None:
    """Taxonomy: dns."""

    async def resolver(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    async with Fetcher(world.network(), Ticking(), resolver=resolver) as fetcher:
        answer = await fetcher.fetch(FetchRequest(url="http://khong-co.example/"))

    assert isinstance(answer, FailedAttempt)
    assert answer.failure is Failure.DNS


async def test_a_closed_port_is_a_refused_connection() -> None:
    """Taxonomy: connect; the detail tells a closed port from a silent host."""
    async with World() as gone:
        url, network = gone.url("/"), gone.network()
    async with Fetcher(network, Ticking()) as fetcher:
        answer = await fetcher.fetch(FetchRequest(url=url))

    assert isinstance(answer, FailedAttempt)
    assert answer.failure is Failure.CONNECT
    assert answer.detail.startswith("refused")


async def test_a_reset_in_the_middle_is_a_reset(world: World) -> None:
    """Taxonomy: reset; half a body is no body."""

    async def half(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
        await writer.drain()
        writer.transport.abort()

    async def short(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")

    async def silent(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    world.raw |= {"/half": half, "/short": short, "/silent": silent}
    for path in ("/half", "/short", "/silent"):
        assert (await failure(world, world.url(path))).failure is Failure.RESET


async def test_what_is_no_http_is_bad_content(world: World) -> None:
    """Taxonomy: bad-content."""

    async def smtp(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n\r\n")

    async def endless_header(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n")

    world.raw |= {"/smtp": smtp, "/header": endless_header}
    for path in ("/smtp", "/header"):
        assert (await failure(world, world.url(path))).failure is Failure.BAD_CONTENT


async def test_a_server_that_says_nothing_is_a_read_timeout(world: World) -> None:
    """Taxonomy: timeout-read."""

    async def wait(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    world.raw["/"] = wait
    answer = await failure(world, world.url("/"), timeout_read=0.2)

    assert answer.failure is Failure.TIMEOUT_READ
    assert answer.elapsed < 5


async def test_a_slow_drip_ends_at_the_total_deadline(world: World) -> None:
    """Taxonomy: timeout-total; each byte resets the read timeout, nothing resets the deadline."""

    async def drip(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    world.raw["/"] = drip
    answer = await failure(world, world.url("/"), timeout_read=1.0, timeout_total=0.4)

    assert answer.failure is Failure.TIMEOUT_TOTAL
    assert answer.elapsed < 5


async def test_a_lane_that_timed_out_serves_the_next_request(world: World) -> None:
    """One connection at most: a request that was given up must not keep it."""

    async def wait(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    world.raw["/wait"] = wait
    world.pages["/"] = Reply("x")
    limits = world.network(concurrency_per_host=1, timeout_total=0.1)
    async with Fetcher(limits, Ticking()) as fetcher:
        for _ in range(3):
            late = await fetcher.fetch(FetchRequest(url=world.url("/wait")))
            assert isinstance(late, FailedAttempt)
        answer = await fetcher.fetch(FetchRequest(url=world.url("/"), seconds=5.0))

    assert isinstance(answer, Exchange)


async def test_dns_that_does_not_answer_is_given_up(world: World) -> None:
    """A resolver may hang for minutes; the connect timeout holds for it too."""

    async def hangs(host: str, port: int) -> list[str]:
        await asyncio.sleep(30)
        return []

    async with Fetcher(world.network(timeout_connect=0.1), Ticking(), resolver=hangs) as fetcher:
        answer = await fetcher.fetch(FetchRequest(url="http://cham.example/"))

    assert isinstance(answer, FailedAttempt)
    assert answer.failure is Failure.DNS


async def test_an_endless_body_is_cut_at_the_cap_and_memory_stays_flat(world: World) -> None:
    """Taxonomy: too-large; what is beyond the cap is never held."""
    sent = 0

    async def endless(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            sent += 65536
            await writer.drain()

    world.raw["/"] = endless
    tracemalloc.start()
    try:
        answer = await failure(world, world.url("/"), max_wire_bytes=4_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert answer.failure is Failure.TOO_LARGE
    assert peak < 16_000_000
    assert sent < 40_000_000


async def test_a_body_declared_too_large_is_not_begun(world: World) -> None:
    """Taxonomy: too-large, by the declared length alone."""

    async def declares(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
        await asyncio.sleep(30)

    world.raw["/"] = declares
    answer = await failure(world, world.url("/"))

    assert answer.failure is Failure.TOO_LARGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
async def test_a_small_body_that_unpacks_to_too_much_is_a_bomb(world: World, coding: str) -> None:
    """Taxonomy: decode-bomb; 100 MB of zeros travel as 100 kB."""
    zeros = bytes(100_000_000)
    packed = zlib.compress(zeros, 9) if coding == "deflate" else gzip.compress(zeros, 9)
    world.pages["/"] = Reply(
        gzip.compress(packed) if "," in coding else packed, headers=(("Content-Encoding", coding),)
    )

    answer = await failure(world, world.url("/"), max_decoded_bytes=5_000_000)

    assert answer.failure is Failure.DECODE_BOMB


async def test_a_broken_or_unasked_coding_is_bad_content(world: World) -> None:
    """Taxonomy: bad-content; what cannot be unpacked cannot be read."""
    whole = gzip.compress(b"x" * 5000)
    world.pages["/cut"] = Reply(whole[:-9], headers=(("Content-Encoding", "gzip"),))
    world.pages["/lie"] = Reply(b"plain", headers=(("Content-Encoding", "gzip"),))
    world.pages["/br"] = Reply(b"plain", headers=(("Content-Encoding", "br"),))

    for path in ("/cut", "/lie", "/br"):
        assert (await failure(world, world.url(path))).failure is Failure.BAD_CONTENT


async def test_every_lane_of_a_host_waits_for_its_turn(world: World) -> None:
    """Network.concurrency_per_host: never more requests at once than that."""
    at_once = most = 0

    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")

    world.raw["/"] = slow
    async with Fetcher(world.network(concurrency_per_host=2), Ticking()) as fetcher:
        await asyncio.gather(*(fetcher.fetch(FetchRequest(url=world.url("/"))) for _ in range(8)))

    assert most == 2


async def test_the_http_libraries_log_nothing_at_their_usual_level(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """One line a visit is ours to write; a line a request is noise."""
    world.pages["/"] = Reply("x")
    with caplog.at_level(logging.INFO):
        await ask(world, world.url("/"))

    assert caplog.records == []
