"""Days as Vietnamese portals print them, and why a text that looks like one is none.

Every form is read day first unless the profile says month first; ISO is always ISO. A two-digit year, an
impossible day and a span too coarse for a day ("1 năm trước") are refused with the reason. A day in the
future is returned: verifiers judge it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, Literal
from zoneinfo import ZoneInfo

from collectors.reading.texts import tidy
from minhchung.text_keys import k2

LOCAL: Final = ZoneInfo("Asia/Ho_Chi_Minh")

Refusal = Literal["", "impossible", "two-digit-year", "imprecise", "none"]
Order = Literal["dmy", "mdy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day met in a text."""

    day: date | None
    printed: str
    reason: Refusal = ""
    """Why it is no day."""

    start: int = 0
    end: int = 0
    """Where it stands in the text, in characters."""

    clock: bool = False
    """It is followed by GMT or UTC and a sign, or called today: a page clock."""

    @property
    def text(self) -> str:
        """Return what was printed, and after a colon why it is no day."""
        return f"{self.printed}: {self.reason}" if self.reason else self.printed


_MONTH_WORDS: Final = {
    "mot": 1, "gieng": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5,
    "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ENGLISH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WORD_MONTH: Final = (
    r"(?:m[uườ]{1,2}[ơờ]?i(?:\s+(?:m[oộ]t|hai))?|m[oộ]t|gi[eê]ng|hai|ba|t[uư]|n[aă]m|s[aá]u|b[aả]y|t[aá]m"
    r"|ch[ií]n|ch[aạ]p)"
)
_MONTH: Final = rf"(?:\d{{1,2}}|{_WORD_MONTH})"
_FORMS: Final = (
    # 2021-07-12T08:30:00.123456+07:00, 2021-07-12 08:30, 2021-07-12
    r"(?P<iy>(?:19|20)\d{2})[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})(?!\d)"
    r"(?:(?:T|\s)(?P<ih>\d{2}):(?P<imin>\d{2})(?::\d{2}(?:\.\d{1,9})?)?\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    # 12/07/2021, 12-7-2021, 12.07.2021, 12/7/21
    r"(?P<a>\d{1,2})\s?(?P<sep>[/.-])\s?(?P<b>\d{1,2})\s?(?P=sep)\s?(?P<y>\d{4}|\d{2})(?![\d/]|-\d|\.\d)",
    # ngày 27 tháng 9 năm 2017, 4 tháng 11, 2024, 5 Tháng Mười 2021
    rf"(?P<vd>\d{{1,2}})\s+th[aá]ng\s+(?P<vm>{_MONTH})\s*(?:,|/|-|n[aă]m)?\s*(?P<vy>\d{{4}})(?!\d)",
    # tháng 11 6, 2024, Tháng Mười 5, 2021
    rf"th[aá]ng\s+(?P<tm>{_MONTH})\s+(?P<td>\d{{1,2}})\s*,\s*(?P<ty>\d{{4}})(?!\d)",
    # October 5, 2021 and 5 October 2021
    rf"(?P<em>{_ENGLISH})\s+(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<ey>\d{{4}})(?!\d)",
    rf"(?P<fd>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<fm>{_ENGLISH})[\s,-]+(?P<fy>\d{{4}})(?!\d)",
)
_ANY: Final = re.compile(r"(?<![\d/.])(?:" + "|".join(_FORMS) + ")", re.IGNORECASE)
_HAS_DIGIT_RUN: Final = re.compile(r"\d{4}|\d[/.-]\d")
_AFTER_CLOCK: Final = re.compile(
    r"^[\s|,\-–]*(?:\d{1,2}:\d{2}(?::\d{2})?)?[\s,]*\(?(?:GMT|UTC)\s*[+-]", re.IGNORECASE
)
_AFTER_OFFSET: Final = re.compile(
    r"^[\s,]*(?P<h>\d{1,2}):(?P<m>\d{2})(?::\d{2})?\s*(?P<zone>\(?[+-]\d{2}:?\d{2}\)?|Z|GMT|UTC)(?![\w+-])"
)
_TODAY: Final = re.compile(r"(?<!\w)(?:hôm nay|bây giờ|hiện tại)(?!\w)", re.IGNORECASE)
"""What stands before the day of a page clock."""

_RELATIVE: Final = re.compile(
    r"(?<!\w)(?P<n>\d{1,4}|một|mot)\s+(?P<unit>giây|giay|phút|phut|giờ|gio|tiếng|ngày|ngay|tuần|tuan|tháng|thang|năm|nam)"
    r"\s+trước(?!\w)",
    re.IGNORECASE,
)
_NOW: Final = re.compile(r"(?<!\w)(?:vừa xong|vừa mới đăng|hôm nay|hôm qua|hôm kia)(?!\w)", re.IGNORECASE)
_ABSENT: Final = frozenset(
    ("", "n a", "na", "khong", "khong co", "khong xac dinh", "dang cap nhat", "chua xac dinh", "null", "none")
)
_STAMP: Final = re.compile(r"^(?:/Date\()?(?P<n>\d{10}|\d{13})(?:[+-]\d{4})?(?:\)/)?$")
_YEARS: Final = range(1945, 2100)


def find_days(text: str, order: str = "dmy") -> Iterator[Day]:
    """Yield every day printed in a text, in order; relative ones are not among them."""
    if _HAS_DIGIT_RUN.search(text) is None:
        return
    for match in _ANY.finditer(text):
        day, reason = _judge(match, order)
        rest = text[match.end() : match.end() + 40]
        if day is not None and (offset := _AFTER_OFFSET.match(rest)) is not None:
            day = _shifted(day, int(offset["h"]), int(offset["m"]), offset["zone"].strip("()"))
        yield Day(
            day=day,
            printed=match[0],
            reason=reason,
            start=match.start(),
            end=match.end(),
            clock=_AFTER_CLOCK.match(rest) is not None or _TODAY.search(text[: match.start()]) is not None,
        )


def read_day(text: str, order: str = "dmy", captured_at: datetime | None = None) -> Day:
    """Return the day that a value prints: its first one, or a relative one counted from the capture time.

    A text that names no day, `N/A` for one, gives no day with the reason `none`.
    """
    text = tidy(text)
    if (stamp := _STAMP.match(text)) is not None:
        seconds = int(stamp["n"]) // (1000 if len(stamp["n"]) == 13 else 1)
        return Day(day=datetime.fromtimestamp(seconds, UTC).astimezone(LOCAL).date(), printed=text)
    found = list(find_days(text, order))
    for day in found:
        if not day.clock and day.day is not None:
            return day
    if captured_at is not None and not any(day.clock for day in found):
        near = _relative(text, captured_at)
        if near is not None:
            return near
    for day in found:
        if not day.clock:
            return day
    return Day(day=None, printed=text[:80], reason="none")


def is_absent(text: str) -> bool:
    """Say whether a value says that there is none: `N/A`, "không có"."""
    return k2(text) in _ABSENT


def is_relative(text: str) -> bool:
    """Say whether a text tells a moment by its distance: "3 giờ trước"."""
    return _RELATIVE.search(text) is not None or _NOW.search(text) is not None


def _judge(match: re.Match[str], order: str) -> tuple[date | None, Refusal]:
    """Return the day of a match, or why it is none."""
    part = match.groupdict()
    if part["iy"]:
        day, reason = _made(part["iy"], part["im"], part["id"])
        if day is not None and part["zone"] and part["ih"]:
            return _shifted(day, int(part["ih"]), int(part["imin"]), part["zone"]), reason
        return day, reason
    if part["y"]:
        if len(part["y"]) == 2:
            return None, "two-digit-year"
        first, second = (part["a"], part["b"]) if order != "mdy" else (part["b"], part["a"])
        return _made(part["y"], second, first)
    for prefix in "vtef":
        if year := part[f"{prefix}y"]:
            return _made(year, _month(part[f"{prefix}m"]), part[f"{prefix}d"])
    return None, "impossible"


def _made(year: str, month: str | int, day: str) -> tuple[date | None, Refusal]:
    try:
        made = date(int(year), int(month), int(day))
    except ValueError:
        return None, "impossible"
    return (made, "") if made.year in _YEARS else (None, "impossible")


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    key = k2(word)
    return _MONTH_WORDS.get(key) or _MONTH_WORDS.get(key[:3], 0)


def _shifted(day: date, hour: int, minute: int, zone: str) -> date:
    """Return the local day of a moment that was printed with its offset."""
    offset = timedelta(0)
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
        offset = -offset if zone[0] == "-" else offset
    try:
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone(offset))
    except ValueError:
        return day
    return moment.astimezone(LOCAL).date()


def _relative(text: str, captured_at: datetime) -> Day | None:
    """Return the day of "3 giờ trước"; weeks and more are too coarse for a day."""
    if (near := _NOW.search(text)) is not None:
        back = {"hom qua": 1, "hom kia": 2}.get(k2(near[0]), 0)
        return _counted(near, captured_at, timedelta(days=back))
    if (match := _RELATIVE.search(text)) is None:
        return None
    count = int(match["n"]) if match["n"].isdigit() else 1
    match k2(match["unit"]):
        case "giai" | "giay":
            return _counted(match, captured_at, timedelta(seconds=count))
        case "phut":
            return _counted(match, captured_at, timedelta(minutes=count))
        case "gio" | "tieng":
            return _counted(match, captured_at, timedelta(hours=count))
        case "ngay" | "ngai":
            return _counted(match, captured_at, timedelta(days=count))
        case _:
            return Day(day=None, printed=match[0], reason="imprecise", start=match.start(), end=match.end())


def _counted(match: re.Match[str], captured_at: datetime, back: timedelta) -> Day:
    day = (captured_at - back).astimezone(LOCAL).date()
    return Day(day=day, printed=match[0], start=match.start(), end=match.end())
