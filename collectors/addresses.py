"""Addresses as pages write them: a fast join, whose page one is, what its ending says it leads to.

When two addresses are one is said in `minhchung.addresses`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from minhchung.addresses import host_of, normalise, route_of
from minhchung.agencies import Agency

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


class Places:
    """Hosts, with ports or path prefixes, that somebody's pages stand on."""

    def __init__(self, places: Iterable[str], *, besides: Iterable[str] = ()) -> None:
        """Take `host`, `host:port`, `host/path` or whole addresses, which stand for their hosts.

        `besides` are prefixes of others in there: whose prefix is longest, theirs is the page.
        """
        self._whole: set[str] = set()
        self._prefixes: list[tuple[str, str]] = []
        for place in places:
            host, path = _host_and_path(place)
            if not host:
                continue
            if path and "://" not in place:
                self._prefixes.append((host, path))
            else:
                self._whole.add(host)
        # `host` in the registry means the host on its usual ports, whichever the scheme.
        self._whole |= {h.removesuffix(":443").removesuffix(":80") for h in self._whole}
        hosts = self._whole.union(host for host, _ in self._prefixes)
        self._others = [(host, path) for host, path in map(_host_and_path, besides) if path and host in hosts]

    def hold(self, url: str) -> bool:
        """Say whether the address stands on one of the places."""
        host = host_of(url)
        if host in self._whole and not self._others:
            return True
        if host not in self._whole and not self._prefixes:
            return False
        path = urlsplit(url).path
        own = max(_lengths(self._prefixes, host, path), default=0 if host in self._whole else -1)
        return own >= max(_lengths(self._others, host, path), default=0)


def own_places(agency: Agency, registry: Iterable[Agency]) -> Places:
    """Return the places that are the agency's own.

    Where another agency uses the portal's host too, the portal's folder is own and not the host; what
    another agency calls its own is never ours.
    """
    others = [other for other in registry if other.code != agency.code]
    place = agency.portal
    theirs = _prefixes_of(others)
    if host_of(place) in {_host_and_path(used)[0] for used in theirs}:
        place = _folder(place)
    return Places((place, *agency.hosts), besides=theirs)


def near_places(agency: Agency, registry: Iterable[Agency], more: Iterable[str]) -> Places:
    """Return the hosts on which a visit may ask beside what is own, and `more`; never others' folders."""
    others = [other for other in registry if other.code != agency.code]
    theirs = frozenset(_prefixes_of(others)) - {_folder(agency.portal), *agency.hosts}
    return Places((agency.portal, *agency.hosts, *more), besides=theirs)


def _prefixes_of(agencies: Iterable[Agency]) -> list[str]:
    return [place for each in agencies for place in (_folder(each.portal), *each.hosts)]


@lru_cache(maxsize=16_384)
def _folder(portal: str) -> str:
    """Return `host/path` of the folder that a home page stands in: a last part with a dot is its file."""
    host, path = _host_and_path(portal)
    folder, _, last = path.rpartition("/")
    return host + (folder if "." in last else path)


@lru_cache(maxsize=16_384)
def _host_and_path(place: str) -> tuple[str, str]:
    normal = normalise(place if "://" in place else f"http://{place}")
    return host_of(normal), urlsplit(normal).path.rstrip("/")


def _lengths(prefixes: Iterable[tuple[str, str]], host: str, path: str) -> Iterator[int]:
    """Yield how long each prefix is that the address begins with."""
    return (len(p) for h, p in prefixes if h == host and (path == p or path.startswith(p + "/")))
