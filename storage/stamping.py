"""One RFC 3161 token: asked for, and judged when it comes and ever after, at the instant it names.

`rfc3161-client` refuses a token whose certificates are not in DER order, which many authorities send; such a
token is judged by `openssl ts -verify`. Whether it fits is always decided, never assumed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    _rust,
    decode_timestamp_response,
)

from minhchung.errors import IntegrityError

REPLY_CAP: Final = 1024 * 1024
"""Bytes of a reply, at most; real ones have a few thousand."""

SECONDS: Final = 30
"""openssl may take as long."""

_TIME: Final = re.compile(r"^Time stamp: (.+) GMT$", re.MULTILINE)
_NONCE: Final = re.compile(r"^Nonce: 0x([0-9A-Fa-f]+)$", re.MULTILINE)


class StampError(IntegrityError):
    """A token does not say what it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A token that was found sound."""

    at: datetime
    """Aware, UTC: the authority's instant."""

    by: str
    """What judged it: `rfc3161-client` or `openssl`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request for a token: DER, and the nonce that the token must repeat."""

    body: bytes
    nonce: int


def request(data: bytes) -> Request:
    """Return a fresh request for a token over the SHA-256 of the data."""
    made = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    if made.nonce is None:
        raise StampError("the request for a timestamp has no nonce; update rfc3161-client")
    return Request(body=made.as_bytes(), nonce=made.nonce)


def nonce_of(asked: bytes) -> int:
    """Return the nonce of a request that was kept; raises StampError."""
    try:
        nonce = _rust.parse_timestamp_request(asked).nonce
    except ValueError as exc:
        raise StampError(f"a request for a timestamp is damaged ({exc}); delete the .tsq file") from exc
    if nonce is None:
        raise StampError("a request for a timestamp has no nonce; delete the .tsq file")
    return nonce


def judge(reply: bytes, data: bytes, roots: bytes, nonce: int | None = None) -> Stamp:
    """Return the stamp that a reply puts on the data; raises StampError.

    `roots` are PEM certificates; the chain is verified at the instant of the token, so that a token that was
    sound when it was given stays so. Without `nonce` (long after the request) the token's is not compared.
    """
    if len(reply) > REPLY_CAP:
        raise StampError(f"the authority's reply is larger than {REPLY_CAP} bytes; it is no timestamp")
    try:
        decoded = decode_timestamp_response(reply)
    except ValueError as exc:
        return _judge_by_openssl(reply, data, roots, nonce, str(exc))
    return _judge_decoded(decoded, data, roots, nonce)


def _judge_decoded(reply: TimeStampResponse, data: bytes, roots: bytes, nonce: int | None) -> Stamp:
    if reply.status != 0:
        raise StampError(f"the authority refused (status {reply.status}: {'; '.join(reply.status_string)})")
    builder = VerifierBuilder(roots=x509.load_pem_x509_certificates(roots), nonce=nonce)
    try:
        builder.build().verify_message(reply, data)
        at = reply.tst_info.gen_time
    except (VerificationError, ValueError) as exc:
        raise StampError(f"the timestamp does not hold: {exc}") from exc
    return Stamp(at=at.astimezone(UTC), by="rfc3161-client")


# --- certificates out of order -----------------------------------------------------------------------


def _judge_by_openssl(reply: bytes, data: bytes, roots: bytes, nonce: int | None, why: str) -> Stamp:
    program = shutil.which("openssl")
    if program is None:
        raise StampError(f"the timestamp cannot be read ({why}); install openssl, which may read it")
    with tempfile.TemporaryDirectory(prefix="minhchung-stamp-") as scratch:
        folder = Path(scratch)
        for name, content in (("reply", reply), ("data", data), ("roots", roots)):
            (folder / name).write_bytes(content)
        shown = _run(program, folder, "-reply", "-in", "reply", "-text")
        at = _instant(shown)
        if at is None:
            raise StampError(f"the timestamp cannot be read: {why}")
        found = _NONCE.search(shown)
        if nonce is not None and (found is None or int(found[1], 16) != nonce):
            raise StampError("the timestamp does not hold: Nonce mismatch")
        instant = str(int(at.timestamp()))
        words = ("-verify", "-in", "reply", "-data", "data", "-CAfile", "roots", "-attime", instant)
        said = _run(program, folder, *words)
    if "Verification: OK" not in said.splitlines():
        detail = next(
            (line for line in said.splitlines() if ":error:" in line or "Verify error" in line), said
        )
        raise StampError(f"the timestamp does not hold: {detail.strip()[:200]}")
    return Stamp(at=at, by="openssl")


def _run(program: str, folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(
            [program, "ts", *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise StampError(f"the timestamp cannot be judged: openssl ended with {exc}") from exc
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0 and "Verification: OK" in said:
        raise StampError("the timestamp cannot be judged: openssl contradicts itself")
    return said


def _instant(shown: str) -> datetime | None:
    """Return the instant that `openssl ts -reply -text` shows: `Jun  1 12:00:00.123 2021`."""
    found = _TIME.search(shown)
    if found is None:
        return None
    month, day, clock, year = found[1].split()
    whole, _, _ = clock.partition(".")
    try:
        return datetime.strptime(f"{month} {day} {whole} {year} +0000", "%b %d %H:%M:%S %Y %z").astimezone(
            UTC
        )
    except ValueError:
        return None


def imprint(data: bytes) -> bytes:
    """Return what a token over the data must hold: its SHA-256."""
    return sha256(data).digest()
