"""One printed row against itself: parts and totals, stock and flow, percentages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from minhchung.contradictions import Contradiction
from verifiers.contradictions.printed_rows import WORDS, PrintedRow, differing

_PERCENTAGE: Final = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,6}))? ?%?")
_SUMS: Final = (
    ("received", ("received_online", "received_direct", "received_postal")),
    ("received_online", ("online_full", "online_partial")),
    ("resolved", ("resolved_early", "resolved_on_time", "resolved_overdue")),
    ("resolved", ("resolved_in_time", "resolved_overdue")),
    ("open", ("open_in_time", "open_overdue")),
    ("must_process", ("carried_over", "received")),
    ("must_process", ("resolved", "open")),
)
_AT_MOST: Final = (
    ("received_online", ("received",)),
    ("resolved_overdue", ("resolved",)),
    ("open_overdue", ("open",)),
    ("paid_online", ("fee_bearing",)),
    ("fee_bearing", ("received",)),
    ("postal_either", ("received_postal", "returned_postal")),
    ("received_postal", ("postal_either",)),
    ("returned_postal", ("postal_either",)),
    ("received_digitised", ("received",)),
    ("resolved_digitised", ("resolved",)),
)


def within_row(row: PrintedRow) -> Iterator[Contradiction]:
    """Yield what in a row contradicts itself."""
    yield from _parts(row)
    yield from _excess(row)
    yield from _balance(row)
    yield from _rates(row)


def _named(meanings: tuple[str, ...]) -> str:
    return " + ".join(WORDS[each] for each in meanings)


def _parts(row: PrintedRow) -> Iterator[Contradiction]:
    for whole, parts in _SUMS:
        total, summed = row.sum_of([whole]), row.sum_of(parts)
        # "must be processed" may be told from either side; the stock's own equation is the balance
        if total is None or summed is None or (whole == "must_process" and row.is_total):
            continue
        yield from differing(
            "parts-total",
            row.key(whole),
            f"Tổng {WORDS[whole]} không bằng tổng các phần của cùng một dòng.",
            row.said(WORDS[whole], total),
            row.said(_named(parts), summed),
            row.agency,
        )


def _excess(row: PrintedRow) -> Iterator[Contradiction]:
    for part, bound in _AT_MOST:
        value, most = row.sum_of([part]), row.sum_of(bound)
        if value is not None and most is not None and value > most:
            yield Contradiction(
                kind="part-exceeds",
                agency=row.agency,
                about=row.key(part),
                text=f"Số {WORDS[part]} lớn hơn {_named(bound)}.",
                one=row.said(WORDS[part], value),
                other=row.said(_named(bound), most),
            )


def _balance(row: PrintedRow) -> Iterator[Contradiction]:
    """What was carried over and came in is resolved or open, where the snapshot is of the span's last day."""
    came, went = row.sum_of(("carried_over", "received")), row.sum_of(("resolved", "open"))
    # parts that a system rounds or splits among units need not balance one by one
    if came is None or went is None or row.whose == "unit" or row.as_of != row.last:
        return
    yield from differing(
        "balance",
        row.key("balance"),
        "Tồn kỳ trước cộng tiếp nhận không bằng đã giải quyết cộng đang xử lý.",
        row.said(_named(("carried_over", "received")), came),
        row.said(_named(("resolved", "open")), went),
        row.agency,
    )


def _rates(row: PrintedRow) -> Iterator[Contradiction]:
    for label, text, num, den in row.rates:
        printed = percentage(text)
        top, bottom = row.sum_of(num.split("+")), row.sum_of(den.split("+"))
        if printed is None or top is None or not bottom:
            continue
        value, unit = printed
        true = Fraction(100 * top, bottom)
        # rounded and cut percentages both stand; one whole unit of the last digit does not
        if abs(true - value) >= unit:
            meant = f"{_named(tuple(num.split('+')))} / {_named(tuple(den.split('+')))}"
            yield Contradiction(
                kind="percentage",
                agency=row.agency,
                about=row.key(label),
                text=f"Tỷ lệ in {text} không phải {top}/{bottom}.",
                one=row.said(f"tỷ lệ in ({label})", text),
                other=row.said(meant, f"{top}/{bottom}"),
            )


def percentage(text: str) -> tuple[Fraction, Fraction] | None:
    """Return a printed percentage and one unit of its last digit; None where it is none."""
    match = _PERCENTAGE.fullmatch(text.strip())
    if match is None:
        return None
    whole, digits = match[1], match[2] or ""
    return Fraction(int(whole + digits), 10 ** len(digits)), Fraction(1, 10 ** len(digits))
