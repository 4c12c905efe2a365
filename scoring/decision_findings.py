"""What recomputing a published decision brings to light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFinding:
    """One figure that does not follow, or follows only in one way."""

    code: str
    """rank, order, band, number, score, percent, weighted-sum, group-count, bloc-size, bloc-mean, shares,
    agencies, overall-mean, overall-band, mean-route, band-bounds, timeline."""

    severity: Literal["fault", "remark"]
    where: str
    printed: str
    recomputed: str
    text: str
    """One Vietnamese sentence."""


def fault(code: str, where: str, printed: object, recomputed: object, text: str) -> DecisionFinding:
    """Return a figure that does not follow from the tables."""
    return DecisionFinding(
        code=code,
        severity="fault",
        where=where,
        printed=str(printed),
        recomputed=str(recomputed),
        text=text,
    )


def remark(code: str, where: str, printed: object, recomputed: object, text: str) -> DecisionFinding:
    """Return something a reader should know although it is no fault."""
    return DecisionFinding(
        code=code,
        severity="remark",
        where=where,
        printed=str(printed),
        recomputed=str(recomputed),
        text=text,
    )
