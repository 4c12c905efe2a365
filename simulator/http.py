"""The nouns that every simulated site shares: a parsed request, a response ready to send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from urllib.parse import parse_qsl

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One parsed request as a site sees it."""

    method: str
    """Upper case; a HEAD is handed over as GET, the server drops the body."""

    path: str
    """Percent-decoded, without the query."""

    query: str
    """Raw, without the question mark."""

    headers: Mapping[str, str]
    """Names in lower case."""

    body: bytes
    day: date
    """The simulated day (Asia/Ho_Chi_Minh) on which the request is made."""

    def parameters(self) -> dict[str, str]:
        """Return the query's parameters, the last of a repeated name."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def form(self) -> dict[str, str]:
        """Return the url-encoded body's fields, the last of a repeated name."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response; the server adds Date, Content-Length, ETag and compression."""

    status: int
    body: bytes = b""
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


class Site(Protocol):
    """Whatever answers the requests of one port."""

    def handle(self, request: Request) -> Response:
        """Answer one request; same request on the same day, same answer."""
        ...
