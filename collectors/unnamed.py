"""Items of lists that no heading names: they wait, so that a list which does may claim them first."""

from __future__ import annotations

from collections import Counter
from typing import Final

from collectors.platforms.interface import Link

_FIRST: Final = 3
"""Items of each list that are read before its others: their pages may lead to lists that a heading names."""


class Unnamed:
    """The waiting room of such items."""

    def __init__(self) -> None:
        """Begin empty."""
        self._waiting: list[Link] = []
        self._tried: Counter[str] = Counter()

    def wait(self, link: Link) -> None:
        """Take an item."""
        self._waiting.append(link)

    def next(self) -> list[Link]:
        """Return what is to be asked for now: the first items of lists not tried yet, else all that wait."""
        first: list[Link] = []
        rest: list[Link] = []
        for link in self._waiting:
            few = self._tried[link.list_key] < _FIRST
            self._tried[link.list_key] += few
            (first if few else rest).append(link)
        self._waiting = rest if first else []
        return first or rest
