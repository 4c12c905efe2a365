"""The browser's program and processes: where it is, with which switches it starts, what it uses, its end.

A browser is many processes. All of them are found by a mark on the command line of the first, by its process
group and by descent, so that what is measured is what is ended.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SETTING: Final = "MINHCHUNG_BROWSER"

QUIET: Final = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
"""The browser asks nobody on its own behalf."""

FLAGS: Final = (
    *QUIET,
    "--disable-quic",
    "--disable-gpu",
    "--block-new-web-contents",
    # What is not routed to us ends nowhere: no name resolves, no datagram leaves.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
DEAD_PROXY: Final = "http://127.0.0.1:9"
"""The discard port: what bypasses routing ends there."""

_NAMES: Final = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser")
_MIB: Final = 1 << 20


def find_browser() -> str | None:
    """Return the path of a Chromium: the setting, playwright's own, or one of the system's."""
    named = os.environ.get(SETTING)
    if named:
        return named if Path(named).is_file() else None
    for name in _NAMES:
        if (found := shutil.which(name)) is not None:
            return found
    for folder in (Path.home() / ".cache" / "ms-playwright", Path.home() / "Library/Caches/ms-playwright"):
        for file in sorted(folder.glob("chromium-*/chrome-*/chrome*"), reverse=True):
            if file.is_file() and os.access(file, os.X_OK):
                return str(file)
    return None


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    parent: int
    group: int
    held: int
    """Bytes of its own; what it shares with others is not counted."""

    marked: bool


def processes_of(mark: str) -> tuple[int, ...]:
    """Return the ids of every process of the browser that bears the mark; none where /proc is not there."""
    return tuple(process.pid for process in _family(mark))


def memory_of(mark: str) -> int:
    """Return the MiB that the browser's processes hold, what they share left out."""
    return sum(process.held for process in _family(mark)) // _MIB


def end(mark: str) -> None:
    """End every process of the browser at once, its process group first."""
    family = _family(mark)
    for group in {process.group for process in family if process.marked} - {os.getpgrp()}:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    for process in family:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process.pid, signal.SIGKILL)


def _family(mark: str) -> list[_Process]:
    if sys.platform != "linux":
        return []  # elsewhere the driver ends its children itself
    everybody = _everybody(mark)
    groups = {process.group for process in everybody if process.marked} - {os.getpgrp()}
    family = {p.pid for p in everybody if p.marked or p.group in groups}
    grown = 0
    while len(family) != grown:
        grown = len(family)
        family |= {p.pid for p in everybody if p.parent in family}
    return [p for p in everybody if p.pid in family]


def _everybody(mark: str) -> list[_Process]:
    page = os.sysconf("SC_PAGESIZE")
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # The name in parentheses may hold blanks and parentheses itself.
            said = (folder / "stat").read_text().rpartition(")")[2].split()
            marked = mark.encode() in (folder / "cmdline").read_bytes()
            resident, shared = map(int, (folder / "statm").read_text().split()[1:3])
        except OSError:
            continue  # it ended while we looked
        if said[0] != "Z":  # the dead that nobody has asked after use nothing
            found.append(
                _Process(int(folder.name), int(said[1]), int(said[2]), (resident - shared) * page, marked)
            )
    return found
