"""The log's keys: the old one signs the new one, and no head that contradicts the last is signed."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from minhchung.errors import LogError, UsageError
from storage.check import check
from storage.checkpoint import PublicKey, read_checkpoint, read_private
from storage.home import Home
from storage.log import LogFiles
from storage.rekeying import rotate
from storage.rotation import keys_of, read_rotation, read_rotations, read_signed
from tests.storage.conftest import Captures, OpenStore, TurnedClock


@pytest.fixture
def filled(
    home: Home, open_store: OpenStore, captures: Captures, mine: Callable[..., dict[str, Any]]
) -> Home:
    """A home with a few records."""
    store = open_store()
    run = store.begin_run("test")
    for number in range(5):
        store.exchange(captures.exchange(f"/{number}"), **mine(run))
    store.close()
    return home


def faults(home: Home) -> list[str]:
    return [found.code for found in check(home) if found.severity == "fault"]


def test_a_rotation_is_signed_by_both_keys_and_stands_in_the_log(
    filled: Home, open_store: OpenStore, clock: TurnedClock
) -> None:
    """docs/reference/archive.md, "Keys"; C2SP signed notes."""
    files = LogFiles(filled.log)
    first, signed = files.public_key(), files.checkpoint.read_bytes()

    rotation = rotate(filled, clock.now, open_store)

    assert (rotation.old, rotation.new) == (first, files.public_key())
    assert keys_of(files) == (first, rotation.new)
    assert rotation.new.name == first.name
    assert rotation.new.key_id != first.key_id
    leaves = list(open_store(writer=False).records(kind="key"))
    assert [record.url for record in leaves] == [f"urn:minhchung:key:{rotation.new.key_id.hex()}"]
    assert read_signed(signed, keys_of(files)).size == 6
    assert faults(filled) == []


def test_the_new_private_key_is_for_its_owner_alone_and_the_old_one_is_gone(
    filled: Home, open_store: OpenStore, clock: TurnedClock
) -> None:
    """`key rotate`: 0600 in `<home>/keys`."""
    before = (filled.keys / "log.key").read_bytes()

    rotation = rotate(filled, clock.now, open_store)

    assert [path.name for path in filled.keys.iterdir()] == ["log.key"]
    assert (filled.keys / "log.key").stat().st_mode & 0o777 == 0o600
    assert (filled.keys / "log.key").read_bytes() != before
    assert read_private(filled.keys / "log.key").public == rotation.new


def test_the_log_grows_under_the_new_key_and_can_be_rotated_again(
    filled: Home,
    open_store: OpenStore,
    captures: Captures,
    mine: Callable[..., dict[str, Any]],
    clock: TurnedClock,
) -> None:
    """Every key of the chain verifies what it signed."""
    files = LogFiles(filled.log)
    heads = [files.checkpoint.read_bytes()]
    for _ in range(2):
        rotate(filled, clock.now, open_store)
        store = open_store()
        store.exchange(captures.exchange("/next"), **mine(store.begin_run("next")))
        store.close()
        heads.append(files.checkpoint.read_bytes())

    keys = keys_of(files)

    assert len(keys) == 3
    assert [read_checkpoint(head, key).size for head, key in zip(heads, keys, strict=True)] == [6, 10, 14]
    assert faults(filled) == []


@pytest.mark.parametrize("step", ["note", "leaf", "checkpoint", "key"])
def test_a_rotation_that_was_cut_off_is_ended_by_the_next(
    step: str, filled: Home, open_store: OpenStore, clock: TurnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was on the disk last, the log can be written to, and one new key comes out of it."""
    import storage.rekeying
    import storage.rotation
    from storage.disk import write_whole

    class Cut(BaseException):
        """The power is gone."""

    def cut(*_: object, **__: object) -> None:
        raise Cut

    def cut_at(name: str) -> Callable[..., None]:
        def write(path: Path, content: bytes) -> None:
            if path.name == name:
                raise Cut
            write_whole(path, content)

        return write

    with monkeypatch.context() as patch:
        if step == "note":
            patch.setattr(storage.rekeying, "_seal", cut)
        elif step == "leaf":
            patch.setattr(storage.rekeying, "write_whole", cut_at("checkpoint"))
        elif step == "checkpoint":
            patch.setattr(storage.rotation, "write_whole", cut_at("key"))
        else:
            patch.setattr(
                Path, "replace", lambda self, to: cut() if self.suffix == ".next" else self.rename(to)
            )
        with pytest.raises(Cut):
            rotate(filled, clock.now, open_store)
    announced = read_rotations(LogFiles(filled.log))[-1]
    open_store().close()
    in_force = step in ("checkpoint", "key")

    assert LogFiles(filled.log).public_key() == (announced.new if in_force else announced.old)
    assert faults(filled) == []
    rotate(filled, clock.now, open_store)
    assert len(read_rotations(LogFiles(filled.log))) == (2 if in_force else 1)
    assert faults(filled) == []


@pytest.mark.fault
def test_no_bit_of_a_rotation_can_be_flipped_unseen(
    filled: Home, open_store: OpenStore, clock: TurnedClock
) -> None:
    """Both signatures cover all of it, and what cannot be written again identically was touched."""
    rotate(filled, clock.now, open_store)
    place = filled.log / "rotation" / "0001"
    signed = place.read_bytes()
    for position in range(len(signed)):
        flipped = bytearray(signed)
        flipped[position] ^= 1 << position % 8
        with pytest.raises(LogError):
            read_rotation(bytes(flipped))
    place.write_bytes(signed[:-2] + b"A\n")
    assert "rotation" in faults(filled)


def test_a_key_that_no_rotation_brought_in_is_refused(
    filled: Home, open_store: OpenStore, clock: TurnedClock
) -> None:
    """The name of the log is the digest of its first key."""
    rotate(filled, clock.now, open_store)
    (filled.log / "rotation" / "0001").unlink()

    assert "rotation" in faults(filled)
    with pytest.raises(LogError, match="the log began with"):
        keys_of(LogFiles(filled.log))


def test_a_rewritten_log_gets_no_signature(filled: Home, open_store: OpenStore) -> None:
    """A writer signs only what continues the last checkpoint."""
    files = LogFiles(filled.log)
    signed = files.checkpoint.read_bytes()
    files.entries.write_bytes(files.entries.read_bytes().replace(b"/3", b"/9"))

    with pytest.raises(LogError):
        open_store()

    assert files.checkpoint.read_bytes() == signed


def test_a_shortened_log_gets_no_signature_even_with_its_own_old_checkpoint(
    filled: Home, open_store: OpenStore, captures: Captures, mine: Callable[..., dict[str, Any]]
) -> None:
    """An older log put in place: the catalogue remembers more."""
    files = LogFiles(filled.log)
    old = {path: path.read_bytes() for path in (files.entries, files.index, files.checkpoint)}
    store = open_store()
    store.exchange(captures.exchange("/later"), **mine(store.begin_run("later")))
    store.close()
    for path, content in old.items():
        path.write_bytes(content)

    with pytest.raises(LogError):
        open_store()

    assert files.checkpoint.read_bytes() == old[files.checkpoint]


def test_a_rewritten_log_gets_no_new_key(filled: Home, open_store: OpenStore, clock: TurnedClock) -> None:
    """A rotation is no way round the last checkpoint."""
    files = LogFiles(filled.log)
    files.entries.write_bytes(files.entries.read_bytes().replace(b"/3", b"/9"))
    before = (files.key.read_bytes(), files.checkpoint.read_bytes())

    with pytest.raises(LogError):
        rotate(filled, clock.now, open_store)

    assert (files.key.read_bytes(), files.checkpoint.read_bytes()) == before


def test_a_home_without_its_private_key_cannot_be_rotated(
    filled: Home, open_store: OpenStore, clock: TurnedClock
) -> None:
    """A copy that was handed out stays as it is."""
    (filled.keys / "log.key").unlink()

    with pytest.raises(UsageError, match="no private key to rotate"):
        rotate(filled, clock.now, open_store)


def test_the_public_key_is_a_note_verifier_key(filled: Home) -> None:
    """C2SP signed-note: name+hash+base64(0x01 and 32 bytes)."""
    line = (filled.log / "key").read_text("utf-8")
    name, key_id, key = line.strip().split("+", 2)

    assert PublicKey.read(line).name == name
    assert bytes.fromhex(key_id) == PublicKey.read(line).key_id
    assert base64.b64decode(key)[:1] == b"\x01"
    assert len(base64.b64decode(key)) == 33
