"""Reading the archive: single records at their place, and every gzip member of a file, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from isal import isal_zlib

from storage.payloads import InflateError, payload_of
from storage.warc import names

MEMBER_CAP: Final = 1024 * 1024 * 1024
"""Bytes one member may hold; ours are far smaller, a forged one might not be."""

CHUNK: Final = 1024 * 1024
MAGIC: Final = b"\x1f\x8b\x08"
HTTP_TYPES: Final = ("response", "revisit", "request")


class MemberError(ValueError):
    """Bytes that are no gzip member, or hold no WARC record."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One gzip member as it lies in a file."""

    offset: int
    raw: bytes

    @property
    def sha256(self) -> str:
        """Return the hex digest of the bytes as stored."""
        return sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record taken apart."""

    fields: tuple[tuple[str, str], ...]
    """In order, names in lower case."""

    block: bytes

    def field(self, name: str) -> str:
        """Return the first field of this (lower case) name, or nothing."""
        return next((value for known, value in self.fields if known == name), "")

    @property
    def id(self) -> str:
        """Return the record id without angle brackets."""
        return self.field("warc-record-id").strip("<>")

    @property
    def type(self) -> str:
        """Return the WARC-Type."""
        return self.field("warc-type")

    def http(self) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return first line, header fields and body of the HTTP message inside."""
        head, _, body = self.block.partition(b"\r\n\r\n")
        first, *lines = head.decode("utf-8", "replace").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return first, [(name, value.strip(" \t")) for name, _, value in pairs], body

    def wire(self) -> bytes:
        """Return the payload as it came: the body of an HTTP message, else the whole block."""
        if self.type in HTTP_TYPES:
            return self.block.partition(b"\r\n\r\n")[2]
        return self.block

    def payload(self) -> bytes:
        """Return the payload as readers see it, content coding undone."""
        if self.type != "response":
            return self.wire()
        _, headers, body = self.http()
        codings = [value for name, value in headers if name.casefold() == "content-encoding"]
        return payload_of(body, ", ".join(codings))

    def faults(self) -> Iterator[str]:
        """Yield what in the record contradicts its own digests."""
        if not names(self.field("warc-block-digest"), sha256(self.block).digest()):
            yield "block digest"
        claimed = self.field("warc-payload-digest")
        if claimed and self.type != "revisit" and not names(claimed, sha256(self.wire()).digest()):
            yield "payload digest"


def inflate_member(raw: bytes) -> bytes:
    """Return what a gzip member holds; raises MemberError unless the bytes are exactly one."""
    decoder = isal_zlib.decompressobj(31)
    try:
        content: bytes = decoder.decompress(raw, MEMBER_CAP)
    except InflateError as exc:
        raise MemberError(f"no gzip member ({exc})") from exc
    if not decoder.eof or decoder.unused_data:
        raise MemberError("not exactly one gzip member")
    return content


def read_record(content: bytes) -> WarcRecord:
    """Take a WARC record apart; raises MemberError unless its length accounts for every byte."""
    head, blank, rest = content.partition(b"\r\n\r\n")
    if not blank or not head.startswith(b"WARC/1.1\r\n"):
        raise MemberError("no WARC 1.1 record")
    lines = head.decode("utf-8", "replace").split("\r\n")[1:]
    pairs = [line.partition(":") for line in lines]
    fields = tuple((name.casefold(), value.strip(" \t")) for name, _, value in pairs)
    length = next((value for name, value in fields if name == "content-length"), "")
    if not length.isdigit() or len(rest) != int(length) + 4 or rest[-4:] != b"\r\n\r\n":
        raise MemberError("the record's length does not fit its bytes")
    return WarcRecord(fields, rest[:-4])


def record_at(path: Path, offset: int, length: int) -> WarcRecord:
    """Return the record stored at a place; raises MemberError where it is not whole."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        raw = os.pread(handle, length, offset)
    finally:
        os.close(handle)
    if len(raw) != length:
        raise MemberError("the file ends before the record")
    return read_record(inflate_member(raw))


def walk(path: Path, start: int = 0) -> Iterator[Stored]:
    """Yield every gzip member from `start` on; raises MemberError at the first byte that is in none.

    The error carries the offset as its second argument.
    """
    with path.open("rb") as file:
        file.seek(start)
        offset, ahead = start, b""
        while ahead or (ahead := file.read(CHUNK)):
            decoder, taken = isal_zlib.decompressobj(31), []
            while True:
                if not ahead and not (ahead := file.read(CHUNK)):
                    raise MemberError("torn gzip member", offset)
                try:
                    decoder.decompress(ahead)
                except InflateError as exc:
                    raise MemberError(f"no gzip member ({exc})", offset) from exc
                taken.append(ahead[: len(ahead) - len(decoder.unused_data)])
                ahead = decoder.unused_data
                if decoder.eof:
                    break
            raw = b"".join(taken)
            yield Stored(offset, raw)
            offset += len(raw)
