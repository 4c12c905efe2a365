"""What stands at the other end of the standard streams is not ours to choose; no traceback comes of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISION = ("decision", "check", "config/decisions/son-la-3234-2021.toml", "--json")


def run(
    words: tuple[str, ...], redirected: str = "", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line through a shell that redirects its streams."""
    script = f'exec "$0" -m service.cli "$@" {redirected}'
    return subprocess.run(
        ["/bin/sh", "-c", script, sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("words", [DECISION, ("--help",), ("key", "--help")])
def test_a_full_disk_behind_stdout_is_one_sentence(words: tuple[str, ...]) -> None:
    done = run(words, ">/dev/full")

    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("minhchung: the result cannot be written (No space left on device)")


def test_a_closed_stdout_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    """The next file opened would be number one, and results would be written into it."""
    done = run(("--home", str(tmp_path / "home"), *DECISION), ">&-")

    assert done.returncode == 2
    assert done.stderr.decode() == (
        "minhchung: standard output is closed; send the result to a file or to /dev/null\n"
    )


def test_a_closed_stderr_changes_no_result() -> None:
    whole, mute = run(DECISION), run(DECISION, "2>&-")

    assert (mute.returncode, mute.stdout) == (whole.returncode, whole.stdout)
    assert whole.returncode == 1


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "xx_YY.ISO-8859-1", "PYTHONUTF8": "0"},
    ],
    ids=lambda env: " ".join(env.values()),
)
def test_results_are_utf8_in_every_locale(environment: dict[str, str]) -> None:
    """A file made by a nightly job reads the same as one made at a desk."""
    assert run(DECISION, **environment).stdout == run(DECISION).stdout
    assert "Kiểm chứng mức độ Chính quyền số" in run(("--help",), **environment).stdout.decode()
