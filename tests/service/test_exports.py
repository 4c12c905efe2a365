"""An owner's export: a person says what its columns are, the letter binds it, every row is sealed."""

from __future__ import annotations

import io
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from minhchung.agencies import PROVINCE
from minhchung.evidence import AgencyCode
from minhchung.observations import DossierTally, ServiceHealth
from service.settings import load
from service.workplace import open_store
from tests.collectors.files_made import authority, signed_pdf, written_pdf
from tests.service.calling import Call, Said, caller
from tests.service.small_home import write_small_config

SOURCE = 'key = "xuat"\ntitle = "Tệp của chủ quản"\nkind = "onestop"\ndriver = "workbook"\nurl = ""\n'
SO_THU, HUYEN = AgencyCode("so-thu"), AgencyCode("huyen-thu")
HEAD = [
    ["BÁO CÁO TÌNH HÌNH GIẢI QUYẾT HỒ SƠ", None, None, None, None, None],
    ["Đơn vị", "Tiếp nhận", "Đã giải quyết", None, None, "Tỷ lệ quá hạn"],
    [None, None, "Tổng", "Đúng hạn", "Quá hạn", None],
]
ROWS = [
    ["Sở Thử", 6940, 7960, 7840, 120, "1,5%"],
    ["Trung tâm Sở Thử", 10, 9, 9, 0, "0%"],
    ["UBND huyện Thữ", 50, 45, 40, 5, "11,1%"],
    ["Tổng cộng", 7001, 8014, 7889, 125, "1,56%"],
]
LETTER = ("--letter", "45/TTPVHCC", "--letter-date", "2021-11-03", "--signer", "Giám đốc Trung tâm")
SPAN = ("--from", "2020-11-01", "--to", "2021-10-31")


def sheet(rows: list[list[object]]) -> bytes:
    """Return a workbook as an owner's system writes it: a title, two rows of headings, merged cells."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (*HEAD, *rows):
        page.append(row)
    page.merge_cells("C2:E2")
    page.merge_cells("A1:F1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line at a home with one system whose owner sends files."""
    config = write_small_config(tmp_path / "config")
    round_ = config / "rounds" / "2021.toml"
    text = round_.read_text("utf-8")
    assert "freeze = 2021-11-10" in text
    round_.write_text(text.replace("freeze = 2021-11-10", "freeze = 2099-12-31"), "utf-8")
    (config / "sources").mkdir()
    (config / "sources" / "xuat.toml").write_text(SOURCE, "utf-8")
    plain = caller(capsys)

    def at(*words: object) -> Said:
        return plain("--home", tmp_path / "home", "--config", config, *words)

    return at


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The owner's file."""
    path = tmp_path / "bao-cao.xlsx"
    path.write_bytes(sheet(ROWS))
    return path


CONFIRM = (
    "--confirm", "--by", "Người thẩm định", "--set", "Đã giải quyết / Tổng=resolved",
    "--set", "Đã giải quyết / Đúng hạn=resolved_in_time", "--set", "Đã giải quyết / Quá hạn=resolved_overdue",
    "--rate", "Tỷ lệ quá hạn=resolved_overdue/resolved", "--agency", "UBND huyện Thữ=huyen-thu",
)  # fmt: skip


def test_a_file_is_proposed_a_reading_and_nothing_is_kept(call: Call, file: Path, tmp_path: Path) -> None:
    """Equal words are certain, near ones a guess, a name that only holds another is no guess at all."""
    said = call("sources", "map", file, "--json")

    columns = {row["text"]: (row["meaning"], row["nearness"]) for row in said.json["columns"]}
    bodies = {row["text"]: (row["meaning"], row["nearness"]) for row in said.json["agencies"]}
    assert said.code == 3
    assert columns["Đơn vị"] == ("body", 100)
    assert columns["Tiếp nhận"] == ("received", 100)
    assert columns["Đã giải quyết / Quá hạn"] == ("resolved_overdue", 100)
    assert columns["Tỷ lệ quá hạn"] == ("", 0)
    assert bodies["Sở Thử"] == ("so-thu", 100)
    assert bodies["UBND huyện Thữ"][0] == "huyen-thu"
    assert bodies["UBND huyện Thữ"][1] < 100
    assert bodies["Trung tâm Sở Thử"][0] == ""
    assert not (tmp_path / "config" / "mappings").exists()


def test_without_a_persons_word_nothing_is_imported(call: Call, file: Path, tmp_path: Path) -> None:
    said = call("sources", "import", file, *LETTER, *SPAN)

    assert said.code == 2
    assert "sources map" in said.sentence()
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"), writer=True)) as store:
        assert list(store.records()) == []
    assert call("sources", "map", file, "--confirm").code == 2, "somebody must stand for it by name"


def imported(call: Call, file: Path) -> Said:
    """Confirm the reading and import the file."""
    assert call("sources", "map", file, *CONFIRM).code == 0
    return call("sources", "import", file, *LETTER, *SPAN, "--json")


def test_rows_are_sealed_under_the_letter_and_read_for_their_agency(
    call: Call, file: Path, tmp_path: Path
) -> None:
    """Figures carry label, letter, span and place; a body nobody confirmed counts nowhere."""
    said = imported(call, file)

    assert said.json["agencies"] == ["huyen-thu", "so-thu"]
    assert said.json["unmapped"] == ["Trung tâm Sở Thử"]
    assert said.json["totals"] == [{"meaning": "received", "printed": 7001, "summed": 7000}]
    assert said.code == 1, "a total that does not add up is a fault that is said"
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        tallies = [o for o in store.kept(SO_THU, ("dossier_tally",)) if isinstance(o, DossierTally)]
        healths = store.kept(SO_THU, ("service_health",))
        kinds = [record.url.rpartition(":")[0] for record in store.records(agency=PROVINCE)]
    received, resolved = tallies
    assert received.figures == (("received", 6940),)
    assert received.labels == (("received", "Tiếp nhận"),)
    assert (received.first.isoformat(), received.last.isoformat()) == ("2020-11-01", "2021-10-31")
    assert "45/TTPVHCC ngày 2021-11-03" in received.definition
    assert received.seen.path == "Sheet!4"
    assert dict(resolved.printed) == {"Tỷ lệ quá hạn": "1,5%"}
    assert resolved.figure("resolved_overdue") == 120
    assert [h.state for h in healths if isinstance(h, ServiceHealth)] == ["ok"]
    assert any(kind.startswith("urn:minhchung:export:xuat") for kind in kinds)
    assert call("check", "--json").json == {"findings": []}


def test_the_same_file_with_the_same_letter_again_changes_nothing(
    call: Call, file: Path, tmp_path: Path
) -> None:
    imported(call, file)
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        before = len(list(store.records()))

    said = call("sources", "import", file, *LETTER, *SPAN, "--json")

    assert said.json["new"] is False
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        assert len(list(store.records())) == before


def test_the_printed_total_becomes_a_contradiction_with_both_figures(call: Call, file: Path) -> None:
    imported(call, file)

    found = call("sources", "findings", "--json").json["findings"]

    assert [(f["kind"], f["agency"], f["one"]["value"], f["other"]["value"]) for f in found] == [
        ("units-total", "tinh", "7001", "7000")
    ]


def test_what_was_read_is_read_again_from_the_archive_alone(call: Call, file: Path, tmp_path: Path) -> None:
    """The mapping may be gone and the configuration changed: letter and mapping are sealed with the rows."""
    imported(call, file)
    (mapping,) = (tmp_path / "config" / "mappings").glob("*.toml")
    mapping.unlink()

    said = call("recompute", "--json")

    assert said.code == 0, said.out
    assert said.json["differences"] == []


def test_a_mapping_is_remembered_by_its_headings_and_not_by_the_file(
    call: Call, file: Path, tmp_path: Path
) -> None:
    """Next month's export of the same shape needs no second word; a changed heading does."""
    assert call("sources", "map", file, *CONFIRM).code == 0
    later, other = tmp_path / "thang-sau.xlsx", tmp_path / "khac.xlsx"
    later.write_bytes(sheet([["Sở Thử", 1, 1, 1, 0, "0%"]]))
    book = openpyxl.load_workbook(io.BytesIO(sheet(ROWS)))
    page = book.active
    assert page is not None
    page["B2"] = "Tiếp nhận và tồn kỳ trước"
    book.save(other)

    assert call("sources", "map", later, "--json").json["confirmed_by"] == "Người thẩm định"
    assert call("sources", "map", other, "--json").json["confirmed_by"] is None
    assert call("sources", "import", other, *LETTER, *SPAN).code == 2


def test_a_formula_or_a_word_where_a_count_is_due_refuses_the_whole_file(
    call: Call, file: Path, tmp_path: Path
) -> None:
    assert call("sources", "map", file, *CONFIRM).code == 0
    bad = tmp_path / "xau.xlsx"

    bad.write_bytes(sheet([["Sở Thử", "=1+1", 5, 5, 0, "0%"], ["Sở Thử", 1, 5, 5, 0, "0%"]]))
    assert "công thức" in call("sources", "import", bad, *LETTER, *SPAN).sentence()

    bad.write_bytes(sheet([["Sở Thử", "khoảng 20", 5, 5, 0, "0%"]]))
    assert "khoảng 20" in call("sources", "import", bad, *LETTER, *SPAN).sentence()


def test_a_csv_is_read_as_well(call: Call, tmp_path: Path) -> None:
    """Semicolons, a byte order mark, a thousands dot: what Vietnamese spreadsheets save."""
    file = tmp_path / "bao-cao.csv"
    text = "Đơn vị;Tiếp nhận;Đã xử lý\nSở Thử;6.940;7.960\nUBND huyện Thử;50;45\n"
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())

    assert call("sources", "map", file, "--confirm", "--by", "A").code == 0
    said = call("sources", "import", file, *LETTER, *SPAN, "--json")

    assert said.code == 0
    assert said.json["agencies"] == ["huyen-thu", "so-thu"]
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        figures = [o.figures for o in store.kept(SO_THU, ("dossier_tally",)) if isinstance(o, DossierTally)]
    assert figures == [(("received", 6940),), (("resolved", 7960),)]


def letter_of(tmp_path: Path, body: bytes) -> tuple[str, Path]:
    """Return the words that give a letter's file."""
    path = tmp_path / "cong-van.pdf"
    path.write_bytes(body)
    return "--letter-file", path


def signed_letter() -> bytes:
    """Return a letter that was signed in the centre's name."""
    return signed_pdf(written_pdf("Cong van so 45"), "Trung tam", *authority("Chung thuc thu"))


def sealed_act(tmp_path: Path) -> dict[str, Any]:
    """Return the one act that binds an import to its letter."""
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        acts = [r for r in store.records(agency=PROVINCE) if r.url.startswith("urn:minhchung:export:")]
        assert len(acts) == 1
        return dict(json.loads(store.body(acts[0].id)))


def test_a_letters_signature_is_looked_at_and_sealed_beside_what_was_said(
    call: Call, file: Path, tmp_path: Path
) -> None:
    """Intact, valid and trusted are kept apart: an unknown authority contradicts nobody."""
    assert call("sources", "map", file, *CONFIRM).code == 0
    words = (*LETTER, *SPAN, "--signature", "valid", *letter_of(tmp_path, signed_letter()), "--json")

    said = call("sources", "import", file, *words)
    act = sealed_act(tmp_path)

    (found,) = act["letter_file"]["signatures"]
    assert (act["letter"]["signature"], act["letter"]["marked"]) == ("valid", True)
    assert (found["intact"], found["valid"], found["trusted"], found["whole"]) == (True, True, None, True)
    assert "Trung tam" in found["signer"]
    assert said.json["letter_file"] == act["letter_file"]
    assert said.json["contradiction"] is None
    again = call("sources", "import", file, *words).json
    assert (again["new"], again["letter_file"]) == (False, None)


@pytest.mark.parametrize("fate", ["unsigned", "altered"])
def test_a_letter_said_to_be_signed_and_is_not_is_refused(
    call: Call, file: Path, tmp_path: Path, fate: str
) -> None:
    """Nothing is sealed on a word that the file itself contradicts."""
    assert call("sources", "map", file, *CONFIRM).code == 0
    altered = signed_letter().replace(b"so 45", b"so 46", 1)
    body, fault = {
        "unsigned": (written_pdf("Cong van so 45"), "trong tệp công văn, chữ ký số: không có"),
        "altered": (altered, "nội dung đã bị thay đổi"),
    }[fate]

    said = call("sources", "import", file, *LETTER, *SPAN, "--signature", "valid", *letter_of(tmp_path, body))

    assert said.code == 2
    assert fault in said.sentence()
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        assert list(store.records()) == []


@pytest.mark.parametrize("word", ["none", "invalid"])
def test_a_letter_that_shows_more_than_was_said_of_it_is_taken_in_and_told(
    call: Call, file: Path, tmp_path: Path, word: str
) -> None:
    assert call("sources", "map", file, *CONFIRM).code == 0

    words = (*LETTER, *SPAN, "--signature", word, *letter_of(tmp_path, signed_letter()))
    said = call("sources", "import", file, *words, "--json")

    assert said.code == 1
    assert f"người nhập ghi {word!r}" in said.json["contradiction"]
    assert "chữ ký hợp lệ" in said.json["contradiction"]
    assert sealed_act(tmp_path)["letter"]["signature"] == word


def test_a_letter_that_could_not_be_looked_at_contradicts_nobody(
    call: Call, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra `pdf`, and where a signature is no signature: not looked at, with the reason."""
    assert call("sources", "map", file, *CONFIRM).code == 0
    words = ("sources", "import", file, *SPAN, "--signature", "valid", "--json")
    torn = letter_of(tmp_path, b"%PDF-1.7\n/ByteRange [0 1 2 3]\n%%EOF")
    broken = call(*words, *LETTER, *torn).json["letter_file"]
    for name in ("pypdfium2", "pyhanko"):
        (tmp_path / "bare").mkdir(exist_ok=True)
        (tmp_path / "bare" / f"{name}.py").write_text("raise ImportError", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "bare"))

    for body in (signed_letter(), written_pdf("Cong van so 45")):
        given = (*letter_of(tmp_path, body), *LETTER)
        bare = call(*words, *given).json["letter_file"]
        assert (bare["looked"], bare["signatures"]) == (False, [])
        assert bare["why_not"] == "chưa có bộ đọc cho loại tệp này"
    assert broken["looked"] is False
    assert broken["why_not"]


def test_a_system_whose_owner_sends_files_is_never_asked(call: Call) -> None:
    """Nobody is asked: neither by `doctor --reach` nor by `sources check`."""
    reached = call("doctor", "--reach", "--json").json["addresses"]

    assert [each["name"] for each in reached] == ["so-thu", "so-mau", "huyen-thu"]
    assert call("sources", "check", "xuat").code == 2
