"""What may not have been posted: gaps in number sequences, documents that another body's list holds.

Neither lowers a score (HD.4): a number may belong to a document that is not public, and a list may be wrong.
They are denominators that the agency did not write, for a person to ask with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from minhchung.agencies import Agency
from minhchung.document_numbers import normalise
from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Note
from minhchung.text_keys import k2
from verifiers.documents import Document
from verifiers.interface import Context

MOST_NAMED: Final = 20
LEAST_IN_SEQUENCE: Final = 5
"""Documents of one sequence below which its gaps say nothing."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one kind of document in one year, as posted."""

    symbol: str
    year: int
    serials: tuple[int, ...]
    places: tuple[Locator, ...]

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers between the first and the last that no posted document bears."""
        known = set(self.serials)
        return tuple(n for n in range(min(known), max(known) + 1) if n not in known)


def sequences(documents: Sequence[Document], agency: Agency) -> tuple[Numbers, ...]:
    """Return the sequences of the agency's own numbers, by symbol and year of issue."""
    grouped: dict[tuple[str, int], dict[int, Locator]] = {}
    for document in documents:
        number, issued = document.number, document.item.issued
        if number is None or issued is None or not _bears(number.body, agency):
            continue
        if number.serial.isdigit():
            symbol = f"{number.type}-{number.body}" if number.type else number.body
            kept = grouped.setdefault((symbol, number.year or issued.year), {})
            kept.setdefault(int(number.serial), document.item.where("number"))
    return tuple(
        Numbers(symbol, year, tuple(sorted(kept)), tuple(kept[n] for n in sorted(kept)))
        for (symbol, year), kept in sorted(grouped.items())
    )


def _bears(body: str, agency: Agency) -> bool:
    return bool(agency.abbreviation) and k2(body) == k2(agency.abbreviation)


def ask_what_is_missing(
    documents: Sequence[Document], holdings: Holdings, context: Context
) -> Iterator[Note]:
    """Yield gaps of number sequences, and documents that another body lists and the portal lacks."""
    for each in sequences(documents, holdings.agency):
        if len(each.serials) >= LEAST_IN_SEQUENCE and each.missing:
            named = ", ".join(map(str, each.missing[:MOST_NAMED]))
            more = "…" if len(each.missing) > MOST_NAMED else ""
            first, last = each.serials[0], each.serials[-1]
            text = (
                f"Dãy số {each.symbol} năm {each.year}: đăng {len(each.serials)} văn bản từ số "
                f"{first} đến {last}, không thấy {len(each.missing)} số ({named}{more})."
            )
            places = (each.places[0], each.places[-1])
            yield Note(key="question-gaps", text=text, count=len(each.missing), basis=places)
    yield from _listed_elsewhere(documents, holdings, context)


def _listed_elsewhere(documents: Sequence[Document], holdings: Holdings, context: Context) -> Iterator[Note]:
    """Yield the documents of an owner's list (the national database) that the portal does not show."""
    posted = {normalise(d.item.number) for d in documents if d.item.number}
    names = {spec.name for spec in context.component.inputs if spec.role == "den"}
    for figure in holdings.owner_figures:
        mine = figure.component == context.component.code and figure.input in names
        if not (mine and figure.codes and figure.first <= context.period.last >= context.period.first):
            continue
        lacking = [code for code in dict.fromkeys(figure.codes) if normalise(code) not in posted]
        if lacking:
            named = "; ".join(lacking[:MOST_NAMED])
            text = (
                f"{len(lacking)} trên {len(set(figure.codes))} văn bản trong danh sách của {figure.owner} "
                f"({figure.document}) không thấy trên cổng: {named}."
            )
            yield Note(key="question-listed-elsewhere", text=text, count=len(lacking), basis=(figure.seen,))
