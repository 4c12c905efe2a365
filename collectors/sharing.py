"""What all visits of a run share and that has to be closed: open while any of them is under way."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator


class Shared(ABC):
    """Something that the last visit to end closes."""

    def __init__(self) -> None:
        """Be lent to nobody yet."""
        self._borrowers = 0

    @contextlib.asynccontextmanager
    async def lent(self) -> AsyncIterator[None]:
        """Keep it open for one visit."""
        self._borrowers += 1
        try:
            yield
        finally:
            self._borrowers -= 1
            if not self._borrowers:
                await self.close()

    @abstractmethod
    async def close(self) -> None:
        """Let go of whatever was opened."""
