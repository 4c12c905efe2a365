"""The signature of an owner's letter as its file shows it, beside what whoever imports it says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.file_reader import FileReader
from collectors.sniff import kind_of
from minhchung.files import FileFacts, FileSignature
from minhchung.mappings import SignatureState
from service.file_words import UNREAD, plain_signature, signed
from service.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLook:
    """What the letter's file shows of its signatures."""

    not_looked: str = ""
    """Why nothing can be said of them; empty: they were looked at, and `signatures` holds them all."""

    signatures: tuple[FileSignature, ...] = ()

    def words(self) -> str:
        """Return what was found, in Vietnamese."""
        if self.not_looked:
            return f"không xem được chữ ký số của tệp công văn: {self.not_looked}"
        found = "; ".join(signed(each) for each in self.signatures) or "không có"
        return f"chữ ký số trong tệp công văn: {found}"

    def plain(self) -> dict[str, Any]:
        """Return what was found, as it is sealed."""
        return {
            "looked": not self.not_looked,
            "why_not": self.not_looked or None,
            "signatures": [plain_signature(each) for each in self.signatures],
        }


def look_at(body: bytes, at: datetime, settings: Settings) -> LetterLook:
    """Look into a letter's file in the child process that reads files; `at` judges what names no time."""
    if not body:
        return LetterLook(not_looked="không có tệp công văn")
    kind = kind_of(body)
    if kind != "pdf":
        return LetterLook(not_looked="tệp không phải PDF")
    return _of(asyncio.run(_read(body, at, settings)))


async def _read(body: bytes, at: datetime, settings: Settings) -> FileFacts:
    reader = FileReader(settings.network.files, settings.signature_roots())
    try:
        return await reader.read(body, "pdf", at) or FileFacts()
    finally:
        await reader.close()


def _of(facts: FileFacts) -> LetterLook:
    """Return the look; a signature that could not be examined leaves the whole letter open."""
    faults = [each.fault for each in facts.signatures or () if each.fault]
    if faults:
        return LetterLook(not_looked=faults[0], signatures=facts.signatures or ())
    if facts.signatures:
        return LetterLook(signatures=facts.signatures)
    if facts.signatures is None or facts.unread not in ("", "scanned"):
        return LetterLook(not_looked=UNREAD[facts.unread or "no-reader"])
    return LetterLook()


def contradiction(said: SignatureState, look: LetterLook) -> str:
    """Return in one sentence how the file contradicts what was said of it; empty where it does not."""
    if look.not_looked or said == "unknown":
        return ""
    sound = bool(look.signatures) and all(each.intact and each.valid for each in look.signatures)
    agrees = {"valid": sound, "none": not look.signatures, "invalid": bool(look.signatures) and not sound}
    return "" if agrees[said] else f"người nhập ghi {said!r}, nhưng {look.words()}"
