"""What looks odd about publicity items: many on one day, items of one paragraph (G16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from minhchung.measurements import Note
from verifiers.blocks import letters, own_blocks
from verifiers.item_pages import ItemPages
from verifiers.items import Whole


def ask_about_publicity(items: Sequence[Whole], pages: ItemPages, day_burst: int) -> Iterator[Note]:
    """Yield what a person should look at; every item of it was counted."""
    days = Counter(item.published for item in items if item.published is not None)
    crowded = sorted(day for day, times in days.items() if times >= day_burst)
    if crowded:
        text = f"Có từ {day_burst} bài trở lên trong một ngày: {', '.join(map(str, crowded))}."
        yield Note(key="question-day-burst", text=text, count=len(crowded))
    brief = [item for item in items if _of_one_paragraph(item, pages)]
    if brief:
        text = f"{len(brief)} bài chỉ có một đoạn văn."
        basis = tuple(item.seen for item in brief)
        yield Note(key="question-one-paragraph", text=text, count=len(brief), basis=basis)


def _of_one_paragraph(item: Whole, pages: ItemPages) -> bool:
    page = pages.page(item)
    if page is None:
        return False
    own = own_blocks(page, pages.boilerplate(page))
    return sum(block.tag not in {"h1", "h2", "h3"} and letters(block.text) > 0 for block in own) == 1
