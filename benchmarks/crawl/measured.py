"""One run of a command, measured; and many of them side by side, as paired ratios."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE: Final = os.sysconf("SC_PAGE_SIZE")
SAMPLED: Final = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run cost."""

    wall: float
    """Seconds."""

    cpu: float
    """Seconds, user and system, of the command and what it waited for."""

    peak: int
    """Bytes resident, the command and its children together, at most."""

    written: int
    """Bytes left behind."""

    pages: int | None
    """As the command says; None when it says nothing or fails."""


def measure(command: Sequence[str], out: Path, *, keep: bool = False, seconds: float = 3600) -> Run:
    """Run a command once; `out` is emptied first unless `keep`."""
    if not keep:
        shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    before = _bytes_in(out)
    with tempfile.TemporaryFile() as said:
        begun = time.monotonic()
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, start_new_session=True)
        over, peaks = threading.Event(), [0]

        def watch() -> None:
            while not over.wait(SAMPLED):
                peaks.append(max(peaks.pop(), _resident(process.pid)))
                if time.monotonic() - begun > seconds:
                    os.killpg(process.pid, 9)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        over.set()
        watcher.join()
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    pages = _pages(text) if process.returncode == 0 else None
    if pages is None:
        print(f"{' '.join(command)}: exit {process.returncode}: {text[-600:]}", flush=True)
    cpu = usage.ru_utime + usage.ru_stime
    return Run(wall=wall, cpu=cpu, peak=peaks[0], written=_bytes_in(out) - before, pages=pages)


def _pages(text: str) -> int | None:
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            try:
                return int(json.loads(line)["pages"])
            except (ValueError, KeyError):
                continue
    return None


def _resident(pid: int) -> int:
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * PAGE
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, ValueError, IndexError):
            continue  # it has ended
    return total


def _bytes_in(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


def table(title: str, runs: Mapping[str, Sequence[Run]], base: str, want: int) -> str:
    """Return medians, and ratios to `base` paired round by round with their range; a void run is named."""
    lines = [f"## {title}: {want} pages, {len(runs[base])} rounds", ""]
    lines.append("| runner | pages/s | CPU s/1000 | peak MiB | MB written | speed x | CPU x | void |")
    lines.append("|---|---|---|---|---|---|---|---|")
    for name, mine in runs.items():
        void = sum(run.pages != want for run in mine)
        wall = statistics.median(run.wall for run in mine)
        cpu = statistics.median(run.cpu for run in mine)
        peak = statistics.median(run.peak for run in mine) / 2**20
        written = statistics.median(run.written for run in mine) / 1e6
        pairs = list(zip(runs[base], mine, strict=True))
        speeds, costs = [b.wall / m.wall for b, m in pairs], [m.cpu / b.cpu for b, m in pairs]
        lines.append(
            f"| {name} | {want / wall:.0f} | {cpu / want * 1000:.2f} | {peak:.0f} | {written:.1f} "
            f"| {_ranged(speeds)} | {_ranged(costs)} | {void or ''} |"
        )
    return "\n".join(lines)


def _ranged(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}]"
