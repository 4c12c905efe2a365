"""From component points to an agency's total: sums, exact rescaling, and what the total rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from minhchung.evidence import AgencyCode
from minhchung.index_set import IndexSet
from minhchung.measurements import NotApplicable, NotApplicableReason
from minhchung.rounds import Rounding
from minhchung.scores import Coverage, Ground, Score, Total
from scoring.numerals import quantised

_ON_THE_WORD: Final = frozenset({Ground.CLAIMED, Ground.CLAIM_PROVISIONAL, Ground.ACCEPTED, Ground.ABSENT})
"""Grounds that rest on what the agency reported, or on its not having reported."""


def tally(
    agency: AgencyCode, bloc: str, scores: Sequence[Score], index_set: IndexSet, rounding: Rounding
) -> Total:
    """Add up one agency's scores; what does not count is rescaled away, exactly.

    A main index is the sum of its components; the total is the sum of the main indices times
    scale / (points that count), plus bonus and penalties as they are.
    """
    mains = tuple(_main_indices(scores, index_set, rounding))
    beside = {main.code for main in index_set.main_index if main.section != "scored"}
    outside = _beside(index_set)
    counting = [score for score in scores if score.counts and score.component not in outside]
    countable = sum((score.maximum for score in counting), Fraction(0))
    factor = factor_of(scores, index_set)
    factors = [Fraction(1) if code in beside else factor for code, _, _ in mains]
    low, high = (
        _within(index_set, sum((each * end for each, end in zip(factors, ends, strict=True)), Fraction(0)))
        for ends in ([least for _, least, _ in mains], [most for _, _, most in mains])
    )
    return Total(
        agency=agency,
        bloc=bloc,
        scores=tuple(scores),
        low=low,
        high=high,
        published_low=quantised(low, rounding.total_decimals, rounding.mode),
        published_high=quantised(high, rounding.total_decimals, rounding.mode),
        main_indices=mains,
        coverage=_coverage(counting, countable),
        ranked=bool(countable) and not _left_unranked(scores, index_set),
        maximum=Fraction(index_set.scale),
    )


def factor_of(scores: Sequence[Score], index_set: IndexSet) -> Fraction:
    """Return what a scored point of a component is worth in the total: scale / points that count, or 0."""
    beside = _beside(index_set)
    counting = (score for score in scores if score.counts and score.component not in beside)
    countable = sum((score.maximum for score in counting), Fraction(0))
    return Fraction(index_set.scale) / countable if countable else Fraction(0)


def factors_of(scores: Sequence[Score], index_set: IndexSet) -> dict[str, Fraction]:
    """Return what a point of each component is worth in the total; bonus and penalties are not rescaled."""
    factor, beside = factor_of(scores, index_set), _beside(index_set)
    return {score.component: Fraction(1) if score.component in beside else factor for score in scores}


def _beside(index_set: IndexSet) -> frozenset[str]:
    """Return the components of bonus and penalty sections, which are not rescaled."""
    mains = [main for main in index_set.main_index if main.section != "scored"]
    return frozenset(component.code for main in mains for component in main.component)


def _within(index_set: IndexSet, total: Fraction) -> Fraction:
    if index_set.beyond_scale == "allow":
        return total
    return min(max(total, Fraction(0)), Fraction(index_set.scale))


def _main_indices(
    scores: Sequence[Score], index_set: IndexSet, rounding: Rounding
) -> Iterable[tuple[str, Fraction, Fraction]]:
    """Yield each main index at both ends, rounded where the round says that this is the point to do it."""
    by_code = {score.component: score for score in scores if score.counts}

    def at(point: str, value: Fraction) -> Fraction:
        if rounding.point != point:
            return value
        return Fraction(quantised(value, index_set.component_decimals, rounding.mode))

    for main in index_set.main_index:
        parts = [by_code[c.code] for c in main.component if c.code in by_code]
        low, high = (
            sum((at("component", end) for end in ends), Fraction(0))
            for ends in ([part.low for part in parts], [part.high for part in parts])
        )
        yield main.code, at("main_index", low), at("main_index", high)


def _coverage(counting: Sequence[Score], countable: Fraction) -> Coverage:
    """Return the shares of the points that count; the open one is exactly the width of the total."""
    if not countable:
        return Coverage(measured=Fraction(0), claimed=Fraction(0), open=Fraction(1))
    unsettled = sum((score.high - score.low for score in counting), Fraction(0))
    on_the_word = sum(
        (
            score.maximum - (score.high - score.low)
            for score in counting
            if score.figure.ground in _ON_THE_WORD
        ),
        Fraction(0),
    )
    return Coverage(
        measured=(countable - unsettled - on_the_word) / countable,
        claimed=on_the_word / countable,
        open=unsettled / countable,
    )


def _left_unranked(scores: Sequence[Score], index_set: IndexSet) -> bool:
    """Say whether the set scores but does not rank an agency without procedures."""
    if index_set.not_applicable != "exclude_from_ranking":
        return False
    return any(
        isinstance(score.figure.result, NotApplicable)
        and score.figure.result.reason is NotApplicableReason.NO_PROCEDURES
        for score in scores
    )
