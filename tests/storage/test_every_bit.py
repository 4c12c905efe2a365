"""The promise in full: no single bit of any stored evidence file can be flipped unseen."""

from pathlib import Path
from typing import Any

import pytest

from storage.check import check
from storage.home import Home

pytestmark = pytest.mark.fault


@pytest.fixture
def small(open_store: Any, captures: Any, mine: Any) -> Home:
    """The smallest home with a page, a failed attempt and a configuration file; as an auditor has it."""
    store = open_store()
    run = store.begin_run()
    store.keep_config("x", b"a = 1\n")
    store.exchange(captures.exchange(tls=None), **mine(run))
    store.failure(captures.failed(), **mine(run))
    store.close()
    home: Home = store.home
    for path in (*home.path.glob("catalogue*"), home.keys / "log.key"):
        path.unlink()
    return home


def evidence(home: Home) -> list[Path]:
    """Return every file that is evidence."""
    log = [home.log / name for name in ("entries", "checkpoint", "key")]
    return [home.format, *log, *sorted(home.archive.iterdir()), *sorted(home.configs.iterdir())]


def unseen(home: Home, path: Path, step: int) -> list[tuple[str, int]]:
    """Flip each step-th bit of a file; return those for which check names no fault in that very file."""
    content = path.read_bytes()
    missed = []
    for bit in range(0, len(content) * 8, step):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        if not any(f.severity == "fault" and path.name in f.where for f in check(home)):
            missed.append((path.name, bit))
    path.write_bytes(content)
    return missed


def test_no_part_can_be_changed_unseen(small: Home) -> None:
    """A sample of bits that meets every field of every file."""
    missed = [miss for path in evidence(small) for miss in unseen(small, path, 41)]

    assert missed == []
    assert [f.code for f in check(small)] == ["catalogue-missing"]


def test_no_bit_can_be_flipped_unseen(small: Home) -> None:
    """All of them, one after the other."""
    missed = [miss for path in evidence(small) for miss in unseen(small, path, 1)]

    assert missed == []
