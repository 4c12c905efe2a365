"""Files that portals offer: small valid PDFs and PNG pictures, the same bytes for the same words."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import Final

from simulator.words import fold

_PADDED_TO: Final = 1400
"""Bytes: above the one kilobyte below which a file is no attachment."""

ERROR_PAGE: Final = (
    b"<!DOCTYPE html><html><head><title>Loi</title></head><body><h1>404</h1>"
    b"<p>Khong tim thay tep yeu cau tren may chu.</p></body></html>"
)


@lru_cache(maxsize=4096)
def pdf(text: str) -> bytes:
    """Return a valid one-page PDF that says the text, unaccented."""
    words = fold(text).replace("\\", " ").replace("(", " ").replace(")", " ")
    stream = f"BT /F1 12 Tf 60 760 Td ({words}) Tj ET".encode()
    stream += b"\n%" + b" mo phong" * ((_PADDED_TO - len(stream)) // 9)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for n, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


@lru_cache(maxsize=256)
def png(width: int, height: int, shade: int) -> bytes:
    """Return a PNG of one colour with a darker frame."""
    edge = bytes([max(shade - 90, 0)])
    rows = []
    for y in range(height):
        inner = edge if y in (0, height - 1) else bytes([shade])
        rows.append(b"\x00" + edge + inner * (width - 2) + edge)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(b"".join(rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data) & 0xFFFFFFFF
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
