"""Writes `fixtures/v1`: a small archive as the first version of the format has it; kept for ever.

`python tests/storage/v1_archive.py` from the checkout writes it anew, byte for byte the same, as long as the
version does. The key is made from a fixed seed and belongs to nobody.
"""

import base64
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from isal import isal_zlib

from minhchung.evidence import (
    PORTAL,
    AgencyCode,
    Exchange,
    FailedAttempt,
    Failure,
    TlsFacts,
    TlsVerdict,
)
from minhchung.holdings import VisitReport
from storage.backup import back_up
from storage.checkpoint import Signer
from storage.home import Home
from storage.pruning import Order, prune
from storage.store import Store

FIXTURE: Final = Path(__file__).parent / "fixtures" / "v1"
AGENCY: Final = AgencyCode("so-thu")


class Clock:
    """A second later each time."""

    def __init__(self) -> None:
        self.instant = datetime(2021, 10, 4, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the next second."""
        self.instant += timedelta(seconds=1)
        return self.instant


class Ids:
    """Identifiers in order."""

    def __init__(self) -> None:
        self.count = 0

    def next(self) -> str:
        """Return the next one."""
        self.count += 1
        return f"urn:uuid:00000000-0000-4000-8000-{self.count:012x}"


def make_key(home: Home) -> None:
    """Put the fixture's key in place."""
    home.prepare()
    private = Ed25519PrivateKey.from_private_bytes(sha256(b"fixture v1").digest())
    name = f"minhchung/log/{sha256(private.public_key().public_bytes_raw()).hexdigest()[:16]}"
    seed = base64.b64encode(b"\x01" + private.private_bytes_raw()).decode()
    key = home.keys / "log.key"
    key.write_text(f"PRIVATE+KEY+{name}+{Signer(name, private).public.key_id.hex()}+{seed}\n", "ascii")
    key.chmod(0o600)


def page(clock: Clock, path: str, body: str, *, status: int = 200) -> Exchange:
    """Return a page as answered over TLS, gzip on the wire."""
    return Exchange(
        method="GET",
        url=f"https://thu.example{path}",
        request_headers=(("Host", "thu.example"),),
        status=status,
        reason_phrase="OK",
        headers=(("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("ETag", path)),
        wire=isal_zlib.compress(body.encode(), 1, 31) if body else b"",
        begun_at=clock.now(),
        elapsed=0.25,
        address="127.0.0.1:443",
        tls=TlsFacts(verdict=TlsVerdict.VALID, protocol="TLSv1.3", cipher="X", chain=(b"a certificate",)),
    )


def fill(home: Home) -> None:
    """Write one record of every kind, and take one out."""
    clock, ids = Clock(), Ids()
    make_key(home)
    with Store(home, clock, ids, writer=True) as store:
        run = store.begin_run("v1")
        store.keep_config("agencies/thu.toml", b'title = "Th\xe1\xbb\xad"\n')
        first = store.exchange(page(clock, "/", "<p>Trang chủ</p>"), agency=AGENCY, source=PORTAL, run=run)
        going = store.exchange(page(clock, "/cu", "<p>Cũ</p>"), agency=AGENCY, source=PORTAL, run=run)
        again = page(clock, "/", "", status=304)
        store.exchange(again, agency=AGENCY, source=PORTAL, run=run, refers_to=first)
        failed = FailedAttempt(
            method="GET",
            url="https://thu.example/x",
            failure=Failure.DNS,
            detail="NXDOMAIN",
            begun_at=clock.now(),
            elapsed=0.5,
        )
        store.failure(failed, agency=AGENCY, source=PORTAL, run=run)
        report = VisitReport(
            agency=AGENCY,
            run=run,
            source=PORTAL,
            scope="host",
            began_at=clock.now(),
            ended_at=clock.now(),
            attempts=4,
            fetched=2,
            not_modified=1,
            refused=0,
            failed=1,
        )
        store.visit(report, (), None)
    prune(home, clock, ids, [going.id], Order(policy="1/QĐ, 2021-10-04", by="Người thử", reason="thử"))


def write(folder: Path) -> None:
    """Write the fixture: what a backup of the home holds."""
    with tempfile.TemporaryDirectory() as place:
        home = Home(Path(place) / "home")
        fill(home)
        back_up(home, folder)


if __name__ == "__main__":
    shutil.rmtree(FIXTURE, ignore_errors=True)
    write(FIXTURE)
