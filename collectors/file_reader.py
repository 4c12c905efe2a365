"""Looking into files that strangers made: a child process, ended when a file breaks its limits."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from collectors.sharing import Shared
from minhchung.files import FileFacts
from minhchung.sources import FileLimits

_MIB: Final = 1 << 20
_LONGEST_ANSWER: Final = 1 << 20
_FACTS: Final = TypeAdapter(FileFacts)
READABLE: Final = frozenset({"pdf", "docx", "xlsx", "odt", "ods", "doc", "xls", "rtf", "text"})


class FileReader(Shared):
    """Reads files, one at a time."""

    def __init__(self, limits: FileLimits, roots: Iterable[Path] = ()) -> None:
        """Judge signatures by the authorities in the PEM files `roots`."""
        super().__init__()
        self._limits = limits
        self._roots = [str(Path(root).absolute()) for root in roots]
        self._child: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()

    async def read(self, body: bytes, kind: str, at: datetime) -> FileFacts | None:
        """Return what is found in a file of a sniffed kind; None where that is nothing to look into."""
        if kind not in READABLE:
            return None
        if len(body) > self._limits.read_mib * _MIB:
            return FileFacts(unread="limits")
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(
                    self._limits.seconds * 4
                ):  # a waiting process uses no processor time
                    return await self._ask(body, kind, at)
            except (TimeoutError, OSError, ValueError, ValidationError):
                await self.close()
                return FileFacts(unread="limits")
            except asyncio.CancelledError:
                await self.close()
                raise

    async def _ask(self, body: bytes, kind: str, at: datetime) -> FileFacts:
        child = await self._started()
        if child.stdin is None or child.stdout is None:
            raise OSError("the child has no pipes")
        asked = {"size": len(body), "kind": kind, "at": at.isoformat()}
        child.stdin.write(json.dumps(asked).encode() + b"\n" + body)
        await child.stdin.drain()
        line = await child.stdout.readline()
        if not line:
            raise OSError("the child broke a limit")
        return _FACTS.validate_json(line)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._child is None:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "collectors.filereading",
                json.dumps(self._settings()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_LONGEST_ANSWER,
                start_new_session=True,
            )
        return self._child

    def _settings(self) -> dict[str, Any]:
        program = shutil.which("tesseract") if self._limits.ocr == "auto" else None
        return {
            "memory": self._limits.memory_mib * _MIB,
            "seconds": self._limits.seconds,
            "roots": self._roots,
            "ocr": program or "",
        }

    async def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
