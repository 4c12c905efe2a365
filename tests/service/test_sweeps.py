"""Python's search for dead cycles while a crawl runs."""

from __future__ import annotations

import gc

import pytest

from service.sweeps import RARE, rare_sweeps


def test_the_usual_rhythm_comes_back_whatever_ends_the_crawl() -> None:
    """The scheduler's process goes on for months after a crawl: it must not keep the crawl's rhythm."""
    before, frozen = gc.get_threshold(), gc.get_freeze_count()

    def cut_short() -> None:
        with rare_sweeps():
            assert gc.get_threshold() == RARE
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cut_short()
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, frozen)
