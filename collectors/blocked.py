"""Telling a page of the portal from what stands in its way: block pages, challenges, login pages.

Such a page often comes with status 200. It is sealed like any other and counted as blocked; nothing is read
from it, so that it can neither prove nor disprove anything about the agency.
"""

from __future__ import annotations

import re
from typing import Final

from collectors.charset import text
from minhchung.evidence import Exchange, Failure
from minhchung.sites import SiteProfile
from minhchung.text_keys import clean

SUSPECT: Final = 8192
"""Bytes: only in a page at most this long are the general marks of block pages looked for."""

_MARKS: Final = tuple(
    mark.encode()
    for mark in (
        "request rejected",
        "requested url was rejected",
        "access denied",
        "attention required",
        "just a moment",
        "checking your browser",
        "verify you are human",
        "incapsula incident",
        "web application firewall",
        "ddos protection",
        "ang kiểm tra trình duyệt",  # without its first letter: only ASCII is folded in bytes
        "ác minh bạn không phải là robot",
    )
)
_CHALLENGES: Final = (
    b"cf-challenge",
    b"_cf_chl_",
    b"g-recaptcha",
    b"h-captcha",
    b"hcaptcha.com",
    b"challenge-platform",
)
_LOGIN: Final = re.compile(r"/(?:dang-?nhap|login|signin|sso|auth)\b", re.IGNORECASE)
_PASSWORD: Final = re.compile(rb"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|title)\b", re.IGNORECASE)
_STATUS: Final = {
    401: Failure.HTTP_4XX,
    403: Failure.BLOCKED,
    407: Failure.BLOCKED,
    429: Failure.RATE_LIMITED,
}


def is_html(exchange: Exchange, body: bytes) -> bool:
    """Say whether the answer claims or looks to be a page."""
    kind = (exchange.header("content-type") or "").partition(";")[0].strip().casefold()
    if kind in ("text/html", "application/xhtml+xml"):
        return True
    return not kind and _HTML.search(body[:1024]) is not None


def status_failure(status: int) -> Failure | None:
    """Return the failure that a status alone means; None below 400."""
    if status < 400:
        return None
    if status in _STATUS:
        return _STATUS[status]
    return Failure.HTTP_5XX if status >= 500 else Failure.HTTP_4XX


def look(exchange: Exchange, body: bytes, profile: SiteProfile | None) -> str:
    """Say why a page is none of the portal's own, empty when nothing speaks against it.

    `profile`, where the address is on the portal, brings the portal's own marks.
    """
    if not is_html(exchange, body):
        return ""
    if len(body) <= SUSPECT:
        folded = body.lower()
        if any(mark in folded for mark in _CHALLENGES):
            return "trang thử thách"
        for mark in _MARKS:
            if mark in folded:
                return f"trang chặn: {mark.decode()}"
    if _LOGIN.search(exchange.url.partition("?")[0]) and _PASSWORD.search(body):
        return "trang đăng nhập"
    return _by_profile(exchange, body, profile) if profile is not None else ""


def _by_profile(exchange: Exchange, body: bytes, profile: SiteProfile) -> str:
    for mark in profile.block_markers:
        if mark.encode() in body:
            return f"trang chặn: {mark}"
    required = profile.required_text
    if required and required.encode() not in body:
        shown = clean(text(body, exchange.header("content-type") or ""))
        if clean(required) not in shown:
            return "thiếu đoạn chữ mà mọi trang của cổng đều có"
    return ""
