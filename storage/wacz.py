"""WACZ 1.1.1: one ZIP that any web-archive reader opens, with every file in it listed by digest.

The writer knows files, digests and indexes; what goes in is decided by whoever exports. Equal contents give
equal bytes: no clock, no name of a machine, files in the order in which they were added.
"""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from types import TracebackType
from typing import Any, BinaryIO, Final, Self
from urllib.parse import urlsplit

WACZ_VERSION: Final = "1.1.1"
FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The instant of every ZIP entry: the oldest that the format can say."""

_NAME: Final = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9._-]*\.[a-z.]+|[a-z-]+\.json")
_LINES_A_BLOCK: Final = 300


class WaczWriter:
    """Writes one bundle into a stream; `close` adds the list of files."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(stream, "w", allowZip64=True)
        self._listed: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def add(self, path: str, chunks: Iterable[bytes]) -> None:
        """Add one file; raises ValueError for a name that is not of the forms we choose ourselves."""
        if not _NAME.fullmatch(path):
            raise ValueError(f"{path!r} is no name for a file of a bundle")
        digest, size = sha256(), 0
        with self._zip.open(_entry(path), "w", force_zip64=True) as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._listed.append(
            {
                "name": path.replace("/", "-").lower(),
                "path": path,
                "hash": f"sha256:{digest.hexdigest()}",
                "bytes": size,
            }
        )

    def add_json(self, path: str, value: Any) -> None:
        """Add one JSON document."""
        self.add(path, [json_bytes(value)])

    def finish(self, said: Mapping[str, Any]) -> None:
        """Add `datapackage.json`, which lists every file, and the digest of it."""
        package = json_bytes(
            {
                "profile": "data-package",
                "wacz_version": WACZ_VERSION,
                **said,
                "resources": self._listed,
            }
        )
        self.add("datapackage.json", [package])
        digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(package).hexdigest()}"}
        self.add("datapackage-digest.json", [json_bytes(digest)])


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, FIRST_DAY)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    # Players seek inside these two; the rest is text.
    stored = path.startswith("archive/") or path.endswith(".gz")
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry


def json_bytes(value: Any) -> bytes:
    """Return a JSON document in UTF-8, its keys in the order given."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def json_line(value: Any) -> bytes:
    """Return one line of JSON lines in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


# --- the index of captures -------------------------------------------------------------------------------


def cdx_line(url: str, captured_at: datetime, said: Mapping[str, str]) -> str:
    """Return a line of CDXJ: sortable address, 14 digits of UTC, what is where."""
    stamp = captured_at.strftime("%Y%m%d%H%M%S")
    whole = json.dumps({"url": url, **said}, ensure_ascii=True)
    return f"{sortable(url)} {stamp} {whole}\n"


def sortable(url: str) -> str:
    """Return the address with its host turned round (`vn,example)/tin?x=1`), for the order of an index."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return re.sub(r"\s", "%20", url.casefold())
    turned = ",".join(reversed(host.removeprefix("www.").split(".")))
    place = f":{port}" if port not in (None, 80, 443) else ""
    query = f"?{'&'.join(sorted(parts.query.split('&')))}" if parts.query else ""
    path = parts.path.rstrip("/") if len(parts.path) > 1 else parts.path
    return re.sub(r"\s", "%20", f"{turned}{place}){path or '/'}{query}".casefold())


def packed_index(lines: Iterable[str]) -> tuple[bytes, bytes]:
    """Return `index.cdx.gz` (blocks of sorted lines, a gzip member each) and the `index.idx` over it."""
    ordered = sorted(lines)
    blocks, entries = [], ['!meta {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n']
    offset = 0
    for first in range(0, len(ordered), _LINES_A_BLOCK):
        content = "".join(ordered[first : first + _LINES_A_BLOCK]).encode()
        block = gzip.compress(content, 9, mtime=0)
        key, stamp, _ = ordered[first].split(" ", 2)
        place = {
            "offset": offset,
            "length": len(block),
            "digest": f"sha256:{sha256(block).hexdigest()}",
            "filename": "index.cdx.gz",
        }
        entries.append(f"{key} {stamp} {json.dumps(place)}\n")
        blocks.append(block)
        offset += len(block)
    return b"".join(blocks) or gzip.compress(b"", 9, mtime=0), "".join(entries).encode()
