"""Recomputing one table: ranks, order, bands, counts, the bloc's mean and shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from scoring.bands import band_of
from scoring.decision_findings import DecisionFinding, fault
from scoring.decision_printed import Decision, PrintedBloc, banded_value
from scoring.decision_rows import check_rows, where
from scoring.numerals import comma, half_up

Ties = Literal["first", "last", "largest"]


def check_table(decision: Decision, bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    """Yield every figure of one table that does not follow from its scores."""
    yield from check_rows(decision, bloc)
    yield from _order(bloc)
    yield from _counts(decision, bloc)
    yield from _mean(decision, bloc)
    yield from _shares(decision, bloc)


def exact_mean(bloc: PrintedBloc) -> Fraction | None:
    """Return the mean of a table's printed scores, not rounded; None where not all of them are known."""
    if not bloc.complete:
        return None
    return sum((Fraction(row.score) for row in bloc.row), Fraction(0)) / len(bloc.row)


def _counted(decision: Decision, bloc: PrintedBloc) -> Counter[str]:
    """Return how many agencies each band holds: by the lines, or by the headings where lines are missing."""
    if bloc.complete:
        values = [banded_value(decision, bloc, row.score) for row in bloc.row]
        return Counter(band_of(value, decision.band).code for value in values)
    return Counter({group.band: group.count for group in bloc.group})


def _order(bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    for above, row in zip(bloc.row, bloc.row[1:], strict=False):
        if row.score > above.score:
            text = f"Điểm {comma(row.score)} đứng dưới điểm {comma(above.score)} ({above.name})"
            yield fault("order", where(bloc, row), row.score, above.score, text)


def _counts(decision: Decision, bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    if not decision.band:
        return
    if not bloc.complete:
        yield from _partial_counts(decision, bloc)
        return
    found = _counted(decision, bloc)
    names = {band.code: band.name for band in decision.band}
    for group in bloc.group:
        if group.count != found[group.band]:
            text = f"{names[group.band]}: tiêu đề ghi {group.count:02}, theo điểm có {found[group.band]:02}"
            where = f"{bloc.table}, tiêu đề {group.heading or names[group.band]}"
            yield fault("group-count", where, group.count, found[group.band], text)
    headed = {group.band for group in bloc.group}
    for code in sorted(set(found) - headed) if headed else ():
        text = f"{names[code]}: theo điểm có {found[code]:02} cơ quan, bảng không có tiêu đề này"
        yield fault("group-count", bloc.table, 0, found[code], text)
    if bloc.size is not None and bloc.size != len(bloc.row):
        text = f"Văn bản ghi {bloc.size} cơ quan, bảng có {len(bloc.row)}"
        yield fault("bloc-size", f"{bloc.table}, {bloc.name}", bloc.size, len(bloc.row), text)


def _partial_counts(decision: Decision, bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    """Hold the headings against the printed number of agencies and against the lines that are known."""
    whole = sum(group.count for group in bloc.group)
    if bloc.group and bloc.size is not None and whole != bloc.size:
        text = f"Các tiêu đề cộng lại {whole} cơ quan, văn bản ghi {bloc.size}"
        yield fault("bloc-size", f"{bloc.table}, {bloc.name}", bloc.size, whole, text)
    names = {band.code: band.name for band in decision.band}
    known = Counter(row.band for row in bloc.row)
    for group in bloc.group:
        if known[group.band] > group.count:
            text = f"{names[group.band]}: tiêu đề ghi {group.count:02}, đã thấy {known[group.band]:02} dòng"
            yield fault("group-count", f"{bloc.table}", group.count, known[group.band], text)


def _mean(decision: Decision, bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    mean = exact_mean(bloc)
    if mean is None:
        return
    published = half_up(mean, decision.mean_decimals)
    if bloc.mean is None or bloc.mean == published:
        return
    closer = comma(_telling(mean, decision.mean_decimals))
    text = (
        f"Điểm trung bình in {comma(bloc.mean)}; "
        f"tính lại từ {len(bloc.row)} điểm: {closer} → {comma(published)}"
    )
    yield fault("bloc-mean", bloc.name, bloc.mean, published, text)


def _telling(mean: Fraction, decimals: int) -> Decimal:
    """Return the mean with as many decimals as it takes to see how it rounds: 78,145 and not 78,15."""
    published = half_up(mean, decimals)
    shown = half_up(mean, decimals + 1)
    for more in range(2, 7):
        if half_up(Fraction(shown), decimals) == published:
            break
        shown = half_up(mean, decimals + more)
    return shown


def _shares(decision: Decision, bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    """Compare all shares of a bloc at once: one column, one fault."""
    found = _counted(decision, bloc) if decision.band else Counter[str]()
    agencies = sum(found.values())
    if not bloc.share or not agencies:
        return
    codes = [band.code for band in decision.band]
    exact = [Fraction(100 * found[code], agencies) for code in codes]
    printed_by = {share.band: share.percent for share in bloc.share}
    printed = [printed_by.get(code, Decimal(0)) for code in codes]
    rounded = [half_up(share, decision.share_decimals) for share in exact]
    if printed in (rounded, largest_remainder(exact, decision.share_decimals)):
        return
    said, right = ("/".join(comma(share) for share in column) for column in (printed, rounded))
    counts = "/".join(str(found[code]) for code in codes)
    text = f"Tỷ lệ mức độ in {said} %; theo {counts} trên {agencies} cơ quan là {right} %"
    yield fault(
        "shares",
        bloc.name,
        "/".join(str(share) for share in printed),
        "/".join(str(share) for share in rounded),
        text,
    )


def largest_remainder(shares: Sequence[Fraction], decimals: int, ties: Ties = "first") -> list[Decimal]:
    """Return shares rounded so that they keep their sum; `ties` says who is raised at equal remainders."""
    unit = 10**decimals
    floors = [floor(share * unit) for share in shares]
    missing = floor(sum(shares, Fraction(0)) * unit) - sum(floors)
    positions = range(len(shares))
    after = {"first": positions, "last": [-n for n in positions], "largest": [-share for share in shares]}
    by_remainder = sorted(positions, key=lambda n: (floors[n] - shares[n] * unit, after[ties][n]))
    raised = set(by_remainder[:missing])
    return [half_up(Fraction(whole + (n in raised), unit), decimals) for n, whole in enumerate(floors)]
