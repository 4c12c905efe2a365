"""Figures that systems give and that do not fit the question: shown beside the reason, never used."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from minhchung.evidence import Locator
from minhchung.measurements import Reason, Unmeasured
from minhchung.observations import DossierTally
from verifiers.contradictions.printed_rows import WORDS
from verifiers.harvests import Harvest
from verifiers.procedures import catalogue

_MOST: Final = 3
"""Rows shown; more would hide the reason behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure beside the reason: its wording, and where it stands."""

    text: str
    basis: tuple[Locator, ...]


def does_not_fit(detail: str, basis: Sequence[Locator], harvest: Harvest, *meanings: str) -> Unmeasured:
    """Return that the basis does not fit, with the figures of these meanings that stand there instead."""
    unmeasured = Unmeasured(reason=Reason.BASIS_DOES_NOT_FIT, detail=detail, basis=tuple(basis))
    shown = list(_instead(harvest, meanings))[:_MOST]
    return beside(unmeasured, *(Figure(text=text, basis=(place,)) for text, place in shown))


def beside(unmeasured: Unmeasured, *figures: Figure) -> Unmeasured:
    """Return an unmeasured result that also shows these figures, unused, and where they stand."""
    if not figures:
        return unmeasured
    told = f"{unmeasured.detail} Số khác hiện có, không dùng: {'; '.join(f.text for f in figures)}."
    seen = dict.fromkeys((*unmeasured.basis, *(place for figure in figures for place in figure.basis)))
    return replace(unmeasured, detail=told, basis=tuple(seen))


def procedures_beside(
    unmeasured: Unmeasured, harvest: Harvest, shown: Mapping[str, Collection[Locator]]
) -> Unmeasured:
    """Return an unmeasured share of procedures with what could be counted of it, and the catalogue's size.

    `shown` gives for each wording the places of what it counts; a count of nothing is not shown.
    """
    listed = {"thủ tục trong danh mục": [procedure.seen for procedure in catalogue(harvest).values()]}
    counts = {what: tuple(places) for what, places in {**shown, **listed}.items() if places}
    if not counts:
        return unmeasured
    text = ", ".join(f"{len(places)} {what}" for what, places in counts.items())
    basis = tuple(place for places in counts.values() for place in places)
    return beside(unmeasured, Figure(text=f"ngày {harvest.day:%d/%m/%Y}: {text}", basis=basis))


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
