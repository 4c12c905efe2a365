"""RFC 3161 tokens from a real local authority: what holds, what does not, and when that is decided."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rfc3161_client import decode_timestamp_response

from minhchung.errors import UnreachableError
from storage import timestamps
from storage.check import check
from storage.home import Home
from storage.log import LogFiles
from storage.stamping import StampError, judge, nonce_of, request
from storage.store import Store
from storage.tokens import check_timestamps
from tests.storage.authority import Authority, PlainPost, serving
from tests.storage.conftest import Captures, OpenStore, TurnedClock

pytestmark = pytest.mark.archive
"""A local authority is openssl's own."""

DATA = b"minhchung/log/test\n3\nAAEC\n"


@pytest.fixture
def filled(
    home: Home, open_store: OpenStore, captures: Captures, mine: Callable[..., dict[str, Any]]
) -> Home:
    """A home with a few records."""
    store = open_store()
    run = store.begin_run("test")
    for number in range(3):
        store.exchange(captures.exchange(f"/{number}"), **mine(run))
    store.close()
    return home


def faults(home: Home) -> list[str]:
    return [found.code for found in check(home) if found.severity == "fault"]


# --- one token -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("chain", [False, True], ids=["sorted", "unsorted-set"])
def test_a_valid_token_holds(chain: bool, tmp_path: Path) -> None:
    """Both readers find the same instant; a certificate set out of DER order goes to openssl."""
    authority, asked = Authority(tmp_path / "tsa", chain=chain), request(DATA)
    reply = authority.reply(asked.body)
    if chain:
        with pytest.raises(ValueError, match="InvalidSetOrdering"):
            decode_timestamp_response(reply)

    stamp = judge(reply, DATA, authority.roots, asked.nonce)

    assert stamp.by == ("openssl" if chain else "rfc3161-client")
    assert abs(datetime.now(UTC) - stamp.at) < timedelta(minutes=1)


@pytest.mark.parametrize("chain", [False, True], ids=["sorted", "unsorted-set"])
def test_a_certificate_that_expired_since_is_judged_at_the_token_s_instant(
    chain: bool, tmp_path: Path
) -> None:
    """RFC 3161: what was sound when it was given stays so."""
    authority = Authority(tmp_path / "tsa", lasts=timedelta(seconds=2), chain=chain)
    reply = authority.reply(request(DATA).body)
    time.sleep(2.2)

    assert judge(reply, DATA, authority.roots).at < datetime.now(UTC) - timedelta(seconds=1)


@pytest.mark.parametrize("chain", [False, True], ids=["sorted", "unsorted-set"])
def test_a_token_of_an_expired_certificate_is_refused(chain: bool, tmp_path: Path) -> None:
    """It had expired when the token was given."""
    authority, asked = Authority(tmp_path / "tsa", lasts=-timedelta(days=1), chain=chain), request(DATA)

    with pytest.raises(StampError, match="does not hold"):
        judge(authority.reply(asked.body), DATA, authority.roots, asked.nonce)


@pytest.mark.parametrize("chain", [False, True], ids=["sorted", "unsorted-set"])
def test_a_token_that_ends_in_no_configured_root_is_refused(chain: bool, tmp_path: Path) -> None:
    """Self-signed, or of an authority that nobody configured."""
    honest = Authority(tmp_path / "honest")
    own = Authority(tmp_path / "own", self_signed=True)
    other = Authority(tmp_path / "other", chain=chain)

    for authority in (own, other):
        with pytest.raises(StampError, match="does not hold"):
            judge(authority.reply(request(DATA).body), DATA, honest.roots)


@pytest.mark.parametrize("chain", [False, True], ids=["sorted", "unsorted-set"])
def test_a_token_over_something_else_is_refused(chain: bool, tmp_path: Path) -> None:
    """Wrong imprint, or an old answer played again."""
    authority, asked = Authority(tmp_path / "tsa", chain=chain), request(DATA)
    reply = authority.reply(asked.body)

    with pytest.raises(StampError, match="does not hold"):
        judge(reply, DATA + b"x", authority.roots, asked.nonce)
    with pytest.raises(StampError, match="Nonce mismatch"):
        judge(reply, DATA, authority.roots, request(DATA).nonce)


@pytest.mark.parametrize("chain", [False, True], ids=["sorted", "unsorted-set"])
def test_a_truncated_token_is_refused(chain: bool, tmp_path: Path) -> None:
    """Cut anywhere, and what was never a token."""
    authority = Authority(tmp_path / "tsa", chain=chain)
    reply = authority.reply(request(DATA).body)

    for cut in (b"", reply[:1], reply[: len(reply) // 2], reply[:-1], b"<html>502</html>", bytes(2_000_000)):
        with pytest.raises(StampError):
            judge(cut, DATA, authority.roots)


def test_a_request_repeats_its_nonce() -> None:
    """The nonce is read from the request that was kept."""
    asked = request(DATA)

    assert nonce_of(asked.body) == asked.nonce
    with pytest.raises(StampError):
        nonce_of(asked.body[:-3])


# --- the log's heads -----------------------------------------------------------------------------------


class Deaf:
    """An authority that cannot be reached."""

    def post(self, url: str, body: bytes, *, content_type: str) -> bytes:
        """Refuse."""
        raise UnreachableError(f"{url}: nobody answers ({len(body)} bytes of {content_type})")


class Once:
    """Answers with the same bytes whatever is asked."""

    def __init__(self, reply: bytes) -> None:
        self._reply = reply

    def post(self, url: str, body: bytes, *, content_type: str) -> bytes:
        """Return the bytes."""
        assert url
        assert body
        assert content_type
        return self._reply


def stamp_all(store: Store, authority: Authority, clock: TurnedClock) -> tuple[timestamps.Token, ...]:
    with serving(authority) as url:
        known = [timestamps.Authority(name="thu", url=url, roots=authority.roots)]
        return timestamps.run(store, known, PlainPost(), clock.now)


def test_a_head_is_stamped_and_the_token_sealed(
    filled: Home, open_store: OpenStore, clock: TurnedClock, tmp_path: Path
) -> None:
    """Token beside its head; a leaf of the log; found sound by `check` and by `timestamp list`."""
    authority, files = Authority(tmp_path / "tsa"), LogFiles(filled.log)
    signed = files.checkpoint.read_bytes()
    store = open_store()

    (token,) = stamp_all(store, authority, clock)
    store.close()

    assert (token.size, token.authority, token.state) == (4, "thu", "stamped")
    assert sorted(path.name for path in (files.folder / "timestamps").iterdir()) == [
        "4-thu.tsr",
        "4.checkpoint",
    ]
    assert (files.folder / "timestamps" / "4.checkpoint").read_bytes() == signed
    assert [r.url for r in open_store(writer=False).records(kind="timestamp")] == [
        "urn:minhchung:timestamp:4:thu"
    ]
    known = [timestamps.Authority(name="thu", url="", roots=authority.roots)]
    assert list(timestamps.tokens(files, known)) == [token]
    assert timestamps.fully_stamped(files)
    assert faults(filled) == []


def test_what_is_stamped_is_not_stamped_again_until_something_was_added(
    filled: Home,
    open_store: OpenStore,
    clock: TurnedClock,
    tmp_path: Path,
    captures: Captures,
    mine: Callable[..., dict[str, Any]],
) -> None:
    """A token is a leaf too: it alone is no reason for another token."""
    authority, store = Authority(tmp_path / "tsa"), open_store()
    stamp_all(store, authority, clock)

    assert stamp_all(store, authority, clock) == ()
    store.exchange(captures.exchange("/new"), **mine(store.begin_run("new")))
    store.commit()
    assert not timestamps.fully_stamped(LogFiles(filled.log))
    assert [token.state for token in stamp_all(store, authority, clock)] == ["stamped"]
    assert authority.answered == 2
    store.close()
    assert faults(filled) == []


def test_without_an_answer_the_request_waits(
    filled: Home, open_store: OpenStore, clock: TurnedClock, tmp_path: Path
) -> None:
    """Queued, shown as queued, and sent again; never silently passed."""
    authority, files, store = Authority(tmp_path / "tsa"), LogFiles(filled.log), open_store()
    known = [timestamps.Authority(name="thu", url="http://127.0.0.1:9/", roots=authority.roots)]

    (first,) = timestamps.run(store, known, Deaf(), clock.now)

    assert (first.state, "nobody answers" in first.detail) == ("queued", True)
    assert [token.state for token in timestamps.tokens(files, known)] == ["queued"]
    assert not timestamps.fully_stamped(files)
    assert faults(filled) == []
    assert [token.state for token in stamp_all(store, authority, clock)] == ["stamped"]
    assert [token.state for token in timestamps.tokens(files, known)] == ["stamped"]


@pytest.mark.parametrize("kind", ["expired", "self-signed", "wrong imprint", "truncated", "replayed"])
def test_a_token_that_does_not_hold_is_not_kept(
    kind: str, filled: Home, open_store: OpenStore, clock: TurnedClock, tmp_path: Path
) -> None:
    """Refused with its reason; the request stays in the queue."""
    honest, store, files = Authority(tmp_path / "honest"), open_store(), LogFiles(filled.log)
    head = files.checkpoint.read_bytes()
    reply = {
        "expired": lambda: Authority(tmp_path / "b", lasts=-timedelta(days=1)).reply(request(head).body),
        "self-signed": lambda: Authority(tmp_path / "b", self_signed=True).reply(request(head).body),
        "wrong imprint": lambda: honest.reply(request(DATA).body),
        "truncated": lambda: honest.reply(request(head).body)[:-40],
        "replayed": lambda: honest.reply(request(head).body),
    }[kind]()
    known = [timestamps.Authority(name="thu", url="http://127.0.0.1:9/", roots=honest.roots)]

    (token,) = timestamps.run(store, known, Once(reply), clock.now)
    store.close()

    assert token.state == "refused"
    assert token.detail
    assert sorted(path.suffix for path in (files.folder / "timestamps").iterdir()) == [".checkpoint", ".tsq"]
    assert faults(filled) == []


def test_a_token_that_was_sealed_but_not_put_in_place_is_put_back(
    filled: Home, open_store: OpenStore, clock: TurnedClock, tmp_path: Path
) -> None:
    """The power went between seal and file."""
    authority, files, store = Authority(tmp_path / "tsa"), LogFiles(filled.log), open_store()
    stamp_all(store, authority, clock)
    place = files.folder / "timestamps" / "4-thu.tsr"
    token = place.read_bytes()
    place.unlink()
    store.commit()

    assert stamp_all(store, authority, clock) == ()

    store.close()
    assert place.read_bytes() == token
    assert faults(filled) == []


@pytest.mark.fault
def test_no_bit_of_a_token_or_its_head_can_be_flipped_unseen(
    filled: Home, open_store: OpenStore, clock: TurnedClock, tmp_path: Path
) -> None:
    """`check` needs no authority and no configuration for it: the token's digest stands in the log."""
    store = open_store()
    stamp_all(store, Authority(tmp_path / "tsa"), clock)
    sealed = {record.body_sha256: record.url for record in store.records(kind="timestamp")}
    store.close()
    for path in sorted((filled.log / "timestamps").iterdir()):
        whole = path.read_bytes()
        for position in range(0, len(whole), 5):
            flipped = bytearray(whole)
            flipped[position] ^= 1 << position % 8
            path.write_bytes(flipped)
            found = list(check_timestamps(filled, sealed))
            assert str(path) in [fault.where for fault in found], position
        path.unlink()
        assert {fault.code for fault in check_timestamps(filled, sealed)} == {"timestamp"}
        path.write_bytes(whole)
    assert faults(filled) == []
