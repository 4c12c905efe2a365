"""Traps: addresses without end that lead nowhere new, cut by rule and told by name.

A calendar, a counter, a pager, a session id or a relative link into itself makes a site of any size.
What is cut is counted by rule and shape, so that the report can say what was left out and why.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Final, Literal
from urllib.parse import urlsplit

from collectors.addresses import pattern_of

Rule = Literal["calendar", "paging", "counter", "folders", "session"]

SAME_PATTERN: Final = 60
"""Site pages whose addresses differ in numbers and values only: beyond it lies a calendar or a trap."""

SAME_TEXT: Final = 5
"""Pages of one text whose addresses differ in a session's mark only: more of them are not asked for."""

MOST_REPEATS: Final = 3
"""Times that one folder may stand in a path."""

MOST_FOLDERS: Final = 20
MOST_TOLD: Final = 8
"""Shapes that a report tells; of the rest it says how many."""

NAMES: Final[dict[Rule, str]] = {
    "calendar": "lịch",
    "paging": "phân trang",
    "counter": "đánh số",
    "folders": "thư mục lặp",
    "session": "mã phiên",
}
_CALENDAR: Final = re.compile(
    r"(?:^|[/?&_.-])(?:lich|calendar|cal|events?|su-?kien|thang|nam|ngay|tuan|month|year|date|day|week|tungay|denngay)"
    r"(?=$|[/?&=_.-])|/(?:19|20)\d\d/\d{1,2}(?:/|$)",
    re.IGNORECASE,
)
_PAGING: Final = re.compile(
    r"(?:^|[/?&_-])(?:page|trang|p|paged|cur|start|offset|pageindex|pagenumber)(?=$|[/?&=_#-])", re.IGNORECASE
)
_MARK: Final = re.compile(r"(?<==)(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16,}(?=&|$)")
"""A parameter's value that looks like a session's mark."""


class Traps:
    """What one visit has met of them."""

    def __init__(self) -> None:
        """Begin without knowing the portal."""
        self._patterns: Counter[str] = Counter()
        self._texts: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._shut: set[str] = set()
        self.cut: Counter[tuple[Rule, str]] = Counter()
        """(rule, shape) -> addresses left out."""

    def hold(self, url: str) -> bool:
        """Say whether an address is left out, and count it either way."""
        if _folds(url):
            self.cut["folders", pattern_of(url)[:80]] += 1
            return True
        if self._shut and (shape := _unmarked(url)) in self._shut:
            self.cut["session", shape] += 1
            return True
        pattern = pattern_of(url)
        if self._patterns[pattern] >= SAME_PATTERN:
            self.cut[rule_of(url), pattern] += 1
            return True
        self._patterns[pattern] += 1
        return False

    def learn(self, url: str, text: str) -> None:
        """Take the main text of a page: a session's mark that changes nothing is a trap."""
        shape = _unmarked(url)
        if shape == url or not text:
            return
        texts = self._texts[shape]
        texts[hash(text)] += 1
        if texts[hash(text)] >= SAME_TEXT:
            self._shut.add(shape)

    def notes(self) -> tuple[str, ...]:
        """Return what a report should say of them, dearest first."""
        told = [
            f"bẫy {NAMES[rule]}: bỏ qua {count} địa chỉ dạng {shape}"
            for (rule, shape), count in sorted(self.cut.items(), key=lambda each: (-each[1], each[0]))
        ]
        more = len(told) - MOST_TOLD
        return (*told[:MOST_TOLD], *([f"và {more} dạng bẫy khác"] if more > 0 else []))


def rule_of(url: str) -> Rule:
    """Return what the numbers in an address are likely to count."""
    parts = urlsplit(url)
    said = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if _CALENDAR.search(said):
        return "calendar"
    return "paging" if _PAGING.search(said) else "counter"


def _folds(url: str) -> bool:
    """Say whether a path leads into itself, as relative links without their slash do."""
    folders = [each for each in urlsplit(url).path.split("/") if each]
    if len(folders) <= MOST_REPEATS:
        return False
    return len(folders) > MOST_FOLDERS or max(Counter(folders).values()) > MOST_REPEATS


def _unmarked(url: str) -> str:
    """Return the address without the values that look like a session's mark."""
    return _MARK.sub("*", url) if "=" in url else url
