"""A standing as plain JSON, exact and whole: handed out with a bundle, and compared when recomputed."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from typing import Any

from minhchung.incidents import Incident
from minhchung.measurements import Measurement, NotApplicable, Result, Unmeasured
from minhchung.scores import BlocStanding, Place, Score, Standing, Total
from scoring.digest import canonical


def printed_standing(standing: Standing) -> dict[str, Any]:
    """Return the places of a round; the points behind them are in `printed_total`, one an agency."""
    return {
        "round": standing.round,
        "simulated": standing.simulated,
        "reconstruction": standing.reconstruction,
        "overall_low": _or_none(standing.overall_low),
        "overall_high": _or_none(standing.overall_high),
        "inputs_digest": standing.inputs_digest,
        "blocs": [_bloc(bloc) for bloc in standing.blocs],
    }


def _or_none(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _bloc(bloc: BlocStanding) -> dict[str, Any]:
    return {
        "code": bloc.code,
        "name": bloc.name,
        "mean_low": str(bloc.mean_low),
        "mean_high": str(bloc.mean_high),
        "places": [printed_place(place) for place in bloc.places],
    }


def printed_place(place: Place) -> dict[str, Any]:
    """Return one agency's place with its published total."""
    return {
        "agency": place.agency,
        "best": place.best,
        "worst": place.worst,
        "published_low": str(place.total.published_low),
        "published_high": str(place.total.published_high),
        "band_low": place.band_low,
        "band_high": place.band_high,
    }


def printed_incident(incident: Incident) -> dict[str, Any]:
    """Return an incident with its visits and the records that show it."""
    return {
        "id": incident.id,
        "kind": incident.kind,
        "what": incident.what,
        "cause": incident.cause,
        "began_at": incident.began_at.astimezone(UTC).isoformat(),
        "ended_at": incident.ended_at.astimezone(UTC).isoformat(),
        "agencies": list(incident.agencies),
        "visits": [
            {"agency": each.agency, "run": each.run, "source": each.source, "record": each.record}
            for each in incident.members
        ],
        "ground": incident.ground,
        "excused": incident.excused,
        "charged": incident.charged,
        "evidence": list(incident.evidence),
    }


def printed_total(total: Total) -> dict[str, Any]:
    """Return one agency's total with every component's measurement, figure and points."""
    return {
        "agency": total.agency,
        "bloc": total.bloc,
        "components": {score.component: _score(score) for score in total.scores},
        "main_indices": {code: [str(low), str(high)] for code, low, high in total.main_indices},
        "coverage": canonical(total.coverage),
        "low": str(total.low),
        "high": str(total.high),
        "published_low": str(total.published_low),
        "published_high": str(total.published_high),
        "ranked": total.ranked,
    }


def _score(score: Score) -> dict[str, Any]:
    figure = score.figure
    return {
        "measurement": _result(figure.result),
        "claim": canonical(dict(figure.claim.inputs)) if figure.claim is not None else None,
        "figure": canonical(dict(figure.inputs)) if figure.inputs is not None else None,
        "ground": figure.ground.value,
        "finding": figure.finding.value,
        "grade": figure.grade.value,
        "maximum": str(score.maximum),
        "low": str(score.low),
        "high": str(score.high),
        "counts": score.counts,
    }


def _result(result: Result | None) -> dict[str, Any] | None:
    match result:
        case None:
            return None
        case Measurement() | Unmeasured() | NotApplicable():
            said: dict[str, Any] = canonical(result)
            return said
