"""The Merkle log in files: entries, tiles, index and signed checkpoint; it is the truth, the rest is derived.

`log/entries` holds one leaf a line; `log/tile/<level>/<n>` 256 hashes each, written once full, named as
in C2SP tlog-tiles; `log/index` says for each leaf the archive file and offset of its members (it can be
rebuilt from archive and entries); `log/checkpoint` is the signed head. A leaf counts once a signed
checkpoint covers it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from minhchung.errors import LogError
from storage.checkpoint import Checkpoint, PublicKey, Signer, read_checkpoint
from storage.disk import AppendFile, OpenFile, write_whole
from storage.leaf import Leaf
from storage.merkle import Frontier, leaf_hash, root_of_full

TILE_WIDTH: Final = 256
"""Hashes in a full tile."""


@dataclass(frozen=True, slots=True)
class LogFiles:
    """Where the parts of a log lie."""

    folder: Path

    @property
    def entries(self) -> Path:
        """One entry a line."""
        return self.folder / "entries"

    @property
    def index(self) -> Path:
        """`<file> <offset> <leaf hash>` a line, one for each entry."""
        return self.folder / "index"

    @property
    def checkpoint(self) -> Path:
        """The signed head."""
        return self.folder / "checkpoint"

    @property
    def key(self) -> Path:
        """The public key, as a note verifier key."""
        return self.folder / "key"

    def tile(self, level: int, number: int) -> Path:
        """Return where a tile lies: `tile/0/x001/067` is tile 1067 of level 0."""
        groups = [f"{number % 1000:03}"]
        while number := number // 1000:
            groups.append(f"x{number % 1000:03}")
        return self.folder.joinpath("tile", str(level), *reversed(groups))

    def public_key(self) -> PublicKey:
        """Return the log's public key; raises LogError where it is gone or damaged."""
        try:
            return PublicKey.read(self.key.read_bytes().decode())
        except (OSError, UnicodeDecodeError) as exc:
            raise LogError(f"{self.key}: cannot be read; restore it from a backup") from exc

    def read_checkpoint(self) -> Checkpoint | None:
        """Return the signed head, None for a log that has none yet; raises LogError for a damaged one."""
        try:
            signed = self.checkpoint.read_bytes()
        except FileNotFoundError:
            return None
        return read_checkpoint(signed, self.public_key())

    def lines(self, path: Path, start: int = 0) -> Iterator[bytes]:
        """Yield the whole lines of entries or index from a byte on, without ends; none that is torn."""
        try:
            with path.open("rb") as file:
                file.seek(start)
                for line in file:
                    if line.endswith(b"\n"):
                        yield line[:-1]
        except FileNotFoundError:
            return


class Tiles:
    """Turns leaf hashes into full tiles of every level, as a log grows."""

    def __init__(self) -> None:
        self._open: list[list[bytes]] = [[]]
        self._full: list[int] = [0]

    def append(self, node: bytes, level: int = 0) -> list[tuple[int, int, bytes]]:
        """Add a hash to a level; return the tiles that it completes as (level, number, content)."""
        done: list[tuple[int, int, bytes]] = []
        carried = node
        while True:
            while level >= len(self._open):
                self._open.append([])
                self._full.append(0)
            row = self._open[level]
            row.append(carried)
            if len(row) < TILE_WIDTH:
                return done
            done.append((level, self._full[level], b"".join(row)))
            carried = root_of_full(row)
            self._full[level] += 1
            row.clear()
            level += 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One leaf with where its members lie."""

    leaf: Leaf
    file: str
    offset: int


class Log:
    """The growing log; made by `storage.recovery`, which has read all of it first."""

    def __init__(
        self, files: LogFiles, signer: Signer, frontier: Frontier, tiles: Tiles, open_file: OpenFile
    ) -> None:
        self._files = files
        self._signer = signer
        self._frontier = frontier
        self._tiles = tiles
        self._open_file = open_file
        self._entries: AppendFile = open_file(files.entries)
        self._index: AppendFile = open_file(files.index)

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return self._frontier.size

    def append(self, entries: Sequence[tuple[bytes, str, int]]) -> None:
        """Add (entry, file, offset) and sign the new head; everything is on the disk when this returns."""
        hashes = [leaf_hash(entry) for entry, _, _ in entries]
        lines = [place_line(file, offset, h) for (_, file, offset), h in zip(entries, hashes, strict=True)]
        self._index.write(b"".join(lines))
        self._entries.write(b"".join(entry + b"\n" for entry, _, _ in entries))
        self._entries.sync()
        for hashed in hashes:
            self._frontier.append(hashed)
            for level, number, content in self._tiles.append(hashed):
                place = self._files.tile(level, number)
                place.parent.mkdir(parents=True, exist_ok=True)
                write_whole(place, content, self._open_file)
        self.sign()

    def sign(self) -> None:
        """Put the signed checkpoint of the present size in place."""
        signed = self._signer.sign(size=self._frontier.size, root=self._frontier.root())
        write_whole(self._files.checkpoint, signed, self._open_file)

    def close(self) -> None:
        """Let go of the files."""
        self._entries.close()
        self._index.close()


def place_line(file: str, offset: int, hashed: bytes) -> bytes:
    """Return a line of the index."""
    return f"{file} {offset} {hashed.hex()}\n".encode()


def read_place(line: bytes) -> tuple[str, int, bytes]:
    """Return file, offset and leaf hash of an index line; raises LogError unless we wrote it so."""
    damaged = "the log's index cannot be read; delete log/index, the next command that writes makes it anew"
    try:
        file, offset, hashed = line.decode("ascii").split(" ")
        place = file, int(offset), bytes.fromhex(hashed)
    except ValueError as exc:
        raise LogError(damaged) from exc
    if "/" in file or place_line(*place) != line + b"\n":
        raise LogError(damaged)
    return place
