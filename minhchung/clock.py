"""Time and identifiers come from outside: these are the two seams."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; a simulated one is refused for any config but a simulated province."""

    def now(self) -> datetime:
        """Return the present instant, aware, UTC."""
        ...


class Ids(Protocol):
    """Gives record identifiers."""

    def next(self) -> str:
        """Return a fresh `urn:uuid:…`."""
        ...
