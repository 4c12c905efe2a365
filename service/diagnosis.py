"""One thing that `doctor` looked at: sound, worth a remark, or a fault with its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["ok", "remark", "fault"]

Text = tuple[str, str]
"""Vietnamese and English."""

NOTHING: Final[Text] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing looked at."""

    key: str
    level: Level
    text: Text
    remedy: Text = NOTHING


def sound(key: str, vi: str, en: str) -> Diagnosis:
    """Return the diagnosis that all is well."""
    return Diagnosis(key=key, level="ok", text=(vi, en))
