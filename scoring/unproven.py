"""Drivers that nobody has proven on the live system, beside what rests on them; no point moves by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from minhchung.evidence import EvidenceRecord, RecordId
from minhchung.index_set import IndexSet
from minhchung.scores import Place, Score

Marks = Mapping[str, str]
"""Key of a source -> what is to be said of its driver, Vietnamese; only of those that are not proven."""

NO_MARKS: Final[Marks] = MappingProxyType({})


def sources_under(score: Score, records: Mapping[RecordId, EvidenceRecord], marks: Marks) -> list[str]:
    """Return the keys of marked sources that a score's measurement, or its reason for none, rests on."""
    basis = score.figure.result.basis if score.figure.result is not None else ()
    held = (records.get(place.record) for place in basis)
    return sorted({record.source for record in held if record is not None and record.source in marks})


def marked(
    places: Iterable[Place],
    records: Mapping[RecordId, EvidenceRecord],
    marks: Marks,
    sets: Mapping[str, IndexSet],
) -> Iterator[str]:
    """Yield a sentence for each marked source: which components rest on it, of how many agencies.

    `sets` is by bloc; components stand in the order of their set.
    """
    under: dict[str, set[str]] = {}
    agencies: dict[str, set[str]] = {}
    order: dict[str, int] = {}
    for place in places:
        for component in sets[place.total.bloc].components():
            order.setdefault(component.code, len(order))
        for score in place.total.scores:
            for source in sources_under(score, records, marks):
                under.setdefault(source, set()).add(score.component)
                agencies.setdefault(source, set()).add(score.agency)
    for source in sorted(under):
        codes = ", ".join(sorted(under[source], key=order.__getitem__))
        yield f"{marks[source]}: {codes} ({len(agencies[source])} cơ quan)"
