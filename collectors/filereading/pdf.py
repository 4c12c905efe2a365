"""PDF: pages, text, who wrote it, who signed it; scanned pages by OCR where a program for it is there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from collectors.filereading.texts import MOST_CHARS, measured

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MOST_PAGES: Final = 300
"""Pages of which the text is read."""

_SCANNED: Final = 16
"""Letters of an average page, below which it is a picture of one."""

_OCR_PAGES: Final = 3
_OCR_SECONDS: Final = 60
_OCR_SCALE: Final = 2.5  # 180 dots an inch
_DATE: Final = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+-])(\d\d)'?(\d\d)?|Z)?")


def look(body: bytes, at: datetime, roots: Sequence[str], ocr: str) -> dict[str, Any]:
    """Return what a PDF says; `at` stands for the time of signing where a signature names none."""
    found = _read(body, ocr)
    if b"/ByteRange" in body:
        found["signatures"] = _signatures(body, at, roots)
    elif found.get("unread") not in ("damaged", "encrypted"):
        found["signatures"] = []
    return found


def _read(body: bytes, ocr: str) -> dict[str, Any]:
    try:
        import pypdfium2 as pdfium  # in the extra "pdf": without it PDF files are kept and not looked into
    except ImportError:
        return {"unread": "no-reader"}
    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as exc:
        return {"unread": "encrypted" if "assword" in str(exc) else "damaged"}
    said = document.get_metadata_dict()
    found: dict[str, Any] = {
        "pages": len(document),
        "producer": (said.get("Producer") or said.get("Creator") or "")[:200],
        "created": _instant(said.get("CreationDate") or "")[:40],
    }
    text = _text(document)
    letters = sum(map(str.isalnum, text))
    if letters >= _SCANNED * min(len(document), MOST_PAGES):
        return found | measured(text)
    recognised = _recognised(document, ocr) if ocr else ""
    if not recognised.strip():
        return found | {"unread": "scanned"}
    return found | measured(recognised) | {"ocr": True}


def _text(document: PdfDocument) -> str:
    parts: list[str] = []
    left = MOST_CHARS
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        try:
            part = page.get_textpage().get_text_bounded()
        finally:
            page.close()
        left -= len(part)
        parts.append(part)
        if left < 0:
            break
    return "\n".join(parts)


def _recognised(document: PdfDocument, program: str) -> str:
    """Return the text that an OCR program sees in the first pages."""
    parts = []
    for number in range(min(len(document), _OCR_PAGES)):
        bitmap = document[number].render(scale=_OCR_SCALE, grayscale=True)
        rows = memoryview(bitmap.buffer).cast("B")
        lines = (
            bytes(rows[y * bitmap.stride : y * bitmap.stride + bitmap.width]) for y in range(bitmap.height)
        )
        picture = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(lines)
        done = subprocess.run(
            [program, "stdin", "stdout", "-l", "vie"],
            input=picture,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_OCR_SECONDS,
            check=False,
        )
        if done.returncode == 0:
            parts.append(done.stdout.decode("utf-8", "replace"))
    return "\n".join(parts)


def _instant(said: str) -> str:
    """Return a date of PDF as ISO 8601, as it stands where it is none."""
    told = _DATE.match(said)
    if told is None:
        return said
    year, month, day, hour, minute, second, sign, hours, minutes = told.groups()
    text = f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}"
    zone = f"{sign}{hours}:{minutes or '00'}" if sign else "+00:00" if said.endswith("Z") else ""
    try:
        return datetime.fromisoformat(text + zone).isoformat()
    except ValueError:
        return said


def _signatures(body: bytes, at: datetime, roots: Sequence[str]) -> list[dict[str, Any]] | None:
    try:
        from collectors.filereading import signatures
    except ImportError:
        return None  # pyHanko is in the extra "pdf"
    return signatures.examined(body, at, roots)
