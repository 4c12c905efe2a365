"""The WARC files of a home while they grow: one run's records never share a file with another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from minhchung.errors import StorageError
from minhchung.evidence import RunId
from storage.disk import AppendFile, OpenFile, refusals, sync_folder

ROLL_BYTES: Final = 512 * 1024 * 1024
"""A file that has grown to this is followed by the next one."""

BUFFER_BYTES: Final = 1024 * 1024
"""What is kept in memory between writes."""

SUFFIX: Final = ".warc.gz"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group of members lies."""

    file: str
    offset: int


class GrowingFile:
    """One WARC file that we alone append to."""

    def __init__(self, path: Path, open_file: OpenFile) -> None:
        self.path = path
        with refusals(path):
            self._file: AppendFile = open_file(path)
        self.size = 0
        """Bytes appended, those still in memory included."""
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._unsynced = True

    def append(self, stored: bytes) -> int:
        """Add bytes and return the offset at which they will lie."""
        offset = self.size
        self._waiting.append(stored)
        self._waiting_bytes += len(stored)
        self.size += len(stored)
        self._unsynced = True
        if self._waiting_bytes >= BUFFER_BYTES:
            self.write()
        return offset

    def write(self) -> None:
        """Hand what waits to the operating system."""
        if self._waiting:
            with refusals(self.path):
                self._file.write(b"".join(self._waiting))
            self._waiting.clear()
            self._waiting_bytes = 0

    def sync(self) -> None:
        """Return once everything appended is on the disk."""
        self.write()
        if self._unsynced:
            with refusals(self.path):
                self._file.sync()
            self._unsynced = False

    def close(self) -> None:
        """Let go of the file; what waits is dropped."""
        self._file.close()


class Archive:
    """The files of `<home>/archive` that this process writes."""

    def __init__(
        self,
        folder: Path,
        open_file: OpenFile,
        begin: Callable[[RunId, str], bytes],
        *,
        roll_bytes: int = ROLL_BYTES,
    ) -> None:
        self._folder = folder
        self._open_file = open_file
        self._begin = begin
        """Makes the warcinfo record of a new file; it is told run and file name and logs what it returns."""
        self._roll_bytes = roll_bytes
        self._files: dict[RunId, GrowingFile] = {}
        self._done: list[GrowingFile] = []
        self._new_names = False
        self.names: list[str] = []
        """Of the files begun."""

    def append(self, run: RunId, stored: bytes) -> Place:
        """Add the members of one leaf to the file that `file_for` named and say where they lie."""
        file = self._files[run]
        return Place(file.path.name, file.append(stored))

    def file_for(self, run: RunId) -> str:
        """Return the name of the file that takes the run's next record, beginning one where needed."""
        file = self._files.get(run)
        if file is None or file.size >= self._roll_bytes:
            file = self._next_file(run)
        return file.path.name

    def _next_file(self, run: RunId) -> GrowingFile:
        full = self._files.pop(run, None)
        if full is not None:
            self._done.append(full)
        number = sum(1 for _ in self._folder.glob(f"{run}-*{SUFFIX}"))
        path = self._folder / f"{run}-{number:05}{SUFFIX}"
        if path.exists():
            raise StorageError(f"{path}: is in the way of a new file; run `minhchung check`")
        self.names.append(path.name)
        file = GrowingFile(path, self._open_file)
        self._files[run] = file
        self._new_names = True
        file.append(self._begin(run, path.name))
        return file

    def write(self) -> None:
        """Hand what waits to the operating system, so that it can be read back."""
        for file in (*self._done, *self._files.values()):
            file.write()

    def sync(self) -> None:
        """Return once every record appended is on the disk."""
        for file in (*self._done, *self._files.values()):
            file.sync()
        if self._new_names:
            with refusals(self._folder):
                sync_folder(self._folder)
            self._new_names = False
        for file in self._done:
            file.close()
        self._done.clear()

    def close(self) -> None:
        """Let go of all files; what was not synced is dropped."""
        for file in (*self._done, *self._files.values()):
            file.close()
        self._done.clear()
        self._files.clear()
