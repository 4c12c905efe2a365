"""Results as plain data: what `verify`, `score` and `rank` print with --json; no times, no runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from minhchung.index_set import IndexSet
from minhchung.measurements import Input, Measurement, NotApplicable, Note, Unmeasured, Value
from minhchung.scores import Finding, Place, Score
from scoring.numerals import half_up
from service.standings import Concluded


def ranking(concluded: Concluded) -> dict[str, Any]:
    """Return the round's places.

    `rank` and `score` are the best place and the lower end; a provisional place also tells the worst place
    and the upper end.
    """
    standing = concluded.standing
    return {
        "round": standing.round,
        "simulated": standing.simulated,
        "reconstruction": standing.reconstruction,
        "trial": standing.trial,
        "inputs_digest": standing.inputs_digest,
        "overall_mean": standing.overall_low,
        "overall_mean_high": standing.overall_high,
        "blocs": [
            {
                "code": bloc.code,
                "name": bloc.name,
                "mean": bloc.mean_low,
                "mean_high": bloc.mean_high,
                "places": [_place(place) for place in bloc.places],
            }
            for bloc in standing.blocs
        ],
    }


def _place(place: Place) -> dict[str, Any]:
    total = place.total
    return {
        "rank": place.best,
        "rank_worst": place.worst,
        "agency": place.agency,
        "score": total.published_low,
        "score_high": total.published_high,
        "band": place.band_low,
        "band_high": place.band_high,
        "coverage": share(total.coverage.measured + total.coverage.claimed),
        "coverage_measured": share(total.coverage.measured),
        "provisional": place.provisional,
    }


def share(value: Fraction) -> Decimal:
    """Return a share of 1 to four decimals, half-up."""
    return half_up(value, 4)


def scores(concluded: Concluded) -> dict[str, Any]:
    """Return every component score of every agency, and the differences between claim and measurement."""
    agencies = [
        verdict(concluded, agency.code) for agency in concluded.registry if _ranked(concluded, agency.code)
    ]
    return {
        "round": concluded.round.id,
        "simulated": concluded.standing.simulated,
        "unapproved_config": list(concluded.standing.unapproved),
        "agencies": agencies,
    }


def _ranked(concluded: Concluded, code: str) -> bool:
    return any(place.agency == code for bloc in concluded.standing.blocs for place in bloc.places)


def verdict(concluded: Concluded, code: str) -> dict[str, Any]:
    """Return one agency's components: measured, claimed, difference, ground, points, evidence."""
    place = concluded.place(code)
    index_set = concluded.set_of(place.total.bloc)
    said = concluded.checks.get(place.agency, {})
    rows = [
        _component(concluded, index_set, score, said.get(score.component, ())) for score in place.total.scores
    ]
    return {
        "agency": code,
        "simulated": concluded.standing.simulated,
        "total": place.total.published_low,
        "total_high": place.total.published_high,
        "provisional": place.total.provisional,
        "false_claims": sum(row["finding"] == Finding.FALSE_CLAIM.value for row in rows),
        "components": rows,
        "incidents": [
            {"id": each.id, "kind": each.kind, "outcome": each.outcome, "ground": each.ground}
            for each in concluded.incidents
            if code in each.agencies
        ],
    }


def _component(
    concluded: Concluded, index_set: IndexSet, score: Score, checks: Sequence[Note]
) -> dict[str, Any]:
    figure = score.figure
    decimals = index_set.component_decimals
    main = next(m for m in index_set.main_index if any(c.code == score.component for c in m.component))
    return {
        "component": score.component,
        "title": index_set.component(score.component).title,
        "main_index": main.code,
        "main_index_title": main.title,
        "verifier": figure.result.verifier if figure.result is not None else "",
        "measured": _measured(score),
        "claimed": _values(figure.claim.inputs) if figure.claim is not None else None,
        "difference": figure.difference,
        "ground": figure.ground.value,
        "finding": figure.finding.value,
        "grade": figure.grade.value,
        "reason": reason(score),
        "points": half_up(score.low, decimals),
        "points_high": half_up(score.high, decimals),
        "maximum": half_up(score.maximum, decimals),
        "evidence": _records(score),
        "questions": [_note(concluded, each) for each in _questions(score)],
        "checks": [_note(concluded, each) for each in checks],
    }


def _questions(score: Score) -> Sequence[Note]:
    result = score.figure.result
    return result.questions if isinstance(result, Measurement) else ()


def _note(concluded: Concluded, note: Note) -> dict[str, Any]:
    records = list(dict.fromkeys(str(place.record) for place in note.basis))
    return {"key": note.key, "text": concluded.masked(note.text), "count": note.count, "records": records}


def reason(score: Score) -> str:
    """Return why a component is unmeasured or not applicable, as `reason: detail`; else empty."""
    match score.figure.result:
        case Unmeasured(reason=why, detail=detail) | NotApplicable(reason=why, detail=detail):
            return f"{why.value}: {detail}"
        case _:
            return ""


def _measured(score: Score) -> dict[str, Any] | None:
    match score.figure.result:
        case Measurement(inputs=inputs):
            return _inputs(inputs)
        case _:
            return None


def _inputs(inputs: Mapping[str, Input]) -> dict[str, Any]:
    return _values({name: given.value for name, given in inputs.items()})


def _values(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}


def plain(value: Value) -> Any:
    """Return a value for JSON: whole numbers as such, others as exact fractions, sets sorted."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def _records(score: Score) -> list[str]:
    result = score.figure.result
    basis = result.basis if result is not None else ()
    return list(dict.fromkeys(str(place.record) for place in basis))
