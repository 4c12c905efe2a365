"""One pass over log and archive together: every leaf against its tile, its members and their digests.

Memory does not grow with the log: entries, index, catalogue rows and archive files are read side by side,
each from its beginning to its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO, Final

from minhchung.errors import LogError
from storage.checkpoint import Checkpoint
from storage.faults import Fault, fault
from storage.home import Home
from storage.leaf import Leaf
from storage.log import Entry, LogFiles, Tiles, read_place
from storage.members import MemberError, WarcRecord, inflate_member, is_sound, read_record
from storage.merkle import Frontier, leaf_hash
from storage.pruned import Layout
from storage.warc import target

MOST_NAMED: Final = 50
"""Entries named, at most: a line put in or taken out puts all that follow out of step."""

ACTS: Final = frozenset({"visit", "figures"})
"""Kinds whose records the catalogue repeats: they are taken apart, the others only looked at."""


@dataclass(slots=True)
class FileUnderAudit:
    """One archive file while the log walks through it."""

    handle: BinaryIO
    size: int
    at: int = 0
    """Bytes accounted for so far."""

    damaged: list[tuple[str, int]] = field(default_factory=list)
    """(record, offset) of members whose bytes are not as sealed."""

    out_of_step: bool = False
    """Offsets do not follow on one another: something was put in, taken out or moved."""


@dataclass(frozen=True, slots=True)
class Audited:
    """One leaf whose entry could be read, with its own record where the bytes are as sealed."""

    number: int
    entry: Entry
    record: WarcRecord | None
    gone: bool = False
    """Its own record was taken out, by an act that the log holds."""


class Audit:
    """Walks a home's log; what it finds gathers in `faults`."""

    def __init__(self, home: Home, checkpoint: Checkpoint | None, *, being_written: bool) -> None:
        self._home = home
        self._files = LogFiles(home.log)
        self._being_written = being_written
        self._signed = checkpoint
        self.layout = Layout.of(self._files, home.archive)
        self._tiles = Tiles()
        self._frontier = Frontier()
        self._suspects: list[tuple[int, str]] = []
        """Entries that neither tile nor index bears out, by number, with what they say of themselves."""
        self._bad_lines: list[int] = []
        self.faults: list[Fault] = []
        self.archives: dict[str, FileUnderAudit] = {}
        self.missing: set[str] = set()
        """Archive files that the index names and that are not there."""

        self.entries_sound = True

    def walk(self) -> Iterator[Audited]:
        """Yield every readable leaf in order; afterwards `faults` holds what was found."""
        limit = self._signed.size if self._signed is not None else None
        lines = self._files.lines(self._files.index)
        unsigned = 0
        for number, entry in enumerate(self._files.lines(self._files.entries)):
            if limit is not None and number >= limit:
                unsigned += 1
                if not self._being_written:
                    self.faults.append(fault("entry-unsigned", self._files.entries, f"leaf {number}"))
                continue
            yield from self._one(number, entry, next(lines, None))
        self._end(limit, unsigned, extra_lines=sum(1 for _ in lines))

    def _one(self, number: int, entry: bytes, line: bytes | None) -> Iterator[Audited]:
        hashed = leaf_hash(entry)
        self._frontier.append(hashed)
        for level, tile, content in self._tiles.append(hashed):
            self._check_tile(level, tile, content)
        try:
            file, offset, noted = read_place(line) if line is not None else ("", 0, b"")
        except LogError:
            file, offset, noted = "", 0, b""
        if noted != hashed:
            self._bad_lines.append(number)
            self._suspects.append((number, _name(entry)))
        try:
            leaf = Leaf.read(entry)
        except LogError:
            if (number, _name(entry)) not in self._suspects[-1:]:
                self._suspects.append((number, _name(entry)))
            return
        placed = Entry(leaf, file, offset)
        record = self._check_members(placed) if file else None
        yield Audited(number, placed, record, self.layout.is_gone(leaf, file))

    def _check_tile(self, level: int, number: int, content: bytes) -> None:
        place = self._files.tile(level, number)
        try:
            if place.read_bytes() == content:
                return
        except OSError:
            pass  # a tile that is gone is found all the same
        self.faults.append(fault("tile", place))

    def _check_members(self, entry: Entry) -> WarcRecord | None:
        """Hold the members of one leaf against the archive; return its own record where it is sound."""
        file = self._open(entry.file)
        if file is None:
            return None
        if entry.offset != file.at:
            file.out_of_step = True
            file.handle.seek(entry.offset)
        at, own = entry.offset, None
        kept = self.layout.kept(entry.leaf, entry.file)
        for place, member in enumerate(entry.leaf.members):
            if member not in kept:
                continue
            raw = file.handle.read(member.length)
            if len(raw) != member.length or sha256(raw).hexdigest() != member.sha256:
                file.damaged.append((member.id, at))
            else:
                record = self._check_record(entry, place, raw)
                own = record if place == 0 else own
            at += member.length
        file.at = at
        return own

    def _open(self, name: str) -> FileUnderAudit | None:
        if name not in self.archives:
            path = self._home.archive / name
            try:
                handle = path.open("rb")
            except OSError:
                self.missing.add(name)
                return None
            self.archives[name] = FileUnderAudit(handle, path.stat().st_size)
        return self.archives[name]

    def _check_record(self, entry: Entry, place: int, raw: bytes) -> WarcRecord | None:
        """Hold a member that is as sealed against its own digests and its leaf; return what an act says."""
        leaf, member = entry.leaf, entry.leaf.members[place]
        said = {"WARC-Record-ID": f"<{member.id}>", "WARC-Type": member.type}
        if place == 0:
            said["WARC-Date"] = leaf.fetched_at
            if member.type != "warcinfo":
                said["WARC-Target-URI"] = target(leaf.url)[1]
        try:
            content = inflate_member(raw)
            payload = member.payload_sha256 if place == 0 else ""
            if leaf.kind not in ACTS and is_sound(content, said, payload):
                return None
            record = read_record(content)
        except MemberError as exc:
            where = f"{self._home.archive / entry.file}: {member.id}"
            self.faults.append(fault("leaf", where, str(exc)))
            return None
        where = f"{self._home.archive / entry.file}: {member.id}"
        for wrong in record.faults():
            self.faults.append(fault("digest", where, wrong))
        agrees = record.id == member.id and record.type == member.type
        if place == 0:
            agrees = agrees and record.field("warc-date") == leaf.fetched_at
            agrees = agrees and (
                record.type == "warcinfo" or record.field("warc-target-uri") == target(leaf.url)[1]
            )
            if member.payload_sha256 and record.type != "revisit":
                agrees = agrees and sha256(record.payload()).hexdigest() == member.payload_sha256
        if not agrees:
            self.faults.append(fault("leaf", where))
        return record

    def _end(self, limit: int | None, unsigned: int, *, extra_lines: int) -> None:
        if limit is not None and self._frontier.size < limit:
            self.faults.append(fault("log-short", self._files.entries, f"{self._frontier.size} < {limit}"))
        self.entries_sound = self._signed is None or self._frontier.root() == self._signed.root
        if not self.entries_sound:
            self.faults.append(fault("root", self._files.entries))
            self.faults.extend(
                fault("entry", self._files.entries, f"leaf {number}, {name}")
                for number, name in self._suspects[:MOST_NAMED]
            )
        elif self._bad_lines or (extra_lines > unsigned and not self._being_written):
            lines = ", ".join(str(number + 1) for number in self._bad_lines[:MOST_NAMED]) or f"+{extra_lines}"
            self.faults.append(fault("index", self._files.index, lines))
        if not self._ends_with_newline() and not self._being_written:
            self.faults.append(fault("entry-unsigned", self._files.entries, "torn line"))

    def _ends_with_newline(self) -> bool:
        path = self._files.entries
        if not path.exists() or path.stat().st_size == 0:
            return True
        with path.open("rb") as file:
            file.seek(-1, 2)
            return file.read(1) == b"\n"

    def close(self) -> None:
        """Let go of the archive files."""
        for file in self.archives.values():
            file.handle.close()


def _name(entry: bytes) -> str:
    """Return a record id found in an entry that may be damaged."""
    start = entry.find(b"urn:uuid:")
    return entry[start : start + 45].decode("utf-8", "replace") if start >= 0 else "?"
