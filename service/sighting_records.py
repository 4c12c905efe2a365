"""Sightings as sealed records: written once under the agency they speak of, read in the order of the log."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from minhchung.evidence import AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.sightings import (
    MANUAL,
    Countersignature,
    PageSealed,
    SeenPage,
    Sighting,
    SightingAbandoned,
    SightingBegun,
    Witnessed,
)
from storage.codec import value_json, value_of
from storage.store import Store

KINDS: Final[Mapping[type[Any], str]] = {
    SightingBegun: "observation-begun",
    PageSealed: "observation-page",
    Sighting: "observation",
    Countersignature: "countersignature",
    SightingAbandoned: "observation-abandoned",
}

Kept = SightingBegun | PageSealed | Sighting | Countersignature | SightingAbandoned
T = TypeVar("T", SightingBegun, PageSealed, Sighting, Countersignature, SightingAbandoned)


def seal(store: Store, act: Kept, agency: AgencyCode, run: RunId, at: datetime) -> EvidenceRecord:
    """Seal one step of a sighting as a leaf of the log."""
    body = json.dumps(as_plain(act), ensure_ascii=False, sort_keys=True).encode()
    kind = KINDS[type(act)]
    return store.resource(
        body,
        url=f"urn:minhchung:{kind}:{sha256(body).hexdigest()}",
        content_type="application/json",
        agency=agency,
        source=MANUAL,
        run=run,
        kind=kind,
        captured_at=at,
    )


def as_plain(value: Any) -> Any:
    """Return a sighting, or anything of it, as plain JSON."""
    if isinstance(value, Sighting):
        inputs = {name: value_json(each) for name, each in value.inputs.items()}
        return {**_plain_fields(replace(value, inputs={})), "inputs": inputs}
    if is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    if isinstance(value, Mapping):
        return {str(key): as_plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _plain_fields(value: Any) -> dict[str, Any]:
    return {each.name: as_plain(getattr(value, each.name)) for each in fields(value)}


def _read(kind: type[T], body: bytes) -> T:
    said = json.loads(body)
    inputs = said.pop("inputs", {})
    if kind is Sighting:
        said["inputs"] = {}
    made: T = TypeAdapter(kind).validate_python(said)
    if isinstance(made, Sighting):
        return replace(made, inputs={name: value_of(value) for name, value in inputs.items()})
    return made


def kept(store: Store, kind: type[T], run: RunId | None = None) -> Iterator[tuple[RecordId, T]]:
    """Yield what was sealed of a kind, in one run where it is named, oldest first, with its record."""
    for record in store.records(kind=KINDS[kind], run=run):
        yield record.id, _read(kind, store.body(record.id))


def pages_of(store: Store, sitting: RunId) -> tuple[SeenPage, ...]:
    """Return the pages sealed in a sitting so far, oldest first."""
    return tuple(each.page for _, each in kept(store, PageSealed, sitting))


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sighting from its beginning to where it stands."""

    begun: SightingBegun
    record: RecordId
    witnessed: Witnessed | None = None
    abandoned: SightingAbandoned | None = None

    @property
    def state(self) -> str:
        """Return `unfinished`, `abandoned`, `unsigned` or `countersigned`."""
        if self.abandoned is not None:
            return "abandoned"
        if self.witnessed is None:
            return "unfinished"
        return "countersigned" if self.witnessed.second is not None else "unsigned"


def sittings(store: Store, round_id: str) -> tuple[Sitting, ...]:
    """Return the sightings of a round, oldest first."""
    found = {b.sitting: Sitting(b, record) for record, b in kept(store, SightingBegun) if b.round == round_id}
    for record, seen in kept(store, Sighting):
        sitting = found.get(seen.begun.sitting)
        if sitting is not None and sitting.witnessed is None:
            found[seen.begun.sitting] = replace(sitting, witnessed=Witnessed(record=record, sighting=seen))
    ended = {each.sitting: each for _, each in kept(store, SightingAbandoned)}
    second = {each.sighting: (each, record) for record, each in reversed([*kept(store, Countersignature)])}
    return tuple(_settled(each, ended, second) for each in found.values())


def _settled(
    sitting: Sitting,
    ended: Mapping[RunId, SightingAbandoned],
    second: Mapping[str, tuple[Countersignature, RecordId]],
) -> Sitting:
    """Return a sitting with what became of it; of several signatures the first one stands."""
    done = sitting.witnessed
    if done is not None and done.record in second:
        done = done.signed(*second[done.record])
    return replace(sitting, witnessed=done, abandoned=ended.get(sitting.begun.sitting))


def in_force(store: Store, round_id: str, last: date | None = None) -> dict[AgencyCode, dict[str, Witnessed]]:
    """Return for each component the last sighting that counts, else the last one; of those made by a day."""
    found: dict[AgencyCode, dict[str, Witnessed]] = {}
    for sitting in sittings(store, round_id):
        seen = sitting.witnessed
        if seen is None or sitting.abandoned is not None or (last is not None and seen.sighting.day > last):
            continue
        if last is not None and seen.second is not None and seen.second.day > last:
            seen = replace(seen, second=None, second_record="")
        mine = found.setdefault(sitting.begun.agency, {})
        before = mine.get(sitting.begun.component)
        if before is None or not seen.fault() or before.fault():
            mine[sitting.begun.component] = seen
    return found
