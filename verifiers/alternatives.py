"""Figures that systems give and that do not fit the question: shown beside the reason, never used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from minhchung.evidence import Locator
from minhchung.measurements import Reason, Unmeasured
from minhchung.observations import DossierTally
from verifiers.contradictions.printed_rows import WORDS
from verifiers.harvests import Harvest

_MOST: Final = 3
"""Rows shown; more would hide the reason behind them."""


def does_not_fit(detail: str, basis: Sequence[Locator], harvest: Harvest, *meanings: str) -> Unmeasured:
    """Return that the basis does not fit, with the figures of these meanings that stand there instead."""
    shown = list(_instead(harvest, meanings))[:_MOST]
    told = f" Số khác hiện có, không dùng: {'; '.join(text for text, _ in shown)}." if shown else ""
    seen = tuple(place for _, place in shown if place not in basis)
    return Unmeasured(reason=Reason.BASIS_DOES_NOT_FIT, detail=f"{detail}{told}", basis=(*basis, *seen))


def _instead(harvest: Harvest, meanings: Sequence[str]) -> Iterator[tuple[str, Locator]]:
    """Yield what each row of the agency as a whole says, longest span first."""
    rows = [t for t in (*harvest.tallies, *harvest.others) if t.whose == "agency" and not t.procedure]
    for row in sorted(rows, key=_longest_first):
        known = [(name, row.figure(name)) for name in meanings if row.figure(name) is not None]
        if known:
            figures = ", ".join(f"{WORDS[name]} {value}" for name, value in known)
            yield f"{_where(row)}: {figures}", row.seen


def _longest_first(row: DossierTally) -> tuple[int, str, str, str]:
    return -(row.last - row.first).days, row.source, row.report, row.group


def _where(row: DossierTally) -> str:
    named = " ".join(filter(None, (row.source, row.report, row.group)))
    day = f"{row.first:%d/%m/%Y}"
    return f"{named}, {day}" if row.first == row.last else f"{named}, {day}–{row.last:%d/%m/%Y}"
