"""The bundle as a file: every file in it listed, every listed file there, each with its digest.

Nothing is ever unpacked to the disk, so no name in a bundle can reach outside it.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

from offline.findings import BrokenError, Finding, fault

PACKAGE: Final = "datapackage.json"
DIGEST: Final = "datapackage-digest.json"
CHUNK: Final = 1024 * 1024
MOST_BYTES: Final = 2_000_000_000
"""A document of a bundle that claims to be larger when unpacked is refused; archive files are streamed."""

_ZIP_FAULTS: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)


class Package:
    """An opened bundle."""

    def __init__(self, path: Path) -> None:
        """Open a bundle; raises BrokenError where it is no ZIP."""
        try:
            self._zip = zipfile.ZipFile(path)
        except _ZIP_FAULTS as error:
            raise _unreadable(path.name, error) from error
        self.names = [entry.filename for entry in self._zip.infolist()]

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def read(self, name: str) -> bytes:
        """Return the bytes of one file; raises BrokenError where it is missing or damaged."""
        try:
            entry = self._zip.getinfo(name)
            if entry.file_size > MOST_BYTES:
                raise BrokenError("size", name, "quá lớn", f"claims {entry.file_size} bytes")
            return self._zip.read(entry)
        except KeyError as error:
            raise BrokenError("file-missing", name, "không có trong gói", "is not in the bundle") from error
        except _ZIP_FAULTS as error:
            raise _unreadable(name, error) from error

    def json(self, name: str) -> Any:
        """Return a JSON document; raises BrokenError."""
        return parsed(name, self.read(name))

    def lines(self, name: str) -> Iterator[Any]:
        """Yield the documents of a file of JSON lines; raises BrokenError."""
        for number, line in enumerate(self.read(name).splitlines(), start=1):
            yield parsed(f"{name}:{number}", line)

    def open(self, name: str) -> IO[bytes]:
        """Open one file as a stream."""
        return self._zip.open(name)

    def under(self, folder: str) -> list[str]:
        """Return the names of a folder's files, sorted."""
        return sorted(name for name in self.names if name.startswith(f"{folder}/"))

    def faults(self) -> Iterator[Finding]:
        """Yield what in the bundle is not as it is listed."""
        said = self.json(DIGEST)
        if not isinstance(said, dict) or said.get("hash") != _named(sha256(self.read(PACKAGE))):
            yield fault("package-digest", PACKAGE, "danh mục bị sửa", "is not what its digest file says")
        for name in {name for name in self.names if self.names.count(name) > 1}:
            yield fault("file-twice", name, "có hai lần trong gói", "stands in the bundle twice")
        listed = _listed(self.json(PACKAGE))
        for name in self.names:
            if name not in listed and name not in (PACKAGE, DIGEST):
                yield fault("file-unlisted", name, "không có trong danh mục", "is not listed")
        for name, (digest, size) in listed.items():
            if name not in self.names:
                yield fault("file-missing", name, "có trong danh mục nhưng thiếu", "is listed and missing")
                continue
            found, length = self._digest(name)
            if (found, length) != (digest, size):
                yield fault(
                    "file-digest", name, "không khớp mã băm đã ghi", "does not have the listed digest"
                )

    def _digest(self, name: str) -> tuple[str, int]:
        hashed, size = sha256(), 0
        try:
            with self._zip.open(name) as file:
                while chunk := file.read(CHUNK):
                    hashed.update(chunk)
                    size += len(chunk)
        except _ZIP_FAULTS:
            return "unreadable", size
        return _named(hashed), size


def _named(hashed: Any) -> str:
    return f"sha256:{hashed.hexdigest()}"


def _listed(package: Any) -> dict[str, tuple[str, int]]:
    try:
        return {str(each["path"]): (str(each["hash"]), int(each["bytes"])) for each in package["resources"]}
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenError(
            "package", PACKAGE, "không đọc được danh mục", f"cannot be read ({error})"
        ) from error


def _unreadable(name: str, error: Exception) -> BrokenError:
    return BrokenError("zip", name, f"không đọc được ({error})", f"cannot be read ({error})")


def parsed(where: str, said: bytes) -> Any:
    """Return the JSON of some bytes; raises BrokenError."""
    try:
        return json.loads(said)
    except (ValueError, RecursionError) as error:
        raise BrokenError("json", where, "không phải JSON", f"is no JSON ({error})") from error
