"""What one visit has spent on files, and who looks into them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from collectors.file_reader import FileReader
from minhchung.files import FileFacts
from minhchung.sources import FileLimits

_MIB: Final = 1 << 20


class FileBook:
    """The account of one visit's files."""

    def __init__(self, reader: FileReader, limits: FileLimits) -> None:
        """Begin with nothing spent."""
        self._reader, self._limits = reader, limits
        self._files = self._bytes = 0

    @property
    def spent(self) -> bool:
        """Say whether the visit may ask for no further file."""
        return self._files >= self._limits.per_visit or self._bytes >= self._limits.mib_per_visit * _MIB

    async def look_into(self, body: bytes, kind: str, at: datetime) -> FileFacts | None:
        """Count a file that answered and return what is found in it."""
        self._files += 1
        self._bytes += len(body)
        return await self._reader.read(body, kind, at)
