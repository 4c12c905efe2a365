"""Really empty is what a page says of itself; a page without rows that does not say so is something else."""

from __future__ import annotations

from typing import Final

from collectors.reading.page import Page
from minhchung.text_keys import k2

_MAIN: Final = frozenset(("main", "form"))
_NOTHING: Final = (
    "khong co du lieu", "chua co du lieu", "khong co ban ghi", "khong tim thay ban ghi", "khong co bai viet",
    "chua co bai viet", "khong co tin", "chua co tin", "khong co van ban", "chua co van ban",
    "khong co ket qua", "khong co cau hoi", "chua co cau hoi",
)  # fmt: skip
_UPDATING: Final = (
    "chua co noi dung", "khong co noi dung", "dang cap nhat", "noi dung dang duoc cap nhat",
    "noi dung dang cap nhat", "du lieu dang duoc cap nhat",
)  # fmt: skip


def has_empty_marker(page: Page, marker: str, *, said: bool = False) -> bool:
    """Say whether the page states that there is nothing to show.

    `said`: it must say so of records; "being updated" alone may stand on any page.
    """
    wanted = k2(marker)
    texts = (k2(b.text) for b in page.outline.blocks if len(b.text) < 160 and b.region in _MAIN)
    if wanted:
        return any(wanted in text for text in texts)
    starts = _NOTHING if said else _NOTHING + _UPDATING
    return any(text.startswith(starts) for text in texts)
