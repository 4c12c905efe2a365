"""When two web addresses are one: the normal form by which items and pages are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_PORTS: Final = {"http": 80, "https": 443}
_SAFE: Final = "/:@!$&'()*+,;=~-._"
_SESSION_IN_PATH: Final = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)
_IGNORED: Final = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|zarsrc|jsessionid|phpsessid|sessionid|session_id|sid|aspsessionid\w*|cfid|cftoken)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=16_384)
def normalise(url: str) -> str:
    """Return the address in its normal form, or as it is where it is no web address.

    Lower-case scheme and host, no `www.`, default port, session id or tracking parameter; no fragment but the
    route of a page made by scripts; parameters sorted; path in NFC and percent-encoded.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in _PORTS or not parts.hostname:
        return url
    host = parts.hostname.removeprefix("www.")
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _PORTS[parts.scheme]:
        host = f"{host}:{port}"
    path = unicodedata.normalize("NFC", unquote(_SESSION_IN_PATH.sub("", parts.path))) or "/"
    query = ""
    if parts.query:
        kept = [
            (name, unicodedata.normalize("NFC", value))
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not _IGNORED.match(name)
        ]
        query = "?" + urlencode(sorted(kept)) if kept else ""
    route = _normal_route(route_of(parts.fragment)) if parts.fragment else ""
    normal = f"{parts.scheme}://{host}{quote(path, safe=_SAFE)}{query}{route}"
    return url if normal == url else normal  # one of the two equal texts is enough to keep


def route_of(fragment: str) -> str:
    """Return the route that a fragment names (`/tin/5`, `!/tin/5`), empty for a place on the page.

    Pages made by scripts tell their views apart by it; servers never see it.
    """
    return fragment if fragment.startswith(("/", "!")) else ""


def without_route(url: str) -> str:
    """Return the address as a server is asked for it."""
    return url.partition("#")[0]


def _normal_route(route: str) -> str:
    """Return `#` and the route, empty for the first view."""
    if route.strip("!/") == "":
        return ""
    return "#" + quote(unicodedata.normalize("NFC", unquote(route)), safe=_SAFE + "?")


def host_of(url: str) -> str:
    """Return `host` or `host:port` (no default port, no `www.`), in lower case; empty for no web address."""
    normal = normalise(url)
    return normal.partition("://")[2].partition("/")[0] if "://" in normal else ""
