"""What a file is, by its first bytes."""

from __future__ import annotations

import io
import zipfile

import pytest

from collectors.sniff import image_size, kind_of


def packed(*names: str, first: tuple[str, str] | None = None) -> bytes:
    """Return a ZIP file with these entries; `first` is stored at its head."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if first is not None:
            archive.writestr(*first)
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\r\n\r\n%PDF-1.4", "pdf"),
        (b"{\\rtf1\\ansi", "rtf"),
        (OLE + "WordDocument".encode("utf-16-le"), "doc"),
        (OLE + "Workbook".encode("utf-16-le"), "xls"),
        (OLE, "unknown"),
        (packed("word/document.xml"), "docx"),
        (packed("xl/workbook.xml"), "xlsx"),
        (packed("van-ban.pdf"), "zip"),
        (packed(first=("mimetype", "application/vnd.oasis.opendocument.text")), "odt"),
        (packed(first=("mimetype", "application/vnd.oasis.opendocument.spreadsheet")), "ods"),
        (b"PK\x03\x04 cut short", "unknown"),
        (b"<!DOCTYPE html><p>L\xe1\xbb\x97i", "html"),
        (b"\xef\xbb\xbf  <html>", "html"),
        ("Quyết định số 1".encode(), "text"),
        (b"\x00\x01\x02\x03" * 99, "unknown"),
        (b"\x01\x02\x03\x04" * 99, "unknown"),
        (b"", "unknown"),
    ],
)
def test_a_file_is_what_its_bytes_say(body: bytes, kind: str) -> None:
    """Attachment.type; names and declared types are not believed."""
    assert kind_of(body) == kind


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x03\x84\x00\x00\x02\x58\x08\x02\x00\x00\x00"


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (PNG, (900, 600)),
        (b"GIF89a\x90\x01\x2c\x01", (400, 300)),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"></svg>', (640, 480)),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg width="640" height="480"></svg>', None),
        (PNG[:16] + b"\xff" * 8, None),
        (PNG[:18], None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_an_image_is_as_large_as_its_header_says_and_not_larger_than_can_be(
    body: bytes, size: tuple[int, int] | None
) -> None:
    """ImageFile; a header that lies is no image."""
    assert image_size(body) == size
