"""The verifier as one file, `minhchung-verify.pyz`, that a bare Python 3.11 runs: nothing to install.

Equal sources give equal bytes, so that anybody may build it and compare it with the published one.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
ROOMS: Final = ("minhchung", "offline", "scoring", "verifiers")
TARGET: Final = Path("dist", "minhchung-verify.pyz")
START: Final = "import sys\n\nfrom offline.cli import main\n\nsys.exit(main())\n"
FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)


def build(target: Path) -> Path:
    """Write the one file, whole or not at all; return where it lies."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    with part.open("wb") as stream:
        stream.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_entry("__main__.py"), START)
            for room in ROOMS:
                for path in sorted((ROOT / room).rglob("*.py")):
                    archive.writestr(_entry(path.relative_to(ROOT).as_posix()), path.read_bytes())
    part.chmod(0o755)
    part.replace(target)
    return target


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


if __name__ == "__main__":
    sys.stdout.write(f"{build(ROOT / TARGET)}\n")
