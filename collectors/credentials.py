"""Our own credentials for a service system: from the environment or a secret file, never into evidence.

They travel in one request header and appear nowhere else: in no message, no evidence, no configuration. What
was taken out is said in the sealed exchange, so that the archive never pretends to be more whole than it is.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from collectors import decode
from minhchung.errors import UnrecognisedError
from minhchung.evidence import Exchange
from minhchung.sources import Source

REMOVED: Final = "[removed before sealing]"
"""Stands in the sealed exchange where credentials stood."""

MARK: Final = "X-Minhchung-Removed"
"""Header added to a sealed response that had repeated our credentials; it says how often."""

_SHORTEST: Final = 8
"""Characters: a shorter token would be found everywhere by chance."""

_MOST: Final = 64_000_000
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO

Secret = tuple[tuple[str, str], ...]


def secret_headers(source: Source, environ: Mapping[str, str]) -> tuple[Secret, str]:
    """Return the headers that let us in, and why there are none where there should be some (Vietnamese)."""
    if not source.credentials and not source.credentials_file:
        return (), ""
    if source.credentials:
        token, where = environ.get(source.credentials, ""), f"biến môi trường {source.credentials}"
    else:
        token, fault = _from_file(Path(source.credentials_file))
        if fault:
            return (), fault
        where = f"tệp {source.credentials_file}"
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable():
        return (), f"{where} không có mã truy cập"
    return (("Authorization", token if " " in token else f"Bearer {token}"),), ""


def _from_file(path: Path) -> tuple[str, str]:
    """Return the first line of a secret file, or why it may not be used."""
    try:
        if path.stat().st_mode & _OTHERS:
            return "", f"tệp {path} để người khác đọc được; chạy: chmod 600 {path}"
        return path.read_text("utf-8").partition("\n")[0], ""
    except (OSError, ValueError) as error:
        return "", f"tệp {path} không đọc được ({type(error).__name__})"


def without(exchange: Exchange, secret: Secret) -> Exchange:
    """Return the exchange without our credentials, saying where some were: sent by us, or repeated to us."""
    if not secret:
        return exchange
    names = {name.casefold() for name, _ in secret}
    kept = tuple((n, v) for n, v in exchange.request_headers if n.casefold() not in names)
    sent = replace(exchange, request_headers=kept + tuple((name, REMOVED) for name, _ in secret))
    for token in {value.rpartition(" ")[2] for _, value in secret}:
        if len(token) >= _SHORTEST:
            sent = _unrepeated(sent, token)
    return sent


def _unrepeated(exchange: Exchange, token: str) -> Exchange:
    """Return the exchange with a token that the system repeated taken out of headers and body."""
    headers = tuple((name, value.replace(token, REMOVED)) for name, value in exchange.headers)
    found = sum(value.count(token) for _, value in exchange.headers)
    wire = exchange.wire
    try:
        body = decode.payload(exchange, _MOST)
    except UnrecognisedError:
        body = wire
    if token.encode() in body:
        found += body.count(token.encode())
        wire = body.replace(token.encode(), REMOVED.encode())
        changed = {"content-encoding", "content-length"}
        headers = tuple((n, v) for n, v in headers if n.casefold() not in changed)
        headers += (("Content-Length", str(len(wire))),)
    if not found:
        return exchange
    return replace(exchange, headers=(*headers, (MARK, f"credentials; {found}")), wire=wire)
