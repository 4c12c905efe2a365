"""What looks odd about news: bursts before the close, full days, short items, titles made in series (G16)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low
from typing import Final, Protocol

from minhchung.measurements import Note
from minhchung.text_keys import k2
from verifiers.item_pages import ItemPages
from verifiers.items import Whole
from verifiers.publication import Posting

_FIGURES: Final = re.compile(r"\d+")


class Thresholds(Protocol):
    """From where on news are asked about: `config/verifiers/news_cadence.toml`."""

    @property
    def burst_days(self) -> int: ...
    @property
    def burst_percent(self) -> int: ...
    @property
    def day_burst(self) -> int: ...
    @property
    def short_characters(self) -> int: ...
    @property
    def title_series(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Odd:
    """The items that counted, and what is needed to look at them."""

    items: tuple[tuple[Whole, Posting], ...]
    pages: ItemPages
    close: date
    """The last day of the period."""


def ask_about_news(odd: Odd, settings: Thresholds) -> Iterator[Note]:
    """Yield what a person should look at; every item of it was counted."""
    if odd.items:
        yield from _bursts(odd, settings)
        yield from _back_dated(odd)
        yield from _short(odd, settings)
        yield from _series(odd, settings)


def _note(key: str, text: str, items: list[Whole]) -> Note:
    return Note(key=key, text=text, count=len(items), basis=tuple(item.seen for item in items))


def _bursts(odd: Odd, settings: Thresholds) -> Iterator[Note]:
    days = [where.day for _, where in odd.items]
    since = odd.close - timedelta(days=settings.burst_days - 1)
    late = [item for item, where in odd.items if where.day is not None and since <= where.day <= odd.close]
    if len(late) * 100 >= settings.burst_percent * len(days):
        text = f"{len(late)} trên {len(days)} tin dồn vào {settings.burst_days} ngày cuối kỳ."
        yield _note("question-burst", text, late)
    crowded = sorted(d for d, times in Counter(days).items() if d is not None and times >= settings.day_burst)
    if crowded:
        text = f"Có từ {settings.day_burst} tin trở lên trong một ngày: {', '.join(map(str, crowded))}."
        yield Note(key="question-day-burst", text=text, count=len(crowded))


def _back_dated(odd: Odd) -> Iterator[Note]:
    early = [item for item, where in odd.items if where.back_dated]
    if early:
        text = f"{len(early)} tin in ngày đăng sớm hơn lượt thu thập chưa có tin đó."
        yield _note("question-back-dated", text, early)


def _short(odd: Odd, settings: Thresholds) -> Iterator[Note]:
    """Ask about items filled in for the count: half of them say next to nothing."""
    read = [(item, page) for item, _ in odd.items if (page := odd.pages.page(item)) is not None]
    if not read:
        return
    lengths = {item.identity: odd.pages.characters(page) for item, page in read}
    middle = median_low(lengths.values())
    if middle < settings.short_characters:
        brief = [item for item, _ in read if lengths[item.identity] < settings.short_characters]
        text = f"Một nửa số tin dài chưa tới {settings.short_characters} ký tự (trung vị {middle})."
        yield _note("question-short", text, brief)


def _series(odd: Odd, settings: Thresholds) -> Iterator[Note]:
    """Ask about titles that differ in their figures alone: weather, prices, numbers of an issue."""
    shapes: dict[str, list[Whole]] = {}
    for item, _ in odd.items:
        shape = k2(_FIGURES.sub(" ", item.title))
        if shape:
            shapes.setdefault(shape, []).append(item)
    for items in shapes.values():
        if len(items) >= settings.title_series:
            text = f"{len(items)} tin có tiêu đề chỉ khác nhau ở con số, ví dụ “{items[0].title}”."
            yield _note("question-series", text, items)
