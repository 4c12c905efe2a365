"""Text from anywhere, made fit to stand in a published document."""

from __future__ import annotations

import unicodedata
from typing import Final

_KEPT: Final = frozenset("\n\t")

_TURNING: Final = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)))
"""Marks that turn the direction of writing: they can make a printed figure read backwards."""


def plain(text: str) -> str:
    """Return the text in NFC without what no document may hold: controls, surrogates, turning marks."""
    return "".join(filter(_allowed, unicodedata.normalize("NFC", text)))


def _allowed(letter: str) -> bool:
    if letter in _KEPT:
        return True
    if letter in _TURNING or letter in "\ufffe\uffff":
        return False
    return unicodedata.category(letter) not in {"Cc", "Cs"}
