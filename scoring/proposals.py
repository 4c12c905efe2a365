"""From the words of an annex to a proposed rule: a proposal, never more; a person confirms it.

Patterns are those of real annexes (number of points after a colon, a/b × maximum, "mỗi … tối đa …"); what
none of them fits is said to be unrecognised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

from minhchung.index_set import ChecklistItem, Formula, InputSpec
from minhchung.measurements import Origin
from minhchung.text_keys import k2

_NUMBER: Final = r"(\d+(?:[.,]\d+)?)"
_POINTS: Final = re.compile(rf"[:=→]\s*(?:được|đạt|tối đa)?\s*{_NUMBER}\s*(?:điểm|đ\b|$)", re.IGNORECASE)
_LEAST: Final = re.compile(rf"(?:≥|>=|từ|đạt)\s*{_NUMBER}\s*(%)?", re.IGNORECASE)
_CUTOFF: Final = re.compile(
    rf"dưới\s*{_NUMBER}\s*%[^\n;]*?[:=]?\s*(?:0|không)\s*(?:điểm|được)", re.IGNORECASE
)
_TARGET: Final = re.compile(rf"(?:/|chia cho|mục tiêu[^\d\n]*)\s*{_NUMBER}\s*%", re.IGNORECASE)
_EACH: Final = re.compile(rf"mỗi[^\n;]*?{_NUMBER}\s*điểm[^\n;]*?tối đa", re.IGNORECASE)
_LOST: Final = re.compile(rf"trừ\s*{_NUMBER}\s*(?:điểm)?", re.IGNORECASE)
_LATE: Final = re.compile(rf"(?:chậm|trễ|muộn)[^\d\n]*{_NUMBER}\s*ngày", re.IGNORECASE)

Origins = tuple[Origin, ...]
_REPORTED: Final[Origins] = (Origin.OWNER, Origin.SUBMITTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rule that the words suggest."""

    formula: Formula
    inputs: tuple[InputSpec, ...]
    why: str
    """What in the words led to it, Vietnamese; says so where nothing did."""

    recognised: bool = True


def propose(code: str, points: Decimal, method: str) -> Proposal:
    """Return the rule that an annex's words suggest for a component."""
    lines = [line.strip(" -–+•\t") for line in re.split(r"[\n;]", method) if line.strip(" -–+•\t")]
    said = _Said(points=points, method=method, lines=lines, names=_names(code))
    for rule in (_deadline, _steps, _deduction, _counted, _peer, _ratio, _listed, _yes_no):
        found = rule(said)
        if found is not None:
            return found
    return Proposal(
        formula=Formula(type="boolean"),
        inputs=(_spec("value", said.names),),
        why="không nhận ra cách tính trong phụ lục; tạm ghi có/không",
        recognised=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """An annex's words on one component."""

    points: Decimal
    method: str
    lines: list[str]
    names: str
    """How names of its inputs begin."""


def _names(code: str) -> str:
    return "c_" + re.sub(r"[^a-z0-9]+", "_", k2(code).casefold()).strip("_")


_ROLE_WORDS: Final = {
    "num": "tu_so",
    "den": "mau_so",
    "value": "gia_tri",
    "count": "so_luong",
    "date": "ngay",
}
_Role = Literal["num", "den", "value", "count", "items", "date", "part"]


def _spec(role: _Role, names: str) -> InputSpec:
    word = _ROLE_WORDS.get(role, {"items": "muc", "part": "so_lan"}.get(role, role))
    return InputSpec(role=role, name=f"{names}_{word}", origins=_REPORTED)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _worth(line: str) -> Decimal | None:
    found = _POINTS.search(line)
    return _decimal(found.group(1)) if found else None


def _deadline(said: _Said) -> Proposal | None:
    rows = []
    for line in said.lines:
        late, worth = _LATE.search(line), _worth(line)
        if late and worth is not None:
            rows.append((_decimal(late.group(1)), worth))
    if not rows or "đúng hạn" not in said.method.casefold():
        return None
    thresholds = ((Decimal(0), said.points), *sorted(row for row in rows if row[1] > 0))
    return Proposal(
        formula=Formula(type="deadline_steps", thresholds=thresholds),
        inputs=(
            _spec("date", said.names),
            InputSpec(role="due", name=f"{said.names}_han", origins=(Origin.OWNER,)),
        ),
        why="đúng hạn và các bậc theo số ngày chậm",
    )


def _steps(said: _Said) -> Proposal | None:
    rows, share = [], False
    for line in said.lines:
        least, worth = _LEAST.search(line.partition(":")[0]), _worth(line)
        if least and worth is not None:
            share = share or bool(least.group(2))
            scale = Decimal(100) if least.group(2) else Decimal(1)
            rows.append((_decimal(least.group(1)) / scale, worth))
    ordered = sorted(rows, reverse=True)
    if len(rows) < 2 or ordered[0][1] != said.points or any(a[1] < b[1] for a, b in pairwise(ordered)):
        return None
    specs = (_spec("num", said.names), _spec("den", said.names)) if share else (_spec("value", said.names),)
    text = f"{len(rows)} bậc theo {'tỷ lệ' if share else 'số lượng'}"
    kept = tuple(row for row in ordered if row[1] > 0)
    return Proposal(formula=Formula(type="steps", thresholds=kept), inputs=specs, why=text)


def _deduction(said: _Said) -> Proposal | None:
    lost = [_decimal(found.group(1)) for line in said.lines if (found := _LOST.search(line))]
    if not lost or any(each == 0 for each in lost):
        return None
    specs = tuple(
        InputSpec(role="part", name=f"{said.names}_so_lan_{n}", weight=each, origins=_REPORTED)
        for n, each in enumerate(lost, start=1)
    )
    return Proposal(formula=Formula(type="deduction"), inputs=specs, why="trừ điểm cho mỗi lần vi phạm")


def _counted(said: _Said) -> Proposal | None:
    found = _EACH.search(said.method.replace("\n", " "))
    if not found:
        return None
    return Proposal(
        formula=Formula(type="capped_count", per_unit=_decimal(found.group(1))),
        inputs=(_spec("count", said.names),),
        why="mỗi đơn vị một số điểm, có tối đa",
    )


def _peer(said: _Said) -> Proposal | None:
    if "lon nhat" not in (key := k2(said.method)) and "cao nhat trong" not in key:
        return None
    return Proposal(
        formula=Formula(type="best_peer"),
        inputs=(_spec("value", said.names),),
        why="so với giá trị lớn nhất của các cơ quan",
    )


def _ratio(said: _Said) -> Proposal | None:
    if not re.search(
        r"\b[a-z]\s*/\s*[a-z]\b|tỷ lệ|tỉ lệ|điểm tối đa|số điểm\s*=", said.method, re.IGNORECASE
    ):
        return None
    if not re.search(r"[/÷]|chia|tỷ lệ|tỉ lệ", said.method, re.IGNORECASE):
        return None
    specs = (_spec("num", said.names), _spec("den", said.names))
    if cut := _CUTOFF.search(said.method):
        formula = Formula(type="ratio_cutoff", cutoff=_decimal(cut.group(1)) / 100)
        return Proposal(formula=formula, inputs=specs, why=f"tỷ lệ, dưới {cut.group(1)} % không có điểm")
    if target := _TARGET.search(said.method):
        formula = Formula(type="ratio_target", target=_decimal(target.group(1)) / 100)
        return Proposal(formula=formula, inputs=specs, why=f"tỷ lệ so với mục tiêu {target.group(1)} %")
    return Proposal(formula=Formula(type="ratio"), inputs=specs, why="tỷ lệ nhân điểm tối đa")


def _listed(said: _Said) -> Proposal | None:
    """Take lines with points as items where they add up to the maximum, else as options."""
    worths = [(line, worth) for line in said.lines if (worth := _worth(line)) is not None]
    if len(worths) < 2 or (len(worths) == 2 and min(worth for _, worth in worths) == 0):
        return None
    options = tuple(
        ChecklistItem(id=f"muc_{n}", points=worth, name=line.partition(":")[0].strip())
        for n, (line, worth) in enumerate(worths, start=1)
    )
    if sum(item.points for item in options) == said.points:
        formula = Formula(type="checklist", items=options)
        return Proposal(
            formula=formula, inputs=(_spec("items", said.names),), why="các mục cộng lại đủ điểm tối đa"
        )
    if max(item.points for item in options) == said.points:
        formula = Formula(type="choice", options=options)
        return Proposal(
            formula=formula, inputs=(_spec("value", said.names),), why="chọn một mức trong các mức"
        )
    return None


def _yes_no(said: _Said) -> Proposal | None:
    worths = [worth for line in said.lines if (worth := _worth(line)) is not None]
    if said.points not in worths or not re.search(r"\bkhông\b|\bchưa\b", said.method, re.IGNORECASE):
        return None
    return Proposal(
        formula=Formula(type="boolean"), inputs=(_spec("value", said.names),), why="có hoặc không"
    )
