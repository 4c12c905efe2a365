"""Proof files come in with the workbook: bound to components, sealed, read for what they say."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from collectors.proof_files import MAX_FILE_BYTES, component_of, read_proofs
from collectors.template import AGENCY_HEADER, AGENCY_TEMPLATE
from minhchung.errors import SubmissionError
from service.importing import import_workbook
from service.proof_facts import facts_of, signature_of
from service.workplace import RandomIds, SimulatedClock
from storage.home import Home
from storage.store import Store
from tests.collectors.workbooks import row, workbook
from tests.service.bundled import VISITS
from tests.service.small_home import write_small_config

CODES = ("HD.1", "HD.14", "HT.1", "HT.2")
LETTER = "Số: 12/BC-STHU\nSơn La, ngày 02 tháng 11 năm 2021\nBÁO CÁO\n".encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    write_small_config(tmp_path / "config")
    with Store(Home(tmp_path / "home"), SimulatedClock(VISITS[0]), RandomIds(), writer=True) as store:
        yield store


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A workbook that claims HT.1 and HT.2."""
    facts = [("mau", AGENCY_TEMPLATE), ("co_quan", "so-thu"), ("dot", "2021"), ("ngay_gui", "2021-10-19")]
    rows = [row("HT.1", "may_tinh_ket_noi_internet", 40, "Phụ lục 1"), row("HT.1", "tong_cbcc", 42)]
    path = tmp_path / "tu-danh-gia.xlsx"
    path.write_bytes(workbook({"ThongTin": facts, "TuDanhGia": [AGENCY_HEADER, *rows]}))
    return path


def zipped(folder: Path, **files: bytes) -> Path:
    path = folder / "minh-chung.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name.replace("__", "/"), body)
    return path


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("HD.1/so-do.pdf", "HD.1"),
        ("minh chung/HT.2/a/b.png", "HT.2"),
        ("HD.1 - so do.pdf", "HD.1"),
        ("HD.14_bao-cao.pdf", "HD.14"),
        ("HD.1.pdf", "HD.1"),
        ("HD.143.pdf", None),
        ("bao-cao.pdf", None),
        ("../HD.1/x.pdf", "HD.1"),
    ],
)
def test_a_file_is_proof_of_the_component_that_its_path_names(name: str, component: str | None) -> None:
    assert component_of(name, CODES) == component


def test_proof_is_sealed_with_what_it_says_and_the_claim_names_it(
    store: Store, report: Path, tmp_path: Path
) -> None:
    from service.settings import load

    settings = load(tmp_path / "home", tmp_path / "config")
    proofs = zipped(tmp_path, **{"HT.1__12-BC.txt": LETTER})

    submission, new = import_workbook(settings, store, SimulatedClock(VISITS[0]), report, proofs=proofs)

    assert new
    assert submission.figures[0].proof == "Phụ lục 1; tệp: HT.1/12-BC.txt"
    kept = next(iter(store.records(kind="proof")))
    said = json.loads(store.body(next(iter(store.records(kind="proofs"))).id))
    assert store.body(kept.id) == LETTER
    assert said["workbook"] == submission.sha256
    assert [(p["component"], p["number"], p["day"], p["record"]) for p in said["proofs"]] == [
        ("HT.1", "12/BC-STHU", "2021-11-02", kept.id)
    ]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"khac.txt": b"x"}, "không rõ là minh chứng của thành phần nào"),
        ({"HD.1__x.txt": b"x"}, "không rõ là minh chứng của thành phần nào"),
        ({"HT.1__x.exe": b"MZ\x90\x00\x03\x00"}, "không nhận"),
        ({"HT.1__x.txt": b""}, "không nhận|tệp rỗng"),
        ({}, "không có tệp minh chứng nào"),
        ({"HT.1__bom.txt": b"0" * (MAX_FILE_BYTES + 1)}, "lớn hơn 20 MB"),
    ],
)
def test_what_cannot_be_proof_is_refused_by_name_and_nothing_is_sealed(
    store: Store, report: Path, tmp_path: Path, files: dict[str, bytes], says: str
) -> None:
    from service.settings import load

    settings = load(tmp_path / "home", tmp_path / "config")

    with pytest.raises(SubmissionError, match=says):
        import_workbook(settings, store, SimulatedClock(VISITS[0]), report, proofs=zipped(tmp_path, **files))

    assert list(store.records(kind="submission")) == []


def test_a_broken_zip_and_a_link_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04broken")
    folder = tmp_path / "HD.1"
    folder.mkdir()
    (folder / "a.txt").symlink_to("/etc/hostname")

    with pytest.raises(SubmissionError, match="không đọc được"):
        read_proofs(tmp_path / "x.zip", CODES)
    with pytest.raises(SubmissionError, match="là liên kết"):
        read_proofs(folder, CODES)


def signed_pdf(after: bytes = b"") -> bytes:
    """Return bytes whose signature covers everything, then what was added after it."""
    head = b"%PDF-1.7\n1 0 obj <</Type /Sig /Name (Nguoi Ky) /ByteRange [0 aaaa bbbb cccc] /Contents <"
    hexed, tail = b"00" * 8, b">>> endobj\n%%EOF\n"
    first, second = len(head), len(head) + len(hexed)
    numbers = (f"{first:4}", f"{second:4}", f"{len(tail):4}")
    for word, number in zip((b"aaaa", b"bbbb", b"cccc"), numbers, strict=True):
        head = head.replace(word, number.encode())
    return head + hexed + tail + after


def test_a_signature_that_no_longer_covers_the_file_is_told_apart() -> None:
    """A signature is found, not trusted: bytes added after it are what can be told without any root."""
    assert signature_of(signed_pdf()) == "covers-all"
    assert signature_of(signed_pdf(b"2 0 obj <<>> endobj\n")) == "changed-after"
    assert signature_of(b"%PDF-1.4\n%%EOF\n") == "none"


def test_a_pdf_is_read_for_number_and_day_and_a_picture_of_one_is_said_to_be_scanned() -> None:
    from pypdf import PdfWriter

    blank = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.write(blank)

    scanned = facts_of(blank.getvalue(), "pdf")

    assert (scanned.scanned, scanned.signature, scanned.number) == (True, "none", "")
    assert facts_of(b"%PDF-1.4 broken", "pdf").signature == "unreadable"
    assert facts_of(LETTER, "text").day == date(2021, 11, 2)
