"""One commit for the visits that end together: a commit waits for the disk several times."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from minhchung.errors import StorageError
from minhchung.ports import Recorder

LONGEST: Final = 0.2
"""Seconds that the end of a visit waits for others, at most."""


class GroupCommit:
    """Commits for many visits; nobody goes on before what they sealed is on the disk."""

    def __init__(self, recorder: Recorder) -> None:
        """Commit what `recorder` holds."""
        self._recorder = recorder
        self._running = 0
        self._waiting = 0
        self._done: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def visiting(self) -> Iterator[None]:
        """Count a visit that will want a commit."""
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    async def commit(self) -> None:
        """Return when everything appended so far is sealed; raises StorageError when it cannot be."""
        loop = asyncio.get_running_loop()
        if self._done is None:
            self._done = loop.create_future()
            self._timer = loop.call_later(LONGEST, self._commit)
        done = self._done
        self._waiting += 1
        if self._waiting >= self._running:
            self._commit()
        await asyncio.shield(done)

    def _commit(self) -> None:
        done, timer = self._done, self._timer
        self._done, self._timer, self._waiting = None, None, 0
        if timer is not None:
            timer.cancel()
        if done is None or done.done():
            return
        try:
            self._recorder.commit()
        except StorageError as exc:
            done.set_exception(exc)
        else:
            done.set_result(None)
