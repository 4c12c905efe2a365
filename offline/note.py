"""The signed head of the log (C2SP checkpoint) and inclusion in its tree (RFC 9162), verified by hand."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from offline.ed25519 import KEY_BYTES, SIGNATURE_BYTES, verify

ED25519: Final = b"\x01"
KEY_ID_BYTES: Final = 4


class NoteError(ValueError):
    """A key or a checkpoint that is none, or does not fit the other."""


@dataclass(frozen=True, slots=True)
class Key:
    """A log's public key, as `log/key` of a home holds it."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """Return the four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class Head:
    """How long the log was, and its root."""

    origin: str
    size: int
    root: bytes


def read_key(text: str) -> Key:
    """Return the key of a line `name+id+key`; raises NoteError."""
    name, _, rest = text.strip().partition("+")
    said, _, coded = rest.partition("+")
    try:
        raw = base64.b64decode(coded, validate=True)
    except binascii.Error as error:
        raise NoteError(f"the key's base64 cannot be read ({error})") from error
    key = Key(name, raw[1:])
    if not name or raw[:1] != ED25519 or len(key.raw) != KEY_BYTES or key.id.hex() != said:
        raise NoteError("no public key of a log: a line name+id+key is wanted, as in log/key of the home")
    return key


def read_checkpoint(signed: bytes, key: Key) -> Head:
    """Return the head that a checkpoint signs; raises NoteError unless the key made its signature."""
    try:
        text, blank, tail = signed.decode().partition("\n\n")
        origin, size, root = text.split("\n")
        head = Head(origin, int(size), base64.b64decode(root, validate=True))
        lines = tail.splitlines()
    except ValueError as error:
        raise NoteError(f"the checkpoint cannot be read ({error})") from error
    if not blank or len(head.root) != sha256().digest_size or str(head.size) != size or head.size < 0:
        raise NoteError("the checkpoint is not of the form that is signed")
    if origin != key.name:
        raise NoteError(f"the checkpoint is of the log {origin!r}, the key of {key.name!r}")
    if not any(_signed(line, text.encode() + b"\n", key) for line in lines):
        raise NoteError("the checkpoint does not bear a signature of this key")
    return head


def _signed(line: str, text: bytes, key: Key) -> bool:
    words = line.split(" ")
    if len(words) != 3 or words[:2] != ["—", key.name]:
        return False
    try:
        said = base64.b64decode(words[2], validate=True)
    except binascii.Error:
        return False
    named, signature = said[:KEY_ID_BYTES], said[KEY_ID_BYTES:]
    return named == key.id and len(signature) == SIGNATURE_BYTES and verify(key.raw, text, signature)


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a log entry."""
    return sha256(b"\x00" + entry).digest()


def prefixes(old: Head, head: Head, proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows an older head to be a prefix of the head (RFC 9162, 2.1.4.2)."""
    if old.size == head.size:
        return not proof and old.root == head.root
    if not 0 < old.size < head.size or not proof:
        return False
    path = list(proof) if old.size & (old.size - 1) else [old.root, *proof]
    node, last = old.size - 1, head.size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = _node(sibling, first), _node(sibling, second)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            second = _node(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old.root and second == head.root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def included(leaf: bytes, index: int, proof: Sequence[bytes], head: Head) -> bool:
    """Say whether a proof shows this leaf hash at this index under the head (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < head.size:
        return False
    node, last, computed = index, head.size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            computed = _node(sibling, computed)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            computed = _node(computed, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and computed == head.root
