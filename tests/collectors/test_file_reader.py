"""Files of strangers: what they say of themselves, who signed them, and what they cannot do to us."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pypdf import PdfReader, PdfWriter

from collectors.file_reader import FileReader
from collectors.sniff import kind_of
from minhchung.files import FileFacts
from minhchung.sources import FileLimits
from tests.collectors.files_made import (
    NOW,
    authority,
    docx,
    pdf,
    pdf_bomb,
    scanned_pdf,
    signed_pdf,
    written_pdf,
    zipped,
)


@pytest.fixture
async def reader() -> AsyncIterator[FileReader]:
    """A reader with tight limits that looks for no OCR program."""
    opened = FileReader(FileLimits(seconds=4, memory_mib=700, ocr="never"))
    yield opened
    await opened.close()


async def looked(reader: FileReader, body: bytes, kind: str = "") -> FileFacts:
    """Return what is found in a file of the kind that its bytes show."""
    facts = await reader.read(body, kind or kind_of(body), NOW)
    assert facts is not None
    return facts


async def test_a_pdf_tells_pages_text_and_writer(reader: FileReader) -> None:
    """Equal text has an equal digest however it is laid out; the time is the file's own claim."""
    facts = await looked(reader, written_pdf("Quyet dinh phe duyet ke hoach so 12", pages=3))
    other = await looked(reader, written_pdf("Quyet  dinh phe duyet ke hoach so 12", pages=3))

    assert (facts.pages, facts.unread, facts.producer) == (3, "", "Bo go thu")
    assert facts.created == "2021-11-03T08:15:00+07:00"
    assert facts.chars == 3 * 28
    assert facts.text_sha256 == other.text_sha256 != ""
    assert facts.signatures == ()


async def test_a_scan_is_not_read_unless_there_is_a_program_for_it(
    reader: FileReader, tmp_path: Path
) -> None:
    """The program is given a picture of the page; what it says counts as recognised, not as written."""
    assert (await looked(reader, scanned_pdf())).unread == "scanned"

    program = tmp_path / "tesseract"
    program.write_text('#!/bin/sh\nhead -c 2 | grep -q P5 && echo "Cộng hòa xã hội chủ nghĩa Việt Nam"\n')
    program.chmod(0o755)
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{tmp_path}:{before}"
    helped = FileReader(FileLimits())
    try:
        facts = await looked(helped, scanned_pdf())
    finally:
        os.environ["PATH"] = before
        await helped.close()

    assert (facts.unread, facts.ocr, facts.chars) == ("", True, 27)


async def test_intact_valid_and_trusted_are_three_answers(tmp_path: Path) -> None:
    """A signature may be sound and by nobody we know; a byte changed afterwards makes it unsound."""
    known, root = authority("Chứng thực thử")
    stranger, other = authority("Người lạ")
    body = written_pdf("Quyet dinh phe duyet ke hoach so 12")
    ours = await asyncio.to_thread(signed_pdf, body, "So Thu Nghiem", known, root)
    theirs = await asyncio.to_thread(signed_pdf, body, "Ai do", stranger, other)
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    at = ours.index(b"so 12")
    forged = ours[:at] + b"so 13" + ours[at + 5 :]

    judging, unsure = FileReader(FileLimits(), [tmp_path / "root.pem"]), FileReader(FileLimits())
    try:
        trusted, foreign, altered, unknown = [
            (await looked(each, file)).signatures or ()
            for each, file in ((judging, ours), (judging, theirs), (judging, forged), (unsure, ours))
        ]
    finally:
        await judging.close()
        await unsure.close()

    told = [(s.intact, s.valid, s.trusted) for (s,) in (trusted, foreign, altered, unknown)]
    assert told == [(True, True, True), (True, True, False), (False, True, False), (True, True, None)]
    assert "So Thu Nghiem" in trusted[0].signer
    assert trusted[0].whole


async def test_office_files_are_read_without_unpacking_what_they_claim(reader: FileReader) -> None:
    """Word, Excel, plain text."""
    sheet = b"<sst><si><t>Ch\xe1\xbb\x89 ti\xc3\xaau</t></si></sst>"
    book = zipped({"xl/sharedStrings.xml": sheet, "xl/worksheets/sheet1.xml": b"<w><v>12</v></w>"})

    word, excel, text = [
        await looked(reader, body) for body in (docx("Kế hoạch số 5"), book, "Thông báo số 7".encode())
    ]

    assert (word.chars, word.pages, word.producer) == (10, 4, "Bộ gõ thử")
    assert word.created == "2021-11-03T01:15:00Z"
    assert (excel.chars, excel.pages) == (9, 1)
    assert text.chars == 11


ENTITY = (
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY b "&a;&a;">]>'
    b"<sst><si><t>&b;</t></si></sst>"
)


@pytest.mark.fault
async def test_files_made_to_hurt_cost_themselves(reader: FileReader) -> None:
    """Bombs, entities and lies end in a reason; the next file is read."""
    hostile = {
        "zip": zipped({"word/document.xml": b"<a>" + b"x" * 200_000_000 + b"</a>"}),
        "entities": zipped({"xl/sharedStrings.xml": ENTITY}),
        "pdf": pdf_bomb(),
        "count": pdf(b"").replace(b"/Count 1 ", b"/Count 999999999 "),
        "cut": written_pdf("x" * 100)[:300],
        "noise": b"%PDF-1.7\n" + os.urandom(20_000),
    }
    told = {name: (await looked(reader, body)).unread for name, body in hostile.items()}

    assert told["zip"] == told["pdf"] == "limits"
    assert told["entities"] == "damaged"
    assert {told["cut"], told["noise"]} <= {"damaged", "scanned"}
    assert told["count"] in ("scanned", "limits", "damaged")
    assert (await looked(reader, written_pdf("Thong bao so 12 ve lop tap huan"))).unread == ""


async def test_an_encrypted_file_is_said_to_be_one(reader: FileReader) -> None:
    """What asks for a password is neither damaged nor empty."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(written_pdf("bi mat"))))
    writer.encrypt("mat-khau", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)

    assert (await looked(reader, out.getvalue())).unread == "encrypted"


@pytest.mark.fault
async def test_a_process_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a file does to it, the visit goes on."""
    reader = FileReader(FileLimits(seconds=1))
    facts = await looked(reader, written_pdf("Thong bao so 12 ve lop tap huan"))
    assert facts.unread == ""
    child = reader._child
    assert child is not None
    os.kill(child.pid, 19)  # SIGSTOP: alive, and silent for ever
    try:
        assert (await looked(reader, written_pdf("Thong bao so 12"))).unread == "limits"
        assert (await looked(reader, written_pdf("Thong bao so 12 ve lop tap huan"))).unread == ""
    finally:
        await reader.close()
    assert child.returncode is not None


@pytest.mark.parametrize("stamp", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
async def test_a_stamp_of_a_state_secret_is_read_where_it_stands_alone(
    stamp: str, reader: FileReader
) -> None:
    """Decree 26/2020: the stamp stands under the number of the document; in a sentence it is a word."""

    def document(*paragraphs: str) -> bytes:
        inside = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        return zipped(
            {
                "[Content_Types].xml": b"<Types/>",
                "word/document.xml": f'<w:document xmlns:w="{space}">{inside}</w:document>'.encode(),
            }
        )

    stamped = await looked(reader, document("UBND HUYỆN", "Số: 01/KH-UBND", stamp, "Kế hoạch"), "docx")
    named = await looked(reader, document("UBND HUYỆN", f"Quản lý tài liệu {stamp} tại cơ quan"), "docx")
    text = await looked(reader, f"Số: 01/KH\r\n({stamp})\r\nKế hoạch".encode(), "text")

    assert (stamped.stamp, named.stamp, text.stamp) == (stamp, "", stamp)
