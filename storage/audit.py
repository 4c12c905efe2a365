"""One pass over a part of log and archive together: every leaf against its tile, its members, its row.

Memory does not grow with the log: entries, index, catalogue rows and archive files are read side by side,
each from its beginning to its end. What a quick look (`storage.glance`) does not pass is looked at closely.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from minhchung.errors import LogError
from storage.agreement import RowsUnderAudit
from storage.faults import Fault, fault
from storage.glance import ASKED_FOR, ENTRY, KEPT_BESIDE, record_passes
from storage.home import Home
from storage.leaf import Leaf
from storage.log import TILE_WIDTH, LogFiles, read_place
from storage.members import MemberError, WarcRecord, inflate_member, read_record
from storage.merkle import leaf_hash, root_of_full
from storage.pruned import Layout
from storage.warc import target

if TYPE_CHECKING:
    from storage.seen import SealedVisit

READ_AHEAD: Final = 256 * 1024
"""Bytes of an archive file that are read at once."""

NO_END: Final = 1 << 62
"""Number of leaves that no log reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Leaves that follow on one another, with where their lines begin."""

    first: int = 0
    """A multiple of a tile's width."""

    stop: int = NO_END
    """The leaf after the last one; a log's last part has no end."""

    entries_at: int = 0
    index_at: int = 0
    signed: int | None = None
    """Leaves under the checkpoint; None where there is none."""


@dataclass(slots=True)
class FileUnderAudit:
    """One archive file while the log walks through it."""

    size: int
    first: int = -1
    """Where the first leaf of the part lies in it."""

    at: int = 0
    """The byte after those accounted for so far."""

    damaged: list[tuple[str, int]] = field(default_factory=list)
    """(record, offset) of members whose bytes are not as sealed."""

    out_of_step: bool = False
    """Offsets do not follow on one another: something was put in, taken out or moved."""


@dataclass(slots=True)
class Found:
    """What the walk through one part came to."""

    leaves: int = 0
    roots: list[bytes] = field(default_factory=list)
    """Of the part's full tiles."""

    rest: list[bytes] = field(default_factory=list)
    """Leaf hashes after them."""

    unsigned: int = 0
    """Entries after those under the checkpoint."""

    extra_lines: int = 0
    """Lines of the index after those of signed leaves."""

    faults: list[Fault] = field(default_factory=list)
    row_faults: list[Fault] = field(default_factory=list)
    suspects: list[tuple[int, str]] = field(default_factory=list)
    """Entries that neither tile nor index bears out, by number, with what they say of themselves."""

    bad_lines: list[int] = field(default_factory=list)
    archives: dict[str, FileUnderAudit] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    """Archive files that the index names and that are not there."""

    kept_beside: dict[str, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in KEPT_BESIDE})
    """By kind: SHA-256 (hex) -> address of what was sealed and also lies in a file of its own."""

    visits: list[SealedVisit] = field(default_factory=list)
    gone: set[tuple[str, str, str]] = field(default_factory=set)
    """Agency, run and source of records that were taken out, by an act that the log holds."""


class Audit:
    """Walks one part of a home's log."""

    def __init__(self, home: Home, part: Part, layout: Layout) -> None:
        self._home = home
        self._files = LogFiles(home.log)
        self._part = part
        self._layout = layout
        self._rows = RowsUnderAudit(home, part.first, part.stop)
        self._handles: dict[str, BinaryIO] = {}
        self._name = ""
        """File in which the last leaf lay."""

        self._file: FileUnderAudit | None = None
        """The same, where a quick look may do: it is there, and nothing was taken out of it."""

        self._read: Callable[[int], bytes] = bytes

        self.found = Found()

    def walk(self) -> Found:
        """Return what was found."""
        part, found = self._part, self.found
        # The walk makes no cycles, and looking for some takes a twentieth of it.
        collecting = gc.isenabled()
        gc.disable()
        try:
            entries = self._files.lines(self._files.entries, part.entries_at)
            lines = self._files.lines(self._files.index, part.index_at)
            wanted = (part.stop if part.signed is None else min(part.stop, part.signed)) - part.first
            rest = found.rest
            for number, entry in enumerate(islice(entries, wanted), part.first):
                line, hashed = next(lines, None), leaf_hash(entry)
                rest.append(hashed)
                if len(rest) == TILE_WIDTH:
                    self._end_tile()
                if not self._passes(number, entry, line, hashed):
                    self._look_closely(number, entry, line, hashed)
                found.leaves += 1
            if part.stop == NO_END:
                found.unsigned = sum(1 for _ in entries)
                found.extra_lines = sum(1 for _ in lines)
        finally:
            if collecting:
                gc.enable()
            self._rows.close()
            for handle in self._handles.values():
                handle.close()
        found.row_faults = self._rows.faults
        return found

    def _end_tile(self) -> None:
        found = self.found
        number = self._part.first // TILE_WIDTH + len(found.roots)
        found.faults.extend(check_tile(self._files, 0, number, b"".join(found.rest)))
        found.roots.append(root_of_full(found.rest))
        found.rest.clear()

    # --- the quick look --------------------------------------------------------------------------------

    def _passes(self, number: int, entry: bytes, line: bytes | None, hashed: bytes) -> bool:
        """Say whether a leaf follows on the one before it, and all that it says is borne out."""
        name, file = self._name, self._file
        if file is None or line != f"{name} {file.at} {hashed.hex()}".encode() or not entry.isascii():
            return False
        told = ENTRY.fullmatch(entry.decode("ascii"))
        if told is None:
            return False
        (
            agency, failure, day, time, kind, record, own_length, payload, digest, type_,
            second, second_length, second_payload, second_digest, second_type, run, source, status, url,
        ) = told.groups("")  # fmt: skip
        length = int(own_length)
        row = (
            number, record, agency, source, run, url, kind, int(status) if status else None, failure or None,
            payload, length, name, file.at, f"{day} {time}",
        )  # fmt: skip
        if kind in ASKED_FOR or (row != self._rows.ahead and number <= self._rows.newest):
            return False
        read, known = self._read, f"WARC-Date: {day}T{time}Z\r\nWARC-Target-URI: {url}\r\n"
        raw = read(length)
        passes = sha256(raw).hexdigest() == digest and record_passes(raw, type_, record, known, payload)
        if passes and second:
            raw = read(int(second_length))
            length += int(second_length)
            passes = sha256(raw).hexdigest() == second_digest and record_passes(
                raw, second_type, second, known, second_payload
            )
        if not passes:
            self._handles[name].seek(file.at)
            return False
        file.at += length
        self._rows.advance()
        return True

    # --- the close look --------------------------------------------------------------------------------

    def _look_closely(self, number: int, entry: bytes, line: bytes | None, hashed: bytes) -> None:
        found = self.found
        try:
            file, offset, noted = read_place(line) if line is not None else ("", 0, b"")
        except LogError:
            file, offset, noted = "", 0, b""
        if noted != hashed:
            found.bad_lines.append(number)
            found.suspects.append((number, _name(entry)))
        try:
            leaf = Leaf.read(entry)
        except LogError:
            if (number, _name(entry)) not in found.suspects[-1:]:
                found.suspects.append((number, _name(entry)))
            return
        sound = self._check_members(leaf, file, offset) if file else {}
        self._go_on_in(file)
        gone = self._layout.is_gone(leaf, file)
        block = sound[0].block if 0 in sound else None
        self._rows.compare(number, leaf, (file, offset), gone=gone, block=block)
        self._note(number, leaf, sound, gone=gone)

    def _go_on_in(self, name: str) -> None:
        """Expect the next leaf in this file."""
        self._name = name
        self._file = self.found.archives.get(name) if not self._layout.thins(name) else None
        if self._file is not None:
            self._read = self._handles[name].read

    def _note(self, number: int, leaf: Leaf, sound: Mapping[int, WarcRecord], *, gone: bool) -> None:
        """Remember what others are held against."""
        if leaf.kind in KEPT_BESIDE:
            self.found.kept_beside[leaf.kind][leaf.members[0].payload_sha256] = leaf.url
        if gone:
            self.found.gone.add((leaf.agency, leaf.run, leaf.source))
        elif leaf.kind == "visit" and 0 in sound:
            from storage.seen import sealed_visit

            seed = sound[1].block if 1 in sound else b""
            self.found.visits.append(sealed_visit(number, leaf.members[0].id, sound[0].block, seed))

    def _check_members(self, leaf: Leaf, name: str, offset: int) -> dict[int, WarcRecord]:
        """Hold the members of one leaf against the archive; return those that are sound, by their number."""
        file = self._open(name)
        if file is None:
            return {}
        handle = self._handles[name]
        if file.first < 0:
            file.first = file.at = offset
            handle.seek(offset)
        elif offset != file.at:
            file.out_of_step = True
            handle.seek(offset)
        at, sound = offset, {}
        kept = self._layout.kept(leaf, name)
        for place, member in enumerate(leaf.members):
            if member not in kept:
                continue
            raw = handle.read(member.length)
            if len(raw) != member.length or sha256(raw).hexdigest() != member.sha256:
                file.damaged.append((member.id, at))
            else:
                record = self._check_record(leaf, name, place, raw)
                if record is not None:
                    sound[place] = record
            at += member.length
        file.at = at
        return sound

    def _open(self, name: str) -> FileUnderAudit | None:
        if name not in self.found.archives:
            path = self._home.archive / name
            try:
                self._handles[name] = path.open("rb", buffering=READ_AHEAD)
            except OSError:
                self.found.missing.add(name)
                return None
            self.found.archives[name] = FileUnderAudit(path.stat().st_size)
        return self.found.archives[name]

    def _check_record(self, leaf: Leaf, name: str, place: int, raw: bytes) -> WarcRecord | None:
        """Hold a member that is as sealed against its own digests and its leaf; return what it holds."""
        member = leaf.members[place]
        where = f"{self._home.archive / name}: {member.id}"
        try:
            record = read_record(inflate_member(raw))
        except MemberError as exc:
            self.found.faults.append(fault("leaf", where, str(exc)))
            return None
        for wrong in record.faults():
            self.found.faults.append(fault("digest", where, wrong))
        agrees = record.id == member.id and record.type == member.type
        if place == 0:
            agrees = agrees and record.field("warc-date") == leaf.fetched_at
            agrees = agrees and (
                record.type == "warcinfo" or record.field("warc-target-uri") == target(leaf.url)[1]
            )
            if member.payload_sha256 and record.type != "revisit":
                agrees = agrees and sha256(record.payload()).hexdigest() == member.payload_sha256
        if not agrees:
            self.found.faults.append(fault("leaf", where))
        return record


def check_tile(files: LogFiles, level: int, number: int, content: bytes) -> Iterator[Fault]:
    """Yield a fault where a full tile is not there as the entries have it."""
    place = files.tile(level, number)
    try:
        if place.read_bytes() == content:
            return
    except OSError:
        pass  # a tile that is gone is found all the same
    yield fault("tile", place)


def _name(entry: bytes) -> str:
    """Return a record id found in an entry that may be damaged."""
    start = entry.find(b"urn:uuid:")
    return entry[start : start + 45].decode("utf-8", "replace") if start >= 0 else "?"
