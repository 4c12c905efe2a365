"""Changing the log's key: the old key signs the new one, the log keeps that, and the name of the log stays.

Steps, each on the disk before the next: the new private key beside the old one, the signed note in
`log/rotation/`, its leaf under the old key, the last checkpoint signed again by the new key, `log/key`, the
private key. Up to the leaf nothing has changed; from the checkpoint on the next writer ends what was begun.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from minhchung.errors import LogError
from storage.checkpoint import Checkpoint, PublicKey, Signer, log_name, read_checkpoint, read_private
from storage.disk import write_whole
from storage.faults import Fault, fault
from storage.home import Home
from storage.log import LogFiles

HEADER: Final = "minhchung/key-rotation@v1"
KIND: Final = "key"
"""Kind of the leaf that keeps a rotation."""

_NUMBER: Final = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """One change of key: the note that both keys signed."""

    number: int
    """From 1."""

    at: str
    """A stamp: when it was announced, by our clock."""

    old: PublicKey
    new: PublicKey

    def text(self) -> str:
        """Return the note's text: header, origin, number, instant, old key, new key."""
        return f"{HEADER}\n{self.old.name}\n{self.number}\n{self.at}\n{self.old.text()}{self.new.text()}"


def write_rotation(rotation: Rotation, old: bytes, new: bytes) -> bytes:
    """Return the note with the signatures of the old and of the new key."""
    lines = [
        f"— {key.name} {base64.b64encode(key.key_id + signature).decode()}\n"
        for key, signature in ((rotation.old, old), (rotation.new, new))
    ]
    return f"{rotation.text()}\n{''.join(lines)}".encode()


def read_rotation(signed: bytes) -> Rotation:
    """Return the rotation of a note; raises LogError unless both keys signed exactly these bytes."""
    damaged = LogError("a rotation of the log's key does not bear both signatures; restore log/rotation")
    try:
        text, _, tail = signed.decode().partition("\n\n")
        _, _, number, at, old, new = text.split("\n")
        rotation = Rotation(
            number=int(number), at=at, old=PublicKey.read(old + "\n"), new=PublicKey.read(new + "\n")
        )
        signatures = [base64.b64decode(line.split(" ")[2], validate=True)[4:] for line in tail.splitlines()]
        if len(signatures) != 2 or write_rotation(rotation, *signatures) != signed:
            raise damaged
        for key, signature in zip((rotation.old, rotation.new), signatures, strict=True):
            Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, rotation.text().encode())
    except (ValueError, IndexError, InvalidSignature) as exc:
        raise damaged from exc
    if rotation.old.name != rotation.new.name or rotation.old.raw == rotation.new.raw:
        raise damaged
    return rotation


def place_of(files: LogFiles, number: int) -> Path:
    """Return where the note of a rotation lies."""
    return files.folder / "rotation" / f"{number:04}"


def is_rotation(files: LogFiles, path: Path) -> bool:
    """Say whether a file of the log's folder bears the name of a rotation."""
    return path.parent == files.folder / "rotation" and bool(_NUMBER.fullmatch(path.name))


def read_rotations(files: LogFiles) -> tuple[Rotation, ...]:
    """Return every rotation, oldest first; raises LogError where one does not follow on the one before."""
    found: list[Rotation] = []
    paths = sorted(path for path in (files.folder / "rotation").glob("*") if is_rotation(files, path))
    for number, path in enumerate(paths, start=1):
        rotation = read_rotation(path.read_bytes())
        follows = not found or rotation.old == found[-1].new
        if not follows or rotation.number != number or path != place_of(files, number):
            raise LogError(f"{path}: does not follow on the rotation before it; restore log/rotation")
        found.append(rotation)
    return tuple(found)


def keys_of(files: LogFiles) -> tuple[PublicKey, ...]:
    """Return every key the log has had, the one in force last; raises LogError where the chain is broken."""
    current, rotations = files.public_key(), read_rotations(files)
    if rotations and rotations[-1].old == current:
        rotations = rotations[:-1]  # announced, not in force yet
    keys = (*(rotation.old for rotation in rotations), current)
    if rotations and rotations[-1].new != current:
        raise LogError(f"{files.key}: is not the key that the last rotation names; restore log/rotation")
    if log_name(keys[0].raw) != keys[0].name:
        raise LogError(f"{files.key}: is not the key the log began with; restore log/rotation")
    return keys


def read_signed(signed: bytes, keys: tuple[PublicKey, ...]) -> Checkpoint:
    """Return the checkpoint of a note that any of the log's keys signed; raises LogError."""
    for key in reversed(keys[1:]):
        try:
            return read_checkpoint(signed, key)
        except LogError:
            continue  # signed before that key was in force
    return read_checkpoint(signed, keys[0])


def next_key(home: Home) -> Path:
    """Return where the private key lies that was announced and is not in force yet."""
    return home.keys / "log.key.next"


def finish_rotation(home: Home) -> None:
    """End a rotation whose new key has signed already; the caller holds the writer's lock."""
    files, fresh = LogFiles(home.log), next_key(home)
    if not fresh.exists():
        return
    new: Signer = read_private(fresh)
    try:
        read_checkpoint(files.checkpoint.read_bytes(), new.public)
    except (LogError, FileNotFoundError):
        return  # it has not signed yet: `key rotate` goes on from there
    write_whole(files.key, new.public.text().encode())
    fresh.replace(home.keys / "log.key")


def check_rotations(home: Home, leaves: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what is wrong with the chain of keys: each signed by the one before, and each in the log.

    `leaves` are the log's rotations: SHA-256 (hex) -> address.
    """
    files, sealed = LogFiles(home.log), dict(leaves)
    if not sealed and not (files.folder / "rotation").exists():
        return
    try:
        current, keys = files.public_key(), keys_of(files)
        rotations = read_rotations(files)
    except LogError as exc:
        yield fault("rotation", files.folder / "rotation", str(exc))
        return
    for rotation in rotations:
        place = place_of(files, rotation.number)
        if sealed.pop(sha256(place.read_bytes()).hexdigest(), None) is None and rotation.old != current:
            yield fault("rotation", place, "leaf")
    for url in sealed.values():
        yield fault("rotation", files.folder / "rotation", url)
    if rotations and keys[-1] != current:
        yield fault("rotation", files.key)
