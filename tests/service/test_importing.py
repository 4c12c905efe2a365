"""A workbook is sealed first and read from the sealed bytes; the same file again is a no-op."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from collectors.template import AGENCY_HEADER, AGENCY_TEMPLATE, OWNER_HEADER, OWNER_TEMPLATE
from minhchung.errors import SubmissionError
from service.importing import MAX_BYTES, import_workbook
from service.settings import Settings, load
from service.workplace import open_store
from storage.store import Store
from tests.collectors.workbooks import row, workbook
from tests.service.calling import Call, Said, caller
from tests.service.small_home import write_small_config


class FixedClock:
    """Always the same instant."""

    def now(self) -> datetime:
        """Return it."""
        return datetime(2021, 10, 28, 2, 0, tzinfo=UTC)


def report(machines: int, sent: str = "2021-10-28", agency: str = "so-thu") -> bytes:
    """Return an agency's workbook that claims so many computers for 42 people."""
    facts = [("mau", AGENCY_TEMPLATE), ("co_quan", agency), ("dot", "2021"), ("ngay_gui", sent)]
    rows = [row("HT.1", "may_tinh_ket_noi_internet", machines, "Phụ lục 1"), row("HT.1", "tong_cbcc", 42)]
    return workbook({"ThongTin": facts, "TuDanhGia": [AGENCY_HEADER, *rows]})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A small round's settings."""
    return load(tmp_path / "home", write_small_config(tmp_path / "config"))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """Its home, open for writing."""
    with closing(open_store(settings, writer=True)) as store:
        yield store


def kept(folder: Path, name: str, data: bytes) -> Path:
    """Write a workbook; returns its path."""
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_workbook_is_sealed_and_its_figures_point_into_it(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    """Record, digest, cell: whoever doubts a claim opens the very file."""
    data = report(40)
    submission, new = import_workbook(settings, store, FixedClock(), kept(tmp_path, "a.xlsx", data))
    (figure,) = submission.figures

    assert new
    assert submission.sha256 == hashlib.sha256(data).hexdigest()
    assert store.body(submission.record) == data
    assert (submission.agency, submission.sent_on) == ("so-thu", date(2021, 10, 28))
    assert dict(figure.inputs) == {"may_tinh_ket_noi_internet": Fraction(40), "tong_cbcc": Fraction(42)}
    assert figure.seen.record == submission.record
    assert figure.seen.path.startswith("TuDanhGia!")
    assert store.record(submission.record).captured_at == FixedClock().now()


def test_the_same_bytes_again_are_a_no_op(settings: Settings, store: Store, tmp_path: Path) -> None:
    """Whatever the file is called."""
    first, _ = import_workbook(settings, store, FixedClock(), kept(tmp_path, "a.xlsx", report(40)))
    records = len(list(store.records()))
    second, new = import_workbook(
        settings, store, FixedClock(), kept(tmp_path, "b.xlsx", (tmp_path / "a.xlsx").read_bytes())
    )

    assert not new
    assert second.record == first.record
    assert len(list(store.records())) == records


def test_a_newer_workbook_supersedes(settings: Settings, store: Store, tmp_path: Path) -> None:
    """Both stay sealed; the claim is that of the newest."""
    import_workbook(settings, store, FixedClock(), kept(tmp_path, "a.xlsx", report(40)))
    second, new = import_workbook(settings, store, FixedClock(), kept(tmp_path, "b.xlsx", report(41)))
    (claim,) = store.holdings(settings.agency("so-thu"), None).submitted

    assert new
    assert len(list(store.submissions())) == 2
    assert claim.inputs["may_tinh_ket_noi_internet"] == Fraction(41)
    assert claim.seen.record == second.record


def test_an_agency_s_workbook_says_nothing_about_another(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    """Claims are held by the agency that made them."""
    import_workbook(settings, store, FixedClock(), kept(tmp_path, "a.xlsx", report(40)))

    assert store.holdings(settings.agency("so-mau"), None).submitted == ()


def test_an_owner_s_workbook_gives_figures_to_whom_it_names(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    """The owner of a shared system speaks about several agencies."""
    facts = [("mau", OWNER_TEMPLATE), ("chu_quan", "Trung tâm Thử"), ("van_ban", "45/TTT ngày 01/11/2021")]
    facts += [("tu_ngay", "2020-11-01"), ("den_ngay", "2021-10-31")]
    rows = [
        ("so-thu", "HD.14", "tong_ho_so_phat_sinh", 120, "", ""),
        ("huyen-thu", "HD.14", "tong_ho_so_phat_sinh", 7, "", ""),
    ]
    data = workbook({"ThongTin": facts, "SoLieu": [OWNER_HEADER, *rows]})

    submission, _ = import_workbook(settings, store, FixedClock(), kept(tmp_path, "o.xlsx", data))
    (figure,) = store.holdings(settings.agency("huyen-thu"), None).owner_figures

    assert submission.agency == "tinh"
    assert len(submission.owner_figures) == 2
    assert (figure.value, figure.document) == (Fraction(7), "45/TTT ngày 01/11/2021")
    assert figure.seen.record == submission.record


def test_an_owner_s_figures_of_other_days_are_refused(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    facts = [("mau", OWNER_TEMPLATE), ("chu_quan", "Trung tâm Thử"), ("van_ban", "45/TTT")]
    facts += [("tu_ngay", "2019-01-01"), ("den_ngay", "2019-12-31")]
    rows = [("so-thu", "HD.14", "tong_ho_so_phat_sinh", 120, "", "")]
    data = workbook({"ThongTin": facts, "SoLieu": [OWNER_HEADER, *rows]})

    with pytest.raises(SubmissionError, match="2019-01-01 – 2019-12-31 không nằm trong kỳ đánh giá"):
        import_workbook(settings, store, FixedClock(), kept(tmp_path, "o.xlsx", data))


def test_what_cannot_be_read_is_not_sealed(settings: Settings, store: Store, tmp_path: Path) -> None:
    """An attachment that is no report must not lie in the archive for ever."""
    before = len(list(store.records()))
    for data in (b"", b"PK\x03\x04", report(40, agency="so-la")):
        with pytest.raises(SubmissionError):
            import_workbook(settings, store, FixedClock(), kept(tmp_path, "a.xlsx", data))

    assert len(list(store.records())) == before


def test_a_workbook_of_any_size_is_not_read_whole(settings: Settings, store: Store, tmp_path: Path) -> None:
    """The limit is looked at before the bytes."""
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    with pytest.raises(SubmissionError, match=rf"a\.xlsx: .*{MAX_BYTES}"):
        import_workbook(settings, store, FixedClock(), path)


def fill_in(path: Path, values: dict[str, int]) -> None:
    """Fill a template in as an official would: the day it was sent and some figures."""
    book = openpyxl.load_workbook(path)
    for key, cell in book["ThongTin"].iter_rows(max_col=2):
        if key.value == "ngay_gui":
            cell.value = date(2021, 10, 28)
    for cells in book["TuDanhGia"].iter_rows(min_row=2):
        if cells[2].value in values:
            cells[4].value = values[cells[2].value]
    book.save(path)


def test_the_template_comes_back_filled_in(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What `submissions template` writes, `submissions import` reads; said in one line, again in one line."""
    call: Call = caller(capsys)
    config = write_small_config(tmp_path / "config")
    out = tmp_path / "mau.xlsx"

    def at(*words: object) -> Said:
        return call("--home", tmp_path / "home", "--config", config, *words)

    wrote = at("submissions", "template", out, "--agency", "so-thu")
    empty = at("submissions", "import", out)
    fill_in(out, {"may_tinh_ket_noi_internet": 40, "tong_cbcc": 42})
    first = at("submissions", "import", out, "--json")
    again = at("submissions", "import", out)

    assert (wrote.code, wrote.out) == (0, "")
    assert first.json["agency"] == "so-thu"
    assert (empty.code, "điền cột Giá trị" in empty.sentence()) == (2, True)
    assert (first.json["figures"], first.json["new"]) == (1, True)
    assert (again.code, again.out) == (0, f"so-thu: đã có, không đổi; 1; sha256 {first.json['sha256']}\n")


def test_an_older_workbook_does_not_supersede_a_newer_one(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    """What was sent on 27 October stands when a file of 1 October turns up later."""
    clock = FixedClock()
    import_workbook(settings, store, clock, kept(tmp_path, "moi.xlsx", report(40, "2021-10-27")))

    with pytest.raises(SubmissionError, match="2021-10-01, cũ hơn bản đang dùng"):
        import_workbook(settings, store, clock, kept(tmp_path, "cu.xlsx", report(39, "2021-10-01")))

    assert [s.sent_on for s in store.submissions()] == [date(2021, 10, 27)]
