"""Certificates of the simulated province: one authority and three kinds of leaf, the same under a seed."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_BEGIN: Final = datetime(2020, 1, 1, tzinfo=UTC)
_END: Final = datetime(2046, 1, 1, tzinfo=UTC)
_EXPIRED: Final = datetime(2020, 12, 31, tzinfo=UTC)
_ELSEWHERE: Final = "may-chu-khac.hoaban.example"
KINDS: Final = ("valid", "expired", "wrong-name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """PEM texts: the authority, and per kind the certificate and its key."""

    authority: bytes
    leaves: dict[str, bytes]
    keys: dict[str, bytes]


def make_certificates(seed: int) -> Certificates:
    """Make the authority and the leaves; nothing in them depends on anything but the seed."""
    root_key = _key(seed, "authority")
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hoa Ban (mo phong) CA")])
    root = _sign(
        _builder(seed, "authority", root_name, root_name, root_key)
        .not_valid_after(_END)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False),
        root_key,
    )
    leaves, keys = {}, {}
    for kind in KINDS:
        key = _key(seed, kind)
        leaves[kind] = _sign(_leaf(seed, kind, key, root_name, root_key), root_key)
        keys[kind] = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    return Certificates(authority=root, leaves=leaves, keys=keys)


def _key(seed: int, kind: str) -> ec.EllipticCurvePrivateKey:
    digest = hashlib.sha256(f"simulated province/{seed}/{kind}".encode()).digest()
    return ec.derive_private_key(int.from_bytes(digest, "big") >> 1 or 1, ec.SECP256R1())


def _builder(
    seed: int, kind: str, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    serial = int.from_bytes(hashlib.sha256(f"serial/{seed}/{kind}".encode()).digest()[:15], "big")
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial or 1)
        .not_valid_before(_BEGIN)
    )


def _leaf(
    seed: int,
    kind: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    root_key: ec.EllipticCurvePrivateKey,
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Trang mo phong ({kind})")])
    names: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    if kind == "wrong-name":
        names = [x509.DNSName(_ELSEWHERE)]
    return (
        _builder(seed, kind, subject, issuer, key)
        .not_valid_after(_EXPIRED if kind == "expired" else _END)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _sign(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> bytes:
    certificate = builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    return certificate.public_bytes(serialization.Encoding.PEM)
