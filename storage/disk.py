"""Bytes that must be on the disk before we say so: append, sync, replace; and what a refusal becomes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from minhchung.errors import StorageError


class AppendFile(Protocol):
    """A file that only grows."""

    def write(self, content: bytes) -> None:
        """Append all of it; raises OSError where the disk refuses."""
        ...

    def sync(self) -> None:
        """Return once everything written is on the disk."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


OpenFile = Callable[[Path], AppendFile]
"""Opens a file for appending, making it where it is not; tests pass one whose disk is full."""


class DiskFile:
    """A real file, unbuffered: what a crash can lose is known to the byte."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def write(self, content: bytes) -> None:
        """Append all of it."""
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(self._handle, rest) :]

    def sync(self) -> None:
        """Return once everything written is on the disk."""
        os.fsync(self._handle)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into one sentence."""
    try:
        yield
    except OSError as exc:
        raise StorageError(
            f"{path}: {exc.strerror or exc}; what was sealed is safe: make room, then run again"
        ) from exc


def sync_folder(folder: Path) -> None:
    """Return once the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes, open_file: OpenFile = DiskFile) -> None:
    """Put a file in place, new or replaced, so that nobody ever sees half of it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    file = open_file(fresh)
    try:
        file.write(content)
        file.sync()
    finally:
        file.close()
    fresh.replace(path)
    sync_folder(path.parent)


def truncate(path: Path, length: int) -> None:
    """Cut a file to a length, on the disk."""
    with path.open("r+b") as file:
        file.truncate(length)
        file.flush()
        os.fsync(file.fileno())
