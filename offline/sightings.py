"""What a bundle says a person saw, against the records in which that was sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from offline.findings import Finding, fault, remark
from offline.sealed import SIGHTINGS, Evidence, Sealed, canonical


def check_sightings(code: str, figures: Any, evidence: Evidence) -> Iterator[Finding]:
    """Yield every sighting, and every second signature, that is not as it was sealed for this agency."""
    leaves = evidence.by_id()
    for said in figures.get("sightings", ()):
        yield from _check(code, said["record"], said["sighting"], SIGHTINGS[0], leaves, evidence)
        if said["second"] is not None:
            yield from _check(code, said["second_record"], said["second"], SIGHTINGS[1], leaves, evidence)


def _check(
    code: str, record: str, said: Any, kind: str, leaves: Mapping[str, Sealed], evidence: Evidence
) -> Iterator[Finding]:
    where = f"{code}: {record}"
    leaf = leaves.get(record)
    if leaf is None or leaf.said["kind"] != kind or leaf.said["agency"] != code:
        yield fault(
            "sighting",
            where,
            "quan sát không có trong nhật ký",
            "is in no leaf of this agency",
        )
    elif leaf.index in evidence.withheld:
        yield remark("sighting-unseen", where, "bản gốc không có trong gói", "rests on a withheld record")
    elif evidence.acts.get(record) != canonical(said):
        yield fault("sighting", where, "khác với bản đã niêm phong", "is not what was sealed of the sighting")
