"""What a service-system driver is: it says what to ask and reads what came back; it fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from minhchung.agencies import Agency
from minhchung.dossiers import Topic
from minhchung.evidence import EvidenceRecord
from minhchung.observations import (
    CoverageTally,
    DossierTally,
    IndexScore,
    Procedure,
    ServiceHealth,
    ServiceOffer,
    SourceAgency,
    Workflow,
)
from minhchung.periods import Period
from minhchung.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to a service system."""

    url: str
    topic: Topic
    method: Literal["GET", "POST"] = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    """Without credentials: the fetcher adds those and takes them out before sealing."""

    body: bytes = b""
    page: int = 1
    first: date | None = None
    last: date | None = None
    profile: int = 0
    """Place of the profile in the source's settings that the question was made from."""


Row = DossierTally | ServiceOffer | Procedure | Workflow | CoverageTally | IndexScore | SourceAgency

Answer = Row | ServiceHealth | Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a driver can bring, and where its knowledge comes from."""

    topics: frozenset[Topic]
    shape: str
    """Where the shape of the answers comes from, Vietnamese, shown beside every figure's source."""

    queries: bool = True
    """False: it asks nobody and reads what an owner sent in."""


class ServiceDriver(Protocol):
    """Speaks to one service system."""

    def capabilities(self, source: Source) -> Capabilities:
        """Return what the driver can bring from a source as it is set up."""
        ...

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        """Yield the first questions about an agency; later pages come from `read`."""
        ...

    def surveys(self, source: Source, period: Period) -> Iterator[Ask]:
        """Yield the first questions about the province as a whole: its bodies, its scores."""
        ...

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        """Yield what the answer says, further questions, and the health of the topic.

        For a survey `agency` is `minhchung.agencies.whole_province()`.
        """
        ...
