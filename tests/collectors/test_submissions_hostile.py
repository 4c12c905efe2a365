"""Workbooks that are made to hurt are refused with one sentence, before they can."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors import sheets
from minhchung.errors import SubmissionError
from minhchung.submissions import Submission
from tests.collectors.workbooks import (
    GOOD,
    changed,
    read,
    refusal,
    row,
    sent,
)

# --- files that are made to hurt ----------------------------------------------------------------------


def with_part(data: bytes, name: str, body: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "không phải bảng tính"),
        (b"co quan;gia tri\n", "không phải bảng tính"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "đời cũ hoặc có mật khẩu"),
        (GOOD[: len(GOOD) // 2], "không phải bảng tính"),
        (b"PK\x05\x06" + bytes(18), "không phải bảng tính"),
        (bytes(sheets.MAX_FILE_BYTES + 1), "lớn hơn 10 MB"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, says: str) -> None:
    assert says in refusal(data)


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", "<a/>")

    assert "không phải bảng tính" in refusal(out.getvalue())


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_part(GOOD, "xl/media/image1.png", bytes(sheets.MAX_PART_BYTES + 1))

    assert len(bomb) < 100_000
    assert "giải nén ra quá lớn" in refusal(bomb)


def test_many_small_parts_are_refused() -> None:
    data = GOOD
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as made:
        for number in range(sheets.MAX_PARTS):
            made.writestr(f"xl/media/{number}.png", b"")

    assert "phần bên trong" in refusal(out.getvalue())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_whatever_their_encoding(encoding: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'

    assert "DTD" in refusal(with_part(GOOD, "xl/hidden.bin", text.encode(encoding)))


def test_an_encrypted_part_is_refused() -> None:
    start = GOOD.rindex(b"PK\x01\x02")
    marked = bytearray(GOOD)
    marked[start + 8] |= 1

    assert "có mật khẩu" in refusal(bytes(marked))


def test_a_stray_cell_far_down_is_refused_and_empty_rows_are_not() -> None:
    filler: list[Sequence[Any]] = [[]] * (sheets.MAX_ROWS + 5)
    long = [row("HT.3", "co_hop", "có"), *filler]

    far = changed(GOOD, "xl/worksheets/sheet2.xml", b'<row r="2"', b'<row r="900000000"')

    assert read(sent(*long)).figures
    assert f"sau dòng {sheets.MAX_ROWS}" in refusal(sent(*long, row("HT.1", "may", 5)))
    assert f"sau dòng {sheets.MAX_ROWS}" in refusal(far)


def test_a_stated_size_that_lies_hides_no_row() -> None:
    data = sent(row("HT.3", "co_hop", "có"), row("HT.1", "may", "chữ"))

    lying = changed(data, "xl/worksheets/sheet2.xml", b'<dimension ref="A1:F3"', b'<dimension ref="A1:F2"')

    assert "TuDanhGia!E3" in refusal(lying)


def test_an_endless_text_is_refused() -> None:
    text = refusal(sent(row("HT.3", "co_hop", "có", "x" * (sheets.MAX_TEXT + 1))))

    assert "TuDanhGia!F2" in text


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet2.xml", b"<row", b"<row r='x'"),
        ("xl/worksheets/sheet2.xml", b"</sheetData>", b""),
        ("xl/worksheets/sheet2.xml", b't="inlineStr"', b't="d"'),
        ("xl/worksheets/sheet2.xml", b't="n"><v>57', b't="s"><v>9999'),
        ("xl/worksheets/sheet2.xml", b"<v>57", b"<v>NaN"),
        ("xl/workbook.xml", b"<sheets>", b"<sheets><sheet/>"),
        ("xl/_rels/workbook.xml.rels", b"sheet2.xml", b"sheet9.xml"),
        ("[Content_Types].xml", b"<Types", b"<Typos"),
        ("xl/styles.xml", b"<cellXfs", b"<cellXf"),
    ],
)
def test_damaged_parts_are_refused_with_a_sentence(part: str, old: bytes, new: bytes) -> None:
    data = sent(row("HT.1", "may", 57), row("HT.1", "nguoi", 60))

    text = refusal(changed(data, part, old, new))

    assert text.count("; ") >= 1


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
@settings(max_examples=150)
def test_no_flipped_byte_raises_anything_but_a_refusal(place: int, mask: int) -> None:
    """A workbook is hostile until proven otherwise: it is read, or refused, and nothing else happens."""
    bent = bytearray(GOOD)
    bent[place] ^= mask
    try:
        outcome: Submission | SubmissionError = read(bytes(bent))
    except SubmissionError as error:
        outcome = error

    assert isinstance(outcome, Submission | SubmissionError)
