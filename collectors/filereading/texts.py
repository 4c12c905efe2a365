"""Text of a file as it is compared: how much there is, its digest, and the stamp it bears."""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import Any, Final

from minhchung.stamps import stamp_in

MOST_CHARS: Final = 4_000_000
"""Of one file; a longer text is a bomb or a data base."""

HEAD_CHARS: Final = 100_000
"""Of a text, among whose first lines a stamp is looked for."""


class TooMuchError(ValueError):
    """The file unpacks to more than is read."""


def measured(text: str) -> dict[str, Any]:
    """Return letters and digits, the digest of the text in NFC with blanks collapsed, and its stamp."""
    composed = unicodedata.normalize("NFC", text)
    plain = " ".join(composed.split())
    digest = sha256(plain.encode("utf-8", "replace")).hexdigest()
    stamp = stamp_in(composed[:HEAD_CHARS].splitlines())
    return {"chars": sum(map(str.isalnum, plain)), "text_sha256": digest, "stamp": stamp}
