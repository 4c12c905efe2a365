"""When two addresses are the same page, and which addresses are an agency's own (G3, G6)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from minhchung.addresses import host_of as host_of
from minhchung.addresses import normalise
from minhchung.agencies import Agency

normal: Final = normalise
"""The form under which two spellings of one address are equal."""


@lru_cache(maxsize=65_536)
def page_key(url: str) -> str:
    """Return the normal form without scheme and last slash: one page answers on http and on https."""
    return normalise(url).partition("://")[2].rstrip("/") or url


def own_places(agency: Agency, registry: Iterable[Agency]) -> tuple[str, ...]:
    """Return the hosts and `host/path` prefixes that are the agency's own.

    The portal's path is part of them only where another agency's portal stands on the same host.
    """
    places = [place.casefold().removeprefix("www.").rstrip("/") for place in agency.hosts]
    host = host_of(agency.portal)
    if host:
        shared = any(a.code != agency.code and host_of(a.portal) == host for a in registry)
        folder = page_key(agency.portal + "x").rpartition("/")[0] if shared else host
        places.append(folder)
    return tuple(places)


def is_own(url: str, places: Iterable[str]) -> bool:
    """Say whether the address lies on one of the places."""
    key = page_key(url)
    return any(key == place or key.startswith((place + "/", place + "?")) for place in places)
