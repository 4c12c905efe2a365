"""Names under which credentials travel, and the look of a token: what is never sealed."""

from __future__ import annotations

import re
from typing import Final

REMOVED: Final = "[removed before sealing]"
IN_ADDRESS: Final = "-removed-"

_SECRET_NAMES: Final = (
    "password", "passwd", "passphrase", "pwd", "matkhau", "token", "session", "sessid", "csrf", "xsrf",
    "secret", "otp", "pincode", "auth", "bearer", "jwt", "credential", "apikey", "accesskey", "privatekey",
    "signature", "assertion", "saml", "relaystate", "ticket", "viewstate", "eventvalidation", "captcha",
    "nonce", "verifier", "cookie", "remember",
)  # fmt: skip
_SECRET_WORDS: Final = frozenset({"code", "state", "sid", "pin", "key", "pass", "mk", "sso", "st", "hash"})
"""Names that hide a credential only where they are the whole name."""

_PARTS: Final = re.compile(r"[^a-z0-9]+")
_OPAQUE: Final = re.compile(r"[A-Za-z0-9_+/=.~-]{32,}")
_LONG: Final = re.compile(r"[A-Za-z0-9_+/=.~-]{20,}")

KEPT_REQUEST: Final = frozenset(
    {
        "accept", "accept-encoding", "accept-language", "cache-control", "connection", "content-length",
        "content-type", "host", "pragma", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
        "sec-fetch-user", "upgrade-insecure-requests", "user-agent", "x-requested-with",
    }
)  # fmt: skip
"""Request headers whose values are sealed; of every other one the name alone is."""

KEPT_RESPONSE: Final = frozenset(
    {
        "accept-ranges", "age", "allow", "cache-control", "connection", "content-disposition-type",
        "content-language", "content-type", "date", "expires", "last-modified",
        "pragma", "referrer-policy", "server", "strict-transport-security", "vary", "x-content-type-options",
        "x-frame-options", "x-powered-by", "x-xss-protection",
    }
)  # fmt: skip
"""Response headers whose values are sealed; of every other one the name alone is."""

ADDRESSES: Final = frozenset({"location", "content-location", "referer", "origin"})
"""Headers that hold an address: it is redacted as one."""


def is_secret_name(name: str) -> bool:
    """Say whether what goes by this name is a credential."""
    folded = name.casefold()
    compact = _PARTS.sub("", folded)
    return compact in _SECRET_WORDS or any(word in compact for word in _SECRET_NAMES)


def is_token(text: str) -> bool:
    """Say whether a whole text looks like a token: long, of one piece, letters and digits mixed."""
    return bool(_LONG.fullmatch(text)) and _mixed(text)


def tokens_masked(text: str, mark: str) -> tuple[str, int]:
    """Return a text with what looks like a token in it masked, and how many there were; lengths stay."""
    found = 0

    def mask(match: re.Match[str]) -> str:
        nonlocal found
        if not _mixed(match[0]):
            return match[0]
        found += 1
        return re.sub(r"\w", mark, match[0])

    return _OPAQUE.sub(mask, text), found


def _mixed(text: str) -> bool:
    return any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
