"""WARC 1.1 records as bytes: one gzip member each, digests in SHA-256, the wire's bytes as they came.

Knows the format and nothing of files, logs or databases.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from ssl import DER_cert_to_PEM_cert
from typing import Final
from urllib.parse import quote, urlsplit

from isal import igzip_lib

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
TLS_TYPE: Final = "application/vnd.minhchung.tls+json"
WARCINFO_TYPE: Final = "application/warc-fields"
CRLF: Final = "\r\n"

_UNPRINTABLE: Final = re.compile(r"[\x00-\x20\x7f]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
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
_PAIRS: Final = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS: Final = tuple(range(250, -1, -10))
_TO_DIGITS: Final = {
    code: "0123456789abcdefghijklmnopqrstuv"[_ALPHABET.index(chr(code))] if chr(code) in _ALPHABET else "!"
    for code in range(128)
}


def named_digest(raw: bytes) -> str:
    """Return a raw SHA-256 in the form WARC fields carry: `sha256:` and base32, faster than base64's."""
    number = int.from_bytes(raw) << 4
    return "sha256:" + "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS]) + "===="


def names(claimed: str, raw: bytes) -> bool:
    """Say whether a WARC digest is exactly how `named_digest` writes this raw SHA-256."""
    if len(claimed) != 63 or claimed[:7] != "sha256:" or claimed[59:] != "====" or not claimed.isascii():
        return False
    try:
        return int(claimed[7:59].translate(_TO_DIGITS), 32) == int.from_bytes(raw) << 4
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
    *,
    payload_sha256: str = "",
) -> Sealed:
    """Return a record of the given WARC-Type as one gzip member, with its block digest."""
    lines = ["WARC/1.1", f"WARC-Type: {kind}", f"WARC-Record-ID: <{record_id}>", f"WARC-Date: {date}"]
    lines.extend(f"{name}: {value}" for name, value in fields)
    lines.append(f"WARC-Block-Digest: {digest_field(block)}")
    lines.append(f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n")
    head = CRLF.join(lines).encode()
    stored: bytes = igzip_lib.compress(head + block + b"\r\n\r\n", LEVEL, igzip_lib.COMP_GZIP)
    member = Member(
        id=record_id,
        type=kind,
        sha256=sha256(stored).hexdigest(),
        length=len(stored),
        payload_sha256=payload_sha256,
    )
    return Sealed(stored, member)


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


def _http_head(first_line: str, headers: Iterable[tuple[str, str]], *, response: bool) -> bytes:
    lines = [first_line]
    for name, value in headers:
        if response and name.casefold() in _HOP_FIELDS:
            # The body is kept transfer-decoded: the field would make readers decode it again.
            name = f"X-Archive-Orig-{name}"
        lines.append(f"{name}: {value}")
    text = CRLF.join(lines)
    if text.isascii() and text.count("\n") == len(lines) - 1 and not _STRAY.search(text):
        return text.encode("ascii") + b"\r\n\r\n"
    return b"\r\n".join([header_bytes(line) for line in lines]) + b"\r\n\r\n"


def request(exchange: Exchange, record_id: str, date: str, fields: Fields) -> Sealed:
    """Return the request record of an exchange."""
    parts = urlsplit(exchange.url)
    path = _UNPRINTABLE.sub(lambda found: quote(found[0]), plain(parts.path or "/"))
    if parts.query:
        path += "?" + _UNPRINTABLE.sub(lambda found: quote(found[0]), plain(parts.query))
    head = _http_head(f"{exchange.method} {path} HTTP/1.1", exchange.request_headers, response=False)
    body = exchange.request_body
    if body:
        fields = [*fields, ("WARC-Payload-Digest", digest_field(body))]
    return seal("request", record_id, date, fields, HTTP_REQUEST, head + body)


def response_head(exchange: Exchange) -> bytes:
    """Return status line and header fields as an HTTP/1.1 message starts."""
    version = exchange.http_version if exchange.http_version.startswith("HTTP/1") else "HTTP/1.1"
    status_line = f"{version} {exchange.status} {exchange.reason_phrase}"
    return _http_head(status_line, exchange.headers, response=True)


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
