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
from scoring.decision_printed import Decision, PrintedBloc, PrintedRow
from scoring.numerals import comma, half_up

Ties = Literal["first", "last", "largest"]


def check_table(decision: Decision, bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    """Yield every figure of one table that does not follow from its scores."""
    yield from _rows(decision, bloc)
    yield from _order(bloc)
    yield from _counts(decision, bloc)
    yield from _mean(decision, bloc)
    yield from _shares(decision, bloc)


def exact_mean(bloc: PrintedBloc) -> Fraction:
    """Return the mean of a table's printed scores, not rounded."""
    return sum((Fraction(row.score) for row in bloc.row), Fraction(0)) / len(bloc.row)


def _where(bloc: PrintedBloc, row: PrintedRow) -> str:
    return f"{bloc.table}, dòng {row.number} ({row.name})"


def _rows(decision: Decision, bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    names = {band.code: band.name for band in decision.band}
    for line, row in enumerate(bloc.row, start=1):
        where = _where(bloc, row)
        if row.number != line:
            yield fault("number", where, row.number, line, f"Số thứ tự in {row.number}, đúng ra là {line}")
        if not 0 <= row.score <= decision.scale or row.score != round(row.score, decision.score_decimals):
            form = f"từ 0 đến {comma(decision.scale)}, {decision.score_decimals} chữ số thập phân"
            yield fault("score", where, row.score, "", f"Điểm {comma(row.score)} không hợp lệ: phải {form}")
        rank = 1 + sum(other.score > row.score for other in bloc.row)
        if row.rank != rank:
            text = f"Hạng in {row.rank:02}, theo điểm {comma(row.score)} thì là {rank:02}"
            yield fault("rank", where, row.rank, rank, text)
        band = band_of(row.score, decision.band)
        if row.band != band.code:
            text = f"Điểm {comma(row.score)} thuộc {band.name}, in dưới {names[row.band]}"
            yield fault("band", where, row.band, band.code, text)


def _order(bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    for above, row in zip(bloc.row, bloc.row[1:], strict=False):
        if row.score > above.score:
            text = f"Điểm {comma(row.score)} đứng dưới điểm {comma(above.score)} ({above.name})"
            yield fault("order", _where(bloc, row), row.score, above.score, text)


def _counts(decision: Decision, bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    found = Counter(band_of(row.score, decision.band).code for row in bloc.row)
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


def _mean(decision: Decision, bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    mean = exact_mean(bloc)
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
    if not bloc.share:
        return
    found = Counter(band_of(row.score, decision.band).code for row in bloc.row)
    codes = [band.code for band in decision.band]
    exact = [Fraction(100 * found[code], len(bloc.row)) for code in codes]
    printed_by = {share.band: share.percent for share in bloc.share}
    printed = [printed_by.get(code, Decimal(0)) for code in codes]
    rounded = [half_up(share, decision.share_decimals) for share in exact]
    if printed in (rounded, largest_remainder(exact, decision.share_decimals)):
        return
    said, right = ("/".join(comma(share) for share in column) for column in (printed, rounded))
    counts = "/".join(str(found[code]) for code in codes)
    text = f"Tỷ lệ mức độ in {said} %; theo {counts} trên {len(bloc.row)} cơ quan là {right} %"
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
