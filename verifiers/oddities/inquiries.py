"""What looks odd about citizens' questions: numbers left out, answers of the same day, one style (G16)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Note
from minhchung.text_keys import k2
from verifiers.inquiries import Inquiry
from verifiers.interface import Context

LEAST: Final = 5
"""Questions below which nothing is said of a series."""

_HEAD: Final = 4
"""Words by which two questions begin alike."""

_SERIES_PERCENT: Final = 80
_NUMBER: Final = re.compile(r"(\d{1,9})\D*$")


def ask_about_inquiries(shown: Sequence[Inquiry], holdings: Holdings, context: Context) -> Iterator[Note]:
    """Yield what a person should look at; every question of it was counted."""
    yield from _claimed_more(shown, holdings, context)
    if len(shown) >= LEAST:
        yield from _numbers_left_out(shown)
        yield from _same_day(shown)
        yield from _one_style(shown)


def _claimed_more(shown: Sequence[Inquiry], holdings: Holdings, context: Context) -> Iterator[Note]:
    """Ask where the agency itself says that it received more questions than it shows."""
    names = [spec.name for spec in context.component.inputs if spec.role == "den"]
    for claim in holdings.submitted:
        if claim.component != context.component.code:
            continue
        for name in names:
            said = claim.inputs.get(name)
            if isinstance(said, Fraction) and said > len(shown):
                text = f"Cơ quan báo cáo {said} câu hỏi đã tiếp nhận, trên cổng hiển thị {len(shown)}."
                yield Note(key="question-received-more", text=text, count=int(said), basis=(claim.seen,))


def _numbers_left_out(shown: Sequence[Inquiry]) -> Iterator[Note]:
    """Ask about gaps where the addresses number the questions themselves: most numbers are there."""
    numbers = {int(m[1]) for each in shown if (m := _NUMBER.search(each.identity)) is not None}
    if len(numbers) < LEAST:
        return
    span = max(numbers) - min(numbers) + 1
    lacking = span - len(numbers)
    if 0 < lacking <= len(numbers):
        text = f"Mã câu hỏi từ {min(numbers)} đến {max(numbers)}, {lacking} mã không hiển thị."
        yield Note(key="question-gaps", text=text, count=lacking, basis=(shown[0].seen, shown[-1].seen))


def _same_day(shown: Sequence[Inquiry]) -> Iterator[Note]:
    answered = [each for each in shown if each.answered is not None and each.printed]
    if len(answered) >= LEAST and all(each.answered == each.asked for each in answered):
        text = f"Cả {len(answered)} câu trả lời in cùng ngày với câu hỏi."
        yield Note(key="question-same-day", text=text, count=len(answered), basis=_places(answered))


def _one_style(shown: Sequence[Inquiry]) -> Iterator[Note]:
    heads = Counter(" ".join(k2(each.title).split()[:_HEAD]) for each in shown if each.title)
    head, times = heads.most_common(1)[0] if heads else ("", 0)
    if len(head.split()) == _HEAD and times >= LEAST and times * 100 >= _SERIES_PERCENT * len(shown):
        text = f"{times} trên {len(shown)} câu hỏi mở đầu bằng cùng những chữ."
        yield Note(key="question-one-style", text=text, count=times, basis=_places(shown))


def _places(inquiries: Sequence[Inquiry]) -> tuple[Locator, ...]:
    return tuple(each.seen for each in inquiries)
