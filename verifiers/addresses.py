"""When two addresses are the same page (G6)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from minhchung.addresses import host_of as host_of
from minhchung.addresses import normalise

normal: Final = normalise
"""The form under which two spellings of one address are equal."""


@lru_cache(maxsize=65_536)
def page_key(url: str) -> str:
    """Return the normal form without scheme and last slash: one page answers on http and on https."""
    return normalise(url).partition("://")[2].rstrip("/") or url
