"""Who read sealed payloads: one line of JSON for each time, appended to `<home>/access.jsonl`.

It is a record of conduct, not evidence: it is not sealed, and nothing is computed from it.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from minhchung.errors import StorageError

NAME: Final = "access.jsonl"

Way = Literal["web", "export"]


def note_access(home: Path, at: datetime, *, way: Way, who: str, what: str, shown: str) -> None:
    """Append one access; raises StorageError where it cannot be written down.

    `what` is a record or a bundle, `shown` says how much of it: `masked`, `whole`, a class of bundles.
    """
    said = {"at": at.isoformat(), "way": way, "who": who, "what": what, "shown": shown}
    line = json.dumps(said, ensure_ascii=False).encode() + b"\n"
    try:
        handle = os.open(home / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            os.write(handle, line)  # one write: lines of several readers do not mix
        finally:
            os.close(handle)
    except OSError as exc:
        raise StorageError(f"{home / NAME}: the access could not be written down ({exc.strerror})") from exc
