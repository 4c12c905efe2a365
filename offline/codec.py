"""What a bundle holds of one agency, read back: holdings, claims and owners' figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, TypeVar, get_args

from minhchung.agencies import Agency
from minhchung.evidence import EvidenceRecord, RecordId, RunId
from minhchung.holdings import Holdings, VisitReport
from minhchung.measurements import Value
from minhchung.observations import Observation
from minhchung.rulings import Ruling
from minhchung.sightings import Witnessed
from minhchung.submissions import OwnerFigure, SubmittedFigure
from offline.building import MisfitError, build
from offline.findings import BrokenError

TYPES: Final[Mapping[str, type[Any]]] = {
    kind.__dataclass_fields__["kind"].default: kind for kind in get_args(Observation)
}
"""Observation types by the word that files know them by."""

T = TypeVar("T")


def observation(said: Mapping[str, Any]) -> Observation:
    """Return the observation of a JSON object; raises MisfitError."""
    kind = TYPES.get(said.get("kind", ""))
    if kind is None:
        raise MisfitError(f"{said.get('kind')!r:.60} is no kind of observation")
    built: Observation = build(kind, said)
    return built


@dataclass(frozen=True, slots=True)
class Held:
    """One agency as the bundle shows it, with the plain data beside the values."""

    holdings: Holdings
    lines: tuple[Mapping[str, Any], ...]
    rulings: tuple[Ruling, ...] = ()
    sightings: tuple[Witnessed, ...] = ()

    def told(self) -> Iterator[Any]:
        """Yield for every observation what was told of its masked texts, None where nothing was."""
        return (line.get("blind") for line in self.lines if line["is"] in ("observation", "again"))

    def observed(self) -> Iterator[tuple[Mapping[str, Any], Observation]]:
        """Yield every observation with its plain data, in the order of its fields."""
        plain: list[Mapping[str, Any]] = []
        for line in self.lines:
            said = line["said"]
            if line["is"] == "again":
                former = plain[said["of"]]
                said = {**former, "run": said["run"], "seen": {**former["seen"], "record": said["record"]}}
            elif line["is"] != "observation":
                continue
            plain.append(said)
        yield from zip(plain, self.holdings.observations, strict=True)


def held(agency: Agency, lines: Iterable[Any], figures: Any, where: str) -> Held:
    """Return what the lines of `observations/` and a file of `submissions/` say; raises BrokenError."""
    kept: list[Mapping[str, Any]] = []
    records: dict[RecordId, EvidenceRecord] = {}
    visits: list[VisitReport] = []
    seen: list[Observation] = []
    for number, line in enumerate(lines, start=1):
        kept.append(line)
        _careful(lambda said: _take(said, records, visits, seen), line, f"{where}:{number}")
    submitted, owners = _careful(_figures, figures, where)
    holdings = Holdings(
        agency=agency,
        visits=tuple(visits),
        observations=tuple(seen),
        records=records,
        submitted=submitted,
        owner_figures=owners,
    )
    rulings = _careful(_rulings, figures, where)
    return Held(holdings, tuple(kept), rulings, _careful(_sightings, figures, where))


def _careful(read: Callable[[Any], T], said: Any, where: str) -> T:
    try:
        return read(said)
    except (MisfitError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise BrokenError("content", where, f"nội dung sai ({error})", f"does not fit ({error})") from error


def _take(
    line: Any, records: dict[RecordId, EvidenceRecord], visits: list[VisitReport], seen: list[Observation]
) -> None:
    match line:
        case {"is": "record", "said": said}:
            record = build(EvidenceRecord, said)
            records[record.id] = record
        case {"is": "visit", "said": said}:
            visits.append(build(VisitReport, said))
        case {"is": "observation", "said": said}:
            seen.append(observation(said))
        case {"is": "again", "said": {"of": int(former), "run": str(run), "record": str(record_id)}} if (
            0 <= former < len(seen)
        ):
            before = seen[former]
            there = replace(before.seen, record=RecordId(record_id))
            seen.append(replace(before, run=RunId(run), seen=there))
        case _:
            raise MisfitError("no line that we write")


def _figures(said: Any) -> tuple[tuple[SubmittedFigure, ...], tuple[OwnerFigure, ...]]:
    return tuple(map(_submitted, said["submitted"])), tuple(map(_owner, said["owner_figures"]))


def _rulings(said: Any) -> tuple[Ruling, ...]:
    return tuple(map(_ruling, said.get("rulings", ())))


def _ruling(said: Mapping[str, Any]) -> Ruling:
    inputs = {name: _value(value) for name, value in said["inputs"].items()}
    return replace(build(Ruling, {**said, "inputs": {}}), inputs=inputs)


def _sightings(said: Any) -> tuple[Witnessed, ...]:
    return tuple(map(_witnessed, said.get("sightings", ())))


def _witnessed(said: Mapping[str, Any]) -> Witnessed:
    values = said["sighting"]["inputs"]
    bare = build(Witnessed, {**said, "sighting": {**said["sighting"], "inputs": {}}})
    inputs = {name: _value(value) for name, value in values.items()}
    return replace(bare, sighting=replace(bare.sighting, inputs=inputs))


def _submitted(said: Mapping[str, Any]) -> SubmittedFigure:
    inputs = {name: _value(value) for name, value in said["inputs"]}
    return replace(build(SubmittedFigure, {**said, "inputs": {}}), inputs=inputs)


def _owner(said: Mapping[str, Any]) -> OwnerFigure:
    value = _value(said["value"]) if said["value"] is not None else None
    return replace(build(OwnerFigure, {**said, "value": None}), value=value)


def _value(said: Mapping[str, Any]) -> Value:
    match said:
        case {"yes": bool(answer)}:
            return answer
        case {"number": str(number)}:
            return build(Fraction, number)
        case {"items": list(items)}:
            return frozenset(map(str, items))
        case {"text": str(text)}:
            return text
        case _:
            raise MisfitError(f"{said!r:.60} is no value")
