"""One digest over everything that can move a point.

Identifiers of records and runs, instants and explanations are left out: the same evidence read again
gives the same digest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.index_set import IndexSet
from minhchung.measurements import Result
from minhchung.rounds import Round
from minhchung.rulings import Ruling
from minhchung.sightings import Witnessed
from minhchung.submissions import OwnerFigure, SubmittedFigure

_FOR_PEOPLE: Final = frozenset(
    {"basis", "detail", "difference", "evidence", "note", "notes", "proof", "questions", "seen", "warning"}
)
"""Fields that say where something was seen or explain it; none of them is computed with."""

_OF_THE_REGISTRY: Final = ("code", "bloc", "has_procedures", "valid_from", "valid_to")
"""What scoring itself asks of an agency; what collecting asks is in the results."""


def inputs_digest(
    *,
    index_set: IndexSet,
    own_sets: Mapping[str, IndexSet],
    round_: Round,
    registry: Sequence[Agency],
    results: Mapping[AgencyCode, Mapping[str, Result]],
    claims: Mapping[AgencyCode, Mapping[str, SubmittedFigure]],
    owner_figures: Mapping[AgencyCode, Sequence[OwnerFigure]],
    rulings: Mapping[AgencyCode, Mapping[str, Ruling]],
    sightings: Mapping[AgencyCode, Mapping[str, Witnessed]],
    stage: str,
    simulated: bool,
    report_was_due: bool,
    incidents: Mapping[str, Any],
) -> str:
    """Return the hex SHA-256 of the canonical JSON of a round's inputs."""
    codes = [agency.code for agency in registry]
    whole = {
        "index_set": _set(index_set),
        "own_sets": {bloc: _set(each) for bloc, each in own_sets.items()},
        "round": round_,
        "registry": [{name: getattr(agency, name) for name in _OF_THE_REGISTRY} for agency in registry],
        "results": {code: results.get(code, {}) for code in codes},
        "claims": {code: claims.get(code, {}) for code in codes},
        "proven": {
            code: sorted(of for of, claim in claims.get(code, {}).items() if claim.proof.strip())
            for code in codes
        },
        "owner_figures": {
            code: sorted((canonical(figure) for figure in owner_figures.get(code, ())), key=_line)
            for code in codes
        },
        "rulings": {
            code: {of: dict(ruling.inputs) for of, ruling in rulings.get(code, {}).items()} for code in codes
        },
        **_seen(sightings, codes),
        "stage": stage,
        "simulated": simulated,
        "report_was_due": report_was_due,
        **({"incidents": incidents} if incidents else {}),
    }
    return sha256(_line(canonical(whole)).encode()).hexdigest()


def _set(index_set: IndexSet) -> dict[str, Any]:
    """Return a set as plain data; a floor that it does not declare moves nothing."""
    said: dict[str, Any] = canonical(index_set)
    if index_set.accuracy_floor is None:
        del said["accuracy_floor"]
    return said


def _seen(
    sightings: Mapping[AgencyCode, Mapping[str, Witnessed]], codes: Sequence[AgencyCode]
) -> dict[str, Any]:
    """Return what was seen and counts, by agency and component; nothing where nobody looked."""
    seen = {
        code: {of: dict(one.sighting.inputs) for of, one in mine.items() if not one.fault()}
        for code in codes
        if (mine := sightings.get(code))
    }
    counting = {code: mine for code, mine in seen.items() if mine}
    return {"sightings": counting} if counting else {}


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> Any:
    """Return the value as plain JSON: numbers as exact fractions, sets sorted, types named."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return value.value
        case str():
            return value
        case Fraction() | Decimal():
            return {"number": str(Fraction(value))}
        case date():
            return value.isoformat()
        case frozenset() | set():
            return {"set": sorted(value)}
        case Mapping():
            return {str(key): canonical(each) for key, each in value.items()}
        case list() | tuple():
            return [canonical(each) for each in value]
        case _:
            return _canonical_fields(value)


def _canonical_fields(value: Any) -> dict[str, Any]:
    if not is_dataclass(value):
        msg = f"{type(value).__name__} has no canonical form"
        raise TypeError(msg)
    kept = {f.name: canonical(getattr(value, f.name)) for f in fields(value) if f.name not in _FOR_PEOPLE}
    return {"type": type(value).__name__, **kept}
