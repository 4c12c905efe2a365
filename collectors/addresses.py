"""Addresses as pages write them: a fast join, what its ending says it leads to.

When two addresses are one is said in `minhchung.addresses`, whose page one is in `minhchung.places`.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from minhchung.addresses import host_of, route_of

_BLANKS: Final = re.compile(r"[\t\r\n\x00-\x08\x0b\x0c\x0e-\x1f]")
_UNSAFE: Final = re.compile(r"[^\w!#$%&'()*+,/:;=?@\[\]~.-]|[^\x00-\x7f]")
_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_LONGEST: Final = 4096
"""Characters; what is longer is no address but an attack or a dump of data."""

_FILE: Final = re.compile(r"\.(?:pdf|docx?|xlsx?|odt|ods|rtf|zip|rar|7z|pptx?)(?:$|[?#])", re.IGNORECASE)
_MEDIA: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|bmp|css|js|mp[34]|avi|wmv|flv|woff2?|ttf|exe|apk|xml|rss)(?:$|[?#])",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"\d+")


def absolute(base: str, href: str) -> str:
    """Return the address a link leads to, without fragment; empty where it leads to no web page.

    A page that stands at a route of its scripts (`#/…`) leads to routes, which are kept.
    Blanks and letters outside ASCII are percent-encoded, as browsers do; the rest stays as written.
    """
    href = _BLANKS.sub("", href.strip())
    if not href or len(href) > _LONGEST:
        return ""
    routed = "#" in base and "#" in href and bool(route_of(_fragment(base)) and route_of(_fragment(href)))
    if href[0] == "#":
        return _quoted(base.partition("#")[0] + href) if routed else ""
    if href[0] == "/" and href[1:2] != "/":
        # The usual case on a portal; urljoin costs fifteen times as much.
        cut = base.find("/", base.find("://") + 3)
        joined = (base if cut < 0 else base[:cut]) + href
        if "/." in href:
            joined = urljoin(base, href)
    elif href.startswith(("http://", "https://")):
        joined = href
    elif _SCHEME.match(href) and not href[:5].casefold().startswith("http"):
        return ""
    else:
        try:
            joined = urljoin(base, href)
        except ValueError:
            return ""
    if "#" in joined and not routed:
        joined = urldefrag(joined).url
    if joined.find("/", 8) < 0 and "#" not in joined and "?" not in joined:
        joined += "/"
    if _UNSAFE.search(joined):
        joined = _quoted(joined)
    return joined if joined[:4].casefold() == "http" and "://" in joined[:8] else ""


def _fragment(url: str) -> str:
    return url.partition("#")[2]


def _quoted(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    try:
        # An internationalised host name goes out as ASCII; one that cannot be is left for DNS to refuse.
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return ""
    return f"{scheme}://{host}{slash}{quote(path, safe=_SAFE)}"


def is_file(url: str) -> bool:
    """Say whether an address ends like a document file."""
    return _FILE.search(url) is not None


def is_media(url: str) -> bool:
    """Say whether an address ends like something that is no page: an image, style, script, film or feed."""
    return _MEDIA.search(url) is not None


def pattern_of(url: str) -> str:
    """Return the address with numbers and parameter values left out: what calendars and counters share."""
    parts = urlsplit(url)
    names = sorted(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
    place = parts.path + route_of(parts.fragment)
    return f"{host_of(url)}{_DIGITS.sub('#', place)}?{'&'.join(names)}"
