"""Every service driver against every habit of the systems it speaks to."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.collectors.conformance.suite import HABITS, Shape

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(__file__).resolve().parent / "shapes"


def shape_of(file: Path) -> Shape:
    """Return the shape that a file ends in."""
    spec = importlib.util.spec_from_file_location(f"shape_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shape: Shape = module.SHAPE
    return shape


SHAPES = {file.stem: shape_of(file) for file in sorted(FOLDER.glob("*.py"))}


def test_every_driver_has_a_shape() -> None:
    """docs/howto/add-a-service-driver.md: a driver without one is not proven, and so is not done."""
    drivers = {
        file.stem
        for kind in ("onestop", "services")
        for file in (ROOT / "collectors" / kind).glob("*.py")
        if "DRIVER: Final" in file.read_text("utf-8")
    }

    assert drivers == set(SHAPES)


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
@pytest.mark.parametrize("name", SHAPES)
def test_a_driver_keeps_to_the_habits(name: str, habit: Callable[[Shape], None]) -> None:
    habit(SHAPES[name])
