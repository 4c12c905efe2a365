"""After a refused chain: what was served, what is missing, and whether the authority's own address gives it.

One more handshake that sends nothing shows the chain as served. Where only an intermediate is missing and
config lets us, it is fetched from where the certificate says it is (AIA), as browsers do; the chain must then
still end in one of our roots.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Awaitable, Callable
from typing import Final

import httpcore
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID as Access
from cryptography.x509.oid import ExtensionOID

from collectors.tls import describe, verdict_of
from collectors.wire import Wire
from minhchung.evidence import TlsFacts

MOST_FETCHED: Final = 3
"""Intermediates of one chain that are fetched."""

MOST_BYTES: Final = 100_000

COMPLETED: Final = "completed by"
"""Stands in the detail of a verdict on a chain that held once its intermediate had been fetched."""

Fetch = Callable[[str], Awaitable[bytes | None]]
"""Gives what an address holds, None where it gives nothing."""


async def shake_hands(
    backend: httpcore.AsyncNetworkBackend, host: str, port: int, context: ssl.SSLContext, seconds: float
) -> TlsFacts | None:
    """Shake hands, send nothing, and return what that showed; None where no handshake comes about."""
    wire: httpcore.AsyncNetworkStream | None = None
    try:
        async with asyncio.timeout(seconds):
            wire = await backend.connect_tcp(host, port, timeout=seconds)
            secured = await wire.start_tls(context, server_hostname=host, timeout=seconds)
        return secured.facts if isinstance(secured, Wire) else None
    except (OSError, httpcore.NetworkError, httpcore.TimeoutException, TimeoutError):
        return None
    finally:
        if wire is not None:
            await wire.aclose()


async def examine(
    refusal: ssl.SSLError,
    backend: httpcore.AsyncNetworkBackend,
    host: str,
    port: int,
    context: ssl.SSLContext,
    seconds: float,
) -> TlsFacts:
    """Shake hands once more, by a context that verifies nothing, and say what was wrong with the chain.

    `refusal` is what the verifying handshake raised.
    """
    detail = describe(refusal)
    facts = await shake_hands(backend, host, port, context, seconds)
    if facts is None:
        return TlsFacts(verdict=verdict_of(refusal, ()), detail=detail)
    return TlsFacts(
        verdict=verdict_of(refusal, facts.chain),
        detail=detail,
        protocol=facts.protocol,
        cipher=facts.cipher,
        chain=facts.chain,
    )


async def missing(chain: tuple[bytes, ...], fetch: Fetch) -> tuple[list[bytes], str]:
    """Return the intermediates that a served chain lacks, DER, and whence they came, for people."""
    found: list[bytes] = []
    told: list[str] = []
    last = chain[-1] if chain else b""
    for _ in range(MOST_FETCHED):
        url = issuer_address(last)
        body = await fetch(url) if url else None
        issuer = _issuer_of(last, body) if body else None
        if issuer is None:
            break
        found.append(issuer)
        told.append(f"{url} (sha256 {hashlib.sha256(issuer).hexdigest()})")
        last = issuer
    return found, ", ".join(told)


def issuer_address(der: bytes) -> str:
    """Return where a certificate says that its issuer's is; empty where it says nothing of plain http."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        if certificate.issuer == certificate.subject:
            return ""
        extension = certificate.extensions.get_extension_for_oid(ExtensionOID.AUTHORITY_INFORMATION_ACCESS)
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return ""
    if not isinstance(extension.value, x509.AuthorityInformationAccess):
        return ""
    places = (
        each.access_location.value
        for each in extension.value
        if each.access_method == Access.CA_ISSUERS
        and isinstance(each.access_location, x509.UniformResourceIdentifier)
    )
    return next((url for url in places if url.startswith("http://")), "")


def _issuer_of(der: bytes, body: bytes) -> bytes | None:
    """Return the certificate among those in a body that has signed another, DER."""
    certificate = x509.load_der_x509_certificate(der)
    for candidate in _certificates(body):
        try:
            certificate.verify_directly_issued_by(candidate)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return candidate.public_bytes(Encoding.DER)
    return None


def _certificates(body: bytes) -> list[x509.Certificate]:
    loads: tuple[Callable[[bytes], list[x509.Certificate]], ...] = (
        lambda der: [x509.load_der_x509_certificate(der)],
        x509.load_pem_x509_certificates,
        pkcs7.load_der_pkcs7_certificates,
    )
    for load in loads:
        try:
            return load(body)
        except ValueError:
            continue
    return []
