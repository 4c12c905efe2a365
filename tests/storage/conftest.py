"""A home of its own for each test, a clock that tests turn, and captures to keep in it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import pytest
from isal import isal_zlib

from minhchung.agencies import Agency
from minhchung.evidence import (
    PORTAL,
    AgencyCode,
    EvidenceRecord,
    Exchange,
    FailedAttempt,
    Failure,
    Locator,
    RunId,
    SourceKey,
    TlsFacts,
    TlsVerdict,
)
from minhchung.holdings import VisitReport
from minhchung.observations import ListCapture, NewsItem, SitePage, TlsCheck, Walk, WalkedPage
from minhchung.submissions import OwnerFigure, Submission, SubmittedFigure
from storage.home import Home
from storage.store import Store

AGENCY = AgencyCode("so-xay-dung")


class TurnedClock:
    """Tells the time it was set to, a second later each time it is asked."""

    def __init__(self) -> None:
        self.instant = datetime(2021, 10, 4, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the next second."""
        self.instant += timedelta(seconds=1)
        return self.instant


class CountedIds:
    """Gives identifiers in order."""

    def __init__(self) -> None:
        self.count = 0

    def next(self) -> str:
        """Return the next one."""
        self.count += 1
        return f"urn:uuid:00000000-0000-4000-8000-{self.count:012x}"


class OpenStore(Protocol):
    """Opens the test's home."""

    def __call__(self, *, writer: bool = True, **options: Any) -> Store:
        """Open it; it is closed when the test ends."""
        ...


@pytest.fixture
def clock() -> TurnedClock:
    """The test's clock."""
    return TurnedClock()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """The test's home, not made yet."""
    return Home(tmp_path / "home")


@pytest.fixture
def open_store(home: Home, clock: TurnedClock) -> Iterator[OpenStore]:
    """Open the test's home as often as it likes."""
    ids = CountedIds()
    with ExitStack() as stack:

        def opened(*, writer: bool = True, **options: Any) -> Store:
            return stack.enter_context(Store(home, clock, ids, writer=writer, **options))

        yield opened


@dataclass(frozen=True)
class Captures:
    """Makes values to keep."""

    clock: TurnedClock

    def exchange(self, path: str = "/", body: bytes = b"<p>Tin</p>", **changes: Any) -> Exchange:
        """Return a page as answered over TLS, gzip on the wire."""
        plain = Exchange(
            method="GET",
            url=f"https://soxaydung.example{path}",
            request_headers=(("Host", "soxaydung.example"), ("User-Agent", "minhchung")),
            status=200,
            reason_phrase="OK",
            headers=(
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Encoding", "gzip"),
                ("Transfer-Encoding", "chunked"),
                ("ETag", f'"{path}"'),
            ),
            wire=isal_zlib.compress(body, 1, 31),
            begun_at=self.clock.now(),
            elapsed=0.25,
            address="127.0.0.1:443",
            tls=self.tls(),
        )
        return replace(plain, **changes)

    def unchanged(self, path: str = "/") -> Exchange:
        """Return a 304."""
        return self.exchange(
            path, status=304, reason_phrase="Not Modified", headers=(("ETag", f'"{path}"'),), wire=b""
        )

    def tls(self) -> TlsFacts:
        """Return the facts of a handshake."""
        return TlsFacts(
            verdict=TlsVerdict.VALID,
            protocol="TLSv1.3",
            cipher="TLS_AES_128_GCM_SHA256",
            chain=(b"a certificate", b"another"),
        )

    def failed(self, path: str = "/", failure: Failure = Failure.TIMEOUT_READ) -> FailedAttempt:
        """Return an attempt that brought nothing."""
        return FailedAttempt(
            method="GET",
            url=f"https://soxaydung.example{path}",
            failure=failure,
            detail="no byte in 20 s",
            begun_at=self.clock.now(),
            elapsed=20.0,
        )

    def page(self, record: EvidenceRecord, title: str = "Trang chủ") -> SitePage:
        """Return a page as read."""
        return SitePage(
            agency=record.agency,
            run=record.run,
            seen=Locator(record=record.id),
            url=record.url,
            role="home",
            title=title,
        )

    def news(self, record: EvidenceRecord, identity: str) -> NewsItem:
        """Return a row of a list as read."""
        return NewsItem(
            agency=record.agency,
            run=record.run,
            seen=Locator(record=record.id, path=f"li:nth-child({identity})", span=(0, 3)),
            identity=identity,
            part="row",
            url=f"{record.url}/{identity}",
            title=f"Tin số {identity}",
        )

    def tls_check(self, record: EvidenceRecord) -> TlsCheck:
        """Return the handshake of a visit."""
        return TlsCheck(
            agency=record.agency,
            run=record.run,
            seen=Locator(record=record.id),
            url=record.url,
            checked_at=record.captured_at,
            state="answered",
            verdict=TlsVerdict.VALID,
            is_portal=True,
        )

    def list_capture(self, record: EvidenceRecord, *identities: str, **changes: Any) -> ListCapture:
        """Return a complete pass over the list that begins with this page."""
        whole = ListCapture(
            agency=record.agency,
            run=record.run,
            seen=Locator(record=record.id),
            list_url=record.url,
            heading="Tin tức",
            item_kind="news",
            captured_at=record.captured_at,
            pages=(record.id,),
            identities=identities,
            ended="no-next",
        )
        return replace(whole, **changes)

    def walk(self, record: EvidenceRecord) -> Walk:
        """Return a walk of one page."""
        step = WalkedPage(
            url=record.url, depth=0, text="", parent="", record=record.id, answered=True, status=200
        )
        return Walk(
            agency=record.agency,
            run=record.run,
            seen=Locator(record=record.id),
            began_at=record.captured_at,
            pages=(step,),
        )

    def report(self, run: RunId, *, fetched: int = 1, not_modified: int = 0, failed: int = 0) -> VisitReport:
        """Return the account of a visit."""
        return VisitReport(
            agency=AGENCY,
            run=run,
            source=PORTAL,
            scope="host",
            began_at=self.clock.now(),
            ended_at=self.clock.now(),
            attempts=fetched + not_modified + failed,
            fetched=fetched,
            not_modified=not_modified,
            refused=0,
            failed=failed,
        )

    def submission(self, store: Store, number: int, *, owner: str = "") -> Submission:
        """Seal a workbook and return what was read from it."""
        record = store.resource(
            f"workbook {number}".encode(),
            url=f"urn:workbook:{number}",
            content_type="application/octet-stream",
            agency=AGENCY,
            source=SourceKey("submissions"),
            run=store.begin_run("import"),
            kind="submission",
            captured_at=self.clock.now(),
        )
        seen = Locator(record=record.id, path="TuDanhGia!E2")
        claimed = SubmittedFigure(
            agency=AGENCY,
            component="HD.1",
            inputs={
                "muc": frozenset({"a", "b"}),
                "ty_le": Fraction(number, 7),
                "co": True,
                "chon": "1/2",
            },
            proof="công văn",
            seen=seen,
        )
        owned = OwnerFigure(
            agency=AGENCY,
            component="HD.14",
            input="den",
            value=Fraction(number),
            codes=("1.0001",),
            owner=owner,
            document="01/BC",
            first=date(2021, 1, 1),
            last=date(2021, 12, 31),
            seen=seen,
        )
        return Submission(
            record=record.id,
            sha256=record.body_sha256,
            agency=AgencyCode("tinh") if owner else AGENCY,
            file_name="bảng.xlsx",
            imported_at=self.clock.now(),
            sent_on=date(2021, 12, 20),
            figures=() if owner else (claimed,),
            owner_figures=(owned,) if owner else (),
        )


@pytest.fixture
def captures(clock: TurnedClock) -> Captures:
    """Values to keep, each a second after the one before."""
    return Captures(clock)


@pytest.fixture
def mine() -> Callable[[RunId], dict[str, Any]]:
    """Whose a record is: the test's agency, its portal, a run."""
    return lambda run: {"agency": AGENCY, "source": PORTAL, "run": run}


@pytest.fixture
def agency() -> Agency:
    """The agency whose records the tests keep."""
    return Agency(code=AGENCY, name="Sở Xây dựng", bloc="so")


@pytest.fixture
def database() -> Callable[..., None]:
    """Run statements on a home's catalogue, behind the product's back."""

    def run(home: Home, *statements: str) -> None:
        with closing(sqlite3.connect(home.catalogue)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return run
