"""What the verifier finds: in both languages, with the weight that decides the exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal["fault", "difference", "unsettled", "remark"]
"""fault: not what was sealed; difference: recomputed otherwise; unsettled: this bundle cannot show it;
remark: good to know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, where, in words."""

    weight: Weight
    code: str
    where: str
    vi: str
    en: str


class BrokenError(ValueError):
    """The bundle is so damaged that nothing further can be said of it."""

    def __init__(self, code: str, where: str, vi: str, en: str) -> None:
        super().__init__(en)
        self.finding = Finding("fault", code, where, vi, en)


def fault(code: str, where: str, vi: str, en: str) -> Finding:
    """Return a fault."""
    return Finding("fault", code, where, vi, en)


def remark(code: str, where: str, vi: str, en: str) -> Finding:
    """Return a remark."""
    return Finding("remark", code, where, vi, en)
