"""The verifier as one file on a bare interpreter: no package, no zone data, no checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from offline.build_pyz import build
from tests.service.bundled import SmallHome


@pytest.fixture(scope="module")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one file."""
    return build(tmp_path_factory.mktemp("dist") / "minhchung-verify.pyz")


def bare(pyz: Path, folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run it with nothing but the standard library, away from the checkout, without zone data."""
    command = [sys.executable, "-S", "-P", "-s", "-W", "error", str(pyz), *map(str, words)]
    env = {"PATH": os.environ["PATH"], "PYTHONTZPATH": "", "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", ["full", "party", "public"])
def test_it_reproduces_a_bundle(
    kind: str, pyz: Path, small: SmallHome, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """docs/howto/verify-a-bundle.md."""
    done = bare(pyz, tmp_path, request.getfixturevalue(kind), "--key", small.key)

    assert (done.returncode, done.stderr) == (0, "")
    assert "ĐÃ TÁI LẬP" in done.stdout


def test_an_isolated_interpreter_runs_it(pyz: Path, small: SmallHome, full: Path, tmp_path: Path) -> None:
    """`python3 -I -S`: neither the environment nor site packages."""
    command = [sys.executable, "-I", "-S", str(pyz), str(full), "--key", str(small.key), "--lang", "en"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "REPRODUCED" in done.stdout


def test_it_holds_our_rooms_alone_and_is_always_the_same(pyz: Path, tmp_path: Path) -> None:
    """Anybody may build it and compare."""
    with zipfile.ZipFile(pyz) as archive:
        rooms = {name.partition("/")[0] for name in archive.namelist()}

    assert rooms == {"__main__.py", "minhchung", "offline", "scoring", "verifiers"}
    assert build(tmp_path / "again.pyz").read_bytes() == pyz.read_bytes()


def test_wrong_usage_is_two(pyz: Path, tmp_path: Path) -> None:
    """Exit code 2, one sentence."""
    assert bare(pyz, tmp_path, "none.wacz", "--key", "none").returncode == 2
