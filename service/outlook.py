"""What else the same evidence could come to, as plain data: other rules, other weights, small changes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from minhchung.scores import Place
from scoring.advice import Advice
from scoring.edges import Edge, edges
from scoring.moves import Move, moves
from scoring.numerals import half_up
from service.standings import Concluded

if TYPE_CHECKING:
    from service.stability import LeftOut, Stability


def compared(before: Concluded, after: Concluded) -> dict[str, Any]:
    """Return what two results of the same evidence have different, agency by agency."""
    told = moves(before.standing, after.standing)
    gone, new = _codes(before) - _codes(after), _codes(after) - _codes(before)
    return {
        "round": after.round.id,
        "simulated": after.standing.simulated,
        "index_set": {"before": before.index_set.id, "after": after.index_set.id},
        "own_sets": {"before": _own(before), "after": _own(after)},
        "inputs_digest": {"before": before.standing.inputs_digest, "after": after.standing.inputs_digest},
        "components_gone": sorted(gone),
        "components_new": sorted(new),
        "moved": sum(move.moved for move in told),
        "agencies": [_move(move) for move in told],
    }


def _own(concluded: Concluded) -> dict[str, str]:
    """Return the id of the set that scores each bloc which has one of its own."""
    return {bloc: one.id for bloc, one in sorted(concluded.own_sets.items())}


def _codes(concluded: Concluded) -> set[str]:
    sets = (concluded.index_set, *concluded.own_sets.values())
    return {component.code for index_set in sets for component in index_set.components()}


def _move(move: Move) -> dict[str, Any]:
    return {
        "agency": move.agency,
        "before": _place(move.before),
        "after": _place(move.after),
        "place_moved": move.place_moved,
        "total_moved": move.total_moved,
        "band_moved": move.band_moved,
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    total = place.total
    return {
        "rank": place.best,
        "rank_worst": place.worst,
        "score": total.published_low,
        "score_high": total.published_high,
        "band": place.band_low,
        "band_high": place.band_high,
    }


def sensitivity(concluded: Concluded, draws: int, seed: int, spread: Fraction) -> dict[str, Any]:
    """Return how places stand under other weights, which components decide them, and who is near an edge."""
    from service.stability import left_out, stability

    standing, set_of = concluded.standing, concluded.set_of
    return {
        "round": concluded.round.id,
        "simulated": standing.simulated,
        "draws": draws,
        "seed": seed,
        "spread": str(spread),
        "stability": [
            _stable(each) for each in stability(standing, set_of, draws=draws, spread=spread, seed=seed)
        ],
        "left_out": [_out(each) for each in left_out(standing, set_of)],
        "edges": [_edge(each) for each in edges(standing, set_of, concluded.round)],
    }


def _stable(each: Stability) -> dict[str, Any]:
    kept = half_up(Fraction(each.kept), 4)
    return {"agency": each.agency, "rank": each.place, "best": each.best, "worst": each.worst, "kept": kept}


def _out(each: LeftOut) -> dict[str, Any]:
    moved = [
        {"agency": agency, "rank": with_it, "rank_without": without}
        for agency, with_it, without in each.moved
    ]
    return {"component": each.component, "moved": moved}


def _edge(edge: Edge) -> dict[str, Any]:
    return {
        "agency": edge.agency,
        "band": edge.band,
        "other_band": edge.other_band,
        "score": edge.total,
        "other_score": edge.other_total,
        "component": edge.alternative.component,
        "text": edge.alternative.text,
    }


def advised(agency: str, advice: Sequence[Advice], decimals: int) -> dict[str, Any]:
    """Return an agency's advice, dearest first."""
    return {
        "agency": agency,
        "actions": [
            {
                "component": each.component,
                "title": each.title,
                "text": each.text,
                "points": half_up(each.gain, decimals),
            }
            for each in advice
        ],
    }
