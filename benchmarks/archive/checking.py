"""The check of one home as a program: says its peak memory in kB, and ends with the number of its faults."""

from __future__ import annotations

import sys
from pathlib import Path

from storage.check import check
from storage.home import Home


def main() -> int:
    """Check the home that is named."""
    bad = [found for found in check(Home(Path(sys.argv[1]))) if found.severity == "fault"]
    # What its parent used does not count, so the status file and not getrusage.
    status = Path("/proc/self/status").read_text("ascii")
    sys.stdout.write(f"{int(status.split('VmHWM:')[1].split()[0])}\n")
    return len(bad)


if __name__ == "__main__":
    sys.exit(main())
