"""The child process: reads one file after the other from standard input, each within limits.

`python -m collectors.filereading JSON`: memory in bytes, processor seconds a file, authorities of signatures,
the OCR program. A request is a line of JSON (`size`, `kind`, `at`) and the file's bytes; the answer is a line
of JSON. A file that breaks a limit ends the process; whoever started it then knows.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import sys
from datetime import datetime
from typing import Any, Final

_NEW_NETWORK: Final = 0x40000000
_NEW_USER: Final = 0x10000000
_OPEN_FILES: Final = 64
_FAULTS: Final = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    OSError,
)


def _confine(memory: int) -> None:
    """Give up memory, files and, where the system lets us, the network."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_NEW_NETWORK) != 0:  # root needs no user namespace, everybody else does
            libc.unshare(_NEW_USER | _NEW_NETWORK)


def _allow(seconds: int) -> None:
    """Let the process use so many further seconds of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))


def _look(body: bytes, asked: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    from collectors.filereading import compound, office, pdf, rich_text

    try:
        match asked["kind"]:
            case "pdf":
                return pdf.look(body, datetime.fromisoformat(asked["at"]), settings["roots"], settings["ocr"])
            case "docx" | "xlsx" | "odt" | "ods":
                return office.look(body, asked["kind"])
            case "text":
                return office.plain(body)
            case "doc" | "xls":
                return compound.look(body, asked["kind"])
            case "rtf":
                return rich_text.look(body)
            case _:
                return {"unread": "no-reader"}
    except MemoryError:
        return {"unread": "limits"}
    except _FAULTS:
        return {"unread": "damaged"}


def main(said: str) -> int:
    """Answer until standard input ends."""
    settings = json.loads(said)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _confine(settings["memory"])
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        body = sys.stdin.buffer.read(asked["size"])
        _allow(settings["seconds"])
        answers.write(json.dumps(_look(body, asked, settings)).encode() + b"\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        sys.exit(main(sys.argv[1]))
