"""When two addresses are the same page, and which addresses are an agency's own (G3, G6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from minhchung.agencies import Agency

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_NOISE: Final = re.compile(
    r"^(utm_.*|fbclid|gclid|phpsessid|jsessionid|aspsessionid.*|sid|sessionid|session_id)$", re.I
)
_SESSION_IN_PATH: Final = re.compile(r";jsessionid=[^/?#]*|/\(S\([a-z0-9]+\)\)", re.I)


@lru_cache(maxsize=65_536)
def normal(url: str) -> str:
    """Return the form under which two spellings of one address are equal (G6)."""
    parts = _split(url)
    path = _SESSION_IN_PATH.sub("", unquote(parts.path)) or "/"
    path = quote(unicodedata.normalize("NFC", path), safe="/:@!$&'()*+,;=~-._")
    kept = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _NOISE.match(k))
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{parts.scheme.lower()}://{host_of(url)}{path}{query}"


@lru_cache(maxsize=65_536)
def page_key(url: str) -> str:
    """Return the normal form without scheme and last slash: one page answers on http and on https."""
    return normal(url).partition("://")[2].rstrip("/")


@lru_cache(maxsize=65_536)
def host_of(url: str) -> str:
    """Return the host in lower case without `www.`, with its port where that is not the scheme's own."""
    parts = _split(url)
    host = (parts.hostname or "").removeprefix("www.")
    try:
        port = parts.port
    except ValueError:
        port = None
    return host if port is None or port == _DEFAULT_PORTS.get(parts.scheme.lower()) else f"{host}:{port}"


def _split(url: str) -> SplitResult:
    """Split an address; one that is none becomes a path, so that it equals itself and nothing else."""
    try:
        return urlsplit(url.strip())
    except ValueError:
        return SplitResult("", "", url.strip(), "", "")


def own_places(agency: Agency, registry: Iterable[Agency]) -> tuple[str, ...]:
    """Return the hosts and `host/path` prefixes that are the agency's own.

    The portal's path is part of them only where another agency's portal stands on the same host.
    """
    places = [place.casefold().removeprefix("www.").rstrip("/") for place in agency.hosts]
    if agency.portal:
        host = host_of(agency.portal)
        shared = any(a.code != agency.code and a.portal and host_of(a.portal) == host for a in registry)
        folder = _split(agency.portal).path.rpartition("/")[0] if shared else ""
        places.append(host + folder)
    return tuple(places)


def is_own(url: str, places: Iterable[str]) -> bool:
    """Say whether the address lies on one of the places."""
    key = page_key(url)
    return any(key == p or key.startswith((p + "/", p + "?")) for p in places)
