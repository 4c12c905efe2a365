"""A second home cosigns what continues, and nothing else: forks, rollbacks and strangers are reported."""

import base64
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from minhchung.errors import LogError, UsageError
from storage.backup import back_up, restore
from storage.check import check
from storage.cosigning import Cosigner, load_cosigner, read_cosigned
from storage.home import Home
from storage.log import LogFiles
from storage.rekeying import rotate
from storage.store import Store
from storage.witness import Followed, fetch_log, follow, heads, log_at
from tests.storage.conftest import Captures, CountedIds, TurnedClock

NOTE = (
    "minhchung/log/0123456789abcdef\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— x AAAA\n".encode()
)


@pytest.fixture
def second(tmp_path: Path) -> Home:
    """The witness's home."""
    return Home(tmp_path / "second")


Grow = Callable[[Home, str], None]
IDS = CountedIds()


@pytest.fixture
def grow(clock: TurnedClock, captures: Captures, mine: Callable[..., dict[str, Any]]) -> Grow:
    """Add a record to a home."""

    def add(home: Home, path: str) -> None:
        with Store(home, clock, IDS, writer=True) as store:
            store.exchange(captures.exchange(path), **mine(store.begin_run("test")))
            store.commit()

    return add


def look(second: Home, home: Home, clock: TurnedClock) -> Followed:
    return follow(second, log_at(home.path), "a source", clock.now)


def test_a_cosignature_has_the_form_of_the_specification() -> None:
    """C2SP tlog-cosignature: key id with 0x04, eight bytes of time, Ed25519 over time and note text."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    cosigner, at = Cosigner(private), datetime(2021, 10, 4, 1, tzinfo=UTC)

    cosigned = cosigner.cosign(NOTE, at)

    assert cosigned.startswith(NOTE)
    _, name, word = cosigned.removeprefix(NOTE).decode().strip().split(" ")
    raw = base64.b64decode(word)
    public = private.public_key().public_bytes_raw()
    assert name == cosigner.public.name
    assert raw[:4] == sha256(name.encode() + b"\n\x04" + public).digest()[:4]
    assert int.from_bytes(raw[4:12], "big") == int(at.timestamp())
    said = f"cosignature/v1\ntime {int(at.timestamp())}\n".encode() + NOTE.partition(b"\n\n")[0] + b"\n"
    Ed25519PublicKey.from_public_bytes(public).verify(raw[12:], said)
    assert read_cosigned(cosigned, cosigner.public) == (NOTE, at)


@pytest.mark.fault
def test_no_bit_of_what_was_cosigned_can_be_flipped_unseen() -> None:
    """The note's text and our own line; the signatures between are the log's business."""
    cosigner = Cosigner(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    cosigned = cosigner.cosign(NOTE, datetime(2021, 10, 4, tzinfo=UTC))
    body = len(NOTE.partition(b"\n\n")[0]) + 2
    for position in [*range(body), *range(len(NOTE), len(cosigned))]:
        for bit in range(8):
            flipped = bytearray(cosigned)
            flipped[position] ^= 1 << bit
            with pytest.raises(LogError):
                read_cosigned(bytes(flipped), cosigner.public)


def test_each_head_that_continues_the_last_is_cosigned(
    home: Home, second: Home, grow: Grow, clock: TurnedClock
) -> None:
    """First, then the same, then longer ones; a rotation of the log's key is followed."""
    grow(home, "/1")
    verdicts = [look(second, home, clock).verdict for _ in range(2)]
    grow(home, "/2")
    rotate(home, clock.now, lambda: Store(home, clock, IDS, writer=True))
    found = look(second, home, clock)

    assert [*verdicts, found.verdict] == ["first", "same", "continues"]
    assert found.before is not None
    assert (found.before.size, found.head.size) == (2, 6)
    key = load_cosigner(second.keys / "witness.key").public
    signed, _ = read_cosigned(found.kept.read_bytes(), key)
    assert signed == LogFiles(home.log).checkpoint.read_bytes()
    assert [(head, source) for head, _, source in heads(second)] == [(found.head, "a source")]
    assert (second.keys / "witness.key").stat().st_mode & 0o777 == 0o600
    assert [f.code for f in check(home) if f.severity == "fault"] == []


def test_a_fork_is_reported_with_both_heads_and_not_cosigned(
    home: Home, second: Home, grow: Grow, clock: TurnedClock, tmp_path: Path
) -> None:
    """Two histories under one key: whoever holds the key can make them, nobody can hide them."""
    grow(home, "/1")
    other = Home(tmp_path / "other")
    shutil.copytree(home.path, other.path)
    grow(home, "/2")
    look(second, home, clock)
    grow(other, "/3")
    grow(other, "/4")

    found = look(second, other, clock)

    assert found.verdict == "forked"
    assert found.before is not None
    assert (found.before.size, found.head.size) == (4, 6)
    kept = found.kept.read_bytes()
    assert LogFiles(other.log).checkpoint.read_bytes() in kept
    assert LogFiles(home.log).checkpoint.read_bytes() in kept
    assert [path.name for path in found.kept.parent.glob("*.cosigned")] == ["4.cosigned"]
    grow(home, "/5")
    assert look(second, home, clock).verdict == "continues"


def test_two_heads_of_one_size_are_a_fork(
    home: Home, second: Home, grow: Grow, clock: TurnedClock, tmp_path: Path
) -> None:
    """Equal sizes, different roots."""
    grow(home, "/1")
    other = Home(tmp_path / "other")
    shutil.copytree(home.path, other.path)
    grow(home, "/2")
    look(second, home, clock)
    grow(other, "/3")

    assert look(second, other, clock).verdict == "forked"


def test_a_log_that_was_rolled_back_is_reported(
    home: Home, second: Home, grow: Grow, clock: TurnedClock, tmp_path: Path
) -> None:
    """An older copy put in place of the log is no fork yet, but records are gone."""
    grow(home, "/1")
    older = Home(tmp_path / "older")
    shutil.copytree(home.path, older.path)
    grow(home, "/2")
    look(second, home, clock)

    assert look(second, older, clock).verdict == "rolled-back"


def test_a_log_begun_anew_at_the_same_place_is_reported(
    home: Home, second: Home, grow: Grow, clock: TurnedClock
) -> None:
    """A new key makes a new name: the witness remembers whom it followed there."""
    grow(home, "/1")
    look(second, home, clock)
    shutil.rmtree(home.path)
    grow(home, "/1")

    found = look(second, home, clock)

    assert found.verdict == "another-log"
    assert found.before is not None
    assert found.before.origin != found.head.origin
    assert look(second, home, clock).verdict == "another-log"


def test_a_log_that_is_not_what_it_signs_is_not_cosigned(
    home: Home, second: Home, grow: Grow, clock: TurnedClock
) -> None:
    """Entries altered under a checkpoint that stays."""
    grow(home, "/1")
    entries = LogFiles(home.log).entries
    entries.write_bytes(entries.read_bytes().replace(b"/1", b"/9"))

    with pytest.raises(LogError, match="nothing was cosigned"):
        look(second, home, clock)
    with pytest.raises(UsageError, match="no signed log"):
        log_at(second.path)


class Folder:
    """Keeps `minhchung.ports.Get` over a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, url: str) -> bytes | None:
        """Return a file, None where it is not there."""
        path = self._folder / url.removeprefix("https://log.example/")
        return path.read_bytes() if path.is_file() else None


def test_a_published_log_is_followed_like_one_on_the_disk(
    home: Home, second: Home, grow: Grow, clock: TurnedClock, tmp_path: Path
) -> None:
    """The log folder, served as files: key, rotations, checkpoint, entries."""
    grow(home, "/1")
    rotate(home, clock.now, lambda: Store(home, clock, IDS, writer=True))
    (tmp_path / "copy").mkdir()

    files = fetch_log("https://log.example/", Folder(home.log), tmp_path / "copy")
    found = follow(second, files, "https://log.example/", clock.now)

    assert (found.verdict, found.head.size) == ("first", 4)


def test_what_was_cosigned_goes_with_the_backup_and_a_fork_is_still_seen(
    home: Home, second: Home, clock: TurnedClock, grow: Grow, tmp_path: Path
) -> None:
    """A witness that was restored knows the last head of each log: one that forgot would cosign a fork."""
    grow(second, "/own")
    grow(home, "/1")
    before = tmp_path / "before"
    shutil.copytree(home.path, before)
    grow(home, "/a")
    look(second, home, clock)
    copy, keys, again = tmp_path / "copy", tmp_path / "safe", Home(tmp_path / "again")
    back_up(second, copy, keys)
    restore(copy, again, keys)
    forked = Home(before)
    grow(forked, "/b")

    assert list(heads(again)) == list(heads(second))
    assert look(again, forked, clock).verdict == "forked"

    back_up(again, copy, keys)
    assert [path.name for path in (copy / "witness").glob("*/fork-*")]

    grow(home, "/c")
    look(second, home, clock)
    back_up(second, copy, keys)
    with pytest.raises(LogError, match="is older than"):
        back_up(again, copy, keys)
