"""The best peer: what the others reach, where a component is normalised by the best of those assessed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.index_set import Component
from minhchung.measurements import Input
from minhchung.scores import Figure, Ground
from scoring.points import Peer
from scoring.rules_ratio import quantity

_NO_PEER = frozenset({Ground.NOT_APPLICABLE, Ground.EXCLUDED, Ground.ABSENT})
"""Grounds on which an agency is none of those among whom the best is looked for."""


def best_among(
    component: Component, figures: Mapping[AgencyCode, Figure], agencies: Mapping[AgencyCode, Agency]
) -> dict[AgencyCode, Peer]:
    """Return for each bloc, under each of its agencies, the best that is proven and the best that may be."""
    groups: dict[str, list[AgencyCode]] = {}
    for code in figures:
        among = agencies[code].bloc if component.formula.peers == "bloc" else ""
        groups.setdefault(among, []).append(code)
    found = {}
    for codes in groups.values():
        best = _best(component, [figures[code] for code in codes])
        found.update(dict.fromkeys(codes, best))
    return found


def _best(component: Component, figures: list[Figure]) -> Peer:
    low, high, unknown = Fraction(0), Fraction(0), False
    for figure in figures:
        if figure.ground in _NO_PEER:
            continue
        proven = _quantity(component, figure.inputs or figure.low)
        most = _quantity(component, figure.inputs or figure.high)
        low = max(low, proven or Fraction(0))
        high = max(high, most or Fraction(0))
        unknown = unknown or most is None
    return Peer(low=low, high=None if unknown else high)


def _quantity(component: Component, inputs: Mapping[str, Input] | None) -> Fraction | None:
    if inputs is None:
        return None
    return quantity(component, {name: given.value for name, given in inputs.items()})
