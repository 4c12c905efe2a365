"""From the bytes of the wire to the bytes that readers see: content codings, within a cap."""

from __future__ import annotations

from typing import Final, cast

from isal import isal_zlib

CAP: Final = 128 * 1024 * 1024
"""Bytes a body may have after decoding; what decodes to more stays as it came."""

GZIP_NAMES: Final = frozenset({"gzip", "x-gzip"})
MAX_CODINGS: Final = 3


InflateError: Final = cast(type[Exception], isal_zlib.error)
"""What isal raises for a broken stream; its type stubs call the class an instance."""


class CodingError(ValueError):
    """The bytes are not what their Content-Encoding says, or too many once decoded."""


def payload_of(wire: bytes, coding: str) -> bytes:
    """Return the body as readers see it: decoded where it can be, as it came where it cannot."""
    if not coding or not wire:
        return wire
    try:
        return decode(wire, coding)
    except CodingError:
        return wire


def decode(wire: bytes, coding: str, *, cap: int = CAP) -> bytes:
    """Undo a Content-Encoding; raises CodingError for an unknown, broken or oversized one."""
    if coding in GZIP_NAMES:
        return _inflate(wire, 31, cap)
    names = [name.strip().casefold() for name in coding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > MAX_CODINGS:
        raise CodingError(f"{len(names)} content codings")
    body = wire
    for name in reversed(names):
        if name in GZIP_NAMES:
            body = _inflate(body, 31, cap)
        elif name == "deflate":
            body = _deflated(body, cap)
        else:
            # Brotli is not asked for: a server that sends it unasked is kept as it came.
            raise CodingError(f"content coding {name!r}")
    return body


def _deflated(body: bytes, cap: int) -> bytes:
    try:
        return _inflate(body, 15, cap)
    except CodingError:
        # "deflate" means zlib, but some servers send the raw stream.
        return _inflate(body, -15, cap)


def _inflate(body: bytes, window: int, cap: int) -> bytes:
    decoder = isal_zlib.decompressobj(window)
    try:
        whole: bytes = decoder.decompress(body, cap + 1)
        while window > 15 and decoder.eof and decoder.unused_data[:2] == b"\x1f\x8b" and len(whole) <= cap:
            rest = decoder.unused_data
            decoder = isal_zlib.decompressobj(window)
            whole += decoder.decompress(rest, cap + 1 - len(whole))
    except InflateError as exc:
        raise CodingError(str(exc)) from exc
    if len(whole) > cap:
        raise CodingError(f"more than {cap} bytes once decoded")
    if not decoder.eof:
        raise CodingError("the compressed body ends early")
    return whole
