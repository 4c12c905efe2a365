"""What a visit asks for, and what an address came to."""

from __future__ import annotations

from dataclasses import dataclass

from minhchung.evidence import EvidenceRecord, Failure, TlsFacts
from minhchung.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one address came to, after redirects and retries."""

    url: str
    """As asked for first."""

    final: str
    """The address that answered, or failed, last."""

    record: EvidenceRecord | None = None
    """None: nothing was asked, our own limits refused."""

    status: int | None = None
    body: bytes = b""
    """Decoded."""

    failure: Failure | None = None
    detail: str = ""
    kept: bool = False
    """The payload is that of an earlier record: what readers saw in it is kept already."""

    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """As received; empty for an answer from what we hold."""

    tls: TlsFacts | None = None
    hops: tuple[tuple[int, str], ...] = ()
    """(status, target) of each redirect followed."""

    sets_cookie: bool = False

    @property
    def usable(self) -> bool:
        """Say whether there is a body to read."""
        return self.failure is None

    @property
    def answered(self) -> bool:
        """Say whether the address answered at all: 200, 304, 404 or 410, and no block page."""
        return self.usable or (self.failure is Failure.HTTP_4XX and self.status in (404, 410))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What to ask for, and how insistently."""

    url: str
    method: str = "GET"
    body: bytes = b""
    body_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Further headers; none of ours is among them."""

    retries: int = 1
    """Further tries after a failure that may pass."""

    within: Places | None = None
    """Where redirects may lead; None: anywhere that the guard admits."""

    page: bool = True
    """A page is looked at for block pages; a file is not."""

    conditional: bool = True
    refers: bool = True
    """An equal payload is kept as a revisit of the record that holds it."""

    held: bool = False
    """What was read from the last answer is held: a 304 needs no body."""

    max_bytes: int | None = None
    cut: bool = False
    """Keep the first `max_bytes` of a longer body instead of refusing it."""

    max_redirects: int | None = None
    stop_at: str = ""
    """Normal form of an address that a redirect may lead to without being asked for once more."""

    robots: bool = True
    opening: bool = False
    """The first page of a visit: asked for even where robots.txt did not answer."""

    probe: bool = False
    """Asked to see whether there is something: then "there is nothing" is no failure."""
