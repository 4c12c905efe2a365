"""Rows of one harvest against each other: units, procedures, months, further reports, other systems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Final

from minhchung.contradictions import Contradiction, Said
from minhchung.periods import Period
from verifiers.contradictions.printed_rows import STOCKS, WORDS, PrintedRow, added, differing

_MEAN_THE_SAME: Final = (
    ("resolved_in_time", ("resolved_early", "resolved_on_time")),
    ("received_online", ("online_full", "online_partial")),
)


def units_against_total(rows: Sequence[PrintedRow]) -> Iterator[Contradiction]:
    """Yield where the units' rows do not add up to the agency's total row."""
    for total in rows:
        if not (total.is_total and total.whose == "agency" and not total.procedure):
            continue
        units = [r for r in rows if r.whose == "unit" and _same_question(r, total)]
        whole = {r.body for r in units if not r.procedure}
        # Beside a unit's own row its procedures' rows are parts, and are not added again.
        own = [r for r in units if not (r.procedure and r.body in whole)]
        yield from _added_up("units-total", total, own, "cộng các đơn vị", "Cộng các đơn vị không bằng tổng.")


def procedures_against_agency(rows: Sequence[PrintedRow], complete: bool) -> Iterator[Contradiction]:
    """Yield where the procedures' rows do not add up to the agency's row; only of a complete list."""
    for whole in rows:
        if whole.whose != "agency" or whole.procedure or not complete:
            continue
        parts = [r for r in rows if r.procedure and _same_question(r, whole) and not r.group]
        text = "Cộng theo từng thủ tục không bằng số của cơ quan."
        yield from _added_up("procedures-total", whole, parts, "cộng theo thủ tục", text)


def _same_question(part: PrintedRow, whole: PrintedRow) -> bool:
    return (part.source, part.report, part.first, part.last) == (
        whole.source, whole.report, whole.first, whole.last,
    )  # fmt: skip


def _added_up(
    kind: str, whole: PrintedRow, parts: Sequence[PrintedRow], what: str, text: str
) -> Iterator[Contradiction]:
    for meaning, value in whole.figures.items():
        summed = added(parts, meaning, f"{what}: {WORDS[meaning]}")
        if summed is not None:
            one = whole.said(WORDS[meaning], value)
            yield from differing(kind, whole.key(meaning), text, one, summed, whole.agency)


def months_against_year(rows: Sequence[PrintedRow]) -> Iterator[Contradiction]:
    """Yield where a year's figure is not the sum of its months, all of them up to the day of the answer."""
    whole = [r for r in rows if r.whose == "agency" and not (r.procedure or r.group)]
    for year in whole:
        if (year.first.month, year.first.day, year.last.month, year.last.day) != (1, 1, 12, 31):
            continue
        if year.first.year != year.last.year:
            continue
        months = _months(year, whole)
        for meaning, value in year.figures.items():
            summed = added(months, meaning, f"cộng {len(months)} tháng: {WORDS[meaning]}")
            if summed is None or meaning in STOCKS:
                continue
            yield from differing(
                "months-year",
                f"{year.source}/{year.first.year}/{meaning}",
                f"Số cả năm {year.first.year} không bằng tổng các tháng.",
                year.said(f"cả năm: {WORDS[meaning]}", value),
                summed,
                year.agency,
            )


def _months(year: PrintedRow, rows: Sequence[PrintedRow]) -> list[PrintedRow]:
    """Return the months of a year in order, none of them missing; nothing where one is."""
    found, day = [], year.first
    until = min(year.last, year.taken)
    while day <= until:
        month = next(
            (r for r in rows if r.source == year.source and r.first == day and (r.last - r.first).days < 31),
            None,
        )
        if month is None:
            return []
        found.append(month)
        day = month.last + timedelta(days=1)
    return found


def reports_against_record(rows: Sequence[PrintedRow]) -> Iterator[Contradiction]:
    """Yield where a further report of a system says something else than its figures of record."""
    whole = [r for r in rows if r.whose == "agency" and not (r.procedure or r.group)]
    for report in (r for r in whole if r.report):
        of_record = [r for r in whole if not r.report and _same_span(r, report) and r.source == report.source]
        for other in of_record:
            ours, theirs = _flows(other), _flows(report)
            for meaning in sorted(ours.keys() & theirs.keys()):
                yield from differing(
                    "reports-differ",
                    report.key(meaning),
                    "Hai báo cáo của cùng một hệ thống cho hai số khác nhau.",
                    other.said(WORDS[meaning], ours[meaning]),
                    report.said(f"báo cáo {report.report}: {WORDS[meaning]}", theirs[meaning]),
                    report.agency,
                )


def _same_span(one: PrintedRow, other: PrintedRow) -> bool:
    return (one.first, one.last) == (other.first, other.last)


def systems_against_each_other(rows: Sequence[PrintedRow], period: Period) -> Iterator[Contradiction]:
    """Yield where two systems say something else of the same span."""
    whole = [r for r in rows if r.whose == "agency" and not (r.procedure or r.group)]
    sources = sorted({row.source for row in whole})
    for one, other in combinations(sources, 2):
        first, second = _over(whole, one, period), _over(whole, other, period)
        for meaning in sorted(set(first) & set(second)):
            yield from differing(
                "systems-differ",
                f"{one}+{other}/{meaning}",
                "Hai hệ thống cho hai số khác nhau về cùng một kỳ.",
                first[meaning],
                second[meaning],
                whole[0].agency,
            )


def _over(rows: Sequence[PrintedRow], source: str, period: Period) -> dict[str, Said]:
    """Return the flows of a source over a period: of one row that spans it, else of months that tile it."""
    mine = [row for row in rows if row.source == source]
    exact = [r for r in mine if (r.first, r.last) == (period.first, period.last) and not r.report]
    chosen = exact or _tiling(mine, period)
    if not chosen:
        return {}
    names = set.intersection(*(set(_flows(row)) for row in chosen))
    return {
        name: Said(
            what=f"{source}: {WORDS[name]}",
            value=str(sum(_flows(row)[name] for row in chosen)),
            seen=tuple(row.seen for row in chosen),
        )
        for name in names
    }


def _flows(row: PrintedRow) -> dict[str, int]:
    """Return the figures that add up over months, and sums that mean the same as another system's figure."""
    found = {meaning: value for meaning, value in row.figures.items() if meaning not in STOCKS}
    for whole, parts in _MEAN_THE_SAME:
        summed = row.sum_of(parts)
        if whole not in found and summed is not None:
            found[whole] = summed
    return found


def _tiling(rows: Sequence[PrintedRow], period: Period) -> list[PrintedRow]:
    """Return rows that follow each other through a period without a gap; nothing where they do not."""
    inside = sorted((r for r in rows if r.first >= period.first and r.last <= period.last), key=_short_first)
    chosen, day = [], period.first
    while day <= period.last:
        following = next((row for row in inside if row.first == day), None)
        if following is None:
            return []
        chosen.append(following)
        day = following.last + timedelta(days=1)
    return chosen


def _short_first(row: PrintedRow) -> tuple[int, str]:
    return (row.last - row.first).days, row.report
