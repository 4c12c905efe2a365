"""What the log itself says was taken out of the archive, by whom and why; and where the rest lies since."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from minhchung.errors import LogError
from storage.leaf import Leaf, Member
from storage.log import LogFiles, read_place
from storage.members import MemberError, inflate_member, read_record

KIND: Final = "pruned"
"""Kind of the leaf that names what was taken out."""

_MARKED: Final = b'"kind":"pruned"'
_PRUNED_FILE: Final = re.compile(r"-p[0-9]+\.warc\.gz(?:\.new)?$")
"""How a file is called from which records were taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinnedFile:
    """One archive file from which members were taken out."""

    old: str
    new: str
    members: tuple[Member, ...]
    """Those taken out, as they stood in the log."""

    def as_json(self) -> dict[str, Any]:
        """Return the file's part of the act."""
        return {"old": self.old, "new": self.new, "members": [member.as_json() for member in self.members]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """One act: members taken out of files, under a policy or an order."""

    record: str
    """The act's own record."""

    policy: str
    by: str
    reason: str
    at: str
    """A stamp."""

    files: tuple[ThinnedFile, ...]

    @property
    def members(self) -> int:
        """Return how many were taken out."""
        return sum(len(file.members) for file in self.files)


@dataclass(slots=True)
class Layout:
    """Which members of a leaf lie in which file: all of them, but for what an act took out."""

    acts: list[Pruning] = field(default_factory=list)
    _gone: dict[str, frozenset[str]] = field(default_factory=dict)
    _homes: dict[str, str] = field(default_factory=dict)
    """Member taken out -> the file from which it is missing."""

    @classmethod
    def of(cls, files: LogFiles, archive: Path) -> Layout:
        """Return the layout that the signed log asks for."""
        layout = cls()
        # Without such a file nothing was ever taken out, and the log need not be searched.
        if any(_PRUNED_FILE.search(path.name) for path in archive.glob("*")):
            for act in acts(files, archive):
                layout.add(act)
        return layout

    def add(self, act: Pruning) -> None:
        """Take one more act."""
        self.acts.append(act)
        for file in act.files:
            ids = frozenset(member.id for member in file.members)
            self._gone[file.new] = self._gone.get(file.old, frozenset()) | ids
            self._homes |= dict.fromkeys(ids, file.new)

    def kept(self, leaf: Leaf, file: str) -> tuple[Member, ...]:
        """Return the members of a leaf that lie in a file."""
        gone = self._gone.get(file)
        if not gone:
            return leaf.members
        return tuple(member for member in leaf.members if member.id not in gone)

    def thins(self, file: str) -> bool:
        """Say whether records were taken out of a file."""
        return file in self._gone

    def length(self, leaf: Leaf, file: str) -> int:
        """Return the stored bytes of a leaf in a file."""
        return sum(member.length for member in self.kept(leaf, file))

    def superseded(self) -> frozenset[str]:
        """Return the files that were replaced by ones with less in them."""
        return frozenset(self.renewed())

    def renewed(self) -> dict[str, str]:
        """Return old -> new name of every file that was replaced."""
        return {file.old: file.new for act in self.acts for file in act.files}

    def aside(self, archive: Path, named: Collection[str]) -> frozenset[str]:
        """Return the files that pruning left over when it was cut off: `named` are those of the index."""
        pairs = [(old, new) for old, new in self.renewed().items() if (archive / old).exists()]
        return frozenset(new if old in named else old for old, new in pairs)

    def newest(self, name: str) -> str:
        """Return the name under which a file's records lie now."""
        renewed = self.renewed()
        while name in renewed:
            name = renewed[name]
        return name

    def home_of(self, leaf: Leaf) -> str | None:
        """Return the file from which a leaf's own record was taken out, None where it was not."""
        name = self._homes.get(leaf.members[0].id)
        return self.newest(name) if name is not None else None

    def is_gone(self, leaf: Leaf, file: str) -> bool:
        """Say whether the leaf's own record was taken out of the file."""
        return leaf.members[0].id in self._gone.get(file, ())


def acts(files: LogFiles, archive: Path) -> Iterator[Pruning]:
    """Yield the acts that stand in the signed log, oldest first; one that was altered is none."""
    try:
        signed = files.read_checkpoint()
    except LogError:
        signed = None
    size = signed.size if signed is not None else 0
    lines = zip(files.lines(files.entries), files.lines(files.index), strict=False)
    for number, (entry, line) in enumerate(lines):
        if number >= size:
            return
        if _MARKED in entry:
            try:
                file, offset, _ = read_place(line)
            except LogError:
                continue
            if (act := read_act(entry, file, offset, archive)) is not None:
                yield act


def is_marked(entry: bytes) -> bool:
    """Say whether an entry may be that of an act."""
    return _MARKED in entry


def read_act(entry: bytes, file: str, offset: int, archive: Path) -> Pruning | None:
    """Return the act of an entry; None for what is none, or is not as it was sealed."""
    try:
        leaf = Leaf.read(entry)
        member = leaf.members[0]
        with (archive / file).open("rb") as stored:
            stored.seek(offset)
            raw = stored.read(member.length)
        if leaf.kind != KIND or sha256(raw).hexdigest() != member.sha256:
            return None
        said: dict[str, Any] = json.loads(read_record(inflate_member(raw)).block)
    except (LogError, MemberError, OSError, ValueError):
        return None
    return Pruning(
        record=member.id,
        policy=said["policy"],
        by=said["by"],
        reason=said["reason"],
        at=leaf.fetched_at,
        files=tuple(
            ThinnedFile(
                old=file["old"], new=file["new"], members=tuple(Member(**each) for each in file["members"])
            )
            for file in said["files"]
        ),
    )


def next_name(name: str) -> str:
    """Return the name of the file that replaces one."""
    stem = name.removesuffix(".warc.gz")
    before, mark, number = stem.rpartition("-p")
    if mark and number.isdigit():
        return f"{before}-p{int(number) + 1}.warc.gz"
    return f"{stem}-p1.warc.gz"
