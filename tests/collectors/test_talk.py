"""How a request is spoken and an answer's head taken apart: by one look where it is as usual, else by h11."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import h11
import httpcore
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collectors import heads
from collectors.line import Line
from collectors.tls import make_contexts
from collectors.transport import Caller, Guarded

USUAL = b'HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 5\r\nETag:  "a"  \r\n\r\n'
STRANGE = {
    "folded": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: one\r\n two\r\n\r\nabcde",
    "bare-line-feeds": b"HTTP/1.1 200 OK\nContent-Length: 5\n\nabcde",
    "bare-return": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: one\rContent-Length: 3\r\n\r\nabcde",
    "zero-byte": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: o\0e\r\n\r\nabcde",
    "blank-before-colon": b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nabcde",
    "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 4\r\n\r\nabcde",
    "list-of-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nabcde",
    "signed-length": b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nabcde",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
    "chunked-and-length": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"
    ),
    "no-length": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nabcde",
    "closing": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nabcde",
    "old": b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
    "interim": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + USUAL + b"abcde",
    "half-a-head": USUAL[:40],
}


def by_h11(data: bytes) -> tuple[int, bytes, list[tuple[bytes, bytes]], bytes]:
    """Return status, reason, fields and body as h11 reads them."""
    state = h11.Connection(h11.CLIENT)
    state.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    state.send(h11.EndOfMessage())
    state.receive_data(data)
    head = state.next_event()
    assert isinstance(head, h11.Response)
    body = b""
    while isinstance(event := state.next_event(), h11.Data):
        body += event.data
    return head.status_code, head.reason, list(head.headers.raw_items()), body


@pytest.mark.parametrize("data", STRANGE.values(), ids=STRANGE)
def test_a_head_that_is_not_as_usual_is_left_to_h11(data: bytes) -> None:
    """RFC 9112, 11: readers that disagree on where a message ends are how answers are smuggled."""
    assert heads.taken(data) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [b"Content-Length", b"content-length", b"X-A", b"Set-Cookie", b"Connection", b"Via"]
            ),
            st.one_of(st.sampled_from([b"5", b"0", b"keep-alive", b"close", b""]), st.binary(max_size=6)),
        ),
        max_size=5,
    ),
    st.sampled_from(
        [b"200 OK", b"304 Not Modified", b"404", b"204 ", b"500 L\xe1\xbb\x97i", b"099 no", b"600 no"]
    ),
    st.sampled_from([b": ", b":", b" : ", b":\t"]),
)
@example([(b"Content-Length", b"5"), (b"Via", b" a\tb ")], b"200 OK", b": ")
def test_what_one_look_takes_apart_h11_takes_apart_alike(
    fields: list[tuple[bytes, bytes]], status: bytes, colon: bytes
) -> None:
    """RFC 9112, 4 to 6: the quick look may take less than h11, and nothing else."""
    body = b"abcde"
    lines = [b"HTTP/1.1 " + status, *(name + colon + value for name, value in fields)]
    data = b"\r\n".join(lines) + b"\r\n\r\n" + body
    found = heads.taken(data)
    if found is None:
        return
    head, rest = found
    told = by_h11(data)
    assert (head.status, head.reason, head.raw, rest[: head.length]) == told


@pytest.mark.parametrize(
    ("raw", "usual"),
    [
        ([(b"Host", b"a.vn"), (b"If-None-Match", b'W/"5 6"')], True),
        ([(b"Host", b"a.vn"), (b"If-None-Match", b'"a"\r\nX-B: c')], False),
        ([(b"Host", b"a.vn"), (b"If-None-Match", b' "a"')], False),
        ([(b"Host", b"a.vn"), (b"X B", b"c")], False),
        ([(b"Host", b"a.vn"), (b"Content-Length", b"5")], False),
    ],
)
def test_a_request_goes_out_as_h11_writes_it_or_is_left_to_h11(
    raw: list[tuple[bytes, bytes]], usual: bool
) -> None:
    """RFC 9110, 5.5: what a server gave us is sent back, and must not become a field of its own."""
    out = heads.written("GET", b"/a?b=1", raw)
    assert (out is not None) is usual
    if out is not None:
        state = h11.Connection(h11.CLIENT)
        assert out == state.send(h11.Request(method="GET", target="/a?b=1", headers=raw))


async def talked(answers: Sequence[bytes]) -> tuple[list[tuple[int, bytes]], int]:
    """Return status and body of requests made one after the other, and how many connections they took."""
    waiting, connections = list(answers), 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        try:
            while waiting and await reader.readuntil(b"\r\n\r\n"):
                answer = waiting.pop(0)
                for start in range(0, len(answer), 50):
                    writer.write(answer[start : start + 50])
                    await writer.drain()
                    await asyncio.sleep(0.01)
        except asyncio.IncompleteReadError:
            pass  # the client has gone
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    line = Line(
        Guarded("127.0.0.1", port, ("127.0.0.1",)), make_contexts().verified, connect_seconds=5, seconds=5
    )
    caller, seen = Caller(line, {"User-Agent": "a"}), []
    try:
        for _ in answers:
            heard = await caller.send(caller.build_request("GET", f"http://127.0.0.1:{port}/"))
            seen.append((heard.status_code, b"".join([part async for part in heard.aiter_raw()])))
            await heard.aclose()
    finally:
        await caller.aclose()
        server.close()
        await asyncio.sleep(0.05)  # the server's side sees it and goes
    return seen, connections


async def test_one_connection_serves_usual_and_strange_answers_in_turn() -> None:
    """RFC 9112, 9.3: a connection stays open whichever way the answer before was read."""
    body = b"x" * 200
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + body
    folded = b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\nX-A: b\r\n c\r\n\r\n" + body
    same = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 200\r\n\r\n"
    seen, connections = await talked([long, folded, same, long, folded])
    assert seen == [(200, body), (200, body), (304, b""), (200, body), (200, body)]
    assert connections == 1


async def test_bytes_behind_an_answer_end_the_connection() -> None:
    """RFC 9112, 11.1: what nobody asked for must not answer the next request."""
    extra = USUAL + b"abcde" + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
    seen, connections = await talked([extra, USUAL + b"fghij"])
    assert seen == [(200, b"abcde"), (200, b"fghij")]
    assert connections == 2


async def test_a_body_that_ends_early_is_an_error() -> None:
    """RFC 9112, 8: an incomplete answer is no answer."""
    with pytest.raises(httpcore.RemoteProtocolError, match="received 3 bytes, expected 5"):
        await talked([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"])
