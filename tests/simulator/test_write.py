"""What `write` leaves on disk: the same bytes every time, configuration that parses, a truth that fits it."""

import json
import tomllib
from pathlib import Path

import pytest

from simulator.__main__ import main
from simulator.agencies import agencies


def written(folder: Path) -> dict[str, bytes]:
    """Write the province and return every file."""
    assert main(["write", "--seed", "3234", "--base-port", "8100", "--out", str(folder)]) == 0
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return what one run writes."""
    return written(tmp_path_factory.mktemp("first"))


def test_two_runs_write_the_same_bytes(files: dict[str, bytes], tmp_path: Path) -> None:
    """Truth, certificates, configuration and workbooks alike."""
    assert written(tmp_path) == files


def test_the_registry_says_simulated_and_opens_only_the_provinces_own_ports(files: dict[str, bytes]) -> None:
    """A simulated clock is refused for any other configuration."""
    registry = tomllib.loads(files["config/agencies/mo-phong.toml"].decode())
    assert registry["simulated"] is True
    assert [agency["code"] for agency in registry["agency"]] == [a.code for a in agencies(3234)]
    assert all(host.startswith("127.0.0.1:8") for host in registry["network"]["allow"])
    for agency in registry["agency"]:
        assert agency["portal"].split("//")[1].rstrip("/") in registry["network"]["allow"]
        assert f"config/sites/{agency['site']}.toml" in files


def test_the_truth_names_the_agencies_of_the_registry(files: dict[str, bytes]) -> None:
    """One world, two files."""
    truth = json.loads(files["truth.json"])
    assert truth["simulated"] is True
    assert set(truth["agencies"]) == {a.code for a in agencies(3234)}


def test_every_agency_sends_a_workbook(files: dict[str, bytes]) -> None:
    """And the owners of shared systems send theirs."""
    sent = {name for name in files if name.startswith("submissions/")}
    assert all(f"submissions/tu-danh-gia-{a.code}.xlsx" in sent for a in agencies(3234))
    assert any("chu-quan" in name for name in sent)
