"""What is taken out of a page behind a login before it is sealed: everything that may be of an applicant.

Stricter than `personal_data`: nothing there was published, so that a number masked in vain costs nothing and
one that is left costs somebody their privacy. The sealed record is what is masked here, not a view of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from minhchung.blinding import MARK
from minhchung.personal import PersonalData
from minhchung.text_keys import holds, k2
from service.config_files import parse, read_bytes
from service.personal_data import EMAIL
from service.settings import Settings

DIGITS: Final = re.compile(
    r"(?<![\w.,/-])(?!\d\d?\.\d\d?\.\d{4})\+?\d(?:[ .\u00a0]?\d){8,}(?!\w)"
    r"|(?<![\w.,/-])(?:\+?84|0)(?:[ .\u00a0-]?\d){8,10}(?![\w/-])"
    r"|(?<!\d)\d{9,}(?!\d)"
)
"""Telephones and identity numbers, with or without blanks and points: nine digits or more in one run."""

_IDENTITY_LENGTHS: Final = frozenset({9, 12})
_LONGEST_LABEL: Final = 80
_AFTER: Final = r"[ \u00a0]*[:：][ \u00a0]*(?P<value>[^\n\r;,|<>(){}]{1,80})"
_CAPITAL: Final = "".join(c for c in map(chr, (*range(0x41, 0x1B0), *range(0x1EA0, 0x1EFA))) if c.isupper())
_COMPACT: Final = re.compile(r"[^a-z0-9]+")


class ApplicantRule:
    """Finds what may be an applicant's by the words of the configuration; a collector's `Personal`."""

    def __init__(self, words: PersonalData) -> None:
        """Take the words."""
        terms = (*words.asker_terms, *words.identity_terms, *words.field_terms)
        self._labels = tuple(dict.fromkeys(map(k2, terms)))
        self._keys = tuple(_COMPACT.sub("", key.casefold()) for key in words.field_keys)
        self._after = re.compile(f"(?i:{_alternatives(terms)}){_AFTER}")
        self._names = _names(words.family_names)
        self._addressed = re.compile(
            rf"\b(?i:{_alternatives(words.address_terms)})[ \u00a0]+"
            rf"(?P<value>[{_CAPITAL}][^\W\d_]*(?:[ \u00a0][{_CAPITAL}][^\W\d_]*){{1,4}})"
        )

    def labels(self, words: str) -> bool:
        """Say whether what stands beside these words is personal."""
        key = k2(words[:_LONGEST_LABEL]) if len(words) <= _LONGEST_LABEL else ""
        return bool(key) and any(holds(key, term) for term in self._labels)

    def keys(self, name: str) -> bool:
        """Say whether what goes by this name of a field is personal."""
        compact = _COMPACT.sub("", _folded(name).casefold())
        return bool(compact) and any(key in compact for key in self._keys)

    def hidden(self, text: str) -> tuple[str, Mapping[str, int]]:
        """Return a text without personal data, and how often each kind was found; its length stays."""
        found: Counter[str] = Counter()

        def whole(kind: str) -> _Mask:
            return _Mask(found, kind)

        text = EMAIL.sub(whole("email"), text)
        text = DIGITS.sub(lambda m: whole(_kind_of_number(m[0]))(m), text)
        text = self._after.sub(whole("labelled"), text)
        text = self._addressed.sub(whole("name"), text)
        return self._names.sub(whole("name"), text), found


class _Mask:
    """Masks a match, or the value in it, and counts it."""

    def __init__(self, found: Counter[str], kind: str) -> None:
        self._found, self._kind = found, kind

    def __call__(self, match: re.Match[str]) -> str:
        begin, end = match.span("value" if "value" in match.re.groupindex else 0)
        before, value = match[0][: begin - match.start()], match.string[begin:end]
        masked = re.sub(r"\w", MARK, value)
        if masked != value:
            self._found[self._kind] += 1
        return before + masked + match[0][end - match.start() :]


def _kind_of_number(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return "identity" if len(digits) in _IDENTITY_LENGTHS and not text.startswith("+") else "phone"


def _names(families: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of a name: a family name with one to four capitalised words, accented or not."""
    forms = {form for each in families for form in (each, _folded(each))}
    every = {case for form in forms for case in (form, form.upper())}
    first = "|".join(map(re.escape, sorted(every, key=len, reverse=True))) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{first})(?:[ \u00a0]+[{_CAPITAL}][^\W\d_]*){{1,5}}(?!\w)")


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _alternatives(terms: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(terms, key=len, reverse=True))) or r"(?!)"


def applicants(settings: Settings) -> ApplicantRule:
    """Return the rule by the words that stand in the configuration now."""
    path = settings.file("personal_data.toml")
    return _rule(parse(str(path), read_bytes(path), PersonalData))


@cache
def _rule(words: PersonalData) -> ApplicantRule:
    return ApplicantRule(words)
