"""One result that can be checked alone: C2SP `tlog-proof@v1`, and proofs that one head continues another.

Reading and judging a proof needs the standard library and one callable that opens a signed checkpoint.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Final, Protocol

from minhchung.errors import LogError, UsageError
from storage.log import LogFiles
from storage.merkle import consistency_proof, consistent, included, inclusion_proof, leaf_hash, root_of

HEADER: Final = "c2sp.org/tlog-proof@v1"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}")


class Head(Protocol):
    """What an opened checkpoint says."""

    @property
    def size(self) -> int:
        """Number of leaves."""
        ...

    @property
    def root(self) -> bytes:
        """Root over them, 32 bytes."""
        ...


Opener = Callable[[bytes], Head]
"""Opens a signed checkpoint; raises LogError where no signature that it trusts is on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The proof of one leaf, with the leaf itself as its extra data."""

    index: int
    entry: bytes
    """The line of the log, without its end."""

    path: tuple[bytes, ...]
    """Lowest sibling first."""

    checkpoint: bytes
    """The signed note, as it lies in `log/checkpoint`; cosignatures may follow."""

    def text(self) -> bytes:
        """Return the proof file."""
        lines = [HEADER, f"extra {_base64(self.entry)}", f"index {self.index}", *map(_base64, self.path)]
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint

    @classmethod
    def read(cls, content: bytes) -> Proof:
        """Return the proof of a file; raises LogError unless it is exactly what `text` writes."""
        head, _, checkpoint = content.partition(b"\n\n")
        try:
            _, extra, index, *path = head.decode("ascii").split("\n")
            number = index.removeprefix("index ")
            if not _NUMBER.fullmatch(number):
                raise LogError("this is no proof: its index is no number")
            proof = cls(
                index=int(number),
                entry=base64.b64decode(extra.removeprefix("extra "), validate=True),
                path=tuple(base64.b64decode(line, validate=True) for line in path),
                checkpoint=checkpoint,
            )
        except (ValueError, binascii.Error) as exc:
            raise LogError(f"this is no proof of the form {HEADER} with its leaf inside ({exc})") from exc
        if proof.text() != content or any(len(node) != sha256().digest_size for node in proof.path):
            raise LogError(f"this is no proof of the form {HEADER}, or it was altered")
        return proof


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def proven(content: bytes, opener: Opener) -> Proof:
    """Return the proof of a file once its leaf stands under its checkpoint; raises LogError."""
    proof = Proof.read(content)
    head = opener(proof.checkpoint)
    if not included(leaf_hash(proof.entry), proof.index, proof.path, size=head.size, root=head.root):
        raise LogError(f"leaf {proof.index} does not stand under the proof's checkpoint; the proof is forged")
    return proof


def leaf_hashes(files: LogFiles, size: int) -> list[bytes]:
    """Return the hashes of the first `size` leaves; raises LogError where the log has fewer."""
    hashes = [leaf_hash(entry) for entry in islice(files.lines(files.entries), size)]
    if len(hashes) < size:
        raise LogError(f"{files.entries}: has {len(hashes)} leaves, not {size}; run `minhchung check`")
    return hashes


def prove(files: LogFiles, index: int) -> Proof:
    """Return the proof of a leaf under the last signed checkpoint; raises LogError, UsageError."""
    signed, head = _read_head(files)
    if not 0 <= index < head.size:
        raise UsageError(f"leaf {index} is under no signed checkpoint yet; the log has {head.size} leaves")
    hashes = leaf_hashes(files, head.size)
    if root_of(hashes) != head.root:
        raise LogError(f"{files.entries}: is not what was signed; run `minhchung check`")
    entry = next(islice(files.lines(files.entries), index, None))
    path = tuple(inclusion_proof(index, hashes))
    return Proof(index=index, entry=entry, path=path, checkpoint=signed)


def _read_head(files: LogFiles) -> tuple[bytes, Head]:
    head = files.read_checkpoint()
    if head is None:
        raise UsageError(f"{files.folder}: the log has no signed checkpoint yet; collect first")
    return files.checkpoint.read_bytes(), head


def prove_consistency(files: LogFiles, old: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that the first `old` leaves are a prefix of the first `size` (RFC 9162, 2.1.4)."""
    if not 0 < old <= size:
        raise UsageError(f"there is no proof from {old} to {size} leaves; the older head comes first")
    return tuple(consistency_proof(old, leaf_hashes(files, size)))


def continues(old: Head, new: Head, proof: tuple[bytes, ...]) -> bool:
    """Say whether a proof shows that the new head's log begins with the old head's."""
    return consistent(old.size, old.root, new.size, new.root, proof)
