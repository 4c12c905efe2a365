"""This harvest against the last: what was closed must not change any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from minhchung.contradictions import Contradiction
from verifiers.contradictions.printed_rows import STOCKS, WORDS, PrintedRow, differing


def against_earlier(newer: Sequence[PrintedRow], older: Sequence[PrintedRow]) -> Iterator[Contradiction]:
    """Yield the figures of a span over before the earlier answer that the newer one gives otherwise."""
    known = {_identity(row): row for row in older if row.last < row.taken}
    for row in newer:
        before = known.get(_identity(row))
        if before is None or row.whose == "province":
            continue
        for meaning in sorted(set(row.figures) & set(before.figures)):
            if meaning in STOCKS and row.as_of != before.as_of:
                continue
            span = f"{row.first.isoformat()}..{row.last.isoformat()}"
            yield from differing(
                "harvests-differ",
                row.key(span, meaning),
                f"Số của kỳ đã kết thúc ({span}) thay đổi giữa hai lần truy vấn.",
                before.said(f"truy vấn ngày {before.taken}: {WORDS[meaning]}", before.figures[meaning]),
                row.said(f"truy vấn ngày {row.taken}: {WORDS[meaning]}", row.figures[meaning]),
                row.agency,
            )


def _identity(row: PrintedRow) -> tuple[object, ...]:
    return (
        row.source, row.report, row.group, row.procedure, row.whose, row.body, row.is_total, row.first,
        row.last,
    )  # fmt: skip
