"""What was fetched and sealed: exchanges, failed attempts, records, locators."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

AgencyCode = NewType("AgencyCode", str)
"""Unaccented kebab-case, e.g. `so-xay-dung`; `tinh` for what belongs to the province."""

RecordId = NewType("RecordId", str)
"""`urn:uuid:…` of a WARC record, without angle brackets."""

RunId = NewType("RunId", str)
"""One pass over agencies, `YYYYMMDDTHHMMSSZ-n`; sorts by time."""

SourceKey = NewType("SourceKey", str)
"""`portal`, `portal-whole`, `portal-snapshot`, or the key of a service system in `sources/`."""

PORTAL: Final = SourceKey("portal")
WHOLE: Final = SourceKey("portal-whole")
"""A portal kept whole: nothing in it is measured."""

SNAPSHOT: Final = SourceKey("portal-snapshot")
"""Pages captured because findings cite them: nothing in them is measured."""

CANARY: Final = SourceKey("canary")
"""Addresses of third parties that tell whether our own side is well; in the name of the province."""


class Outcome(StrEnum):
    """How one attempt ended; a run's attempts are the sum of the four."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not-modified"
    REFUSED = "refused"
    FAILED = "failed"


class Failure(StrEnum):
    """Why an attempt brought no usable answer: the closed taxonomy."""

    DNS = "dns"
    CONNECT = "connect"
    RESET = "reset"
    TIMEOUT_CONNECT = "timeout-connect"
    TIMEOUT_READ = "timeout-read"
    TIMEOUT_TOTAL = "timeout-total"
    TLS_EXPIRED = "tls-expired"
    TLS_CHAIN = "tls-chain"
    TLS_NAME = "tls-name"
    TLS_OTHER = "tls-other"
    TOO_LARGE = "too-large"
    DECODE_BOMB = "decode-bomb"
    BAD_CONTENT = "bad-content"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_FORBIDDEN = "redirect-forbidden"
    ADDRESS_FORBIDDEN = "address-forbidden"
    ROBOTS = "robots"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate-limited"
    HTTP_4XX = "http-4xx"
    HTTP_5XX = "http-5xx"
    BUDGET = "budget"
    NO_BROWSER = "no-browser"
    PROXY = "proxy"

    @property
    def transient(self) -> bool:
        """Say whether trying again later may help."""
        return self in _TRANSIENT

    @property
    def breakdown(self) -> bool:
        """Say whether something broke on the way or at the far end; nobody answered and nobody refused."""
        return self in _BREAKDOWNS

    @property
    def refusal(self) -> bool:
        """Say whether somebody told us not to, as opposed to something breaking."""
        return self in _REFUSALS


_TRANSIENT: Final = frozenset(
    {
        Failure.DNS,
        Failure.CONNECT,
        Failure.RESET,
        Failure.TIMEOUT_CONNECT,
        Failure.TIMEOUT_READ,
        Failure.TIMEOUT_TOTAL,
        Failure.RATE_LIMITED,
        Failure.HTTP_5XX,
    }
)
_BREAKDOWNS: Final = (_TRANSIENT - {Failure.RATE_LIMITED}) | {Failure.TLS_OTHER}
_REFUSALS: Final = frozenset(
    {
        Failure.ROBOTS,
        Failure.ADDRESS_FORBIDDEN,
        Failure.REDIRECT_FORBIDDEN,
        Failure.BUDGET,
        Failure.NO_BROWSER,
        Failure.PROXY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One pass over agencies."""

    id: RunId
    began_at: datetime
    """Aware, UTC."""

    note: str = ""
    """What started it, for people."""


class TlsVerdict(StrEnum):
    """What the handshake showed when judged against the pinned roots."""

    VALID = "valid"
    EXPIRED = "expired"
    UNTRUSTED = "untrusted"
    INCOMPLETE_CHAIN = "incomplete-chain"
    WRONG_NAME = "wrong-name"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFacts:
    """The TLS side of one connection."""

    verdict: TlsVerdict
    detail: str = ""
    """What the library said, for people."""

    protocol: str = ""
    cipher: str = ""
    chain: tuple[bytes, ...] = ()
    """Certificates as served, DER, leaf first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and the response it got."""

    method: str
    url: str
    """As requested, absolute; redirects are exchanges of their own."""

    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes = b""
    status: int
    reason_phrase: str = ""
    http_version: str = "HTTP/1.1"
    headers: tuple[tuple[str, str], ...]
    """As received, in order, names as sent."""

    wire: bytes
    """As transferred: content-encoded, transfer-decoded; decoding is a function."""

    begun_at: datetime
    """Aware, UTC: when the request left us."""

    elapsed: float
    """Seconds from request to last byte."""

    address: str = ""
    """`ip:port` connected to."""

    tls: TlsFacts | None = None
    truncated: bool = False
    body: bytes | None = field(default=None, compare=False, repr=False)
    """The decoded payload, where somebody has undone the content coding already."""

    def header(self, name: str) -> str | None:
        """Return the first header of this name, compared without case."""
        wanted = name.casefold()
        return next((v for n, v in self.headers if n.casefold() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedAttempt:
    """An attempt that brought no usable answer; it is evidence too."""

    method: str
    url: str
    failure: Failure
    detail: str
    begun_at: datetime
    """Aware, UTC."""

    elapsed: float
    """Seconds."""

    address: str = ""
    tls: TlsFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord:
    """One sealed response, revisit, failed attempt or resource."""

    id: RecordId
    agency: AgencyCode
    source: SourceKey
    run: RunId
    url: str
    method: str = "GET"
    captured_at: datetime
    """Aware, UTC."""

    kind: str
    """`response`, `revisit`, `failure` or `resource`."""

    status: int | None = None
    """HTTP status; None for failures and resources."""

    failure: Failure | None = None
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    """Hex SHA-256 of the decoded payload that readers see; of the referred record for a revisit."""

    refers_to: RecordId | None = None
    """For a revisit: the record that holds the bytes."""

    leaf: int | None = None
    """Index in the log, once logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where in a record something was read."""

    record: RecordId
    path: str = ""
    """CSS path, JSON pointer, row key or cell."""

    span: tuple[int, int] | None = None
    """Offsets of the text, in characters, where it is a part."""
