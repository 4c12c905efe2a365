"""An owner's file as systems and offices write it: what is read is what a person sees in it."""

from __future__ import annotations

import io
import unicodedata

import openpyxl
import pytest

from collectors.exports import read_export
from minhchung.errors import SubmissionError

TABLE = "Đơn vị;Tiếp nhận;Quá hạn\nSở Tư pháp;6.940;120\nSở Y tế;7.001;0\n"
HEADINGS = ("Đơn vị", "Tiếp nhận", "Quá hạn")
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Write a text as Vietnamese Windows does: letters with their hats, the tone marks after them."""
    parts = []
    for letter in unicodedata.normalize("NFC", text):
        marks = unicodedata.normalize("NFD", letter)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
        parts.append(bare + "".join(mark for mark in marks if mark in TONES))
    return "".join(parts).encode("cp1258")


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        windows_1258(TABLE),
        TABLE.replace("\n", "\r").encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace(";", "\t").encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "windows-1258", "CR", "CRLF", "tabs"],
)
def test_a_csv_is_the_same_table_in_every_encoding_and_line_end(data: bytes) -> None:
    export = read_export(data, "xuat.csv")

    assert export.headings == HEADINGS
    assert [row.cells for row in export.rows] == [("Sở Tư pháp", "6.940", "120"), ("Sở Y tế", "7.001", "0")]


def test_a_quotation_mark_that_is_never_closed_loses_no_row_in_silence() -> None:
    """RFC 4180: a quoted field ends with a quotation mark; without it every later row would be one cell."""
    open_quote = TABLE.replace("Sở Tư pháp", '"Sở Tư pháp')

    with pytest.raises(SubmissionError, match=r"xuat\.csv: tệp: không phải CSV"):
        read_export(open_quote.encode(), "xuat.csv")


def test_a_sheet_that_excel_does_not_show_is_read_only_when_named() -> None:
    book = openpyxl.Workbook()
    unseen = book.active
    assert unseen is not None
    unseen.title, unseen.sheet_state = "Bản cũ", "veryHidden"
    seen = book.create_sheet("Báo cáo")
    for page, received in ((unseen, 1), (seen, 6940)):
        page.append(list(HEADINGS))
        page.append(["Sở Tư pháp", received, 0])
    out = io.BytesIO()
    book.save(out)

    assert read_export(out.getvalue(), "xuat.xlsx").rows[0].cells[1] == "6940"
    assert read_export(out.getvalue(), "xuat.xlsx", "Bản cũ").rows[0].cells[1] == "1"
