"""Python's search for dead cycles while a crawl runs."""

from __future__ import annotations

import gc

import pytest

from service.sweeps import settled


def test_what_was_alive_is_looked_at_again_whatever_ends_the_crawl() -> None:
    """The scheduler's process goes on for months after a crawl: what dies in it must be found."""
    frozen = gc.get_freeze_count()

    def cut_short() -> None:
        with settled():
            assert gc.get_freeze_count() > frozen
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cut_short()
    assert gc.get_freeze_count() == frozen
