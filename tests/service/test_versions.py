"""After publication: petition and re-check, then no change, or a second version held against the first."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import docx
import pytest

from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from minhchung.round_acts import Event, RoundAct
from offline.note import read_key
from offline.verifying import verify
from service.act_records import acts_of
from service.bundle import export
from service.versions import CONTENT_TYPES, sealed_annex
from storage.store import Store
from tests.service.calling import Call, caller
from tests.service.sitting import Place

TO_PUBLICATION = (
    Event.OPEN,
    Event.FREEZE,
    Event.FIRST_SCORING,
    Event.COMMENT_PERIOD,
    Event.SECOND_SCORING,
    Event.CLOSE,
    Event.ANNEX,
)
TITLE = "So sánh phiên bản 2 với phiên bản 1"


COMPONENT = """
[[main_index.component]]
code = "{code}"
title = "Tỷ lệ thứ {n}"
points = 50
kind = "submitted_proof"
formula = {{ type = "ratio" }}
inputs = [
    {{ role = "num", name = "co_{n}", origins = ["submitted"] }},
    {{ role = "den", name = "tong_{n}", origins = ["submitted"] }},
]
"""
SMALL_SET = """
id = "son-la-2021"
title = "Bộ chỉ số thử"
status = "reconstruction"
scale = 100

[[main_index]]
code = "HT"
title = "Hạ tầng"
points = 100
""" + "".join(COMPONENT.format(code=f"HT.{n}", n=n) for n in (1, 2))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A published round of two components that agencies prove themselves: nothing is open."""
    made = Place(tmp_path)
    (made.config / "index_sets" / "son-la-2021.toml").write_text(SMALL_SET, "utf-8")
    made.up_to(*TO_PUBLICATION)
    yield made
    made.store.close()


def ruled(place: Place, **more: Any) -> None:
    """Rule that nine of ten computers of `so-thu` are connected."""
    place.rule(component="HT.1", inputs={"co_1": Fraction(9), "tong_1": Fraction(10)}, **more)


@pytest.fixture
def call(place: Place, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line at that home."""
    plain: Call = caller(capsys)
    return lambda *words: plain("--home", place.home, "--config", place.config, *words)


def acts(store: Store) -> list[RoundAct]:
    return [act for _, act in acts_of(store, RoundAct)]


def reopened(place: Place) -> None:
    """A petition came in and is being looked at again."""
    place.enter(Event.PETITION, "2021-11-22")
    place.enter(Event.RE_CHECK, "2021-11-23")


def test_every_publication_seals_the_annex_as_it_was_published(
    place: Place, call: Call, tmp_path: Path
) -> None:
    """`annex --version 1` gives back the sealed bytes, also when another version is in force."""
    first = {form: sealed_annex(place.store, acts(place.store), 1, form) for form in CONTENT_TYPES}
    reopened(place)
    ruled(place)
    place.enter(Event.NEW_VERSION, "2021-11-24")
    place.store.close()

    for form in CONTENT_TYPES:
        out = tmp_path / f"phu-luc.{form}"
        assert call("annex", "--version", 1, "--format", form, "--out", out).code == 0
        assert out.read_bytes() == first[form]


def test_a_second_version_says_what_it_changes_and_which_ruling_moved_it(place: Place) -> None:
    """Scores and places before and after, the component, the ruling with its day, person and reason."""
    reopened(place)
    ruled(place, number="7/KL", why="Cổng có HTTPS từ tháng 3")
    place.enter(Event.NEW_VERSION, "2021-11-24")

    table = compared(sealed_annex(place.store, acts(place.store), 2, "csv"))

    moved = [row for row in table if row["Mã cơ quan"] == "so-thu"]
    assert [row["Mã"] for row in moved] == ["HT.1"]
    assert (moved[0]["Trước"], moved[0]["Sau"]) == ("01 (0,0), Mức yếu", "01 (45,0), Mức yếu")
    assert (moved[0]["Điểm trước"], moved[0]["Điểm sau"]) == ("0,00/50,00", "45,00/50,00")
    assert moved[0]["Do"] == (
        "Kết luận số 7/KL ngày 23/11/2021 của an, binh đồng ký: Cổng có HTTPS từ tháng 3"
    )
    others = [row for row in table if row["Mã cơ quan"] != "so-thu"]
    assert [(row["Mã cơ quan"], row["Trước"], row["Sau"], row["Do"]) for row in others] == [
        (
            "so-mau",
            "01 (0,0), Mức yếu",
            "02 (0,0), Mức yếu",
            "Điểm không đổi; thứ hạng đổi theo điểm của cơ quan khác",
        )
    ]


def compared(annex: bytes) -> list[dict[str, str]]:
    """Return the rows of the table of changes in an annex as CSV."""
    rows = list(csv.reader(io.StringIO(annex.decode("utf-8-sig"), newline="")))
    start = next(n for n, row in enumerate(rows) if row and row[0] == TITLE)
    head, table = rows[start + 2], []
    for row in rows[start + 3 :]:
        if not row:
            break
        table.append(dict(zip(head, row, strict=True)))
    return table


def test_every_form_bears_the_table_and_says_which_version_it_replaces(place: Place) -> None:
    reopened(place)
    ruled(place)
    place.enter(Event.NEW_VERSION, "2021-11-24")
    told = acts(place.store)

    page = sealed_annex(place.store, told, 2, "html").decode()
    paper = docx.Document(io.BytesIO(sealed_annex(place.store, told, 2, "docx")))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]

    assert TITLE in page
    assert any(TITLE in paragraph.text for paragraph in paper.paragraphs)
    assert any("Kết luận ngày 23/11/2021 của an, binh đồng ký" in text for text in cells)
    assert "PHIÊN BẢN 2: thay phiên bản 1 công bố theo văn bản 1/TB" in page
    assert TITLE not in sealed_annex(place.store, told, 1, "html").decode()


def test_no_change_is_refused_where_something_changed_and_a_version_where_nothing_did(place: Place) -> None:
    reopened(place)
    with pytest.raises(UsageError, match="rests on the same inputs as version 1"):
        place.enter(Event.NEW_VERSION, "2021-11-24")

    ruled(place)

    with pytest.raises(UsageError, match=r"no-change: scores or places differ from version 1 at .*so-thu"):
        place.enter(Event.NO_CHANGE, "2021-11-24")


def test_without_a_change_the_first_version_stays_and_may_be_petitioned_again(place: Place) -> None:
    reopened(place)
    place.enter(Event.NO_CHANGE, "2021-11-24")

    with pytest.raises(UsageError, match="there is no version 2; published are: 1 to 1"):
        sealed_annex(place.store, acts(place.store), 2, "csv")

    place.enter(Event.PETITION, "2021-11-25")


def test_before_it_is_entered_a_new_version_can_be_read(place: Place, call: Call, tmp_path: Path) -> None:
    """The draft that is decided on bears the table too."""
    reopened(place)
    ruled(place)
    place.store.close()
    out = tmp_path / "du-thao.csv"

    assert call("annex", "--format", "csv", "--out", out).code == 0

    assert {row["Mã cơ quan"] for row in compared(out.read_bytes())} >= {"so-thu"}


def test_a_version_that_was_never_published_is_one_sentence(place: Place, call: Call, tmp_path: Path) -> None:
    place.store.close()

    said = call("annex", "--version", 3, "--format", "csv", "--out", tmp_path / "x.csv")

    assert said.code == 2
    assert "there is no version 3; published are: 1 to 1" in said.err
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("agency", ["", "so-thu"])
def test_both_versions_are_provable_in_a_bundle(agency: str, place: Place, tmp_path: Path) -> None:
    """The replaced annex stands there whole, its leaf under the signed head."""
    reopened(place)
    ruled(place)
    act = place.enter(Event.NEW_VERSION, "2021-11-24")
    first = acts(place.store)[6].annexes["html"]
    out = tmp_path / "round.wacz"
    with out.open("wb") as stream:
        export(place.settings, place.store, stream, kind="full", agency=agency)

    report = verify(out, read_key((place.home / "log" / "key").read_text("utf-8")))
    with zipfile.ZipFile(out) as packed:
        lines = [json.loads(line) for line in packed.read("proofs/leaves.jsonl").splitlines()]
        archive = b"".join(packed.read(name) for name in packed.namelist() if name.startswith("archive/"))

    urls = {
        f"urn:minhchung:annex:{sha256(place.store.body(RecordId(one))).hexdigest()}"
        for one in (first, act.annexes["html"])
    }
    assert report.verdict == "reproduced", report.findings
    assert urls <= {json.loads(line["entry"])["url"] for line in lines}
    assert archive
