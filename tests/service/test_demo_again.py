"""The same seed in another home and on other ports says the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.service.calling import caller
from tests.service.demonstrated import demonstrate

pytestmark = pytest.mark.archive


def test_two_runs_of_one_seed_rank_alike_to_the_byte(
    tmp_path: Path, golden: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The golden files are those of the first run (tests/service/test_demo.py); ports and times differ."""
    demo = demonstrate(tmp_path / "home")
    call = caller(capsys)
    out = tmp_path / "phu-luc.csv"

    assert demo.code == 0, demo.err
    golden("demo-rank.json", call("--home", demo.home, "rank", "--json").out)
    assert call("--home", demo.home, "annex", "--format", "csv", "--out", out).code == 0
    golden("demo-annex.csv", out.read_bytes())
