"""The collector of cycles is told what is kept: else it looks through all of it again and again."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def kept_apart() -> Iterator[Callable[[], None]]:
    """Collect cycles only when told to, and never again look through what had been kept by then.

    What a round keeps of thousands of agencies holds no cycles; looking for some took a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()

    def settle() -> None:
        gc.collect()
        gc.freeze()

    try:
        yield settle
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()
