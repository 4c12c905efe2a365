"""The border of the web app: who may ask, what may be asked, and what a browser may do with the answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})

READING: Final = frozenset({"GET", "HEAD"})

HEADERS: Final = (
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "interest-cohort=()"),
    ("cache-control", "no-cache"),
)
"""Set on every answer: even if hostile text slipped through as markup, no script and no frame would run."""


class Border:
    """ASGI middleware: only readers, only under our own names, always with the same headers."""

    def __init__(self, app: ASGIApp, names: Iterable[str] = LOOPBACK_NAMES) -> None:
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what has no business here, else pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS:
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        # A page of a foreign name that resolves to this machine (DNS rebinding) sends that name here.
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or host_name(hosts[0]) not in self._names:
            return PlainTextResponse("Tên máy chủ không được chấp nhận.\n", status_code=421)
        if scope["method"] not in READING:
            return PlainTextResponse(
                "Trang này chỉ để đọc.\n", status_code=405, headers={"allow": "GET, HEAD"}
            )
        return None


def host_name(host: str) -> str:
    """Return the name in a Host header, without port, in lower case; an IPv6 address keeps its brackets."""
    name, separator, port = host.rpartition(":")
    if separator and port.isdigit() and (not name.startswith("[") or name.endswith("]")):
        return name.casefold()
    return host.casefold()
