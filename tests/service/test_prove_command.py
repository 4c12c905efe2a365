"""`prove` and `check --against`, as typed."""

from pathlib import Path

import pytest

from storage.anchors import Anchor, last_anchor
from storage.log import LogFiles
from storage.proofs import proven
from storage.rotation import keys_of, read_signed
from tests.service.calling import Call, caller
from tests.service.sealed_home import at, make_home, seal_something


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """A home and its configuration."""
    return make_home(tmp_path)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], place: tuple[Path, Path]) -> Call:
    """The command line at that home."""
    return at(caller(capsys), *place)


def head_of(place: tuple[Path, Path]) -> Anchor:
    found = last_anchor(LogFiles(place[0] / "log"))
    assert found is not None
    return found


def test_a_record_is_proven_by_name_and_by_number(
    here: Call, place: tuple[Path, Path], tmp_path: Path
) -> None:
    """The file holds without the home; the catalogue is not asked."""
    files, out = LogFiles(place[0] / "log"), tmp_path / "x.tlog-proof"
    entry = list(files.lines(files.entries))[1]
    record = entry.decode().split('"id":"')[1][:45]
    (place[0] / "catalogue.sqlite3").unlink()

    keys = keys_of(files)
    for word in (record, "1"):
        assert here("prove", word, "--out", out).code == 0
        proof = proven(out.read_bytes(), lambda signed: read_signed(signed, keys))
        assert (proof.index, proof.entry) == (1, entry)
        out.unlink()


@pytest.mark.parametrize("word", ["urn:uuid:00000000-0000-4000-8000-000000000000", "99", "x"])
def test_what_the_log_does_not_hold_is_not_proven(word: str, here: Call, tmp_path: Path) -> None:
    """Exit 2, no file."""
    said = here("prove", word, "--out", tmp_path / "x")

    assert said.code == 2
    assert said.sentence()
    assert not (tmp_path / "x").exists()


def test_check_prints_the_head_and_agrees_with_it_on_paper(
    here: Call, place: tuple[Path, Path], tmp_path: Path
) -> None:
    """The line printed by `check` is what `check --against` finds later, when the log has grown."""
    head, paper = head_of(place), tmp_path / "paper.txt"
    checked = here("check")
    assert f"Điểm kiểm: {head.line()}" in checked.out
    assert "chưa đóng dấu thời gian" in checked.out
    paper.write_text(checked.out, "utf-8")
    seal_something(*place, content=b"x = 2\n")

    said = here("check", "--against", paper)

    assert said.code == 0
    assert f"Khớp với bản in: {head.line()}" in said.out
    assert here("check", "--against", paper, "--json").json["against"] == [
        {"printed": head.line(), "verdict": "equal"}
    ]


def test_a_paper_that_the_log_contradicts_is_exit_one(
    here: Call, place: tuple[Path, Path], tmp_path: Path
) -> None:
    """Another root at the same size, a longer log, another log's name."""
    head, paper = head_of(place), tmp_path / "paper.txt"
    for wrong, verdict in (
        (Anchor(origin=head.origin, size=head.size, root=bytes(32)), "forked"),
        (Anchor(origin=head.origin, size=head.size + 1, root=head.root), "ahead"),
        (Anchor(origin="minhchung/log/" + "0" * 16, size=1, root=head.root), "foreign"),
    ):
        paper.write_text(wrong.line(), "utf-8")
        said = here("check", "--against", paper, "--json")
        assert (said.code, said.json["against"][0]["verdict"]) == (1, verdict)
    assert "KHÔNG KHỚP" in here("check", "--against", paper).out


def test_a_paper_without_a_head_is_exit_two(here: Call, tmp_path: Path) -> None:
    """Nothing to compare with is neither agreement nor contradiction."""
    paper = tmp_path / "paper.txt"
    paper.write_text("Phụ lục", "utf-8")

    assert here("check", "--against", paper).code == 2
    assert here("check", "--against", tmp_path / "none").code == 2
