"""What a file is, by its first bytes; names and declared types are not believed."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Final

import imagesize

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT: Final = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_OFFICE: Final = (("word/", "docx"), ("xl/", "xlsx"))
_PAGES: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<?xml")
_IMAGES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*")
_CONTROLS: Final = bytes(byte for byte in range(32) if byte not in b"\t\r\n\f")
_MOST_ENTRIES: Final = 2000
_SIDES: Final = 100_000
"""Pixels; a header that claims more is lying."""


def kind_of(body: bytes) -> str:
    """Return pdf doc docx xls xlsx odt ods rtf zip html text or unknown."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    # Readers of PDF accept some bytes before the header; portals send blank lines.
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if body.startswith(_OLE):
        return _compound(body)
    if body.startswith(b"PK\x03\x04"):
        return _zipped(body)
    if head[:64].lower().startswith(_PAGES):
        return "html"
    return "text" if _is_text(body[:4096]) else "unknown"


def is_page(body: bytes) -> bool:
    """Say whether the bytes may be a page; cheaper than `kind_of` where only that matters."""
    head = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith(_PAGES) or kind_of(body) in ("html", "text", "unknown")


def is_noise(body: bytes) -> bool:
    """Say whether bytes are no text in any charset: a twentieth of them are controls (NUL apart: UTF-16)."""
    head = body[:4096].replace(b"\x00", b"")
    return len(head) - len(head.translate(None, _CONTROLS)) > len(head) // 20


def _compound(body: bytes) -> str:
    """Tell Word from Excel in the old container, by the names of its streams."""
    if "WordDocument".encode("utf-16-le") in body:
        return "doc"
    if "Workbook".encode("utf-16-le") in body or "Book".encode("utf-16-le") in body:
        return "xls"
    return "unknown"


def _zipped(body: bytes) -> str:
    if body[30:38] == b"mimetype":
        for marker, kind in _OPEN_DOCUMENT.items():
            if body[38 : 38 + len(marker)] == marker:
                return kind
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = packed.namelist()[:_MOST_ENTRIES]
    except (zipfile.BadZipFile, ValueError, struct.error, OSError, RuntimeError):
        return "unknown"
    for prefix, kind in _OFFICE:
        if any(name.startswith(prefix) for name in names):
            return kind
    return "zip"


def _is_text(head: bytes) -> bool:
    if not head or b"\x00" in head:
        return False
    return len(head) - len(head.translate(None, _CONTROLS)) <= len(head) // 50


def image_size(body: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels; None for what is no image or lies about its size."""
    drawing = b"<svg" in body[:2048] and b"<!ENTITY" not in body
    if not body.startswith(_IMAGES) and not drawing:
        return None
    try:
        width, height = imagesize.get(io.BytesIO(body))
    except (ValueError, struct.error, TypeError, OverflowError):
        return None
    if not (0 < width <= _SIDES and 0 < height <= _SIDES):
        return None
    return int(width), int(height)
