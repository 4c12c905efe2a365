"""What of log and archive goes out of the house: chosen leaves with proofs, their members byte for byte."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from minhchung.errors import FixityError, LogError
from storage.checkpoint import Checkpoint
from storage.home import Home
from storage.leaf import Leaf
from storage.log import LogFiles, read_place
from storage.members import MemberError, WarcRecord, inflate_member, read_record
from storage.merkle import leaf_hash
from storage.pruned import Layout
from storage.tree import Tree

_TOKEN: Final = re.compile(r"[1-9][0-9]*-[a-z0-9][a-z0-9-]*\.tsr")


@dataclass(frozen=True, slots=True)
class SealedLeaf:
    """One leaf under the signed checkpoint, with where its members lie."""

    index: int
    leaf: Leaf
    entry: bytes
    file: str
    offset: int


class SealedLog:
    """A home's log as its signed checkpoint covers it; read once, changes nothing."""

    def __init__(self, home: Home) -> None:
        """Read the log; raises LogError where checkpoint and entries do not agree."""
        files = LogFiles(home.log)
        head = files.read_checkpoint()
        if head is None:
            raise LogError(f"{files.checkpoint}: there is no signed log yet; collect something first")
        self.checkpoint: Checkpoint = head
        self.note = files.checkpoint.read_bytes()
        self.key = files.key.read_bytes()
        self._archive = home.archive
        self._stamps = home.log / "timestamps"
        self._layout = Layout.of(files, home.archive)
        lines = zip(files.lines(files.entries), files.lines(files.index), strict=False)
        self.leaves = tuple(_sealed(n, *pair) for n, pair in enumerate(islice(lines, head.size)))
        self.tree = Tree(leaf_hash(one.entry) for one in self.leaves)
        if self.tree.size != head.size or self.tree.root() != head.root:
            raise LogError(f"{files.entries}: is not what its checkpoint signs; run `minhchung check`")

    def proof_line(self, one: SealedLeaf) -> dict[str, Any]:
        """Return a leaf with its inclusion proof, in the parts of a C2SP tlog-proof."""
        path = self.tree.proof(one.index)
        return {
            "index": one.index,
            "entry": one.entry.decode(),
            "proof": [base64.b64encode(node).decode() for node in path],
        }

    def stamped(self) -> Iterator[tuple[str, bytes]]:
        """Yield the newest stamped head: its note, the proof that it is a prefix of ours, its tokens."""
        found: dict[int, list[Path]] = {}
        for path in sorted(self._stamps.glob("*.tsr")):
            covered = path.name.partition("-")[0]
            if _TOKEN.fullmatch(path.name) and int(covered) <= self.checkpoint.size:
                found.setdefault(int(covered), []).append(path)
        if not found:
            return
        size = max(found)
        yield f"{size}.head.txt", (self._stamps / f"{size}.checkpoint").read_bytes()
        proof = [base64.b64encode(node).decode() for node in self.tree.consistency(size)]
        yield f"{size}.consistency.json", json.dumps({"size": size, "proof": proof}).encode()
        for path in found[size]:
            yield path.name, path.read_bytes()

    def is_pruned(self, one: SealedLeaf) -> bool:
        """Say whether a member of the leaf was taken out of the archive by an act that the log holds."""
        return self._layout.kept(one.leaf, one.file) != one.leaf.members

    def members(self, one: SealedLeaf) -> list[bytes]:
        """Return the stored bytes of a leaf's members; raises FixityError where they are not as sealed."""
        with (self._archive / one.file).open("rb") as file:
            stored = os.pread(file.fileno(), one.leaf.length, one.offset)
        parts, start = [], 0
        for member in one.leaf.members:
            part = stored[start : start + member.length]
            if sha256(part).hexdigest() != member.sha256:
                found = sha256(part).hexdigest()
                raise FixityError(member.id, sealed=member.sha256, found=found)
            parts.append(part)
            start += member.length
        return parts


def _sealed(index: int, entry: bytes, line: bytes) -> SealedLeaf:
    file, offset, _ = read_place(line)
    return SealedLeaf(index, Leaf.read(entry), entry, file, offset)


def by_file(leaves: Iterable[SealedLeaf]) -> Iterator[tuple[str, list[SealedLeaf]]]:
    """Yield the archive files with their leaves in the order in which they lie."""
    files: dict[str, list[SealedLeaf]] = {}
    for one in leaves:
        files.setdefault(one.file, []).append(one)
    for name in sorted(files):
        yield name, sorted(files[name], key=lambda one: one.offset)


def opened(stored: bytes) -> WarcRecord:
    """Return the WARC record of a stored member; raises FixityError where it is none."""
    try:
        return read_record(inflate_member(stored))
    except MemberError as exc:
        raise FixityError("of a bundle", sealed="a WARC record", found=f"nothing ({exc})") from exc
