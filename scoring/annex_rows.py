"""The printed table of an index set: which column is which, which line is a main index, which a component."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from minhchung.index_set import Component, IndexSet, MainIndex
from minhchung.text_keys import k2
from scoring.proposals import Proposal, propose

HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "number": ("stt", "tt", "so thu tu"),
    "title": ("chi so", "tieu chi", "noi dung", "chi so thanh phan"),
    "points": ("diem toi da", "diem chuan", "thang diem", "diem toi da so diem", "so diem"),
    "method": ("cach xac dinh", "cach tinh", "phuong phap", "cach danh gia", "cach cham", "xac dinh va cham"),
    "evidence": ("minh chung", "tai lieu kiem chung", "tai lieu chung minh", "ho so kiem chung"),
    "data_source": ("nguon so lieu", "nguon du lieu", "nguon"),
    "verified_by": (
        "don vi phoi hop",
        "don vi kiem chung",
        "don vi tham dinh",
        "co quan tham dinh",
        "don vi",
    ),
}
"""By column, the words that its heading begins with or holds, without accents."""

_MAIN: Final = re.compile(r"[IVXLC]+|\d+|[A-Z]")
_COMPONENT: Final = re.compile(r"[A-Z]{0,4}\.?\d+(?:\.\d+)+|[A-Z]{1,4}\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An index set read from an annex, with what was thought of each rule."""

    index_set: IndexSet
    proposals: tuple[tuple[str, Proposal], ...]
    """By component code."""

    skipped: tuple[str, ...]
    """Lines that are neither heading, main index nor component."""


class UnreadableAnnexError(ValueError):
    """The tables hold no annex of an index set; the text says what is missing."""


def columns_of(row: Sequence[str]) -> dict[str, int] | None:
    """Return the column of each kind where the row is the heading of such a table, else None."""
    found: dict[str, int] = {}
    for column, text in enumerate(row):
        heading = k2(text).casefold()
        for kind, words in HEADINGS.items():
            if kind not in found and any(heading.startswith(word) for word in words):
                found[kind] = column
                break
    return found if {"title", "points"} <= set(found) else None


def read_annex(tables: Sequence[Sequence[Sequence[str]]], *, set_id: str, title: str) -> Imported:
    """Return the proposed set; raises UnreadableAnnexError where no table is one of indices."""
    mains: list[MainIndex] = []
    proposals: list[tuple[str, Proposal]] = []
    skipped: list[str] = []
    columns: dict[str, int] | None = None
    for table in tables:
        for row in table:
            heading = columns_of(row)
            if heading is not None:
                columns = heading
            elif columns is not None:
                _take(_Line.of(row, columns), mains, proposals, skipped)
    if columns is None:
        msg = "no table has a column of indices and one of maximum points"
        raise UnreadableAnnexError(msg)
    mains = [replace(main, points=main.points or _sum(main)) for main in mains if main.component]
    if not mains:
        msg = "no line looks like a main index with components under it"
        raise UnreadableAnnexError(msg)
    scale = sum((main.points for main in mains), Decimal(0))
    index_set = IndexSet(
        id=set_id, title=title, status="reconstruction", scale=scale, main_index=tuple(mains)
    )
    return Imported(index_set=index_set, proposals=tuple(proposals), skipped=tuple(skipped))


def _sum(main: MainIndex) -> Decimal:
    return sum((component.points for component in main.component), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    number: str
    title: str
    points: Decimal | None
    method: str
    evidence: str
    data_source: str
    verified_by: str

    @classmethod
    def of(cls, row: Sequence[str], columns: dict[str, int]) -> _Line:
        text = {kind: row[n].strip() if n < len(row) else "" for kind, n in columns.items()}
        return cls(
            number=text.get("number", "").rstrip("."),
            title=" ".join(text["title"].split()),
            points=_points(text["points"]),
            method=text.get("method", ""),
            evidence=text.get("evidence", ""),
            data_source=text.get("data_source", ""),
            verified_by=text.get("verified_by", ""),
        )


def _points(text: str) -> Decimal | None:
    found = re.fullmatch(r"(-?\d{1,6}(?:[.,]\d{1,4})?)(?:\s*(?:điểm|đ))?", text.strip())
    if not found:
        return None
    try:
        return Decimal(found.group(1).replace(",", "."))
    except InvalidOperation:
        return None


def _take(
    line: _Line, mains: list[MainIndex], proposals: list[tuple[str, Proposal]], skipped: list[str]
) -> None:
    if _COMPONENT.fullmatch(line.number) and line.points is not None and mains and line.title:
        proposal = propose(line.number, line.points, line.method)
        proposals.append((line.number, proposal))
        main = mains[-1]
        mains[-1] = replace(main, component=(*main.component, _component(line, proposal)))
    elif _MAIN.fullmatch(line.number) and line.title:
        points = line.points or Decimal(0)
        mains.append(MainIndex(code=line.number, title=line.title, points=points, component=()))
    elif line.title or line.number:
        skipped.append(f"{line.number} {line.title}".strip())


def _component(line: _Line, proposal: Proposal) -> Component:
    proofs = tuple(each.strip(" -–+•") for each in line.evidence.splitlines() if each.strip(" -–+•"))
    return Component(
        code=line.number,
        title=line.title,
        points=line.points or Decimal(0),
        kind="submitted_proof",
        formula=proposal.formula,
        inputs=proposal.inputs,
        evidence=proofs,
        note="" if proposal.recognised else proposal.why,
        method=line.method,
        data_source=line.data_source,
        verified_by=line.verified_by,
        confirmed=False,
    )
