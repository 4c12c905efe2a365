"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from minhchung.errors import StorageError, UsageError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside the target and put it in its place when everything was written."""
    if (path.exists() and not path.is_file()) or not path.parent.is_dir():
        msg = f"{path}: is no place for a file; name one in a directory that exists"
        raise UsageError(msg)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror}); make room or choose another place"
        raise StorageError(msg) from error
    finally:
        part.unlink(missing_ok=True)
