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
from scoring.numerals import half_up

_ON_THE_WORD: Final = frozenset({Ground.CLAIMED, Ground.CLAIM_PROVISIONAL, Ground.ABSENT})
"""Grounds that rest on what the agency reported, or on its not having reported."""


def tally(
    agency: AgencyCode, bloc: str, scores: Sequence[Score], index_set: IndexSet, rounding: Rounding
) -> Total:
    """Add up one agency's scores; what does not count is rescaled away, exactly.

    A main index is the sum of its components; the total is the sum of the main indices times
    scale / (points that count).
    """
    counting = [score for score in scores if score.counts]
    countable = sum((score.maximum for score in counting), Fraction(0))
    factor = factor_of(scores, index_set)
    low = factor * sum((score.low for score in counting), Fraction(0))
    high = factor * sum((score.high for score in counting), Fraction(0))
    return Total(
        agency=agency,
        bloc=bloc,
        scores=tuple(scores),
        low=low,
        high=high,
        published_low=half_up(low, rounding.total_decimals),
        published_high=half_up(high, rounding.total_decimals),
        main_indices=tuple(_main_indices(scores, index_set)),
        coverage=_coverage(counting, countable),
        ranked=bool(countable) and not _left_unranked(scores, index_set),
    )


def factor_of(scores: Sequence[Score], index_set: IndexSet) -> Fraction:
    """Return what a point of a component is worth in the total: scale / points that count, or 0."""
    countable = sum((score.maximum for score in scores if score.counts), Fraction(0))
    return Fraction(index_set.scale) / countable if countable else Fraction(0)


def _main_indices(scores: Sequence[Score], index_set: IndexSet) -> Iterable[tuple[str, Fraction, Fraction]]:
    by_code = {score.component: score for score in scores if score.counts}
    for main in index_set.main_index:
        parts = [by_code[c.code] for c in main.component if c.code in by_code]
        yield (
            main.code,
            sum((part.low for part in parts), Fraction(0)),
            sum((part.high for part in parts), Fraction(0)),
        )


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
