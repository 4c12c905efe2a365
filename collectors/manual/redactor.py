"""What is taken out before anything is sealed: credentials, and the data of applicants; and how often.

Whatever was once recognised, a password that was typed, a name in a column of names, is taken out wherever it
stands in what is sealed after. Masks keep the length of what they hide, so that places stay comparable.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol
from urllib.parse import unquote, unquote_plus, urlsplit, urlunsplit

from collectors.manual.secrets import (
    ADDRESSES,
    IN_ADDRESS,
    KEPT_REQUEST,
    KEPT_RESPONSE,
    REMOVED,
    is_secret_name,
    is_token,
    tokens_masked,
)

MARK: Final = "*"

_LINK: Final = re.compile(r"(?:https?://|\.{0,2}/)[^\s<>]*[?#;][^\s<>]*")
"""A whole text that is an address with parameters."""

_PLAIN_VALUE: Final = re.compile(r"\d{1,6}|true|false|asc|desc|vi|en", re.IGNORECASE)
_PLAIN_NAME: Final = re.compile(r"[\w.\[\]$:-]{1,40}")
_SHORTEST_SECRET: Final = 4
_SHORTEST_KNOWN: Final = 6

Headers = tuple[tuple[str, str], ...]


class Personal(Protocol):
    """The rule by which applicants' data is recognised; `service` keeps it."""

    def labels(self, words: str) -> bool:
        """Say whether what stands beside these words is personal: a label, a heading of a column."""
        ...

    def keys(self, name: str) -> bool:
        """Say whether what goes by this name of a field is personal."""
        ...

    def hidden(self, text: str) -> tuple[str, Mapping[str, int]]:
        """Return a text without personal data, every letter and digit of it masked, and the kinds found."""
        ...


class Redactor:
    """Redacts for one sighting and remembers what it met."""

    def __init__(self, personal: Personal) -> None:
        """Know nothing yet."""
        self.personal = personal
        self.counts: Counter[str] = Counter()
        self._secrets: set[str] = set()
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    @contextmanager
    def learning(self) -> Iterator[None]:
        """Look at what will be redacted later, to know all of it; nothing is counted."""
        before = Counter(self.counts)
        yield
        self.counts = before

    # --- what is known ---------------------------------------------------------------------------

    def learn_secrets(self, values: Iterable[str]) -> None:
        """Remember credentials: they are taken out wherever they stand."""
        self._learn(self._secrets, values, _SHORTEST_SECRET)

    def learn_personal(self, values: Iterable[str]) -> None:
        """Remember what a person typed or a label named: taken out wherever it stands, if it says enough."""
        telling = (v.strip() for v in values)
        self._learn(self._known, (v for v in telling if _tells(v)), _SHORTEST_KNOWN)

    def _learn(self, of: set[str], values: Iterable[str], shortest: int) -> None:
        fresh = {unicodedata.normalize("NFC", v) for v in values if len(v) >= shortest} - of
        if fresh:
            of |= fresh
            self._pattern = None

    def _met(self) -> re.Pattern[str]:
        if self._pattern is None:
            known = sorted(self._secrets | self._known, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, known)) or r"(?!)", re.IGNORECASE)
        return self._pattern

    # --- texts -----------------------------------------------------------------------------------

    def text(self, text: str) -> str:
        """Return a text without anything known or recognised; its length (in NFC) stays."""
        text = unicodedata.normalize("NFC", text)
        text = self._met().sub(self._mask_known, text)
        text, tokens = tokens_masked(text, MARK)
        self._count("credential", tokens)
        text, found = self.personal.hidden(text)
        for kind, times in found.items():
            self._count(kind, times)
        return text

    def said(self, text: str) -> str:
        """Return a text of an attribute or a field: redacted as an address where it is one with values."""
        return self.url(text) if _LINK.fullmatch(text) else self.text(text)

    def value(self, text: str) -> str:
        """Return what a label or a key named as personal, unreadable; it is remembered."""
        self.learn_personal((text,))
        masked = re.sub(r"\w", MARK, unicodedata.normalize("NFC", text))
        self._count("labelled", masked != text)
        return masked

    def _mask_known(self, match: re.Match[str]) -> str:
        self._count("credential" if match[0] in self._secrets else "labelled", 1)
        return re.sub(r"\w", MARK, match[0]) if re.search(r"\w", match[0]) else MARK * len(match[0])

    def _count(self, kind: str, times: int) -> None:
        if times:
            self.counts[kind] += int(times)

    # --- addresses and headers -------------------------------------------------------------------

    def url(self, url: str) -> str:
        """Return an address without user, values, tokens and personal data; names of parameters stay."""
        if not url.startswith(("http://", "https://", "/", "?", "#", "./", "../")) and ":" in url[:20]:
            kind = url.partition(":")[0]
            return url if kind == "about" else f"{kind}:{IN_ADDRESS}"
        try:
            parts = urlsplit(url)
        except ValueError:
            self._count("address", 1)
            return IN_ADDRESS
        path = "/".join(map(self._segment, parts.path.split("/")))
        query = "&".join(self._parameter(each) for each in parts.query.split("&")) if parts.query else ""
        fragment = parts.fragment
        if fragment and not fragment.startswith(("/", "!/")):
            self._count("address", 1)
            fragment = IN_ADDRESS
        elif fragment:
            fragment = "/".join(map(self._segment, fragment.partition("?")[0].split("/")))
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, query, fragment))

    def _segment(self, segment: str) -> str:
        bare, sign, _ = segment.partition(";")
        said = unquote(bare)
        clean = not sign and not is_token(said) and self.text(said) == unicodedata.normalize("NFC", said)
        if clean:
            return segment
        self._count("address", 1)
        return IN_ADDRESS if is_token(said) or self.text(said) != said else bare

    def _parameter(self, pair: str) -> str:
        name, sign, value = pair.partition("=")
        if sign and _PLAIN_NAME.fullmatch(unquote(name)) and not is_token(unquote(name)):
            said = unquote_plus(value)
            if not value or (_PLAIN_VALUE.fullmatch(said) and not is_secret_name(name)):
                return pair
            (self.learn_secrets if is_secret_name(name) else self.learn_personal)((said,))
            self._count("address", 1)
            return f"{name}={IN_ADDRESS}"
        self._count("address", 1)
        return IN_ADDRESS

    def headers(self, headers: Headers, *, sent: bool) -> Headers:
        """Return headers with the values of those alone that tell nothing about a person."""
        kept = KEPT_REQUEST if sent else KEPT_RESPONSE
        return tuple((name, self._header(name, value, kept)) for name, value in headers if name[:1] != ":")

    def _header(self, name: str, value: str, kept: frozenset[str]) -> str:
        folded = name.casefold()
        if folded in ADDRESSES:
            return self.url(value)
        if folded in kept:
            return value
        if folded in ("authorization", "proxy-authorization"):
            self.learn_secrets((value, value.rpartition(" ")[2]))
        if folded in ("cookie", "set-cookie"):
            self.learn_secrets(cookie_values(value, sent=folded == "cookie"))
        self._count("credential", 1)
        return REMOVED


def cookie_values(header: str, *, sent: bool) -> list[str]:
    """Return the values of cookies long enough to be told apart."""
    pairs = header.split(";") if sent else [line.partition(";")[0] for line in header.split("\n")]
    values = [pair.partition("=")[2].strip().strip('"') for pair in pairs]
    return [v for raw in values for v in {raw, unquote(raw)} if len(v) >= _SHORTEST_KNOWN]


def _tells(value: str) -> bool:
    """Say whether a value tells a person: two words, an address of mail, or many digits."""
    digits = sum(c.isdigit() for c in value)
    if len(value) > 200 or not any(c.isalnum() for c in value):
        return False
    return len(value.split()) > 1 or "@" in value or digits >= _SHORTEST_KNOWN
