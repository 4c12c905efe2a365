"""One small home and its bundles, made once for all tests of the room."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline.note import Key, read_key
from tests.service.bundled import SmallHome, make


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallHome:
    """A home of three agencies, one with a portal and a workbook."""
    return make(tmp_path_factory.mktemp("bundled"))


@pytest.fixture(scope="session")
def key(small: SmallHome) -> Key:
    """Its log's public key."""
    return read_key(small.key.read_text("utf-8"))


@pytest.fixture(scope="session")
def full(small: SmallHome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything of every agency."""
    return small.bundle(tmp_path_factory.mktemp("full") / "full.wacz")


@pytest.fixture(scope="session")
def party(small: SmallHome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The matter of the agency that has a portal."""
    return small.bundle(tmp_path_factory.mktemp("party") / "party.wacz", "party", "so-thu")


@pytest.fixture(scope="session")
def public(small: SmallHome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What may be given to anybody."""
    return small.bundle(tmp_path_factory.mktemp("public") / "public.wacz", "public")
