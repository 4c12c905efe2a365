"""`check`: is everything that was sealed still there, to the last bit, and nothing besides?

It yields every fault it finds and does not stop at the first. It needs the home alone: no network, no
configuration, no private key.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from hashlib import sha256
from pathlib import Path

from minhchung.errors import LogError, UsageError
from storage.agreement import check_catalogue
from storage.archive import SUFFIX
from storage.audit import Found
from storage.checkpoint import Checkpoint, read_private
from storage.cutting import was_cut_off
from storage.diagnosis import diagnose
from storage.faults import Fault, fault
from storage.home import FORMAT, Home
from storage.log import TILE_WIDTH, LogFiles
from storage.merkle import Frontier
from storage.parts import check_log, walk_all
from storage.pruned import Layout
from storage.rotation import check_rotations, is_rotation
from storage.tokens import check_timestamps, is_timestamp

__all__ = ["Fault", "check"]

LOG_FILES = frozenset({"entries", "index", "checkpoint", "key"})


def check(home: Home) -> Iterator[Fault]:
    """Yield every fault of a home; raises UsageError where there is none."""
    if not home.format.is_file() and not home.log.is_dir():
        home.require()
    being_written = home.writer_pid() is not None
    if being_written:
        yield fault("in-flight", home.lock_file)
    if not home.format.is_file() or home.format.read_bytes() != FORMAT:
        yield fault("format", home.format)
    checkpoint, faults = _head(home)
    yield from faults
    yield from _check_private_key(home)
    layout = Layout.of(LogFiles(home.log), home.archive)
    found, frontier = walk_all(home, checkpoint, layout)
    yield from _check_evidence(home, checkpoint, layout, found, frontier, being_written=being_written)
    yield from _check_configs(home, found.kept_beside["config"].keys(), being_written=being_written)
    yield from check_rotations(home, found.kept_beside["key"])
    yield from check_timestamps(home, found.kept_beside["timestamp"])
    yield from _strays(home, None if being_written else checkpoint)


def _head(home: Home) -> tuple[Checkpoint | None, list[Fault]]:
    """Return the signed head and what is wrong with it and its key."""
    files = LogFiles(home.log)
    if not files.key.exists() and not files.entries.exists():
        return None, []
    try:
        files.public_key()
    except LogError as exc:
        return None, [fault("key", files.key, str(exc))]
    try:
        checkpoint = files.read_checkpoint()
    except LogError:
        return None, [fault("checkpoint", files.checkpoint)]
    if checkpoint is None and files.entries.exists() and files.entries.stat().st_size:
        return None, [fault("checkpoint-missing", files.checkpoint)]
    return checkpoint, []


def _check_private_key(home: Home) -> Iterator[Fault]:
    """Look at the private key where it is: a copy of the home need not have it."""
    path = home.keys / "log.key"
    if not path.exists():
        return
    if path.stat().st_mode & 0o077:
        yield fault("key-rights", path)
    try:
        public = read_private(path).public.text().encode()
    except UsageError:
        yield fault("private-key", path)
        return
    key = LogFiles(home.log).key
    if not key.exists() or key.read_bytes() != public:
        yield fault("private-key", path)


def _check_evidence(
    home: Home,
    checkpoint: Checkpoint | None,
    layout: Layout,
    found: Found,
    frontier: Frontier,
    *,
    being_written: bool,
) -> Iterator[Fault]:
    """Say what the walk found; look slowly where log and archive do not come out even."""
    files = LogFiles(home.log)
    for act in layout.acts:
        detail = f"{act.members}: {act.policy}; {act.by}; {act.reason}"
        yield fault("pruned", act.record, detail)
    for name in sorted(layout.superseded()):
        if (home.archive / name).exists():
            yield fault("pruning-unfinished", home.archive / name)
    log_faults = list(check_log(files, found, frontier, checkpoint, being_written=being_written))
    yield from (*found.faults, *log_faults)
    yield from check_catalogue(home, found.leaves, being_written=being_written)
    yield from found.row_faults
    if found.visits:
        from storage.seen import ObservationsUnderAudit

        yield from ObservationsUnderAudit(home, found.visits, found.gone).faults()
    if _uneven(home, found, layout, being_written=being_written):
        yield from diagnose(home, index_sound=not any(f.code == "index" for f in log_faults))
    else:
        for name, file in found.archives.items():
            for record, offset in file.damaged:
                yield fault("member", f"{home.archive / name}: {record}", f"byte {offset}")


def _uneven(home: Home, found: Found, layout: Layout, *, being_written: bool) -> bool:
    """Say whether bytes were put in, taken out or moved, as opposed to altered in their place."""
    if found.missing:
        return True
    for file in found.archives.values():
        if file.out_of_step or len(file.damaged) > 1 or file.size < file.at:
            return True
        if file.size > file.at and not being_written:
            return True
    unlogged = {path.name for path in home.archive.glob(f"*{SUFFIX}")}
    unlogged -= found.archives.keys() | layout.aside(home.archive, found.archives)
    return bool(unlogged) and not being_written


def _check_configs(home: Home, sealed: Set[str], *, being_written: bool) -> Iterator[Fault]:
    """Hold kept configuration files against their names and the log."""
    kept = {path.name: path for path in sorted(home.configs.glob("*")) if path.is_file()}
    for name, path in kept.items():
        if name.endswith(".new"):
            yield fault("leftover", path)
        elif sha256(path.read_bytes()).hexdigest() != name:
            yield fault("config", path)
        elif name not in sealed and not being_written:
            yield fault("stray", path)
    missing = "config-unwritten" if was_cut_off(home) else "config-missing"
    for digest in sorted(sealed - kept.keys()):
        yield fault(missing, home.configs / digest)


def _strays(home: Home, checkpoint: Checkpoint | None) -> Iterator[Fault]:
    """Yield files that nothing accounts for; without a checkpoint, tiles may be of any log."""
    files = LogFiles(home.log)
    size = checkpoint.size if checkpoint is not None else None
    for path in sorted(home.log.rglob("*")):
        if path.is_dir():
            continue
        if path.suffix == ".new":
            yield fault("leftover", path)
        elif not _is_part(files, path) and not _is_tile(files, path, size):
            yield fault("stray", path)
    for path in sorted(home.archive.glob("*")):
        if path.name.endswith(f"{SUFFIX}.new"):
            yield fault("leftover", path)
        elif not path.name.endswith(SUFFIX):
            yield fault("stray", path)


def _is_part(files: LogFiles, path: Path) -> bool:
    """Say whether a file has a place in the log's folder, tiles apart."""
    if path.parent == files.folder:
        return path.name in LOG_FILES
    return is_rotation(files, path) or is_timestamp(files, path)


def _is_tile(files: LogFiles, path: Path, size: int | None) -> bool:
    """Say whether a file is a full tile of a log of this size, or of one a moment older or newer."""
    parts = str(path).removeprefix(f"{files.folder}/tile/").split("/")
    digits = "".join(part.removeprefix("x") for part in parts[1:])
    if not parts[0].isdigit() or not digits.isdigit():
        return False
    level, number = int(parts[0]), int(digits)
    if files.tile(level, number) != path:
        return False
    return size is None or (number + 1) * TILE_WIDTH ** (level + 1) <= size + TILE_WIDTH
