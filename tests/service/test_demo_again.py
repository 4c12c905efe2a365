"""The same seed in another home, on other ports, stopped on the way and resumed, says the same bytes."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.calling import caller
from tests.service.demonstrated import ROOT, SEED, command, free_ports

pytestmark = pytest.mark.archive


def interrupt_in_the_second_quarter(home: Path) -> int:
    """Run `demo` until its second pass has begun to seal, press Ctrl-C, and return its exit code."""
    words = ("demo", "--seed", str(SEED), "--base-port", str(free_ports()))
    with subprocess.Popen(command(home, *words), cwd=ROOT, stdout=subprocess.DEVNULL) as child:
        try:
            while child.poll() is None and not any((home / "archive").glob("20210504*")):
                time.sleep(0.05)
            child.send_signal(signal.SIGINT)
            return child.wait(timeout=30)
        finally:
            child.kill()


def test_two_runs_of_one_seed_rank_alike_to_the_byte(
    tmp_path: Path, golden: Callable[[str, str | bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """The golden files are those of tests/service/test_demo.py; here ports, times and identifiers differ."""
    call = caller(capsys)
    home, out = tmp_path / "home", tmp_path / "phu-luc.csv"

    stopped = interrupt_in_the_second_quarter(home)
    whole = call("--home", home, "check")
    resumed = call("--home", home, "demo")
    ranked = call("--home", home, "rank", "--json")

    assert stopped == 130
    assert whole.code == 0, whole.out
    assert resumed.code == 0, resumed.err
    assert "làm tiếp 4 lượt còn thiếu" in resumed.err
    golden("demo-rank.json", ranked.out)
    assert call("--home", home, "annex", "--format", "csv", "--out", out).code == 0
    golden("demo-annex.csv", out.read_bytes())
