"""TLS: the pinned roots, what a handshake shows, and why a chain is refused.

Every connection is verified first. Only after that failed, and for that host alone, content is read over
an unverified connection, and the verdict goes with every exchange of it.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import certifi
from cryptography import x509

from minhchung.errors import ConfigError
from minhchung.evidence import Failure, TlsFacts, TlsVerdict

FAILURES: Final = {
    TlsVerdict.EXPIRED: Failure.TLS_EXPIRED,
    TlsVerdict.UNTRUSTED: Failure.TLS_CHAIN,
    TlsVerdict.INCOMPLETE_CHAIN: Failure.TLS_CHAIN,
    TlsVerdict.WRONG_NAME: Failure.TLS_NAME,
    TlsVerdict.OTHER: Failure.TLS_OTHER,
}

_DATES: Final = frozenset({9, 10})  # X509_V_ERR_CERT_NOT_YET_VALID, _HAS_EXPIRED
_NAMES: Final = frozenset({62, 64})  # X509_V_ERR_HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH
_SELF_SIGNED: Final = frozenset({18, 19})  # the leaf itself; a root that is none of ours
_NO_ISSUER: Final = frozenset({2, 20, 21})  # the chain ends in the air


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """The two ways to shake hands; one pair is shared by all hosts."""

    verified: ssl.SSLContext
    unverified: ssl.SSLContext


def make_contexts(extra_roots: Iterable[Path] = ()) -> Contexts:
    """Return contexts that trust the pinned bundle and the given PEM files.

    Raises ConfigError when a file is no PEM.
    """
    verified = ssl.create_default_context(cafile=certifi.where())
    for root in extra_roots:
        try:
            verified.load_verify_locations(cafile=str(root))
        except (OSError, ssl.SSLError) as exc:
            raise ConfigError(
                str(root), "trust_roots", f"cannot be read as PEM: {exc}", "give a PEM file"
            ) from exc
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    for context in (verified, unverified):
        context.set_alpn_protocols(["http/1.1"])
    return Contexts(verified=verified, unverified=unverified)


def served_chain(tls: ssl.SSLObject | ssl.SSLSocket) -> tuple[bytes, ...]:
    """Return the certificates as the server sent them, DER, leaf first.

    The public name of this exists from Python 3.13 on; until then the inner object has it.
    """
    public = getattr(tls, "get_unverified_chain", None)
    if public is not None:
        return tuple(public())
    inner = getattr(tls, "_sslobj", None)
    if inner is None:
        return ()
    return tuple(
        ssl.PEM_cert_to_DER_cert(certificate.public_bytes())
        for certificate in inner.get_unverified_chain() or ()
    )


def facts_of(tls: ssl.SSLObject, verdict: TlsVerdict = TlsVerdict.VALID, detail: str = "") -> TlsFacts:
    """Return what a finished handshake showed."""
    cipher = tls.cipher()
    return TlsFacts(
        verdict=verdict,
        detail=detail,
        protocol=tls.version() or "",
        cipher=cipher[0] if cipher else "",
        chain=served_chain(tls),
    )


def completed(roots: Iterable[Path], intermediates: Iterable[bytes]) -> ssl.SSLContext:
    """Return a verifying context that also knows some intermediates.

    They complete chains and end none: partial chains, which Python 3.13 trusts by default, stay refused.
    """
    made = make_contexts(roots).verified
    made.load_verify_locations(cadata="".join(map(ssl.DER_cert_to_PEM_cert, intermediates)))
    made.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN
    return made


def describe(refusal: ssl.SSLError) -> str:
    """Return what the library said, in one line."""
    if isinstance(refusal, ssl.SSLCertVerificationError):
        return f"{refusal.verify_message} (code {refusal.verify_code})"
    return refusal.reason or str(refusal)


def verdict_of(refusal: ssl.SSLError, chain: tuple[bytes, ...]) -> TlsVerdict:
    """Return the verdict on a refused handshake, from the library's code and the chain as served."""
    if not isinstance(refusal, ssl.SSLCertVerificationError):
        return TlsVerdict.OTHER
    code = refusal.verify_code
    if code in _DATES:
        return TlsVerdict.EXPIRED
    if code in _NAMES:
        return TlsVerdict.WRONG_NAME
    if code in _SELF_SIGNED:
        return TlsVerdict.UNTRUSTED
    if code in _NO_ISSUER:
        return TlsVerdict.UNTRUSTED if _ends_in_a_root(chain) else TlsVerdict.INCOMPLETE_CHAIN
    return TlsVerdict.OTHER


def _ends_in_a_root(chain: tuple[bytes, ...]) -> bool:
    """Say whether a served certificate is its own issuer."""
    for der in chain:
        try:
            certificate = x509.load_der_x509_certificate(der)
        except ValueError:
            continue
        if certificate.issuer == certificate.subject:
            return True
    return False
