"""The quick look passes what we write, and nothing that a forger with our own key could put in its place."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from isal import isal_zlib

from storage.audit import Audit
from storage.check import check
from storage.checkpoint import load_signer
from storage.home import Home
from storage.leaf import Leaf
from storage.log import LogFiles
from storage.recovery import open_log


@pytest.fixture
def sealed(open_store: Any, captures: Any, mine: Any) -> Home:
    """A home with every kind of capture: packed, plain and empty bodies, a revisit, a failure, a resource."""
    store = open_store()
    run = store.begin_run()
    first = store.exchange(captures.exchange(), **mine(run))
    store.exchange(captures.unchanged(), **mine(run), refers_to=first)
    store.exchange(captures.exchange("/trống", wire=b""), **mine(run))
    plain = (("Content-Type", "text/plain"),)
    store.exchange(captures.exchange("/b", headers=plain, wire="chữ ".encode() * 99, tls=None), **mine(run))
    asked = {"method": "POST", "request_body": b"trang=2"}
    store.exchange(captures.exchange("/c?d=1", http_version="HTTP/2", **asked), **mine(run))
    store.exchange(captures.exchange("/d", truncated=True), **mine(run))
    store.failure(captures.failed(), **mine(run))
    store.close()
    home: Home = store.home
    return home


def test_all_that_is_captured_passes_the_quick_look(sealed: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what opens a file, for a leaf with a third member, and for addresses beyond ASCII."""
    close: list[int] = []
    looked = Audit._look_closely

    def noted(self: Audit, number: int, *rest: Any) -> None:
        close.append(number)
        looked(self, number, *rest)

    monkeypatch.setattr(Audit, "_look_closely", noted)

    assert list(check(sealed)) == []
    assert close == [0, 1, 3]


Forge = Callable[[bytes], bytes]


def swap(old: bytes, new: bytes) -> Forge:
    """Return what exchanges some bytes for as many others."""
    assert len(old) == len(new)
    return lambda content: content.replace(old, new, 1)


def in_line(name: bytes, new: bytes) -> Forge:
    """Return what gives a field another value of the same length."""

    def forge(content: bytes) -> bytes:
        start = content.index(name) + len(name)
        return content[:start] + new + content[start + len(new) :]

    return forge


FORGERIES = {
    "block digest": (in_line(b"WARC-Block-Digest: sha256:", b"AAAA"), "digest"),
    "payload digest": (in_line(b"WARC-Payload-Digest: sha256:", b"AAAA"), "digest"),
    "date": (in_line(b"WARC-Date: ", b"2019"), "leaf"),
    "address": (swap(b"WARC-Target-URI: https", b"WARC-Target-URI: httpx"), "leaf"),
    "id": (in_line(b"WARC-Record-ID: <urn:uuid:", b"1"), "leaf"),
    "type": (swap(b"WARC-Type: response", b"WARC-Type: resource"), "leaf"),
    "length": (in_line(b"Content-Length: ", b"9"), "leaf"),
    "end": (lambda content: content[:-4] + b"xxxx", "leaf"),
    "a second record": (lambda content: content + content, "leaf"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_leaf_that_was_signed_over_a_false_record_is_named(sealed: Home, name: str, tmp_path: Path) -> None:
    """Whoever holds the key can sign anything; what contradicts itself is found all the same."""
    forge, code = FORGERIES[name]
    leaf, stored = forged(sealed, tmp_path, lambda packed: isal_zlib.compress(forge(unpack(packed)), 1, 31))

    found = list(check(stored))

    assert code in [fault.code for fault in found]
    assert all(leaf.members[0].id in fault.where for fault in found if fault.code in ("digest", "leaf"))


@pytest.mark.parametrize(
    "spoil", [lambda packed: packed + b"x", lambda packed: packed + packed, lambda packed: packed[:-1]]
)
def test_a_member_that_is_not_exactly_one_is_named(sealed: Home, spoil: Forge, tmp_path: Path) -> None:
    _, stored = forged(sealed, tmp_path, spoil)

    assert "leaf" in [fault.code for fault in check(stored)]


def test_the_digest_of_what_readers_see_is_held_against_the_record(sealed: Home, tmp_path: Path) -> None:
    _, stored = forged(sealed, tmp_path, lambda packed: packed, payload_sha256="0" * 64)

    assert [fault.code for fault in check(stored) if fault.severity == "fault"] == ["leaf"]


def unpack(packed: bytes) -> bytes:
    """Return what a member holds."""
    content: bytes = isal_zlib.decompress(packed, 31)
    return content


def forged(home: Home, folder: Path, alter: Forge, **changes: Any) -> tuple[Leaf, Home]:
    """Return a leaf, and a home of its own in which its first member was altered and signed anew."""
    files, other = LogFiles(home.log), Home(folder / "giả")
    other.prepare()
    entries = [Leaf.read(entry) for entry in files.lines(files.entries)]
    (source,) = home.archive.iterdir()
    content, name, offset, lines = source.read_bytes(), source.name, 0, []
    forger = next(leaf for leaf in entries if leaf.url.endswith("/d"))
    log = open_log(other.log, other.archive, load_signer(other.keys / "log.key", other.log / "key"))
    with (other.archive / name).open("wb") as file:
        at = 0
        for leaf in entries:
            packed = []
            for member in leaf.members:
                packed.append(content[at : at + member.length])
                at += member.length
            if leaf is forger:
                packed[0] = alter(packed[0])
                first = replace(
                    leaf.members[0], sha256=sha256(packed[0]).hexdigest(), length=len(packed[0]), **changes
                )
                leaf = forger = replace(leaf, members=(first, *leaf.members[1:]))
            lines.append((leaf.entry(), name, offset))
            offset += file.write(b"".join(packed))
    log.append(lines)
    log.close()
    assert name in [path.name for path in other.archive.iterdir()]
    return forger, other
