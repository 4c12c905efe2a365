"""The stamps of state secrets, and where in a text one is a stamp and no word.

A stamp stands on a line of its own, in capitals, near the head of a document, as the rules on state secrets
have it printed. The word inside a sentence is no stamp, nor is it in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

STAMPS: Final = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")

_SMALL: Final = re.compile("[a-z]")
"""Accented letters may be small: TCVN3 writes both in one way, and leaves it to the font which is shown."""

HEAD_LINES: Final = 40
"""Lines with text among which a stamp is looked for."""


def stamp_in(lines: Iterable[str]) -> str:
    """Return the stamp that lines of composed text (NFC) bear at their head, nothing where they bear none."""
    shown = 0
    for line in lines:
        words = " ".join(line.split())
        shown += bool(words)
        if shown > HEAD_LINES:
            break
        stamp = words.strip("()[]: ").upper()
        if stamp in STAMPS and not _SMALL.search(words):
            return stamp
    return ""
