"""The rows of dossier statistics as they were printed: the tallies of one row put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from minhchung.contradictions import Contradiction, Said
from minhchung.dossiers import DossierTally
from minhchung.evidence import AgencyCode, Locator, RunId

STOCKS: Final = frozenset({"carried_over", "must_process", "open", "open_in_time", "open_overdue", "paused"})
"""Figures of a moment: they do not add up over months."""

WORDS: Final[Mapping[str, str]] = {
    "carried_over": "tồn kỳ trước",
    "received": "tiếp nhận",
    "received_online": "tiếp nhận trực tuyến",
    "received_direct": "tiếp nhận trực tiếp",
    "received_postal": "tiếp nhận qua bưu chính",
    "must_process": "cần xử lý",
    "resolved": "đã giải quyết",
    "resolved_early": "giải quyết trước hạn",
    "resolved_on_time": "giải quyết đúng hạn",
    "resolved_in_time": "giải quyết trước và đúng hạn",
    "resolved_overdue": "giải quyết quá hạn",
    "open": "đang xử lý",
    "open_in_time": "đang xử lý trong hạn",
    "open_overdue": "đang xử lý quá hạn",
    "paused": "tạm dừng",
    "supplement": "yêu cầu bổ sung",
    "returned": "trả lại",
    "withdrawn": "rút hồ sơ",
    "returned_postal": "trả kết quả qua bưu chính",
    "postal_either": "nhận hoặc trả qua bưu chính",
    "fee_bearing": "có phí, lệ phí",
    "paid_online": "thanh toán trực tuyến",
    "online_full": "trực tuyến toàn trình",
    "online_partial": "trực tuyến một phần",
    "synchronised": "đã đồng bộ",
    "received_digitised": "tiếp nhận có tệp số hóa",
    "resolved_digitised": "kết quả có tệp số hóa",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """One row with the figures of all its bases."""

    agency: AgencyCode
    run: RunId
    source: str
    report: str
    group: str
    procedure: str
    whose: str
    body: str
    is_total: bool
    first: date
    last: date
    """The span asked about; a snapshot's day stands in `as_of`."""

    as_of: date | None
    figures: Mapping[str, int]
    """What is printed; a missing figure is not in it."""

    rates: tuple[tuple[str, str, str, str], ...]
    """(label, text as printed, meanings of the numerator joined by `+`, those of the denominator)."""

    seen: Locator
    taken: date

    def sum_of(self, meanings: Iterable[str]) -> int | None:
        """Return the sum of figures, None when one of them is not printed."""
        wanted = list(meanings)
        if any(each not in self.figures for each in wanted):
            return None
        return sum(self.figures[each] for each in wanted)

    def key(self, *parts: str) -> str:
        """Return `source/report/group/body/parts`, empty ones left out: what a contradiction is about."""
        body = self.body if self.whose != "agency" else ""
        named = (self.source, self.report, self.group, self.procedure, body, *parts)
        return "/".join(each for each in named if each)

    def said(self, what: str, value: int | str) -> Said:
        """Return one side of a contradiction that stands in this row."""
        return Said(what=what, value=str(value), seen=(self.seen,))


@dataclass(slots=True)
class _Growing:
    tallies: list[DossierTally] = field(default_factory=list)


def printed_rows(tallies: Iterable[DossierTally], local: Mapping[RunId, date]) -> list[PrintedRow]:
    """Return the rows that the tallies were read from; `local` gives the local day of each run."""
    grown: dict[tuple[str, ...], _Growing] = {}
    for tally in tallies:
        place = (str(tally.seen.record), tally.seen.path, tally.report, tally.group, tally.body)
        grown.setdefault(place, _Growing()).tallies.append(tally)
    return [_row(each.tallies, local) for each in grown.values()]


def _row(tallies: Sequence[DossierTally], local: Mapping[RunId, date]) -> PrintedRow:
    spans = [t for t in tallies if t.basis != "snapshot"] or list(tallies)
    snapshots = [t for t in tallies if t.basis == "snapshot"]
    head = spans[0]
    printed = {label: text for t in tallies for label, text in t.printed}
    rates = {rate for t in tallies for rate in t.rates}
    return PrintedRow(
        agency=head.agency,
        run=head.run,
        source=head.source,
        report=head.report,
        group=head.group,
        procedure=head.procedure,
        whose=head.whose,
        body=head.body,
        is_total=head.is_total,
        first=head.first,
        last=head.last,
        as_of=snapshots[0].last if snapshots else None,
        figures={m: v for t in tallies for m, v in t.figures if v is not None},
        rates=tuple(sorted((name, printed[name], num, den) for name, num, den in rates if name in printed)),
        seen=head.seen,
        taken=local[head.run],
    )


def differing(
    kind: str, about: str, text: str, one: Said, other: Said, agency: AgencyCode
) -> Iterator[Contradiction]:
    """Yield the contradiction where the two sides are not equal."""
    if one.value != other.value:
        yield Contradiction(kind=kind, agency=agency, about=about, text=text, one=one, other=other)


def added(rows: Sequence[PrintedRow], meaning: str, what: str) -> Said | None:
    """Return the sum of one figure over rows, None where any of them does not print it."""
    if not rows or any(meaning not in row.figures for row in rows):
        return None
    total = sum(row.figures[meaning] for row in rows)
    return Said(what=what, value=str(total), seen=tuple(row.seen for row in rows))
