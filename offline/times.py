"""Time stamps of authorities (RFC 3161), verified by the `openssl` of this machine where it has one."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from offline.findings import Finding, fault, remark
from offline.package import Package


def check_times(package: Package, roots: Path | None) -> Iterator[Finding]:
    """Yield what is to be said of time; never silently nothing."""
    tokens = [name for name in package.under("proofs") if name.endswith(".tsr")]
    if not tokens:
        yield remark(
            "time", "proofs", "chưa có dấu thời gian của bên thứ ba", "not yet stamped by any authority"
        )
        return
    program = shutil.which("openssl")
    if program is None or roots is None:
        why = ("không có openssl", "no openssl") if program is None else ("thiếu --roots", "no --roots given")
        yield remark(
            "time",
            "proofs",
            f"thời gian chưa được kiểm ở đây ({why[0]})",
            f"time not verified here ({why[1]})",
        )
        return
    for name in tokens:
        yield _verdict(program, name, package.read(name), package.read("proofs/checkpoint.txt"), roots)


def _verdict(program: str, name: str, token: bytes, stamped: bytes, roots: Path) -> Finding:
    with tempfile.TemporaryDirectory(prefix="minhchung-verify-") as scratch:
        # Names of our own: nothing of the bundle's names reaches a command line.
        reply, data = Path(scratch, "token.tsr"), Path(scratch, "data")
        reply.write_bytes(token)
        data.write_bytes(stamped)
        command = [program, "ts", "-verify", "-in", str(reply), "-data", str(data), "-CAfile", str(roots)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode == 0:
        return remark("time", name, "dấu thời gian hợp lệ", "the time stamp is valid")
    said = (done.stderr.strip().splitlines() or ["?"])[-1][:200]
    return fault(
        "time", name, f"dấu thời gian không hợp lệ ({said})", f"the time stamp is not valid ({said})"
    )
