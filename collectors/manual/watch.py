"""The exchanges of a person's browser: noted as they happen, redacted together, then sealed.

They wait in memory until a page is sealed, so that what is learnt later (a cookie's value, a name in a
column) is taken out of what came before.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from collectors.credentials import MARK as REMOVED_HEADER
from collectors.manual.bodies import answer_body, request_body
from collectors.manual.redactor import Headers, Redactor, cookie_values
from collectors.manual.secrets import is_secret_name, is_token
from minhchung.clock import Clock
from minhchung.evidence import Exchange, FailedAttempt, Failure, TlsFacts, TlsVerdict

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Request

_MOST_WAITING: Final = 400
_BODY_SECONDS: Final = 15.0
_FAILURES: Final = (
    ("NAME_NOT_RESOLVED", Failure.DNS),
    ("CERT_DATE", Failure.TLS_EXPIRED),
    ("CERT_COMMON_NAME", Failure.TLS_NAME),
    ("CERT", Failure.TLS_OTHER),
    ("SSL", Failure.TLS_OTHER),
    ("TIMED_OUT", Failure.TIMEOUT_TOTAL),
    ("CONNECTION_RESET", Failure.RESET),
    ("PROXY", Failure.PROXY),
)
_ABORTED: Final = "ERR_ABORTED"


@dataclass(slots=True, kw_only=True)
class _Raw:
    """One exchange as it was, in memory alone."""

    method: str
    url: str
    kind: str
    sent: Headers
    said: bytes
    beside_password: bool
    status: int
    reason: str
    headers: Headers
    body: bytes | None
    begun_at: datetime
    elapsed: float
    address: str
    tls: TlsFacts | None


class Watch:
    """Notes what a browser's context asks and is answered."""

    def __init__(self, context: BrowserContext, redactor: Redactor, clock: Clock) -> None:
        """Watch from now on."""
        self._redactor, self._clock, self._context = redactor, clock, context
        self._begun: dict[Request, tuple[datetime, bool]] = {}
        self._raw: list[_Raw | FailedAttempt] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.password_pages: set[str] = set()
        """Addresses of documents that showed a field for a password."""

        context.on("request", self._on_request)
        context.on("requestfinished", self._on_finished)
        context.on("requestfailed", self._on_failed)

    @property
    def full(self) -> bool:
        """Say whether so much waits that it should be sealed now."""
        return len(self._raw) >= _MOST_WAITING

    def _on_request(self, request: Request) -> None:
        self._begun[request] = (self._clock.now(), self._beside_password(request))

    def _beside_password(self, request: Request) -> bool:
        from playwright.async_api import Error

        with contextlib.suppress(Error):
            return request.frame.url in self.password_pages or self._referred(request)
        return self._referred(request)

    def _referred(self, request: Request) -> bool:
        return request.headers.get("referer", "") in self.password_pages

    def _on_finished(self, request: Request) -> None:
        task = asyncio.ensure_future(self._note(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _on_failed(self, request: Request) -> None:
        begun, _ = self._begun.pop(request, (self._clock.now(), False))
        why = (request.failure or "").split(" ")[0]
        if not request.url.startswith(("http://", "https://")) or _ABORTED in why:
            return
        failure = next((each for word, each in _FAILURES if word in why), Failure.CONNECT)
        elapsed = (self._clock.now() - begun).total_seconds()
        self._raw.append(
            FailedAttempt(
                method=request.method,
                url=request.url,
                failure=failure,
                detail=why,
                begun_at=begun,
                elapsed=elapsed,
            )
        )

    async def _note(self, request: Request) -> None:
        from playwright.async_api import Error

        begun, beside_password = self._begun.pop(request, (self._clock.now(), False))
        if not request.url.startswith(("http://", "https://")):
            return
        try:
            response = await request.response()
            if response is None:
                return
            body = await _body_of(response)
            server, tls = await response.server_addr(), await response.security_details()
            raw = _Raw(
                method=request.method,
                url=request.url,
                kind=request.resource_type,
                sent=_pairs(await request.headers_array()),
                said=request.post_data_buffer or b"",
                beside_password=beside_password,
                status=response.status,
                reason=response.status_text,
                headers=_pairs(await response.headers_array()),
                body=body,
                begun_at=begun,
                elapsed=max(0.0, request.timing.get("responseEnd", 0.0)) / 1000,
                address=f"{server['ipAddress']}:{server['port']}" if server else "",
                tls=_tls(dict(tls)) if tls else None,
            )
        except (Error, TimeoutError, KeyError):
            return  # the window went away; what was not answered to us is not sealed
        self._learn(raw)
        self._raw.append(raw)

    def _learn(self, raw: _Raw) -> None:
        for name, value in (*raw.sent, *raw.headers):
            if name.casefold() in ("cookie", "set-cookie"):
                self._redactor.learn_secrets(cookie_values(value, sent=name.casefold() == "cookie"))

    async def _learn_storage(self) -> None:
        """Remember the values of cookies, and of what the page's storage holds that looks like a token."""
        from playwright.async_api import Error

        with contextlib.suppress(Error):
            state = await self._context.storage_state()
            cookies = [str(each.get("value", "")) for each in state.get("cookies", [])]
            self._redactor.learn_secrets(v for c in cookies for v in {c, unquote(c)} if len(v) >= 6)
            for origin in state.get("origins", []):
                for item in origin.get("localStorage", []):
                    self.learn_stored(str(item.get("name", "")), str(item.get("value", "")))

    def learn_stored(self, name: str, value: str) -> None:
        """Remember a value of the page's storage where its name or its look is that of a credential."""
        if is_secret_name(name) or is_token(value):
            self._redactor.learn_secrets((value, value.rpartition(" ")[2]))

    async def settle(self) -> None:
        """Wait for what has ended and is still being noted, and learn what the browser keeps."""
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=_BODY_SECONDS)
        await self._learn_storage()

    def learn(self) -> None:
        """Learn from what waits what is to be taken out of the page as well."""
        with self._redactor.learning():
            for raw in self._raw:
                self._redact(raw)

    def redacted(self) -> Iterable[Exchange | FailedAttempt]:
        """Return what waits, redacted, oldest first; nothing waits any more."""
        self.learn()
        waiting, self._raw = self._raw, []
        waiting.sort(key=lambda each: each.begun_at)
        return [self._redact(raw) for raw in waiting]

    def _redact(self, raw: _Raw | FailedAttempt) -> Exchange | FailedAttempt:
        redactor = self._redactor
        if isinstance(raw, FailedAttempt):
            return FailedAttempt(
                method=raw.method,
                url=redactor.url(raw.url),
                failure=raw.failure,
                detail=redactor.text(raw.detail),
                begun_at=raw.begun_at,
                elapsed=raw.elapsed,
            )
        asked = request_body(
            redactor, raw.said, _named(raw.sent, "content-type"), beside_password=raw.beside_password
        )
        declared = _named(raw.headers, "content-type")
        told = [asked.withheld] if asked.withheld else []
        if raw.body is None:
            body = b""
            told += ["body not handed over by the browser"] if raw.status // 100 != 3 else []
        else:
            answer = answer_body(redactor, raw.body, declared, raw.kind)
            body = answer.body
            told += [answer.withheld] if answer.withheld else []
        headers = redactor.headers(_bodiless(raw.headers), sent=False)
        if body or not told:
            told.append("credentials and personal data")
        charset = declared.partition(";")[0].strip()
        if body and charset:
            headers = tuple((n, v) for n, v in headers if n.casefold() != "content-type")
            headers += (("Content-Type", f"{charset}; charset=utf-8"),)
        return Exchange(
            method=raw.method,
            url=redactor.url(raw.url),
            request_headers=redactor.headers(raw.sent, sent=True),
            request_body=asked.body,
            status=raw.status,
            reason_phrase=redactor.text(raw.reason),
            headers=(*headers, ("Content-Length", str(len(body))), (REMOVED_HEADER, "; ".join(told))),
            wire=body,
            begun_at=raw.begun_at,
            elapsed=raw.elapsed,
            address=raw.address,
            tls=raw.tls,
            body=body,
        )


async def _body_of(response: Any) -> bytes | None:
    """Return an answer's body; None where the browser keeps none: redirects, pages already left."""
    from playwright.async_api import Error

    try:
        body: bytes = await asyncio.wait_for(response.body(), _BODY_SECONDS)
    except (Error, TimeoutError):
        return None
    return body


def _pairs(headers: Any) -> Headers:
    return tuple((str(each["name"]), line) for each in headers for line in str(each["value"]).split("\n"))


def _named(headers: Headers, name: str) -> str:
    return next((value for known, value in headers if known.casefold() == name), "")


_CODED: Final = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "content-md5", "digest"}
)


def _bodiless(headers: Headers) -> Headers:
    """Return headers without those that speak of the bytes as they were transferred."""
    return tuple((name, value) for name, value in headers if name.casefold() not in _CODED)


def _tls(details: dict[str, Any]) -> TlsFacts:
    said = f"theo trình duyệt: {details.get('subjectName', '')}, do {details.get('issuer', '')} cấp"
    return TlsFacts(verdict=TlsVerdict.VALID, detail=said, protocol=str(details.get("protocol", "")))
