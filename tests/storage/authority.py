"""A real time-stamping authority on loopback: `openssl ts` behind a small HTTP server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from minhchung.errors import UnreachableError

SETTINGS: Final = """
[tsa]
default_tsa = local
[local]
serial = ./serial
default_policy = 1.2.3.4.1
signer_digest = sha256
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Authority:
    """One authority: a root, a certificate for stamping, and how it answers."""

    def __init__(
        self,
        folder: Path,
        *,
        lasts: timedelta = timedelta(days=1),
        self_signed: bool = False,
        chain: bool = False,
    ) -> None:
        """Make keys and certificates; `lasts` may be negative: expired. With `chain` the root comes along."""
        folder.mkdir(parents=True)
        self._folder, self._chain = folder, chain
        self.answered = 0
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = self._root(root_key)
        signer = key if self_signed else root_key
        issuer = _name("Noi dong dau thu") if self_signed else root.subject
        now = datetime.now(UTC)
        built = (
            x509.CertificateBuilder()
            .subject_name(_name("Noi dong dau thu"))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(now + lasts)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .sign(signer, hashes.SHA256())
        )
        self.roots = root.public_bytes(Encoding.PEM)
        files = {
            "root.pem": self.roots,
            "tsa.pem": built.public_bytes(Encoding.PEM),
            "tsa.key": _pem(key),
            "settings": SETTINGS.encode(),
            "serial": b"01\n",
        }
        for name, content in files.items():
            (folder / name).write_bytes(content)

    def _root(self, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(_name("Goc thu"))
            .issuer_name(_name("Goc thu"))
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=365))
            .not_valid_after(now + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )

    def reply(self, query: bytes) -> bytes:
        """Return what `openssl ts -reply` answers."""
        self.answered += 1
        (self._folder / "query").write_bytes(query)
        words = ["openssl", "ts", "-reply", "-config", "settings", "-section", "local", "-queryfile", "query"]
        words += ["-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "reply"]
        words += ["-chain", "root.pem"] if self._chain else []
        subprocess.run(words, cwd=self._folder, check=True, capture_output=True)
        return (self._folder / "reply").read_bytes()


@contextmanager
def serving(authority: Authority) -> Iterator[str]:
    """Answer POST requests on a free loopback port; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        """Hands the query to the authority."""

        def do_POST(self) -> None:
            """Answer a query."""
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            reply = authority.reply(query)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class PlainPost:
    """Keeps `minhchung.ports.Post` with nothing but the standard library."""

    def post(self, url: str, body: bytes, *, content_type: str) -> bytes:
        """Return the answer's body."""
        asked = Request(url, body, {"Content-Type": content_type})
        try:
            with urlopen(asked, timeout=10) as answer:
                content: bytes = answer.read()
        except URLError as exc:
            raise UnreachableError(f"{url}: {exc.reason}") from exc
        return content
