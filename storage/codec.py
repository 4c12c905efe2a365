"""Values of the vocabulary as JSON and back: observations, visits, submissions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, Final, get_args

from isal import isal_zlib
from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError, from_json, to_json

from minhchung.evidence import AgencyCode, Locator, RecordId
from minhchung.holdings import VisitReport
from minhchung.measurements import Value
from minhchung.observations import ListCapture, Observation, Walk
from minhchung.submissions import OwnerFigure, Submission, SubmittedFigure
from storage.leaf import canonical, instant_of, stamp
from storage.warc import plain

TYPES: Final[Mapping[str, type[Observation]]] = {
    kind.__dataclass_fields__["kind"].default: kind for kind in get_args(Observation)
}
"""Observation types by the word that stores and files know them by."""


_ADAPTERS: Final[dict[type[Any], TypeAdapter[Any]]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Return the (costly, hence kept) translator of a type."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def dump(value: object) -> bytes:
    """Return a dataclass of the vocabulary as JSON."""
    adapter = _adapter(type(value))
    try:
        return adapter.dump_json(value)
    except PydanticSerializationError:
        # JSON of a portal may carry half surrogate pairs, which no file can hold.
        return to_json(_whole(adapter.dump_python(value)))


def _whole(value: Any) -> Any:
    match value:
        case str():
            return plain(value)
        case dict():
            return {key: _whole(part) for key, part in value.items()}
        case list() | tuple():
            return [_whole(part) for part in value]
        case _:
            return value


def load(kind: str, said: bytes) -> Observation:
    """Return the observation of a kind; raises ValueError for JSON that is none."""
    observation: Observation = _adapter(TYPES[kind]).validate_json(said)
    return observation


def pack(said: bytes) -> bytes:
    """Return JSON as the catalogue keeps it: zlib."""
    packed: bytes = isal_zlib.compress(said, 1)
    return packed


def unpack(packed: bytes) -> bytes:
    """Return the JSON of a packed value."""
    said: bytes = isal_zlib.decompress(packed)
    return said


# --- visits ------------------------------------------------------------------------------------------


def dump_visit(
    report: VisitReport,
    captures: Iterable[ListCapture],
    walk: Walk | None,
    probes: Iterable[Observation],
    observed: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the sealed account of a visit; `observed` is the digest of what readers saw in it."""
    parts = (
        b'{"v":1,"report":' + dump(report),
        b',"captures":[' + b",".join(map(dump, captures)) + b"]",
        b',"walk":' + (dump(walk) if walk is not None else b"null"),
        b',"probes":[' + b",".join(map(dump, probes)) + b"]",
        b',"observations":' + canonical(dict(observed)) if observed is not None else b"",
        b"}",
    )
    return b"".join(parts)


def load_report(said: bytes, record: RecordId) -> VisitReport:
    """Return the report of JSON that `dump` made of one, with the record it was sealed as."""
    report: VisitReport = _adapter(VisitReport).validate_json(said)
    return replace(report, record=record)


def load_visit(body: bytes, record: RecordId) -> tuple[VisitReport, list[Observation]]:
    """Return report and observations (captures, walk, probes) of a sealed account."""
    said = from_json(body)
    walks = [said["walk"]] if said["walk"] is not None else []
    observations = [
        load(part["kind"], to_json(part)) for part in (*said["captures"], *walks, *said["probes"])
    ]
    return load_report(to_json(said["report"]), record), observations


# --- submissions -------------------------------------------------------------------------------------


def dump_submission(submission: Submission) -> bytes:
    """Return what was read from a workbook as canonical JSON."""
    return canonical(
        {
            "v": 1,
            "record": submission.record,
            "sha256": submission.sha256,
            "agency": submission.agency,
            "file_name": plain(submission.file_name),
            "imported_at": stamp(submission.imported_at),
            "sent_on": _day_json(submission.sent_on),
            "figures": [_figure_json(figure) for figure in submission.figures],
            "owner_figures": [_owner_json(figure) for figure in submission.owner_figures],
        }
    )


def load_submission(body: bytes) -> Submission:
    """Return the submission of JSON that `dump_submission` made."""
    said = json.loads(body)
    return Submission(
        record=said["record"],
        sha256=said["sha256"],
        agency=said["agency"],
        file_name=said["file_name"],
        imported_at=instant_of(said["imported_at"]),
        sent_on=_day(said["sent_on"]),
        figures=tuple(map(_figure, said["figures"])),
        owner_figures=tuple(map(_owner_figure, said["owner_figures"])),
    )


def dump_figures(
    submitted: Iterable[SubmittedFigure], owner_figures: Iterable[OwnerFigure]
) -> dict[str, Any]:
    """Return figures as plain JSON, in the form in which a sealed reading of a workbook holds them."""
    return {
        "submitted": [_figure_json(figure) for figure in submitted],
        "owner_figures": [_owner_json(figure) for figure in owner_figures],
    }


def value_json(value: Value) -> dict[str, Any]:
    """Return a figure's value as plain JSON that tells its type."""
    match value:
        case bool():
            return {"yes": value}
        case Fraction():
            return {"number": str(value)}
        case frozenset():
            return {"items": sorted(map(plain, value))}
        case str():
            return {"text": plain(value)}


def value_of(said: Mapping[str, Any]) -> Value:
    """Return the value of JSON that `value_json` made."""
    if "number" in said:
        return Fraction(said["number"])
    if "items" in said:
        return frozenset(said["items"])
    answer: bool | str = said["yes"] if "yes" in said else said["text"]
    return answer


def _seen_json(seen: Locator) -> dict[str, Any]:
    return {"record": seen.record, "path": plain(seen.path), "span": list(seen.span) if seen.span else None}


def _seen(said: Mapping[str, Any]) -> Locator:
    span = (said["span"][0], said["span"][1]) if said["span"] else None
    return Locator(record=RecordId(said["record"]), path=said["path"], span=span)


def _day_json(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said is not None else None


def _figure_json(figure: SubmittedFigure) -> dict[str, Any]:
    return {
        "agency": figure.agency,
        "component": figure.component,
        "inputs": [[name, value_json(value)] for name, value in figure.inputs.items()],
        "proof": plain(figure.proof),
        "seen": _seen_json(figure.seen),
    }


def _figure(said: Mapping[str, Any]) -> SubmittedFigure:
    return SubmittedFigure(
        agency=AgencyCode(said["agency"]),
        component=said["component"],
        inputs={name: value_of(value) for name, value in said["inputs"]},
        proof=said["proof"],
        seen=_seen(said["seen"]),
    )


def _owner_json(figure: OwnerFigure) -> dict[str, Any]:
    return {
        "agency": figure.agency,
        "component": figure.component,
        "input": figure.input,
        "value": value_json(figure.value) if figure.value is not None else None,
        "codes": [plain(code) for code in figure.codes],
        "owner": plain(figure.owner),
        "document": plain(figure.document),
        "first": figure.first.isoformat(),
        "last": figure.last.isoformat(),
        "definition": plain(figure.definition),
        "seen": _seen_json(figure.seen),
    }


def _owner_figure(said: Mapping[str, Any]) -> OwnerFigure:
    return OwnerFigure(
        agency=AgencyCode(said["agency"]),
        component=said["component"],
        input=said["input"],
        value=value_of(said["value"]) if said["value"] is not None else None,
        codes=tuple(said["codes"]),
        owner=said["owner"],
        document=said["document"],
        first=date.fromisoformat(said["first"]),
        last=date.fromisoformat(said["last"]),
        definition=said["definition"],
        seen=_seen(said["seen"]),
    )
