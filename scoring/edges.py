"""Agencies a hair's breadth from another band: one component's next item, or fewer than five cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from minhchung.evidence import AgencyCode
from minhchung.index_set import IndexSet
from minhchung.rounds import Round
from minhchung.scores import Place, Standing
from scoring.alternatives import Alternative, beside
from scoring.bands import band_of
from scoring.numerals import half_up
from scoring.tally import factors_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One small change that would put an agency into another band."""

    agency: AgencyCode
    band: str
    other_band: str
    total: Decimal
    """Published, now."""

    other_total: Decimal
    alternative: Alternative


def edges(standing: Standing, set_of: Callable[[str], IndexSet], round_: Round) -> tuple[Edge, ...]:
    """Return, for each agency with a settled total, the smallest change up and the smallest down.

    `set_of` says by which index set a bloc is scored.
    """
    found: list[Edge] = []
    for bloc in standing.blocs:
        for place in bloc.places:
            smallest: dict[bool, Edge] = {}
            for edge in _edges(place, set_of(bloc.code), round_):
                up = edge.alternative.change > 0
                if up not in smallest or _size(edge) < _size(smallest[up]):
                    smallest[up] = edge
            found += [smallest[up] for up in (True, False) if up in smallest]
    return tuple(found)


def _size(edge: Edge) -> tuple[int, Fraction]:
    return edge.alternative.size, abs(edge.alternative.change)


def _edges(place: Place, index_set: IndexSet, round_: Round) -> Iterator[Edge]:
    total = place.total
    if total.low != total.high:
        return  # an open total already shows every band it may lie in
    factors = factors_of(total.scores, index_set)
    for score in total.scores:
        if not score.counts or score.figure.inputs is None:
            continue
        for each in beside(index_set.component(score.component), score.figure.inputs):
            raw = total.low + each.change * factors[score.component]
            published = half_up(raw, round_.rounding.total_decimals)
            band = band_of(published if round_.band_on == "published" else raw, round_.bands).code
            if band != place.band_low:
                yield Edge(
                    agency=total.agency,
                    band=place.band_low,
                    other_band=band,
                    total=total.published_low,
                    other_total=published,
                    alternative=each,
                )
