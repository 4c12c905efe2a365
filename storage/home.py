"""The home: one folder that holds everything, what lies where in it, and who may write."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

from minhchung.errors import BusyError, StorageError, UsageError
from storage.disk import refusals, write_whole

FORMAT: Final = b"minhchung-home 1\n"
"""The whole content of `<home>/format`; a home of a newer product has a higher number."""


class Home:
    """Where things lie in one home; making the value touches nothing."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.archive = self.path / "archive"
        self.log = self.path / "log"
        self.catalogue = self.path / "catalogue.sqlite3"
        self.config = self.path / "config"
        self.configs = self.path / "configs"
        self.keys = self.path / "keys"
        self.format = self.path / "format"
        self.lock_file = self.path / "lock"

    def __str__(self) -> str:
        return str(self.path)

    def require(self) -> None:
        """Raise UsageError where there is no home that this version can read."""
        if self.path.exists() and not self.path.is_dir():
            raise UsageError(f"{self}: is a file, not a home; name a folder with --home")
        if not self.format.is_file():
            raise UsageError(f"{self}: holds no home yet; run `minhchung demo` or `minhchung collect` first")
        self._judge_format()

    def prepare(self) -> None:
        """Make the home's folders where they are not; raises UsageError where that cannot be."""
        if self.path.exists() and not self.path.is_dir():
            raise UsageError(f"{self}: is a file, not a home; name a folder with --home")
        try:
            for folder in (self.path, self.archive, self.log, self.configs):
                folder.mkdir(parents=True, exist_ok=True)
            self.keys.mkdir(mode=0o700, exist_ok=True)
            if not self.format.exists() or self._is_stillborn():
                write_whole(self.format, FORMAT)
        except OSError as exc:
            raise UsageError(f"{self}: cannot be written ({exc.strerror}); choose another --home") from exc
        self._judge_format()

    def _is_stillborn(self) -> bool:
        """Say whether a full disk left half a format file in a home that nothing was sealed in."""
        found = self.format.read_bytes()
        return found != FORMAT and FORMAT.startswith(found) and not (self.log / "checkpoint").exists()

    def _judge_format(self) -> None:
        found = self.format.read_bytes()
        if found == FORMAT:
            return
        name, _, number = found[:40].partition(b" ")
        if name == FORMAT.split()[0] and number.strip().isdigit() and int(number) > int(FORMAT.split()[1]):
            raise UsageError(f"{self}: was written by a newer version; update this product to read it")
        raise UsageError(f"{self.format}: is damaged; run `minhchung check` and restore it from a backup")

    def writer_pid(self) -> int | None:
        """Return who holds the writer's lock: 0 where it cannot be told, None for nobody."""
        try:
            handle = os.open(self.lock_file, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _pid_in(handle) or 0
        finally:
            os.close(handle)
        return None


class WriterLock:
    """The right to write to a home; one process has it, and a crash gives it back."""

    def __init__(self, home: Home) -> None:
        self._home = home
        try:
            self._handle = os.open(home.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as exc:
            raise UsageError(f"{home}: cannot be written ({exc.strerror}); choose another --home") from exc
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            pid = _pid_in(self._handle)
            os.close(self._handle)
            raise BusyError(str(home), pid) from exc
        self.after_crash = _pid_in(self._handle) is not None
        """The last writer did not let go by itself."""
        try:
            with refusals(home.lock_file):
                os.ftruncate(self._handle, 0)
                os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)
        except StorageError:
            os.close(self._handle)
            raise

    def release(self) -> None:
        """Give the right back; an empty lock file says that all was in order."""
        os.ftruncate(self._handle, 0)
        os.close(self._handle)

    def abandon(self) -> None:
        """Give the right back after a failure: the next writer looks for what was torn."""
        os.close(self._handle)


def _pid_in(handle: int) -> int | None:
    text = os.pread(handle, 32, 0).strip()
    return int(text) if text.isdigit() else None
