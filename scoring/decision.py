"""Recomputing a published decision from its own tables.

What does not follow from the printed scores is a fault; what follows by one route only is a remark.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from scoring.bands import band_of
from scoring.decision_findings import DecisionFinding, fault, remark
from scoring.decision_printed import Decision, PrintedEvent, banded_value, require_computable
from scoring.decision_tables import check_table, exact_mean
from scoring.numerals import comma, half_up

__all__ = ["Decision", "DecisionFinding", "check"]


def check(decision: Decision, file: str = "") -> tuple[DecisionFinding, ...]:
    """Return every finding, in the decision's order; raises ConfigError where nothing can be recomputed."""
    require_computable(decision, file)
    return (
        *(finding for bloc in decision.bloc for finding in check_table(decision, bloc)),
        *_bounds(decision),
        *_agencies(decision),
        *_overall(decision),
        *_timeline(decision.timeline),
    )


def _agencies(decision: Decision) -> Iterator[DecisionFinding]:
    sizes = [len(bloc.row) if bloc.complete else bloc.size for bloc in decision.bloc]
    if None in sizes:
        return
    rows = sum(size for size in sizes if size is not None)
    if decision.summary.agencies is not None and decision.summary.agencies != rows:
        text = f"Văn bản ghi {decision.summary.agencies} cơ quan, các bảng có {rows}"
        yield fault("agencies", "Tổng số cơ quan", decision.summary.agencies, rows, text)


def _overall(decision: Decision) -> Iterator[DecisionFinding]:
    """Check the overall mean: the unweighted mean of the published bloc means, as the decisions do it."""
    printed = decision.summary.mean
    if printed is None:
        return
    where = "Điểm trung bình chung"
    exact = [exact_mean(bloc) for bloc in decision.bloc]
    found = [
        bloc.mean if mean is None else half_up(mean, decision.mean_decimals)
        for bloc, mean in zip(decision.bloc, exact, strict=True)
    ]
    means = [mean for mean in found if mean is not None]
    if len(means) == len(decision.bloc):
        recomputed = _mean_of(means, decision)
        if printed != recomputed:
            text = f"In {comma(printed)}; tính lại từ {_list(means)}: {comma(recomputed)}"
            yield fault("overall-mean", where, printed, recomputed, text)
        yield from _route(decision, printed, where)
    if not decision.band or decision.band_unit == "percent":
        return
    band = band_of(printed, decision.band)
    if decision.summary.band and decision.summary.band != band.code:
        text = f"Điểm {comma(printed)} thuộc {band.name}"
        yield fault("overall-band", "Mức chung", decision.summary.band, band.code, text)


def _route(decision: Decision, printed: Decimal, where: str) -> Iterator[DecisionFinding]:
    """Remark a mean that only the published bloc means explain."""
    as_printed = [bloc.mean for bloc in decision.bloc if bloc.mean is not None]
    if len(as_printed) != len(decision.bloc) or _mean_of(as_printed, decision) != printed:
        return
    exact = [mean for bloc in decision.bloc if (mean := exact_mean(bloc)) is not None]
    if len(exact) != len(decision.bloc):
        yield from _weighted_route(decision, printed, as_printed, where)
        return
    unrounded = half_up(sum(exact, Fraction(0)) / len(exact), decision.mean_decimals)
    scores = [Fraction(row.score) for bloc in decision.bloc for row in bloc.row]
    by_agency = half_up(sum(scores, Fraction(0)) / len(scores), decision.mean_decimals)
    if printed in (unrounded, by_agency):
        return
    text = (
        f"{comma(printed)} chỉ ra được từ điểm trung bình đã công bố của các khối ({_list(as_printed)}); "
        f"từ điểm trung bình chưa làm tròn là {comma(unrounded)}, "
        f"từ điểm của {len(scores)} cơ quan là {comma(by_agency)}"
    )
    yield remark("mean-route", where, printed, unrounded, text)


def _weighted_route(
    decision: Decision, printed: Decimal, means: Sequence[Decimal], where: str
) -> Iterator[DecisionFinding]:
    """Remark that weighting the blocs by their agencies would give another mean, lines being unknown."""
    sizes = [bloc.size for bloc in decision.bloc if bloc.size is not None]
    if len(sizes) != len(means):
        return
    whole = sum((Fraction(mean) * size for mean, size in zip(means, sizes, strict=True)), Fraction(0))
    by_agency = half_up(whole / sum(sizes), decision.mean_decimals)
    if printed != by_agency:
        text = (
            f"{comma(printed)} là trung bình cộng của điểm trung bình các khối ({_list(means)}); "
            f"tính theo {sum(sizes)} cơ quan thì là {comma(by_agency)}"
        )
        yield remark("mean-route", where, printed, by_agency, text)


def _bounds(decision: Decision) -> Iterator[DecisionFinding]:
    """Remark which bounds fit the tables, where the text does not print them."""
    if decision.bounds != "assumed":
        return
    for better, worse in pairwise(decision.band):
        above, below = (
            [
                banded_value(decision, bloc, row.score)
                for bloc in decision.bloc
                for row in bloc.row
                if row.band == band.code
            ]
            for band in (better, worse)
        )
        if not above and not below:
            continue
        low = comma(half_up(max(below), decision.score_decimals)) if below else "…"
        high = comma(half_up(min(above), decision.score_decimals)) if above else "…"
        text = f"Văn bản không in ngưỡng {better.name}/{worse.name}; khớp với bảng: trên {low}, đến {high}"
        yield remark("band-bounds", better.name, better.min, f"{low} – {high}", text)


def _mean_of(means: Sequence[Decimal], decision: Decision) -> Decimal:
    whole = sum((Fraction(mean) for mean in means), Fraction(0))
    return half_up(whole / len(means), decision.mean_decimals)


def _list(means: Sequence[Decimal]) -> str:
    return " và ".join(comma(mean) for mean in means)


def _timeline(events: Sequence[PrintedEvent]) -> Iterator[DecisionFinding]:
    """Yield the events whose day breaks the order of the process, sparing as many as can be right."""
    in_order = _longest_rising([event.day for event in events])
    for index, event in enumerate(events):
        if index in in_order:
            continue
        before = max((n for n in in_order if n < index), default=None)
        after = min((n for n in in_order if n > index), default=None)
        span = " – ".join(_day(events[n].day) for n in (before, after) if n is not None)
        printed = event.printed or _day(event.day)
        what = f"{event.event} ({event.document})" if event.document else event.event
        text = f"Ngày {printed} trái trình tự, phải trong khoảng {span}"
        yield fault("timeline", what, printed, span, text)


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _longest_rising(days: Sequence[date]) -> frozenset[int]:
    """Return the indices of a longest run of days that never go back (patience sorting)."""
    tails: list[date] = []
    tail_at: list[int] = []
    previous: list[int | None] = []
    for index, day in enumerate(days):
        place = bisect_right(tails, day)
        previous.append(tail_at[place - 1] if place else None)
        tails[place:] = [day] if place == len(tails) else [day, *tails[place + 1 :]]
        tail_at[place:] = [index] if place == len(tail_at) else [index, *tail_at[place + 1 :]]
    kept: set[int] = set()
    last = tail_at[-1] if tail_at else None
    while last is not None:
        kept.add(last)
        last = previous[last]
    return frozenset(kept)
