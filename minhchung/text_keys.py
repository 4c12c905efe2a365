"""Keys under which two spellings of the same Vietnamese words are equal.

`k1` keeps the accents, `k2` folds them. Both are sequences of words joined by one blank, so that a
term matches when its words stand contiguously.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final

TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_WORD: Final = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_Y_ENDING: Final = re.compile(r"^(k|l|m|h|t|s|v|qu)y$")


def clean(text: str) -> str:
    """Return the text decoded of entities, in NFC, without invisible and direction marks."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", unicodedata.normalize("NFC", html.unescape(text))))


def _words(text: str) -> list[str]:
    folded = clean(text).casefold().replace("\u00f0", "\u0111")
    return _WORD.findall(unicodedata.normalize("NFC", folded))


def _word_k1(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in decomposed if c in TONES)
    base = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES))
    if _Y_ENDING.match(base):
        base = base[:-1] + "i"
    return base + tones


def _word_k2(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    base = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("\u0111", "d")
    return base[:-1] + "i" if _Y_ENDING.match(base) else base


_word_k1_kept = lru_cache(maxsize=65_536)(_word_k1)
_word_k2_kept = lru_cache(maxsize=65_536)(_word_k2)


def k1(text: str) -> str:
    """Return the key that keeps accents: "hoà" and "hòa", "quy" and "qui" are equal."""
    return " ".join(map(_word_k1_kept, _words(text)))


def k2(text: str) -> str:
    """Return the folded key: no accents, đ as d."""
    return " ".join(map(_word_k2_kept, _words(text)))


_LIKE_LATIN: Final = str.maketrans(
    "аеорсухіјѕһԁѵαορνιυκτβηмтнвкАЕОРСУХІЈЅНВКМТΑΒΕΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdvaopviuktbnmthbkAEOPCYXIJSHBKMTABEHIKMNOPTYX",
)
"""Letters of Cyrillic and Greek that look like Latin ones."""


def look(text: str) -> str:
    """Return the key under which names are equal that a person reads alike, in whatever letters typed."""
    return k2(unicodedata.normalize("NFKC", text).translate(_LIKE_LATIN))


def holds(key: str, term: str) -> bool:
    """Say whether the words of one key stand contiguously, as whole words, in another."""
    return bool(term) and f" {term} " in f" {key} "


def accented(text: str) -> bool:
    """Say whether the text holds at least one accented Vietnamese letter."""
    return any(
        c in "đĐ" or unicodedata.decomposition(c) for c in unicodedata.normalize("NFC", text) if c.isalpha()
    )
