"""The three standard streams, made fit to be written to: whatever a caller did with them, no traceback.

Results that go to a file or a pipe are UTF-8, whatever the locale. A terminal gets what it can show.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

UNWRITTEN: Final = 1
"""Exit code where the result could not be written."""


UNWRITABLE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


@contextmanager
def written() -> Iterator[None]:
    """Prepare the streams, and see to it that what was printed has left when the block ends."""
    _prepare()
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _let_go()  # whoever read us has seen enough
        sys.exit(UNWRITTEN)
    except OSError as exc:
        _let_go()
        _say(f"minhchung: {_told(exc)}")
        sys.exit(UNWRITTEN)


def _prepare() -> None:
    for number in range(3):
        with suppress(OSError):
            os.fstat(number)
            continue
        # The next file opened would get this number, and what is printed would end up inside it.
        os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), encoding="utf-8")
    if sys.stdout is None:
        _say("minhchung: standard output is closed; send the result to a file or to /dev/null")
        sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue  # a test reads along
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _told(exc: OSError) -> str:
    if exc.filename:
        return f"{exc.filename}: {exc.strerror}; check path, rights and room"
    if exc.errno in UNWRITABLE:
        return f"the result cannot be written ({exc.strerror}); make room or choose another place"
    return str(exc)


def _say(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _let_go() -> None:
    """Point stdout at nothing, so that the interpreter's own last flush cannot fail."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
