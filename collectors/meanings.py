"""What a figure's meaning says about its basis, for drivers that are told meanings by a profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from collectors.service_answers import Basis
from minhchung.dossiers import MEANINGS
from minhchung.errors import UnrecognisedError

_RESOLVED: Final = frozenset(
    {
        "resolved",
        "resolved_early",
        "resolved_on_time",
        "resolved_overdue",
        "resolved_in_time",
        "resolved_digitised",
    }
)
_SNAPSHOT: Final = frozenset({"open", "open_in_time", "open_overdue", "paused", "supplement"})
COVERAGE: Final = frozenset({"procedures", "level_1", "level_2", "level_3", "level_4", "full", "partial"})


def basis_of(meaning: str) -> Basis:
    """Return on which day a dossier is counted for a figure of this meaning."""
    return "resolved" if meaning in _RESOLVED else "snapshot" if meaning in _SNAPSHOT else "received"


def by_basis(figures: Mapping[str, str]) -> dict[Basis, dict[str, str]]:
    """Return a profile's figures (meaning -> key) by basis; raises UnrecognisedError for no known meaning."""
    sorted_out: dict[Basis, dict[str, str]] = {}
    for meaning, key in figures.items():
        if meaning not in MEANINGS:
            raise UnrecognisedError(f"hồ sơ đọc không biết nghĩa số liệu {meaning!r}")
        sorted_out.setdefault(basis_of(meaning), {})[meaning] = key
    return sorted_out


def rates_of(rates: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Return a profile's percentages (label -> `numerator/denominator` in meanings) as tallies carry them.

    A percentage without a ratio is only kept as printed.
    """
    return tuple((label, *_halves(ratio)) for label, ratio in rates.items() if ratio)


def _halves(ratio: str) -> tuple[str, str]:
    num, _, den = ratio.partition("/")
    if not den or not MEANINGS.issuperset((*num.split("+"), *den.split("+"))):
        raise UnrecognisedError(f"tỷ lệ {ratio!r} của hồ sơ đọc không có dạng tử/mẫu bằng các nghĩa đã biết")
    return num, den
