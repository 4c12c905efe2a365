"""Time stamps of authorities (RFC 3161), verified by the `openssl` of this machine where it has one."""

from __future__ import annotations

import base64
import binascii
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from offline.findings import BrokenError, Finding, fault, remark
from offline.note import Head, Key, NoteError, prefixes, read_checkpoint
from offline.package import Package

SECONDS: Final = 30
"""openssl may take as long."""

_TOKEN: Final = re.compile(r"proofs/([1-9][0-9]{0,15})-[a-z0-9][a-z0-9-]*\.tsr")
_TIME: Final = re.compile(r"^Time stamp: (\w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}) GMT$", re.MULTILINE)


def check_times(package: Package, roots: Path | None, key: Key, head: Head) -> Iterator[Finding]:
    """Yield what is to be said of time; never silently nothing."""
    tokens = [(name, match[1]) for name in package.under("proofs") if (match := _TOKEN.fullmatch(name))]
    if not tokens:
        yield remark(
            "time", "proofs", "chưa có dấu thời gian của bên thứ ba", "not yet stamped by any authority"
        )
        return
    program = shutil.which("openssl")
    for name, size in tokens:
        stamped = package.read(f"proofs/{size}.head.txt")
        try:
            old = read_checkpoint(stamped, key)
        except NoteError:
            # The log's key may have been changed since: then the token is for another check than this one.
            yield _unverified(name, "đầu nhật ký do khóa khác ký", "its head was signed by another key")
            continue
        if not prefixes(old, head, _proof(package, f"proofs/{size}.consistency.json")):
            yield fault("time", name, "không thuộc nhật ký này", "its head is no beginning of this log")
        elif program is None or roots is None:
            yield _unverified(
                name, *(("không có openssl", "no openssl") if roots else ("thiếu --roots", "no --roots"))
            )
        else:
            yield _verdict(program, name, package.read(name), stamped, roots, old)


def _unverified(name: str, vi: str, en: str) -> Finding:
    return remark("time", name, f"thời gian chưa được kiểm ở đây ({vi})", f"time not verified here ({en})")


def _proof(package: Package, name: str) -> list[bytes]:
    try:
        return [base64.b64decode(node, validate=True) for node in package.json(name)["proof"]]
    except (KeyError, TypeError, binascii.Error) as error:
        raise BrokenError("content", name, "nội dung sai", f"does not fit ({error})") from error


def _verdict(program: str, name: str, token: bytes, stamped: bytes, roots: Path, head: Head) -> Finding:
    """Judge one token at its own instant: what was sound when it was given stays so."""
    with tempfile.TemporaryDirectory(prefix="minhchung-verify-") as scratch:
        # Names of our own: nothing of the bundle's names reaches a command line.
        reply, data = Path(scratch, "token.tsr"), Path(scratch, "data")
        reply.write_bytes(token)
        data.write_bytes(stamped)
        shown = _run([program, "ts", "-reply", "-in", str(reply), "-text"])
        said = _TIME.search(shown.stdout)
        if said is None:
            return fault("time", name, "không đọc được dấu thời gian", "the token cannot be read")
        text = re.sub(r"\.\d+", "", said[1])
        at = datetime.strptime(text, "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        command = [program, "ts", "-verify", "-in", str(reply), "-data", str(data), "-CAfile", str(roots)]
        done = _run([*command, "-attime", str(int(at.timestamp()))])
    if done.returncode == 0:
        when = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        return remark(
            "time",
            name,
            f"{head.size} lá đầu của nhật ký đã có trước {when}",
            f"the first {head.size} leaves of the log existed before {when}",
        )
    why = (done.stderr.strip().splitlines() or ["?"])[-1][:200]
    return fault("time", name, f"dấu thời gian không hợp lệ ({why})", f"the time stamp is not valid ({why})")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "openssl took too long")
