"""`doctor`: what is wrong is said in one line each, with what helps."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.diagnosis import Diagnosis
from service.doctor import examine, find_browser, foreign_owners, missing_packages
from service.settings import load
from service.workplace import open_store
from tests.service.portals import write_config

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "config"


def by_key(found: list[Diagnosis]) -> dict[str, Diagnosis]:
    return {each.key: each for each in found}


def test_a_fresh_machine_has_remarks_and_no_fault(tmp_path: Path) -> None:
    """No home yet is a remark; the exit code is 0."""
    found = by_key(examine(tmp_path / "home", PRODUCT))
    shown = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "doctor"])

    assert {each.level for each in found.values()} <= {"ok", "remark"}
    assert found["home"].level == "remark"
    assert found["config"].text[1].startswith(str(PRODUCT))
    assert {"python", "package-names", "sqlite", "clock", "rounds", "network", "disk"} <= set(found)
    assert shown.exit_code == 0
    assert shown.stdout.count("\n") == len(found)


@pytest.mark.parametrize(
    ("canaries", "level"),
    [
        ([], "remark"),
        (["a.example"], "remark"),
        (["1.1.1.1", "9.9.9.9"], "remark"),
        (["a.example", "b.example"], "ok"),
    ],
)
def test_doctor_says_when_our_own_failures_cannot_be_told(
    canaries: list[str], level: str, tmp_path: Path
) -> None:
    """docs/reference/incidents.md: two of third parties, by name."""
    shutil.copytree(PRODUCT, tmp_path / "config")
    file = tmp_path / "config" / "agencies" / "son-la-2021.toml"
    addresses = json.dumps([f"https://{host}/" for host in canaries])
    file.write_text(f"canaries = {addresses}\n{file.read_text('utf-8')}", "utf-8")

    assert by_key(examine(tmp_path / "home", tmp_path / "config"))["canaries"].level == level


def test_doctor_says_which_place_and_rule_and_what_is_passed_over(tmp_path: Path) -> None:
    """The search order is the first thing that goes wrong."""
    home = tmp_path / "home"
    shutil.copytree(PRODUCT, home / "config")

    found = by_key(examine(home, None))

    assert "theo home" in found["config"].text[0]
    assert str(PRODUCT) in found["config"].text[0]


@pytest.mark.parametrize(
    ("file", "spoil", "where"),
    [
        ("rounds/2021.toml", ('registry = "son-la-2021"', 'registry = "son-la-1890"'), "rounds/2021.toml"),
        ("timetable.toml", ("30 1 * * mon", "30 1 * * 1"), "timetable.toml"),
        ("index_sets/son-la-2021.toml", ("points = 20\n", "points = 21\n"), "index_sets/son-la-2021.toml"),
    ],
)
def test_an_unusable_configuration_is_exit_two_and_names_the_file(
    tmp_path: Path, file: str, spoil: tuple[str, str], where: str
) -> None:
    """Every round is checked for whether its files fit."""
    config = tmp_path / "config"
    shutil.copytree(PRODUCT, config)
    text = (config / file).read_text("utf-8")
    assert spoil[0] in text
    (config / file).write_text(text.replace(*spoil, 1), "utf-8")

    shown = CliRunner().invoke(
        app, ["--home", str(tmp_path / "home"), "--config", str(config), "doctor", "--json"]
    )

    faults = [each for each in json.loads(shown.stdout)["findings"] if each["level"] == "fault"]
    assert shown.exit_code == 2
    assert [each["key"] for each in faults] == ["config"]
    assert where in faults[0]["text"]
    assert faults[0]["remedy"]


def test_a_minimal_configuration_is_sound(tmp_path: Path) -> None:
    """One file with one agency: collect and items work, scoring needs a round."""
    config = write_config(tmp_path / "config", 8104)

    found = by_key(examine(tmp_path / "home", config))

    assert found["agencies"].level == "ok"
    assert found["rounds"].level == "remark"
    assert "127.0.0.1:8104" in found["network"].text[0]
    assert found["network"].level == "remark"


def test_who_is_writing_is_named(tmp_path: Path) -> None:
    """Readers are free meanwhile."""
    config = write_config(tmp_path / "config", 8104)
    home = tmp_path / "home"
    with closing(open_store(load(home, config), writer=True)):
        during = by_key(examine(home, config))
    after = by_key(examine(home, config))

    assert during["lock"].level == "remark"
    assert "tiến trình" in during["lock"].text[0]
    assert after["lock"].level == "ok"
    assert after["home"].text[0].endswith("minhchung-home 1")


@pytest.mark.parametrize("content", [b"minhchung-home 2\n", b"rubbish"])
def test_a_home_of_another_format_is_a_fault(tmp_path: Path, content: bytes) -> None:
    """Exit 1: the machine works, this home does not."""
    config = write_config(tmp_path / "config", 8104)
    home = tmp_path / "home"
    open_store(load(home, config), writer=True).close()
    (home / "format").write_bytes(content)

    shown = CliRunner().invoke(app, ["--home", str(home), "--config", str(config), "--lang", "en", "doctor"])

    assert shown.exit_code == 1
    assert "FAULT   home:" in shown.stdout


def test_a_home_without_its_catalogue_is_a_fault(tmp_path: Path) -> None:
    """It can be made again from archive and log, but not by looking."""
    config = write_config(tmp_path / "config", 8104)
    home = tmp_path / "home"
    open_store(load(home, config), writer=True).close()
    for file in home.glob("catalogue.sqlite3*"):
        file.unlink()

    assert by_key(examine(home, config))["home"].level == "fault"


def test_a_file_in_the_homes_place_is_a_fault(tmp_path: Path) -> None:
    """Named with --home by mistake."""
    file = tmp_path / "home"
    file.write_text("x")

    found = by_key(examine(file, PRODUCT))

    assert found["home"].level == "fault"


def test_another_owner_of_our_package_names_is_named() -> None:
    """A distribution with a top-level `storage` silently overwrites ours."""
    owners = {"storage": ["minhchung", "other-storage"], "service": ["minhchung"], "httpx": ["httpx"]}

    assert foreign_owners(owners) == {"storage": ["other-storage"]}


def test_a_missing_package_is_named_by_its_distribution() -> None:
    """As pyproject.toml writes them; extras are not asked for."""
    wanted = ["httpx>=0.28.1", "SQLAlchemy[asyncio]>=2.1", "pytest>=9; extra == 'dev'"]

    assert missing_packages(wanted, {"httpx"}.__contains__) == ["SQLAlchemy"]


def test_a_browser_is_found_or_its_way_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own first, then one that playwright fetched; a wrong setting is a fault."""
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert (
        find_browser(lambda name: "/usr/bin/chromium" if name == "chromium" else None) == "/usr/bin/chromium"
    )
    assert find_browser(lambda _: None) is None

    fetched = tmp_path / "chromium-1" / "chrome-linux" / "chrome"
    fetched.parent.mkdir(parents=True)
    fetched.touch(0o755)
    assert find_browser(lambda _: None) == str(fetched)

    monkeypatch.setenv("MINHCHUNG_BROWSER", str(tmp_path / "nothing"))
    assert by_key(examine(tmp_path / "home", PRODUCT))["browser"].level == "fault"


def test_reading_despite_robots_needs_a_mandate(tmp_path: Path) -> None:
    """[network] robots = "record" without the document that orders it."""
    config = write_config(tmp_path / "config", 8104)
    file = config / "agencies" / "thu.toml"
    file.write_text(file.read_text("utf-8") + 'robots = "record"\n', "utf-8")

    found = examine(tmp_path / "home", config)

    assert any("network.mandate" in each.text[1] for each in found if each.level == "fault")
