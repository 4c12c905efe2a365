"""Opening hours: when a server may be asked, in local time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from minhchung.periods import VIETNAM

DAY: Final = 24 * 60
_SPAN: Final = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHours:
    """A daily span; one that ends before it begins lasts over midnight."""

    first: int
    """Minutes after midnight, in."""

    last: int
    """Minutes after midnight, out."""

    @property
    def minutes(self) -> int:
        """Return how long it is open in a day."""
        return (self.last - self.first) % DAY or DAY

    def hold(self, moment: datetime) -> bool:
        """Say whether it is open at an aware instant."""
        local = moment.astimezone(VIETNAM)
        return (local.hour * 60 + local.minute - self.first) % DAY < self.minutes

    def __str__(self) -> str:
        """Return it as config writes it."""
        return f"{self.first // 60:02}:{self.first % 60:02}-{self.last // 60:02}:{self.last % 60:02}"


ALWAYS: Final = OpenHours(first=0, last=DAY)


def read_hours(text: str) -> OpenHours:
    """Return the hours that `22:00-06:00` means, always for nothing; raises ValueError."""
    if not text.strip():
        return ALWAYS
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no span of hours")
    begins, ends = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if begins > DAY or ends > DAY:
        raise ValueError(f"{text!r} is no span of hours of a day")
    return OpenHours(first=begins, last=ends)
