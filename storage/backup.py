"""A second copy of a home: what is closed is copied once, what grows is added to, nothing is written over.

A backup is a home without catalogue and private key, with the account of who read sealed payloads and with
what the home has cosigned as a witness. The signed checkpoint goes last: until it stands, the backup is that
of the checkpoint before it, and what lies beyond it is gone over again by the next run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

from minhchung.errors import LogError, StorageError, UsageError
from storage.access import NAME as ACCESSES
from storage.anchors import Anchor
from storage.checkpoint import Checkpoint
from storage.disk import refusals, sync_folder, write_whole
from storage.home import FORMAT, Home
from storage.leaf import Leaf
from storage.log import TILE_WIDTH, LogFiles, read_place
from storage.members import MemberError, record_at
from storage.pruned import Layout

CHUNK: Final = 1024 * 1024

WITNESS: Final = "witness"
_WITNESS_REPLACED: Final = frozenset({"checkpoint", "source"})
"""Files of a witness that follow the log; the others never change."""

GROWING: Final = frozenset({"entries", "index", "checkpoint", "tile"})
"""Parts of a log that are copied by their own rules; everything else there is small."""


@dataclass(slots=True)
class Copied:
    """What a backup or a restoration came to."""

    leaves: int = 0
    """Under the signed checkpoint that was copied."""

    copied: int = 0
    """Files made, or added to."""

    copied_bytes: int = 0


def back_up(home: Home, folder: Path, keys: Path | None = None) -> Copied:
    """Bring a backup level with a home's signed log; the private keys go to `keys`, or nowhere.

    A process may be writing meanwhile. Raises UsageError where the folder holds something else, or the backup
    of another log; LogError where the home's log is damaged.
    """
    home.require()
    source, target = LogFiles(home.log), Home(folder)
    signed = source.read_checkpoint()
    if signed is None:
        raise UsageError(f"{home}: holds nothing to back up yet")
    head = source.checkpoint.read_bytes()
    _judge_target(home, target, signed)
    done = Copied(leaves=signed.size)
    with refusals(folder):
        for part in (target.archive, target.log, target.configs):
            part.mkdir(parents=True, exist_ok=True)
        if not target.format.exists():
            write_whole(target.format, FORMAT)
        _copy_evidence(home, target, signed, done)
        _copy_small(home.log, target.log, done)
        _copy_accesses(home.path / ACCESSES, target.path / ACCESSES, done)
        _copy_witness(home.path / WITNESS, target.path / WITNESS, done)
        write_whole(target.log / "checkpoint", head)
        for name in Layout.of(source, home.archive).superseded():
            # What was taken out of the archive by an act is not to live on in its copies.
            (target.archive / name).unlink(missing_ok=True)
        done.copied += 1
        done.copied_bytes += len(head)
        if keys is not None:
            _copy_keys(home.keys, keys)
    return done


def restore(folder: Path, home: Home, keys: Path | None = None) -> Copied:
    """Make a home from a backup; the catalogue is left to be rebuilt.

    Raises UsageError where the home holds something already, or the folder is no finished backup. One that
    was broken off is gone on with.
    """
    source = Home(folder)
    source.require()
    files = LogFiles(source.log)
    signed = files.read_checkpoint()
    if signed is None:
        raise UsageError(f"{folder}: is a backup that was never finished; run `minhchung backup` again")
    if (home.log / "checkpoint").exists():
        raise UsageError(f"{home}: holds a home already; name an empty folder with --home")
    _judge_target(source, home, signed)
    home.prepare()
    done = Copied(leaves=signed.size)
    with refusals(home.path):
        _copy_evidence(source, home, signed, done)
        _copy_small(source.log, home.log, done)
        _copy_accesses(source.path / ACCESSES, home.path / ACCESSES, done)
        _copy_witness(source.path / WITNESS, home.path / WITNESS, done)
        if keys is not None:
            _copy_keys(keys, home.keys)
        write_whole(home.log / "checkpoint", files.checkpoint.read_bytes())
    return done


def _judge_target(home: Home, target: Home, signed: Checkpoint) -> None:
    """Raise UsageError unless the folder is empty or holds an older backup of the same log."""
    if target.path.exists() and not target.path.is_dir():
        raise UsageError(f"{target}: is a file; name a folder")
    if target.path.exists() and target.path.samefile(home.path):
        raise UsageError(f"{target}: is the home itself; name another folder")
    if not target.path.exists() or not any(target.path.iterdir()):
        return
    if not target.format.exists() and not target.archive.is_dir():
        raise UsageError(f"{target}: holds something else; name an empty folder or an earlier backup")
    theirs = LogFiles(target.log)
    if not theirs.key.exists():
        return
    if theirs.public_key().name != LogFiles(home.log).public_key().name:
        raise UsageError(f"{target}: is the backup of another log; name another folder")
    older = _head_of(theirs)
    if older is not None and older.size > signed.size:
        raise LogError(f"{home}: its log is older than the backup in {target}; restore the home from it")


def _head_of(files: LogFiles) -> Checkpoint | None:
    """Return the head of a backup; None where one was broken off between a new key and the head it signed."""
    try:
        return files.read_checkpoint()
    except LogError:
        return None


@dataclass(slots=True)
class _Signed:
    """How much of each file stands under a checkpoint."""

    entries: int = 0
    index: int = 0
    """Bytes."""

    archive: dict[str, int] = field(default_factory=dict)
    """Archive file -> bytes."""

    configs: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """Digest of a kept configuration file -> where its record lies."""


def _measure(home: Home, size: int) -> _Signed:
    """Return what the first `size` leaves account for; raises LogError where the log has fewer."""
    files, found, leaves = LogFiles(home.log), _Signed(), 0
    layout = Layout.of(files, home.archive)
    lines = zip(files.lines(files.entries), files.lines(files.index), strict=False)
    for entry, line in islice(lines, size):
        file, offset, _ = read_place(line)
        leaf = Leaf.read(entry)
        found.entries += len(entry) + 1
        found.index += len(line) + 1
        found.archive[file] = offset + layout.length(leaf, file)
        if leaf.kind == "config":
            found.configs[leaf.members[0].payload_sha256] = (file, offset, leaf.members[0].length)
        leaves += 1
    if leaves < size:
        raise LogError(f"{files.entries}: holds {leaves} leaves of {size} signed; run `minhchung check`")
    return found


def _copy_evidence(home: Home, target: Home, signed: Checkpoint, done: Copied) -> None:
    """Copy archive, log and kept configuration, as far as the checkpoint covers them."""
    part, source, copy = _measure(home, signed.size), LogFiles(home.log), LogFiles(target.log)
    for name, length in sorted(part.archive.items()):
        _extend(home.archive / name, target.archive / name, length, done)
    _extend(source.entries, copy.entries, part.entries, done)
    _replace(source.index, copy.index, part.index, done)
    for level, number in full_tiles(signed.size):
        _copy_once(source.tile(level, number).read_bytes(), copy.tile(level, number), done)
    for digest, place in sorted(part.configs.items()):
        kept = home.configs / digest
        content = kept.read_bytes() if kept.exists() else _config(home, place)
        _copy_once(content, target.configs / digest, done)


def full_tiles(size: int) -> Iterator[tuple[int, int]]:
    """Yield level and number of every full tile of a log of this size."""
    level, width = 0, TILE_WIDTH
    while width <= size:
        for number in range(size // width):
            yield level, number
        level, width = level + 1, width * TILE_WIDTH


def _config(home: Home, place: tuple[str, int, int]) -> bytes:
    """Return a configuration file from its record: it is put beside the archive only after it is sealed."""
    file, offset, length = place
    try:
        return record_at(home.archive / file, offset, length).payload()
    except MemberError as exc:
        raise LogError(f"{home.archive / file}: is not what was sealed; run `minhchung check`") from exc


def _extend(source: Path, target: Path, length: int, done: Copied) -> None:
    """Bring a copy up to a length; raises StorageError where it is not its original's beginning."""
    have = target.stat().st_size if target.exists() else 0
    if target.exists() and have >= length:
        return
    with source.open("rb") as original, target.open("ab+") as copy:
        start = max(0, have - CHUNK)
        original.seek(start)
        copy.seek(start)
        if original.read(have - start) != copy.read(have - start):
            raise StorageError(f"{target}: is no copy of {source}; run `minhchung check` on both")
        rest = length - have
        while rest and (chunk := original.read(min(CHUNK, rest))):
            copy.write(chunk)
            rest -= len(chunk)
        if rest:
            raise LogError(f"{source}: is shorter than what was signed; run `minhchung check`")
        copy.flush()
        os.fsync(copy.fileno())
    sync_folder(target.parent)
    done.copied += 1
    done.copied_bytes += length - have


def _replace(source: Path, target: Path, length: int, done: Copied) -> None:
    """Bring a derived file level: it is no evidence, and is written anew when records are taken out."""
    with source.open("rb") as file:
        content = file.read(length)
    if not target.exists() or target.read_bytes() != content:
        write_whole(target, content)
        done.copied += 1
        done.copied_bytes += len(content)


def _copy_once(content: bytes, target: Path, done: Copied) -> None:
    """Put a file that never changes in place; raises StorageError where another is there."""
    if target.exists():
        if target.read_bytes() != content:
            raise StorageError(f"{target}: is not what its original is; run `minhchung check` on both")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, content)
    done.copied += 1
    done.copied_bytes += len(content)


def _copy_small(source: Path, target: Path, done: Copied) -> None:
    """Copy what else is in a log: its public key, and notes that other signatures stand in."""
    for path in sorted(source.rglob("*")):
        part = path.relative_to(source)
        if part.parts[0] in GROWING or not path.is_file() or path.suffix == ".new":
            continue
        content, place = path.read_bytes(), target / part
        if place.exists() and place.read_bytes() == content:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, content)
        done.copied += 1
        done.copied_bytes += len(content)


def _copy_accesses(source: Path, target: Path, done: Copied) -> None:
    """Copy who read sealed payloads; a copy that goes another way than its original is kept beside it."""
    if not source.exists():
        return
    content = source.read_bytes()
    content = content[: content.rfind(b"\n") + 1]  # a line may be on its way
    former = target.read_bytes() if target.exists() else b""
    if former == content:
        return
    if not content.startswith(former):
        target.replace(target.with_name(f"{target.name}.{sha256(former).hexdigest()[:8]}"))
    write_whole(target, content)
    done.copied += 1
    done.copied_bytes += len(content)


def _copy_witness(source: Path, target: Path, done: Copied) -> None:
    """Copy what was cosigned of other logs; raises LogError where a copy has cosigned more of one.

    A witness that forgot its last head would cosign a fork of it.
    """
    for path in sorted(source.glob("*/*")):
        if not path.is_file() or path.suffix == ".new":
            continue
        content, place = path.read_bytes(), target / path.relative_to(source)
        if path.name not in _WITNESS_REPLACED:
            _copy_once(content, place, done)
            continue
        if place.exists() and (former := place.read_bytes()) == content:
            continue
        if path.name == "checkpoint" and place.exists() and _cosigned(former) > _cosigned(content):
            raise LogError(f"{path}: is older than {place}; restore {source} from it")
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, content)
        done.copied += 1
        done.copied_bytes += len(content)


def _cosigned(signed: bytes) -> int:
    """Return the size of a head that a witness keeps; 0 for what cannot be read, which is worth nothing."""
    head = Anchor.read_signed(signed)
    return head.size if head is not None else 0


def _copy_keys(source: Path, target: Path) -> None:
    """Copy private keys, readable by their owner alone; one that is there is never lost."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in sorted(each for each in source.glob("*") if each.is_file() and each.suffix != ".new"):
        content, place = path.read_bytes(), target / path.name
        if place.exists():
            if (former := place.read_bytes()) == content:
                continue
            # The log's key was changed: the former one is kept beside it.
            place.replace(target / f"{path.name}.{sha256(former).hexdigest()[:8]}")
        fresh = target / f"{path.name}.new"
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
        sync_folder(target)
