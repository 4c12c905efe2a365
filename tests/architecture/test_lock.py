"""The locks: names, versions and hashes, and nothing that says where to fetch them."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
LOCKS = (
    "benchmarks/env/crawlee.txt",
    "benchmarks/env/httpx.txt",
    "benchmarks/env/scrapy.txt",
    "requirements/base.txt",
    "requirements/dev.txt",
    "tests/env/pelican.txt",
    "tests/env/pywb.txt",
    "tests/env/vue.txt",
    "tests/env/wacz.txt",
    "tests/env/wagtail.txt",
)


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_of_a_lock_has_its_hashes(name: str) -> None:
    """A pin without a hash would let the registry decide what runs."""
    lines = (CHECKOUT / name).read_text("utf-8").splitlines()
    pins = [n for n, line in enumerate(lines) if re.match(r"[A-Za-z0-9]", line)]

    assert pins
    for n in pins:
        assert re.match(r"[a-z0-9-]+(\[[a-z,-]+\])?==[^ ]+ .*\\$", lines[n]), lines[n]
        assert re.match(r"    --hash=sha256:[0-9a-f]{64}", lines[n + 1]), lines[n]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_no_option_and_no_address(name: str) -> None:
    """An address in a lock is where somebody else's network ends (CONTRIBUTING, "Locks")."""
    for line in (CHECKOUT / name).read_text("utf-8").splitlines():
        assert re.match(r"$|#|[a-z0-9]|    --hash=|    #", line), line
        assert "://" not in line
