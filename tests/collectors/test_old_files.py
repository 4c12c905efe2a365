"""Files of Word and Excel up to 2003, and RTF: much of what offices published before 2010.

`ke-hoach.doc` was written by LibreOffice 7.4 (Word 97), `so-lieu.xls` by xlwt 1.3 (Excel 97), both from
texts of our own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from collectors.file_reader import FileReader
from collectors.sniff import kind_of
from minhchung.files import FileFacts
from minhchung.sources import FileLimits
from tests.collectors.files_made import NOW

FILES = Path(__file__).parent / "files"
PLAN = (
    "ỦY BAN NHÂN DÂN HUYỆN THỬ Số: 12/KH-UBND Kế hoạch tập huấn chữ ký số cho cán bộ xã, ngày 03 tháng 11 "
    "năm 2021 – đợt 1. Nội dung Số lượng Lớp học 25"
)


@pytest.fixture
async def reader() -> AsyncIterator[FileReader]:
    """A reader with tight limits."""
    opened = FileReader(FileLimits(seconds=4, memory_mib=700, ocr="never"))
    yield opened
    await opened.close()


async def looked(reader: FileReader, body: bytes, kind: str = "") -> FileFacts:
    """Return what is found in a file of the kind that its bytes show."""
    facts = await reader.read(body, kind or kind_of(body), NOW)
    assert facts is not None
    return facts


def digest(text: str) -> str:
    """Return the digest of a text as it is compared."""
    return sha256(text.encode()).hexdigest()


async def test_an_old_word_file_says_its_text(reader: FileReader) -> None:
    """[MS-DOC] 2.4.1: the text stands in pieces that the table stream puts in order."""
    facts = await looked(reader, (FILES / "ke-hoach.doc").read_bytes())

    assert (facts.unread, facts.text_sha256) == ("", digest(PLAN))


async def test_an_old_workbook_says_its_cells(reader: FileReader) -> None:
    """Every sheet, row by row; numbers as Excel keeps them."""
    facts = await looked(reader, (FILES / "so-lieu.xls").read_bytes())

    cells = "Chỉ tiêu Số lượng Hồ sơ đúng hạn 125.0 Hồ sơ trễ hạn 3.0 x"
    assert (facts.unread, facts.pages, facts.text_sha256) == ("", 2, digest(cells))


async def test_an_old_word_file_with_a_password_is_said_to_have_one(reader: FileReader) -> None:
    """[MS-DOC] 2.5.2, fEncrypted."""
    body = bytearray((FILES / "ke-hoach.doc").read_bytes())
    head = body.index(b"\xec\xa5")
    body[head + 11] |= 1

    assert (await looked(reader, bytes(body))).unread == "encrypted"


RICH = (
    r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset163 Times;}}"
    r"{\info{\title x}{\creatim\yr2021\mo11\dy3\hr8\min15}{\revtim\yr2022\mo1\dy1}\nofpages4}"
    r"{\*\generator Riched20 10;}{\header Trang \'e0}"
)


async def test_rich_text_is_read_by_its_escapes_and_fonts(reader: FileReader) -> None:
    """RTF 1.9: letters by number, bytes by the charset of their font, groups that are no text."""
    text = r"\f0 K\u7871?\u32?ho\u7841?ch s\u7889? 5 \{a\}\par\f1 \'d0\'f5\'f2t {\pict\bin4 {{{{ffff}2021}"
    facts = await looked(reader, (RICH + text).encode())

    assert (facts.unread, facts.pages, facts.created) == ("", 4, "2021-11-03T08:15")
    assert facts.producer == "Riched20 10"
    assert facts.text_sha256 == digest("Kế hoạch số 5 {a} Đợt 2021")


async def test_letters_of_old_fonts_are_read_by_their_words(reader: FileReader) -> None:
    """TCVN3 fonts lie over Western bytes in files as they do on pages."""
    words = "uû ban nhaân daân tænh, keá hoaïch, ñôït naêm hoïc, quyeát ñònh"  # VNI
    spelt = "ủy ban nhân dân tỉnh, kế hoạch, đợt năm học, quyết định".replace("ủy", "ủ")
    body = (
        r"{\rtf1\ansi "
        + "".join(c if c.isascii() else f"\\'{c.encode('cp1252')[0]:02x}" for c in words)
        + "}"
    )

    assert (await looked(reader, body.encode())).text_sha256 == digest(spelt)


async def test_old_files_made_to_hurt_cost_themselves(reader: FileReader) -> None:
    """Braces without end, lengths that lie, tables that lead nowhere: a reason, and the next file is read."""
    doc = (FILES / "ke-hoach.doc").read_bytes()
    xls = (FILES / "so-lieu.xls").read_bytes()
    head = doc.index(b"\xec\xa5")
    hostile = {
        "rtf-deep": b"{\\rtf1 " + b"{" * 2_000_000,
        "rtf-long": b"{\\rtf1 " + b"x" * 5_000_000 + b"}",
        "rtf-bin": b"{\\rtf1\\bin2147483647 x} con",
        "doc-length": doc[: head + 76] + b"\xff\xff\xff\x7f" + doc[head + 80 :],
        "doc-pieces": doc[: head + 418] + b"\xff\xff\xff\x7f" + doc[head + 422 :],
        "doc-cut": doc[:5000],
        "xls-sectors": xls[:44] + b"\xff" * 400 + xls[444:],
    }
    told = {name: (await looked(reader, body, name.split("-")[0])).unread for name, body in hostile.items()}

    assert told == {
        "rtf-deep": "damaged",
        "rtf-long": "limits",
        "rtf-bin": "",
        "doc-length": "limits",
        "doc-pieces": "damaged",
        "doc-cut": "damaged",
        "xls-sectors": "damaged",
    }
    assert (await looked(reader, doc)).text_sha256 == digest(PLAN)
