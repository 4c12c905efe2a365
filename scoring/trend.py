"""How an agency moved between two rounds; across a merger by the declared rule, and labelled as such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.scores import Standing, Total

MergerRule = Literal["absent", "mean-of-predecessors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One agency's main index, then and now; in percent of the maximum, so that scales may differ."""

    agency: AgencyCode
    main_index: str
    before: Fraction | None
    """None: no comparable figure."""

    after: Fraction
    basis: Literal["itself", "mean-of-predecessors", "absent"]
    predecessors: tuple[AgencyCode, ...] = ()


def trends(
    before: Standing,
    after: Standing,
    maxima: tuple[dict[str, Fraction], dict[str, Fraction]],
    registry: Sequence[Agency],
    rule: MergerRule,
) -> Iterator[Trend]:
    """Yield the settled main indices of every agency of the later round that the earlier one has too.

    `maxima` are the points of each main index, before and after. A figure that is still open has no trend.
    """
    then, now = _totals(before), _totals(after)
    by_code = {agency.code: agency for agency in registry}
    for code, total in now.items():
        former = by_code[code].predecessors if code in by_code else ()
        for main, low, high in total.main_indices:
            if low != high or not maxima[1].get(main):
                continue
            earlier, basis = _before(then, code, former, main, maxima[0], rule)
            yield Trend(
                agency=code,
                main_index=main,
                before=earlier,
                after=100 * low / maxima[1][main],
                basis=basis,
                predecessors=former if basis == "mean-of-predecessors" else (),
            )


def _totals(standing: Standing) -> dict[AgencyCode, Total]:
    return {place.agency: place.total for bloc in standing.blocs for place in bloc.places}


def _before(
    then: dict[AgencyCode, Total],
    code: AgencyCode,
    former: Sequence[AgencyCode],
    main: str,
    maxima: dict[str, Fraction],
    rule: MergerRule,
) -> tuple[Fraction | None, Literal["itself", "mean-of-predecessors", "absent"]]:
    if not former:
        own = _percent(then.get(code), main, maxima)
        return own, "itself" if own is not None else "absent"
    found = [_percent(then.get(each), main, maxima) for each in former]
    known = [each for each in found if each is not None]
    if rule == "absent" or len(known) != len(former):
        return None, "absent"
    return sum(known, Fraction(0)) / len(known), "mean-of-predecessors"


def _percent(total: Total | None, main: str, maxima: dict[str, Fraction]) -> Fraction | None:
    if total is None or not maxima.get(main):
        return None
    for code, low, high in total.main_indices:
        if code == main and low == high:
            return 100 * low / maxima[main]
    return None
