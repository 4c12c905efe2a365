"""What labels tell of the verifiers, as plain data and as a table on a terminal."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import Any, Final

from rich.table import Table

from scoring.field_accuracy import Share, agreement, field_accuracy, precision, recall
from scoring.intervals import Ends
from scoring.numerals import half_up, percent
from service.labelling import Labelled
from service.session import Language, show, write

_HEADINGS: Final = (
    "Bộ kiểm chứng|Quy kết|Đã gán nhãn|Đúng|Không quy kết|Đã gán nhãn|Sót|Chưa thống nhất|"
    "Độ chính xác (khoảng 95 %)|Độ đầy đủ (khoảng 95 %)",
    "Verifier|Accusing|Labelled|Right|Others|Labelled|Missed|Undecided|Precision (95 %)|Recall (95 %)",
)


def field_json(each: Labelled) -> dict[str, Any]:
    """Return a draw and what its labels come to; figures are null while a person has not labelled."""
    said: dict[str, Any] = {
        "draw": each.record,
        "round": each.draw.round,
        "seed": each.draw.seed,
        "day": each.draw.day.isoformat(),
        "people": list(each.draw.people),
        "labelled_by": sorted(each.labels),
        "findings": len(each.draw.items),
        "kappa": None,
        "verifiers": None,
    }
    pair = each.pair()
    if pair is None:
        return said
    agreed = agreement(*pair)
    if agreed is not None:
        said["kappa"] = {"value": _text(agreed[0]), "low": _text(agreed[1][0]), "high": _text(agreed[1][1])}
    said["verifiers"] = [
        {**asdict(one), "precision": _share(precision(one)), "recall": _share(recall(one))}
        for one in field_accuracy(each.draw, *pair).values()
    ]
    return said


def _share(share: Share | None) -> dict[str, str] | None:
    if share is None:
        return None
    return {"value": _text(share.value), "low": _text(share.ends[0]), "high": _text(share.ends[1])}


def _text(value: Fraction) -> str:
    return str(half_up(value, 4))


def show_field(each: Labelled, lang: Language) -> None:
    """Print how far the two people agree, and a line for each verifier."""
    english = lang == "en"
    pair = each.pair()
    if pair is None:
        waiting = ", ".join(person for person in each.draw.people if person not in each.labels)
        write(f"{each.record}: {('chờ nhãn của', 'waiting for')[english]} {waiting}")
        return
    agreed = agreement(*pair)
    cases = ("phát hiện", "findings")[english]
    said = ("không xác định", "not defined") if agreed is None else (_kappa(*agreed),) * 2
    write(f"{each.record}: {len(each.draw.items)} {cases}; kappa {said[english]}")
    table = Table(show_edge=False)
    for n, heading in enumerate(_HEADINGS[english].split("|")):
        table.add_column(heading, justify="left" if n == 0 else "right", no_wrap=n == 0)
    for one in field_accuracy(each.draw, *pair).values():
        counts = (
            one.accusing,
            one.accusing_labelled,
            one.rightly,
            one.other,
            one.other_labelled,
            one.missed,
            one.undecided,
        )
        shares = (_said(precision(one)), _said(recall(one)))
        table.add_row(one.verifier, *map(str, counts), *shares)
    show(table)


def _kappa(value: Fraction, ends: Ends) -> str:
    low, high = (_text(end) for end in ends)
    return f"{_text(value)} (95 %: {low}…{high})"


def _said(share: Share | None) -> str:
    if share is None:
        return "–"
    return f"{percent(share.value)} ({'–'.join(percent(end) for end in share.ends)})"
