"""From the sealed bytes up: readers, verifiers and scoring say today what they said when it was stored."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.service.bundled import SmallHome, make
from tests.service.calling import Call, caller


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SmallHome:
    """A home of three agencies, one with a portal and a workbook."""
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def small(made: SmallHome, tmp_path: Path) -> SmallHome:
    """A copy that a test may touch."""
    shutil.copytree(made.home, tmp_path / "home")
    return SmallHome(tmp_path / "home", made.config)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line, called here."""
    return caller(capsys)


def bytes_of(home: Path) -> dict[str, bytes]:
    """Return everything in a home but the catalogue's own side files."""
    return {
        path.name: path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith("catalogue.sqlite3-")
    }


def test_what_is_stored_is_reproduced_and_nothing_is_changed(small: SmallHome, call: Call) -> None:
    """docs/reference/cli.md, recompute."""
    before = bytes_of(small.home)
    done = call("--home", small.home, "--config", small.config, "recompute", "--json")

    assert done.code == 0
    assert done.json["verdict"] == "reproduced"
    assert done.json["agencies"] == 3
    assert done.json["records"] > 40
    assert bytes_of(small.home) == before


def test_an_observation_that_was_altered_in_the_catalogue_is_named(small: SmallHome, call: Call) -> None:
    """The catalogue is derived: the archive decides."""
    with closing(sqlite3.connect(small.home / "catalogue.sqlite3")) as database:
        database.execute("DELETE FROM observation WHERE kind = 'news' AND seq % 2 = 0")
        database.commit()
    done = call("--home", small.home, "--config", small.config, "recompute", "--json")

    assert done.code == 1
    assert done.json["verdict"] == "different"
    (found,) = done.json["differences"]
    assert found["agency"] == "so-thu"
    assert found["path"].startswith("observation urn:uuid:")
    assert "NewsItem" in found["recomputed"]


def test_bytes_that_are_not_as_sealed_are_an_error(small: SmallHome, call: Call) -> None:
    """Nothing is concluded from a damaged archive."""
    path = max((small.home / "archive").iterdir())
    touched = bytearray(path.read_bytes())
    touched[len(touched) // 2] ^= 1
    path.write_bytes(touched)
    done = call("--home", small.home, "--config", small.config, "recompute")

    assert done.code == 1
    assert "sealed as" in done.sentence()
