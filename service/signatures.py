"""The digital signatures of files that people hand in, looked at in the child process that reads files."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.file_reader import FileReader
from collectors.sniff import kind_of
from minhchung.files import FileFacts, FileSignature
from service.file_words import UNREAD, plain_signature, signed
from service.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLook:
    """What a file shows of its signatures."""

    not_looked: str = ""
    """Why nothing can be said of them; empty: they were looked at, and `signatures` holds them all."""

    signatures: tuple[FileSignature, ...] = ()

    def words(self) -> str:
        """Return what was found, in Vietnamese."""
        if self.not_looked:
            return f"không kiểm tra được chữ ký số ({self.not_looked})"
        return f"chữ ký số: {'; '.join(signed(each) for each in self.signatures) or 'không có'}"

    def plain(self) -> dict[str, Any]:
        """Return what was found, as it is sealed."""
        return {
            "looked": not self.not_looked,
            "why_not": self.not_looked or None,
            "signatures": [plain_signature(each) for each in self.signatures],
        }


def look_at(bodies: Sequence[bytes], at: datetime, settings: Settings) -> tuple[SignatureLook, ...]:
    """Look into files, in their order; `at` judges what names no time."""
    if not any(kind_of(body) == "pdf" for body in bodies):
        return tuple(_no_pdf(body) for body in bodies)
    return asyncio.run(_looks(bodies, at, settings))


async def _looks(bodies: Sequence[bytes], at: datetime, settings: Settings) -> tuple[SignatureLook, ...]:
    reader = FileReader(settings.network.files, settings.signature_roots())
    try:
        return tuple(
            [
                _of(await reader.read(body, "pdf", at) or FileFacts())
                if kind_of(body) == "pdf"
                else _no_pdf(body)
                for body in bodies
            ]
        )
    finally:
        await reader.close()


def _no_pdf(body: bytes) -> SignatureLook:
    return SignatureLook(not_looked="tệp không phải PDF" if body else "không có tệp")


def _of(facts: FileFacts) -> SignatureLook:
    """Return the look; a signature that could not be examined leaves the whole file open."""
    faults = [each.fault for each in facts.signatures or () if each.fault]
    if faults:
        return SignatureLook(not_looked=faults[0], signatures=facts.signatures or ())
    if facts.signatures:
        return SignatureLook(signatures=facts.signatures)
    if facts.signatures is None or facts.unread not in ("", "scanned"):
        return SignatureLook(not_looked=UNREAD[facts.unread or "no-reader"])
    return SignatureLook()
