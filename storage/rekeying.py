"""`key rotate`: the acts of a change of key, each of which may be the last one before a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Final

from minhchung.agencies import PROVINCE
from minhchung.errors import LogError, UsageError
from storage.checkpoint import make_private, read_private
from storage.disk import refusals, write_whole
from storage.home import Home, WriterLock
from storage.leaf import stamp
from storage.log import LogFiles
from storage.rotation import (
    KIND,
    Rotation,
    finish_rotation,
    next_key,
    place_of,
    read_rotation,
    read_rotations,
    write_rotation,
)
from storage.store import ACTS, Store

CONTENT_TYPE: Final = "text/plain; charset=utf-8"
"""A signed note is text."""


def rotate(home: Home, now: Callable[[], datetime], open_store: Callable[[], Store]) -> Rotation:
    """Change the log's key; ends a change that was begun. Raises UsageError, LogError, StorageError."""
    home.require()
    files = LogFiles(home.log)
    with refusals(home.path):
        lock = WriterLock(home)
        try:
            signed = _announce(home, files, now)
        finally:
            lock.release()
    rotation = read_rotation(signed)
    store = open_store()
    try:
        _seal(store, rotation, signed)
    finally:
        store.close()
    with refusals(home.path):
        lock = WriterLock(home)
        try:
            head = files.read_checkpoint()
            if head is None:
                raise LogError(f"{files.checkpoint}: is gone; run `minhchung check`")
            fresh = read_private(next_key(home)).sign(size=head.size, root=head.root)
            write_whole(files.checkpoint, fresh)
            finish_rotation(home)
        finally:
            lock.release()
    return rotation


def _announce(home: Home, files: LogFiles, now: Callable[[], datetime]) -> bytes:
    """Return the signed note of the next rotation, made now or before a crash."""
    finish_rotation(home)
    if not (home.keys / "log.key").exists():
        raise UsageError(f"{home.keys / 'log.key'}: this home has no private key to rotate")
    old, rotations = read_private(home.keys / "log.key"), read_rotations(files)
    if files.public_key() != old.public:
        raise LogError(f"{files.key}: does not belong to log.key; run `minhchung check`")
    number = len(rotations) + 1
    if rotations and rotations[-1].old == old.public:
        if not next_key(home).exists() or read_private(next_key(home)).public != rotations[-1].new:
            raise LogError(f"{next_key(home)}: the key that was announced is gone; restore it from a backup")
        return place_of(files, number - 1).read_bytes()
    next_key(home).unlink(missing_ok=True)
    new = make_private(next_key(home), old.public.name)
    rotation = Rotation(number=number, at=stamp(now()), old=old.public, new=new.public)
    signed = write_rotation(rotation, old.sign_text(rotation.text()), new.sign_text(rotation.text()))
    place_of(files, number).parent.mkdir(exist_ok=True)
    write_whole(place_of(files, number), signed)
    return signed


def _seal(store: Store, rotation: Rotation, signed: bytes) -> None:
    digest = sha256(signed).hexdigest()
    if any(record.body_sha256 == digest for record in store.records(kind=KIND)):
        return
    store.resource(
        signed,
        url=f"urn:minhchung:key:{rotation.new.key_id.hex()}",
        content_type=CONTENT_TYPE,
        agency=PROVINCE,
        source=ACTS,
        run=store.begin_run("key rotation"),
        kind=KIND,
        captured_at=datetime.fromisoformat(rotation.at),
    )
    store.commit()
