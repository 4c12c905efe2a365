"""How often Python looks for dead objects that hold each other, while many short-lived ones come and go."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

RARE: Final = (10_000, 20, 50)
"""New objects before a look at the young ones, looks before one at the middle-aged, and at the old."""


@contextmanager
def rare_sweeps() -> Iterator[None]:
    """Look a tenth as often, and never at what is alive now: modules, configuration, registry.

    A crawl leaves few cycles, and Python's own rhythm spends a tenth of it on looking for them.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*RARE)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
