"""What sealed samples of dossiers came to, read again from their records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from minhchung.errors import PrunedError
from minhchung.evidence import AgencyCode, EvidenceRecord, RecordId
from minhchung.samples import SampleDifference, SampleOutcome

if TYPE_CHECKING:
    from storage.store import Store

OUTCOME: Final = "dossier-sample-outcome"
"""Kind under which what differed is sealed."""


def outcomes(store: Store, agencies: frozenset[AgencyCode], end: datetime) -> Iterator[SampleOutcome]:
    """Yield every sample of these agencies that was sealed up to `end`, oldest first."""
    for record in store.records(kind=OUTCOME):
        if record.agency not in agencies or record.captured_at > end:
            continue
        try:
            yield _outcome(store, record)
        except PrunedError:
            # An act that the log holds took the sample out: what it said cannot be shown any more.
            continue


def _outcome(store: Store, record: EvidenceRecord) -> SampleOutcome:
    said: dict[str, Any] = json.loads(store.body(record.id))
    draw = RecordId(said["draw"])
    drawn = json.loads(store.body(draw))["drawn"]
    return SampleOutcome(
        source=record.source,
        agency=record.agency,
        draw=draw,
        outcome=record.id,
        drawn=tuple(each["code"] for each in drawn),
        looked_up={code: RecordId(known) for code, known in said.get("looked_up", {}).items()},
        differences=tuple(SampleDifference(**each) for each in said["differences"]),
    )
