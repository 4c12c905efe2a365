"""What would be worth most to an agency, by the rules alone."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from minhchung.index_set import IndexSet
from minhchung.scores import Ground, Score, Total
from scoring.alternatives import above
from scoring.award import why_open
from scoring.tally import factors_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing to do about one component."""

    component: str
    title: str
    text: str
    """What to do, Vietnamese."""

    gain: Fraction
    """Points of the total that it is worth; the most it can be worth where points are open."""


def advise(total: Total, index_set: IndexSet, most: int = 3) -> tuple[Advice, ...]:
    """Return the actions worth most points, the best of each component, dearest first.

    Points that are open are worth what settles them; a claim that is held against nobody is not counted.
    """
    factors = factors_of(total.scores, index_set)
    options = (_best(score, index_set, factors[score.component]) for score in total.scores)
    best = [each for each in options if each is not None]
    return tuple(sorted(best, key=lambda each: (-each.gain, each.component))[:most])


def _best(score: Score, index_set: IndexSet, factor: Fraction) -> Advice | None:
    component = index_set.component(score.component)
    if not score.counts:
        return None
    if score.open:
        text, gain = f"làm rõ điểm còn mở: {why_open(score.figure)}", score.high - score.low
    elif score.figure.ground is Ground.ABSENT:
        text, gain = "gửi báo cáo kèm minh chứng", score.maximum
    else:
        options = list(above(component, score.figure.inputs or {}))
        if not options:
            return None
        chosen = min(options, key=lambda each: (-each.change, each.size))
        text, gain = chosen.text, chosen.change
    return Advice(component=component.code, title=component.title, text=text, gain=gain * factor)
