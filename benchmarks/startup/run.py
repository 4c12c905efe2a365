"""What `minhchung --help` costs beside a bare interpreter: paired runs, ratio with its range.

    python benchmarks/startup/run.py [ROUNDS]

The goal is a ratio of at most 4. Whole processes, interleaved, so that a busy machine slows both alike.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

BARE = [sys.executable, "-c", "pass"]
HELP = [sys.executable, "-m", "service.cli", "--help"]
GOAL = 4


def seconds(command: list[str]) -> float:
    """Return the wall seconds of one whole process."""
    begun = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


def main() -> int:
    """Print both medians and the paired ratio; 1 where the goal is missed."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    seconds(BARE), seconds(HELP)
    pairs = [(seconds(BARE), seconds(HELP)) for _ in range(rounds)]
    ratios = sorted(help_ / bare for bare, help_ in pairs)
    bare, help_ = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    middle = statistics.median(ratios)
    sys.stdout.write(
        f"bare interpreter {bare:.0f} ms, --help {help_:.0f} ms, ratio {middle:.2f} "
        f"[{ratios[0]:.2f}-{ratios[-1]:.2f}] over {rounds} pairs; goal at most {GOAL}\n"
    )
    return 0 if middle <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
