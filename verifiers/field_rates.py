"""A field that most rows of a list showed and that hardly one shows any more: the layout changed (HD.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from minhchung.evidence import RunId
from minhchung.holdings import Holdings
from minhchung.observations import Directive, LegalDocument
from verifiers.interface import Context

SHOWN_PERCENT: Final = 80
LOST_PERCENT: Final = 20

_FIELDS: Final[Mapping[str, str]] = {
    "loai_van_ban": "doc_type",
    "co_quan_ban_hanh": "issuer",
    "so_ky_hieu": "number",
    "ngay_ban_hanh": "issued",
    "ngay_hieu_luc": "effective",
    "trich_yeu": "summary",
    "tep_dinh_kem": "attachments",
}
"""Name of an attribute -> the field a row shows it in."""

Row = LegalDocument | Directive


def vanished(holdings: Holdings, lists: Iterable[str], context: Context) -> frozenset[str]:
    """Return the attributes that at least 80 % of a list's rows showed once, and under 20 % show now.

    Only passes with enough rows to speak of (`few_cases`) are compared.
    """
    found: set[str] = set()
    for url in lists:
        passes = _rows(holdings, url)
        told = [rows for _, rows in sorted(passes.items()) if len(rows) >= context.common.few_cases]
        for name, field in _FIELDS.items():
            found |= {name} if _is_lost([_percent(rows, field) for rows in told]) else set()
    return frozenset(found)


def _is_lost(percents: list[int]) -> bool:
    """Say whether the last passes show what an earlier one showed no more."""
    was = next((n for n, percent in enumerate(percents) if percent >= SHOWN_PERCENT), None)
    return was is not None and percents[-1] < LOST_PERCENT


def _rows(holdings: Holdings, url: str) -> Mapping[RunId, list[Row]]:
    found: dict[RunId, list[Row]] = {}
    for each in holdings.observations:
        if isinstance(each, LegalDocument | Directive) and each.part == "row" and each.list_url == url:
            found.setdefault(each.run, []).append(each)
    return found


def _percent(rows: list[Row], field: str) -> int:
    return 100 * sum(bool(getattr(row, field)) for row in rows) // len(rows)
