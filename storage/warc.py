"""WARC 1.1 records as bytes: one gzip member each, digests in SHA-256, the wire's bytes as they came.

Knows the format and nothing of files, logs or databases.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from typing import Final
from urllib.parse import quote

from isal import igzip_lib, isal_zlib

from minhchung.evidence import Exchange, FailedAttempt, TlsFacts
from storage.leaf import Member, canonical, stamp

Fields = list[tuple[str, str]]

LEVEL: Final = 1
"""isal's level 1; its level 0 inflates compressed bodies by a fifth."""

NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SAME_PAYLOAD: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
HTTP_REQUEST: Final = "application/http;msgtype=request"
HTTP_RESPONSE: Final = "application/http;msgtype=response"
FAILURE_TYPE: Final = "application/vnd.minhchung.failure+json"
BLINDING_TYPE: Final = "application/vnd.minhchung.blinding"
TLS_TYPE: Final = "application/vnd.minhchung.tls+json"
WARCINFO_TYPE: Final = "application/warc-fields"
CRLF: Final = "\r\n"
RECORD_END: Final = b"\r\n\r\n"

PACKED: Final = (b"\x1f\x8b\x08", b"PK\x03\x04", b"\x89PNG\r\n", b"\xff\xd8\xff")
"""How bodies begin that packing makes no shorter: gzip, zip (and so DOCX, XLSX), PNG, JPEG."""

GZIP_HEAD: Final = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""Deflate, no name, no time, system unknown: as isal writes it (RFC 1952, 2.3)."""

STORED_BLOCK: Final = 0xFFFF
"""Bytes in one stored block, at most (RFC 1951, 3.2.4)."""

_BLOCK_HEAD: Final = Struct("<BHH")
"""Last block or not, length, its complement."""

_TRAILER: Final = Struct("<II")
"""CRC-32 and length of what is packed."""

_UNPRINTABLE: Final = re.compile(r"[\x00-\x20\x7f]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ADDRESS: Final = re.compile(r"[^:/?#]+://[^/?#]*([^?#]*)(\?[^#]+)?", re.DOTALL)
"""Path, and query with its mark, of an absolute address (RFC 3986, appendix B)."""

_STRAY: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
"""A control character other than the line ends that we put there."""

_HOP_FIELDS: Final = frozenset({"transfer-encoding"})


def plain(text: str) -> str:
    """Return text that any file can hold: half surrogate pairs become `?` or U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape" if _escaped(text) else "replace").decode("utf-8", "replace")


def _escaped(text: str) -> bool:
    return not any("\ud800" <= c <= "\udc7f" or "\udd00" <= c <= "\udfff" for c in text)


def one_line(text: str) -> str:
    """Return text without control characters but tabs: nothing that a portal sends splits a header."""
    return _CONTROL.sub(" ", text) if _CONTROL.search(text) else text


def header_bytes(text: str) -> bytes:
    """Return a header line's bytes; surrogate escapes give back the very bytes they stand for."""
    line = one_line(text)
    if line.isascii():
        return line.encode("ascii")
    return line.encode("utf-8", "surrogateescape" if _escaped(line) else "replace")


def digest_field(content: bytes) -> str:
    """Return a WARC digest: `sha256:` and base32."""
    return named_digest(sha256(content).digest())


_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LETTERS: Final = _ALPHABET.encode().ljust(256, b"!")
BASE32_DIGITS: Final = bytes(
    ord("0123456789abcdefghijklmnopqrstuv"[_ALPHABET.index(chr(code))] if chr(code) in _ALPHABET else "!")
    for code in range(256)
)
"""Translates base32 into the digits that `int` knows; anything else into what no number holds."""


def _spreading() -> Iterator[tuple[int, int, int]]:
    """Yield masks and shifts that move 64 groups of 5 bits into a byte each, half of a block at a time."""
    half = 32
    while half:
        low = high = 0
        for first in range(0, 64, 2 * half):
            block = (1 << 5 * half) - 1 << 8 * first
            low, high = low | block, high | block << 5 * half
        yield low, high, 3 * half
        half //= 2


_SPREADING: Final = tuple(_spreading())


def named_digest(raw: bytes) -> str:
    """Return a raw SHA-256 in the form WARC fields carry: `sha256:` and base32.

    Every page has three; `base64.b32encode` takes ten times as long.
    """
    number = int.from_bytes(raw) << 4
    for low, high, shift in _SPREADING:
        number = number & low | (number & high) << shift
    return f"sha256:{number.to_bytes(64).translate(_LETTERS)[12:].decode('ascii')}===="


def names(claimed: str, raw: bytes) -> bool:
    """Say whether a WARC digest is exactly how `named_digest` writes this raw SHA-256."""
    if len(claimed) != 63 or claimed[:7] != "sha256:" or claimed[59:] != "====" or not claimed.isascii():
        return False
    try:
        return int(claimed[7:59].encode("ascii").translate(BASE32_DIGITS), 32) == int.from_bytes(raw) << 4
    except ValueError:
        return False


def host_of(address: str) -> str:
    """Return the IP of `ip:port`, brackets removed."""
    return address.rpartition(":")[0].strip("[]") if ":" in address else address


@dataclass(frozen=True, slots=True)
class Sealed:
    """One record ready to be stored."""

    stored: bytes
    """The gzip member."""

    member: Member


def seal(
    kind: str,
    record_id: str,
    date: str,
    fields: Fields,
    content_type: str,
    block: bytes,
    wire: bytes = b"",
    *,
    payload_sha256: str = "",
) -> Sealed:
    """Return a record of the given WARC-Type as one gzip member, with its block digest.

    The record's block is `block`, then `wire`: a body as transferred, kept apart because it may be packed.
    """
    hashed = sha256(block)
    hashed.update(wire)
    lines = [f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <{record_id}>\r\nWARC-Date: {date}"]
    lines.extend([f"{name}: {value}" for name, value in fields])
    lines.append(
        f"WARC-Block-Digest: {named_digest(hashed.digest())}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(block) + len(wire)}\r\n\r\n"
    )
    stored = gzip_member(CRLF.join(lines).encode() + block, wire)
    member = Member(
        id=record_id,
        type=kind,
        sha256=sha256(stored).hexdigest(),
        length=len(stored),
        payload_sha256=payload_sha256,
    )
    return Sealed(stored, member)


def gzip_member(head: bytes, wire: bytes) -> bytes:
    """Return a record as one gzip member; a body that is packed already is stored in it as it is.

    Packing it again would cost more than everything else about a page, and make it longer.
    """
    if not wire.startswith(PACKED):
        member: bytes = igzip_lib.compress(b"".join((head, wire, RECORD_END)), LEVEL, igzip_lib.COMP_GZIP)
        return member
    deflate = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, -15)
    parts = [GZIP_HEAD, deflate.compress(head), deflate.flush(isal_zlib.Z_SYNC_FLUSH)]
    rest = wire + RECORD_END
    for at in range(0, len(rest), STORED_BLOCK):
        chunk = rest[at : at + STORED_BLOCK]
        is_last = at + STORED_BLOCK >= len(rest)
        parts += (_BLOCK_HEAD.pack(is_last, len(chunk), len(chunk) ^ 0xFFFF), chunk)
    crc = isal_zlib.crc32(rest, isal_zlib.crc32(head))
    parts.append(_TRAILER.pack(crc, (len(head) + len(rest)) & 0xFFFFFFFF))
    return b"".join(parts)


def target(url: str) -> tuple[str, str]:
    """Return the WARC-Target-URI field of an address; blanks and control characters are percent-encoded."""
    value = plain(url)
    if _UNPRINTABLE.search(value):
        value = _UNPRINTABLE.sub(lambda found: quote(found[0]), value)
    return ("WARC-Target-URI", value)


def warcinfo(record_id: str, date: str, file_name: str, said: Sequence[tuple[str, str]]) -> Sealed:
    """Return the record that opens every file: which software, run and configuration wrote it."""
    block = "".join(f"{name}: {one_line(plain(value))}\r\n" for name, value in said).encode()
    return seal("warcinfo", record_id, date, [("WARC-Filename", file_name)], WARCINFO_TYPE, block)


def _http_head(first_line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [first_line]
    for name, value in headers:
        if name.casefold() in _HOP_FIELDS:
            # The body is kept transfer-decoded: the field would make readers decode it again.
            name = f"X-Archive-Orig-{name}"
        lines.append(f"{name}: {value}")
    text = CRLF.join(lines)
    if text.isascii() and text.count("\n") == len(lines) - 1 and not _STRAY.search(text):
        return text.encode("ascii") + b"\r\n\r\n"
    return b"\r\n".join([header_bytes(line) for line in lines]) + b"\r\n\r\n"


@lru_cache(maxsize=1024)
def _request_field(field: tuple[str, str]) -> bytes:
    """Return a header line of a request as it goes out: nearly all of them go out with every request."""
    return header_bytes(": ".join(field)) + b"\r\n"


def request(exchange: Exchange, record_id: str, date: str, fields: Fields) -> Sealed:
    """Return the request record of an exchange."""
    parts = _ADDRESS.match(plain(exchange.url))
    path = (parts[1] or "/") + (parts[2] or "") if parts else "/"
    if _UNPRINTABLE.search(path):
        path = _UNPRINTABLE.sub(lambda found: quote(found[0]), path)
    first = header_bytes(f"{exchange.method} {path} HTTP/1.1")
    head = b"".join([first, b"\r\n", *map(_request_field, exchange.request_headers), b"\r\n"])
    body = exchange.request_body
    if body:
        fields = [*fields, ("WARC-Payload-Digest", digest_field(body))]
    return seal("request", record_id, date, fields, HTTP_REQUEST, head + body)


def response_head(exchange: Exchange) -> bytes:
    """Return status line and header fields as an HTTP/1.1 message starts."""
    version = exchange.http_version if exchange.http_version.startswith("HTTP/1") else "HTTP/1.1"
    status_line = f"{version} {exchange.status} {exchange.reason_phrase}"
    return _http_head(status_line, exchange.headers)


def capture_fields(exchange: Exchange | FailedAttempt) -> Fields:
    """Return what WARC says of the connection: address, protocol, cipher, seconds."""
    fields: Fields = []
    if exchange.address:
        fields.append(("WARC-IP-Address", one_line(plain(host_of(exchange.address)))))
    if isinstance(exchange, Exchange) and not exchange.http_version.startswith("HTTP/1"):
        fields.append(("WARC-Protocol", "h2"))
    if exchange.tls is not None and exchange.tls.protocol:
        fields.append(
            ("WARC-Protocol", one_line(plain(exchange.tls.protocol)).lower().replace("tlsv", "tls/"))
        )
        if exchange.tls.cipher:
            fields.append(("WARC-Cipher-Suite", one_line(plain(exchange.tls.cipher))))
    fields.append(("X-Elapsed-Seconds", f"{exchange.elapsed:.6f}"))
    return fields


def failure_block(attempt: FailedAttempt) -> bytes:
    """Return the JSON that stands for an attempt without a usable answer."""
    return canonical(
        {
            "v": 1,
            "method": plain(attempt.method),
            "url": plain(attempt.url),
            "failure": attempt.failure.value,
            "transient": attempt.failure.transient,
            "detail": plain(attempt.detail),
            "begun_at": stamp(attempt.begun_at),
            "elapsed": f"{attempt.elapsed:.6f}",
            "address": plain(attempt.address),
        }
    )


def tls_block(facts: TlsFacts) -> bytes:
    """Return the JSON of a handshake, the chain as served in PEM."""
    from ssl import DER_cert_to_PEM_cert  # imported here: readers of an archive do without

    return canonical(
        {
            "v": 1,
            "verdict": facts.verdict.value,
            "detail": plain(facts.detail),
            "protocol": plain(facts.protocol),
            "cipher": plain(facts.cipher),
            "chain": [DER_cert_to_PEM_cert(der) for der in facts.chain],
        }
    )


def failure_of(block: bytes) -> dict[str, str]:
    """Return what `failure_block` said."""
    said: dict[str, str] = json.loads(block)
    return said
