"""Whatever is wrong with what we are given: one clear sentence, the right exit code, nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.settings import load
from service.workplace import Simulation, open_store
from tests.collectors.workbooks import row, workbook
from tests.service.calling import Call, Said, caller
from tests.service.full_disk import no_file_above
from tests.service.newsroom import pages, write_minimal_config
from tests.service.portals import portal
from tests.service.small_home import write_small_config

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line."""
    return caller(capsys)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A sound configuration."""
    return write_small_config(tmp_path / "config")


@pytest.fixture
def here(call: Call, tmp_path: Path, config: Path) -> Call:
    """The command line at that configuration and an empty home."""

    def at(*words: object) -> Said:
        return call("--home", tmp_path / "home", "--config", config, *words)

    return at


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a portal with five news items."""
    with portal(pages=pages()) as port:
        yield port


def files(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


# --- workbooks ---------------------------------------------------------------------------------------

FACTS = (
    ("mau", "minhchung-tu-danh-gia/1"),
    ("co_quan", "so-thu"),
    ("dot", "2021"),
    ("ngay_gui", "2021-10-28"),
)
HEADER = ("Mã", "Thành phần", "Mã số liệu", "Nội dung", "Giá trị", "Minh chứng")


def report(
    *rows: tuple[object, ...], facts: tuple[tuple[str, str], ...] = FACTS, sheet: str = "TuDanhGia"
) -> bytes:
    """Return the workbook of an agency."""
    return workbook({"ThongTin": facts, sheet: [HEADER, *rows]})


GOOD = report(row("HT.1", "may_tinh_ket_noi_internet", 40), row("HT.1", "tong_cbcc", 42))
WORKBOOKS = {
    "no byte": (b"", "tệp"),
    "no xlsx": (b"%PDF-1.4 not a workbook", "tệp"),
    "half an xlsx": (GOOD[: len(GOOD) // 2], "tệp"),
    "an empty workbook": (workbook({"Sheet1": []}), "ThongTin"),
    "another sheet": (report(sheet="Bang"), "TuDanhGia"),
    "text in a number cell": (report(row("HT.1", "may_tinh_ket_noi_internet", "bốn mươi")), "TuDanhGia!E2"),
    "a formula in a number cell": (report(row("HT.1", "may_tinh_ket_noi_internet", "=1+1")), "TuDanhGia!E2"),
    "a component that is none": (report(row("ZZ.1", "x", 1)), "ZZ.1"),
    "another round": (report(facts=(*FACTS[:2], ("dot", "1999"), FACTS[3])), "1999"),
    "another agency": (report(facts=(FACTS[0], ("co_quan", "so-la"), *FACTS[2:])), "so-la"),
}


@pytest.mark.parametrize(("data", "where"), WORKBOOKS.values(), ids=WORKBOOKS.keys())
def test_a_workbook_that_cannot_be_read_is_not_taken_in(
    data: bytes, where: str, here: Call, tmp_path: Path
) -> None:
    """Exit 2, the file and the cell named, and nothing sealed."""
    path = tmp_path / "bao-cao.xlsx"
    path.write_bytes(data)

    said = here("submissions", "import", path)

    assert said.code == 2
    assert said.sentence().startswith("bao-cao.xlsx: ")
    assert where in said.err
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        assert list(store.submissions()) == []
        assert list(store.records(kind="submission")) == []
    assert here("check").code == 0


def test_a_workbook_that_comes_after_the_freeze_is_kept_and_said_not_to_count(
    here: Call, tmp_path: Path
) -> None:
    """The round of 2021 is long frozen: whoever hands in now must not think that it counts."""
    path = _kept(tmp_path / "a.xlsx", GOOD)

    said = here("submissions", "import", path)

    assert (said.code, said.out.startswith("so-thu: đã nhập; ")) == (0, True)
    assert "không được tính" in said.err
    assert here("submissions", "import", path, "--json").json["counts"] is False


@pytest.mark.parametrize("name", ["khong-co.xlsx", "thu-muc.xlsx"])
def test_a_workbook_that_is_not_there_is_one_sentence(name: str, here: Call, tmp_path: Path) -> None:
    """No such file, or a directory."""
    (tmp_path / "thu-muc.xlsx").mkdir()

    said = here("submissions", "import", tmp_path / name)

    assert said.code == 2
    assert "cannot be read" in said.sentence()


# --- hosts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["khong-co.invalid", f"{'a' * 64}.invalid", "xn--.invalid", "127.0.0.1:1"])
def test_a_host_that_cannot_be_reached_is_said_and_its_points_are_open(
    host: str, call: Call, tmp_path: Path
) -> None:
    """Exit 3; the attempts are kept as evidence; nothing becomes zero."""
    config = write_small_config(tmp_path / "config", f"http://{host}/", "127.0.0.1:1")

    def at(*words: object) -> Said:
        return call("--home", tmp_path / "home", "--config", config, *words)

    said = at("collect", "so-thu", "--scope", "lists", "--no-services", "--json")
    (visit,) = said.json["agencies"]
    components = {row["component"]: row for row in at("verify", "so-thu", "--json").json["components"]}

    assert said.code == 3
    assert (visit["state"], visit["fetched"], visit["items"]) == ("unreachable", 0, 0)
    assert visit["attempts"] == visit["failed"] + visit["refused"] >= 1
    assert components["HD.2"]["points"] == 0 < components["HD.2"]["points_high"]
    assert components["HD.2"]["ground"] == "open"
    assert "Traceback" not in said.err
    assert at("check").code == 0


# --- homes -------------------------------------------------------------------------------------------


@pytest.mark.fault
def test_a_second_writer_is_refused_and_readers_are_free(here: Call, config: Path, tmp_path: Path) -> None:
    """Exit 2, and whose process it is."""
    with closing(open_store(load(tmp_path / "home", config), writer=True)):
        for words in (
            ("collect",),
            ("submissions", "import", _kept(tmp_path / "a.xlsx", GOOD)),
            ("verify", "so-thu", "--fresh"),
        ):
            said = here(*words)

            assert said.code == 2
            assert (
                f"process {os.getpid()} is writing to this home; wait for it to end or stop it"
                in said.sentence()
            )
        assert here("rank").code == 0
        assert here("check").code == 0
    assert here("collect").code == 3


def _kept(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "command", ["collect", "rank", "items", "check", "verify so-thu", "demo", "simulate"]
)
@pytest.mark.parametrize("place", ["tep", "tep/trong"])
def test_a_home_that_is_a_file_is_one_sentence(
    place: str, command: str, call: Call, config: Path, tmp_path: Path
) -> None:
    """The file stays as it is."""
    (tmp_path / "tep").write_bytes(b"cua toi")

    said = call("--home", tmp_path / place, "--config", config, *command.split())

    assert said.code == 2
    assert str(tmp_path / place) in said.sentence()
    assert (tmp_path / "tep").read_bytes() == b"cua toi"


def test_demo_does_not_move_into_somebody_s_folder(call: Call, tmp_path: Path) -> None:
    """A home that holds something else is left alone."""
    (tmp_path / "thu.txt").write_bytes(b"cua toi")

    said = call("--home", tmp_path, "demo")

    assert said.code == 2
    assert (
        "is not empty and holds no simulated province; name another directory with --home" in said.sentence()
    )
    assert files(tmp_path) == {"thu.txt": b"cua toi"}


WITHOUT_OVERRIDE = """
import ctypes, os, sys
if os.geteuid() == 0:  # root may write anywhere: give that right up, as a user never had it
    libc = ctypes.CDLL(None, use_errno=True)
    for right in (1, 2):
        assert libc.prctl(24, right, 0, 0, 0) == 0, os.strerror(ctypes.get_errno())
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def as_nobody_special(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the command line without the right to write where nobody may."""
    command = [sys.executable, "-c", WITHOUT_OVERRIDE, "-m", "service.cli", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.fault
def test_a_home_that_may_not_be_written_is_one_sentence(here: Call, config: Path, tmp_path: Path) -> None:
    """Exit 2 for whoever would write, in it or below it; not a byte of it changes."""
    home = tmp_path / "home"
    here("collect")
    before = files(home)
    folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
    for path in [*home.rglob("*"), home]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        wrote = as_nobody_special("--home", home, "--config", config, "collect")
        fresh = as_nobody_special("--home", home / "new", "--config", config, "collect")
        ranked = as_nobody_special("--home", home, "--config", config, "rank", "--json")
    finally:
        for path in folders:
            path.chmod(0o700)

    assert files(home) == before
    for done in (wrote, fresh):
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1, done.stderr
        assert "cannot be written (Permission denied); choose another --home" in done.stderr
    assert "Traceback" not in ranked.stderr
    assert bool(ranked.stdout) == (ranked.returncode == 0)


@pytest.mark.fault
def test_a_full_disk_loses_nothing_that_was_stored(call: Call, tmp_path: Path, port: int) -> None:
    """Exit 1 and a remedy; the home is whole before and after, and the next run goes on."""
    config = write_minimal_config(tmp_path / "config", port)

    def at(*words: str) -> Said:
        return call("--home", tmp_path / "home", "--config", config, *words)

    at("collect", "--scope", "lists")
    before = at("items").out
    with no_file_above(20_000):
        said = at("collect")

    assert said.code == 1
    assert "make room, then run again" in said.err.splitlines()[-1]
    assert "Traceback" not in said.err
    assert at("check").code == 0
    assert set(before.splitlines()) <= set(at("items").out.splitlines())
    assert at("collect").code == 0
    assert at("check").code == 0


def test_an_annex_that_finds_no_room_leaves_the_last_one(here: Call, tmp_path: Path) -> None:
    """Whole or not at all."""
    here("collect")
    out = tmp_path / "out" / "phu-luc.docx"
    out.parent.mkdir()
    assert here("annex", "--format", "docx", "--out", out).code == 0
    before = files(out.parent)
    with no_file_above(len(before[out.name]) - 1):
        said = here("annex", "--format", "docx", "--out", out)

    assert said.code == 1
    assert f"{out}: cannot be written (File too large); make room or choose another place" in said.sentence()
    assert files(out.parent) == before


@pytest.mark.parametrize("out", ["khong-co/phu-luc.csv", ".", "/dev/full"])
def test_an_annex_goes_only_where_a_file_can_be(out: str, here: Call, tmp_path: Path) -> None:
    """A directory, a path under nothing, a device."""
    here("collect")

    said = here("annex", "--format", "csv", "--out", tmp_path / out)

    assert said.code == 2
    assert "is no place for a file" in said.sentence()


# --- simulated clocks --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["collect", "rank", "verify so-thu", "schedule list", "items"])
def test_a_simulated_clock_is_refused_for_a_real_configuration(
    command: str, here: Call, tmp_path: Path
) -> None:
    """Invented days never stand in evidence about somebody."""
    here("collect")
    Simulation(seed=1, base_port=8100, instant="2021-11-04T02:00:00+00:00").keep(tmp_path / "home")

    said = here(*command.split())

    assert said.code == 2
    assert "holds a simulated province, but" in said.sentence()
    assert "describes a real one; use another --home" in said.err


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"seed": 1}', "\xff", '{"seed":1,"base_port":2,"instant":3,"done":4}']
)
def test_a_damaged_note_of_a_simulation_is_one_sentence(text: str, here: Call, tmp_path: Path) -> None:
    """`simulation.json` is a file like any other."""
    here("collect")
    (tmp_path / "home" / "simulation.json").write_text(text, "latin-1")

    said = here("rank")

    assert said.code == 2
    assert "simulation.json: is damaged" in said.sentence()


def _damage(path: Path) -> None:
    path.write_bytes(b"\0" * 100)


def test_a_home_whose_format_is_damaged_is_one_sentence(here: Call, tmp_path: Path) -> None:
    """Readers and writers say what to do; nothing is written over it."""
    here("collect")
    _damage(tmp_path / "home" / "format")

    for command in ("rank", "items", "collect"):
        said = here(command)

        assert said.code in {1, 2}
        assert str(tmp_path / "home" / "format") in said.sentence()
    assert here("check").code == 1


def test_a_damaged_catalogue_is_said_to_readers_and_made_anew_by_a_writer(here: Call, tmp_path: Path) -> None:
    """The catalogue is derived and disposable: archive and log alone make it again."""
    here("collect")
    _damage(tmp_path / "home" / "catalogue.sqlite3")

    said = here("rank")
    assert said.code in {1, 2}
    assert str(tmp_path / "home" / "catalogue.sqlite3") in said.sentence()

    assert here("collect").code == 3, "no portal is confirmed, which is all there is to say"
    assert here("check").code == 0
