"""While a round is concluded the collector of cycles leaves alone what is kept; then it is as before."""

from __future__ import annotations

import gc
import weakref

import pytest

from service.heap import kept_apart


class Ring:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.self = self


def test_what_is_kept_is_frozen_and_what_is_garbage_by_then_is_gone() -> None:
    before = gc.get_freeze_count()
    with kept_apart() as settle:
        kept, gone = [Ring()], weakref.ref(Ring())
        alive_before = gone() is not None
        settle()
        frozen = gc.get_freeze_count()

    assert (alive_before, gone(), gc.isenabled()) == (True, None, True)
    assert kept[0].self is kept[0]
    assert frozen > before
    assert gc.get_freeze_count() == 0


def test_what_was_there_before_is_not_looked_through() -> None:
    """A small round in a large process took twenty times as long, all of it looking through the process."""
    gc.disable()
    try:
        gone_before = weakref.ref(Ring())
        with kept_apart() as settle:
            settle()
            was_left_alone = gone_before() is not None
    finally:
        gc.enable()

    assert was_left_alone
    gc.collect()
    assert gone_before() is None


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_left_as_it_was_found_even_by_an_error(was_on: bool) -> None:
    (gc.enable if was_on else gc.disable)()
    try:
        with pytest.raises(ValueError, match="x"), kept_apart():
            raise ValueError("x")
        assert gc.isenabled() is was_on
    finally:
        gc.enable()
