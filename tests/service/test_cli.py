"""The command line is a contract: help, exit codes, where options stand, what --json says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from minhchung import VERSION
from service.cli import app
from tests.service.calling import Call, Said, caller
from tests.service.small_home import write_small_config

ROOT = Path(__file__).resolve().parents[2]
DECISION = ROOT / "config" / "decisions" / "son-la-3234-2021.toml"
REPORTING = (
    "collect",
    "collect so-thu --scope lists --no-services",
    "verify so-thu",
    "score",
    "rank",
    "rank --round 2021",
    "explain so-thu",
    "explain so-thu HD.2",
    "check",
    f"decision check {DECISION}",
    "schedule list",
    "schedule run",
    "doctor",
)
"""Every command that reports: with --json stdout is one JSON document."""


def names(group: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command and group."""
    yield before
    for name, command in sorted(getattr(group, "commands", {}).items()):
        yield from names(command, (*before, name))


COMMANDS = list(names(typer.main.get_command(app)))


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command line, on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    return caller(capsys)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration whose agencies have no portal yet, and a home that was collected once."""
    folder = tmp_path_factory.mktemp("cli")
    write_small_config(folder / "config")
    words = ["--home", str(folder / "home"), "--config", str(folder / "config"), "collect"]
    done = subprocess.run([sys.executable, "-m", "service.cli", *words], cwd=ROOT, check=False)
    assert done.returncode == 3
    return folder


@pytest.fixture
def here(call: Call, place: Path) -> Call:
    """The command line at that home."""

    def at(*words: object) -> Said:
        return call("--home", place / "home", "--config", place / "config", *words)

    return at


# --- help --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", COMMANDS, ids=[" ".join(words) or "minhchung" for words in COMMANDS])
def test_help_of_every_command_is_as_it_was_reviewed(words: tuple[str, ...], call: Call, golden: Any) -> None:
    """tests/golden/help/: a word changed here is a word that people type."""
    said = call(*words, "--help")

    assert (said.code, said.err) == (0, "")
    golden(f"help/{'-'.join(('minhchung', *words))}.txt", said.out)


def test_every_command_of_the_contract_is_there() -> None:
    """docs/reference/cli.md: later versions add, never take away."""
    one = {"demo", "simulate", "collect", "items", "verify", "score", "rank", "annex", "explain", "check"}
    two = {"submissions template", "submissions import", "decision check", "schedule list", "schedule run"}

    assert one | two | {"serve", "doctor"} <= {" ".join(words) for words in COMMANDS}


def test_the_version_is_said(call: Call) -> None:
    """One line, nothing opened."""
    assert call("--version") == Said(0, f"minhchung {VERSION}\n", "")


# --- how words are read ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--home", "x"), "Missing command"),
        (("nothing",), "No such command 'nothing'"),
        (("verify",), "Missing argument 'AGENCY'"),
        (("rank", "--home", "x"), "No such option: --home"),
        (("rank", "--config", "x"), "No such option: --config"),
        (("rank", "--yes"), "No such option: --yes"),
        (("--lang", "fr", "rank"), "--lang: 'fr' is neither vi nor en"),
        (("rank", "--lang"), "Option '--lang' requires an argument"),
        (("collect", "--scope", "all"), "--scope: 'all' is none of lists, host, whole"),
        (("items", "--kind", "tin"), "--kind: 'tin' is none of news, legal_document, directive"),
        (("items", "--format", "xml"), "--format: 'xml' is none of jsonl, csv"),
        (("annex", "--format", "odt", "--out", "x.pdf"), "--format: 'odt' is none of csv, html, docx, pdf"),
        (("annex", "--format", "csv"), "Missing option '--out'"),
        (("demo", "--base-port", "many"), "unable to parse string as an integer"),
        (("serve", "--port", "65536"), "less than or equal to 65535"),
        (("submissions", "export"), "No such command 'export'"),
    ],
)
def test_a_word_that_cannot_be_read_is_exit_two(words: tuple[str, ...], fault: str, call: Call) -> None:
    """The usage line, then the fault; nothing on stdout."""
    said = call(*words)

    assert said.code == 2
    assert fault in said.err
    assert said.out == ""


@pytest.mark.parametrize("group", ["", "submissions", "decision", "schedule"])
def test_a_group_without_a_command_shows_its_commands(group: str, call: Call) -> None:
    """Exit 2: nothing was done."""
    said = call(*group.split())

    assert said.code == 2
    assert "Commands:" in said.err


def test_home_and_config_stand_before_the_command_or_in_the_environment(
    call: Call, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MINHCHUNG_HOME and MINHCHUNG_CONFIG; the option goes first."""
    named = call("--home", place / "home", "--config", place / "config", "rank", "--json")
    monkeypatch.setenv("MINHCHUNG_HOME", str(place / "home"))
    monkeypatch.setenv("MINHCHUNG_CONFIG", str(place / "config"))

    assert named.code == 0
    assert call("rank", "--json") == named
    assert "holds no home yet" in call("--home", place / "none", "rank").sentence()


def test_the_default_home_is_beside_us(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`./minhchung-home`; looking does not make it."""
    monkeypatch.chdir(tmp_path)

    assert call("rank").sentence().startswith("minhchung-home: holds no home yet")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("--lang", "en", "rank"), ("rank", "--lang", "en"), ("rank", "--lang=en")])
def test_english_may_be_asked_for_anywhere(words: tuple[str, ...], here: Call) -> None:
    """Vietnamese by default; the figures are the same."""
    english, vietnamese = here(*words), here("rank")

    assert "Overall mean" in english.out
    assert "RECONSTRUCTED" in english.out
    assert "Điểm trung bình chung" in vietnamese.out
    assert (
        english.out.splitlines()[-1].rpartition(": ")[2]
        == vietnamese.out.splitlines()[-1].rpartition(": ")[2]
    )


@pytest.mark.parametrize(
    "command", [words for words in REPORTING if not words.startswith(("explain", "deci"))]
)
def test_every_report_speaks_english(command: str, here: Call) -> None:
    """--lang en changes what is said, never how the call ends."""
    english, vietnamese = here("--lang", "en", *command.split()), here(*command.split())

    assert english.code == vietnamese.code
    assert english.out != vietnamese.out


# --- exit codes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("collect", 3),
        ("items", 0),
        ("verify so-thu", 3),
        ("score", 0),
        ("rank", 0),
        ("explain so-thu", 0),
        ("explain so-thu HD.2", 0),
        ("check", 0),
        (f"decision check {DECISION}", 1),
        ("schedule list", 0),
        ("schedule run", 0),
        ("doctor", 0),
        ("simulate", 2),
    ],
)
def test_exit_codes(command: str, code: int, here: Call) -> None:
    """0 fine, 1 a fault was found, 2 usage or config, 3 could not say."""
    assert here(*command.split()).code == code


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("verify khong-co", "no agency has the code 'khong-co'; try: so-thu, so-mau, huyen-thu"),
        ("explain khong-co", "no agency has the code 'khong-co'"),
        ("collect so-thu khong-co", "no agency has the code 'khong-co'"),
        ("items --agency khong-co", "no agency has the code 'khong-co'"),
        ("submissions template x.xlsx --agency khong-co", "no agency has the code 'khong-co'"),
        ("explain so-thu ZZ.9", "no component has the code 'ZZ.9'; codes run from HT.1 to TC.7"),
        ("explain so-thu hd.2", "no component has the code 'hd.2'"),
        ("rank --round 1999", "there is no rounds/1999.toml; rounds in config: 2021"),
        ("verify so-thu --round ../2021", "there is no rounds/../2021.toml"),
        ("annex --format csv --out x.csv --round 1999", "there is no rounds/1999.toml"),
        ("simulate", "holds no simulated province; run `minhchung demo` first"),
    ],
)
def test_what_is_not_there_is_one_sentence_with_a_remedy(
    command: str, fault: str, here: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, no file made, no traceback."""
    monkeypatch.chdir(tmp_path)
    said = here(*command.split())

    assert said.code == 2
    assert fault in said.sentence()
    assert list(tmp_path.iterdir()) == []


# --- what is said ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", REPORTING)
def test_json_of_every_reporting_command_is_one_document(command: str, here: Call) -> None:
    """The same exit code as without; progress stays on stderr."""
    said = here(*command.split(), "--json")

    assert isinstance(said.json, dict)
    assert said.code == here(*command.split()).code


def test_json_holds_what_the_contract_names(here: Call) -> None:
    """docs/reference/cli.md."""
    attempts = here("collect", "so-mau", "--json").json["agencies"]
    agency = here("verify", "so-thu", "--json").json
    tree = here("explain", "so-thu", "HD.2", "--json").json
    findings = here("decision", "check", DECISION, "--json").json["findings"]

    assert [row["agency"] for row in attempts] == ["so-mau"]
    assert {"attempts", "fetched", "not_modified", "refused", "failed", "items", "seconds"} <= set(
        attempts[0]
    )
    assert {"component", "measured", "claimed", "difference", "ground", "points", "evidence"} <= set(
        agency["components"][0]
    )
    assert set(tree) == {"text", "record", "children"}
    assert {"code", "severity", "where", "printed", "recomputed", "text"} == set(findings[0])
    assert here("check", "--json").json == {"findings": []}


def test_items_are_json_lines_or_csv(here: Call) -> None:
    """No item was found: no line, or the heading alone."""
    assert here("items").out == ""
    assert here("items", "--format", "csv").out.startswith("agency,kind,url,title,published")


def test_results_go_to_stdout_and_progress_to_stderr(here: Call) -> None:
    """So that `minhchung collect --json > x` holds JSON and the terminal shows what goes on."""
    said = here("collect", "--json")

    assert said.json["agencies"][0]["state"] == "no-portal"
    assert said.err.splitlines()[0].startswith("so-thu [portal] no-portal")


def test_a_reader_that_goes_away_is_no_traceback(place: Path) -> None:
    """`minhchung score --json | head -1`."""
    words = ["--home", str(place / "home"), "--config", str(place / "config"), "score", "--json"]
    child = subprocess.Popen(
        [sys.executable, "-m", "service.cli", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    child.stdout.close()
    child.stdout = None
    _, told = child.communicate(timeout=30)

    assert b"Traceback" not in told
    assert child.returncode == 1


def test_numbers_in_json_are_numbers(here: Call) -> None:
    """Decimals as printed, never as text."""
    bloc = json.loads(here("rank", "--json").out)["blocs"][0]

    assert (bloc["mean"], bloc["places"][0]["score"]) == (0.0, 0.0)
    assert bloc["places"][0]["coverage_measured"] == 0.0
