"""Recomputing one line of a table: its number, score, percentage, weighted sum, rank and band."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from scoring.bands import band_of
from scoring.decision_findings import DecisionFinding, fault
from scoring.decision_printed import Decision, PrintedBloc, PrintedRow, banded_value, maximum_of
from scoring.numerals import comma, half_up

_SHIFTS: Final = (10, 100, 1000)
"""By how much a misplaced decimal comma makes a number too large."""


def where(bloc: PrintedBloc, row: PrintedRow) -> str:
    """Return where a line stands, in words."""
    return f"{bloc.table}, dòng {row.number} ({row.name})"


def check_rows(decision: Decision, bloc: PrintedBloc) -> Iterator[DecisionFinding]:
    """Yield what does not follow in each line."""
    for line, row in enumerate(bloc.row, start=1):
        here = where(bloc, row)
        if bloc.complete and row.number != line:
            yield fault("number", here, row.number, line, f"Số thứ tự in {row.number}, đúng ra là {line}")
        yield from _score(decision, bloc, row, here)
        yield from _percent(decision, bloc, row, here)
        yield from _weighted(decision, row, here)
        yield from _rank(bloc, row, here)
        yield from _band(decision, bloc, row, here)


def _score(decision: Decision, bloc: PrintedBloc, row: PrintedRow, here: str) -> Iterator[DecisionFinding]:
    most = maximum_of(decision, bloc)
    if 0 <= row.score <= most and row.score == round(row.score, decision.score_decimals):
        return
    form = f"từ 0 đến {comma(most)}, {decision.score_decimals} chữ số thập phân"
    text = f"Điểm {comma(row.score)} không hợp lệ: phải {form}"
    meant = _misplaced(row.score, most)
    if meant is not None:
        text += f"; có thể là {comma(meant)}, dấu phẩy đặt sai chỗ"
    yield fault("score", here, row.score, "" if meant is None else meant, text)


def _misplaced(score: Decimal, most: Decimal) -> Decimal | None:
    """Return the number that a score above the maximum was meant to be, if its comma was misplaced."""
    if score <= most:
        return None
    return next((score / shift for shift in _SHIFTS if score / shift <= most), None)


def _percent(decision: Decision, bloc: PrintedBloc, row: PrintedRow, here: str) -> Iterator[DecisionFinding]:
    if row.percent is None:
        return
    most = maximum_of(decision, bloc)
    found = half_up(100 * Fraction(row.score) / Fraction(most), decision.percent_decimals)
    if found != row.percent:
        text = f"In {comma(row.percent)} %; {comma(row.score)} trên {comma(most)} là {comma(found)} %"
        yield fault("percent", here, row.percent, found, text)


def _weighted(decision: Decision, row: PrintedRow, here: str) -> Iterator[DecisionFinding]:
    if not row.values:
        return
    pairs = zip(decision.weights, row.values, strict=True)
    whole = sum((Fraction(weight) * Fraction(value) for weight, value in pairs), Fraction(0))
    exact = whole / sum((Fraction(weight) for weight in decision.weights), Fraction(0))
    found = half_up(exact * Fraction(decision.scale), decision.score_decimals)
    if found != row.score:
        text = f"In {comma(row.score)}; tính lại từ {len(row.values)} chỉ số chính: {comma(found)}"
        yield fault("weighted-sum", here, row.score, found, text)


def _rank(bloc: PrintedBloc, row: PrintedRow, here: str) -> Iterator[DecisionFinding]:
    if row.rank is None:
        return
    rank = 1 + sum(other.score > row.score for other in bloc.row)
    # Lines that are not known may stand between: then a rank may be lower, never higher.
    if row.rank < rank or (bloc.complete and row.rank != rank):
        text = f"Hạng in {row.rank:02}, theo điểm {comma(row.score)} thì là {rank:02}"
        yield fault("rank", here, row.rank, rank, text)


def _band(decision: Decision, bloc: PrintedBloc, row: PrintedRow, here: str) -> Iterator[DecisionFinding]:
    if not row.band:
        return
    names = {band.code: band.name for band in decision.band}
    band = band_of(banded_value(decision, bloc, row.score), decision.band)
    if row.band != band.code:
        text = f"Điểm {comma(row.score)} thuộc {band.name}, in dưới {names[row.band]}"
        yield fault("band", here, row.band, band.code, text)
