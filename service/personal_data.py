"""Which texts hold personal data of citizens, and what is shown instead: one rule for all that is derived.

The rule reads text alone. Telephone numbers and e-mail addresses stand on every portal, in the footer, and
are the agency's own; they are a citizen's where words about an asker stand close by, and anywhere in what
citizens write. A number that is named as an identity card's is personal anywhere; a name is where a word
about an asker goes before it and, in what citizens write, a form of address.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from functools import cache
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from collectors.charset import text as characters
from minhchung.blinding import MARK
from minhchung.personal import PersonalData
from minhchung.text_keys import holds, k2

MOST_BYTES: Final = 5_000_000
"""A larger payload is no page; it is searched only this far."""

PHONE: Final = re.compile(r"(?<![\w.+/-])(?:\+?84|0)(?:[ .-]?\d){8,10}(?![\w/-])")
EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
IDENTITY: Final = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")

_CITIZEN_NUMBER: Final = re.compile(r"0\d{2}[0-3]\d{8}")
"""A citizen's number: province, century and sex, year of birth, six digits (Decree 137/2015, article 13)."""

_TAGS: Final = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]{0,20000}>")
_TEXTUAL: Final = ("text/", "application/json", "application/xhtml", "application/xml")
_CAPITALS: Final = "".join(c for c in map(chr, (*range(0x41, 0x1B0), *range(0x1EA0, 0x1EFA))) if c.isupper())
_WORD: Final = rf"[{_CAPITALS}][^\W\d_]*"

_BETWEEN: Final = r"(?:<[^<>]{0,200}>|&\w{2,8};|[^\w<&]){1,12}"
"""What may stand between a label and what it labels, also in markup."""

_NAME: Final = rf"{_WORD}(?:[ \u00a0]{_WORD}){{1,4}}"


class PersonalRule:
    """Finds and masks citizens' data by the words of the configuration."""

    def __init__(self, words: PersonalData) -> None:
        """Take the words."""
        self._words = words
        self._askers = _any(words.asker_terms)
        self._identities = _any(words.identity_terms)
        askers = _alternatives(words.asker_terms)
        self._named = re.compile(rf"(?P<term>(?i:{askers}){_BETWEEN})(?P<name>{_NAME})")
        self._addressed = re.compile(
            rf"(?P<term>\b(?i:{_alternatives(words.address_terms)})[ \u00a0]+)(?P<name>{_NAME})"
        )
        self._lists = tuple(map(k2, words.lists))
        self._field_keys = frozenset(map(_letters, words.field_keys))

    def found_in(self, payload: bytes, content_type: str, *, questions: bool) -> tuple[str, ...]:
        """Return what a payload holds: `phone`, `email`, `identity`, `name`; files are not read.

        `questions`: a reader saw a citizen's question on this page.
        """
        if not is_text(content_type):
            return ()
        text = re.sub(r"\s+", " ", _read(payload, content_type, between=" "))
        askers = _places(self._askers, text)
        kinds = []
        for kind, pattern in (("phone", PHONE), ("email", EMAIL)):
            if any(questions or self._near(match, askers) for match in pattern.finditer(text)):
                kinds.append(kind)
        named = _places(self._identities, text)
        if any(self._near(match, named) for match in IDENTITY.finditer(text)):
            kinds.append("identity")
        # Heads of office are named in the same words; beside a citizen's contacts a name is the citizen's.
        if (kinds or questions) and self._named.search(text):
            kinds.append("name")
        return tuple(kinds)

    def found_in_address(self, url: str) -> tuple[str, ...]:
        """Return what kinds of personal data an address holds: one that was asked for with somebody's data.

        `field` is a value whose key says that it is an applicant's, whatever it looks like.
        """
        pairs = parse_qsl(urlsplit(url).query.replace(";", "&"))
        values = [part for pair in pairs for part in pair]
        shapes = {"phone": PHONE, "email": EMAIL, "identity": _CITIZEN_NUMBER}
        kinds = [kind for kind, shape in shapes.items() if any(map(shape.fullmatch, values))]
        if any(_letters(key) in self._field_keys for key, _ in pairs):
            kinds.append("field")
        return tuple(kinds)

    def named_in(self, payload: bytes, content_type: str) -> frozenset[str]:
        """Return the names that stand after a word about an asker, also in another cell than the word."""
        text = _read(payload, content_type, between="\n")
        return frozenset(match["name"] for match in self._named.finditer(text))

    def of_citizens(self, *headings: str) -> bool:
        """Say whether a list of one of these headings holds what citizens write."""
        return any(holds(k2(heading), word) for heading in headings for word in self._lists)

    def masked(self, text: str, *, citizens: bool = False) -> str:
        """Return a text with citizens' data made unreadable; `citizens`: they wrote it."""
        text = self._named.sub(_mask_name, text)
        if citizens:
            return masked(self._addressed.sub(_mask_name, text))
        for pattern, terms in ((EMAIL, self._askers), (PHONE, self._askers), (IDENTITY, self._identities)):
            places = _places(terms, text)
            if places:
                text = self._masked_near(pattern, places, text)
        return text

    def _masked_near(self, pattern: re.Pattern[str], places: list[tuple[int, int]], text: str) -> str:
        return pattern.sub(lambda match: _mask(match) if self._near(match, places) else match[0], text)

    def _near(self, match: re.Match[str], places: list[tuple[int, int]]) -> bool:
        first, last = match.span()
        near = self._words.near
        return any(last + near >= begin and end + near >= first for begin, end in places)


def is_text(content_type: str) -> bool:
    """Say whether a payload is read as text: what says nothing of itself is."""
    return not content_type or content_type.casefold().startswith(_TEXTUAL)


def _read(payload: bytes, content_type: str, *, between: str) -> str:
    """Return a payload's text with its letters as letters; `between` stands for each tag."""
    return legible(_TAGS.sub(between, characters(payload[:MOST_BYTES], content_type)), content_type)


def legible(text: str, content_type: str) -> str:
    """Return text with its letters as letters, where markup or JSON writes them as numbers or names."""
    if "json" in content_type:
        try:
            return json.dumps(json.loads(text), ensure_ascii=False, indent=1)
        except (ValueError, RecursionError):
            pass
    return unicodedata.normalize("NFC", html.unescape(text))


@cache
def rule_of(words: PersonalData) -> PersonalRule:
    """Return the rule of these words, built once."""
    return PersonalRule(words)


def masked(text: str) -> str:
    """Return a text with every telephone number, address and identity number made unreadable."""
    for pattern in (EMAIL, PHONE, IDENTITY):
        text = pattern.sub(_mask, text)
    return text


def _mask(match: re.Match[str]) -> str:
    return re.sub(r"\w", MARK, match.group())


def _mask_name(match: re.Match[str]) -> str:
    return match["term"] + re.sub(r"\w", MARK, match["name"])


def _letters(key: str) -> str:
    """Return a field's name without accents and signs: `ho_ten`, `hoTen` and `Họ tên` are one."""
    return k2(key).replace(" ", "").replace("_", "")


def _alternatives(terms: tuple[str, ...]) -> str:
    longest_first = sorted(terms, key=len, reverse=True)
    return "|".join(map(re.escape, longest_first)) or r"(?!)"


def _any(terms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_alternatives(terms), re.IGNORECASE)


def _places(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]
