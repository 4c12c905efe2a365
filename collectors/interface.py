"""What a service-system driver is: it says what to ask and reads what came back; it fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from minhchung.agencies import Agency
from minhchung.evidence import EvidenceRecord
from minhchung.observations import (
    DossierTally,
    Procedure,
    ServiceHealth,
    ServiceOffer,
    Workflow,
)
from minhchung.periods import Period
from minhchung.sources import Source

Topic = Literal["dossiers", "procedures", "workflows", "services"]


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


Answer = DossierTally | ServiceOffer | Procedure | Workflow | ServiceHealth | Ask


class ServiceDriver(Protocol):
    """Speaks to one service system."""

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        """Yield the first questions about an agency; later pages come from `read`."""
        ...

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        """Yield what the answer says, further questions, and the health of the topic."""
        ...
