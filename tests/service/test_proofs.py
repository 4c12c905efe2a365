"""Proof files come in with the workbook: bound to components, sealed, read for what they say."""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from collectors.proof_files import MAX_FILE_BYTES, component_of, read_proofs
from collectors.template import AGENCY_HEADER, AGENCY_TEMPLATE
from minhchung.errors import SubmissionError
from service.importing import import_workbook
from service.proof_facts import facts_of
from service.proof_records import look_of
from service.workplace import RandomIds, SimulatedClock
from storage.home import Home
from storage.store import Store
from tests.collectors.files_made import authority, signed_pdf, written_pdf
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
        ({"HT.1__x.txt": b""}, "tệp rỗng"),
        ({"HT.1__..__..__x.txt": b"x"}, "dẫn ra ngoài"),
        ({"__HT.1__x.txt": b"x"}, "dẫn ra ngoài"),
        ({"..\\HT.1__x.txt": b"x"}, "dẫn ra ngoài"),
        ({"HT.1__\x1b[31mx.txt": b"x"}, r"HT\.1/\[31mx\.txt: tên tệp"),
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


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Which of the two is the proof would be anybody's choice; composed and decomposed names are one."""
    path = tmp_path / "hai.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for form in ("NFC", "NFD"):
            archive.writestr(unicodedata.normalize(form, "HT.1/sơ đồ.txt"), form)

    with pytest.raises(SubmissionError, match=r"HT\.1/sơ đồ\.txt: có hai lần"):
        read_proofs(path, CODES)


def test_proof_that_comes_after_its_workbook_is_not_dropped_without_a_word(
    store: Store, report: Path, tmp_path: Path
) -> None:
    from service.settings import load

    settings, clock = load(tmp_path / "home", tmp_path / "config"), SimulatedClock(VISITS[0])
    import_workbook(settings, store, clock, report)

    with pytest.raises(SubmissionError, match="đã nhập với minh chứng khác hoặc không có"):
        import_workbook(settings, store, clock, report, proofs=zipped(tmp_path, **{"HT.1__x.txt": LETTER}))


def test_the_same_workbook_with_the_same_proof_changes_nothing(
    store: Store, report: Path, tmp_path: Path
) -> None:
    from service.settings import load

    settings, clock = load(tmp_path / "home", tmp_path / "config"), SimulatedClock(VISITS[0])
    proofs = zipped(tmp_path, **{"HT.1__x.txt": LETTER})

    assert import_workbook(settings, store, clock, report, proofs=proofs)[1]
    assert not import_workbook(settings, store, clock, report, proofs=proofs)[1]


def test_a_broken_zip_and_a_link_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04broken")
    folder = tmp_path / "HD.1"
    folder.mkdir()
    (folder / "a.txt").symlink_to("/etc/hostname")

    with pytest.raises(SubmissionError, match="không đọc được"):
        read_proofs(tmp_path / "x.zip", CODES)
    with pytest.raises(SubmissionError, match="là liên kết"):
        read_proofs(folder, CODES)


def signed(text: str) -> bytes:
    """Return a PDF of one line, signed in the name of somebody whom an authority vouches for."""
    key, root = authority("CA thử")
    return signed_pdf(written_pdf(text), "Người Ký", key, root)


def test_signatures_of_proof_are_judged_intact_valid_and_trusted_apart(
    store: Store, report: Path, tmp_path: Path
) -> None:
    """Altered: the signature is still its key's, what it signed is another. No authority is configured."""
    from service.settings import load

    settings, whole = load(tmp_path / "home", tmp_path / "config"), signed("Cong van so 45")
    files = {
        "HT.1__nguyen.pdf": whole,
        "HT.1__sua.pdf": whole.replace(b"so 45", b"so 46", 1),
        "HT.1__khong.pdf": written_pdf("Cong van so 45"),
        "HT.1__chu.txt": LETTER,
    }

    import_workbook(settings, store, SimulatedClock(VISITS[0]), report, proofs=zipped(tmp_path, **files))

    sealed = json.loads(store.body(next(iter(store.records(kind="proofs"))).id))["proofs"]
    said = {proof["name"]: proof for proof in sealed}
    states = {
        name: [(s["intact"], s["valid"], s["trusted"], s["whole"]) for s in proof["signatures"]]
        for name, proof in said.items()
    }
    assert states == {
        "HT.1/nguyen.pdf": [(True, True, None, True)],
        "HT.1/sua.pdf": [(False, True, None, True)],
        "HT.1/khong.pdf": [],
        "HT.1/chu.txt": [],
    }
    assert "Người Ký" in said["HT.1/nguyen.pdf"]["signatures"][0]["signer"]
    assert [name for name, proof in said.items() if not proof["looked"]] == ["HT.1/chu.txt"]


def test_explain_and_the_web_app_show_what_was_found_in_every_proof_file(
    store: Store, report: Path, tmp_path: Path
) -> None:
    """Under the claim, one line a file, with its record."""
    from service.explaining import explain_component, tree_text
    from service.settings import load
    from service.standings import conclude

    settings = load(tmp_path / "home", tmp_path / "config")
    files = {"HT.1__bao-cao.pdf": signed("Cong van so 45"), "HT.1__chu.txt": LETTER}
    import_workbook(settings, store, SimulatedClock(VISITS[0]), report, proofs=zipped(tmp_path, **files))

    shown = tree_text(explain_component(conclude(settings, store), "so-thu", "HT.1"))

    told = {line.split(": ", 1)[0].split()[-1]: line for line in shown.splitlines() if "nộp kèm" in line}
    assert set(told) == {"HT.1/bao-cao.pdf", "HT.1/chu.txt"}
    assert (
        "nội dung còn nguyên vẹn, chữ ký hợp lệ, chưa cấu hình tổ chức chứng thực" in told["HT.1/bao-cao.pdf"]
    )
    assert "số 12/BC-STHU; ngày 02/11/2021" in told["HT.1/chu.txt"]
    assert "không kiểm tra được chữ ký số (tệp không phải PDF)" in told["HT.1/chu.txt"]


def test_proof_of_another_component_is_not_shown(store: Store, report: Path, tmp_path: Path) -> None:
    from service.explaining import explain_component, tree_text
    from service.settings import load
    from service.standings import conclude

    settings = load(tmp_path / "home", tmp_path / "config")
    proofs = zipped(tmp_path, **{"HT.1__12-BC.txt": LETTER})
    import_workbook(settings, store, SimulatedClock(VISITS[0]), report, proofs=proofs)

    assert "nộp kèm" not in tree_text(explain_component(conclude(settings, store), "so-thu", "HT.2"))


def test_files_sealed_before_signatures_were_judged_say_so() -> None:
    old = {"component": "HT.1", "number": "", "day": None, "signature": "covers-all", "scanned": False}

    assert look_of(old).words() == "không kiểm tra được chữ ký số (nhận trước khi có kiểm tra chữ ký)"


def test_a_pdf_is_read_for_number_and_day_and_a_picture_of_one_is_said_to_be_scanned() -> None:
    from pypdf import PdfWriter

    blank = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.write(blank)

    scanned = facts_of(blank.getvalue(), "pdf")

    assert (scanned.scanned, scanned.unreadable, scanned.number) == (True, False, "")
    assert facts_of(b"%PDF-1.4 broken", "pdf").unreadable
    assert facts_of(LETTER, "text").day == date(2021, 11, 2)
