"""Tricks: what one request can be answered with by a server that is broken, overrun or an enemy.

Each is hung on a `World` by its path: `world.raw["/x"] = tricks.drip`. None ends by itself unless it says so:
the client must.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable
from itertools import count
from typing import Final

from tests.collectors.worlds import RawHandler, Reply, Request

HTML: Final = b"Content-Type: text/html; charset=utf-8\r\n"
PAGE: Final = b"<!doctype html><title>Trang</title><h1>Trang</h1><p>Trang</p>"
STEP: Final = 0.01
"""Seconds between two drips."""


def said(head: bytes, body: bytes = b"") -> RawHandler:
    """Return a trick that sends these bytes and closes."""

    async def send(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head + body)
        await writer.drain()

    return send


def lines(*headers: str, status: str = "200 OK", body: bytes = PAGE) -> RawHandler:
    """Return a trick that sends a status, these header lines as they are, and a body, and closes."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *headers)).encode("latin-1")
    return said(head + b"\r\n", body)


def kept_open(head: bytes) -> RawHandler:
    """Return a trick that sends these bytes and then nothing any more, without closing."""

    async def send(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await writer.drain()
        await asyncio.sleep(3600)

    return send


def endless(head: bytes, part: bytes, pause: float = 0.0) -> RawHandler:
    """Return a trick that sends a head and then the same part for ever."""

    async def send(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    return send


def chunk(part: bytes) -> bytes:
    """Return a part as one chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(part), part)


async def reset(_: Request, writer: asyncio.StreamWriter) -> None:
    """Break the connection in the middle of a body."""
    writer.write(b"HTTP/1.1 200 OK\r\n" + HTML + b"Content-Length: 5000\r\n\r\n" + PAGE)
    await writer.drain()
    writer.transport.abort()


async def gone(_: Request, writer: asyncio.StreamWriter) -> None:
    """Break the connection before a word is said."""
    writer.transport.abort()


def gzip_of_zeros(size: int) -> bytes:
    """Return the beginning of a gzip body that unpacks to so many zeros; made without packing them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    part = bytes(1 << 20)
    first = packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * ((size >> 20) - 1)


def bomb(size: int, media: bytes = b"text/html") -> RawHandler:
    """Return a trick: a small gzip body that unpacks to so many bytes."""
    packed = gzip_of_zeros(size)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    return said(head % (media, len(packed)), packed)


def flapping(good: Reply, every: int = 2) -> Callable[[Request], Reply]:
    """Return a page that is served once in so many times; else 503."""
    turns = count(1)

    def answer(_: Request) -> Reply:
        return good if next(turns) % every == 0 else Reply("đang bảo trì", 503)

    return answer


_TE: Final = b"HTTP/1.1 200 OK\r\n" + HTML + b"Transfer-Encoding: chunked\r\n\r\n"
_UNTIL_CLOSE: Final = b"HTTP/1.1 200 OK\r\n" + HTML + b"\r\n"
_ONE: Final = b"Content-Length: %d" % len(PAGE)


def _coded(name: str, body: bytes) -> RawHandler:
    return lines(
        "Content-Type: text/html", f"Content-Encoding: {name}", f"Content-Length: {len(body)}", body=body
    )


_RAW_DEFLATE: Final = zlib.compress(PAGE)[2:-4]

BROKEN: Final[dict[str, tuple[RawHandler, str]]] = {
    # name -> (trick, the failure it must be called)
    "silence": (kept_open(b""), "timeout-read"),
    "half-a-status-line": (kept_open(b"HTTP/1.1 20"), "timeout-read"),
    "half-a-head": (kept_open(b"HTTP/1.1 200 OK\r\nContent-Type: text"), "timeout-read"),
    "half-a-body": (kept_open(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<p>"), "timeout-read"),
    "dripping-head": (endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", STEP), "timeout-total"),
    "dripping-body": (endless(_UNTIL_CLOSE, b"<p>", STEP), "timeout-total"),
    "dripping-chunks": (endless(_TE, chunk(b"x"), STEP), "timeout-total"),
    "endless-body": (endless(_UNTIL_CLOSE, bytes(65536)), "too-large"),
    "endless-chunks": (endless(_TE, chunk(bytes(65536))), "too-large"),
    "endless-chunk-extension": (endless(_TE, b"1;" + b"x" * 65536), "bad-content"),
    "endless-trailers": (endless(_TE + b"0\r\n", b"X-Y: z\r\n" * 999), "bad-content"),
    "endless-headers": (endless(b"HTTP/1.1 200 OK\r\n", b"X-Y: z\r\n" * 999), "bad-content"),
    "endless-header-value": (endless(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65536), "bad-content"),
    "endless-informational": (endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 99, STEP), "timeout-total"),
    "endless-continue": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", STEP), "timeout-total"),
    "declared-too-large": (
        kept_open(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n"),
        "too-large",
    ),
    "shorter-than-declared": (lines("Content-Length: 5000"), "reset"),
    "reset": (reset, "reset"),
    "gone": (gone, "reset"),
    "chunk-cut-short": (said(_TE, b"ff\r\n<p>"), "reset"),
    "chunks-of-garbage": (said(_TE, b"zz\r\n<p>\r\n0\r\n\r\n"), "bad-content"),
    "chunk-of-negative-size": (said(_TE, b"-5\r\n<p>\r\n0\r\n\r\n"), "bad-content"),
    "two-lengths": (lines("Content-Length: 5", "Content-Length: 6"), "bad-content"),
    "negative-length": (lines("Content-Length: -5"), "bad-content"),
    "no-http": (said(b"SSH-2.0-OpenSSH_9.2p1\r\n" * 9), "reset"),
    "http-0.9": (said(PAGE), "reset"),
    "no-http-and-open": (endless(b"", b"220 mail\r\n\r\n"), "bad-content"),
    "status-of-words": (lines(status="abc OK"), "bad-content"),
    "status-000": (lines(_ONE.decode(), status="000 Zero"), "bad-content"),
    "status-999": (lines(_ONE.decode(), status="999 Denied"), "http-5xx"),
    "switching-protocols": (
        lines("Upgrade: h2c", "Connection: upgrade", status="101 Switching"),
        "bad-content",
    ),
    "header-without-colon": (lines("X-Broken", _ONE.decode()), "bad-content"),
    "null-in-header": (lines("X-Y: a\0b", _ONE.decode()), "bad-content"),
    "brotli-unasked": (_coded("br", b"\x0b\x02\x80<p>\x03"), "bad-content"),
    "gzip-that-is-none": (_coded("gzip", PAGE), "bad-content"),
    "gzip-cut-short": (_coded("gzip", gzip.compress(PAGE)[:-9]), "bad-content"),
    "gzip-four-times": (_coded("gzip, gzip, gzip, gzip", PAGE), "decode-bomb"),
    "gzip-of-many-members": (_coded("gzip", gzip.compress(b"") * 40_000), "decode-bomb"),
    "gzip-bomb": (bomb(64 << 20), "decode-bomb"),
    "redirect-without-target": (lines("Content-Length: 0", status="302 Found", body=b""), "bad-content"),
    "part-unasked": (
        lines("Content-Range: bytes 0-9/5000", _ONE.decode(), status="206 Partial Content"),
        "bad-content",
    ),
    "use-proxy": (
        lines("Location: http://10.0.0.9/", "Content-Length: 0", status="305 Use Proxy", body=b""),
        "bad-content",
    ),
}
"""What brings no page, with the failure it must be called."""

ODD: Final[dict[str, RawHandler]] = {
    "gzip-with-garbage-behind": _coded("gzip", gzip.compress(PAGE) + b"rubbish" * 9),
    "gzip-in-gzip": _coded("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
    "deflate-without-its-header": _coded("deflate", _RAW_DEFLATE),
    "length-and-chunks": lines(
        "Content-Type: text/html",
        "Content-Length: 3",
        "Transfer-Encoding: chunked",
        body=chunk(PAGE) + b"0\r\n\r\n",
    ),
    "continue-first": said(b"HTTP/1.1 100 Continue\r\n\r\n" + _UNTIL_CLOSE, PAGE),
    "early-hints-first": said(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" + _UNTIL_CLOSE, PAGE
    ),
    "no-length": said(_UNTIL_CLOSE, PAGE),
    "http-1.0": said(b"HTTP/1.0 200 OK\r\n" + HTML + b"\r\n", PAGE),
    "no-reason": said(b"HTTP/1.1 200\r\n" + HTML + b"\r\n", PAGE),
    "bare-line-feeds": said(b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n", PAGE),
    "a-thousand-headers": lines(*(f"X-{n}: y" for n in range(1000)), "Content-Type: text/html"),
    "a-hundred-cookies": lines(
        *(f"Set-Cookie: c{n}={'v' * 200}" for n in range(100)), "Content-Type: text/html"
    ),
    "a-long-validator": lines(f'ETag: "{"e" * 50_000}"', "Content-Type: text/html"),
    "a-validator-in-latin-1": lines('ETag: "\xe9\xff"', "Content-Type: text/html"),
    "refresh-header": lines("Refresh: 0; url=http://10.0.0.9/", "Content-Type: text/html"),
    "long-reason": lines("Content-Type: text/html", status="200 " + "O" * 5000),
}
"""What is odd and yet a page: a browser shows it."""
