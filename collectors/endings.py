"""How an attempt ends without an answer: every error of the libraries, sorted into the closed taxonomy."""

from __future__ import annotations

import re
import ssl
from typing import Final

import httpcore

from collectors.proxy import ProxyError
from collectors.tls import FAILURES, describe
from collectors.wire import UnconnectedError
from minhchung.evidence import Failure, TlsFacts

REFUSED: Final = "refused"
"""Begins the detail of a failure where the port is closed, as opposed to a host that says nothing."""


class FailedError(Exception):
    """An attempt has ended without an answer; never leaves the fetcher."""

    def __init__(self, failure: Failure, detail: str, tls: TlsFacts | None = None) -> None:
        super().__init__(detail)
        self.failure, self.detail, self.tls = failure, detail, tls


def unsafe(broken: TlsFacts, why: str = "credentials are not sent there") -> FailedError:
    """Return the end of a request to a host whose chain is refused."""
    return FailedError(FAILURES[broken.verdict], f"{broken.detail}; {why}", broken)


_PLACE: Final = re.compile(r"\s*\('[^']*', \d+\)")
"""Address and port as the operating system prints them: they stand on the record, and a sentence that two
runs must say alike has no use for them."""


def sort(exc: Exception) -> tuple[Failure, str]:
    """Return the place of an error in the taxonomy, and what it says."""
    said = _PLACE.sub("", str(exc)) or type(exc).__name__
    match exc:
        case ProxyError():
            return Failure.PROXY, said
        case httpcore.ConnectTimeout():
            return Failure.TIMEOUT_CONNECT, said
        case httpcore.TimeoutException():
            return Failure.TIMEOUT_READ, said
        case UnconnectedError(fault=ssl.SSLError() as shaken):
            return Failure.TLS_OTHER, describe(shaken)
        case UnconnectedError(fault=ConnectionRefusedError()):
            return Failure.CONNECT, REFUSED
        case UnconnectedError(fault=ConnectionResetError() | ConnectionAbortedError()):
            return Failure.RESET, said
        case httpcore.ConnectError():
            return Failure.CONNECT, said
        case httpcore.RemoteProtocolError() if (
            "complete message body" not in said and "disconnected" not in said
        ):
            return Failure.BAD_CONTENT, said
        case httpcore.LocalProtocolError():
            return Failure.BAD_CONTENT, said
        case _:
            return Failure.RESET, said
