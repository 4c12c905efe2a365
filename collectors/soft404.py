"""Soft 404: an answer of status 200 that says there is no such page, or is the home page once more (G12)."""

from __future__ import annotations

from typing import Final

from minhchung.observations import SitePage
from minhchung.text_keys import k2

SHORT: Final = 300
"""Characters of a main text that may be nothing but an error message."""

LONG: Final = 1000
"""Characters of a main text with which a page says more than that it is not there."""

_FRAME: Final = frozenset({"nav", "header", "footer", "form"})
_SAYINGS: Final = tuple(
    map(
        k2,
        (
            "không tìm thấy trang",
            "trang không tồn tại",
            "trang không tìm thấy",
            "lỗi hệ thống",
            "page not found",
        ),
    )
)
_SHORT_SAYINGS: Final = (*_SAYINGS, k2("không tìm thấy"))


def main_text(page: SitePage) -> str:
    """Return the k2 of what a page says outside its frame."""
    return k2(_shown(page))


class NotFound:
    """Knows what a portal answers when there is nothing."""

    def __init__(self) -> None:
        """Begin without knowing the portal."""
        self._same: set[str] = set()

    def learn(self, page: SitePage) -> None:
        """Take the home page, or the answer to an address that cannot exist."""
        if text := _shown(page):
            self._same.add(text)

    def is_missing(self, page: SitePage) -> bool:
        """Say whether a page that answered well is none."""
        text = _shown(page)
        if text in self._same:
            return True
        if len(text) > LONG:
            return False  # an article may be about errors
        named = k2(" ".join((page.title, *(h.text for h in page.headings if h.tag == "h1"))))
        if any(_says(named, saying) for saying in _SAYINGS):
            return True
        return len(text) < SHORT and any(_says(k2(text), saying) for saying in _SHORT_SAYINGS)


def _shown(page: SitePage) -> str:
    """Return the main text as it stands: two answers of one template are equal letter by letter."""
    return " ".join(block.text for block in page.blocks if block.region not in _FRAME)


def _says(key: str, saying: str) -> bool:
    return f" {saying} " in f" {key} "
