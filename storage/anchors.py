"""The head of the log in print: short enough to be typed, on papers that many offices hold.

A printed head reads `minhchung/log/0123456789abcdef · 1234 · ABCD EFGH …`: origin, number of leaves, and the
root in base32, thirteen groups of four. Whoever rewrites the log would have to collect the papers.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from minhchung.errors import LogError
from storage.checkpoint import ROOT_BYTES, Checkpoint
from storage.log import LogFiles
from storage.merkle import EMPTY_ROOT, Frontier, leaf_hash

Verdict = Literal["equal", "forked", "ahead", "foreign"]
"""A printed head against the log: in it; contradicted by it; beyond its end; of another log."""

GROUP: Final = 4
_ORIGIN: Final = r"minhchung/\s*log/\s*([0-9a-f]{16})"
_BETWEEN: Final = r"(?:\s*·\s*|\s+)"
_PRINTED: Final = re.compile(
    _ORIGIN + _BETWEEN + "([0-9]{1,15})" + _BETWEEN + r"((?:[A-Z2-7]\s*){51}[A-Z2-7])(?![A-Z2-7])"
)
_SIGNED: Final = re.compile(
    r"^minhchung/log/([0-9a-f]{16})\r?\n([0-9]{1,15})\r?\n([A-Za-z0-9+/]{43}=)\r?$", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A head as printed: unsigned, worth what the paper is worth."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Anchor:
        """Return the printed form of a checkpoint."""
        return cls(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root)

    @classmethod
    def read_signed(cls, note: bytes) -> Anchor | None:
        """Return what a signed checkpoint says, signatures left aside; None where it is none."""
        text = note.decode("utf-8", "replace").partition("\n\n")[0]
        found = read_anchors(text)
        return found[0] if len(found) == 1 else None

    def groups(self) -> str:
        """Return the root in groups of four letters."""
        letters = base64.b32encode(self.root).decode().rstrip("=")
        return " ".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))

    def line(self) -> str:
        """Return what is printed, and what the QR code holds."""
        return f"{self.origin} · {self.size} · {self.groups()}"


def last_anchor(files: LogFiles) -> Anchor | None:
    """Return the last signed head, None for a log without one; raises LogError."""
    checkpoint = files.read_checkpoint()
    return Anchor.of(checkpoint) if checkpoint is not None else None


def read_anchors(text: str) -> tuple[Anchor, ...]:
    """Return every head printed in a text, and every one of a signed checkpoint in it; each once."""
    found: dict[Anchor, None] = {}
    for origin, size, letters in _PRINTED.findall(text):
        packed = "".join(letters.split())
        found[
            Anchor(origin=f"minhchung/log/{origin}", size=int(size), root=base64.b32decode(packed + "===="))
        ] = None
    for origin, size, root in _SIGNED.findall(text):
        raw = base64.b64decode(root)
        if len(raw) == ROOT_BYTES:
            found[Anchor(origin=f"minhchung/log/{origin}", size=int(size), root=raw)] = None
    return tuple(found)


def roots_at(files: LogFiles, sizes: Iterable[int]) -> dict[int, bytes]:
    """Return the log's root at each of these sizes that it has reached; one pass, flat memory."""
    wanted = set(sizes)
    roots = {0: EMPTY_ROOT} if 0 in wanted else {}
    frontier, last = Frontier(), max(wanted, default=0)
    for entry in files.lines(files.entries):
        if frontier.size >= last:
            break
        frontier.append(leaf_hash(entry))
        if frontier.size in wanted:
            roots[frontier.size] = frontier.root()
    return roots


def compare(files: LogFiles, anchors: Iterable[Anchor]) -> Iterator[tuple[Anchor, Verdict]]:
    """Yield what the log says to each printed head; raises LogError where the log has no sound head."""
    head, anchors = files.read_checkpoint(), tuple(anchors)
    if head is None:
        raise LogError(f"{files.checkpoint}: there is no signed head to compare with; restore it")
    roots = roots_at(files, [head.size, *(anchor.size for anchor in anchors)])
    if roots.get(head.size) != head.root:
        raise LogError(f"{files.entries}: is not what was signed; run `minhchung check`")
    for anchor in anchors:
        if anchor.origin != head.origin:
            yield anchor, "foreign"
        elif anchor.size > head.size:
            yield anchor, "ahead"
        else:
            yield anchor, "equal" if roots[anchor.size] == anchor.root else "forked"
