"""The gzip members of a WARC file and the records in them, with zlib alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import IO, Final

CHUNK: Final = 256 * 1024
MOST_BYTES: Final = 1024 * 1024 * 1024
"""Bytes that one record may hold."""


class MemberError(ValueError):
    """Bytes that are no gzip member, or hold no WARC record."""


def members(file: IO[bytes]) -> Iterator[bytes]:
    """Yield every gzip member exactly as stored; raises MemberError at the first byte that is in none."""
    ahead = file.read(CHUNK)
    while ahead:
        decoder, taken = zlib.decompressobj(31), []
        while not decoder.eof:
            if not ahead and not (ahead := file.read(CHUNK)):
                raise MemberError("a gzip member is torn")
            try:
                _drain(decoder, ahead)
            except zlib.error as error:
                raise MemberError(f"no gzip member ({error})") from error
            taken.append(ahead[: len(ahead) - len(decoder.unused_data)])
            ahead = decoder.unused_data
        yield b"".join(taken)
        ahead = ahead or file.read(CHUNK)


def _drain(decoder: zlib._Decompress, chunk: bytes) -> None:
    """Feed a chunk and drop what it holds, so that a bomb takes time and no memory."""
    rest = chunk
    while rest and not decoder.eof:
        decoder.decompress(rest, CHUNK)
        rest = decoder.unconsumed_tail


def block_of(stored: bytes) -> bytes:
    """Return the block of the record in a member; raises MemberError."""
    try:
        content = zlib.decompressobj(31).decompress(stored, MOST_BYTES)
    except zlib.error as error:
        raise MemberError(f"no gzip member ({error})") from error
    head, blank, rest = content.partition(b"\r\n\r\n")
    if not blank or not head.startswith(b"WARC/1.1\r\n") or rest[-4:] != b"\r\n\r\n":
        raise MemberError("no WARC 1.1 record")
    return rest[:-4]
