"""Text of a file as it is compared: how much there is, and its digest."""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import Any, Final

MOST_CHARS: Final = 4_000_000
"""Of one file; a longer text is a bomb or a data base."""


class TooMuchError(ValueError):
    """The file unpacks to more than is read."""


def measured(text: str) -> dict[str, Any]:
    """Return letters and digits, and the digest of the text in NFC with blanks collapsed."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    digest = sha256(plain.encode("utf-8", "replace")).hexdigest()
    return {"chars": sum(map(str.isalnum, plain)), "text_sha256": digest}
