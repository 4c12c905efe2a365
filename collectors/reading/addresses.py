"""Addresses on a page: made absolute fast, and compared in their normal form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from minhchung.addresses import host_of, normalise

__all__ = ["Base", "host_of", "normalise", "same_site"]

_BLANKS: Final = re.compile(r"[\t\n\r\x00-\x08\x0b\x0c\x0e-\x1f]")
_SCHEME: Final = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]*):")
_PLAIN: Final = re.compile(r"^[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]*$")
_DOTS: Final = re.compile(r"(?:^|/)\.{1,2}(?:/|$|\?)|//")
_SAFE: Final = "-._~:/?#[]@!$&'()*+,;=%"
_LONGEST: Final = 4096  # characters; what is longer is no address but an attack or a data dump


@dataclass(frozen=True, slots=True)
class Base:
    """What relative addresses of a page are relative to."""

    url: str
    origin: str
    path: str
    folder: str

    @staticmethod
    def of(url: str) -> Base:
        """Return the base of a page at this absolute address."""
        parts = urlsplit(url)
        path = parts.path or "/"
        origin = f"{parts.scheme}://{parts.netloc}"
        return Base(url, origin, origin + path, origin + path[: path.rfind("/") + 1])

    def join(self, href: str) -> str:
        """Return the absolute address without fragment; empty for what is no http(s) address."""
        target = _BLANKS.sub("", href.strip())
        target = target.partition("#")[0].rstrip(" ")
        if len(target) > _LONGEST or (not target and href.strip().startswith("#")):
            return ""
        if not _PLAIN.match(target):
            target = quote(target.replace("\\", "/"), safe=_SAFE)
        if (scheme := _SCHEME.match(target)) is not None:
            return _absolute(target) if scheme[1].lower() in {"http", "https"} else ""
        if not target:
            return self.url.partition("#")[0]
        if _DOTS.search(target.partition("?")[0]) is not None:
            return _joined(self.url, target)
        if target[0] == "/":
            return self.origin + target
        if target[0] == "?":
            return self.path + target
        return self.folder + target


def same_site(url: str, other: str) -> bool:
    """Say whether two addresses lie on one host and port."""
    return host_of(url) == host_of(other)


def _absolute(target: str) -> str:
    scheme, _, rest = target.partition(":")
    if not rest.startswith("//"):
        return ""
    return f"{scheme.lower()}:{rest}" if "/" in rest[2:] or "?" in rest else f"{scheme.lower()}:{rest}/"


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        return ""
