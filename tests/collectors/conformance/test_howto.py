"""The driver that `docs/howto/add-a-service-driver.md` tells how to write is written, and proven."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.test_plugins import fault
from tests.collectors.conformance.suite import HABITS, conforms

PAGE = Path(__file__).resolve().parents[3] / "docs" / "howto" / "add-a-service-driver.md"


def load(name: str, file: Path) -> ModuleType:
    """Import a file under a name."""
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_driver_made_by_following_the_page_keeps_to_every_habit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/howto/add-a-service-driver.md: two files, and the suite."""
    driver, shape = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "example.py").write_text(driver, "utf-8")
    (tmp_path / "shape.py").write_text(shape, "utf-8")

    made = load("collectors.onestop.example", tmp_path / "example.py")
    monkeypatch.setitem(sys.modules, "collectors.onestop.example", made)
    proven = list(conforms(load("shape_of_example", tmp_path / "shape.py").SHAPE))

    assert fault(tmp_path / "example.py", "DRIVER") is None
    assert proven == [habit.__name__ for habit in HABITS]


def test_a_driver_that_reads_a_missing_figure_as_zero_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The suite itself must be able to fail."""
    driver, shape = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    zeros = driver.replace(
        "demand(row, _KEYS)", "row = {key: row.get(key) or 0 for key in (*_KEYS, 'nhanMang')}"
    )
    assert zeros != driver
    (tmp_path / "example.py").write_text(zeros, "utf-8")
    (tmp_path / "shape.py").write_text(shape, "utf-8")
    made = load("collectors.onestop.example", tmp_path / "example.py")
    monkeypatch.setitem(sys.modules, "collectors.onestop.example", made)

    with pytest.raises(AssertionError):
        list(conforms(load("shape_of_example", tmp_path / "shape.py").SHAPE))
