"""What a visit has still to ask for: each address once, lists before items before files."""

from __future__ import annotations

from collections import deque
from typing import Final

from collectors.platforms.interface import Link, Role
from collectors.traps import Traps
from minhchung.addresses import normalise

_RANKS: Final[dict[Role, int]] = {
    "home": 0,
    "list": 0,
    "search": 0,
    "site": 1,
    "item": 2,
    "feed": 2,
    "sitemap": 2,
    "attachment": 3,
    "image": 3,
}


def key_of(link: Link) -> str:
    """Return what makes two links one question."""
    address = normalise(link.url)
    return f"{address} {link.body.hex()}" if link.method == "POST" else address


class Frontier:
    """A queue with a memory."""

    def __init__(self) -> None:
        """Begin empty."""
        self._queues: tuple[deque[Link], ...] = tuple(deque() for _ in range(4))
        self._met: set[str] = set()
        self.traps = Traps()

    def add(self, link: Link) -> bool:
        """Queue a link; say whether it is new."""
        key = key_of(link)
        if key in self._met:
            return False
        if link.role == "site" and self.traps.hold(link.url):
            self._met.add(key)
            return False
        self._met.add(key)
        self._queues[_RANKS[link.role]].append(link)
        return True

    def note(self, url: str) -> None:
        """Remember an address that was asked for by other ways."""
        self._met.add(normalise(url))

    def has(self, url: str) -> bool:
        """Say whether an address was asked for, or is waiting."""
        return normalise(url) in self._met

    def pop(self) -> Link | None:
        """Return the next link, None when there is none."""
        for queue in self._queues:
            if queue:
                return queue.popleft()
        return None
